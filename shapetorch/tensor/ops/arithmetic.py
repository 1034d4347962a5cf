"""Sums, products, quotients and remainders of elements; signs."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.array_gradients import kept_arrays, on_arrays
from shapetorch.tensor.fast import fast_binary
from shapetorch.tensor.histories import needs_grad
from shapetorch.tensor.masking import masked
from shapetorch.tensor.medium import medium_binary
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import operation
from shapetorch.tensor.operators import add_operators
from shapetorch.tensor.pointwise import binary, refuse, unary, ways
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.slopes import conjugate, kept, kept_pair, zero_slope
from shapetorch.tensor.tensors import Array, Tensor

# -- sums -------------------------------------------------------------------------------------------


def nothing(input: Any, other: Any) -> tuple[()]:
    """Backward keeps no operand."""
    return ()


def add_backward(node: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
    """``d(a + b) = da + db``."""
    return grad, grad


@on_arrays(add_backward)
def _add_backward(node: Any, grad: Array) -> tuple[Array, Array]:
    return grad, grad


def sub_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a - b) = da - db``."""
    return grad, -grad if node.needs[1] else None


@on_arrays(sub_backward)
def _sub_backward(node: Any, grad: Array) -> tuple[Any, ...]:
    return grad, None if node.edges[1] is None else np.negative(grad)


def check_no_bool(input: Any, other: Any, a: Array, b: Array) -> None:
    """A difference of bools is refused.

    Raises:
        RuntimeError: an operand is bool.
    """
    for item in (input, other):
        if isinstance(item, bool) or (isinstance(item, Tensor) and item._array.dtype.kind == "b"):
            raise RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
                "invert a mask, use the `~` or `logical_not()` operator instead."
            )


add = binary(
    "add",
    np.add,
    add_backward,
    keeps=nothing,
    operator="add",
    scaled=True,
    numbers="both",
    doc="``input + alpha * other``.",
)
sub = binary(
    "sub",
    np.subtract,
    sub_backward,
    keeps=nothing,
    operator="sub",
    scaled=True,
    numbers="both",
    check=check_no_bool,
    methods=("sub", "subtract"),
    aliases=("subtract",),
    doc="``input - alpha * other``.",
)


@operation(out=True)
def rsub(input: Tensor, other: Tensor | complex, *, alpha: complex = 1) -> Tensor:
    """``other - alpha * input``."""
    return sub(other, tensor_argument("rsub", "input", input), alpha=alpha)


# -- products ---------------------------------------------------------------------------------------


def mul_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a * b) = b * da + a * db``."""
    input, other = kept_pair(node)
    return (
        None if other is None else grad * conjugate(other),
        None if input is None else grad * conjugate(input),
    )


@on_arrays(mul_backward)
def _mul_backward(node: Any, grad: Array) -> tuple[Any, ...]:
    input, other = kept_arrays(node, grad.dtype)
    return (
        None if other is None else np.multiply(grad, other),
        None if input is None else np.multiply(grad, input),
    )


def each_for_the_other(input: Any, other: Any) -> tuple[Any, Any]:
    """A factor is kept only where the gradient of the other one is wanted."""
    keeps_input = isinstance(other, Tensor) and other._meta is not None and needs_grad(other)
    keeps_other = isinstance(input, Tensor) and input._meta is not None and needs_grad(input)
    return (input if keeps_input else None, other if keeps_other else None)


mul = binary(
    "mul",
    np.multiply,
    mul_backward,
    keeps=each_for_the_other,
    operator="mul",
    numbers="both",
    methods=("mul", "multiply"),
    aliases=("multiply",),
    doc="``input * other``.",
)


# -- quotients --------------------------------------------------------------------------------------


def div_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a / b) = da / b - a / b**2 * db``."""
    input, other = kept_pair(node)
    needs_input, needs_other = node.needs
    by_input = grad / conjugate(other)
    return (
        by_input if needs_input else None,
        -by_input * conjugate(input / other) if needs_other else None,
    )


@on_arrays(div_backward)
def _div_backward(node: Any, grad: Array) -> tuple[Any, ...]:
    input, other = kept_arrays(node, grad.dtype)
    by_input = np.true_divide(grad, other)
    if node.edges[1] is None:
        return by_input, None
    return by_input, np.negative(by_input) * np.true_divide(input, other)


