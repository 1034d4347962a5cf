"""Repeating elements: repeat, tile, repeat_interleave."""

from __future__ import annotations

from shapetorch.dim import UNKNOWN_DIM, Shape, Size, check_equal, product, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.registry import Sizes, rule


def _negative(operation: str, repeats: Sizes, shape: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.argument_error_value,
        ("repeats", tuple(repeats)),
        f"{operation}: repeats must not be negative, got {render_shape(repeats)} "
        f"for {render_shape(shape)}",
    )


def _multiplied(operation: str, shape: Shape, counts: Sizes) -> Shape:
    """Sizes times counts, aligned at the last dim; what is missing on the left is 1."""
    rank = max(len(shape), len(counts))
    sizes = (1,) * (rank - len(shape)) + shape
    times = (1,) * (rank - len(counts)) + tuple(counts)
    for size, count in zip(sizes, times, strict=True):
        if isinstance(count, int) and count < 0 and size != 0:
            raise _negative(operation, counts, shape)
    return tuple(size * count for size, count in zip(sizes, times, strict=True))


@rule("repeat", methods=("repeat",), spread="repeats", dtype="same")
def repeat_shape(input: Shape, repeats: Sizes) -> Shape:
    """Shape of `input` laid out several times along each dim.

    Args:
        input: Any shape.
        repeats: How often, for every dim; more counts than dims add dims in front.

    Returns:
        The product of sizes and counts, aligned at the last dim.

    Raises:
        ShapeError: repeat_error_count, argument_error_value.

    Source: PyTorch ``torch.Tensor.repeat``.
    """
    if len(repeats) < len(input):
        raise ShapeError(
            ErrorKind.repeat_error_count,
            (tuple(repeats), len(input)),
            f"repeat: there must be a count for every dim, got {render_shape(repeats)} "
            f"for {render_shape(input)}",
        )
    return _multiplied("repeat", input, repeats)


@rule("tile", functions=("tile",), methods=("tile",), spread="dims", dtype="same")
def tile_shape(input: Shape, dims: Sizes) -> Shape:
    """Shape of `input` laid out several times; missing counts on the left are 1.

    Raises:
        ShapeError: argument_error_value.

    Source: PyTorch ``torch.tile``.
    """
    return _multiplied("tile", input, dims)


def _interleaved(shape: Shape, dim: int | None, total: Size, each: Size | None) -> Shape:
    """`shape` with the size at `dim` made `total`, or `each` times as large."""
    if dim is None:
        return (total if each is None else product(shape) * each,)
    place = axis("repeat_interleave", dim, shape, scalar=False)
    size = total if each is None else shape[place] * each
    return (*shape[:place], size, *shape[place + 1 :])


@rule(
    "repeat_interleave",
    functions=("repeat_interleave",),
    methods=("repeat_interleave",),
    dtype="same",
)
def repeat_interleave_shape(
    input: Shape, repeats: Shape, dim: int | None = None, *, output_size: Size = UNKNOWN_DIM
) -> Shape:
    """Shape of `input` with each element repeated as often as a tensor says.

    Args:
        input: Any shape.
        repeats: ``()``, ``(1,)`` or ``(size,)``.
        dim: Along which dim; None flattens first.
        output_size: The sum of the repeats, if it is known.

    Returns:
        `input` with ``output_size``, which is otherwise unknown, at `dim`.

    Raises:
        ShapeError: dimension_error_out_of_range, argument_error_value.

    Source: PyTorch ``torch.repeat_interleave``.
    """
    place = None
    if len(repeats) <= 1 and dim is not None:
        place = axis("repeat_interleave", dim, input, scalar=False)
    size = product(input) if place is None else input[place]

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.argument_error_value,
            ("repeats", repeats),
            f"repeat_interleave: repeats must be one number for each of {size} elements, "
            f"got {render_shape(repeats)} for {render_shape(input)}",
        )

    if len(repeats) > 1:
        raise error()
    if repeats and repeats[0] != 1:
        check_equal(repeats[0], size, error)
    return _interleaved(input, dim, output_size, None)


@rule(
    "repeat_interleave",
    functions=("repeat_interleave",),
    methods=("repeat_interleave",),
    dtype="same",
)
def repeat_interleave_count_shape(
    input: Shape, repeats: Size, dim: int | None = None, *, output_size: object = None
) -> Shape:
    """Shape of `input` with each element repeated `repeats` times.

    Args:
        input: Any shape.
        repeats: How often.
        dim: Along which dim; None flattens first.
        output_size: Not looked at.

    Returns:
        `input` with the size at `dim` times `repeats`.

    Raises:
        ShapeError: dimension_error_out_of_range, argument_error_value.

    Source: PyTorch ``torch.repeat_interleave``.
    """
    result = _interleaved(input, dim, UNKNOWN_DIM, repeats)
    if isinstance(repeats, int) and repeats < 0:
        raise _negative("repeat_interleave", (repeats,), input)
    return result


@rule("repeat_interleave", functions=("repeat_interleave",), dtype="int64")
def repeat_interleave_indices_shape(repeats: Shape, *, output_size: Size = UNKNOWN_DIM) -> Shape:
    """Shape of the indices that a tensor of counts makes: ``(sum of the counts,)``.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    if len(repeats) != 1:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (1, len(repeats), repeats),
            f"repeat_interleave: repeats must have 1 dimension, got {render_shape(repeats)}",
        )
    return (output_size,)
