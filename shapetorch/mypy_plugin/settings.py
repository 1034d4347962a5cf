"""What the user may set: ``[tool.shapetorch]`` in ``pyproject.toml``, or the command line."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STRICT_VARIABLE = "SHAPETORCH_STRICT"
"""Set by the command line, so that parallel workers see it too."""

COMMAND_VARIABLE = "SHAPETORCH_COMMAND"
"""Set by the command line: mypy does not read all of torch, and shall say the same."""

RAISE_VARIABLE = "SHAPETORCH_RAISE"
"""Set in our own tests: an exception is raised instead of becoming a note."""

INLINE_STRICT = re.compile(r"^# shapetorch: strict\s*$", re.MULTILINE)

READERS = ("annotations", "dim", "flow", "mypy_plugin", "rules", "typing")


@dataclass(frozen=True)
class Settings:
    """How to analyse."""

    strict: bool = False

    def level(self, text: str) -> str:
        """The level a module is analysed at; a line ``# shapetorch: strict`` in it counts too."""
        return "strict" if self.strict or INLINE_STRICT.search(text) else "default"


class InvalidSettings(ValueError):
    """``[tool.shapetorch]`` says something we do not understand."""


def load(config_file: str | None) -> Settings:
    """The settings next to mypy's configuration, or in the current directory.

    Raises:
        InvalidSettings: The table has an unknown key or a value of the wrong type.
    """
    found = Settings()
    for path in _candidates(config_file):
        table = _table(path)
        if table is not None:
            found = _read(table, path)
            break
    strict = os.environ.get(STRICT_VARIABLE)
    return found if strict is None else Settings(strict=strict == "1")


def raises() -> bool:
    """Whether our own exceptions shall stop mypy."""
    return os.environ.get(RAISE_VARIABLE) == "1"


def is_command() -> bool:
    """Whether mypy is run by ``shapetorch check``."""
    return os.environ.get(COMMAND_VARIABLE) == "1"


@cache
def fingerprint() -> str:
    """Changes when our own code changes, so that no result of older code is kept."""
    root = Path(__file__).resolve().parent.parent
    stats = hashlib.sha256()
    files = [root / "errors.py"]
    for reader in READERS:
        files.extend(sorted((root / reader).rglob("*.py")))
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            continue
        stats.update(f"{file.name} {stat.st_size} {stat.st_mtime_ns};".encode())
    return stats.hexdigest()[:16]


def _candidates(config_file: str | None) -> list[Path]:
    found = [Path("pyproject.toml")]
    if config_file:
        found.insert(0, Path(config_file).parent / "pyproject.toml")
    return found


def _table(path: Path) -> dict[str, object] | None:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None  # mypy reports a broken pyproject.toml itself
    table = content.get("tool", {}).get("shapetorch")
    return table if isinstance(table, dict) else None


def _read(table: dict[str, object], path: Path) -> Settings:
    for key, value in table.items():
        if key != "strict":
            raise InvalidSettings(f'{path}: [tool.shapetorch] has no setting "{key}"')
        if not isinstance(value, bool):
            raise InvalidSettings(f"{path}: [tool.shapetorch] strict must be true or false")
    return Settings(strict=bool(table.get("strict", False)))
