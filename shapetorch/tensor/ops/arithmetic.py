"""Sums, products and quotients of elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.pointwise import binary, scaled_sum, unary
from shapetorch.tensor.tensors import Tensor


def add_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a + alpha * b) = da + alpha * db``."""
    return grad, _times(grad, node.alpha) if node.needs[1] else None


def sub_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a - alpha * b) = da - alpha * db``."""
    return grad, _times(grad, -node.alpha) if node.needs[1] else None


def _times(grad: Tensor, number: complex) -> Tensor:
    return grad if number == 1 else -grad if number == -1 else grad * np.conj(number).item()


add = scaled_sum("add", np.add, add_backward, doc="``input + alpha * other``.")
sub = scaled_sum(
    "sub", np.subtract, sub_backward, doc="``input - alpha * other``.", aliases=("subtract",)
)


def mul_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a * b) = b * da + a * db``."""
    input, other = node.saved
    return (
        None if other is None else grad * _conj(other),
        None if input is None else grad * _conj(input),
    )


def _conj(value: Any) -> Any:
    return value.conj() if isinstance(value, Tensor) else np.conj(value).item()


def _each_for_the_other(input: Any, other: Any) -> tuple[Any, Any]:
    """A factor is kept only where the gradient of the other one is wanted."""
    keeps_input = isinstance(other, Tensor) and other.requires_grad
    keeps_other = isinstance(input, Tensor) and input.requires_grad
    return (input if keeps_input else None, other if keeps_other else None)


mul = binary(
    "mul",
    np.multiply,
    mul_backward,
    keeps=_each_for_the_other,
    operator="mul",
    methods=("mul", "multiply"),
    aliases=("multiply",),
    doc="``input * other``.",
)


def neg_backward(node: Any, grad: Tensor) -> Tensor:
    """``d(-x) = -dx``."""
    return -grad


neg = unary(
    "neg",
    np.negative,
    neg_backward,
    keeps=(),
    floating=False,
    refuses="b",
    methods=("neg", "negative", "__neg__"),
    aliases=("negative",),
    doc="``-input``.",
)
