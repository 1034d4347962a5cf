"""Powers, roots, exponentials and logarithms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import is_number, tensor_argument
from shapetorch.tensor.array_gradients import kept_array, on_arrays
from shapetorch.tensor.compute import compiled, elementwise
from shapetorch.tensor.dtypes import DTYPES, FLOATING
from shapetorch.tensor.fast import KERNELS_OF, fast_operator, fast_unary, fast_unary_write
from shapetorch.tensor.histories import needs_grad, recording
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import masked
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import assign, before_writing, operation, write_out
from shapetorch.tensor.operators import add_operators, name_function
from shapetorch.tensor.pointwise import (
    add_in_place_functions,
    binary,
    common_arrays,
    common_dtype,
    refuse,
    unary,
)
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.scalars import element
from shapetorch.tensor.slopes import conjugate, kept, kept_pair, slope
from shapetorch.tensor.tape import attach_two, record
from shapetorch.tensor.tensors import Array, Tensor

LN2, LN10 = math.log(2), math.log(10)
_ndarray = np.ndarray


def _exp2(array: Array) -> Array:
    if array.dtype.kind == "c":
        return np.asarray(np.exp(array * array.dtype.type(LN2)))
    return np.asarray(np.exp2(array))


# -- exponentials and logarithms --------------------------------------------------------------------

exp = unary(
    "exp", np.exp, slope(lambda result: result, True), keeps=("result",), doc="``e**input``."
)
exp2 = unary(
    "exp2",
    _exp2,
    slope(lambda result: result * LN2, True),
    keeps=("result",),
    aliases=("special.exp2",),
    doc="``2**input``.",
)
expm1 = unary(
    "expm1",
    np.expm1,
    slope(lambda result: result + 1, True),
    keeps=("result",),
    aliases=("special.expm1",),
    doc="``e**input - 1``, exact near 0.",
)


def log_backward(node: Any, grad: Tensor) -> Tensor:
    """``d log(x) = dx / x``."""
    input = kept(node)
    return grad / conjugate(input)


@on_arrays(log_backward)
def _log_backward(node: Any, grad: Array) -> Any:
    return grad / kept_array(node, grad.dtype)


def log2_backward(node: Any, grad: Tensor) -> Tensor:
    """``d log2(x) = dx / (x * log(2))``."""
    input = kept(node)
    return grad / conjugate(input * LN2)


def log10_backward(node: Any, grad: Tensor) -> Tensor:
    """``d log10(x) = dx / (x * log(10))``."""
    input = kept(node)
    return grad / conjugate(input * LN10)


def log1p_backward(node: Any, grad: Tensor) -> Tensor:
    """``d log1p(x) = dx / (x + 1)``."""
    input = kept(node)
    return grad / conjugate(input + 1)


log = unary("log", np.log, log_backward, doc="The natural logarithm.")
log2 = unary("log2", np.log2, log2_backward, doc="The logarithm to base 2.")
log10 = unary("log10", np.log10, log10_backward, doc="The logarithm to base 10.")
log1p = unary(
    "log1p",
    np.log1p,
    log1p_backward,
    aliases=("special.log1p",),
    doc="``log(1 + input)``, exact near 0.",
)


def logaddexp_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """Each operand's share in the sum."""
    input, other = kept_pair(node)
    return (
        grad / conjugate(1 + (other - input).exp()) if node.needs[0] else None,
        grad / conjugate(1 + (input - other).exp()) if node.needs[1] else None,
    )


def logaddexp2_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """Each operand's share in the sum."""
    input, other = kept_pair(node)
    return (
        grad / (1 + (other - input).exp2()) if node.needs[0] else None,
        grad / (1 + (input - other).exp2()) if node.needs[1] else None,
    )


def _logaddexp(a: Array, b: Array) -> Array:
    if a.dtype.kind != "c":
        return np.asarray(np.logaddexp(a, b))
    larger = np.where(a.real >= b.real, a, b)
    return np.asarray(larger + np.log1p(np.exp(np.where(a.real >= b.real, b, a) - larger)))


logaddexp = binary(
    "logaddexp",
    _logaddexp,
    logaddexp_backward,
    refuses="bi",
    numbers="none",
    inplace=False,
    doc="``log(exp(input) + exp(other))`` without overflow.",
)
logaddexp2 = binary(
    "logaddexp2",
    np.logaddexp2,
    logaddexp2_backward,
    refuses="bic",
    numbers="none",
    inplace=False,
    doc="``log2(2**input + 2**other)`` without overflow.",
)

# -- roots ------------------------------------------------------------------------------------------


def sqrt_backward(node: Any, grad: Tensor) -> Tensor:
    """``d sqrt(x) = dx / (2 * sqrt(x))``."""
    result = kept(node)
    return grad / conjugate(result * 2)


@on_arrays(sqrt_backward)
def _sqrt_backward(node: Any, grad: Array) -> Any:
    return grad / (kept_array(node, grad.dtype) * 2)


