"""The statements of a module's top level, each checked and remembered as one, and what they share."""

from __future__ import annotations

import ast
import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

CONSTRUCTORS = frozenset({"__init__", "__post_init__", "__new__", "setup"})


@dataclass(frozen=True)
class Item:
    """One statement of a module's top level.

    Attributes:
        node: Its syntax.
        first: The line it begins on, decorators included, from 1.
        last: The line it ends on.
        digest: A hash of the text of these lines; where they stand in the file is no part of it.
    """

    node: ast.stmt
    first: int
    last: int
    digest: str

    @cached_property
    def defines(self) -> bool:
        """Whether there is a function or a class in it."""
        return any(
            isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            for part in statements(self.node)
        )

    @cached_property
    def is_main_block(self) -> bool:
        """Whether it is ``if __name__ == "__main__":``, with no definitions in it."""
        match self.node:
            case ast.If(
                test=ast.Compare(
                    left=ast.Name(id="__name__"),
                    ops=[ast.Eq()],
                    comparators=[ast.Constant(value="__main__")],
                ),
                orelse=[],
            ):
                return not self.defines
        return False

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names that it may bind, for a statement without definitions."""
        found: set[str] = set()
        for part in ast.walk(self.node):
            match part:
                case ast.Name(id=label, ctx=ast.Store() | ast.Del()):
                    found.add(label)
                case ast.alias(name=full, asname=label):
                    found.add(label or full.split(".")[0])
                case (
                    ast.ExceptHandler(name=str(label))
                    | ast.MatchAs(name=str(label))
                    | ast.MatchStar(name=str(label))
                    | ast.MatchMapping(rest=str(label))
                ):
                    found.add(label)
        return frozenset(found)


class Items(Sequence[Item]):
    """The items of a module, in order."""

    def __init__(self, tree: ast.Module, text: str) -> None:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._items = [_item(node, lines) for node in tree.body]
        self._firsts = [item.first for item in self._items]
        self._counts = Counter(item.digest for item in self._items)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        return self._items[place]

    def __len__(self) -> int:
        return len(self._items)

    def at(self, line: int) -> Item | None:
        """The item that a line belongs to."""
        place = bisect_right(self._firsts, line) - 1
        found = self._items[place] if place >= 0 else None
        return found if found is not None and line <= found.last else None

    def only(self, digest: str) -> Item | None:
        """The item of this digest; None if there is none, or more than one."""
        if self._counts[digest] != 1:
            return None
        return next(item for item in self._items if item.digest == digest)


def _item(node: ast.stmt, lines: list[str]) -> Item:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(it.lineno for it in decorators)])
    last = node.end_lineno or node.lineno
    text = "\n".join(lines[first - 1 : last])
    return Item(node, first, last, hashlib.sha256(text.encode()).hexdigest()[:20])


class Surface:
    """What statements anywhere in a module say of names; each part is read when it is asked for.

    Attributes:
        changes: Of methods, by node and receiver, what they change; filled by `flow.lifetimes`.
    """

    def __init__(self, tree: ast.Module, text: str) -> None:
        self._tree = tree
        self._text = text
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.changes: dict[tuple[ast.AST, str], tuple[tuple[str, bool], ...]] = {}

    def yields(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether there is a ``yield`` in a function."""
        lines = self._lines[node.lineno - 1 : node.end_lineno]
        if not any("yield" in line for line in lines):
            return False
        return any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in ast.walk(node))

    @cached_property
    def rebound(self) -> frozenset[str]:
        """The names that some function declares global."""
        if "global" not in self._text:
            return frozenset()
        found = (node for node in statements(self._tree) if isinstance(node, ast.Global))
        return frozenset(label for node in found for label in node.names)

    @property
    def stored(self) -> frozenset[str]:
        """The attributes that some statement assigns, of whatever object."""
        return self._attributes[0]

    @property
    def constructing(self) -> frozenset[str]:
        """The attributes that are mentioned in constructors alone."""
        return self._attributes[1]

    @property
    def given(self) -> frozenset[str]:
        """The attributes that some statement assigns of another object than `self`."""
        return self._attributes[2]

    @cached_property
    def _attributes(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        stored, given = set(), set()
        mentioned: Counter[str] = Counter()
        inside: Counter[str] = Counter()
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Attribute):
                mentioned[node.attr] += 1
                if isinstance(node.ctx, ast.Store):
                    stored.add(node.attr)
                    if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                        given.add(node.attr)
            elif isinstance(node, ast.FunctionDef) and node.name in CONSTRUCTORS:
                parts = ast.walk(node)
                inside.update(part.attr for part in parts if isinstance(part, ast.Attribute))
        constructing = {label for label, count in inside.items() if count == mentioned[label]}
        return frozenset(stored), frozenset(constructing), frozenset(given)


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a module, and those inside of them, without looking into expressions."""
    todo = [node]
    for item in todo:  # grows while it is read
        if isinstance(item, ast.stmt):
            yield item
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            found = getattr(item, part, None)
            if isinstance(found, list):  # a lambda's body is an expression
                todo.extend(found)
