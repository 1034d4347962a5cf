"""Switches of autograd: context managers that are decorators too, and functions that ask.

A switch belongs to the thread that turns it.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Generator
from typing import Any, TypeVar

from shapetorch.tensor.modes import INFERENCE, MODES

F = TypeVar("F", bound=Callable[..., Any])


class Switch:
    """A context manager that can decorate functions and generator functions."""

    def __enter__(self) -> Any:
        raise AssertionError("a switch says what it turns on")

    def __exit__(self, *exc_info: object) -> None:
        raise AssertionError("a switch says what it turns off")

    def clone(self) -> Switch:
        """Another one with the same setting: each call of a decorated function has its own."""
        return self.__class__()

    def __call__(self, function: F) -> F:
        if inspect.isgeneratorfunction(function):
            return self._around_generator(function)  # type: ignore[return-value]

        @functools.wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Any:
            with self.clone():
                return function(*args, **kwargs)

        return switched  # type: ignore[return-value]

    def _around_generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The switch is on while the generator runs, and off while its caller does."""

        @functools.wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            generator = function(*args, **kwargs)
            send: Any = functools.partial(next, generator)
            while True:
                try:
                    with self.clone():
                        item = send()
                except StopIteration as stop:
                    return stop.value
                try:
                    received = yield item
                    send = functools.partial(generator.send, received)
                except GeneratorExit:
                    with self.clone():
                        generator.close()
                    raise
                except BaseException as error:
                    send = functools.partial(generator.throw, error)

        return switched


class _Grad(Switch):
    """Recording on or off."""

    mode: bool

    def __enter__(self) -> None:
        self.before = MODES.grad
        MODES.grad = self.mode

    def __exit__(self, *exc_info: object) -> None:
        MODES.grad = self.before


class no_grad(_Grad):  # noqa: N801 - PyTorch's name
    """Record nothing: ``with no_grad():`` or ``@no_grad()``."""

    mode = False

    def __new__(cls, function: Any = None) -> Any:
        made = super().__new__(cls)
        return made if function is None else made(function)  # ``@no_grad`` without parentheses


class enable_grad(_Grad):  # noqa: N801 - PyTorch's name
    """Record, also inside ``no_grad``."""

    mode = True

    def __new__(cls, function: Any = None) -> Any:
        made = super().__new__(cls)
        return made if function is None else made(function)


class set_grad_enabled(Switch):  # noqa: N801 - PyTorch's name
    """Record or not, from now on, or for a while as a context manager."""

    def __init__(self, mode: bool) -> None:
        if mode.__class__ is not bool:
            raise TypeError(
                "set_grad_enabled(): argument 'enabled' (position 1) must be bool, "
                f"not {type(mode).__name__}"
            )
        self.before = MODES.grad
        self.mode = mode
        MODES.grad = mode

    def __enter__(self) -> None:
        MODES.grad = self.mode

    def __exit__(self, *exc_info: object) -> None:
        MODES.grad = self.before

    def __call__(self, function: F) -> F:
        MODES.grad = self.before  # as a decorator it counts for the function alone
        return super().__call__(function)

    def clone(self) -> Switch:
        return set_grad_enabled(self.mode)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(mode={self.mode})"


class inference_mode(Switch):  # noqa: N801 - PyTorch's name
    """Record nothing and make tensors that autograd never sees; ``inference_mode(False)`` ends it."""

    def __new__(cls, mode: Any = True) -> Any:
        made = super().__new__(cls)
        if isinstance(mode, bool):
            return made
        made.mode = True
        return made(mode)

    def __init__(self, mode: bool = True) -> None:
        self.mode = mode

    def __enter__(self) -> None:
        self.before = MODES.inference, MODES.grad
        MODES.inference = self.mode
        MODES.grad = not self.mode
        if self.mode:
            INFERENCE.append(1)

    def __exit__(self, *exc_info: object) -> None:
        if self.mode:
            INFERENCE.pop()
        MODES.inference, MODES.grad = self.before

    def clone(self) -> Switch:
        return inference_mode(self.mode)


class set_detect_anomaly(Switch):  # noqa: N801 - PyTorch's name
    """Anomaly mode on or off: nodes remember where they were made, and NaN in a gradient is an error."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.before = MODES.anomaly, MODES.check_nan
        self.mode, self.check_nan = mode, check_nan
        MODES.anomaly, MODES.check_nan = mode, check_nan

    def __enter__(self) -> None:
        """It has been on since it was made."""

    def __exit__(self, *exc_info: object) -> None:
        MODES.anomaly, MODES.check_nan = self.before

    def clone(self) -> Switch:
        return set_detect_anomaly(self.mode, self.check_nan)


class detect_anomaly(Switch):  # noqa: N801 - PyTorch's name
    """Anomaly mode for a while; see `set_detect_anomaly`."""

    def __init__(self, check_nan: bool = True) -> None:
        self.check_nan = check_nan
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should only be "
            "enabled for debugging.",
            stacklevel=2,
        )

    def __enter__(self) -> None:
        self.before = MODES.anomaly, MODES.check_nan
        MODES.anomaly, MODES.check_nan = True, self.check_nan

    def __exit__(self, *exc_info: object) -> None:
        MODES.anomaly, MODES.check_nan = self.before

    def clone(self) -> Switch:
        made = detect_anomaly.__new__(detect_anomaly)
        made.check_nan = self.check_nan
        return made


def is_grad_enabled() -> bool:
    """Whether operations are recorded."""
    return MODES.grad


def is_inference_mode_enabled() -> bool:
    """Whether inference mode is on."""
    return MODES.inference


def is_anomaly_enabled() -> bool:
    """Whether anomaly mode is on."""
    return MODES.anomaly


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly mode looks for NaN."""
    return MODES.check_nan


class set_multithreading_enabled(Switch):  # noqa: N801 - PyTorch's name
    """Whether a backward pass may use threads of its own: it never does, so nothing changes."""

    def __init__(self, mode: bool) -> None:
        self.mode = mode

    def __enter__(self) -> None:
        """Nothing changes."""

    def __exit__(self, *exc_info: object) -> None:
        """Nothing changes."""

    def clone(self) -> Switch:
        return set_multithreading_enabled(self.mode)
