"""Python's operators on tensors: plain, reflected and in place.

The plain form has a fast way of its own, for small tensors and numbers: it lets NumPy broadcast,
which it does as the rule does, and asks the rule only when NumPy refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import is_number
from shapetorch.tensor.operations import operation
from shapetorch.tensor.pointwise import FLOAT32, FLOAT64, SMALL, name_function
from shapetorch.tensor.tape import INFERENCE, MODES
from shapetorch.tensor.tensors import Tensor

_ndarray = np.ndarray
_new: Any = object.__new__


def add_operators(
    operator: str,
    compute: Any,
    second: Callable[..., Tensor],
    write: Callable[..., Tensor],
) -> None:
    """Make an operation ``__<operator>__``, with its reflected and in-place forms.

    Args:
        operator: ``"add"``.
        compute: The NumPy function that computes it for floating dtypes; None if it takes more.
        second: ``second(input, other, out, name)``, which speaks of `name` in errors.
        write: ``write(self, other, name)``, the same in place.
    """
    plain, reflected, in_place = f"__{operator}__", f"__r{operator}__", f"__i{operator}__"

    def backward(self: Tensor, other: Any) -> Any:
        found = operand(other)
        return found if found is NotImplemented else second(found, self, None, plain)

    def write_back(self: Tensor, other: Any) -> Any:
        found = operand(other)
        return found if found is NotImplemented else write(self, found, in_place)

    forward = general(second, plain) if compute is None else fast(compute, second, plain)
    shown = f"The operator, see `{operator}`."
    for name, made in ((plain, forward), (reflected, backward), (in_place, write_back)):
        name_function(made, name, shown)
    if compute is not None:
        write_back = fast_write(compute, write_back)
        name_function(write_back, in_place, shown)
    operation(plain, methods=(plain,), function=False, inplace=write_back)(forward)
    operation(reflected, methods=(reflected,), function=False)(backward)


def operand(other: Any) -> Any:
    """A tensor or number; `NotImplemented` for anything else."""
    if isinstance(other, Tensor) or is_number(other):
        return other
    return Tensor.of_numpy(other) if isinstance(other, np.ndarray) else NotImplemented


def general(second: Callable[..., Tensor], name: str) -> Callable[..., Any]:
    """The operator without a fast way."""

    def forward(self: Tensor, other: Any) -> Any:
        found = operand(other)
        return found if found is NotImplemented else second(self, found, None, name)

    return forward


def fast(compute: Any, second: Callable[..., Tensor], name: str) -> Callable[..., Any]:
    """The operator with a fast way."""

    def forward(self: Tensor, other: Any) -> Any:
        if self._meta is None and not INFERENCE:
            array = self._array
            kind = array.dtype
            if (kind is FLOAT32 or kind is FLOAT64) and array.size <= SMALL:
                if other.__class__ is Tensor and other._meta is None:
                    value = other._array
                    if value.dtype is not kind or value.size > SMALL:
                        return second(self, other, None, name)
                elif other.__class__ is float or other.__class__ is int:
                    value = other
                else:
                    found = operand(other)
                    return found if found is NotImplemented else second(self, found, None, name)
                try:
                    value = MODES.quiet(compute, array, value)
                except ValueError:  # they do not broadcast
                    return second(self, other, None, name)
                made: Tensor = _new(Tensor)
                made._array = value if value.__class__ is _ndarray else np.asarray(value, kind)
                made._meta = None
                made._writes = 0
                return made
        found = operand(other)
        return found if found is NotImplemented else second(self, found, None, name)

    return forward


def fast_write(compute: Any, write: Callable[..., Any]) -> Callable[..., Any]:
    """The operator in place with a fast way."""

    def write_back(self: Tensor, other: Any) -> Any:
        if self._meta is None and not INFERENCE:
            array = self._array
            kind = array.dtype
            if (kind is FLOAT32 or kind is FLOAT64) and array.size <= SMALL and array.flags.carray:
                if other.__class__ is float or other.__class__ is int:
                    value = other
                elif other.__class__ is Tensor and other._meta is None:
                    value = other._array
                    if value.dtype is not kind or value.shape != array.shape:
                        return write(self, other)
                else:
                    return write(self, other)
                MODES.quiet(compute, array, value, array)
                self._writes += 1
                return self
        return write(self, other)

    return write_back
