"""Who has a say in what operations do: the protocol ``__torch_function__``, seen from outside.

Importing it has all declared functions follow the protocol, for classes that are no tensors as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from shapetorch.tensor.overriding import HERE, ask, having_a_say, install
from shapetorch.tensor.tensors import Tensor

install()


def is_tensor_like(inp: Any) -> bool:
    """Whether it is a tensor, or an object that takes part in the protocol."""
    return type(inp) is Tensor or hasattr(inp, "__torch_function__")


def has_torch_function(relevant_args: Iterable[Any]) -> bool:
    """Whether the class of an argument has a say."""
    return not HERE.disabled and bool(HERE.modes or having_a_say(relevant_args))


def has_torch_function_unary(relevant_arg: Any) -> bool:
    """Whether the class of the argument has a say."""
    return has_torch_function((relevant_arg,))


def has_torch_function_variadic(*relevant_args: Any) -> bool:
    """Whether the class of an argument has a say."""
    return has_torch_function(relevant_args)


def handle_torch_function(
    public_api: Callable[..., Any], relevant_args: Iterable[Any], *args: Any, **kwargs: Any
) -> Any:
    """What the classes of the arguments say that a function does.

    Raises:
        TypeError: all of them decline.
    """
    return ask(public_api, having_a_say(relevant_args), args, kwargs)


class TorchFunctionMode:
    """While it is on, its ``__torch_function__`` is asked at each call of a declared function."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """What the function does; to be written by the subclass."""
        raise NotImplementedError

    def __enter__(self) -> TorchFunctionMode:
        HERE.modes.append(self)
        return self

    def __exit__(self, *exc_info: object) -> None:
        HERE.modes.pop()


class BaseTorchFunctionMode(TorchFunctionMode):
    """A mode that has every function do what it does."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """The usual."""
        return func(*args, **(kwargs or {}))
