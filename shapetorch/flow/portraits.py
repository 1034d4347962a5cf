"""Values as text that says all an analysis may see of them, whatever run has made them.

Two runs in which a name of a module's top level has the same portrait find the same there: the same
value, the same objects behind it, and of the classes and functions that it reaches the same source.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping
from typing import Any

from shapetorch.dim import Dim
from shapetorch.dim.expr import sort_key
from shapetorch.flow.items import Items
from shapetorch.flow.program import Module
from shapetorch.flow.state import Frame, Run
from shapetorch.flow.values import Class, Function, Layer, Ref

PLAIN = (str, int, float, complex, bool, bytes, type(None), type(...))


class _IndescribableError(Exception):
    """A value that holds something of Python's own, a closure for instance."""


class Portraits:
    """What the names of a module's top level stand for after it has been run."""

    def __init__(self, run: Run, frame: Frame) -> None:
        self._run = run
        self._frame = frame
        self._items: Items = frame.module.items
        self._known: dict[str, str] = {}
        self._defined: dict[str, list[str]] = {}
        for item in self._items:
            if isinstance(item.node, ast.FunctionDef):  # of overloads, all count
                self._defined.setdefault(item.node.name, []).append(item.digest)

    def of(self, label: str) -> str:
        """A hash of the portrait of what a name stands for."""
        if label not in self._known:
            text = f"{self._portrait(label)} {self._defined.get(label)}"
            self._known[label] = hashlib.sha256(text.encode()).hexdigest()[:20]
        return self._known[label]

    def _portrait(self, label: str) -> str:
        if label not in self._frame.locals:
            return "nothing"
        try:
            return _Painter(self._run, self._frame).paint(self._frame.locals[label])
        except (_IndescribableError, RecursionError):
            return f"something in {[item.digest for item in self._items]}"


class _Painter:
    """Objects and frames are painted once, and are a number from then on."""

    def __init__(self, run: Run, frame: Frame) -> None:
        self._run = run
        self._main = frame
        self._seen: dict[tuple[str, int], int] = {}

    def paint(self, value: object) -> str:
        match value:
            case bool() | str() | int() | float() | complex() | bytes() | None:
                return repr(value)
            case Ref(key):
                return self._once("object", key, self._run.heap.get(key))
            case Function(node, module, closure, owner, bound):
                parts = self.paint((closure, owner, bound))
                return f"function {self._place(module, node)} {parts}"
            case Class(node, module, closure, bases):
                return f"class {self._place(module, node)} {self.paint((closure, bases))}"
            case Layer(name, spec, line, module):
                place = self._line(line) if module == self._run.main else f"{module}:{line}"
                return f"layer {name} {self.paint(spec)} {place}"
            case Frame():
                return self._frame(value)
            case Module():
                return f"module {value.name}"
            case Dim():
                return f"size {sort_key(value)!r}"
            case tuple() | list():
                return f"[{', '.join(map(self.paint, value))}]"
            case Mapping():
                pairs = (f"{self.paint(k)}: {self.paint(v)}" for k, v in value.items())
                return f"{{{', '.join(pairs)}}}"
            case set() | frozenset():
                return f"set {sorted(map(self.paint, value))}"
        return self._fields(value)

    def _fields(self, value: Any) -> str:
        """A dataclass or a layer's constructor arguments, by the names of their fields."""
        kind = type(value)
        if value is ...:
            return "..."
        if isinstance(value, (type, ast.AST)) or callable(value) or not hasattr(value, "__dict__"):
            if kind.__module__.startswith("shapetorch.dim"):
                return repr(value)
            raise _IndescribableError
        return f"{kind.__module__}.{kind.__qualname__} {self.paint(vars(value))}"

    def _once(self, kind: str, key: int, content: object) -> str:
        known = self._seen.get((kind, key))
        if known is not None:
            return f"{kind} {known}"
        self._seen[kind, key] = number = len(self._seen)
        return f"{kind} {number} = {self.paint(content)}"

    def _frame(self, frame: Frame) -> str:
        if frame is frame.module.frame:
            return f"names of {frame.module.name}"
        sizes = (frame.locals, frame.parent, frame.function, frame.owner, frame.sizes)
        return self._once("frame", id(frame), (frame.module.name, *sizes))

    def _place(self, module: Module, node: ast.AST) -> str:
        line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
        if module is not self._main.module:
            return f"{module.name}:{line}:{column}"
        return f"{self._line(line)}:{column}"

    def _line(self, line: int) -> str:
        item = self._main.module.items.at(line)
        if item is None:
            raise _IndescribableError
        return f"{item.digest}+{line - item.first}"
