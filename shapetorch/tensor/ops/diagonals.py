"""Diagonals and triangles of matrices."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integer, is_number, tensor_argument
from shapetorch.tensor.in_place import require_writable, write_into
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.room import within_memory
from shapetorch.tensor.scalars import element
from shapetorch.tensor.tape import record, record_rows
from shapetorch.tensor.tensors import Array, Tensor
from shapetorch.tensor.views import view_by


def diagonal_array(array: Array, offset: int, dim1: int, dim2: int) -> Array:
    """A diagonal, as a view that may be written to as far as the array may."""
    if not -array.shape[dim1] <= offset <= array.shape[dim2]:
        offset = integer("diagonal", "offset", offset)
        offset = max(-array.shape[dim1], min(offset, array.shape[dim2]))
    found = array.diagonal(offset, dim1, dim2)
    if array.flags.writeable:
        found.flags.writeable = True
    return found


def diagonal_backward(node: Any, grad: Tensor) -> Tensor:
    """Zeros, with the gradient on the diagonal."""
    return _on_diagonal(grad, node.metas[0][0], *node.args)


def _diagonal(source: Tensor, offset: int, dim1: int, dim2: int) -> Tensor:
    made = diagonal_array(source._stored, offset, dim1, dim2)
    return view_by(source, made, _diagonal, (offset, dim1, dim2), diagonal_backward)


def _on_diagonal(
    source: Tensor, shape: tuple[int, ...], offset: int, dim1: int, dim2: int
) -> Tensor:
    kind = source._stored.dtype
    whole = within_memory("diag_embed", shape, kind, lambda: np.zeros(shape, kind))
    diagonal_array(whole, offset, dim1, dim2)[...] = source._array
    return record(whole, (source,), diag_embed_backward, args=(offset, dim1, dim2))


def diag_embed_backward(node: Any, grad: Tensor) -> Tensor:
    """The diagonal of the gradient."""
    return _diagonal(grad, *node.args)


@operation(methods=("diagonal",))
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A view of a diagonal of two dims, which becomes the last dim.

    Args:
        input: Any shape of at least two dims.
        offset: How far above (positive) or below the main diagonal.
        dim1: The dim of the rows.
        dim2: The dim of the columns.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """
    if input.__class__ is not Tensor:
        tensor_argument("diagonal", "input", input)
    is_plain = offset.__class__ is dim1.__class__ is dim2.__class__ is int
    if not is_plain or input._stored.ndim != 2 or (dim1, dim2) != (0, 1):
        judged("diagonal", input, offset, dim1, dim2)
    return _diagonal(input, int(offset), int(dim1), int(dim2))


@operation("linalg.diagonal")
def linalg_diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """A view of a diagonal of the last two dims; see `diagonal`."""
    judged("linalg.diagonal", A, offset=offset, dim1=dim1, dim2=dim2)
    return _diagonal(A, int(offset), int(dim1), int(dim2))


def diagonal_copy_backward(node: Any, grad: Tensor) -> Tensor:
    """Zeros, with the gradient on the diagonal."""
    return _on_diagonal(grad, node.metas[0][0], node.offset, 0, 1)


@operation(methods=("diag",), out="same dtype")
def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """The matrix with a vector on its diagonal, or a copy of the diagonal of a matrix.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    shape = judged("diag", input, diagonal)
    offset = int(diagonal)
    if input._stored.ndim == 1:
        return _on_diagonal(input, shape, offset, 0, 1)
    found = diagonal_array(input._array, offset, 0, 1).copy()
    return record(found, (input,), diagonal_copy_backward, offset=offset)


@operation(methods=("diagflat",))
def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """The square matrix with all elements on a diagonal."""
    shape = judged("diagflat", input, offset)
    return _on_diagonal(input.reshape(-1), shape, int(offset), 0, 1)


@operation(methods=("diag_embed",))
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices that have the last dim on a diagonal, zeros elsewhere.

    Args:
        input: ``(*batch, n)``.
        offset: Which diagonal.
        dim1: Where the rows go in the result.
        dim2: Where the columns go in the result.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """
    shape = judged("diag_embed", input, offset, dim1, dim2)
    rank = len(shape)
    return _on_diagonal(input, shape, int(offset), int(dim1) % rank, int(dim2) % rank)


