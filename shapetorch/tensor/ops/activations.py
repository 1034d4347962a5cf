"""Activation functions, as functions of the library, methods and ``nn.functional``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from shapetorch.tensor.activating import activated, declare_in_place
from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.array_gradients import kept_array, on_arrays, refused
from shapetorch.tensor.compute import compiled, elementwise
from shapetorch.tensor.fast import FLOAT32, SMALL, fast_unary
from shapetorch.tensor.histories import records
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import masked
from shapetorch.tensor.memory_order import rows_of
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import operation
from shapetorch.tensor.pointwise import refuse, unary
from shapetorch.tensor.scipy_functions import scipy_function
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.slopes import conjugate, kept, slope
from shapetorch.tensor.tape import attach_one
from shapetorch.tensor.tensors import Array, Tensor, wrap

# -- relu and its kin -------------------------------------------------------------------------------


def relu_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient where the result is positive."""
    result = kept(node)
    return masked(grad, ~(result._array <= 0))


@on_arrays(relu_backward)
def _relu_backward(node: Any, grad: Array) -> Any:
    made = grad.copy()
    made[kept_array(node, grad.dtype) <= 0] = 0
    return made


_ZERO = np.zeros((), np.float32)


def _positive_part(array: Array) -> Any:
    return np.maximum(array, _ZERO if array.dtype is FLOAT32 else np.zeros((), array.dtype))


_relu = compiled("relu", _positive_part, 1 << 12)

relu = unary(
    "relu",
    _relu,
    relu_backward,
    keeps=("result",),
    floating=False,
    refuses="bc",
    doc="The positive part.",
)


@operation("nn.functional.relu")
def functional_relu(input: Tensor, inplace: bool = False) -> Tensor:
    """The positive part."""
    return input.relu_() if inplace else relu(input)


# -- exponentials -----------------------------------------------------------------------------------


def elu_backward(node: Any, grad: Tensor) -> Tensor:
    """The scale where the input is positive, the slope of the exponential elsewhere."""
    input = kept(node)
    alpha, scale, rate = node.factors
    positive = input._array > 0
    falling = (masked(input, input._array < 0) * rate).exp() * (alpha * scale * rate)
    return masked(grad * scale, positive) + masked(grad * falling, ~positive)


def exponential_unit(
    name: str, input: Tensor, alpha: float, scale: float, rate: float, inplace: bool
) -> Tensor:
    """``scale * x`` where x is positive, ``scale * alpha * (exp(rate * x) - 1)`` elsewhere."""

    def compute(x: Array) -> Any:
        kind = x.dtype.type
        falling = np.expm1(np.minimum(x, 0) * kind(rate)) * kind(alpha * scale)
        return np.where(x > 0, x * kind(scale), falling)

    return activated(
        name, input, compute, elu_backward, inplace=inplace, factors=(alpha, scale, rate)
    )


@operation(aliases=("nn.functional.elu",))
def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The tensor where it is positive, ``alpha * (exp(input) - 1)`` elsewhere."""
    return exponential_unit("elu", input, alpha, 1.0, 1.0, inplace)


@operation(aliases=("nn.functional.celu",))
def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The tensor where it is positive, ``alpha * (exp(input / alpha) - 1)`` elsewhere."""
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return exponential_unit("celu", input, alpha, 1.0, 1.0 / alpha, inplace)


SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


@operation(aliases=("nn.functional.selu",))
def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """`elu` with the constants that keep mean 0 and variance 1."""
    return exponential_unit("selu", input, SELU_ALPHA, SELU_SCALE, 1.0, inplace)


def _sigmoid_by_parts(array: Array) -> Any:
    if array.size <= SMALL and array.dtype.kind == "f":
        return scipy_function("expit")(array)
    value = np.asarray(np.exp(np.negative(array)))
    value += 1
    return np.reciprocal(value, value)


_sigmoid = compiled("sigmoid", _sigmoid_by_parts, 1 << 7)
_silu = compiled("silu", lambda x: np.multiply(x, _sigmoid_by_parts(x)), 1 << 7)

sigmoid = unary(
    "sigmoid",
    _sigmoid,
    slope(lambda result: result * (1 - result), True),
    keeps=("result",),
    aliases=("special.expit", "nn.functional.sigmoid"),
    doc="``1 / (1 + exp(-input))``.",
)


