"""Calls of declared functions that pass through somebody else's hands first.

The code of each function is replaced by a small shell, and not the function, so that references taken
before (``activation = torch.relu``) are reached as well. It is replaced when somebody needs it (the
first `vmap`, the first subclass of `Tensor`) and no sooner: a program without pays nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, update_wrapper
from inspect import iscoroutinefunction
from types import CodeType, FunctionType
from typing import Any, TypeAlias

from shapetorch.tensor.operations import METHODS, OPERATIONS
from shapetorch.tensor.tensors import Tensor

Call: TypeAlias = Callable[[tuple[Any, ...], dict[str, Any]], Any]


class once:  # noqa: N801
    """Decorates what is done at the first call, by whichever thread, and never again."""

    def __init__(self, work: Callable[[], None]) -> None:
        update_wrapper(self, work)
        self._work, self._lock = work, threading.Lock()
        self.done = False

    def __call__(self) -> None:
        if self.done:
            return
        with self._lock:
            if not self.done:
                self._work()
                self.done = True


def declared_functions() -> list[tuple[list[str], FunctionType]]:
    """The declared functions, each once, with all its names."""
    found: dict[int, tuple[list[str], FunctionType]] = {}

    def enter(name: str, function: Any) -> None:
        # a coroutine asks functions that are declared themselves, and its code would be of another kind
        if isinstance(function, FunctionType) and not iscoroutinefunction(function):
            found.setdefault(id(function), ([], function))[0].append(name)

    for name, made in OPERATIONS.items():
        enter(name, made.function)
    for name in METHODS:
        item = Tensor.__dict__.get(name)
        enter(name, item.fget if isinstance(item, property) else item)
    return list(found.values())


def enclose(function: FunctionType, name: str, call_of: Callable[[FunctionType], Call]) -> None:
    """Have calls of a function go to what `call_of` makes of the function as it was.

    Args:
        function: The function.
        name: Of the function as it was.
        call_of: Gives what is called with a tuple of arguments and a dict of named ones.
    """
    inner = FunctionType(
        function.__code__,
        function.__globals__,
        name,
        function.__defaults__,
        function.__closure__,
    )
    inner.__qualname__ = function.__qualname__
    inner.__kwdefaults__ = function.__kwdefaults__
    inner.__dict__.update(function.__dict__)
    function.__dict__.setdefault("__wrapped__", inner)  # its signature is looked up there
    function.__kwdefaults__ = {"_call": call_of(inner)}
    function.__code__ = _shell(len(function.__code__.co_freevars)).replace(
        co_name=function.__name__, co_qualname=function.__qualname__
    )


@cache
def _shell(count: int) -> CodeType:
    """The code of a shell; it must have as many variables of an outer function as the code before."""
    names = ", ".join(f"v{place}" for place in range(count))
    lines = [
        "def outer():",
        f"    {names.replace(',', ' =')} = None" if count else "    pass",
        "    def shell(*args, _call, **kwargs):",
        f"        if 0: {names}" if count else "        pass",
        "        return _call(args, kwargs)",
        "    return shell",
    ]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    code: CodeType = scope["outer"]().__code__
    return code
