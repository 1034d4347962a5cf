"""Rounding to integers or decimals, and what is cut off."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integer, tensor_argument
from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.dtypes import FLOATING
from shapetorch.tensor.operations import operation
from shapetorch.tensor.pointwise import add_in_place_functions, refuse, unary
from shapetorch.tensor.slopes import zero_slope
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor

ceil = unary(
    "ceil",
    np.ceil,
    zero_slope,
    keeps=(),
    floating=False,
    refuses="bc",
    out="same dtype",
    doc="The smallest integers that are not smaller.",
)
floor = unary(
    "floor",
    np.floor,
    zero_slope,
    keeps=(),
    floating=False,
    refuses="bc",
    out="same dtype",
    doc="The largest integers that are not larger.",
)
trunc = unary(
    "trunc",
    np.trunc,
    zero_slope,
    keeps=(),
    floating=False,
    refuses="bc",
    out="same dtype",
    methods=("trunc", "fix"),
    aliases=("fix",),
    doc="The integers next in the direction of 0.",
)


def frac_backward(node: Any, grad: Tensor) -> Tensor:
    """What is cut off is constant."""
    return grad


def _frac(array: Array) -> Array:
    return np.asarray(array - np.trunc(array))


frac = unary(
    "frac",
    _frac,
    frac_backward,
    keeps=(),
    floating=False,
    refuses="bic",
    out="same dtype",
    doc="``input - trunc(input)``.",
)


def round_backward(node: Any, grad: Tensor) -> Tensor:
    """A step function."""
    return zero_slope(node, grad)


@operation(methods=("round",), inplace=True, out="same dtype", aliases=("special.round",))
def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """The nearest multiples of ``10**-decimals``; halves go to the even one.

    Args:
        input: The tensor.
        decimals: Places after the point; negative ones stand before it.
    """
    array = tensor_argument("round", "input", input)._array
    decimals = integer("round", "decimals", decimals)
    refuse("round", input.dtype, "bc" if not decimals else "bic")
    if input.dtype.category < FLOATING:
        return record(array.copy(), (input,), round_backward)
    if not decimals:
        return record(elementwise(np.rint, array), (input,), round_backward)
    power = 10.0 ** abs(decimals) if abs(decimals) < 308 else math.inf

    def to_decimals(values: Array) -> Any:
        ten = values.dtype.type(power)
        if decimals < 0:
            return np.rint(values / ten) * ten
        return np.rint(values * ten) / ten

    return record(elementwise(to_decimals, array), (input,), round_backward)


add_in_place_functions(("round",))
