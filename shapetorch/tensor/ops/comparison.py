"""Comparisons of elements, and the larger or smaller of two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import is_number, tensor_argument
from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.dtypes import BOOL, FLOATING, of_number
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import masked
from shapetorch.tensor.operations import operation
from shapetorch.tensor.operators import add_comparison, name_function
from shapetorch.tensor.pointwise import binary, common_arrays, refuse
from shapetorch.tensor.slopes import kept_pair
from shapetorch.tensor.tensors import Array, Tensor, wrap, wrap_result

COMPARISONS: tuple[tuple[str, str, Any, str, str], ...] = (
    ("eq", "eq", np.equal, "", "Where the elements are equal."),
    ("ne", "not_equal", np.not_equal, "", "Where the elements differ."),
    ("lt", "less", np.less, "c", "Where `input` is less."),
    ("le", "less_equal", np.less_equal, "c", "Where `input` is less or equal."),
    ("gt", "greater", np.greater, "c", "Where `input` is greater."),
    ("ge", "greater_equal", np.greater_equal, "c", "Where `input` is greater or equal."),
)


def _declare(name: str, alias: str, compute: Any, refuses: str, doc: str) -> Callable[..., Tensor]:
    names = (name,) if alias == name else (name, alias)
    function = binary(
        name, compute, refuses=refuses, result="bool", methods=names, aliases=names[1:], doc=doc
    )

    add_comparison(name, compute, function)
    return function


eq, ne, lt, le, gt, ge = (_declare(*row) for row in COMPARISONS)


# -- the larger and the smaller ---------------------------------------------------------------------


def _shared(grad: Tensor, better: Array, ties: Array) -> Tensor:
    """The gradient of the operand that was chosen; half of it where both are equal."""
    half = masked(grad, better | ties)
    return (
        half * wrap(np.where(ties, 0.5, 1.0).astype(grad._array.real.dtype)) if ties.any() else half
    )


def maximum_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """To the larger operand, to both halves where they are equal."""
    input, other = kept_pair(node)
    a, b = input._array, other._array
    ties = a == b
    # NaN is neither: like PyTorch, both then get the gradient
    return (
        _shared(grad, ~(a < b), ties) if node.needs[0] else None,
        _shared(grad, ~(b < a), ties) if node.needs[1] else None,
    )


def minimum_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """To the smaller operand, to both halves where they are equal."""
    input, other = kept_pair(node)
    a, b = input._array, other._array
    ties = a == b
    return (
        _shared(grad, ~(a > b), ties) if node.needs[0] else None,
        _shared(grad, ~(b > a), ties) if node.needs[1] else None,
    )


def fmax_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """To the larger operand; to the first where they are equal or the second is NaN."""
    input, other = kept_pair(node)
    first = (input._array >= other._array) | np.isnan(other._array)
    return masked(grad, first), masked(grad, ~first)


def fmin_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """To the smaller operand; to the first where they are equal or the second is NaN."""
    input, other = kept_pair(node)
    first = (input._array <= other._array) | np.isnan(other._array)
    return masked(grad, first), masked(grad, ~first)


maximum = binary(
    "maximum",
    np.maximum,
    maximum_backward,
    refuses="c",
    numbers="none",
    inplace=False,
    doc="The larger of two elements; NaN if either is.",
)
minimum = binary(
    "minimum",
    np.minimum,
    minimum_backward,
    refuses="c",
    numbers="none",
    inplace=False,
    doc="The smaller of two elements; NaN if either is.",
)
fmax = binary(
    "fmax",
    np.fmax,
    fmax_backward,
    refuses="c",
    numbers="none",
    inplace=False,
    doc="The larger of two elements; the other one if one is NaN.",
)
fmin = binary(
    "fmin",
    np.fmin,
    fmin_backward,
    refuses="c",
    numbers="none",
    inplace=False,
    doc="The smaller of two elements; the other one if one is NaN.",
)

# -- close and equal --------------------------------------------------------------------------------


def close(
    name: str, input: Tensor, other: Tensor, rtol: float, atol: float, equal_nan: bool
) -> Array:
    """Where ``|input - other| <= atol + rtol * |other|``, or both are equal."""
    tensor_argument(name, "input", input)
    tensor_argument(name, "other", other, 2)
    if input._array.dtype != other._array.dtype:
        raise RuntimeError(f"{name}: {input.dtype} did not match {other.dtype}")
    if rtol < 0 or atol < 0:
        raise RuntimeError(
            f"{name}: rtol and atol must be greater than or equal to zero, got {rtol}, {atol}"
        )
    judged(name, input, other)

    def compute(a: Array, b: Array) -> Any:
        same = a == b
        if equal_nan:
            same = same | (np.isnan(a) & np.isnan(b))
        if (rtol == 0 and atol == 0) or a.dtype.kind == "b":
            return same
        wide = np.float64 if a.dtype.kind in "iu" else a.dtype
        error = np.abs(a.astype(wide, copy=False) - b.astype(wide, copy=False))
        allowed = atol + np.abs(rtol * b.astype(wide, copy=False))
        return same | (np.isfinite(error) & (error <= allowed))

    return elementwise(compute, input._array, other._array)


@operation(methods=("isclose",))
def isclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Tensor:
    """Where ``|input - other| <= atol + rtol * |other|``."""
    return wrap(close("isclose", input, other, rtol, atol, equal_nan))


@operation(methods=("allclose",))
def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Whether all elements are close, see `isclose`."""
    return bool(close("allclose", input, other, rtol, atol, equal_nan).all())


