"""Element-wise functions of flat arrays: ``kernel(x, out)``, for float32 and float64.

`x` and `out` are contiguous, of one dtype and size; they may be the same array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import FASTMATH, kernel
from shapetorch.tensor.kernels.floats import erf as _erf
from shapetorch.tensor.kernels.floats import exp as _exp
from shapetorch.tensor.kernels.floats import exp_above as _exp_above
from shapetorch.tensor.kernels.floats import log as _log
from shapetorch.tensor.kernels.floats import tanh as _tanh
from shapetorch.tensor.kernels.powers import pow


@kernel()
def exp(x: Any, out: Any) -> None:
    """``e**x``."""
    for i in range(x.size):
        out[i] = _exp(x[i])


@kernel()
def log(x: Any, out: Any) -> None:
    """The natural logarithm."""
    for i in range(x.size):
        out[i] = _log(x[i])


@kernel()
def tanh(x: Any, out: Any) -> None:
    """The hyperbolic tangent."""
    for i in range(x.size):
        out[i] = _tanh(x[i])


@kernel()
def erf(x: Any, out: Any) -> None:
    """The error function."""
    for i in range(x.size):
        out[i] = _erf(x[i])


@kernel()
def sigmoid(x: Any, out: Any) -> None:
    """``1 / (1 + exp(-x))``."""
    one = x.dtype.type(1)
    for i in range(x.size):
        out[i] = one / (one + _exp_above(-x[i]))


@kernel()
def silu(x: Any, out: Any) -> None:
    """``x * sigmoid(x)``."""
    one = x.dtype.type(1)
    for i in range(x.size):
        out[i] = x[i] / (one + _exp_above(-x[i]))


@kernel()
def gelu(x: Any, out: Any) -> None:
    """``x * Phi(x)``, by the error function."""
    half, one = x.dtype.type(0.5), x.dtype.type(1)
    root = x.dtype.type(0.70710678118654752)
    for i in range(x.size):
        out[i] = half * x[i] * (one + _erf(x[i] * root))


@kernel()
def gelu_tanh(x: Any, out: Any) -> None:
    """The approximation of gelu by tanh."""
    half, one = x.dtype.type(0.5), x.dtype.type(1)
    scale, cubic = x.dtype.type(0.79788456080286536), x.dtype.type(0.044715)
    for i in range(x.size):
        inner = scale * (x[i] + cubic * x[i] * x[i] * x[i])
        out[i] = half * x[i] * (one + _tanh(inner))


@kernel()
def relu(x: Any, out: Any) -> None:
    """``max(x, 0)``, NaN for NaN."""
    zero = x.dtype.type(0)
    for i in range(x.size):
        out[i] = zero if x[i] <= zero else x[i]


@kernel()
def absolute(x: Any, out: Any) -> None:
    """``|x|``."""
    for i in range(x.size):
        out[i] = abs(x[i])


@kernel()
def square(x: Any, out: Any) -> None:
    """``x * x``."""
    for i in range(x.size):
        out[i] = x[i] * x[i]


@kernel(FASTMATH - {"nsz"})
def floor(x: Any, out: Any) -> None:
    """The largest integer that is not larger."""
    for i in range(x.size):
        out[i] = np.floor(x[i])


@kernel(FASTMATH - {"nsz"})
def reciprocal(x: Any, out: Any) -> None:
    """``1 / x``."""
    one = x.dtype.type(1)
    for i in range(x.size):
        out[i] = one / x[i]


@kernel(FASTMATH - {"arcp"})  # the reciprocal of an approximate root of infinity would be NaN
def rsqrt(x: Any, out: Any) -> None:
    """``1 / sqrt(x)``."""
    one = x.dtype.type(1)
    for i in range(x.size):
        out[i] = one / np.sqrt(x[i])


@kernel()
def clamp(x: Any, low: Any, high: Any, out: Any) -> None:
    """`x`, kept between two numbers of its dtype; the upper one counts if they are the wrong way round."""
    for i in range(x.size):
        value = low if x[i] < low else x[i]
        out[i] = high if value > high else value


@kernel()
def softplus(x: Any, out: Any) -> None:
    """``log(1 + exp(x))``, the number itself above 20."""
    one, limit = x.dtype.type(1), x.dtype.type(20)
    for i in range(x.size):
        e = _exp(min(x[i], limit))
        u = one + e
        rest = u - one  # what is left of e after rounding; log(u) * e / rest is log(1 + e)
        small = e if rest == 0 else _log(u) * (e / rest)
        out[i] = x[i] if x[i] > limit else small


@kernel()
def gelu_slope(x: Any, out: Any) -> None:
    """The derivative of gelu: ``Phi(x) + x * phi(x)``."""
    half, one = x.dtype.type(0.5), x.dtype.type(1)
    root, density = x.dtype.type(0.70710678118654752), x.dtype.type(0.39894228040143268)
    for i in range(x.size):
        value = x[i]
        out[i] = half * (one + _erf(value * root)) + value * density * _exp(-half * value * value)


@kernel()
def silu_slope(x: Any, out: Any) -> None:
    """The derivative of silu."""
    one = x.dtype.type(1)
    for i in range(x.size):
        s = one / (one + _exp_above(-x[i]))
        out[i] = s * (one + x[i] * (one - s))


FLOAT32_ONLY = frozenset(
    "erf gelu gelu_slope log softplus tanh gelu_tanh pow lstm_steps lstm_steps_backward".split()
)
"""Those that NumPy and SciPy compute as well, or more exactly, in float64."""


@kernel()
def addcmul(x: Any, a: Any, b: Any, value: Any, out: Any) -> None:
    """``x + value * a * b``, value a number of the arrays' dtype."""
    for i in range(x.size):
        out[i] = x[i] + value * a[i] * b[i]


