"""Iteration: the items of a value where they are known, else one item and how many."""

from __future__ import annotations

from shapetorch.dim import (
    UNKNOWN_DIM,
    Size,
    Variadic,
)
from shapetorch.flow.state import Run, element_of
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Alternatives,
    Constant,
    DictRecord,
    Integer,
    ListRecord,
    Many,
    Ref,
    ShapeOf,
    Tensor,
    Tuple,
    Value,
    union,
)


def of_constant(constant: object) -> Value:
    """A literal as a value."""
    if isinstance(constant, int) and not isinstance(constant, bool):
        return Integer(constant)
    return Constant(constant)


def iterate(run: Run, value: Value) -> list[Value] | None:
    """The items of an iterable; None if their number is not known."""
    match value:
        case Tuple(items):
            return list(items)
        case Constant(value=str(text)):
            return [Constant(letter) for letter in text]
        case Alternatives(values):
            rows = [iterate(run, item) for item in values]
            if rows[0] is None or any(row is None or len(row) != len(rows[0]) for row in rows):
                return None
            return [union(column) for column in zip(*[row or [] for row in rows], strict=True)]
        case Many(element, length) if isinstance(length, int) and length <= 64:
            return [element] * length
        case Tensor(shape) if shape and isinstance(shape[0], int) and shape[0] <= 64:
            return [value.of_shape(shape[1:])] * shape[0]
        case Ref():
            record = run.heap.get(value.key)
            if isinstance(record, ListRecord) and record.items is not None:
                return list(record.items)
            if (
                isinstance(record, ListRecord)
                and isinstance(record.length, int)
                and record.length <= 64
            ):
                return [record.element] * record.length
            if isinstance(record, DictRecord) and record.items is not None:
                return [of_constant(key) for key in record.items]
            inner = run.object_of(value)
            if inner is not None and inner.base is not None:
                return iterate(run, inner.base)
            if inner is not None:
                from shapetorch.flow.classes import items_of_named_tuple

                return items_of_named_tuple(run, value, inner.cls)
    return None


def element_and_length(run: Run, value: Value) -> tuple[Value, Size]:
    """What iterating over a value gives each time, and how often."""
    match value:
        case Many(element, length):
            return element, length
        case ShapeOf():
            return Integer(), UNKNOWN_DIM
        case Tensor(shape) if shape and not isinstance(shape[0], Variadic):
            return value.of_shape(shape[1:]), shape[0]
        case Alternatives(values):
            pairs = [element_and_length(run, item) for item in values]
            lengths = {length for _, length in pairs}
            return union([e for e, _ in pairs]), lengths.pop() if len(lengths) == 1 else UNKNOWN_DIM
        case Ref():
            record = run.heap.get(value.key)
            if isinstance(record, ListRecord):
                length = record.length if record.items is None else len(record.items)
                return element_of(record), length
            if isinstance(record, DictRecord):
                return UNKNOWN_VALUE, UNKNOWN_DIM
            inner = run.object_of(value)
            if inner is not None and inner.base is not None:
                return element_and_length(run, inner.base)
    items = iterate(run, value)
    if items is not None:
        return (union(items) if items else UNKNOWN_VALUE), len(items)
    return UNKNOWN_VALUE, UNKNOWN_DIM


def plain_key(value: Value) -> object | None:
    """A dict key that is known exactly."""
    if isinstance(value, Constant) and value.value is not None:
        key: object = value.value
        return key
    return value.size if isinstance(value, Integer) and isinstance(value.size, int) else None