# -- triangles ----------------------------------------------------------------------------------------------


def tril_backward(node: Any, grad: Tensor) -> Tensor:
    """The same triangle of the gradient."""
    return tril(grad, node.diagonal)


def triu_backward(node: Any, grad: Tensor) -> Tensor:
    """The same triangle of the gradient."""
    return triu(grad, node.diagonal)


@lru_cache(64)
def _below(rows: int, columns: int, offset: int) -> Array:
    """Where the column is at most the row plus an offset."""
    mask: Array = np.arange(columns) <= np.arange(rows)[:, None] + offset
    return mask


@lru_cache(32)
def _bits_below(rows: int, columns: int, offset: int, size: int, lower: bool) -> Array:
    """All bits on one side of a diagonal, none on the other, in integers of so many bytes."""
    mask = _below(rows, columns, offset)
    return np.asarray(-(mask if lower else ~mask).astype(f"i{size}"))


_SMALL = 1 << 16
"""Elements of a matrix up to which a mask is worth keeping."""


def _triangle(array: Array, offset: int, lower: bool) -> Array:
    """The elements on one side of a diagonal, and on it, zeros on the other."""
    rows, columns = array.shape[-2:]
    offset = max(-rows - 1, min(offset, columns + 1))
    size = array.dtype.itemsize
    if rows * columns <= _SMALL and size <= 8:  # bits that are cleared make a zero of every dtype
        bits = _bits_below(rows, columns, offset if lower else offset - 1, size, lower)
        return np.bitwise_and(array.view(bits.dtype), bits).view(array.dtype)
    result = array.copy()
    for row in range(rows):
        edge = min(max(row + offset + lower, 0), columns)
        result[..., row, slice(edge, None) if lower else slice(0, edge)] = 0
    return result


@operation(methods=("tril",), inplace=True, out="same dtype")
def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """The elements on and below a diagonal, zeros above.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """
    if input._stored.ndim < 2:
        judged("tril", input, diagonal)
    offset, array = integer("tril", "diagonal", diagonal), input._array
    result = _triangle(array, offset, True)
    return record_rows(result, (input,), tril_backward, diagonal=offset)


@operation(methods=("triu",), inplace=True, out="same dtype")
def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """The elements on and above a diagonal, zeros below.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """
    if input._stored.ndim < 2:
        judged("triu", input, diagonal)
    offset, array = integer("triu", "diagonal", diagonal), input._array
    result = _triangle(array, offset, False)
    return record_rows(result, (input,), triu_backward, diagonal=offset)


def fill_diagonal_backward(node: Any, grad: Tensor) -> Tensor:
    """What was overwritten has no influence."""
    return fill_diagonal_(grad.clone(), 0, node.wrap)


@method()
def fill_diagonal_(self: Tensor, fill_value: complex, wrap: bool = False) -> Tensor:
    """Write one number on the diagonal of all dims, in place.

    Args:
        self: A matrix, or a tensor of more dims that all have one size.
        fill_value: The number.
        wrap: Whether the diagonal of a tall matrix begins anew below its end.

    Raises:
        ShapeError: rank_error_mismatch and others.
    """
    if not is_number(fill_value):
        raise TypeError(
            "fill_diagonal_(): argument 'fill_value' (position 1) must be Number, not "
            f"{type(fill_value).__name__}"
        )
    require_writable(self)
    judged("fill_diagonal_", self, fill_value, wrap)
    number = element(fill_value, self._stored.dtype)

    def write(array: Array) -> None:
        rows, columns = array.shape[:2]
        if array.ndim > 2:
            places = np.arange(rows)
            array[(places,) * array.ndim] = number
            return
        step = columns + 1
        for first in range(0, rows if wrap and columns else min(rows, 1), step):
            count = min(rows - first, columns)
            places = np.arange(count)
            array[first + places, places] = number

    return write_into(self, (), write, fill_diagonal_backward, expanded=True, wrap=wrap)
