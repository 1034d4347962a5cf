"""Activation functions that are made of pieces of lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import sampling
from shapetorch.tensor.activating import activated, declare_in_place
from shapetorch.tensor.arguments import as_number, tensor_argument
from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.fast import constant
from shapetorch.tensor.generators import chosen
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import masked
from shapetorch.tensor.memory_order import rows_of
from shapetorch.tensor.operations import operation
from shapetorch.tensor.pointwise import refuse
from shapetorch.tensor.scalars import element
from shapetorch.tensor.slopes import kept, kept_pair
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


def steps(input: Tensor, above: Array, high: float, low: float) -> Tensor:
    """A slope of `high` where `above` is true and of `low` elsewhere, as a factor."""
    kind = input._array.dtype.type
    return wrap(np.asarray(np.where(above, kind(high), kind(low))))


def leaky_relu_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient, times the slope where the input is not positive."""
    input = kept(node)
    return grad * steps(input, input._array > 0, 1, node.negative_slope)


@operation(aliases=("nn.functional.leaky_relu",))
def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """The tensor where it is positive, ``negative_slope * input`` elsewhere."""

    def compute(x: Array) -> Any:
        lower = x * constant(x.dtype, negative_slope)
        # a slope of 0 would make infinity NaN
        return np.maximum(x, lower) if 0 < negative_slope <= 1 else np.where(x > 0, x, lower)

    return activated(
        "leaky_relu",
        input,
        compute,
        leaky_relu_backward,
        inplace=inplace,
        negative_slope=negative_slope,
    )


@operation(aliases=("nn.functional.rrelu",))
def rrelu(
    input: Tensor,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: bool = False,
) -> Tensor:
    """`leaky_relu` whose slopes are drawn between `lower` and `upper`; their mean outside training."""
    if not lower <= upper:  # or one is NaN
        raise RuntimeError(
            "rrelu: Lower bound should be less than or equal to the upper bound, "
            f"got {lower} and {upper}"
        )
    if not training:
        made = leaky_relu(input, (lower + upper) / 2, inplace)
        return made if inplace else rows_of(made)
    refuse("rrelu", tensor_argument("rrelu", "input", input).dtype, "bic")
    array = input._array
    negative = array <= 0  # only for these is a number drawn
    factors = np.ones(array.shape, array.dtype)
    count = int(np.count_nonzero(negative))
    factors[negative] = sampling.uniform_between(
        chosen("rrelu", None), count, sampling.FLOAT64, float(lower), float(upper)
    )
    factor = wrap(factors)
    return input.mul_(factor) if inplace else rows_of(input * factor)


def prelu_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """As `leaky_relu`, and the negative part to the weight."""
    input, weight = kept_pair(node)
    positive = input._array > 0
    return (
        masked(grad, positive) + masked(grad * weight, ~positive) if node.needs[0] else None,
        masked(grad * input, input._array < 0) if node.needs[1] else None,
    )


@operation(methods=("prelu",), aliases=("nn.functional.prelu",))
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """The tensor where it is positive, ``weight * input`` elsewhere.

    Args:
        input: ``(N, C, *)``.
        weight: One slope, or C of them.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_channel_mismatch.
    """
    tensor_argument("prelu", "input", input)
    tensor_argument("prelu", "weight", weight, 2)
    judged("prelu", input, weight)
    refuse("prelu", input.dtype, "bic")
    if input._array.dtype != weight._array.dtype:
        raise RuntimeError(
            f"prelu: Type promoting not supported. Got {input.dtype} and {weight.dtype}"
        )
    count, rank = weight._array.size, input._array.ndim
    shape = () if count == 1 else (count, *[1] * (rank - 2))
    slopes = weight.reshape(shape)
    value = elementwise(lambda x, w: np.where(x > 0, x, w * x), input._array, slopes._array)
    return record(value, (input, slopes), prelu_backward, (input, slopes))