@operation(methods=("equal",))
def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and elements."""
    a = tensor_argument("equal", "input", input)._array
    b = tensor_argument("equal", "other", other, 2)._array
    return a.shape == b.shape and bool(np.all(np.equal(*common_arrays("equal", (input, other)))))


# -- what kind of number ----------------------------------------------------------------------------


def _isinf(array: Array) -> Any:
    return np.isinf(array) if array.dtype.kind in "fc" else np.zeros(array.shape, np.bool_)


def _isfinite(array: Array) -> Any:
    return np.isfinite(array) if array.dtype.kind in "fc" else np.ones(array.shape, np.bool_)


def _isnan(array: Array) -> Any:
    return np.isnan(array) if array.dtype.kind in "fc" else np.zeros(array.shape, np.bool_)


def _isposinf(array: Array) -> Any:
    return _isinf(array) & (array > 0)


def _isneginf(array: Array) -> Any:
    return _isinf(array) & (array < 0)


def _isreal(array: Array) -> Any:
    return array.imag == 0 if array.dtype.kind == "c" else np.ones(array.shape, np.bool_)


def _declare_predicate(
    name: str, compute: Any, doc: str, *, is_ordered: bool = False
) -> Callable[..., Tensor]:
    def predicate(input: Tensor) -> Tensor:
        array = tensor_argument(name, "input", input)._array
        if is_ordered:
            refuse(name, input.dtype, "c")
        return wrap_result(elementwise(compute, array))

    name_function(predicate, name, doc)
    return operation(name, methods=(name,), out="same dtype" if is_ordered else False)(predicate)


isinf = _declare_predicate("isinf", _isinf, "Where the elements are infinite.")
isfinite = _declare_predicate("isfinite", _isfinite, "Where they are neither infinite nor NaN.")
isnan = _declare_predicate("isnan", _isnan, "Where the elements are NaN.")
isreal = _declare_predicate("isreal", _isreal, "Where the imaginary part is 0.")
isposinf = _declare_predicate(
    "isposinf", _isposinf, "Where the elements are infinity.", is_ordered=True
)
isneginf = _declare_predicate(
    "isneginf", _isneginf, "Where the elements are -infinity.", is_ordered=True
)


@operation(out="same dtype")
def isin(
    elements: Tensor | complex,
    test_elements: Tensor | complex,
    *,
    assume_unique: bool = False,
    invert: bool = False,
) -> Tensor:
    """Whether each of `elements` is among `test_elements`.

    Args:
        elements: A tensor of any shape, or a number.
        test_elements: A tensor of any shape, or a number.
        assume_unique: Whether neither has an element twice; only a hint.
        invert: Whether to say where they are not.
    """
    judged("isin", elements, test_elements)
    if not isinstance(elements, Tensor) and not isinstance(test_elements, Tensor):
        tensor_argument("isin", "elements", elements)
    for value in (elements, test_elements):
        if not isinstance(value, Tensor) and not is_number(value):
            raise TypeError(f"isin(): expected tensors or numbers, got {type(value).__name__}")
        kind = value.dtype if isinstance(value, Tensor) else of_number(value)
        if kind.category == BOOL or kind.category > FLOATING:
            raise RuntimeError(f"Unsupported input type encountered for isin(): {kind}")
    a, b = common_arrays("isin", (elements, test_elements))
    found = elementwise(lambda x, y: np.isin(x, y, invert=invert), a, b)
    return wrap(np.asarray(found))
