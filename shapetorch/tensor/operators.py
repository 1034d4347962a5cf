"""Python's operators on tensors: plain, reflected and in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import is_number
from shapetorch.tensor.fast import (
    fast_binary_write,
    fast_integral,
    fast_operator,
    fast_reflected,
)
from shapetorch.tensor.medium import medium_binary
from shapetorch.tensor.operations import operation
from shapetorch.tensor.tensors import Tensor


def operand(other: Any) -> Any:
    """A tensor or number; `NotImplemented` for anything else."""
    if isinstance(other, Tensor) or is_number(other):
        return other
    return Tensor.of_numpy(other) if isinstance(other, np.ndarray) else NotImplemented


def name_function(function: Callable[..., Any], name: str, doc: str) -> None:
    """Give a function that a maker made its name and docstring."""
    function.__name__ = function.__qualname__ = name.rsplit(".", 1)[-1]
    function.__doc__ = doc


def add_operators(
    operator: str,
    compute: Any,
    second: Callable[..., Tensor],
    write: Callable[..., Tensor],
    recorded: Callable[..., Tensor],
    integers: bool = False,
    floating: bool = True,
) -> None:
    """Make an operation ``__<operator>__``, with its reflected and in-place forms.

    Args:
        operator: ``"add"``.
        compute: What computes it. A ufunc also computes in place.
        second: ``second(input, other, out, name)``, which speaks of `name` in errors.
        write: ``write(self, other, name)``, the same in place.
        recorded: See `fast.fast_binary`.
        integers: See `fast.fast_binary`.
        floating: Whether floating tensors are computed, with a fast way.
    """
    plain, reflected, in_place = f"__{operator}__", f"__r{operator}__", f"__i{operator}__"

    def forward(self: Tensor, other: Any) -> Any:
        found = operand(other)
        return found if found is NotImplemented else second(self, found, None, plain)

    def backward(self: Tensor, other: Any) -> Any:
        found = operand(other)
        return found if found is NotImplemented else second(found, self, None, plain)

    def write_back(self: Tensor, other: Any) -> Any:
        found = operand(other)
        return found if found is NotImplemented else write(self, found, plain)

    made: list[Any] = [forward, backward, write_back]
    is_ufunc = isinstance(compute, np.ufunc)
    if floating:
        middle = medium_binary(compute, forward, recorded, integers)
        made[0] = fast_operator(compute, middle, recorded, None, integers)
        made[1] = fast_reflected(compute, backward, recorded)
    elif is_ufunc:
        made[0] = fast_integral(compute, forward, False)
    if is_ufunc and floating:
        made[2] = fast_binary_write(compute, write_back)
    for name, function in zip((plain, reflected, in_place), made, strict=True):
        name_function(function, name, f"The operator, see `{operator}`.")
    operation(plain, methods=(plain,), function=False, inplace=made[2])(made[0])
    operation(reflected, methods=(reflected,), function=False)(made[1])


def _as_it_is(made: Tensor, input: Any, other: Any) -> Tensor:
    """Truth values have no gradient."""
    return made


def add_comparison(operator: str, compute: Any, function: Callable[..., Tensor]) -> None:
    """Make a comparison ``__<operator>__``; what is no operand is left to Python.

    Args:
        operator: ``"lt"``.
        compute: The NumPy function that computes it.
        function: The comparison.
    """
    symbol = f"__{operator}__"

    def compare(self: Tensor, other: Any) -> Any:
        found = operand(other)
        return found if found is NotImplemented else function(self, found)

    made = fast_operator(compute, compare, _as_it_is, np.dtype(np.bool_), True, True)
    name_function(made, symbol, f"The operator, see `{operator}`.")
    operation(symbol, methods=(symbol,), function=False)(made)
