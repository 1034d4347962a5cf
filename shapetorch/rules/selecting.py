"""Selecting by dim and place, or by tensors of indices: select, narrow, gather, take and the like.

A tensor of no dims counts as a vector of one element wherever PyTorch lets it.
"""

from __future__ import annotations

from shapetorch.dim import (
    UNKNOWN_DIM,
    Shape,
    Size,
    Truth,
    at_most,
    check_equal,
    product,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.indexing import check_place, is_negative, place_at_most
from shapetorch.rules.registry import Number, rule


def is_empty(shape: Shape) -> bool:
    """Whether a shape surely has no elements."""
    return any(isinstance(size, int) and size == 0 for size in shape)


def _has_elements(shape: Shape) -> bool:
    return all(isinstance(size, int) and size > 0 for size in shape)


@rule("select", functions=("select",), methods=("select",), dtype="same")
def select_shape(input: Shape, dim: int, index: Size) -> Shape:
    """Shape of one slice along a dim, which goes away.

    Args:
        input: Any shape of at least one dim.
        dim: Along which dim.
        index: Which slice, in ``-size..size-1``.

    Returns:
        `input` without `dim`.

    Raises:
        ShapeError: dimension_error_out_of_range, select_error_index_out_of_bounds.

    Source: PyTorch ``torch.select``.
    """
    place = axis("select", dim, input, scalar=False)
    check_selected("select", input, place, index)
    return input[:place] + input[place + 1 :]


def check_selected(operation: str, shape: Shape, place: int, index: Size) -> None:
    """Raise if there is surely no slice `index` at dim `place`."""
    size = shape[place]
    check_place(
        index,
        size,
        lambda: ShapeError(
            ErrorKind.select_error_index_out_of_bounds,
            (index, size, place),
            f"{operation}: the index must lie in dim {place}, got {index} and {size} "
            f"from {render_shape(shape)}",
        ),
    )


@rule(
    "narrow", functions=("narrow", "narrow_copy"), methods=("narrow", "narrow_copy"), dtype="same"
)
def narrow_shape(input: Shape, dim: int, start: Size, length: Size) -> Shape:
    """Shape of `length` slices along a dim, from `start` on.

    Args:
        input: Any shape of at least one dim.
        dim: Along which dim.
        start: The first slice, in ``-size..size``.
        length: How many slices; all of them must exist.

    Returns:
        `input` with ``length`` at `dim`.

    Raises:
        ShapeError: dimension_error_out_of_range, rank_error_mismatch,
            narrow_error_start_out_of_bounds, narrow_error_length_exceeds_bounds.

    Source: PyTorch ``torch.narrow``.
    """
    if not input:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (1, 0, input),
            "narrow: the tensor must have at least 1 dimension, got []",
        )
    if at_most(0, length) is Truth.NO:
        raise _too_long(input, dim, start, length)
    place = axis("narrow", dim, input, scalar=False)
    size = input[place]
    check_place(
        start,
        size,
        lambda: ShapeError(
            ErrorKind.narrow_error_start_out_of_bounds,
            (start, size),
            f"narrow: start must lie in dim {place}, got {start} and {size} "
            f"from {render_shape(input)}",
        ),
        past_end=True,
    )
    if UNKNOWN_DIM not in (start, length, size):
        first = start + size if is_negative(start) else start
        if place_at_most(first, size - length) is Truth.NO:
            raise _too_long(input, place, start, length)
    return (*input[:place], length, *input[place + 1 :])


def _too_long(shape: Shape, dim: int, start: Size, length: Size) -> ShapeError:
    size = shape[dim] if -len(shape) <= dim < len(shape) else UNKNOWN_DIM
    return ShapeError(
        ErrorKind.narrow_error_length_exceeds_bounds,
        (start, length, size),
        f"narrow: start + length must stay in dim {dim}, got {start} + {length} and {size} "
        f"from {render_shape(shape)}",
    )


def vector_length(operation: str, index: Shape, shape: Shape) -> Size:
    """How many indices a vector holds; a 0-D tensor holds one."""
    if len(index) > 1:
        raise ShapeError(
            ErrorKind.index_error_shape_mismatch,
            (index, shape),
            f"{operation}: the index must have at most 1 dimension, got {render_shape(index)} "
            f"for {render_shape(shape)}",
        )
    return index[0] if index else 1


