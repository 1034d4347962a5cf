"""Logic on truth values and on bits, shifts, common divisors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import FLOATING
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.operations import assign, method
from shapetorch.tensor.pointwise import binary, unary, ways
from shapetorch.tensor.tensors import Array, Tensor

LOGICAL: tuple[tuple[str, Any, str], ...] = (
    ("logical_and", np.logical_and, "Whether both elements are not 0."),
    ("logical_or", np.logical_or, "Whether one of the elements is not 0."),
    ("logical_xor", np.logical_xor, "Whether just one of the elements is not 0."),
)


def _declare(name: str, compute: Any, doc: str) -> Callable[..., Tensor]:
    _, write, _ = ways(name, compute, result="bool", numbers="none")

    def in_place(self: Tensor, other: Tensor) -> Tensor:
        with grad_mode(False):  # PyTorch's autograd does not see these
            return write(self, other, name)

    return binary(name, compute, result="bool", numbers="none", inplace=in_place, doc=doc)


logical_and, logical_or, logical_xor = (_declare(*row) for row in LOGICAL)


def logical_not_(self: Tensor) -> Tensor:
    """`logical_not` in place."""
    with grad_mode(False):
        return assign("logical_not_", self, logical_not(self))


logical_not = unary(
    "logical_not",
    np.logical_not,
    floating=False,
    result="bool",
    inplace=logical_not_,
    doc="Whether the element is 0.",
)

bitwise_and = binary(
    "bitwise_and",
    np.bitwise_and,
    refuses="fc",
    operator="and",
    numbers="either",
    doc="``input & other``, bit by bit.",
)
bitwise_or = binary(
    "bitwise_or",
    np.bitwise_or,
    refuses="fc",
    operator="or",
    numbers="either",
    doc="``input | other``, bit by bit.",
)
bitwise_xor = binary(
    "bitwise_xor",
    np.bitwise_xor,
    refuses="fc",
    operator="xor",
    numbers="either",
    doc="``input ^ other``, bit by bit.",
)
bitwise_not = unary(
    "bitwise_not",
    np.invert,
    floating=False,
    refuses="fc",
    out="same dtype",
    doc="The other bits; of bool, the other truth value.",
)


@method("__invert__")
def invert(self: Tensor) -> Tensor:
    """The operator ``~``, see `bitwise_not`.

    Raises:
        TypeError: the tensor is floating or complex.
    """
    if self.dtype.category >= FLOATING:
        raise TypeError(
            "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
        )
    return bitwise_not(self)


def shift_left(a: Array, b: Array) -> Array:
    """``a << b``; 0 where `b` is negative or not less than the number of bits."""
    bits = a.dtype.itemsize * 8
    outside = (b < 0) | (b >= bits)
    return np.asarray(np.where(outside, 0, np.left_shift(a, np.where(outside, 0, b)))).astype(
        a.dtype
    )


def shift_right(a: Array, b: Array) -> Array:
    """``a >> b``; all bits are the sign where `b` is negative or too large."""
    last = a.dtype.itemsize * 8 - 1
    outside = (b < 0) | (b > last)
    shifted = np.right_shift(a, np.where(outside, last, b).astype(a.dtype))
    return np.asarray(np.where(outside & (a >= 0), 0, shifted)).astype(a.dtype)


bitwise_left_shift = binary(
    "bitwise_left_shift",
    shift_left,
    refuses="bfc",
    operator="lshift",
    numbers="either",
    doc="``input << other``; 0 for shifts outside the number of bits.",
)
bitwise_right_shift = binary(
    "bitwise_right_shift",
    shift_right,
    refuses="bfc",
    operator="rshift",
    numbers="either",
    doc="``input >> other``, which keeps the sign.",
)
gcd = binary(
    "gcd",
    np.gcd,
    refuses="bfc",
    numbers="none",
    doc="The greatest common divisor, never negative.",
)
lcm = binary(
    "lcm",
    np.lcm,
    refuses="bfc",
    numbers="none",
    doc="The least common multiple, never negative.",
)