def dividend_and_divisor(input: Any, other: Any) -> tuple[Any, Any]:
    """The dividend is kept only where the divisor's gradient is wanted."""
    keeps = isinstance(other, Tensor) and needs_grad(other)
    return (input if keeps else None, other)


def steps_backward(node: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
    """Of quotients that are rounded."""
    return zero_slope(node, grad), zero_slope(node, grad)


def check_divisor(input: Any, other: Any, a: Array, b: Array) -> None:
    """Integers are not divided by zero.

    Raises:
        RuntimeError: ``ZeroDivisionError``, as PyTorch says.
    """
    if a.dtype.kind in "iu" and a.size and not np.all(b):
        raise RuntimeError("ZeroDivisionError")


def truncated_quotient(a: Array, b: Array) -> Array:
    """The quotient rounded towards 0."""
    if a.dtype.kind not in "iu":
        return np.asarray(np.trunc(a / b))
    quotient = np.floor_divide(a, b)
    lifted = (a - quotient * b != 0) & ((a < 0) != (b < 0))
    return np.asarray(quotient + lifted.astype(a.dtype))


_divide, _divide_in_place, _divided = ways(
    "div",
    np.true_divide,
    div_backward,
    keeps=dividend_and_divisor,
    floating=True,
    numbers="both",
)
_truncate, _truncate_in_place, _ = ways(
    "div",
    truncated_quotient,
    steps_backward,
    keeps=nothing,
    refuses="bc",
    numbers="both",
    check=check_divisor,
)
floor_divide = binary(
    "floor_divide",
    np.floor_divide,
    steps_backward,
    keeps=nothing,
    refuses="bc",
    operator="floordiv",
    numbers="both",
    check=check_divisor,
    doc="``input / other`` rounded down.",
)


def div_(self: Tensor, other: Tensor | complex, *, rounding_mode: str | None = None) -> Tensor:
    """`div` in place."""
    _check_mode(rounding_mode)
    if rounding_mode == "floor":
        return self.floor_divide_(other)  # type: ignore[no-any-return]
    write = _divide_in_place if rounding_mode is None else _truncate_in_place
    return write(self, other, "div")


@operation(
    methods=("div", "divide"),
    aliases=("divide",),
    inplace=div_,
    out=True,
)
def div(input: Tensor, other: Tensor | complex, *, rounding_mode: str | None = None) -> Tensor:
    """``input / other``, rounded if asked.

    Args:
        input: The dividend.
        other: The divisor, which broadcasts with it.
        rounding_mode: None for the quotient itself, "trunc" to round towards 0, "floor" downwards.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: integers are divided by 0 and rounded.
    """
    if rounding_mode is None:
        return _quotient(input, other)  # type: ignore[no-any-return]
    _check_mode(rounding_mode)
    if rounding_mode == "floor":
        return floor_divide(input, other)
    return _truncate(input, other, None, "div")


def true_divide_(self: Tensor, other: Tensor | complex) -> Tensor:
    """`true_divide` in place."""
    return _divide_in_place(self, other, "div")


@operation(methods=("true_divide",), inplace=true_divide_, out=True)
def true_divide(input: Tensor, other: Tensor | complex) -> Tensor:
    """``input / other``; see `div`."""
    return _quotient(input, other)  # type: ignore[no-any-return]


def _by_the_rule(input: Any, other: Any, *, out: None = None) -> Tensor:
    return _divide(input, other, None, "div")


_quotient = fast_binary(
    np.true_divide,
    medium_binary(np.true_divide, _by_the_rule, _divided, False),
    _divided,
    numbers=(1,),
)


def _check_mode(rounding_mode: str | None) -> None:
    if rounding_mode not in (None, "trunc", "floor"):
        if not isinstance(rounding_mode, str):
            raise TypeError(
                f"div(): argument 'rounding_mode' must be str, not {type_name(rounding_mode)}"
            )
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' "
            f"but found '{rounding_mode}'"
        )


add_operators("truediv", np.true_divide, _divide, _divide_in_place, _divided)


def remainder_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a - b * floor(a / b)) = da - floor(a / b) * db``."""
    if not node.needs[1]:
        return grad, None
    input, other = kept_pair(node)
    return grad, -grad * div(input, other, rounding_mode="floor")


def fmod_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a - b * trunc(a / b)) = da - trunc(a / b) * db``."""
    if not node.needs[1]:
        return grad, None
    input, other = kept_pair(node)
    return grad, -grad * div(input, other, rounding_mode="trunc")