@rule("index_select", functions=("index_select",), methods=("index_select",), dtype="same")
def index_select_shape(input: Shape, dim: int, index: Shape) -> Shape:
    """Shape of the slices along a dim that a vector of indices names.

    Args:
        input: Any shape.
        dim: Along which dim.
        index: ``(n,)``, or ``()`` for one index.

    Returns:
        `input` with ``n`` at `dim`.

    Raises:
        ShapeError: index_select_error_dim_out_of_range, index_error_shape_mismatch,
            gather_error_index_shape.

    Source: PyTorch ``torch.index_select``.
    """
    place = axis("index_select", dim, input, ErrorKind.index_select_error_dim_out_of_range)
    length = vector_length("index_select", index, input)

    def error() -> ShapeError:
        vector = len(input) == 1  # PyTorch has a way of its own for vectors
        return ShapeError(
            ErrorKind.index_error_shape_mismatch if vector else ErrorKind.gather_error_index_shape,
            (index, input),
            f"index_select: there must be something to select, got {render_shape(index)} indices "
            f"for {render_shape(input)}",
        )

    if not input:
        check_equal(length, 1, error)
        return ()
    if input[place] == 0 and isinstance(length, int) and length > 0:
        raise error()
    return (*input[:place], length, *input[place + 1 :])


def _check_index_rank(operation: str, kind: ErrorKind, index: Shape, shape: Shape) -> None:
    if max(len(index), 1) != max(len(shape), 1):
        raise ShapeError(
            kind,
            (index, shape),
            f"{operation}: the index must have as many dimensions as the tensor, "
            f"got {len(index)} and {len(shape)} from {render_shape(index)} and {render_shape(shape)}",
        )


def _check_index_fits(
    operation: str, kind: ErrorKind, index: Shape, shape: Shape, along: int | None
) -> None:
    """Raise if an index is surely larger than a tensor along some dim other than `along`.

    In dim `along` it counts, so there must be something to count in.
    """
    for place, (own, limit) in enumerate(zip(index or (1,), shape or (1,), strict=True)):
        if place == along:
            own = 1  # noqa: PLW2901
        if at_most(own, limit) is Truth.NO:
            raise ShapeError(
                kind,
                (index, shape),
                f"{operation}: the index must not be larger than the tensor at dim {place}, "
                f"got {own} and {limit} from {render_shape(index)} and {render_shape(shape)}",
            )


@rule("gather", functions=("gather",), methods=("gather",), dtype="same")
def gather_shape(input: Shape, dim: int, index: Shape, *, sparse_grad: object = False) -> Shape:
    """Shape of the elements that an index tensor names along a dim: its own shape.

    Args:
        input: Any shape.
        dim: The dim the indices count in.
        index: Of the same rank; along other dims not larger than `input`.
        sparse_grad: Not looked at.

    Returns:
        ``index``.

    Raises:
        ShapeError: gather_error_dim_out_of_range, gather_error_index_shape.

    Source: PyTorch ``torch.gather``.
    """
    place = axis("gather", dim, input, ErrorKind.gather_error_dim_out_of_range)
    if not is_empty(index):
        kind = ErrorKind.gather_error_index_shape
        _check_index_rank("gather", kind, index, input)
        _check_index_fits("gather", kind, index, input, place)
    return index


def check_scatter(operation: str, shape: Shape, dim: int, index: Shape, src: Shape | None) -> Shape:
    """`shape`, into which `src` may be scattered as `index` says; raises if it may not."""
    place = axis(operation, dim, shape, ErrorKind.scatter_error_dim_out_of_range)
    if is_empty(index):
        return shape
    kind = ErrorKind.scatter_error_index_shape
    _check_index_rank(operation, kind, index, shape)
    _check_index_fits(operation, kind, index, shape, place)
    if src is not None:
        _check_index_rank(operation, kind, index, src)
        _check_index_fits(operation, kind, index, src, None)
    return shape


def check_reduce(operation: str, reduce: str | None, allowed: tuple[str | None, ...]) -> None:
    """Raise if `reduce` is not the name of a reduction that is allowed."""
    if reduce not in allowed:
        names = ", ".join(item for item in allowed if item)
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("reduce", reduce),
            f"{operation}: reduce must be one of {names}, got {reduce}",
        )


@rule("scatter", functions=("scatter",), methods=("scatter",), dtype="same", inplace=True)
def scatter_shape(
    input: Shape, dim: int, index: Shape, src: Shape, *, reduce: str | None = None
) -> Shape:
    """The shape of `input`, into which the elements of `src` are written where `index` says.

    Args:
        input: Any shape.
        dim: The dim the indices count in.
        index: Of the same rank; not larger than `src`, and along other dims not larger than `input`.
        src: Of the same rank.
        reduce: ``"add"`` or ``"multiply"``, or None to overwrite.

    Returns:
        `input`.

    Raises:
        ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape, argument_error_value.

    Source: PyTorch ``torch.scatter``.
    """
    check_reduce("scatter", reduce, (None, "add", "multiply"))
    return check_scatter("scatter", input, dim, index, src)


@rule("scatter", functions=("scatter",), methods=("scatter",), dtype="same", inplace=True)
def scatter_value_shape(
    input: Shape, dim: int, index: Shape, value: Number, *, reduce: str | None = None
) -> Shape:
    """The shape of `input`, into which one number is written; see `scatter_shape`.

    Raises:
        ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape, argument_error_value.
    """
    check_reduce("scatter", reduce, (None, "add", "multiply"))
    return check_scatter("scatter", input, dim, index, None)


