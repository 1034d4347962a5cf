"""The same sizes in another order, and the same shape with its elements in another order."""

from __future__ import annotations

from collections.abc import Sequence

from shapetorch.dim import Shape, Size, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axes, axis
from shapetorch.rules.registry import Dims, Sizes, rule


@rule("permute", functions=("permute",), methods=("permute",), spread="dims", dtype="same")
def permute_shape(input: Shape, dims: Sequence[int]) -> Shape:
    """Shape with its dims in the order given.

    Args:
        input: Any shape.
        dims: Every dim of `input` once; negative ones count from the end.

    Returns:
        ``(input[dims[0]], input[dims[1]], ...)``.

    Raises:
        ShapeError: permute_error_dimension_count_mismatch, permute_error_duplicate_dims,
            dimension_error_out_of_range.

    Source: PyTorch ``torch.permute``.
    """
    if len(dims) != len(input):
        raise ShapeError(
            ErrorKind.permute_error_dimension_count_mismatch,
            (len(dims), len(input), input),
            f"permute: every dim must be named once, got {len(dims)} dims for rank {len(input)} "
            f"from {list(dims)} for {render_shape(input)}",
        )
    order = [axis("permute", dim, input) for dim in dims]
    if len(set(order)) != len(order):
        raise ShapeError(
            ErrorKind.permute_error_duplicate_dims,
            (tuple(dims),),
            f"permute: every dim must be named once, got {list(dims)} for {render_shape(input)}",
        )
    return tuple(input[place] for place in order)


def _swapped(operation: str, shape: Shape, dim0: int, dim1: int) -> Shape:
    rank = max(len(shape), 1)
    if not (-rank <= dim0 < rank and -rank <= dim1 < rank):
        raise ShapeError(
            ErrorKind.transpose_dims_error_out_of_range,
            (dim0, dim1, len(shape), shape),
            f"{operation}: both dims must be in {-rank}..{rank - 1}, got {dim0} and {dim1} "
            f"for {render_shape(shape)}",
        )
    result = list(shape)
    if result:
        result[dim0], result[dim1] = result[dim1], result[dim0]
    return tuple(result)


@rule(
    "transpose",
    functions=("transpose", "swapdims"),
    methods=("transpose", "swapdims", "transpose_", "swapdims_"),
    dtype="same",
)
def transpose_shape(input: Shape, dim0: int, dim1: int) -> Shape:
    """Shape with two dims exchanged.

    Args:
        input: Any shape.
        dim0: One dim.
        dim1: The other; may be the same.

    Returns:
        `input` with the sizes at `dim0` and `dim1` exchanged.

    Raises:
        ShapeError: transpose_dims_error_out_of_range.

    Source: PyTorch ``torch.transpose``.
    """
    return _swapped("transpose", input, dim0, dim1)


@rule("swapaxes", functions=("swapaxes",), methods=("swapaxes", "swapaxes_"), dtype="same")
def swapaxes_shape(input: Shape, axis0: int, axis1: int) -> Shape:
    """Shape with two dims exchanged; see `transpose_shape`.

    Raises:
        ShapeError: transpose_dims_error_out_of_range.
    """
    return _swapped("swapaxes", input, axis0, axis1)


@rule("t", functions=("t",), methods=("t", "t_"), dtype="same")
def t_shape(input: Shape) -> Shape:
    """Shape of the transposed matrix; a vector or a 0-D tensor stays as it is.

    Raises:
        ShapeError: transpose_error_requires_2d_tensor.
    """
    if len(input) > 2:
        raise ShapeError(
            ErrorKind.transpose_error_requires_2d_tensor,
            (len(input), input),
            f"t: the tensor must have at most 2 dimensions, got {len(input)} "
            f"from {render_shape(input)}",
        )
    return input[::-1]


@rule("T", methods=("T",), dtype="same")
def reversed_shape(input: Shape) -> Shape:
    """Shape with all dims in reverse order: the attribute ``x.T``."""
    return input[::-1]


@rule("H", methods=("H",), dtype="same")
def hermitian_shape(input: Shape) -> Shape:
    """Shape of the conjugate transposed matrix: the attribute ``x.H``.

    Raises:
        ShapeError: linalg_error_requires_2d.
    """
    if len(input) not in (0, 2):
        raise ShapeError(
            ErrorKind.linalg_error_requires_2d,
            (len(input), input),
            f"H: the tensor must be a matrix, got rank {len(input)} from {render_shape(input)}",
        )
    return input[::-1]


