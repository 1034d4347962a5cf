"""Timing every operation while a profile is open, and costing nothing when none is.

For the time of a profile the declared functions are replaced by timed ones: as methods of `Tensor`, and
wherever a module has them under a name. The backward pass tells of each node by itself.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from functools import wraps
from time import perf_counter_ns
from typing import Any

from shapetorch.profiler.events import Event
from shapetorch.tensor import NAMES, engine
from shapetorch.tensor.operations import METHODS, OPERATIONS
from shapetorch.tensor.tensors import Tensor

_UNTIMED = (bool, int, float, complex, str, dict)
_TIMED_VALUES = frozenset(("item", "tolist", "allclose", "equal"))
"""Operations that look at elements, though what they give is no tensor."""


class Recorder:
    """Collects events; each thread has its own row of open ones.

    Attributes:
        events: Those that have ended, in the order in which they began.
        shapes: Whether shapes of operands are kept.
        active: Whether events are collected at the moment.
    """

    def __init__(self, shapes: bool) -> None:
        self.events: list[Event] = []
        self.shapes = shapes
        self.active = True
        self.origin = perf_counter_ns()
        self._open = threading.local()

    def begin(self, name: str, operands: tuple[Any, ...] = ()) -> Event:
        """An operation begins."""
        shapes = tuple(_shapes(operands)) if self.shapes else ()
        event = Event(name, 0.0, threading.get_ident(), shapes=shapes)
        stack = self._open.__dict__.setdefault("events", [])
        stack.append(event)
        self.events.append(event)
        event.start = (perf_counter_ns() - self.origin) / 1000
        return event

    def end(self, event: Event, result: Any = None, operands: tuple[Any, ...] = ()) -> None:
        """An operation has ended; events that were open inside of it have been abandoned."""
        event.duration = (perf_counter_ns() - self.origin) / 1000 - event.start
        stack = self._open.events
        while stack and stack.pop() is not event:
            pass
        own = sum(_new_bytes(item, operands) for item in _tensors(result))
        event.memory = max(own, event.children_memory)
        if stack:
            stack[-1].children += event.duration
            stack[-1].children_memory += event.memory

    def inside(self, name: str) -> bool:
        """Whether the operation that is running has that name: an operator that calls its function."""
        stack: list[Event] = self._open.__dict__.get("events", [])
        return bool(stack) and stack[-1].name == name

    def drop(self, event: Event) -> None:
        """Forget an event that was no operation."""
        for events in (self._open.events, self.events):
            place = next(i for i in range(len(events) - 1, -1, -1) if events[i] is event)
            del events[place]


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item)


def _shapes(operands: tuple[Any, ...]) -> Iterator[tuple[int, ...]]:
    for item in operands:
        if isinstance(item, Tensor):
            yield item._stored.shape
        elif isinstance(item, (list, tuple)) and any(isinstance(part, Tensor) for part in item):
            yield from _shapes(tuple(item))


def _new_bytes(result: Tensor, operands: tuple[Any, ...]) -> int:
    """The bytes of a result in memory of its own."""
    meta = result._meta
    is_view = meta is not None and meta.root is not None
    return 0 if is_view or any(result is item for item in operands) else result._stored.nbytes


# -- replacing ----------------------------------------------------------------------------------------

_recorders: list[Recorder] = []
"""The open profiles; each sees all operations."""
_undo: list[Callable[[], None]] = []
_lock = threading.RLock()


def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that tells the open profiles of its calls."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        recorders = [found for found in _recorders if found.active and not found.inside(name)]
        if not recorders:
            return function(*args, **kwargs)
        events = [recorder.begin(name, args) for recorder in recorders]
        result = None
        try:
            result = function(*args, **kwargs)
        finally:
            for recorder, event in zip(recorders, events, strict=True):
                if isinstance(result, _UNTIMED) and name not in _TIMED_VALUES:
                    recorder.drop(event)
                else:
                    recorder.end(event, result, args)
        return result

    return call


def start(recorder: Recorder) -> None:
    """Have operations tell a recorder of their calls."""
    with _lock:
        if not _recorders:
            _replace_all()
        _recorders.append(recorder)


def stop(recorder: Recorder) -> None:
    """Have operations tell it no more."""
    with _lock:
        _recorders.remove(recorder)
        if not _recorders:
            while _undo:
                _undo.pop()()


def recording() -> list[Recorder]:
    """The open profiles that collect events."""
    return [found for found in _recorders if found.active]


def _replace_all() -> None:
    replaced: dict[int, Callable[..., Any]] = {}
    for name, made in OPERATIONS.items():
        function = made.function
        if id(function) not in replaced:
            replaced[id(function)] = timed(name, function)
    for name in METHODS:
        found = Tensor.__dict__.get(name)
        if callable(found):
            _set(Tensor, name, replaced.get(id(found)) or timed(_plain(name), found))
    for name, function in list(NAMES.items()):
        if id(function) in replaced:
            _set_item(NAMES, name, replaced[id(function)])
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        if type(names) is dict and names.get("__name__") != "shapetorch.tensor.operations":
            for name, value in list(names.items()):
                if id(value) in replaced:
                    _set_item(names, name, replaced[id(value)])
    _set(engine._Pass, "_backward", _timed_nodes(engine._Pass._backward))
    _set(engine, "ON_ARRAYS", {})  # so that every node goes by `_backward`


def _plain(name: str) -> str:
    """The operation that a method is: ``__add__`` and ``__radd__`` are add, ``__iadd__`` is ``add_``."""
    if not (name.startswith("__") and name.endswith("__")):
        return name
    word = name[2:-2]
    if f"__{word[1:]}__" in METHODS:
        return f"{word[1:]}_" if word[0] == "i" else word[1:]
    return word


def _set(owner: Any, name: str, value: Any) -> None:
    before = owner.__dict__[name]
    _undo.append(lambda: setattr(owner, name, before))
    setattr(owner, name, value)


def _set_item(table: dict[str, Any], name: str, value: Any) -> None:
    before = table[name]
    _undo.append(lambda: table.__setitem__(name, before))
    table[name] = value


def _timed_nodes(backward: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(backward)
    def run(self: Any, node: Any, grads: Any) -> Any:
        recorders = recording()
        events = [recorder.begin(node.name(), tuple(grads)) for recorder in recorders]
        result = None
        try:
            result = backward(self, node, grads)
        finally:
            for recorder, event in zip(recorders, events, strict=True):
                recorder.end(event)
        return result

    return run
