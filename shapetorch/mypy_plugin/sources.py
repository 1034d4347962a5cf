"""The text of the modules of a build, as mypy reads them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.util import DecodeError, decode_python_encoding

from shapetorch.flow.program import Source

INSTALLED = ("/site-packages/", "/dist-packages/", "/typeshed/")


def is_installed(path: str) -> bool:
    """Whether a file belongs to an installed package and not to the program."""
    return any(part in path.replace(os.sep, "/") for part in INSTALLED)


def is_typeshed(path: str) -> bool:
    """Whether a file is one of mypy's own stubs."""
    return "/typeshed/" in path.replace(os.sep, "/")


def is_foreign(module: str, path: str) -> bool:
    """Whether a module can have no shapes of ours: mypy's own stubs, and installed torch and NumPy."""
    return is_typeshed(path) or (
        module.partition(".")[0] in ("numpy", "sympy", "torch") and is_installed(path)
    )


def deals_in_tensors(module: str, path: str) -> bool:
    """Whether a module can have something to do with tensors; one of an installed package may not.

    Running rich or pandas takes seconds and tells nothing of shapes.
    """
    if not is_installed(path):
        return True
    found = Path(path)
    depth = module.count(".") + (found.stem == "__init__")
    return _names_torch(found.parents[depth - 1] if depth else found)


@lru_cache(maxsize=256)
def _names_torch(package: Path) -> bool:
    files = package.rglob("*.py") if package.is_dir() else (package,)
    for file in files:
        try:
            text = file.read_bytes()
        except OSError:
            continue
        if b"torch" in text or b"jaxtyping" in text:
            return True
    return False


KNOWN = frozenset(
    {"beartype", "einops", "jax", "jaxtyping", "numpy", "shapetorch", "torch", "typing"}
)
"""Libraries whose names mean something to the analysis itself, and are not looked up in their source."""


class Sources:
    """Finds the source of a module and notices when a file changed since it was read."""

    def __init__(self, options: Options, modules: Callable[[], dict[str, MypyFile] | None]) -> None:
        self._shadows = {os.path.abspath(a): b for a, b in options.shadow_file or []}
        self._modules = modules
        self._seen: dict[str, tuple[int, int] | None] = {}
        self.missing: set[str] = set()

    def find(self, module: str) -> Source | None:
        """The source of a module that mypy knows.

        None for `KNOWN` ones, for what is not there, and for what is not looked into.
        """
        if module.partition(".")[0] in KNOWN:
            return None
        tree = (self._modules() or {}).get(module)
        if tree is None or not tree.path or is_typeshed(tree.path):
            self.missing.add(module)
            return None
        return self.read(tree.path) if deals_in_tensors(module, tree.path) else None

    def read(self, path: str) -> Source | None:
        """The text of a file; None if it cannot be read."""
        if path == "<string>":
            return Source(path, _command())
        actual = self._shadows.get(os.path.abspath(path), path)
        self._seen[actual] = _stamp(actual)
        if os.path.isdir(actual):
            return Source(path, "")
        try:
            with open(actual, "rb") as file:
                return Source(path, decode_python_encoding(file.read()))
        except (OSError, UnicodeDecodeError, DecodeError):
            return None

    def changed(self) -> bool:
        """Whether a file that was read is not what it was."""
        return any(_stamp(path) != stamp for path, stamp in self._seen.items())


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _command() -> str:
    """The program text of ``mypy -c``."""
    texts = []
    arguments = iter(sys.argv[1:])
    for argument in arguments:
        if argument in ("-c", "--command"):
            texts.append(next(arguments, ""))
        elif argument.startswith("--command="):
            texts.append(argument.removeprefix("--command="))
        elif argument.startswith("-c") and not argument.startswith("--"):
            texts.append(argument[2:])
    return "\n".join(texts)
