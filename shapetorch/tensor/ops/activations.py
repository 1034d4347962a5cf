"""Activation functions, as functions of the library, methods and ``nn.functional``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.compute import compiled, elementwise
from shapetorch.tensor.fast import FLOAT32, FLOAT64, SMALL, constant, fast_unary
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import masked
from shapetorch.tensor.operations import METHODS, assign, before_writing, operation
from shapetorch.tensor.pointwise import refuse, unary
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.scipy_functions import scipy_function
from shapetorch.tensor.slopes import conjugate, kept, kept_pair, slope
from shapetorch.tensor.tape import INFERENCE, MODES, RESULT, Backward, attach_one, record, recording
from shapetorch.tensor.tensors import Array, Tensor, wrap, wrap_result


def activated(
    name: str,
    input: Tensor,
    compute: Callable[[Array], Any],
    backward: Backward,
    keeps: Sequence[str] = ("input",),
    *,
    inplace: bool = False,
    refuses: str = "bic",
    **facts: Any,
) -> Tensor:
    """An activation function with parameters: computed, recorded, and written back if asked.

    Args:
        name: Of the function.
        input: The tensor.
        compute: What computes it, on an array.
        backward: ``backward(node, grad)``.
        keeps: What ``node.saved`` shall hold: "input", "result".
        inplace: Whether the result is written into the tensor.
        refuses: Categories that are an error, see `pointwise.refuse`.
        facts: Attributes of the node.
    """
    if input.__class__ is Tensor and input._meta is None and not inplace and not INFERENCE:
        array = input._array
        if array.size <= SMALL and (array.dtype is FLOAT32 or array.dtype is FLOAT64):
            return wrap_result(quietly(compute, array))
    refuse(name, tensor_argument(name, "input", input).dtype, refuses)
    source = before_writing(input) if inplace and recording((input,)) else input
    value = elementwise(name, compute, source._array)
    saved = [RESULT if item == "result" else source for item in keeps]
    made = record(value, (source,), backward, saved, **facts)
    return assign(f"{name}_", input, made) if inplace else made


def steps(input: Tensor, above: Array, high: float, low: float) -> Tensor:
    """A slope of `high` where `above` is true and of `low` elsewhere, as a factor."""
    kind = input._array.dtype.type
    return wrap(np.asarray(np.where(above, kind(high), kind(low))))


# -- relu and its kin -------------------------------------------------------------------------------


def relu_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient where the result is positive."""
    result = kept(node)
    return masked(grad, ~(result._array <= 0))


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
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if not training:
        return leaky_relu(input, (lower + upper) / 2, inplace)
    refuse("rrelu", tensor_argument("rrelu", "input", input).dtype, "bic")
    draw = METHODS["uniform_"].function
    slopes = draw(wrap(np.empty_like(input._array)), lower, upper)._array
    factor = wrap(np.where(input._array > 0, input._array.dtype.type(1), slopes))
    return input.mul_(factor) if inplace else input * factor


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
    value = elementwise(
        "prelu", lambda x, w: np.where(x > 0, x, w * x), input._array, slopes._array
    )
    return record(value, (input, slopes), prelu_backward, (input, slopes))


def threshold_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient above the threshold."""
    input = kept(node)
    return masked(grad, ~(input._array <= node.threshold))


@operation(aliases=("nn.functional.threshold",))
def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """The tensor where it is above `threshold`, `value` elsewhere."""

    def compute(x: Array) -> Any:
        return np.where(x <= x.dtype.type(threshold), x.dtype.type(value), x)

    return activated(
        "threshold",
        input,
        compute,
        threshold_backward,
        inplace=inplace,
        refuses="bc",
        threshold=threshold,
    )


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
    slope(lambda result: result * (1 - result)),
    keeps=("result",),
    aliases=("special.expit", "nn.functional.sigmoid"),
    doc="``1 / (1 + exp(-input))``.",
)


def silu_backward(node: Any, grad: Tensor) -> Tensor:
    """``d(x * s(x)) = s(x) * (1 + x * (1 - s(x))) * dx``."""
    input = kept(node)
    if not MODES.grad and not input.dtype.is_complex:
        return grad * wrap(elementwise("silu_slope", _silu_slope, input._array))
    share: Tensor = input.sigmoid()
    return grad * conjugate(share * (input * (1 - share) + 1))


def _silu_general(input: Tensor, *, out: Any = None) -> Tensor:
    return activated("silu", input, _silu, silu_backward, refuses="bi")


def _silu_recorded(made: Tensor, input: Tensor) -> Tensor:
    if recording((input,)):
        attach_one(made, (input,), silu_backward, (input,))
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


@operation(aliases=("nn.functional.softplus",))
def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """``log(1 + exp(beta * input)) / beta``; the input itself where ``beta * input > threshold``."""

    def general(x: Array) -> Any:
        kind = x.dtype.type
        scaled = x * kind(beta)
        return np.where(scaled > threshold, x, np.log1p(np.exp(scaled)) / kind(beta))

    # of the defaults there is a kernel
    compute = _softplus if beta == 1 and threshold == 20 else general
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

    return activated("logsigmoid", input, compute, logsigmoid_backward)


# -- gelu -------------------------------------------------------------------------------------------

ROOT_HALF = math.sqrt(0.5)
GELU_SLOPE, GELU_CUBE = math.sqrt(2 / math.pi), 0.044715


def gelu_backward(node: Any, grad: Tensor) -> Tensor:
    """``d(x * P(x)) = (P(x) + x * p(x)) * dx``, of the normal distribution P and its density p."""
    x = kept(node)
    if node.approximate == "none":
        if not MODES.grad:
            return grad * wrap(elementwise("gelu_slope", _gelu_slope, x._array))
        density: Tensor = (x * x * -0.5).exp() * (1 / math.sqrt(2 * math.pi))
        below: Tensor = ((x * ROOT_HALF).erf() + 1) * 0.5
        return grad * (below + x * density)
    square = x * x
    bent: Tensor = ((square * x * GELU_CUBE + x) * GELU_SLOPE).tanh()
    inner = (square * (3 * GELU_CUBE) + 1) * GELU_SLOPE
    return grad * ((bent + 1) * 0.5 + x * (1 - bent * bent) * inner * 0.5)


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


@operation(aliases=("nn.functional.gelu",))
def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """``input`` times the normal distribution function of it.

    Args:
        input: The tensor.
        approximate: "none", or "tanh" for the approximation by the hyperbolic tangent.

    Raises:
        RuntimeError: `approximate` is something else.
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    compute = _gelu if approximate == "none" else _gelu_by_tanh
    return activated("gelu", input, compute, gelu_backward, approximate=approximate)


# -- pieces of lines --------------------------------------------------------------------------------


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


@operation(methods=("hardshrink",), aliases=("nn.functional.hardshrink",), out=True)
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


# -- in place ---------------------------------------------------------------------------------------


def _declare_in_place(name: str, function: Callable[..., Tensor]) -> None:
    def in_place(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return function(input, *args, inplace=True, **kwargs)

    in_place.__name__ = in_place.__qualname__ = f"{name}_"
    in_place.__doc__ = f"`{name}` in place."
    operation(f"{name}_", aliases=(f"nn.functional.{name}_",))(in_place)


for _function in (elu, celu, selu, leaky_relu, rrelu, threshold, hardtanh):
    _declare_in_place(_function.__name__, _function)
for _name in ("relu_",):
    operation(f"nn.functional.{_name}")(getattr(Tensor, _name))
