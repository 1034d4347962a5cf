"""Norms of vectors and matrices, and the distance of two tensors."""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import as_number, is_number, tensor_argument
from shapetorch.tensor.dtypes import COMPLEX, FLOATING, NARROW, can_cast, dtype
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import masked
from shapetorch.tensor.memory_order import rows_of
from shapetorch.tensor.modes import INFERENCE
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.reducing import kept, places, spread
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.sums import SMALL, sum_along
from shapetorch.tensor.tape import record_rows
from shapetorch.tensor.tensors import Array, Tensor, wrap

INFINITY = float("inf")
_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


# -- vectors ------------------------------------------------------------------------------------------


def vector_norm_backward(node: Any, grad: Tensor) -> Tensor:
    """``sgn(x) * |x|^(p-1) * (grad / norm^(p-1))``; zero where that has no meaning."""
    input, norm = node.saved
    p = node.p
    if p == 0:
        return input * 0  # type: ignore[no-any-return]
    if p == 1:
        return input.sgn() * spread(grad, node)  # type: ignore[no-any-return]
    if p == 2:
        whole = spread(norm, node)
        return spread(grad, node) * masked(input / whole, whole._array != 0)
    if abs(p) == INFINITY:
        return _extreme_gradient(input, norm, grad, node)
    whole = kept(norm, input._array.shape, node.over, node.keepdim)
    size = input.abs()
    nonzero = input._array != 0
    inner = masked(input.sgn() * size.pow(p - 1), nonzero) if p < 2 else input * size.pow(p - 2)
    weight = kept(grad, input._array.shape, node.over, node.keepdim) / whole.pow(p - 1)
    return inner * masked(weight, whole._array != 0)


def _extreme_gradient(input: Tensor, norm: Tensor, grad: Tensor, node: Any) -> Tensor:
    whole = kept(norm, input._array.shape, node.over, node.keepdim)
    found = np.abs(input._array) == whole._array
    found |= np.isnan(whole._array)
    count = np.add.reduce(found, axis=node.over, keepdims=True)
    weights = (found / np.maximum(count, 1)).astype(whole._array.dtype)
    return input.sgn() * spread(grad, node) * wrap(weights)  # type: ignore[no-any-return]


def norm_of(array: Array, p: float, over: tuple[int, ...], keepdim: bool) -> Array:
    """The p-norms of an array along dims, in the dtype of its real part."""
    with np.errstate(all="ignore"):
        if p == 2:
            if array.dtype.kind == "c":
                squares = np.square(array.real) + np.square(array.imag)
            else:
                squares = np.square(array)
            return np.asarray(np.sqrt(sum_along(squares, over, keepdim)))
        size = np.abs(array)
        if abs(p) == INFINITY:
            reduce = np.maximum.reduce if p > 0 else np.minimum.reduce
            initial = 0 if p > 0 and not array.size else np._NoValue
            return np.asarray(reduce(size, axis=over, keepdims=keepdim, initial=initial))  # type: ignore[call-overload]
        if p == 0:
            return np.asarray(
                np.add.reduce(array != 0, axis=over, keepdims=keepdim, dtype=size.dtype)  # type: ignore[call-overload]
            )
        if p == 1:
            return np.asarray(sum_along(size, over, keepdim))
        if not isnan(p) and all(size.shape[dim] == 1 for dim in over):
            # without a power of it, which might overflow
            return sum_along(size, over, keepdim)
        powers = sum_along(np.power(size, size.dtype.type(p)), over, keepdim)
        return np.asarray(np.power(powers, powers.dtype.type(1 / p)))


def _require_floating(name: str, input: Tensor) -> None:
    if input.dtype.category < FLOATING:
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got {input.dtype}"
        )