@rule(
    "scatter_add", functions=("scatter_add",), methods=("scatter_add",), dtype="same", inplace=True
)
def scatter_add_shape(input: Shape, dim: int, index: Shape, src: Shape) -> Shape:
    """The shape of `input`, to which the elements of `src` are added; see `scatter_shape`.

    Raises:
        ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape.
    """
    return check_scatter("scatter_add", input, dim, index, src)


REDUCTIONS = ("sum", "prod", "mean", "amax", "amin")


@rule(
    "scatter_reduce",
    functions=("scatter_reduce",),
    methods=("scatter_reduce",),
    dtype="same",
    inplace=True,
)
def scatter_reduce_shape(
    input: Shape, dim: int, index: Shape, src: Shape, reduce: str, *, include_self: object = True
) -> Shape:
    """The shape of `input`, with which the elements of `src` are reduced; see `scatter_shape`.

    Raises:
        ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape, argument_error_value.
    """
    check_reduce("scatter_reduce", reduce, (*REDUCTIONS, "max", "min"))
    return check_scatter("scatter_reduce", input, dim, index, src)


@rule("take", functions=("take",), methods=("take",), dtype="same")
def take_shape(input: Shape, index: Shape) -> Shape:
    """Shape of the elements of the flattened `input` that `index` names: its own shape.

    Raises:
        ShapeError: index_error_shape_mismatch.
    """
    if is_empty(input) and _has_elements(index):
        raise ShapeError(
            ErrorKind.index_error_shape_mismatch,
            (index, input),
            f"take: there must be something to take, got {render_shape(index)} indices "
            f"for {render_shape(input)}",
        )
    return index


@rule("take_along_dim", functions=("take_along_dim",), methods=("take_along_dim",), dtype="same")
def take_along_dim_shape(input: Shape, indices: Shape, dim: int | None = None) -> Shape:
    """Shape of the elements that indices name along a dim; other dims broadcast.

    Args:
        input: Any shape.
        indices: Of the same rank.
        dim: The dim the indices count in; None flattens both.

    Returns:
        The broadcast sizes, with the size of `indices` at `dim`.

    Raises:
        ShapeError: dimension_error_out_of_range, gather_error_index_shape,
            broadcast_error_incompatible_dimensions.

    Source: PyTorch ``torch.take_along_dim``.
    """
    nothing = ShapeError(
        ErrorKind.gather_error_index_shape,
        (indices, input),
        f"take_along_dim: there must be something to take, got {render_shape(indices)} indices "
        f"for {render_shape(input)}",
    )
    if dim is None:
        if is_empty(input) and _has_elements(indices):
            raise nothing
        return (product(indices),)
    if len(indices) != len(input):
        _check_index_rank("take_along_dim", ErrorKind.gather_error_index_shape, indices, input)
        raise nothing
    place = axis("take_along_dim", dim, input)
    if _has_elements(indices) and input and input[place] == 0:
        raise nothing
    chosen = indices[place : place + 1]
    both = (shape[:place] + (1,) * len(chosen) + shape[place + 1 :] for shape in (input, indices))
    common = broadcast_all("take_along_dim", *both)
    return common[:place] + chosen + common[place + 1 :]


@rule("masked_select", functions=("masked_select",), methods=("masked_select",), dtype="same")
def masked_select_shape(input: Shape, mask: Shape) -> Shape:
    """``(number of true elements,)``, a size that only the values tell.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    broadcast_all("masked_select", input, mask)
    return (UNKNOWN_DIM,)


@rule("nonzero", functions=("nonzero",), methods=("nonzero",), dtype="int64")
def nonzero_shape(input: Shape, *, as_tuple: bool = False) -> Shape | list[Shape]:
    """``(number of nonzero elements, rank)``, or a vector of indices for each dim.

    Args:
        input: Any shape.
        as_tuple: Whether to give one vector for each dim; a 0-D tensor counts as a vector.

    Returns:
        The shape, or a list of shapes; how many elements there are only the values tell.

    Source: PyTorch ``torch.nonzero``.
    """
    if as_tuple:
        return [(UNKNOWN_DIM,)] * max(len(input), 1)
    return (UNKNOWN_DIM, len(input))


@rule("argwhere", functions=("argwhere",), methods=("argwhere",), dtype="int64")
def argwhere_shape(input: Shape) -> Shape:
    """``(number of nonzero elements, rank)``."""
    return (UNKNOWN_DIM, len(input))


@rule("item", methods=("item",), dtype="unknown")
def item_shape(input: Shape) -> None:
    """A Python number, no tensor; `input` must have one element.

    Raises:
        ShapeError: item_error_not_scalar.
    """
    check_equal(
        product(input),
        1,
        lambda: ShapeError(
            ErrorKind.item_error_not_scalar,
            (input,),
            f"item: the tensor must have one element, got {product(input)} "
            f"from {render_shape(input)}",
        ),
    )
