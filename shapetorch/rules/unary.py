"""Operations whose result has the shape of their tensor, whatever it is.

Activation functions and dropout are in `activations`.
The tables say which names exist as functions, methods and in-place forms, and what else the
functions take; none of it bears on the shape.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from shapetorch.dim import Shape, Size, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.registry import rule

# name: further parameters
WITH_INPLACE = {  # torch.f, torch.f_, Tensor.f, Tensor.f_
    "float": """acos acosh asin asinh atan atanh arccos arccosh arcsin arcsinh arctan arctanh
        cos cosh deg2rad erf erfc exp exp2 expm1 i0 log log10 log1p log2 rad2deg reciprocal rsqrt
        sigmoid sin sinc sinh sqrt tan tanh logit(eps=None)""",
    "same": """abs ceil conj_physical fix floor frac nan_to_num(nan=None,posinf=None,neginf=None)
        neg negative round(*,decimals=0) square trunc detach""",
}
WITHOUT_INPLACE_FUNCTION = {  # torch.f, Tensor.f, Tensor.f_
    "float": "digamma erfinv lgamma mvlgamma(p)",
    "same": "absolute bitwise_not sgn sign bernoulli(p=None)",
    "bool": "logical_not",
}
NEVER_INPLACE = {  # torch.f, Tensor.f
    "same": "conj positive resolve_conj resolve_neg clone",
    "bool": "isfinite isinf isnan isneginf isposinf isreal signbit",
    "float": "angle",
}
SPECIAL = {  # torch.special.f
    "float": """airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 digamma entr erf erfc erfcx erfinv exp2
        expit expm1 gammaln i0 i0e i1 i1e log1p log_ndtr logit(eps=None) modified_bessel_i0
        modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 multigammaln(p) ndtr ndtri psi
        scaled_modified_bessel_k0 scaled_modified_bessel_k1 sinc spherical_bessel_j0""",
    "same": "round(*,decimals=0)",
}
CONVERSIONS = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "bfloat16": "bfloat16",
    "bool": "bool",
    "int": "int32",
    "long": "int64",
    "short": "int16",
    "byte": "uint8",
    "char": "int8",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "chalf": "complex32",
}
METHODS_ONLY = """contiguous cpu(memory_format=None) cuda(device=None,non_blocking=False,memory_format=None)
    pin_memory(device=None) share_memory_ requires_grad_(requires_grad=True) zero_
    normal_(mean=0,std=1) uniform_(from_=0,to=1) random_(from_=0,to=None)
    bernoulli_(p=0.5) exponential_(lambd=1) cauchy_(median=0,sigma=1) log_normal_(mean=1,std=2)
    geometric_(p) apply_(callable) map_(tensor,callable) __neg__ __pos__ __abs__ __invert__"""


def signature(first: str, text: str) -> inspect.Signature:
    """The signature ``(first: Shape, a: object, b: object = 1)`` of the text ``a,b=1``."""
    tensor = inspect.Parameter(first, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation="Shape")
    found = [tensor]
    kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD
    for item in filter(None, text.split(",")):
        if item == "*":
            kind = inspect.Parameter.KEYWORD_ONLY
            continue
        label, _, default = item.partition("=")
        value = ast.literal_eval(default) if default else inspect.Parameter.empty
        found.append(inspect.Parameter(label, kind, default=value, annotation="object"))
    return inspect.Signature(found)


def same_shape(more: str = "") -> Callable[..., Shape]:
    """A rule that answers the shape of its first parameter; `more` lists the others."""

    def shape(input: Shape, **others: object) -> Shape:
        return input

    shape.__signature__ = signature("input", more)  # type: ignore[attr-defined]
    return shape


def entries(text: str) -> list[tuple[str, str]]:
    """``name(parameters)`` items of a table, taken apart."""
    out = []
    for item in text.split():
        label, _, rest = item.partition("(")
        out.append((label, rest.removesuffix(")")))
    return out


def _register_unary() -> None:
    for dtype, text in WITH_INPLACE.items():
        for item, more in entries(text):
            functions = (item, item + "_")
            rule(item, functions=functions, methods=(item,), dtype=dtype, inplace=True)(
                same_shape(more)
            )
    for dtype, text in WITHOUT_INPLACE_FUNCTION.items():
        for item, more in entries(text):
            inplace = item != "bernoulli"  # bernoulli_ takes other arguments
            rule(item, functions=(item,), methods=(item,), dtype=dtype, inplace=inplace)(
                same_shape(more)
            )
    for dtype, text in NEVER_INPLACE.items():
        for item, more in entries(text):
            rule(item, functions=(item,), methods=(item,), dtype=dtype)(same_shape(more))


def _register_functions() -> None:
    for dtype, text in SPECIAL.items():
        for item, more in entries(text):
            rule(item, functions=(item,), module="torch.special", dtype=dtype)(same_shape(more))
    rule("poisson", functions=("poisson",), dtype="same")(same_shape("generator=None"))


def _register_methods() -> None:
    for item, dtype in CONVERSIONS.items():
        rule(item, methods=(item,), dtype=dtype)(same_shape("*,memory_format=None"))
    for item, more in entries(METHODS_ONLY):
        rule(item, methods=(item,), dtype="same")(same_shape(more))


_register_unary()
_register_functions()
_register_methods()


@rule("to", methods=("to",), dtype="unknown")
def to_shape(
    input: Shape,
    device: object = None,
    dtype: object = None,
    non_blocking: object = False,
    copy: object = False,
) -> Shape:
    """Shape of the tensor with another dtype or device: its own."""
    return input


@rule("type", methods=("type",), dtype="unknown")
def type_shape(input: Shape, dtype: object, non_blocking: object = False) -> Shape:
    """Shape of the tensor cast to a type: its own."""
    return input


@rule("type_as", methods=("type_as",), dtype="unknown")
def type_as_shape(input: Shape, other: Shape) -> Shape:
    """Shape of the tensor cast to the type of another: its own."""
    return input


@rule("polygamma", functions=("polygamma", "special.polygamma"), dtype="float")
def polygamma_shape(n: object, input: Shape) -> Shape:
    """Shape of the n-th derivative of digamma: the tensor's."""
    return input