def p_norm(
    name: str, input: Tensor, p: float, dim: Any, keepdim: bool, wanted: dtype | None
) -> Tensor:
    """`linalg.vector_norm` after its shapes have been judged."""
    category = input.dtype.category
    _require_floating(name, input)
    if wanted is not None and wanted is not input.dtype:
        if wanted.category < FLOATING or (category == COMPLEX) != (wanted.category == COMPLEX):
            raise RuntimeError(
                f"{name}: dtype should be floating point or complex as the input is, got {wanted}"
            )
        if wanted.itemsize < input.dtype.itemsize or not can_cast(input.dtype, wanted):
            raise RuntimeError(
                f"{name}: the dtype of the input ({input.dtype}) should be convertible without narrowing "
                f"to the specified dtype ({wanted})"
            )
        input = input.to(wanted)
    over = places(dim, input._array.ndim)
    array = input._array
    wide = array.astype(np.float32) if array.dtype in NARROW else array
    result = norm_of(wide, float(p), over, keepdim)
    if array.dtype in NARROW:
        result = result.astype(array.dtype)
    saved = (input, RESULT)
    return record_rows(
        result, (input,), vector_norm_backward, saved, p=float(p), over=over, keepdim=keepdim
    )


@operation("linalg.vector_norm", out="same dtype")
def vector_norm(
    x: Tensor,
    ord: float = 2,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
) -> Tensor:
    """``sum(|x|^ord)^(1/ord)``: the norm of all elements, or along dims.

    Args:
        x: Any shape, floating or complex.
        ord: Any number; infinity gives the largest absolute value, minus infinity the smallest, 0 the
            number of elements that are not zero.
        dim: The dims; all of them if None.
        keepdim: Whether they stay, with size 1.
        dtype: In which it is computed, not narrower than the input's.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
            reduction_error_no_elements.
    """
    if not is_number(ord):
        raise TypeError(
            f"linalg_vector_norm(): argument 'ord' (position 2) must be Number, not {type(ord).__name__}"
        )
    _require_floating("linalg.vector_norm", tensor_argument("linalg.vector_norm", "x", x))
    judged("linalg.vector_norm", x, ord, dim, keepdim)
    return p_norm("linalg.vector_norm", x, ord, dim, keepdim, dtype)


# -- matrices -----------------------------------------------------------------------------------------


@operation("linalg.matrix_norm", out="same dtype")
def matrix_norm(
    A: Tensor,
    ord: Any = "fro",
    dim: Any = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
) -> Tensor:
    """The norm of each matrix of a batch.

    Args:
        A: ``(*batch, M, N)``, floating or complex.
        ord: "fro" (root of the sum of squares), "nuc" (sum of the singular values), 2 and -2 (largest and
            smallest singular value), 1 and -1 (of the sums of columns), infinity (of the sums of rows).
        dim: The two dims of the matrices.
        keepdim: Whether they stay, with size 1.
        dtype: In which it is computed.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, dimension_error_out_of_range,
            dimension_error_duplicate, argument_error_value.
    """
    tensor_argument("linalg.matrix_norm", "A", A)
    _check_matrix_norm(A, ord)
    judged("linalg.matrix_norm", A, ord, dim, keepdim)
    rank = A._array.ndim
    rows, columns = (int(item) % rank for item in dim)
    if dtype is not None:
        A = A.to(dtype)
    if ord == "fro":
        return p_norm("linalg.matrix_norm", A, 2, (rows, columns), keepdim, None)
    if ord == "nuc" or abs(ord) == 2:
        values = OPERATIONS["linalg.svdvals"].function(A.movedim((rows, columns), (-2, -1)))
        result = values.sum(-1) if ord == "nuc" else _end(values, ord, -1)
    else:
        first, last = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = p_norm("linalg.matrix_norm", A, 1, first, False, None)
        result = _end(sums, ord, last - (first < last))
    if not keepdim:
        return result
    for place in sorted((rows, columns)):
        result = result.unsqueeze(place)
    return result


def _check_matrix_norm(A: Tensor, ord: Any) -> None:
    if A._array.ndim >= 2:
        _require_floating("linalg.matrix_norm", A)
    if ord not in (1, -1, 2, -2, INFINITY, -INFINITY, "nuc", "fro"):
        if not isinstance(ord, str) and not is_number(ord):
            raise TypeError(
                f"linalg.matrix_norm(): argument 'ord' must be Number or str, not {type_name(ord)}"
            )
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    if (ord == "nuc" or ord in (2, -2)) and A._array.dtype in NARROW:
        raise RuntimeError(f"linalg.matrix_norm: Low precision dtypes not supported. Got {A.dtype}")


