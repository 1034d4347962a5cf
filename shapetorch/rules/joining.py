"""Joining tensors: cat, stack and their relatives.

An operand may be `Many` tensors of one shape (a list that a loop fills): it counts as that many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapetorch.dim import UNKNOWN_DIM, Shape, Size, check_equal, is_fixed, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.registry import Many, Shapes, rule

Operand = tuple[Shape, Size]


def operands_of(operation: str, tensors: Shapes | Many) -> list[Operand]:
    """Each shape, and how many tensors have it."""
    if not tensors:
        raise ShapeError(
            ErrorKind.cat_error_empty, (), f"{operation}: at least one tensor must be given"
        )
    found: list[Operand] = []
    items: Sequence[Shape | Many] = [tensors] if isinstance(tensors, Many) else tensors
    for item in items:
        if isinstance(item, Many):
            assert is_fixed(item.shape), "variadic parts are expanded before"
            found.append((item.shape, item.count))
        else:
            found.append((tuple(item), 1))
    return found


def _each(change: Callable[[Shape], Shape], operands: list[Operand]) -> list[Operand]:
    return [(change(shape), count) for shape, count in operands]


def _is_legacy_empty(shape: Shape) -> bool:
    return len(shape) == 1 and isinstance(shape[0], int) and shape[0] == 0


def _joined(operation: str, operands: list[Operand], dim: int) -> Shape:
    """The shape of all operands one after the other along `dim`; a bare ``(0,)`` is skipped."""
    for shape, _ in operands:
        if not shape:
            raise ShapeError(
                ErrorKind.cat_error_rank_mismatch,
                (1, 0),
                f"{operation}: every tensor must have at least 1 dimension, "
                f"got {' and '.join(render_shape(other) for other, _ in operands)}",
            )
    kept = [item for item in operands if not _is_legacy_empty(item[0])] or operands[:1]
    first, count = kept[0]
    place = axis(operation, dim, first)
    total = first[place] * count
    for shape, count in kept[1:]:
        if len(shape) != len(first):
            raise ShapeError(
                ErrorKind.cat_error_rank_mismatch,
                (len(first), len(shape)),
                f"{operation}: all tensors must have as many dimensions, got {len(first)} "
                f"and {len(shape)} from {render_shape(first)} and {render_shape(shape)}",
            )
        for position, (left, right) in enumerate(zip(first, shape, strict=True)):
            if position != place:
                _check_size(operation, left, right, position, place, first, shape)
        total = total + shape[place] * count
    sizes = (_known([shape[i] for shape, _ in kept]) for i in range(len(first)))
    return tuple(total if i == place else size for i, size in enumerate(sizes))


def _known(sizes: Sequence[Size]) -> Size:
    """Of sizes that must be equal, the one that says most: a number, or else the first known."""
    for size in sizes:
        if isinstance(size, int):
            return size
    return next((size for size in sizes if size is not UNKNOWN_DIM), UNKNOWN_DIM)


def _check_size(
    operation: str, left: Size, right: Size, dim: int, along: int, first: Shape, shape: Shape
) -> None:
    check_equal(
        left,
        right,
        lambda: ShapeError(
            ErrorKind.cat_error_size_mismatch,
            (left, right, dim, first, shape),
            f"{operation}: sizes must be equal except at dim {along}, got {left} and {right} "
            f"at dim {dim} from {render_shape(first)} and {render_shape(shape)}",
        ),
    )


@rule("cat", functions=("cat", "concat", "concatenate"))
def cat_shape(tensors: Shapes | Many, dim: int = 0) -> Shape:
    """Shape of tensors joined along a dim they have.

    Args:
        tensors: At least one; ranks and all other sizes are equal. A bare ``(0,)`` is skipped.
        dim: The dim along which they are joined.

    Returns:
        The first shape, with the sum of the sizes at `dim`.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty,
            dimension_error_out_of_range.

    Source: PyTorch ``torch.cat``.
    """
    return _joined("cat", operands_of("cat", tensors), dim)


@rule("stack", functions=("stack",))
def stack_shape(tensors: Shapes | Many, dim: int = 0) -> Shape:
    """Shape of tensors of one shape, joined along a new dim.

    Args:
        tensors: At least one.
        dim: Where the new dim goes, in ``-(rank+1)..rank``.

    Returns:
        The common shape with the number of tensors inserted at `dim`.

    Raises:
        ShapeError: stack_error_shape_mismatch, cat_error_empty, dimension_error_out_of_range.

    Source: PyTorch ``torch.stack``.
    """
    operands = operands_of("stack", tensors)
    first = operands[0][0]
    place = axis("stack", dim, first, extra=1)
    total: Size = 0
    for shape, count in operands:
        _check_same("stack", first, shape)
        total = total + count
    common = tuple(_known([shape[i] for shape, _ in operands]) for i in range(len(first)))
    return (*common[:place], total, *common[place:])


def _check_same(operation: str, first: Shape, shape: Shape) -> None:
    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.stack_error_shape_mismatch,
            (first, shape),
            f"{operation}: all shapes must be equal, got {render_shape(first)} "
            f"and {render_shape(shape)}",
        )

    if len(first) != len(shape):
        raise error()
    for left, right in zip(first, shape, strict=True):
        check_equal(left, right, error)


def at_least_1d(shape: Shape) -> Shape:
    """`shape` with at least one dim, as ``torch.atleast_1d``."""
    return shape or (1,)


def at_least_2d(shape: Shape) -> Shape:
    """`shape` with at least two dims, new ones in front, as ``torch.atleast_2d``."""
    return (1,) * (2 - len(shape)) + shape


def at_least_3d(shape: Shape) -> Shape:
    """`shape` with at least three dims, a vector in the middle, as ``torch.atleast_3d``."""
    return (*at_least_2d(shape), 1) if len(shape) < 3 else shape


@rule("hstack", functions=("hstack",))
def hstack_shape(tensors: Shapes | Many) -> Shape:
    """Shape of tensors side by side: joined along dim 1, vectors along dim 0.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """
    operands = _each(at_least_1d, operands_of("hstack", tensors))
    return _joined("hstack", operands, 0 if len(operands[0][0]) == 1 else 1)


@rule("vstack", functions=("vstack", "row_stack"))
def vstack_shape(tensors: Shapes | Many) -> Shape:
    """Shape of tensors one above the other: joined along dim 0, vectors as rows.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """
    return _joined("vstack", _each(at_least_2d, operands_of("vstack", tensors)), 0)


@rule("dstack", functions=("dstack",))
def dstack_shape(tensors: Shapes | Many) -> Shape:
    """Shape of tensors one behind the other: joined along dim 2.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """
    return _joined("dstack", _each(at_least_3d, operands_of("dstack", tensors)), 2)


@rule("column_stack", functions=("column_stack",))
def column_stack_shape(tensors: Shapes | Many) -> Shape:
    """Shape of tensors side by side, vectors as columns.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """
    operands = _each(_as_column, operands_of("column_stack", tensors))
    return _joined("column_stack", operands, 1)


def _as_column(shape: Shape) -> Shape:
    return shape if len(shape) > 1 else (*at_least_1d(shape), 1)


@rule("atleast_1d", functions=("atleast_1d",), dtype="same")
def atleast_1d_shape(input: Shape) -> Shape:
    """``(1,)`` for a 0-D tensor, else the shape of `input`."""
    return at_least_1d(input)


@rule("atleast_1d", functions=("atleast_1d",), spread="tensors", dtype="same")
def atleast_1d_all_shape(tensors: Shapes) -> list[Shape]:
    """`atleast_1d_shape` of each tensor."""
    return [at_least_1d(tuple(shape)) for shape in tensors]


@rule("atleast_2d", functions=("atleast_2d",), dtype="same")
def atleast_2d_shape(input: Shape) -> Shape:
    """The shape of `input` with new dims of 1 in front, up to rank 2."""
    return at_least_2d(input)


@rule("atleast_2d", functions=("atleast_2d",), spread="tensors", dtype="same")
def atleast_2d_all_shape(tensors: Shapes) -> list[Shape]:
    """`atleast_2d_shape` of each tensor."""
    return [at_least_2d(tuple(shape)) for shape in tensors]


@rule("atleast_3d", functions=("atleast_3d",), dtype="same")
def atleast_3d_shape(input: Shape) -> Shape:
    """The shape of `input` with new dims of 1, up to rank 3: ``(n,)`` gives ``(1, n, 1)``."""
    return at_least_3d(input)


@rule("atleast_3d", functions=("atleast_3d",), spread="tensors", dtype="same")
def atleast_3d_all_shape(tensors: Shapes) -> list[Shape]:
    """`atleast_3d_shape` of each tensor."""
    return [at_least_3d(tuple(shape)) for shape in tensors]
