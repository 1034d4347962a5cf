"""Subscripts of values and of types."""

from __future__ import annotations

import ast

from shapetorch.dim import UNKNOWN
from shapetorch.flow import aliases, apply, calls, hint_reading, hints, list_parts, tensors
from shapetorch.flow.classes import ancestors
from shapetorch.flow.expressions import evaluate, get_attribute
from shapetorch.flow.state import Run, element_of
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Class,
    Constant,
    DictRecord,
    External,
    Function,
    HintValue,
    Integer,
    ListRecord,
    Many,
    Ref,
    ShapeOf,
    Slice,
    Tensor,
    Tuple,
    TypeParam,
    Value,
    union,
)


def subscript_value(run: Run, base: Value, index: ast.expr, node: ast.AST) -> Value:
    """``base[index]``."""
    match base:
        case External(name) if (
            name.startswith(("torch.nn.", "torch.Size")) and name not in hints.ARRAYS
        ):
            return UNKNOWN_VALUE
        case External() | Class():
            hint = hint_reading.read_subscript(run, base, index)
            if hint == hints.ANY:
                return UNKNOWN_VALUE
            return HintValue(hint, aliases.parameters_in(run, index))
        case HintValue(parameters=parameters) if parameters:
            return aliases.subscripted(run, base, index)
        case HintValue() | TypeParam():
            return base
        case Alternatives():
            evaluate(run, index)
            return apply.over_alternatives(
                run, [base], lambda parts: subscript_value(run, parts[0], index, node), node
            )
        case Tensor():
            return tensors.get_item(run, base, index, node)
    return item_of(run, base, evaluate(run, index), node)


def item_of(run: Run, base: Value, index: Value, node: ast.AST) -> Value:
    """The item of a container at an index that has been evaluated."""
    match base, index:
        case Tuple(items), Integer(size) if isinstance(size, int):
            if -len(items) <= size < len(items):
                return items[size]
            return UNKNOWN_VALUE
        case Tuple(items), Slice() if (part := plain_slice(index)) is not None:
            return Tuple(items[part])
        case Tuple(items), Slice() if all(isinstance(item, Integer) for item in items):
            return ShapeOf(UNKNOWN)
        case Tuple(items), Integer():
            return union(items) if items else UNKNOWN_VALUE
        case ShapeOf(shape), _:
            return tensors.item_of_shape(run, shape, index)
        case Many(element), Slice():
            return Many(element)
        case Many(element), _:
            return element
        case Constant(value=str(text)), Integer(size) if isinstance(size, int):
            return Constant(text[size]) if -len(text) <= size < len(text) else UNKNOWN_VALUE
        case Ref(key), _:
            return _item_of_object(run, key, base, index, node)
    return UNKNOWN_VALUE


def _item_of_object(run: Run, key: int, base: Value, index: Value, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import iterate, plain_key

    record = run.heap.get(key)
    if isinstance(record, DictRecord):
        label = plain_key(index)
        if record.items is not None and label in record.items:
            return record.items[label]
        return element_of(record) if record.items is None or label is None else UNKNOWN_VALUE
    if isinstance(record, ListRecord):
        if record.items is None:
            return _of_unknown_length(run, record, index)
        inner = item_of(run, Tuple(record.items), index, node)
        if isinstance(index, Slice):
            if isinstance(inner, Tuple):
                return run.allocate(ListRecord(inner.items, kind=record.kind))
            return run.allocate(ListRecord(None, element_of(record), kind=record.kind))
        return inner
    if record is not None:
        if record.base is not None:
            return item_of(run, record.base, index, node)
        items = iterate(run, base)
        if items is not None:
            return item_of(run, Tuple(tuple(items)), index, node)
        if isinstance(index, Constant) and External("typing.TypedDict") in ancestors(
            run, record.cls
        ):
            return get_attribute(run, base, str(index.value), node)
        method = get_attribute(run, base, "__getitem__", node)
        if isinstance(method, Function):
            return calls.call(run, method, [index], {}, node)
    return UNKNOWN_VALUE


def _of_unknown_length(run: Run, record: ListRecord, index: Value) -> Value:
    if isinstance(index, Slice):
        bounds = plain_slice(index)
        parts = None if bounds is None else list_parts.at(record.parts, bounds)
        found = parts if isinstance(parts, tuple) else None
        return run.allocate(list_parts.list_of_parts(found, record.element, record.kind))
    if isinstance(index, Integer) and isinstance(index.size, int):
        item = list_parts.at(record.parts, index.size)
        if isinstance(item, Value):
            return item
    return record.element


def plain_slice(index: Slice) -> slice | None:
    """A slice whose bounds are known integers."""
    parts: list[int | None] = []
    for part in (index.start, index.stop, index.step):
        if part == NONE:
            parts.append(None)
        elif isinstance(part, Integer) and isinstance(part.size, int):
            parts.append(part.size)
        else:
            return None
    return slice(*parts) if parts[2] != 0 else None
