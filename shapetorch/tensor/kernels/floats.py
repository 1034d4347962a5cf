"""Exponentials, logarithms and error functions without branches, so that loops over them vectorise.

The argument is reduced, a polynomial does the rest (coefficients: ``tools/fit_polynomials.py``).
Errors are about 1e-7 of the result for float32, 1e-15 for float64. NaN and infinities are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending, types

from shapetorch.tensor.kernels.compiling import FASTMATH


def intrinsic(function: Callable[..., Any]) -> Any:
    """numba's intrinsic; its own types know nothing of what the compiler makes of it."""
    return extending.intrinsic(function)


def overload(function: Any, *, jit_options: Any) -> Callable[[Any], Any]:
    """numba's overload: what the compiler puts in place of a function."""
    return extending.overload(function, jit_options=jit_options)


OPTIONS = {"fastmath": set(FASTMATH), "error_model": "numpy", "forceinline": True}
"""A call would keep the loop around it from being vectorised."""

LOG2E = np.float32(1.4426950408889634)
LN2_HIGH = np.float32(0.693359375)  # 9 bits: n * LN2_HIGH is exact
LN2_LOW = np.float32(-2.12194440054690583e-4)
EXP_MOST = np.float32(88.72284)  # exp of more is infinite
EXP_LEAST = np.float32(-103.9729)  # exp of less is 0
EXP_SMALLEST = np.float32(-87.33)  # exp of less is no normal number
MOST_POWER = np.float32(127)  # the largest power of two
E0, E1, E2, E3, E4 = map(
    np.float32,
    (0.5, 0.16666577003160279, 0.041666464976127783, 0.0083631755654677477, 0.0013933643522475972),
)
G0, G1, G2, G3, G4, G5, G6, G7, G8 = map(
    np.float32,
    (
        0.33333331190848131,
        -0.24999989048734927,
        0.20000707478390156,
        -0.16668480239503403,
        0.14249936532994456,
        -0.12411050684001834,
        0.11661511067563779,
        -0.11571200727052749,
        0.071497538913103467,
    ),
)
T0, T1, T2, T3, T4, T5 = map(
    np.float32,
    (
        -0.33333333077998795,
        0.13333299165495655,
        -0.053958673002007941,
        0.021765672376110823,
        -0.0083360018421246209,
        0.0022856211437769359,
    ),
)
P0, P1, P2, P3, P4, P5 = map(
    np.float32,
    (
        1.1283791487299495,
        0.18996334104280543,
        0.052690277541462785,
        0.003746893586681106,
        0.00028451278278232957,
        2.054016674480383e-06,
    ),
)
Q1, Q2, Q3, Q4, Q5 = map(
    np.float32,
    (
        0.5016834298553307,
        0.11392616445013769,
        0.01493137063090398,
        0.0011581093945268919,
        3.811339588298584e-05,
    ),
)
ERF_MOST = np.float32(3.92)  # erf of more rounds to 1
ZERO, HALF, ONE, TWO = map(np.float32, (0, 0.5, 1, 2))
SMALL_TANH, BIG_TANH = np.float32(0.625), np.float32(9.1)
SQRT_HALF = np.float32(0.70710677)
INFINITY, NAN = np.float32(np.inf), np.float32(np.nan)

LOG2E_64 = 1.4426950408889634
LN2_HIGH_64 = 0.693145751953125
LN2_LOW_64 = 1.42860682030941723212e-6
D0, D1, D2, D3, D4 = (
    0.50000000000000022,
    0.16666666666666682,
    0.041666666666620729,
    0.0083333333333136285,
    0.0013888888918887747,
)
D5, D6, D7, D8, D9 = (
    0.00019841269916468307,
    2.4801518984803024e-05,
    2.7557201436175459e-06,
    2.7621064918929845e-07,
    2.5128249370574087e-08,
)


# -- bits -------------------------------------------------------------------------------------------


@intrinsic
def round_int32(context: Any, value: Any) -> Any:
    """The nearest integer of a float32, as int32 (the value must fit)."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        function = builder.module.declare_intrinsic("llvm.rint", [ir.FloatType()])
        return builder.fptosi(builder.call(function, args), ir.IntType(32))

    return types.int32(types.float32), generate


@intrinsic
def power_of_two(context: Any, exponent: Any) -> Any:
    """``2**exponent`` as float32, for -126 <= exponent <= 127."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = ir.IntType(32)
        biased = builder.shl(builder.add(args[0], ir.Constant(bits, 127)), ir.Constant(bits, 23))
        return builder.bitcast(biased, ir.FloatType())

    return types.float32(types.int32), generate


