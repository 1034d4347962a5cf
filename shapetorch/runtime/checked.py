"""``@shapetorch.checked``: arguments and results against their annotations, names bound per call.

The annotations are read at the first call, so that they may mention what is defined later. Both
ways of writing are understood, ``Tensor[B, T, 512]`` and ``Float[Array, "b t 512"]``, alone and
inside of unions, tuples, lists and mappings. Other hints are not looked at.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.runtime.checks import Call, Check, Refused, has_arithmetic
from shapetorch.runtime.hints import read

F = TypeVar("F", bound=Callable[..., Any])

_current: ContextVar[Call | None] = ContextVar("shapetorch_call", default=None)


def current_call() -> Call:
    """The checked call that is running, or one of its own."""
    return _current.get() or Call()


@contextmanager
def _running(call: Call) -> Iterator[None]:
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)


class _Plan:
    """The checks of one function."""

    def __init__(self, function: Callable[..., Any], outer: Mapping[str, Any]) -> None:
        self.function = function
        self.signature = inspect.signature(function)
        self.outer = outer
        self.name = function.__qualname__.rsplit("<locals>.", 1)[-1]

    @functools.cached_property
    def checks(self) -> dict[str, Check]:
        """By parameter; ``return`` is the result."""
        namespace = self._namespace()
        hints = getattr(self.function, "__annotations__", {})
        found = {name: read(hint, namespace) for name, hint in hints.items()}
        return {name: check for name, check in found.items() if check is not None}

    @functools.cached_property
    def twice(self) -> bool:
        """Whether some annotation has arithmetic over names."""
        return any(has_arithmetic(check) for check in self.checks.values())

    def _namespace(self) -> dict[str, Any]:
        function = self.function
        parameters = getattr(function, "__type_params__", ())
        cells = getattr(function, "__closure__", None) or ()
        free = getattr(getattr(function, "__code__", None), "co_freevars", ())
        closed = {
            name: cell.cell_contents
            for name, cell in zip(free, cells, strict=False)
            if _is_full(cell)
        }
        return {
            **getattr(function, "__globals__", {}),
            **self.outer,
            **closed,
            **{parameter.__name__: parameter for parameter in parameters},
        }

    def enter(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        """Check the arguments of a call."""
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        call = Call(bound.arguments)
        checked = [name for name in bound.arguments if name in self.checks]
        for name in checked:
            self._argument(name, bound.arguments[name], call)
        if self.twice:  # an expression may mention a name that only a later argument binds
            for name in checked:
                self._argument(name, bound.arguments[name], call)
        return call

    def _argument(self, name: str, value: Any, call: Call) -> None:
        parameter = self.signature.parameters[name]
        check = self.checks[name]
        if parameter.kind is parameter.VAR_POSITIONAL:
            for position, item in enumerate(value):
                self._run(check, item, call, f"{name}[{position}]")
        elif parameter.kind is parameter.VAR_KEYWORD:
            for key, item in value.items():
                self._run(check, item, call, key)
        elif value is not None or parameter.default is not None:
            self._run(check, value, call, name)

    def leave(self, result: Any, call: Call) -> Any:
        """Check the result of a call, and give it back."""
        if "return" in self.checks:
            self._run(self.checks["return"], result, call, None)
        return result

    def _run(self, check: Check, value: Any, call: Call, parameter: str | None) -> None:
        try:
            check.run(value, call)
        except Refused as refused:
            raise self._error(refused, call, parameter) from None

    def _error(self, refused: Refused, call: Call, parameter: str | None) -> Exception:
        where = "the result" if parameter is None else parameter
        bindings = call.render()
        message = f"{self.name}: {where}: {refused}" + (f" ({bindings})" if bindings else "")
        if refused.what == "type":
            return TypeError(message)
        if refused.what == "value":
            return ShapeError(ErrorKind.argument_error_value, (parameter, refused.got), message)
        prefix = "return" if parameter is None else "argument"
        kind = ErrorKind[f"{prefix}_error_{refused.what}_mismatch"]
        lead = () if parameter is None else (parameter,)
        return ShapeError(kind, (*lead, refused.expected, refused.got), message)


def _is_full(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True


def checked(function: F) -> F:
    """`function`, whose arguments and result are checked at each call; also for a class.

    Raises (when called):
        ShapeError: argument_error_shape_mismatch, argument_error_dtype_mismatch,
            argument_error_value, return_error_shape_mismatch, return_error_dtype_mismatch.
        TypeError: where an array is annotated, something else was given.
    """
    if isinstance(function, type):
        for name, value in list(vars(function).items()):
            if inspect.isfunction(value):
                setattr(function, name, _wrap(value, sys._getframe(1).f_locals))
        return function
    return cast(F, _wrap(function, sys._getframe(1).f_locals))


def _wrap(function: Callable[..., Any], outer: Mapping[str, Any]) -> Callable[..., Any]:
    nested = "<locals>" in getattr(function, "__qualname__", "")
    plan = _Plan(function, dict(outer) if nested else {})

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            call = plan.enter(args, kwargs)
            with _running(call):
                return plan.leave(await function(*args, **kwargs), call)

    elif inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            plan.enter(args, kwargs)
            return function(*args, **kwargs)

    else:

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            call = plan.enter(args, kwargs)
            with _running(call):
                return plan.leave(function(*args, **kwargs), call)

    return wrapper
