"""The modules of a program on disk, found without mypy."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from shapetorch.flow.program import Source
from shapetorch.mypy_plugin.sources import KNOWN

TOO_MANY = 200
"""So many files of libraries that use torch are not looked at one by one."""


class LocalModules:
    """Finds modules below some folders, as an import from a file there would."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self._roots = list(dict.fromkeys(roots))

    def find(self, module: str) -> Source | None:
        """The source of a module; empty for a folder without ``__init__.py``, None for `KNOWN` ones."""
        if module.partition(".")[0] in KNOWN:
            return None
        relative = Path(*module.split("."))
        for root in self._roots:
            for file in (root / relative / "__init__.py", (root / relative).with_suffix(".py")):
                source = read(file)
                if source is not None:
                    return source
        for root in self._roots:
            if (root / relative).is_dir():
                return Source(str(root / relative), "")
        return None

    def closure(self, sources: Iterable[Source]) -> Iterator[Source]:
        """These sources and those they import, directly or not, each once."""
        todo = list(sources)
        seen = {source.path for source in todo}
        while todo:
            source = todo.pop()
            yield source
            for module in _imported(source):
                found = self.find(module)
                if found is not None and found.path not in seen:
                    seen.add(found.path)
                    todo.append(found)


def read(path: Path) -> Source | None:
    """A file's text; None if there is none."""
    from mypy.util import DecodeError, decode_python_encoding

    try:
        return Source(str(path), decode_python_encoding(path.read_bytes()))
    except (OSError, UnicodeDecodeError, DecodeError):
        return None


def typed_libraries(
    sources: Iterable[Source], folders: Iterable[Path], *, untyped: bool
) -> list[Source] | None:
    """The sources of the installed packages that these sources use and mypy reads.

    Args:
        sources: The program.
        folders: Where packages are installed.
        untyped: Whether mypy also reads those without ``py.typed``.

    Returns:
        The sources that mention torch; None if there are more than `TOO_MANY`.
    """
    folders = list(folders)
    todo = list(sources)
    seen = {*KNOWN, *sys.stdlib_module_names}
    found: list[Source] = []
    while todo:
        tops = {module.partition(".")[0] for module in _imported(todo.pop())}
        for package in (folder / top for top in sorted(tops - seen) for folder in folders):
            if not (package / "py.typed").exists() and not (untyped and package.is_dir()):
                continue
            for path in package.rglob("*.py"):
                source = read(path) if _mentions_torch(path) else None
                if source is not None:
                    found.append(source)
                    todo.append(source)
                if len(found) > TOO_MANY:
                    return None
        seen |= tops
    return found


def _mentions_torch(path: Path) -> bool:
    try:
        return b"torch" in path.read_bytes()
    except OSError:
        return False


def root_and_name(path: Path) -> tuple[Path, str]:
    """The folder a file's imports start from, and the file's module name there."""
    path = path.resolve()
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").exists() and folder.parent != folder:
        parts.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(parts) or path.stem


def _imported(source: Source) -> set[str]:
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    path = Path(source.path)
    _, name = root_and_name(path)
    package = name.split(".") if path.stem == "__init__" else name.split(".")[:-1]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*parts, *([node.module] if node.module else [])])
            found.update(f"{base}.{alias.name}" if base else alias.name for alias in node.names)
            found.add(base)
    return found - {""}
