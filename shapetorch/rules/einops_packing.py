"""pack and unpack of einops: tensors of several ranks flattened into one, and taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shapetorch.dim import Shape, Size, check_equal, product, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.einops_patterns import invalid, is_axis_name
from shapetorch.rules.registry import Shapes, Sizes, rule


class Packed(NamedTuple):
    """A packed tensor, and of each tensor in it the part of its shape that was packed."""

    tensor: Shape
    packed_shapes: list[Shape]


@rule("pack", functions=("pack", "einops.pack"), module="shapetorch")
@rule("pack", functions=("pack",), module="einops")
def pack_shape(tensors: Shapes, pattern: str) -> Packed:
    """Shapes of tensors flattened where the star stands, and joined there.

    Args:
        tensors: One or more; where the star stands they may have any dims.
        pattern: ``"b * c"``: the dims they share, and one star.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch.

    Source: einops ``pack``.
    """
    before, after = _read_star("pack", pattern)
    starred: list[Shape] = []
    for shape in tensors:
        if len(shape) < before + after:
            invalid("pack", pattern, f"{render_shape(shape)} must have all the named dims")
        end = len(shape) - after
        starred.append(shape[before:end])
        _check_shared(
            "pack", pattern, _named(tensors[0], before, after), _named(shape, before, after)
        )
    first = tensors[0]
    total: Size = 0
    for part in starred:
        total = total + product(part)
    return Packed((*first[:before], total, *first[len(first) - after :]), starred)


def _named(shape: Shape, before: int, after: int) -> Shape:
    """The sizes of the dims that are not packed."""
    return shape[:before] + shape[len(shape) - after :]


def _check_shared(operation: str, pattern: str, first: Shape, other: Shape) -> None:
    axes = [axis for axis in pattern.split() if axis != "*"]
    if any(size == 0 for size in other):
        raise ShapeError(
            ErrorKind.reshape_error_invalid_size,
            (other,),
            f"{operation}: named dims must not be empty, got {render_shape(other)} in {pattern!r}",
        )
    for axis, own, size in zip(axes, first, other, strict=True):
        check_equal(
            own,
            size,
            lambda axis=axis, own=own, size=size: ShapeError(  # type: ignore[misc]
                ErrorKind.einops_error_dimension_mismatch,
                (axis, own, size),
                f"{operation}: all sizes of {axis} must be equal, got {own} and {size} "
                f"in {pattern!r}",
            ),
        )


def _read_star(operation: str, pattern: str) -> tuple[int, int]:
    """How many dims stand before and behind the star."""
    axes = pattern.split()
    if axes.count("*") != 1 or len(set(axes)) != len(axes):
        invalid(operation, pattern, "a pattern must have one star and no name twice")
    for axis in axes:
        if axis != "*" and not is_axis_name(axis):
            invalid(operation, pattern, f"{axis!r} must be the name of an axis")
    before = axes.index("*")
    return before, len(axes) - before - 1


@rule("unpack", functions=("unpack", "einops.unpack"), module="shapetorch", dtype="same")
@rule("unpack", functions=("unpack",), module="einops", dtype="same")
def unpack_shape(tensor: Shape, packed_shapes: Shapes, pattern: str) -> list[Shape]:
    """Shapes of the parts of a packed tensor, with the shapes that `pack` gave back."""
    return _unpack(tensor, packed_shapes, pattern)


@rule("unpack", functions=("unpack", "einops.unpack"), module="shapetorch", dtype="same")
@rule("unpack", functions=("unpack",), module="einops", dtype="same")
def unpack_sizes_shape(tensor: Shape, packed_shapes: Sequence[Sizes], pattern: str) -> list[Shape]:
    """Shapes of the parts of a packed tensor.

    Args:
        tensor: A shape as the pattern describes it, the star being one dim.
        packed_shapes: What stands in place of the star in each part; one size of all may be -1.
        pattern: ``"b * c"``.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch,
            einops_error_ambiguous_decomposition.

    Source: einops ``unpack``.
    """
    return _unpack(tensor, [tuple(part) for part in packed_shapes], pattern)


def _unpack(tensor: Shape, parts: Sequence[Shape], pattern: str) -> list[Shape]:
    before, after = _read_star("unpack", pattern)
    if len(tensor) != before + 1 + after:
        invalid("unpack", pattern, f"the pattern must describe {render_shape(tensor)}")
    open_parts = [place for place, part in enumerate(parts) if any(size == -1 for size in part)]
    if len(open_parts) > 1 or any(list(part).count(-1) > 1 for part in parts):
        raise ShapeError(
            ErrorKind.einops_error_ambiguous_decomposition,
            ("*", tuple(open_parts)),
            f"unpack: at most one size may be -1, got several for {pattern!r}",
        )
    size = tensor[before]
    taken: Size = 0
    for place, part in enumerate(parts):
        if place not in open_parts:
            taken = taken + product(part)
    filled = [tuple(part) for part in parts]
    if open_parts:
        filled[open_parts[0]] = _fill("unpack", parts[open_parts[0]], size - taken, pattern)
    else:
        _check_total(taken, size, pattern, tensor)
    return [(*tensor[:before], *part, *tensor[before + 1 :]) for part in filled]


def _fill(operation: str, part: Shape, rest: Size, pattern: str) -> Shape:
    """`part` with the size that makes its product `rest` in place of -1."""
    factor = product(size for size in part if size != -1)

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.einops_error_dimension_mismatch,
            ("*", factor, rest),
            f"{operation}: what is left must be divisible by {factor}, got {rest} in {pattern!r}",
        )

    if factor == 0 or (isinstance(rest, int) and rest < 0):
        raise error()
    quotient = rest // factor
    check_equal(quotient * factor, rest, error)
    return tuple(quotient if size == -1 else size for size in part)


def _check_total(taken: Size, size: Size, pattern: str, tensor: Shape) -> None:
    check_equal(
        taken,
        size,
        lambda: ShapeError(
            ErrorKind.einops_error_dimension_mismatch,
            ("*", taken, size),
            f"unpack: the parts must have {size} elements together, got {taken} "
            f"from {render_shape(tensor)} in {pattern!r}",
        ),
    )
