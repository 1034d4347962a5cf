"""Element by element with broadcasting: two operands, three operands, comparisons, assignment."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from shapetorch.dim import UNKNOWN_DIM, Shape, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.inplace import check_inplace
from shapetorch.rules.registry import Number, Sizes, rule

# each word is a name, or name:second where the second parameter is not called `other`
ARITHMETIC = {
    "promote": """add sub subtract mul multiply floor_divide fmod remainder pow:exponent
        float_power:exponent gcd lcm copysign nextafter heaviside:values
        bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift""",
    "float": "div divide true_divide atan2 arctan2 hypot ldexp xlogy igamma igammac",
    "bool": """eq ne lt le gt ge less less_equal greater greater_equal not_equal
        logical_and logical_or logical_xor""",
}
WITHOUT_INPLACE = {"promote": "maximum minimum fmax fmin", "float": "logaddexp logaddexp2"}
OPERATORS = {
    "promote": "add sub mul floordiv mod pow and or xor lshift rshift",
    "float": "truediv",
}
COMPARISONS = "eq ne lt le gt ge"
SPECIAL = """xlogy xlog1py zeta gammainc gammaincc chebyshev_polynomial_t:n chebyshev_polynomial_u:n
    chebyshev_polynomial_v:n chebyshev_polynomial_w:n hermite_polynomial_h:n hermite_polynomial_he:n
    laguerre_polynomial_l:n legendre_polynomial_p:n shifted_chebyshev_polynomial_t:n
    shifted_chebyshev_polynomial_u:n shifted_chebyshev_polynomial_v:n shifted_chebyshev_polynomial_w:n"""


def binary(operation: str, first: str = "input", second: str = "other") -> Callable[..., Shape]:
    """The rule of an operation on two broadcast operands, with parameters so called."""

    def shape(**operands: Shape) -> Shape:
        return broadcast_all(operation, operands[first], operands[second])

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    shape.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(item, kind, annotation="Shape | Number") for item in (first, second)]
    )
    return shape


def _register_binary() -> None:
    for inplace, table in ((True, ARITHMETIC), (False, WITHOUT_INPLACE)):
        for dtype, text in table.items():
            for word in text.split():
                item, _, second = word.partition(":")
                rule(item, functions=(item,), methods=(item,), dtype=dtype, inplace=inplace)(
                    binary(item, second=second or "other")
                )
    for word in SPECIAL.split():
        item, _, second = word.partition(":")
        rule(item, functions=(item,), module="torch.special", dtype="float")(
            binary(item, second=second or "other")
        )
    rule("rsub", functions=("rsub",))(binary("rsub"))
    rule("complex", functions=("complex",), dtype="unknown")(binary("complex", "real", "imag"))
    rule("polar", functions=("polar",), dtype="unknown")(binary("polar", "abs", "angle"))


def inplace_binary(operation: str) -> Callable[..., Shape]:
    """The rule of an operation that writes its result to the first operand."""

    def shape(input: Shape, other: Shape | Number) -> Shape:
        return check_inplace(operation, input, broadcast_all(operation, input, other))

    return shape


def _register_inplace_functions() -> None:
    """The few in-place forms that are functions as well."""
    for item in ("gcd_", "lcm_", "ldexp_", "xlogy_"):
        rule(item, functions=(item,), dtype="same")(inplace_binary(item))


def _register_operators() -> None:
    for dtype, text in OPERATORS.items():
        for item in text.split():
            methods = (f"__{item}__", f"__r{item}__")
            rule(f"__{item}__", methods=methods, dtype=dtype, inplace=True)(binary(SYMBOLS[item]))
    for item in COMPARISONS.split():
        rule(f"__{item}__", methods=(f"__{item}__",), dtype="bool")(binary(SYMBOLS[item]))


SYMBOLS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "and": "&",
    "or": "|",
    "xor": "^",
    "lshift": "<<",
    "rshift": ">>",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}

_register_binary()
_register_inplace_functions()
_register_operators()


@rule("isclose", functions=("isclose",), methods=("isclose",), dtype="bool")
def isclose_shape(
    input: Shape, other: Shape, rtol: object = 1e-5, atol: object = 1e-8, equal_nan: object = False
) -> Shape:
    """Shape of the comparison up to a tolerance: both broadcast."""
    return broadcast_all("isclose", input, other)


@rule("allclose", functions=("allclose",), methods=("allclose",))
def allclose_shape(
    input: Shape, other: Shape, rtol: object = 1e-5, atol: object = 1e-8, equal_nan: object = False
) -> None:
    """No tensor: one truth value for two tensors that must broadcast."""
    broadcast_all("allclose", input, other)


@rule("equal", functions=("equal",), methods=("equal",))
def equal_shape(input: Shape, other: Shape) -> None:
    """No tensor: one truth value, False for different shapes."""


@rule("dist", functions=("dist",), methods=("dist",), dtype="float")
def dist_shape(input: Shape, other: Shape, p: object = 2) -> Shape:
    """``()``: the norm of the difference of two tensors that must broadcast."""
    broadcast_all("dist", input, other)
    return ()


@rule("where", functions=("where",))
def where_shape(condition: Shape, input: Shape | Number, other: Shape | Number) -> Shape:
    """Shape of a choice between two tensors: all three broadcast.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    return broadcast_all("where", condition, input, other)


