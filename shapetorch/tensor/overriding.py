"""Subclasses of `Tensor`: what an operation gives for them, by the protocol ``__torch_function__``.

A class may say itself what an operation does with its tensors; `Tensor` says that the operation does
what it always does and the results are of the subclass. The declared functions ask for this once a
class has been derived from `Tensor` (`shells` says how), or `overrides` has been imported.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

from shapetorch.tensor.shells import Call, declared_functions, enclose, once
from shapetorch.tensor.tensors import Tensor, unintercepted


class _Here(threading.local):
    """Of this thread.

    Attributes:
        disabled: Whether subclasses count as plain tensors.
        modes: What is asked before any class, the innermost last.
    """

    disabled = False

    def __init__(self) -> None:
        self.modes: list[Any] = []


HERE = _Here()
_overrides: dict[type, bool] = {Tensor: False}
"""For each class that was seen whether it has a say."""


@once
def install() -> None:
    """Have the declared functions ask the classes of their arguments, from now on."""
    for names, function in declared_functions():
        enclose(function, names[0].rpartition(".")[2], _asking(function))


def _asking(public: FunctionType) -> Callable[[FunctionType], Call]:
    def call_of(inner: FunctionType) -> Call:
        def call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            here = HERE
            if here.modes:
                return _ask_mode(public, args, kwargs)
            if here.disabled:
                return inner(*args, **kwargs)
            found = having_a_say((*args, *kwargs.values()) if kwargs else args)
            return ask(public, found, args, kwargs) if found else inner(*args, **kwargs)

        return call

    return call_of


def having_a_say(values: Any) -> list[Any]:
    """The arguments, one of each class, that have a say: subclasses before their bases."""
    found: list[Any] = []
    for value in values:
        kind = value.__class__
        if kind is tuple or kind is list:
            for item in value:
                if _has_a_say(item.__class__):
                    _enter(item, found)
        elif _has_a_say(kind):
            _enter(value, found)
    return found


def _has_a_say(kind: type) -> bool:
    known = _overrides.get(kind)
    if known is None:
        says = getattr(kind, "__torch_function__", unintercepted)
        is_pytorchs = any(base.__module__.partition(".")[0] == "torch" for base in kind.__mro__)
        known = _overrides[kind] = says is not unintercepted and not is_pytorchs
    return known


def _enter(value: Any, found: list[Any]) -> None:
    kind = type(value)
    if any(type(other) is kind for other in found):
        return
    places = (i for i, other in enumerate(found) if issubclass(kind, type(other)))
    found.insert(next(places, len(found)), value)


def ask(function: Any, found: list[Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the first class says that does not decline.

    Raises:
        TypeError: all decline.
    """
    kinds = tuple(type(item) for item in found)
    for item in found:
        result = item.__torch_function__(function, kinds, args, kwargs)
        if result is not NotImplemented:
            return result
    raise TypeError(
        f"no implementation found for '{function.__name__}' on types that implement "
        f"__torch_function__: {list(kinds)}"
    )


def _ask_mode(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the innermost mode says, which itself runs outside of it."""
    kinds = tuple(type(item) for item in having_a_say((*args, *kwargs.values())))
    mode = HERE.modes.pop()
    try:
        result = mode.__torch_function__(function, kinds, args, kwargs)
    finally:
        HERE.modes.append(mode)
    if result is NotImplemented:
        return ask(function, having_a_say((*args, *kwargs.values())), args, kwargs)
    return result


@contextmanager
def plainly() -> Iterator[None]:
    """Take subclasses for plain tensors for a while."""
    before, HERE.disabled = HERE.disabled, True
    try:
        yield
    finally:
        HERE.disabled = before


NOT_CONVERTED = {"_base", "grad", "_grad"}
"""Attributes whose values stay of the class they are of."""


def usual(cls: type[Tensor], function: Any, kinds: Any, args: Any, kwargs: Any) -> Any:
    """What `Tensor` says for its subclasses: the usual result, as a tensor of the subclass."""
    if not all(issubclass(cls, kind) for kind in kinds):
        return NotImplemented
    with plainly():
        result = function(*args, **(kwargs or {}))
        return result if function.__name__ in NOT_CONVERTED else _converted(result, cls)


def _converted(result: Any, cls: type[Tensor]) -> Any:
    if cls is Tensor:
        return result
    if isinstance(result, Tensor):
        return result if isinstance(result, cls) else result.as_subclass(cls)
    if isinstance(result, (tuple, list)):
        items = [_converted(item, cls) for item in result]
        return result._make(items) if hasattr(result, "_make") else type(result)(items)
    if isinstance(result, Iterator):
        return (_converted(item, cls) for item in result)
    return result
