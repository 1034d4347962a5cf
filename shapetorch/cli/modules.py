"""The modules of a program on disk, found without mypy."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from shapetorch.flow.program import Source
from shapetorch.mypy_plugin.sources import KNOWN


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