@kernel(FASTMATH - {"contract"})  # so that equal ends give themselves
def lerp(x: Any, end: Any, weight: Any, out: Any) -> None:
    """``x + weight * (end - x)``, from the nearer end; weight is a number of their dtype."""
    near = abs(weight) < x.dtype.type(0.5)
    rest = x.dtype.type(1) - weight
    for i in range(x.size):
        first, last = x[i], end[i]
        difference = last - first
        out[i] = first + weight * difference if near else last - rest * difference


@kernel(FASTMATH - {"contract"})
def lerp_each(x: Any, end: Any, weight: Any, out: Any) -> None:
    """`lerp`, with a weight for each element."""
    one, half = x.dtype.type(1), x.dtype.type(0.5)
    for i in range(x.size):
        first, last, w = x[i], end[i], weight[i]
        difference = last - first
        near, far = first + w * difference, last - (one - w) * difference
        out[i] = near if abs(w) < half else far


@kernel()
def where(chosen: Any, a: Any, b: Any, out: Any) -> None:
    """`a` where `chosen`, bool, else `b`, which may be of one element."""
    if b.size == 1:
        other = b[0]
        for i in range(out.size):
            first = a[i]
            out[i] = first if chosen[i] else other
        return
    for i in range(out.size):
        first, second = a[i], b[i]  # both are read, so that nothing jumps
        out[i] = first if chosen[i] else second


OF_SEVERAL: dict[str, Any] = {
    "addcmul": addcmul,
    "clamp": clamp,
    "lerp": lerp,
    "lerp_each": lerp_each,
    "pow": pow,
    "where": where,
}
"""Of arrays and numbers: ``kernel(*arrays, *numbers, out)``."""

FLAT: dict[str, Any] = {
    "exp": exp,
    "log": log,
    "tanh": tanh,
    "erf": erf,
    "sigmoid": sigmoid,
    "silu": silu,
    "gelu": gelu,
    "gelu_tanh": gelu_tanh,
    "relu": relu,
    "abs": absolute,
    "square": square,
    "floor": floor,
    "reciprocal": reciprocal,
    "rsqrt": rsqrt,
    "softplus": softplus,
    "gelu_slope": gelu_slope,
    "silu_slope": silu_slope,
}
"""By the name under which operations ask for them."""