def silu_backward(node: Any, grad: Tensor) -> Tensor:
    """``d(x * s(x)) = s(x) * (1 + x * (1 - s(x))) * dx``."""
    input = kept(node)
    if not MODES.grad and not input.dtype.is_complex:
        return grad * wrap(elementwise(_silu_slope, input._array))
    share: Tensor = input.sigmoid()
    return grad * conjugate(share * (input * (1 - share) + 1))


@on_arrays(silu_backward)
def _silu_backward(node: Any, grad: Array) -> Any:
    return grad * _silu_slope(kept_array(node, grad.dtype))


def _silu_general(input: Tensor, *, out: Any = None) -> Tensor:
    return activated("silu", input, _silu, silu_backward, refuses="bi")


def _silu_recorded(made: Tensor, input: Tensor) -> Tensor:
    if records(input):
        attach_one(made, input, silu_backward, True, False)
    return made


_silu_at_once = fast_unary(_silu, _silu_general, _silu_recorded)


@operation(aliases=("nn.functional.silu",))
def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """``input * sigmoid(input)``."""
    if not inplace:
        return _silu_at_once(input)  # type: ignore[no-any-return]
    return activated("silu", input, _silu, silu_backward, inplace=inplace, refuses="bi")


def mish_backward(node: Any, grad: Tensor) -> Tensor:
    """``d(x * t) = (t + x * s * (1 - t**2)) * dx``, of t = tanh(softplus(x)) and s = sigmoid(x)."""
    input = kept(node)
    bent: Tensor = softplus(input).tanh()
    share: Tensor = input.sigmoid()
    return grad * (bent + input * share * (1 - bent * bent))


@operation(aliases=("nn.functional.mish",))
def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """``input * tanh(softplus(input))``."""

    def compute(x: Array) -> Any:
        return x * np.tanh(np.logaddexp(x, x.dtype.type(0)))

    return activated("mish", input, compute, mish_backward, inplace=inplace)


def softplus_backward(node: Any, grad: Tensor) -> Tensor:
    """The sigmoid, and 1 where the function is taken as linear."""
    input = kept(node)
    scaled = input * node.beta
    linear = scaled._array > node.threshold
    return masked(grad, linear) + masked(grad * scaled.sigmoid(), ~linear)


_softplus = compiled("softplus", lambda x: np.where(x > 20, x, np.log1p(np.exp(x))))


def _softplus_general(input: Tensor, *, out: Any = None) -> Tensor:
    return activated("softplus", input, _softplus, softplus_backward, beta=1, threshold=20)


def _softplus_recorded(made: Tensor, input: Tensor) -> Tensor:
    if records(input):
        node = attach_one(made, input, softplus_backward, True, False)
        node.__dict__.update(beta=1, threshold=20)
    return made


_softplus_at_once = fast_unary(_softplus, _softplus_general, _softplus_recorded)


@operation(aliases=("nn.functional.softplus",))
def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """``log(1 + exp(beta * input)) / beta``; the input itself where ``beta * input > threshold``."""

    if beta == 1 and threshold == 20:  # of the defaults there is a kernel
        return _softplus_at_once(input)  # type: ignore[no-any-return]

    def compute(x: Array) -> Any:
        kind = x.dtype.type
        scaled = x * kind(beta)
        return np.where(scaled > threshold, x, np.log1p(np.exp(scaled)) / kind(beta))

    return activated("softplus", input, compute, softplus_backward, beta=beta, threshold=threshold)


def logsigmoid_backward(node: Any, grad: Tensor) -> Tensor:
    """``d log(sigmoid(x)) = sigmoid(-x) * dx``."""
    input = kept(node)
    share: Tensor = (-input).sigmoid()
    return grad * share


@operation(aliases=("nn.functional.logsigmoid",))
def logsigmoid(input: Tensor) -> Tensor:
    """``log(sigmoid(input))`` without overflow."""

    def compute(x: Array) -> Any:
        return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))

    return rows_of(activated("logsigmoid", input, compute, logsigmoid_backward))


# -- gelu -------------------------------------------------------------------------------------------

ROOT_HALF = math.sqrt(0.5)
GELU_SLOPE, GELU_CUBE = math.sqrt(2 / math.pi), 0.044715