def both_for_the_divisor(input: Any, other: Any) -> tuple[Any, ...]:
    """Both are kept where the divisor's gradient is wanted."""
    return (input, other) if isinstance(other, Tensor) and needs_grad(other) else ()


def _remainder(a: Array, b: Array) -> Array:
    """What is left over, of the divisor's sign; a 0 has the dividend's sign."""
    left = np.asarray(np.remainder(a, b))
    if left.dtype.kind == "f":
        np.copysign(left, a, out=left, where=left == 0)
    return left


remainder = binary(
    "remainder",
    _remainder,
    remainder_backward,
    keeps=both_for_the_divisor,
    refuses="bc",
    operator="mod",
    numbers="either",
    check=check_divisor,
    doc="``input - other * floor(input / other)``: of the sign of `other`.",
)
fmod = binary(
    "fmod",
    np.fmod,
    fmod_backward,
    keeps=both_for_the_divisor,
    refuses="bc",
    check=check_divisor,
    doc="``input - other * trunc(input / other)``: of the sign of `input`.",
)


def reciprocal_backward(node: Any, grad: Tensor) -> Tensor:
    """``d(1 / x) = -(1 / x)**2 * dx``."""
    result = kept(node)
    return -grad * conjugate(result * result)


reciprocal = unary(
    "reciprocal", np.reciprocal, reciprocal_backward, keeps=("result",), doc="``1 / input``."
)

# -- signs ------------------------------------------------------------------------------------------


def neg_backward(node: Any, grad: Tensor) -> Tensor:
    """``d(-x) = -dx``."""
    return -grad


@on_arrays(neg_backward)
def _neg_backward(node: Any, grad: Array) -> Any:
    return np.negative(grad)


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


@operation(methods=("positive", "__pos__"))
def positive(input: Tensor) -> Tensor:
    """The tensor itself.

    Raises:
        RuntimeError: it is bool.
    """
    refuse("positive", tensor_argument("positive", "input", input).dtype, "b")
    return input


def abs_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient times the sign, 0 at 0."""
    input = kept(node)
    direction: Tensor = input.sgn()
    return grad * direction


abs = unary(
    "abs",
    np.absolute,
    abs_backward,
    floating=False,
    refuses="b",
    methods=("abs", "absolute", "__abs__"),
    out="same dtype",
    aliases=("absolute",),
    doc="The absolute value; of complex numbers a real one.",
)


def _sign(array: Array) -> Array:
    if array.dtype.kind == "b":
        return array.copy()
    value = np.sign(array)
    # NaN has no sign, in PyTorch; NumPy keeps it
    return np.asarray(np.where(np.isnan(array), array.dtype.type(0), value))


def _signbit(array: Array) -> Array:
    return np.asarray(np.signbit(array) if array.dtype.kind == "f" else array < 0)


sign = unary(
    "sign",
    _sign,
    zero_slope,
    keeps=(),
    floating=False,
    refuses="c",
    doc="-1, 0 or 1.",
)


def sgn_backward(node: Any, grad: Tensor) -> Tensor:
    """0 of real numbers; of complex ones, the part of the gradient along the circle."""
    input = kept(node)
    if input._array.dtype.kind != "c":
        return zero_slope(node, grad)
    size, direction = input.abs(), input.sgn()
    along = (grad / direction).real * direction
    return masked((grad - along) / size, size._array != 0)


sgn = unary(
    "sgn",
    _sign,
    sgn_backward,
    floating=False,
    doc="`sign`; of complex numbers, the one of absolute value 1 in the same direction.",
)
signbit = unary(
    "signbit",
    _signbit,
    floating=False,
    refuses="c",
    inplace=False,
    result="bool",
    doc="Whether the sign is negative, also that of -0.0.",
)


def copysign_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """The gradient with the sign that was changed, 0 at 0."""
    input, result = kept_pair(node)
    turned = (result / input).masked_fill(input == 0, 0) if node.needs[0] else None
    return (
        grad * turned if turned is not None else None,
        zero_slope(node, grad) if node.needs[1] else None,
    )


copysign = binary(
    "copysign",
    np.copysign,
    copysign_backward,
    keeps=lambda input, other: (input, RESULT),
    floating=True,
    refuses="c",
    doc="The absolute value of `input` with the sign of `other`.",
)