@intrinsic
def half_of(context: Any, value: Any) -> Any:
    """An int32 shifted right by one, which stays an int32."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ashr(args[0], ir.Constant(ir.IntType(32), 1))

    return types.int32(types.int32), generate


@intrinsic
def less(context: Any, first: Any, second: Any) -> Any:
    """The difference of two int32, an int32."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.sub(args[0], args[1])

    return types.int32(types.int32, types.int32), generate


@intrinsic
def split_float(context: Any, value: Any) -> Any:
    """A positive normal float32 as its mantissa in [1, 2) and its exponent, as float32."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = ir.IntType(32)
        whole = builder.bitcast(args[0], bits)
        exponent = builder.sub(builder.lshr(whole, ir.Constant(bits, 23)), ir.Constant(bits, 127))
        mantissa = builder.or_(
            builder.and_(whole, ir.Constant(bits, 0x007FFFFF)), ir.Constant(bits, 0x3F800000)
        )
        pair = (builder.bitcast(mantissa, ir.FloatType()), builder.sitofp(exponent, ir.FloatType()))
        return context.make_tuple(builder, signature.return_type, pair)

    pair_type: Any = types.UniTuple
    return pair_type(types.float32, 2)(types.float32), generate


@intrinsic
def round_int64(context: Any, value: Any) -> Any:
    """The nearest integer of a float64, as int64."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        function = builder.module.declare_intrinsic("llvm.rint", [ir.DoubleType()])
        return builder.fptosi(builder.call(function, args), ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def power_of_two_64(context: Any, exponent: Any) -> Any:
    """``2**exponent`` as float64, for -1022 <= exponent <= 1023."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = ir.IntType(64)
        biased = builder.shl(builder.add(args[0], ir.Constant(bits, 1023)), ir.Constant(bits, 52))
        return builder.bitcast(biased, ir.DoubleType())

    return types.float64(types.int64), generate


@intrinsic
def larger(context: Any, first: Any, second: Any) -> Any:
    """The larger of two numbers, as one instruction; anything if one is NaN."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        is_larger = builder.fcmp_ordered(">", args[0], args[1], flags=("nnan", "nsz"))
        return builder.select(is_larger, args[0], args[1], flags=("nnan", "nsz"))

    return first(first, first), generate


@intrinsic
def nan_bits(context: Any, value: Any) -> Any:
    """An integer as wide as the number: 0, or -1 if it is NaN."""
    bits: Any = types.int32 if value == types.float32 else types.int64

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        is_nan = builder.fcmp_unordered("uno", args[0], args[0])
        return builder.sext(is_nan, ir.IntType(bits.bitwidth))

    return bits(value), generate


@intrinsic
def either(context: Any, first: Any, second: Any) -> Any:
    """The bits that one of two integers has, as wide as they are."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.or_(args[0], args[1])

    return first(first, first), generate


# -- functions --------------------------------------------------------------------------------------


def exp(x: Any) -> Any:
    """``e**x``."""
    return np.exp(x)


def log(x: Any) -> Any:
    """The natural logarithm."""
    return np.log(x)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent."""
    return np.tanh(x)


def erf(x: Any) -> Any:
    """The error function (float32 only)."""
    raise AssertionError("erf: only compiled")


@overload(exp, jit_options=OPTIONS)
def _exp(x: Any) -> Any:
    return _exp32 if x == types.float32 else _exp64


def _exp32(x: Any) -> Any:
    bounded = min(max(x, EXP_LEAST), EXP_MOST)
    n = round_int32(bounded * LOG2E)
    whole = np.float32(n)
    r = bounded - whole * LN2_HIGH - whole * LN2_LOW
    q = (((E4 * r + E3) * r + E2) * r + E1) * r + E0
    value = ONE + (r + r * r * q)
    # in two factors, because the smallest results and the largest are outside one power of two
    first = half_of(n)
    value = value * power_of_two(first) * power_of_two(less(n, first))
    value = INFINITY if x > EXP_MOST else value
    return x if x != x else value  # noqa: PLR0124 - NaN


def _exp64(x: Any) -> Any:
    bounded = min(max(x, -745.2), 709.782712893384)
    n = round_int64(bounded * LOG2E_64)
    whole = np.float64(n)
    r = bounded - whole * LN2_HIGH_64 - whole * LN2_LOW_64
    q = ((((D9 * r + D8) * r + D7) * r + D6) * r + D5) * r + D4
    q = (((q * r + D3) * r + D2) * r + D1) * r + D0
    value = 1.0 + (r + r * r * q)
    first = n >> 1
    value = value * power_of_two_64(first) * power_of_two_64(n - first)
    value = np.inf if x > 709.782712893384 else value
    return x if x != x else value  # noqa: PLR0124 - NaN


def exp_below(x: Any) -> Any:
    """``e**x`` for ``x <= 0``: nothing overflows, and less than the smallest normal number is 0."""
    return np.exp(x)


@overload(exp_below, jit_options=OPTIONS)
def _exp_below(x: Any) -> Any:
    return _exp_below32 if x == types.float32 else _exp64


def _exp_below32(x: Any) -> Any:
    bounded = max(x, EXP_SMALLEST)
    n = round_int32(bounded * LOG2E)
    whole = np.float32(n)
    r = bounded - whole * LN2_HIGH - whole * LN2_LOW
    q = (((E4 * r + E3) * r + E2) * r + E1) * r + E0
    value = (ONE + (r + r * r * q)) * power_of_two(n)
    value = ZERO if x < EXP_SMALLEST else value
    return x if x != x else value  # noqa: PLR0124 - NaN


def exp_above(x: Any) -> Any:
    """``e**x`` to be added to 1: less than the smallest normal number is that, or 0."""
    return np.exp(x)


@overload(exp_above, jit_options=OPTIONS)
def _exp_above(x: Any) -> Any:
    return _exp_above32 if x == types.float32 else _exp64


def _exp_above32(x: Any) -> Any:
    bounded = min(max(x, EXP_SMALLEST), EXP_MOST)
    n = round_int32(min(bounded * LOG2E, MOST_POWER))
    whole = np.float32(n)
    r = (
        bounded - whole * LN2_HIGH - whole * LN2_LOW
    )  # larger than it was fitted for if n was bounded
    q = (((E4 * r + E3) * r + E2) * r + E1) * r + E0
    value = (ONE + (r + r * r * q)) * power_of_two(n)
    value = INFINITY if x > EXP_MOST else value
    return x if x != x else value  # noqa: PLR0124 - NaN


@overload(log, jit_options=OPTIONS)
def _log(x: Any) -> Any:
    return _log32 if x == types.float32 else _log64


def _log32(x: Any) -> Any:
    tiny = np.float32(1.17549435e-38)
    is_subnormal = x < tiny
    scaled = x * np.float32(8388608.0) if is_subnormal else x
    mantissa, exponent = split_float(scaled)
    is_large = mantissa > np.float32(1.41421354)
    mantissa = mantissa * HALF if is_large else mantissa
    exponent = exponent + (ONE if is_large else ZERO) - (np.float32(23.0) if is_subnormal else ZERO)
    f = mantissa - ONE
    q = (((G8 * f + G7) * f + G6) * f + G5) * f + G4
    q = (((q * f + G3) * f + G2) * f + G1) * f + G0
    square = f * f
    value = square * f * q + exponent * LN2_LOW - HALF * square + f + exponent * LN2_HIGH
    value = -INFINITY if x == ZERO else value
    value = NAN if x < ZERO else value
    return x if x != x or x == INFINITY else value  # noqa: PLR0124 - NaN


def _log64(x: Any) -> Any:
    return np.log(x)


@overload(tanh, jit_options=OPTIONS)
def _tanh(x: Any) -> Any:
    return _tanh32 if x == types.float32 else _tanh64


def _tanh32(x: Any) -> Any:
    size = abs(x)
    u = x * x
    q = ((((T5 * u + T4) * u + T3) * u + T2) * u + T1) * u + T0
    small = x + x * u * q
    large = ONE - TWO / (exp(TWO * min(size, BIG_TANH)) + ONE)
    value = small if size < SMALL_TANH else (large if x > ZERO else -large)
    return x if x != x else value  # noqa: PLR0124 - NaN


def _tanh64(x: Any) -> Any:
    return np.tanh(x)


@overload(erf, jit_options=OPTIONS)
def _erf(x: Any) -> Any:
    return _erf32


def _erf32(x: Any) -> Any:
    bounded = min(max(x, -ERF_MOST), ERF_MOST)
    u = bounded * bounded
    above = ((((P5 * u + P4) * u + P3) * u + P2) * u + P1) * u + P0
    below = ((((Q5 * u + Q4) * u + Q3) * u + Q2) * u + Q1) * u + ONE
    value = min(max(bounded * above / below, -ONE), ONE)
    return x if x != x else value  # noqa: PLR0124 - NaN