@rule("mT", functions=("adjoint",), methods=("mT", "mH", "adjoint"), dtype="same")
def matrix_transpose_shape(input: Shape) -> Shape:
    """Shape with the last two dims exchanged; ``x.mT`` and ``x.mH`` are attributes.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """
    if len(input) == 1:
        raise ShapeError(
            ErrorKind.linalg_error_requires_at_least_2d,
            (len(input), input),
            f"mT: the tensor must have at least 2 dimensions, got {render_shape(input)}",
        )
    return (*input[:-2], *input[:-3:-1])


@rule(
    "movedim",
    functions=("movedim", "moveaxis"),
    methods=("movedim", "moveaxis"),
    dtype="same",
)
def movedim_shape(
    input: Shape, source: int | Sequence[int], destination: int | Sequence[int]
) -> Shape:
    """Shape with some dims moved to other places, the rest in their old order.

    Args:
        input: Any shape.
        source: The dims to move.
        destination: Where they go, one place for each.

    Returns:
        The sizes in their new order.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate, argument_error_value.

    Source: PyTorch ``torch.movedim``.
    """
    moved = [source] if isinstance(source, int) else list(source)
    places = [destination] if isinstance(destination, int) else list(destination)
    if len(moved) != len(places):
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("destination", tuple(places)),
            f"movedim: source and destination must name as many dims, got {moved} and {places} "
            f"for {render_shape(input)}",
        )
    for place in (*moved, *places):
        axis("movedim", place, input)
    origin = axes("movedim", moved, input)
    target = axes("movedim", places, input)
    if not input:
        return ()
    rest = iter([place for place in range(len(input)) if place not in origin])
    at = dict(zip(target, origin, strict=True))
    return tuple(input[at[place] if place in at else next(rest)] for place in range(len(input)))


@rule("flip", functions=("flip",), methods=("flip",), spread="dims", dtype="same")
def flip_shape(input: Shape, dims: int | Sequence[int]) -> Shape:
    """The shape of `input`, whose elements are reversed along some dims.

    Raises:
        ShapeError: flip_error_dim_out_of_range, dimension_error_duplicate.

    Source: PyTorch ``torch.flip``.
    """
    for dim in [dims] if isinstance(dims, int) else dims:
        axis("flip", dim, input, ErrorKind.flip_error_dim_out_of_range)
    axes("flip", [dims] if isinstance(dims, int) else dims, input)
    return input


def _needs_rank(operation: str, rank: int, shape: Shape) -> None:
    if len(shape) < rank:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (rank, len(shape), shape),
            f"{operation}: the tensor must have at least {rank} dimensions, "
            f"got {render_shape(shape)}",
        )


@rule("fliplr", functions=("fliplr",), methods=("fliplr",), dtype="same")
def fliplr_shape(input: Shape) -> Shape:
    """The shape of `input`, which must have two dims.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    _needs_rank("fliplr", 2, input)
    return input


@rule("flipud", functions=("flipud",), methods=("flipud",), dtype="same")
def flipud_shape(input: Shape) -> Shape:
    """The shape of `input`, which must have a dim.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    _needs_rank("flipud", 1, input)
    return input


@rule("roll", functions=("roll",), methods=("roll",), dtype="same")
def roll_shape(input: Shape, shifts: Size | Sizes, dims: Dims = None) -> Shape:
    """The shape of `input`, whose elements are shifted along some dims.

    Raises:
        ShapeError: argument_error_value, dimension_error_out_of_range.

    Source: PyTorch ``torch.roll``.
    """
    count = len(shifts) if isinstance(shifts, Sequence) else 1
    along = () if dims is None else (dims,) if isinstance(dims, int) else tuple(dims)
    if count != len(along) and not (not along and count == 1):
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("dims", along),
            f"roll: shifts and dims must be as many, got {count} and {len(along)} "
            f"for {render_shape(input)}",
        )
    if any(size == 0 for size in input):
        return input  # PyTorch looks no further either
    for dim in along:
        axis("roll", dim, input, scalar=False)
    return input


@rule("rot90", functions=("rot90",), methods=("rot90",), dtype="same")
def rot90_shape(input: Shape, k: int = 1, dims: Sequence[int] = (0, 1)) -> Shape:
    """Shape after `k` quarter turns in the plane of two dims: they are exchanged if `k` is odd.

    Raises:
        ShapeError: argument_error_value, rank_error_mismatch, dimension_error_out_of_range.

    Source: PyTorch ``torch.rot90``.
    """
    if len(dims) != 2:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("dims", tuple(dims)),
            f"rot90: two dims must be given, got {list(dims)} for {render_shape(input)}",
        )
    _needs_rank("rot90", 2, input)
    first, second = (axis("rot90", dim, input) for dim in dims)
    if first == second:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("dims", tuple(dims)),
            f"rot90: the two dims must differ, got {list(dims)} for {render_shape(input)}",
        )
    return _swapped("rot90", input, first, second) if k % 2 else input
