"""Logic on truth values and on bits, shifts, common divisors."""

from __future__ import annotations

import numpy as np

from shapetorch.tensor.pointwise import binary, unary
from shapetorch.tensor.tensors import Array

logical_and = binary(
    "logical_and",
    np.logical_and,
    result="bool",
    numbers="none",
    doc="Whether both elements are not 0.",
)
logical_or = binary(
    "logical_or",
    np.logical_or,
    result="bool",
    numbers="none",
    doc="Whether one of the elements is not 0.",
)
logical_xor = binary(
    "logical_xor",
    np.logical_xor,
    result="bool",
    numbers="none",
    doc="Whether just one of the elements is not 0.",
)
logical_not = unary(
    "logical_not",
    np.logical_not,
    floating=False,
    result="bool",
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
    methods=("bitwise_not", "__invert__"),
    doc="The other bits; of bool, the other truth value.",
)


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
