"""Powers of float32 numbers, without branches.

``x**y = 2**(y * log2(x))``, with the logarithm and the power of two in float64, where polynomials of low
degree suffice for results that are nearly always the float32 closest to the exact one (coefficients:
``tools/fit_polynomials.py``). What is special about powers (IEEE 754-2019, section 9.2.1) is selected
afterwards.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types

from shapetorch.tensor.kernels.compiling import kernel
from shapetorch.tensor.kernels.floats import (
    HALF,
    INFINITY,
    NAN,
    ONE,
    ZERO,
    intrinsic,
    split_float,
)

L0, L1, L2, L3, L4, L5, L6 = (
    1.4426950408685875,
    -0.7213475208603296,
    0.48089836146411611,
    -0.36067367650748444,
    0.2885372878346191,
    -0.2404530686420735,
    0.20617548805130273,
)
L7, L8, L9, L10, L11, L12 = (
    -0.18030295931540938,
    0.15876962051659615,
    -0.1431307003904871,
    0.14472832012119188,
    -0.14294373157488782,
    0.077515604816578462,
)
X0, X1, X2, X3, X4, X5 = (
    0.6931471880293426,
    0.2402265092234269,
    0.055503571042530044,
    0.0096180566698977931,
    0.0013390867351383946,
    0.00015461447458804448,
)
INTEGERS = float(3 << 51)  # a small number added to it is rounded, and stands in its lowest bits
SMALLEST, SHIFT, DIGITS = map(np.float32, (1.17549435e-38, 1 << 23, 23))
SQRT_TWO = np.float32(1.41421354)


@intrinsic
def _times_power_of_two(context: Any, value: Any, exponent: Any) -> Any:
    """``value * 2**n``, of the n that was added to `INTEGERS`; the result is a normal float64."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = ir.IntType(64)
        n = builder.shl(builder.bitcast(args[1], bits), ir.Constant(bits, 52))
        return builder.bitcast(builder.add(builder.bitcast(args[0], bits), n), ir.DoubleType())

    return types.float64(types.float64, types.float64), generate


@intrinsic
def _with_sign(context: Any, size: Any, sign: Any) -> Any:
    """A float32 that is not negative, with the sign of another, also of zero."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = ir.IntType(32)
        size, sign = (builder.bitcast(number, bits) for number in args)
        both = builder.or_(size, builder.and_(sign, ir.Constant(bits, 1 << 31)))
        return builder.bitcast(both, ir.FloatType())

    return types.float32(types.float32, types.float32), generate


@intrinsic
def _nearest(context: Any, value: Any) -> Any:
    """The nearest integer of a float32, as float32."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        function = builder.module.declare_intrinsic("llvm.rint", [ir.FloatType()])
        return builder.call(function, args)

    return types.float32(types.float32), generate


@kernel(forceinline=True)
def _log2(size: Any) -> Any:
    """The logarithm to base 2 of a float32 that is not negative, as float64."""
    is_subnormal = size < SMALLEST
    mantissa, exponent = split_float(size * SHIFT if is_subnormal else size)
    is_large = mantissa > SQRT_TWO
    mantissa = mantissa * HALF if is_large else mantissa
    exponent = exponent + (ONE if is_large else ZERO) - (DIGITS if is_subnormal else ZERO)
    f = np.float64(mantissa - ONE)
    f2 = f * f
    f4 = f2 * f2
    q = L12 * f4 + (L11 * f + L10) * f2 + (L9 * f + L8)
    q = q * f4 + ((L7 * f + L6) * f2 + (L5 * f + L4))
    q = q * f4 + ((L3 * f + L2) * f2 + (L1 * f + L0))
    value: Any = np.float64(exponent) + f * q
    value = -np.inf if size == ZERO else value
    return np.inf if size == INFINITY else value


@kernel(forceinline=True)
def _power(x: Any, y: Any) -> Any:
    size = abs(x)
    product = np.float64(y) * _log2(size)
    bounded = min(max(product, -400.0), 400.0)  # what is beyond float32 becomes 0 or infinite
    shifted = bounded + INTEGERS
    r = bounded - (shifted - INTEGERS)
    q = ((((X5 * r + X4) * r + X3) * r + X2) * r + X1) * r + X0
    value = np.float32(_times_power_of_two(1.0 + r * q, shifted))
    value = NAN if product != product else value  # noqa: PLR0124
    value = ONE if size == ONE and y == y else value  # noqa: PLR0124 - of an infinite exponent too
    is_whole = _nearest(y) == y
    value = _with_sign(value, x) if is_whole and _nearest(y * HALF) != y * HALF else value
    value = NAN if x < ZERO and not is_whole and size != INFINITY else value
    value = value if x == x else NAN  # noqa: PLR0124
    return ONE if y == ZERO or x == ONE else value


@kernel()
def pow(x: Any, y: Any, out: Any) -> None:
    """``out[i] = x[i]**y[i]``; x or y may be of one element."""
    if y.size == 1:
        exponent = y[0]
        for i in range(out.size):
            out[i] = _power(x[i], exponent)
    elif x.size == 1:
        base = x[0]
        for i in range(out.size):
            out[i] = _power(base, y[i])
    else:
        for i in range(out.size):
            out[i] = _power(x[i], y[i])