def _end(values: Tensor, ord: float, dim: int) -> Tensor:
    if ord > 0 and not values._array.shape[dim]:
        return values.sum(dim)  # type: ignore[no-any-return]
    return values.amax(dim) if ord > 0 else values.amin(dim)  # type: ignore[no-any-return]


@operation("linalg.norm", out="same dtype")
def linalg_norm(
    A: Tensor,
    ord: Any = None,
    dim: Any = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
) -> Tensor:
    """The norm of a vector or matrix, by the number of dims.

    Args:
        A: Any shape, floating or complex.
        ord: Of `linalg.vector_norm` for one dim, of `linalg.matrix_norm` for two; None is the root of the sum of
            squares.
        dim: One dim or two; all of them if None.
        keepdim: Whether they stay, with size 1.
        dtype: In which it is computed.

    Raises:
        ShapeError: dimension_error_out_of_range, argument_error_value.
    """
    tensor_argument("linalg.norm", "A", A)
    if dim is not None and isinstance(dim, (tuple, list)) and len(dim) not in (1, 2):
        raise RuntimeError(f"linalg.norm: dim must be of length 1 or 2, got {list(dim)}")
    ord = float(ord) if ord.__class__ is bool else ord
    judged("linalg.norm", A, ord, dim, keepdim)
    if ord is None:
        return p_norm("linalg.vector_norm", A, 2, dim, keepdim, dtype)
    two = len(dim) == 2 if isinstance(dim, (tuple, list)) else dim is None and A._array.ndim == 2
    if two or isinstance(ord, str):
        return matrix_norm(A, ord, (0, 1) if dim is None else dim, keepdim, dtype=dtype)
    return vector_norm(A, ord, dim, keepdim, dtype=dtype)


@operation(methods=("norm",), out="same dtype")
def norm(
    input: Tensor,
    p: Any = "fro",
    dim: Any = None,
    keepdim: bool = False,
    dtype: dtype | None = None,
) -> Tensor:
    """The p-norm of all elements, or along dims.

    Args:
        input: Any shape, floating or complex.
        p: A number, "fro" for 2, or "nuc" for the sum of the singular values of a matrix.
        dim: The dims; all of them if None.
        keepdim: Whether they stay, with size 1.
        dtype: In which it is computed.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
            reduction_error_no_elements.
    """
    if (
        dim is None
        and p in ("fro", 2)
        and dtype is None
        and not keepdim
        and input.__class__ is Tensor
        and input._meta is None
        and not INFERENCE
    ):
        array = input._array
        kind = array.dtype
        if (kind is _FLOAT32 or kind is _FLOAT64) and array.size <= SMALL:
            flat = array.ravel()
            return wrap(np.asarray(np.sqrt(quietly(np.dot, flat, flat))))
    tensor_argument("norm", "input", input)
    _require_floating("linalg.vector_norm", input)
    if isinstance(p, Tensor) and p._array.ndim:
        raise TypeError("norm(): argument 'p' must be Number or str, not Tensor")
    judged("norm", input, p, dim, keepdim)
    if p is None:
        p = 2
    if isinstance(p, str) and p != "fro":
        return matrix_norm(input, p, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return p_norm("linalg.vector_norm", input, 2 if p == "fro" else p, dim, keepdim, dtype)


@operation(methods=("dist",))
def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of the difference of two tensors, which broadcast."""
    judged("dist", input, other)
    return p_norm("linalg.vector_norm", input - other, p, None, False, None)


@operation(methods=("renorm",), inplace=True, out=True)
def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """The slices along a dim, of which those with a larger p-norm are scaled down to `maxnorm`."""
    p, maxnorm = as_number(p), as_number(maxnorm)
    judged("renorm", input, p, dim, maxnorm)
    if not (is_number(p) and p > 0):
        raise RuntimeError("renorm: non-positive-norm not supported")
    if not maxnorm >= 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm}")
    rank = input._array.ndim
    others = [place for place in range(rank) if place != dim % rank]
    norms = p_norm("linalg.vector_norm", input, p, others, True, None)
    scale = maxnorm / (norms + 1e-7)
    large = norms._array > maxnorm
    factor = masked(scale, large) + (~large).astype(norms._array.dtype)
    return rows_of(input * factor)