@rule("polygamma", methods=("polygamma",), dtype="float", inplace=True)
def polygamma_method_shape(input: Shape, n: object) -> Shape:
    """Shape of the n-th derivative of digamma: the tensor's."""
    return input


@rule("isin", functions=("isin",), dtype="bool")
def isin_shape(
    elements: Shape, test_elements: object, *, assume_unique: object = False, invert: object = False
) -> Shape:
    """Shape of ``elements``: whether each is among ``test_elements``."""
    return elements


@rule("isin", functions=("isin",), dtype="bool")
def isin_number_shape(
    element: object, test_elements: Shape, *, assume_unique: object = False, invert: object = False
) -> Shape:
    """Whether one number is among ``test_elements``: a scalar."""
    return ()


@rule("native_dropout", functions=("native_dropout",), dtype=("same", "bool"))
def native_dropout_shape(input: Shape, p: object, train: object) -> tuple[Shape, Shape]:
    """Shapes of the result and of its mask: both the tensor's."""
    return input, input


class MantissaExponent(NamedTuple):
    """Numbers as fractions and powers of 2."""

    mantissa: Shape
    exponent: Shape


@rule("frexp", functions=("frexp",), methods=("frexp",), dtype=("same", "int32"))
def frexp_shape(input: Shape) -> MantissaExponent:
    """Shapes of the fractions and of the powers of 2: both the tensor's."""
    return MantissaExponent(input, input)


@rule("fill_diagonal_", methods=("fill_diagonal_",), dtype="same")
def fill_diagonal_shape(input: Shape, fill_value: object, wrap: object = False) -> Shape:
    """Shape of the tensor; with more than two dims all sizes must be equal.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """
    if len(input) < 2:
        raise ShapeError(
            ErrorKind.linalg_error_requires_at_least_2d,
            (len(input), input),
            f"fill_diagonal_: the tensor must have rank 2 or more, got {render_shape(input)}",
        )
    for size in input[1:] if len(input) > 2 else ():
        _require_equal(input[0], size, input)
    return input


def _require_equal(first: Size, other: Size, shape: Shape) -> None:
    check_equal(
        first,
        other,
        lambda: ShapeError(
            ErrorKind.linalg_error_not_square_matrix,
            (first, other, shape),
            f"fill_diagonal_: all sizes must be equal, got {first} and {other} "
            f"from {render_shape(shape)}",
        ),
    )
