"""Axis numbers: negative ones count from the end, and all must exist."""

from __future__ import annotations

from collections.abc import Sequence

from shapetorch.dim import Shape, render_shape
from shapetorch.errors import ErrorKind, ShapeError


def axis(
    operation: str,
    dim: int,
    shape: Shape,
    kind: ErrorKind = ErrorKind.dimension_error_out_of_range,
    *,
    extra: int = 0,
    scalar: bool = True,
) -> int:
    """`dim` as a position in ``0..rank-1``.

    Args:
        operation: The name for the message.
        dim: The axis number as given.
        shape: The shape it indexes.
        kind: The kind to raise.
        extra: How many more positions there are than sizes (1 where a size is inserted).
        scalar: Whether a 0-D tensor accepts -1 and 0, as most of PyTorch's operations do.

    Raises:
        ShapeError: `kind`, when there is no such axis.
    """
    rank = len(shape) + extra
    if rank == 0 and scalar:
        rank = 1
    if not -rank <= dim < rank:
        raise ShapeError(
            kind,
            (dim, len(shape), shape),
            f"{operation}: dim must be in {-rank}..{rank - 1}, got {dim} from {render_shape(shape)}"
            if rank
            else f"{operation}: a 0-D tensor has no dim {dim}",
        )
    return dim % rank


def axes(operation: str, dims: Sequence[int], shape: Shape) -> tuple[int, ...]:
    """`dims` as positions, each at most once.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """
    found = tuple(axis(operation, dim, shape) for dim in dims)
    if len(set(found)) != len(found):
        raise ShapeError(
            ErrorKind.dimension_error_duplicate,
            (tuple(dims),),
            f"{operation}: each dim may appear once, got {list(dims)} for {render_shape(shape)}",
        )
    return found
