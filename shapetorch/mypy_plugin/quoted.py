"""Names in quotes inside a shape: ``Tensor["batch", 512]``.

mypy takes them for forward references and looks them up wherever it searches a type for type variables,
before any hook is asked. So the errors about them are filtered out where mypy collects its errors.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Container, Iterator

from mypy.errorcodes import NAME_DEFINED
from mypy.errors import ErrorInfo, Errors, ErrorWatcher

from shapetorch.flow.program import Source, parsed

SHAPED = re.compile(r"Tensor|Parameter|Buffer|Dim|\w*Shape")
UNDEFINED = re.compile(r'Name "(?P<name>[^"]+)" is not defined')
WORD = re.compile(r"[^\W\d][\w.]*")

Quoted = frozenset[tuple[int, str]]


class QuotedNames:
    """Lets an error about an undefined name pass unless the name is a size in quotes."""

    def __init__(self, read: Callable[[str], Source | None], foreign: Container[str]) -> None:
        self._read = read
        self._foreign = foreign  # files without shapes of ours
        self._known: dict[str, tuple[str, Quoted]] = {}
        self._watcher: ErrorWatcher | None = None

    def watch(self, errors: Errors) -> None:
        """Begin to filter, or go on after mypy has forgotten its filters."""
        if self._watcher is None or self._watcher not in errors._watchers:
            self._watcher = ErrorWatcher(errors, filter_errors=self._is_size)
            errors._watchers.insert(0, self._watcher)

    def _is_size(self, file: str, info: ErrorInfo) -> bool:
        if info.code != NAME_DEFINED or file in self._foreign:
            return False
        match = UNDEFINED.match(info.message)
        if match is None:
            return False
        source = self._read(file)
        if source is None:
            return False
        if file not in self._known or self._known[file][0] != source.text:
            self._known[file] = source.text, frozenset(quoted_sizes(source))
        return (info.line, match["name"]) in self._known[file][1]


def quoted_sizes(source: Source) -> Iterator[tuple[int, str]]:
    """Lines and names of the sizes in quotes."""
    tree = parsed(source)
    for node in () if tree is None else ast.walk(tree):
        if isinstance(node, ast.Subscript) and _is_shaped(node.value):
            yield from _strings(node.slice)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "[" in node.value:
            for _, name in _in_annotation(node.value):
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    yield line, name


def _in_annotation(text: str) -> Iterator[tuple[int, str]]:
    """The same of an annotation that is in quotes as a whole."""
    if len(text) < 1000 and ('"' in text or "'" in text):
        yield from quoted_sizes(Source("", text.strip()))


def _is_shaped(base: ast.expr) -> bool:
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    return SHAPED.fullmatch(name) is not None


def _strings(node: ast.expr) -> Iterator[tuple[int, str]]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            for word in WORD.findall(part.value):
                yield part.lineno, word
