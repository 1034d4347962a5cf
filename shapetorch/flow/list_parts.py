"""What a list of unknown length is made of, in order: a `Linear`, then some pairs of `Linear` and `ReLU`.

A list that grows in a loop or in a branch keeps the order of what was put into it. `ListRecord.parts`
holds values, and `Block`s for what is there any number of times, or perhaps once. Without parts
nothing is known of the order.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from shapetorch.flow.state import Run, element_of
from shapetorch.flow.values import (
    Block,
    ListRecord,
    Value,
    union,
)

MOST_PARTS = 64
ROUNDS = 4

Parts = tuple[Value, ...]


def parts_of(record: ListRecord) -> Parts | None:
    """The items of a list in order; None if the order is not known."""
    return record.items if record.items is not None else record.parts or None


def list_of_parts(parts: Parts | None, element: Value, kind: str = "list") -> ListRecord:
    """A list of unknown length."""
    if parts is None or len(parts) > MOST_PARTS:
        parts = ()
    return ListRecord(None, element, kind=kind, parts=parts)


def concatenated(a: ListRecord, b: ListRecord) -> ListRecord:
    """One list after the other, where the length of one is not known."""
    left, right = parts_of(a), parts_of(b)
    known = [element_of(record) for record in (a, b) if record.items != ()]
    parts = None if left is None or right is None else left + right
    return list_of_parts(parts, union(known), a.kind)


def from_display(run: Run, elts: Sequence[ast.expr]) -> ListRecord:
    """``[a, *some, b]``, where it is not known how many there are."""
    from shapetorch.flow.expressions import evaluate

    parts: list[Value] = []
    elements: list[Value] = []
    with run.muted():
        for node in elts:
            if not isinstance(node, ast.Starred):
                parts.append(evaluate(run, node))
                elements.append(parts[-1])
                continue
            found, element = _spread(run, evaluate(run, node.value))
            parts.extend(found)
            elements.append(element)
    return list_of_parts(tuple(parts), union(elements))


def _spread(run: Run, value: Value) -> tuple[Parts, Value]:
    """The parts of an iterable, and one value for any of its items."""
    from shapetorch.flow.iteration import element_and_length, iterate

    items = iterate(run, value)
    if items is not None:
        return tuple(items), union(items)
    element, _ = element_and_length(run, value)
    record = run.list_of(value)
    known = None if record is None else parts_of(record)
    return (known or (Block((element,)),)), element


def parts_in(run: Run, value: Value) -> Parts:
    """The parts of any iterable."""
    return _spread(run, value)[0]


def at(parts: Parts, index: int | slice) -> Value | Parts | None:
    """An item, or a slice, where only known items are counted over; None if it cannot be told."""
    if isinstance(index, int):
        passed = parts[: index + 1] if index >= 0 else parts[index:]
        enough = len(passed) == (index + 1 if index >= 0 else -index)
        return parts[index] if enough and not _has_block(passed) else None
    if index.step not in (None, 1):
        return None
    for bound in (index.start, index.stop):
        if bound is not None and at(parts, bound if bound < 0 else max(bound - 1, 0)) is None:
            return None
    return parts[index]


def _has_block(parts: Parts) -> bool:
    return any(isinstance(part, Block) for part in parts)


def joined_parts(left: Parts | None, right: Parts | None) -> Parts:
    """The parts of a list after either of two branches; empty if the order is lost."""
    if left is None or right is None:
        return ()
    if len(left) > len(right):
        left, right = right, left
    if len(left) == len(right):
        return _each_of(left, right) or ()
    if right[: len(left)] != left:
        return ()
    rest = right[len(left) :]
    if left and isinstance(left[-1], Block):  # one more round of what was there before
        again = _each_of(left[-1].items, rest)
        if again is not None:
            return (*left[:-1], Block(again))
    return (*left, Block(rest, repeated=False))


def _each_of(left: Parts, right: Parts) -> Parts | None:
    """Item by item, one value for both; None if blocks differ."""
    if len(left) != len(right):
        return None
    found: list[Value] = []
    for a, b in zip(left, right, strict=True):
        if isinstance(a, Block) and isinstance(b, Block):
            items = _each_of(a.items, b.items)
            if items is None:
                return None
            found.append(Block(items, a.repeated or b.repeated))
        elif isinstance(a, Block) or isinstance(b, Block):
            return None
        else:
            found.append(a if a == b else union([a, b]))
    return tuple(found)