def threshold_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient above the threshold."""
    input = kept(node)
    return masked(grad, ~(input._array <= node.threshold))


@operation(aliases=("nn.functional.threshold",))
def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """The tensor where it is above `threshold`, `value` elsewhere."""

    threshold, value = as_number(threshold), as_number(value)
    if isinstance(input, Tensor) and input._array.dtype in NARROW:  # computed in float32
        element(value, input._array.dtype)

    def compute(x: Array) -> Any:
        return np.where(x <= element(threshold, x.dtype), element(value, x.dtype), x)

    return activated(
        "threshold",
        input,
        compute,
        threshold_backward,
        inplace=inplace,
        refuses="bc",
        threshold=threshold,
    )


def hardtanh_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient strictly between the bounds."""
    input = kept(node)
    x = input._array
    return masked(grad, ~((x <= node.low) | (x >= node.high)))


def _hard_limits(name: str, input: Tensor, low: float, high: float, inplace: bool) -> Tensor:
    def compute(x: Array) -> Any:
        kind = x.dtype.type
        return np.minimum(np.maximum(x, kind(low)), kind(high))

    return activated(
        name,
        input,
        compute,
        hardtanh_backward,
        inplace=inplace,
        refuses="bc",
        low=low,
        high=high,
    )


@operation(aliases=("nn.functional.hardtanh",))
def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """The tensor kept between two numbers."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    tensor_argument("hardtanh", "input", input)
    if input._array.dtype.kind == "u" and min_val < 0:
        raise RuntimeError("cannot do hardtanh on an unsigned type with negative limits")
    return _hard_limits("hardtanh", input, min_val, max_val, inplace)


@operation(aliases=("nn.functional.relu6",))
def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """The tensor kept between 0 and 6."""
    return _hard_limits("relu6", input, 0, 6, inplace)


def hardsigmoid_backward(node: Any, grad: Tensor) -> Tensor:
    """1/6 strictly between -3 and 3."""
    input = kept(node)
    x = input._array
    return masked(grad * (1 / 6), (x > -3) & (x < 3))


@operation(aliases=("nn.functional.hardsigmoid",))
def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """``(input + 3) / 6``, kept between 0 and 1."""

    def compute(x: Array) -> Any:
        return np.minimum(np.maximum(x + 3, 0), 6) / 6

    return activated("hardsigmoid", input, compute, hardsigmoid_backward, inplace=inplace)


def hardswish_backward(node: Any, grad: Tensor) -> Tensor:
    """0 below -3, 1 above 3, ``x / 3 + 1/2`` between."""
    input = kept(node)
    x = input._array
    between = (x > -3) & (x < 3)
    return masked(grad, x >= 3) + masked(grad * (input / 3 + 0.5), between)


@operation(aliases=("nn.functional.hardswish",))
def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """``input * hardsigmoid(input)``."""

    def compute(x: Array) -> Any:
        return x * np.minimum(np.maximum(x + 3, 0), 6) / 6

    return activated("hardswish", input, compute, hardswish_backward, inplace=inplace)


def shrink_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient outside ``[-lambd, lambd]``."""
    input = kept(node)
    x = input._array
    return masked(grad, ~((x >= -node.lambd) & (x <= node.lambd)))


@operation(methods=("hardshrink",), aliases=("nn.functional.hardshrink",), out="same dtype")
def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """The tensor, with 0 between ``-lambd`` and ``lambd``."""

    def compute(x: Array) -> Any:
        kind = x.dtype.type
        return np.where((x >= kind(-lambd)) & (x <= kind(lambd)), kind(0), x)

    return activated("hardshrink", input, compute, shrink_backward, lambd=lambd)


@operation(aliases=("nn.functional.softshrink",))
def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """The tensor moved towards 0 by `lambd`, and 0 where it is not larger.

    Raises:
        RuntimeError: `lambd` is negative.
    """
    if lambd < 0:
        raise RuntimeError(f"lambda must be greater or equal to 0, but found to be {lambd}.")

    def compute(x: Array) -> Any:
        kind = x.dtype.type
        size = kind(lambd)
        return np.where(x > size, x - size, np.where(x < -size, x + size, x * kind(0)))

    return activated("softshrink", input, compute, shrink_backward, lambd=lambd)


for _function in (leaky_relu, rrelu, threshold, hardtanh):
    declare_in_place(_function.__name__, _function)
