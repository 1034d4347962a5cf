"""Diagonals, triangles, overlapping windows, and combinations of elements."""

from __future__ import annotations

from shapetorch.dim import (
    UNKNOWN_DIM,
    Shape,
    Size,
    Truth,
    at_most,
    maximum,
    minimum,
    product,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.registry import Shapes, Sizes, rule


def at_least_zero(size: Size) -> Size:
    """`size`, or 0 where it is negative."""
    certain = at_most(0, size)
    if certain is Truth.YES or size is UNKNOWN_DIM:
        return size
    return 0 if certain is Truth.NO else maximum(size, 0)


def _needs(operation: str, rank: int, shape: Shape, least: bool = False) -> None:
    if len(shape) < rank or (len(shape) > rank and not least):
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (rank, len(shape), shape),
            f"{operation}: the tensor must have {'at least ' if least else ''}{rank} "
            f"dimension{'s' if rank > 1 else ''}, got {render_shape(shape)}",
        )


def _refuse(operation: str, argument: str, value: object, must: str) -> ShapeError:
    return ShapeError(
        ErrorKind.argument_error_value, (argument, value), f"{operation}: {must}, got {value}"
    )


@rule("as_strided", functions=("as_strided",), methods=("as_strided", "as_strided_"), dtype="same")
def as_strided_shape(
    input: Shape, size: Sizes, stride: Sizes, storage_offset: Size | None = None
) -> Shape:
    """Shape `size`; the last element reached must lie within the elements of `input`.

    The bound is that of a tensor which owns its elements: what may be a view of a larger one is
    not judged, so only strides, not storage, are checked.

    Raises:
        ShapeError: argument_error_value.

    Source: PyTorch ``torch.as_strided``.
    """
    if len(size) != len(stride):
        raise _refuse("as_strided", "stride", tuple(stride), f"there must be {len(size)} strides")
    for extent in (*size, *stride, 0 if storage_offset is None else storage_offset):
        if isinstance(extent, int) and extent < 0:
            raise _refuse("as_strided", "size", extent, "sizes and strides must not be negative")
    return tuple(size)