def rsqrt_backward(node: Any, grad: Tensor) -> Tensor:
    """``d x**-0.5 = -0.5 * x**-1.5 * dx``."""
    result = kept(node)
    return grad * conjugate(result**3) * -0.5


_rsqrt = compiled("rsqrt", lambda array: np.reciprocal(np.sqrt(array)), 1 << 10)

sqrt = unary("sqrt", np.sqrt, sqrt_backward, keeps=("result",), doc="The square root.")
rsqrt = unary("rsqrt", _rsqrt, rsqrt_backward, keeps=("result",), doc="``1 / sqrt(input)``.")

# -- powers -----------------------------------------------------------------------------------------


def pow_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d x**p = p * x**(p-1) * dx + x**p * log(x) * dp``; what does not depend on x or p is 0."""
    input, exponent, result = node.saved
    of_input = of_exponent = None
    if node.needs[0]:
        of_input = _of_base(grad, input, exponent)
    if node.needs[1]:
        of_exponent = _of_exponent(grad, input, exponent, result)
    return of_input, of_exponent


def _of_base(grad: Tensor, input: Tensor, exponent: Any) -> Tensor:
    if not isinstance(exponent, Tensor):
        if exponent == 0:
            return grad * 0
        factor: Tensor = conjugate(input ** (exponent - 1) * exponent)
        return grad * factor
    made = grad * conjugate(exponent * input ** (exponent - 1))
    return masked(made, exponent._array != 0)


def _of_exponent(grad: Tensor, input: Any, exponent: Tensor, result: Tensor) -> Tensor:
    base = input if isinstance(input, Tensor) else None
    power = exponent._array
    positive = (power.real >= 0) & (power.imag == 0) if power.dtype.kind == "c" else power >= 0
    if base is None:
        if input == 0:
            return masked(grad * conjugate(result * -math.inf), ~positive)
        number = complex(input) if isinstance(input, complex) or input < 0 else float(input)
        factor = (
            np.log(number).item()
            if isinstance(number, float) or exponent.is_complex()
            else math.nan
        )
        return grad * conjugate(result * factor)
    flat = positive & (base._array == 0)
    return masked(grad * conjugate(result * base.log()), ~flat)


def _keeps(input: Any, exponent: Any) -> tuple[Any, ...]:
    """The base for its own gradient, the result for the exponent's."""
    wants_power = isinstance(exponent, Tensor) and needs_grad(exponent)
    wants_base = isinstance(input, Tensor) and needs_grad(input)
    return (
        input if wants_base or wants_power else None,
        exponent,
        RESULT if wants_power else None,
    )


def power(a: Array, b: Array) -> Array:
    """``a ** b`` of arrays of one dtype; integers wrap around, and their negative powers are 0."""
    if a.dtype.kind == "f":
        return _float_power(a, b)
    if a.dtype.kind != "i" or not np.any(b < 0):
        return np.asarray(np.power(a, b))
    value = np.power(a, np.maximum(b, 0))
    odd = np.where(b % 2 == 1, a, a * a)
    inverse = np.where(np.abs(a) == 1, odd, 0)
    return np.asarray(np.where(b < 0, inverse, value)).astype(a.dtype)


def _float_power(a: Any, b: Any) -> Array:
    """``a ** b``, without the square root that NumPy may take if b is 0.5: it gives NaN of -inf and keeps -0."""
    if np.any(is_half := np.equal(b, 0.5)):
        a = np.asarray(a, b.dtype)
        a = np.where(is_half & ((a == 0) | np.isinf(a)), np.absolute(a), a)
    return np.asarray(np.power(a, b))


KERNELS_OF[power] = "pow"

_SHORT: dict[float, Any] = {
    1.0: np.positive,
    2.0: np.square,
    3.0: lambda array: array * array * array,
    0.5: np.sqrt,
    -0.5: _rsqrt,
    -1.0: np.reciprocal,
    -2.0: lambda array: np.reciprocal(array * array),
}
"""For exponents that need no logarithm, the function."""
_STEPPED = {3.0, -2.0}
"""Exponents for which PyTorch rounds to bfloat16 in between."""


def raised(input: Any, exponent: Any, symbol: str) -> Tensor:
    """The power, and its record."""
    if not isinstance(input, Tensor) and not (is_number(input) and isinstance(exponent, Tensor)):
        tensor_argument("pow", "input", input)
    if not isinstance(exponent, Tensor) and not is_number(exponent):
        tensor_argument("pow", "exponent", exponent, 2)
    common = common_dtype((input, exponent))
    if common.category < FLOATING and not isinstance(exponent, Tensor):
        if exponent < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        element(exponent, common.numpy)
        if exponent in (0, 1):
            value = input._array.copy() if exponent else np.ones_like(input._array)
            return record(value.astype(common.numpy, copy=False), (input,), pow_backward)
    refuse("pow", common, "b")
    a, b = common_arrays("pow", (input, exponent))
    if a.shape != b.shape and a.ndim and b.ndim:
        judged(symbol, input, exponent)
    short = None
    if not isinstance(exponent, (Tensor, complex)) and common.category >= FLOATING:
        short = _SHORT.get(float(exponent))
    if a.dtype.char == "e" and short is not None and exponent % 1:
        short = None  # a square root keeps -0, which a power does not
    if a.dtype.kind == "V" and short is not None and exponent in _STEPPED:
        value = np.asarray(quietly(short, a))
    elif short is not None and (common.category == FLOATING or exponent > 0):
        value = elementwise(short, a)
        value = value.copy() if value is a else value
    else:
        value = elementwise(power, a, b)
    return record(value, (input, exponent), pow_backward, _keeps(input, exponent))