@rule("where", methods=("where",))
def where_method_shape(input: Shape, condition: Shape, other: Shape | Number) -> Shape:
    """Shape of a choice between two tensors: all three broadcast."""
    return broadcast_all("where", condition, input, other)


@rule("where", functions=("where",), dtype="int64")
def where_indices_shape(condition: Shape) -> list[Shape]:
    """One vector of indices for each dim, as long as there are true elements."""
    return [(UNKNOWN_DIM,) for _ in range(max(len(condition), 1))]


@rule("clamp", functions=("clamp", "clip"), methods=("clamp", "clip"), inplace=True)
def clamp_shape(
    input: Shape, min: Shape | Number | None = None, max: Shape | Number | None = None
) -> Shape:
    """Shape of the tensor kept between bounds: all that are given broadcast.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, argument_error_value.
    """
    if min is None and max is None:
        raise ShapeError(
            ErrorKind.argument_error_value, ("min", None), "clamp: one of min and max must be given"
        )
    return broadcast_all("clamp", input, *(bound for bound in (min, max) if bound is not None))


@rule("clamp_min", functions=("clamp_min", "clamp_min_"), methods=("clamp_min",), inplace=True)
def clamp_min_shape(input: Shape, min: Shape | Number) -> Shape:
    """Shape of the tensor kept above a bound: both broadcast."""
    return broadcast_all("clamp_min", input, min)


@rule("clamp_max", functions=("clamp_max", "clamp_max_"), methods=("clamp_max",), inplace=True)
def clamp_max_shape(input: Shape, max: Shape | Number) -> Shape:
    """Shape of the tensor kept below a bound: both broadcast."""
    return broadcast_all("clamp_max", input, max)


@rule("lerp", functions=("lerp",), methods=("lerp",), inplace=True)
def lerp_shape(input: Shape, end: Shape, weight: Shape | Number) -> Shape:
    """Shape of the interpolation: all three broadcast."""
    return broadcast_all("lerp", input, end, weight)


@rule("addcmul", functions=("addcmul",), methods=("addcmul",), inplace=True)
def addcmul_shape(input: Shape, tensor1: Shape, tensor2: Shape, *, value: object = 1) -> Shape:
    """Shape of ``input + value * tensor1 * tensor2``: all three broadcast."""
    return broadcast_all("addcmul", input, tensor1, tensor2)


@rule("addcdiv", functions=("addcdiv",), methods=("addcdiv",), inplace=True)
def addcdiv_shape(input: Shape, tensor1: Shape, tensor2: Shape, *, value: object = 1) -> Shape:
    """Shape of ``input + value * tensor1 / tensor2``: all three broadcast."""
    return broadcast_all("addcdiv", input, tensor1, tensor2)


@rule("masked_fill", functions=("masked_fill",), methods=("masked_fill",), inplace=True)
def masked_fill_shape(input: Shape, mask: Shape, value: Shape | Number) -> Shape:
    """Shape of the tensor with `value` where `mask` is true: both broadcast.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, rank_error_mismatch.
    """
    _check_scalar("masked_fill", value)
    return broadcast_all("masked_fill", input, mask)


@rule("fill", functions=("fill", "fill_"), methods=("fill_",))
def fill_shape(input: Shape, value: Shape | Number) -> Shape:
    """Shape of the tensor filled with a number.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    _check_scalar("fill_", value)
    return input


@rule("zero_", functions=("zero_",), dtype="same")
def zero_shape(input: Shape) -> Shape:
    """Shape of the tensor filled with 0."""
    return input


@rule("copy_", methods=("copy_",), dtype="same")
def copy_shape(input: Shape, src: Shape, non_blocking: object = False) -> Shape:
    """Shape of the tensor that is written to; `src` broadcasts to it.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, inplace_error_shape_changed.
    """
    return check_inplace("copy_", input, broadcast_all("copy_", input, src))


def _check_scalar(operation: str, value: Shape) -> None:
    if value:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (0, len(value), value),
            f"{operation}: the value must be a number or a 0-D tensor, got {render_shape(value)}",
        )


@rule("clamp_", functions=("clamp_", "clip_"), dtype="same")
def clamp_inplace_shape(
    input: Shape, min: Shape | Number | None = None, max: Shape | Number | None = None
) -> Shape:
    """Shape of the tensor, kept between bounds in place."""
    return check_inplace("clamp_", input, clamp_shape(input, min, max))


@rule("sum_to_size", methods=("sum_to_size",), spread="size", dtype="same")
def sum_to_size_shape(input: Shape, size: Sizes) -> Shape:
    """Shape ``size``, which expands to the tensor: the dims it lacks or has as 1 are summed.

    Raises:
        ShapeError: expand_error_incompatible.
    """
    target = tuple(size)

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.expand_error_incompatible,
            (target, input),
            f"sum_to_size: the size must expand to the tensor, "
            f"got {render_shape(target)} for {render_shape(input)}",
        )

    if len(target) > len(input):
        raise error()
    for own, wanted in zip(input[len(input) - len(target) :], target, strict=True):
        if wanted != 1:
            check_equal(own, wanted, error)
    return target
