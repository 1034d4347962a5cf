"""Which objects of the heap can still be named: the others are forgotten, so that branches stay cheap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from shapetorch.flow.state import Frame
from shapetorch.flow.values import (
    Alternatives,
    Block,
    Class,
    Coming,
    DictRecord,
    Function,
    Layer,
    ListRecord,
    Many,
    Method,
    Partial,
    Record,
    Ref,
    Slice,
    Super,
    Tuple,
    Value,
)


def reachable(
    heap: Mapping[int, Record],
    roots: Iterable[Frame | Value],
    kept: Mapping[int, Record] = MappingProxyType({}),
    changed: Iterable[Record] = (),
) -> dict[int, Record]:
    """The part of a heap that can be reached from frames and values.

    Args:
        heap: All objects.
        roots: Where to begin.
        kept: Objects that are kept anyway, as is all that they reach,
        changed: but for these of them, which may reach more by now.
    """
    kept = dict(kept)
    waiting: list[Frame | Value] = list(roots)
    for newer in changed:
        waiting.extend(_in_record(newer))
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, Ref):
            record = heap.get(item.key)
            if record is not None and item.key not in kept:
                kept[item.key] = record
                waiting.extend(_in_record(record))
        elif id(item) not in seen:
            seen.add(id(item))
            waiting.extend(_in_frame(item) if isinstance(item, Frame) else _in_value(item))
    return kept


def _in_record(record: Record) -> list[Frame | Value]:
    match record:
        case ListRecord(items, element):
            return [*(items or record.parts), element]
        case DictRecord(items, element):
            return [*(items or {}).values(), element]
    base = [] if record.base is None else [record.base]
    return [record.cls, *record.attrs.values(), *base]


def _in_frame(frame: Frame) -> list[Frame | Value]:
    outer: list[Frame | Value] = [] if frame.parent is None else [frame.parent]
    if frame.function is not None:
        outer.append(frame.function)
    return [*frame.locals.values(), *frame.returned, *frame.yielded, *outer]


def _in_value(value: Value) -> list[Frame | Value]:
    match value:
        case Tuple(items) | Alternatives(items) | Block(items):
            return list(items)
        case Many(element, _, first):
            return [element] if first is None else [element, first]
        case Slice(start, stop, step):
            return [start, stop, step]
        case Method(inner) | Coming(inner):
            return [inner]
        case Partial(function, args, kwargs):
            return [function, *args, *(item for _, item in kwargs)]
        case Function():
            return [x for x in (value.closure, value.owner, value.bound) if x is not None]
        case Class():
            return [x for x in (value.closure, *value.bases) if x is not None]
        case Super(owner, instance):
            return [owner, instance]
        case Layer(spec=spec):
            return [x for x in getattr(spec, "__dict__", {}).values() if isinstance(x, Value)]
    return []