def _quick(array: Array, exponent: Any) -> Any:
    """The power of a floating array by an array of its dtype or a number."""
    short = None if exponent.__class__ is _ndarray else _SHORT.get(exponent)
    if short is not None:
        return short(array)
    return (_float_power if exponent.__class__ is _ndarray else np.power)(array, exponent)


KERNELS_OF[_quick] = "pow"


def _raise_in_place(self: Tensor, exponent: Any, symbol: str) -> Tensor:
    source = before_writing(self) if recording((self, exponent)) else self
    return assign("pow_", self, raised(source, exponent, symbol))


def pow_(self: Tensor, exponent: Tensor | complex) -> Tensor:
    """`pow` in place."""
    return _raise_in_place(self, exponent, "pow")


def _recorded(made: Tensor, input: Any, exponent: Any) -> Tensor:
    if recording((input, exponent)):
        attach_two(made, input, exponent, pow_backward, _keeps(input, exponent))
    return made


def _general(input: Any, exponent: Any) -> Tensor:
    return raised(input, exponent, "pow")


_power_operator = fast_operator(_quick, _general, _recorded)


@operation(methods=("pow",), inplace=pow_, out=True)
def pow(input: Tensor | complex, exponent: Tensor | complex) -> Tensor:
    """``input ** exponent``.

    Args:
        input: The base, a tensor or a number.
        exponent: A tensor that broadcasts with it, or a number.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: an integer base has a negative number as exponent.
    """
    if input.__class__ is Tensor:
        return _power_operator(input, exponent)  # type: ignore[no-any-return]
    return raised(input, exponent, "pow")


add_operators(
    "pow", _quick, lambda a, b, out, symbol: raised(a, b, symbol), _raise_in_place, _recorded
)


def _square(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    made = raised(tensor_argument("square", "input", input), 2, "pow")
    return made if out is None else write_out("square", out, made, (input,))


def _square_in_place(self: Tensor) -> Tensor:
    return _raise_in_place(tensor_argument("square_", "input", self), 2, "pow")


def _recorded_square(made: Tensor, input: Tensor) -> Tensor:
    return _recorded(made, input, 2)


square = fast_unary(np.square, _square, _recorded_square)
square_ = fast_unary_write(np.square, _square_in_place)
name_function(square, "square", "``input * input``.")
name_function(square_, "square_", "`square` in place.")
operation("square", methods=("square",), inplace=square_)(square)
add_in_place_functions(("square",))


def float_power_(self: Tensor, exponent: Tensor | complex) -> Tensor:
    """`float_power` in place.

    Raises:
        RuntimeError: the tensor is not of double precision.
    """
    if not is_number(exponent):
        tensor_argument("float_power_", "exponent", exponent, 2)
    kind = "complex128" if common_dtype((self, exponent)).is_complex else "float64"
    if self.dtype.name != kind:
        raise RuntimeError(
            f"the base given to float_power_ has dtype {self.dtype.name} but the operation's result "
            f"requires dtype {kind}"
        )
    return _raise_in_place(self, exponent, "float_power")


@operation(methods=("float_power",), inplace=float_power_, out="same dtype")
def float_power(input: Tensor | complex, exponent: Tensor | complex) -> Tensor:
    """``input ** exponent`` in double precision."""
    common = common_dtype((input, exponent))
    kind = DTYPES["complex128" if common.is_complex else "float64"]
    convert = complex if common.is_complex else float
    base = input.to(kind) if isinstance(input, Tensor) else convert(input)  # type: ignore[arg-type]
    power = exponent.to(kind) if isinstance(exponent, Tensor) else convert(exponent)  # type: ignore[arg-type]
    return raised(base, power, "float_power")


@operation(methods=("ldexp",), inplace=True, out=True)
def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """``input * 2**other``."""
    tensor_argument("ldexp", "input", input)
    tensor_argument("ldexp", "other", other, 2)
    judged("ldexp", input, other)
    if input.dtype.category == FLOATING and other.dtype.category < FLOATING:
        power = raised(
            2.0, other.to(DTYPES["float64"]), "pow"
        )  # which is larger than the result may be
        return (input * power).to(input.dtype)  # type: ignore[no-any-return]
    return input * raised(2.0, other, "pow")


add_in_place_functions(("ldexp",))
