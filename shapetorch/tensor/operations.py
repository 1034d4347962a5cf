"""The table of operations: what computes them, on arrays whose shapes the rule has passed.

An operation is named as its rule is. Its function gets the call's arguments under the rule's
parameter names, tensors as arrays of one dtype, and gives an array of the shape the rule says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
F = TypeVar("F", bound=Callable[..., Array])


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        name: Of the rule: ``torch.<name>``, or ``Tensor.<name>`` where there is no function.
        forward: What computes it.
        floating: Whether it computes in a floating dtype, as a division does.
    """

    name: str
    forward: Callable[..., Array]
    floating: bool = False


OPERATIONS: dict[str, Operation] = {}


def operation(name: str, *, floating: bool = False) -> Callable[[F], F]:
    """Declare what computes an operation; see `Operation`."""

    def declare(function: F) -> F:
        OPERATIONS[name] = Operation(name, function, floating)
        return function

    return declare


@operation("add")
def add(input: Array, other: Array, alpha: complex = 1) -> Array:
    """``input + alpha * other``."""
    return np.add(input, other if alpha == 1 else np.multiply(other, alpha, dtype=other.dtype))


@operation("sub")
def sub(input: Array, other: Array, alpha: complex = 1) -> Array:
    """``input - alpha * other``."""
    if input.dtype == np.bool_:
        raise RuntimeError("sub: tensors of bool cannot be subtracted, use ^ or logical_xor")
    return np.subtract(input, other if alpha == 1 else np.multiply(other, alpha, dtype=other.dtype))


@operation("mul")
def mul(input: Array, other: Array) -> Array:
    """``input * other``."""
    return np.multiply(input, other)


@operation("div", floating=True)
def div(input: Array, other: Array) -> Array:
    """``input / other``; division by zero gives infinities and NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(input, other)


@operation("matmul")
def matmul(input: Array, other: Array) -> Array:
    """``input @ other``."""
    result: Array = np.matmul(input, other)
    return result


@operation("reshape")
def reshape(input: Array, shape: Sequence[int]) -> Array:
    """The same elements; a view where the memory allows it."""
    return input.reshape(shape)


@operation("view")
def view(input: Array, size: Sequence[int]) -> Array:
    """The same memory in other sizes."""
    return input.reshape(size)