def gelu_backward(node: Any, grad: Tensor) -> Tensor:
    """``d(x * P(x)) = (P(x) + x * p(x)) * dx``, of the normal distribution P and its density p."""
    x = kept(node)
    if node.approximate == "none":
        if not MODES.grad:
            return grad * wrap(elementwise(_gelu_slope, x._array))
        density: Tensor = (x * x * -0.5).exp() * (1 / math.sqrt(2 * math.pi))
        below: Tensor = ((x * ROOT_HALF).erf() + 1) * 0.5
        return grad * (below + x * density)
    square = x * x
    bent: Tensor = ((square * x * GELU_CUBE + x) * GELU_SLOPE).tanh()
    inner = (square * (3 * GELU_CUBE) + 1) * GELU_SLOPE
    return grad * ((bent + 1) * 0.5 + x * (1 - bent * bent) * inner * 0.5)


@on_arrays(gelu_backward)
def _gelu_backward(node: Any, grad: Array) -> Any:
    if node.approximate != "none":
        raise refused()
    return grad * _gelu_slope(kept_array(node, grad.dtype))


def _gelu_by_parts(x: Array) -> Any:
    kind = x.dtype.type
    return x * kind(0.5) * (1 + scipy_function("erf")(x * kind(ROOT_HALF)))


def _gelu_tanh_by_parts(x: Array) -> Any:
    kind = x.dtype.type
    inner = kind(GELU_SLOPE) * (x + kind(GELU_CUBE) * x * x * x)
    return kind(0.5) * x * (1 + np.tanh(inner))


def _gelu_slope_by_parts(x: Array) -> Any:
    kind = x.dtype.type
    density = np.exp(x * x * kind(-0.5)) * kind(1 / math.sqrt(2 * math.pi))
    return (1 + scipy_function("erf")(x * kind(ROOT_HALF))) * kind(0.5) + x * density


def _silu_slope_by_parts(x: Array) -> Any:
    share = _sigmoid(x)
    return share * (1 + x * (1 - share))


_gelu = compiled("gelu", _gelu_by_parts)
_gelu_by_tanh = compiled("gelu_tanh", _gelu_tanh_by_parts)
_gelu_slope = compiled("gelu_slope", _gelu_slope_by_parts)
_silu_slope = compiled("silu_slope", _silu_slope_by_parts)


def _gelu_general(input: Tensor, *, out: Any = None) -> Tensor:
    return activated("gelu", input, _gelu, gelu_backward, approximate="none")


def _gelu_recorded(made: Tensor, input: Tensor) -> Tensor:
    if records(input):
        node = attach_one(made, input, gelu_backward, True, False)
        node.__dict__["approximate"] = "none"
    return made


_gelu_at_once = fast_unary(_gelu, _gelu_general, _gelu_recorded)


@operation(aliases=("nn.functional.gelu",))
def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """``input`` times the normal distribution function of it.

    Args:
        input: The tensor.
        approximate: "none", or "tanh" for the approximation by the hyperbolic tangent.

    Raises:
        RuntimeError: `approximate` is something else.
    """
    if approximate == "none":
        return _gelu_at_once(input)  # type: ignore[no-any-return]
    if approximate != "tanh":
        if not isinstance(approximate, str):
            raise TypeError(
                f"gelu(): argument 'approximate' must be str, not {type_name(approximate)}"
            )
        raise RuntimeError(
            f"gelu: approximate argument must be either none or tanh, got {approximate!r}"
        )
    return activated("gelu", input, _gelu_by_tanh, gelu_backward, approximate=approximate)


# -- made of others ---------------------------------------------------------------------------------


@operation(aliases=("nn.functional.softsign",))
def softsign(input: Tensor) -> Tensor:
    """``input / (1 + |input|)``."""
    return tensor_argument("softsign", "input", input) / (input.abs() + 1)  # type: ignore[no-any-return]


@operation(aliases=("nn.functional.tanhshrink",))
def tanhshrink(input: Tensor) -> Tensor:
    """``input - tanh(input)``."""
    return tensor_argument("tanhshrink", "input", input) - input.tanh()  # type: ignore[no-any-return]


@operation(aliases=("nn.functional.glu",))
def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half of a dim, times the sigmoid of the second.

    Raises:
        ShapeError: dimension_error_out_of_range, glu_error_odd_size.
    """
    tensor_argument("glu", "input", input)
    judged("nn.functional.glu", input, dim)
    refuse("glu", input.dtype, "bic")
    half = input._array.shape[dim] // 2
    return input.narrow(dim, 0, half) * input.narrow(dim, half, half).sigmoid()  # type: ignore[no-any-return]


for _function in (elu, celu, selu):
    declare_in_place(_function.__name__, _function)
for _name in ("relu_",):
    operation(f"nn.functional.{_name}")(getattr(Tensor, _name))