@rule("unfold", methods=("unfold",), dtype="same")
def unfold_windows_shape(input: Shape, dimension: int, size: Size, step: Size) -> Shape:
    """Shape of all windows along a dim, which become a last dim.

    Args:
        input: Any shape.
        dimension: Along which dim.
        size: Elements in a window.
        step: From one window to the next.

    Returns:
        `input` with ``(input[dimension] - size) // step + 1`` in place, and ``size`` at the end.

    Raises:
        ShapeError: dimension_error_out_of_range, unfold_error_size, argument_error_value.

    Source: PyTorch ``torch.Tensor.unfold``.
    """
    place = axis("unfold", dimension, input)
    extent = input[place] if input else 1
    if at_most(size, extent) is Truth.NO or at_most(0, size) is Truth.NO:
        raise ShapeError(
            ErrorKind.unfold_error_size,
            (size, extent),
            f"unfold: a window must fit into dim {dimension}, got {size} and {extent} "
            f"from {render_shape(input)}",
        )
    if isinstance(step, int) and step <= 0:
        raise _refuse("unfold", "step", step, "step must be greater than 0")
    if not input:
        return (size,)
    return (*input[:place], (extent - size) // step + 1, *input[place + 1 :], size)


def diagonal_size(rows: Size, columns: Size, offset: int) -> Size:
    """How many elements a diagonal has."""
    if offset >= 0:
        return at_least_zero(minimum(rows, columns - offset))
    return at_least_zero(minimum(rows + offset, columns))


@rule("diagonal", functions=("diagonal",), methods=("diagonal",), dtype="same")
def diagonal_shape(input: Shape, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Shape:
    """Shape of a diagonal of two dims, which becomes the last dim.

    Args:
        input: Any shape of at least two dims.
        offset: How far above (positive) or below the main diagonal.
        dim1: The dim of the rows.
        dim2: The dim of the columns.

    Returns:
        The other sizes, and the diagonal's length.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.

    Source: PyTorch ``torch.diagonal``.
    """
    rows = axis("diagonal", dim1, input, scalar=False)
    columns = axis("diagonal", dim2, input, scalar=False)
    if rows == columns:
        raise ShapeError(
            ErrorKind.dimension_error_duplicate,
            ((dim1, dim2),),
            f"diagonal: the two dims must differ, got {dim1} and {dim2} for {render_shape(input)}",
        )
    rest = tuple(size for place, size in enumerate(input) if place not in (rows, columns))
    return (*rest, diagonal_size(input[rows], input[columns], offset))


@rule("linalg.diagonal", functions=("linalg.diagonal",), dtype="same")
def linalg_diagonal_shape(A: Shape, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Shape:
    """Shape of a diagonal of the last two dims; see `diagonal_shape`.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """
    return diagonal_shape(A, offset, dim1, dim2)


@rule("diag", functions=("diag",), methods=("diag",), dtype="same")
def diag_shape(input: Shape, diagonal: int = 0) -> Shape:
    """Shape of the matrix with a diagonal (from a vector), or of the diagonal of a matrix.

    Args:
        input: ``(n,)`` or ``(rows, columns)``.
        diagonal: Which diagonal; positive is above the main one.

    Returns:
        ``(n + |diagonal|, n + |diagonal|)`` or ``(length,)``.

    Raises:
        ShapeError: rank_error_mismatch.

    Source: PyTorch ``torch.diag``.
    """
    if len(input) == 1:
        size = input[0] + abs(diagonal)
        return (size, size)
    _needs("diag", 2, input)
    return (diagonal_size(input[0], input[1], diagonal),)


@rule("diagflat", functions=("diagflat",), methods=("diagflat",), dtype="same")
def diagflat_shape(input: Shape, offset: int = 0) -> Shape:
    """Shape of the square matrix with all elements of `input` on a diagonal."""
    size = product(input) + abs(offset)
    return (size, size)


@rule("diag_embed", functions=("diag_embed",), methods=("diag_embed",), dtype="same")
def diag_embed_shape(input: Shape, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Shape:
    """Shape of the matrices that have the last dim of `input` on a diagonal.

    Args:
        input: ``(*batch, n)``.
        offset: Which diagonal.
        dim1: Where the rows go in the result.
        dim2: Where the columns go in the result.

    Returns:
        ``batch`` with two sizes of ``n + |offset|`` at `dim1` and `dim2`.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.

    Source: PyTorch ``torch.diag_embed``.
    """
    first = axis("diag_embed", dim1, input, extra=1)
    second = axis("diag_embed", dim2, input, extra=1)
    if first == second:
        raise ShapeError(
            ErrorKind.dimension_error_duplicate,
            ((dim1, dim2),),
            f"diag_embed: the two dims must differ, got {dim1} and {dim2} for {render_shape(input)}",
        )
    rest = iter(input[:-1])
    size = input[-1] + abs(offset)
    return tuple(
        size if place in (first, second) else next(rest) for place in range(len(input) + 1)
    )


@rule("tril", functions=("tril",), methods=("tril",), dtype="same", inplace=True)
def tril_shape(input: Shape, diagonal: object = 0) -> Shape:
    """The shape of `input`, a matrix or a batch of them, whose upper triangle is cleared.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """
    return _triangle("tril", input)


@rule("triu", functions=("triu",), methods=("triu",), dtype="same", inplace=True)
def triu_shape(input: Shape, diagonal: object = 0) -> Shape:
    """The shape of `input`, a matrix or a batch of them, whose lower triangle is cleared.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """
    return _triangle("triu", input)


def _triangle(operation: str, shape: Shape) -> Shape:
    if len(shape) < 2:
        raise ShapeError(
            ErrorKind.linalg_error_requires_at_least_2d,
            (len(shape), shape),
            f"{operation}: the tensor must have at least 2 dimensions, got {render_shape(shape)}",
        )
    return shape


@rule("block_diag", functions=("block_diag",), spread="tensors")
def block_diag_shape(tensors: Shapes = ()) -> Shape:
    """Shape of the matrix with the given ones along its diagonal; vectors count as one row.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    rows: Size = 0
    columns: Size = 0
    for shape in tensors:
        if len(shape) > 2:
            _needs("block_diag", 2, shape)
        matrix = (1,) * (2 - len(shape)) + tuple(shape)
        rows, columns = rows + matrix[0], columns + matrix[1]
    return (rows, columns) if tensors else (1, 0)
