"""The operations of einops: dims are named by a pattern, split, merged, moved, reduced and repeated.

A pattern is read once for a given shape; what it means is a plan of at most five steps, each of them left
out where it would change nothing: split the dims into the named axes, reduce, move, repeat, merge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.einops import match_axes
from shapetorch.rules.einops_patterns import (
    DOTS,
    Side,
    is_anonymous,
    is_axis_name,
    length_of,
    read_pattern,
)
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.einsum import plan_of
from shapetorch.tensor.sizes import Size
from shapetorch.tensor.tensors import Tensor


@dataclass(frozen=True)
class Plan:
    """What a pattern does to a tensor of a given shape.

    Attributes:
        split: The sizes of all axes of the left side; None if they are the dims.
        reduced: The places of the axes that the right side leaves out.
        order: The places of the others, in the order of the right side; None if it is the same.
        new: Where axes are put in that are repeated, in order.
        expanded: The sizes after that; None if there are none.
        merged: The shape of the result; None if nothing is merged.
    """

    split: tuple[int, ...] | None
    reduced: tuple[int, ...]
    order: tuple[int, ...] | None
    new: tuple[int, ...]
    expanded: tuple[int, ...] | None
    merged: tuple[int, ...] | None

    def run(self, tensor: Tensor, reduce: Callable[[Tensor, tuple[int, ...]], Tensor]) -> Tensor:
        """The result."""
        if self.split is not None:
            tensor = tensor.reshape(self.split)
        if self.reduced:
            tensor = reduce(tensor, self.reduced)
        if self.order is not None:
            tensor = tensor.permute(self.order)
        for place in self.new:
            tensor = tensor.unsqueeze(place)
        if self.expanded is not None:
            tensor = tensor.expand(self.expanded)
        return tensor if self.merged is None else tensor.reshape(self.merged)


@lru_cache(maxsize=1024)
def plan_for(
    name: str, pattern: str, lengths: tuple[tuple[str, int], ...], shape: tuple[int, ...]
) -> Plan:
    """The plan of a call whose shapes have been judged."""
    left, right = read_pattern(name, pattern)
    known: dict[str, Any] = dict(lengths)
    known.update(
        (axis, length_of(axis)) for axis in (*left.axes, *right.axes) if is_anonymous(axis)
    )
    dots = match_axes(name, shape, left, known, pattern)
    covered = [f"{DOTS}{place}" for place in range(len(dots))]
    known.update(zip(covered, dots, strict=True))
    before, after = _axes(left, covered), _axes(right, covered)
    split = tuple(known[axis] for axis in before)
    kept = [axis for axis in before if axis in after]
    moved = [axis for axis in after if axis in before]
    order = tuple(kept.index(axis) for axis in moved)
    new = tuple(place for place, axis in enumerate(after) if axis not in before)
    whole = tuple(known[axis] for axis in after)
    merged: list[int] = []
    for group in right.groups:
        if isinstance(group, str):
            merged += dots  # type: ignore[arg-type]
        else:
            merged.append(prod(prod(dots) if axis == DOTS else known[axis] for axis in group))  # type: ignore[arg-type, misc]
    return Plan(
        None if split == shape else split,
        tuple(place for place, axis in enumerate(before) if axis not in after),
        None if order == tuple(range(len(order))) else order,
        new,
        whole if new else None,
        None if tuple(merged) == whole else tuple(merged),
    )


def _axes(side: Side, covered: Sequence[str]) -> list[str]:
    """All axes of a side in order; those that ``...`` covers in its place."""
    found: list[str] = []
    for axis in side.axes:
        found += covered if axis == DOTS else [axis]
    return found


def _run(
    name: str,
    tensor: Any,
    pattern: str,
    lengths: dict[str, int],
    reduction: Any = None,
) -> Tensor:
    if isinstance(tensor, (list, tuple)):
        tensor = OPERATIONS["stack"].function(list(tensor), 0)
    sizes = tuple((axis, int(size)) for axis, size in lengths.items())
    plan = plan_for(name, pattern, sizes, tensor._array.shape)
    return plan.run(tensor, _reducer(reduction))


@operation("einops.rearrange", aliases=("rearrange",))
def rearrange(tensor: Any, pattern: str, **axes_lengths: int) -> Tensor:
    """A tensor whose dims are split, moved and merged; a view where the memory allows it.

    Args:
        tensor: Any shape that the left side describes; a list of tensors is stacked first.
        pattern: ``"b (h w) c -> b c h w"``: a name for each dim, parentheses around names that are
            multiplied, ``...`` for any number of dims, ``1`` for a size of 1.
        axes_lengths: Sizes of named axes; of each group on the left, all but one must be known.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_undefined_axis,
            einops_error_anonymous_in_output, einops_error_ambiguous_decomposition,
            einops_error_dimension_mismatch.
    """
    judged("einops.rearrange", tensor, pattern, **axes_lengths)
    return _run("rearrange", tensor, pattern, axes_lengths)


@operation("einops.repeat", aliases=("repeat",))
def repeat(tensor: Any, pattern: str, **axes_lengths: int) -> Tensor:
    """A tensor repeated along the axes that only the right side has; see `rearrange`.

    Raises:
        ShapeError: einops_error_repeat_missing_size, and those of `rearrange`.
    """
    judged("einops.repeat", tensor, pattern, **axes_lengths)
    return _run("repeat", tensor, pattern, axes_lengths)


@operation("einops.reduce", aliases=("reduce",))
def reduce(tensor: Any, pattern: str, reduction: Any, **axes_lengths: int) -> Tensor:
    """A tensor reduced over the axes that the right side leaves out; see `rearrange`.

    Args:
        tensor: Any shape that the left side describes; a list of tensors is stacked first.
        pattern: As of `rearrange`; a number on the left is a size that must be so.
        reduction: "min", "max", "sum", "mean", "prod", "any" or "all", or ``function(tensor, dims)``.
        axes_lengths: Sizes of named axes.

    Raises:
        ShapeError: argument_error_value, einops_error_reduce_undefined_output, and those of `rearrange`.
    """
    plain = reduction if isinstance(reduction, str) else None
    judged("einops.reduce", tensor, pattern, plain, **axes_lengths)
    return _run("reduce", tensor, pattern, axes_lengths, reduction)


def _reducer(reduction: Any) -> Callable[[Tensor, tuple[int, ...]], Tensor]:
    if reduction is None or callable(reduction):
        return reduction  # type: ignore[no-any-return]
    if reduction == "prod":
        return _product
    if reduction == "mean":
        return _mean
    method = {"min": "amin", "max": "amax"}.get(reduction, reduction)
    return lambda tensor, dims: getattr(tensor, method)(dims)


def _mean(tensor: Tensor, dims: tuple[int, ...]) -> Tensor:
    if not tensor.dtype.is_floating_point:
        raise RuntimeError(f"reduce: the mean is taken of floating tensors, got {tensor.dtype}")
    return tensor.mean(dims)  # type: ignore[no-any-return]


def _product(tensor: Tensor, dims: tuple[int, ...]) -> Tensor:
    for dim in reversed(dims):
        tensor = tensor.prod(dim)
    return tensor


@operation("einops.einsum")
def einops_einsum(*tensors_and_pattern: Any) -> Tensor:
    """A sum of products, with names of more than a letter: ``einsum(a, b, "b i d, b j d -> b i j")``.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_undefined_axis, and those of `einsum`.
    """
    judged("einops.einsum", *tensors_and_pattern)
    *tensors, pattern = tensors_and_pattern
    left, _, right = pattern.partition("->")
    terms = tuple(tuple(text.split()) for text in left.split(","))
    shapes = tuple(item._array.shape for item in tensors)
    return plan_of(terms, tuple(right.split()), shapes).run(tensors)


# -- packing ------------------------------------------------------------------------------------------


def _star(pattern: str) -> tuple[int, int]:
    """How many dims stand before and behind the star."""
    axes = pattern.split()
    before = axes.index("*")
    return before, len(axes) - before - 1


@operation("einops.pack", aliases=("pack",))
def pack(tensors: Sequence[Tensor], pattern: str) -> tuple[Tensor, list[Size]]:
    """Tensors flattened where the star stands and joined there, and what shapes they had there.

    Args:
        tensors: One or more; where the star stands they may have any dims.
        pattern: ``"b * c"``: the dims they share, and one star.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch.
    """
    judged("einops.pack", tensors, pattern)
    before, after = _star(pattern)
    parts, shapes = [], []
    for tensor in tensors:
        shape = tensor._array.shape
        end = len(shape) - after
        shapes.append(Size(shape[before:end]))
        flat = (*shape[:before], prod(shape[before:end]), *shape[end:])
        parts.append(tensor.reshape(flat))
    return OPERATIONS["cat"].function(parts, before), shapes


@operation("einops.unpack", aliases=("unpack",))
def unpack(tensor: Tensor, packed_shapes: Sequence[Sequence[int]], pattern: str) -> list[Tensor]:
    """The parts of a packed tensor.

    Args:
        tensor: A shape as the pattern describes it, the star being one dim.
        packed_shapes: What stands in place of the star in each part; one size of all may be -1.
        pattern: ``"b * c"``.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch,
            einops_error_ambiguous_decomposition.
    """
    shapes = judged(
        "einops.unpack", tensor, [tuple(map(int, item)) for item in packed_shapes], pattern
    )
    before, _ = _star(pattern)
    parts, first = [], 0
    for shape, given in zip(shapes, packed_shapes, strict=True):
        count = prod(shape[before : before + len(given)])
        parts.append(tensor.narrow(before, first, count).reshape(shape))
        first += count
    return parts


@operation("einops.parse_shape")
def parse_shape(x: Tensor, pattern: str) -> dict[str, int]:
    """The sizes of a tensor by name: ``parse_shape(x, "b _ h w")``; ``_`` and ``...`` are skipped.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch.
    """
    shape = x._array.shape
    axes = pattern.split()
    has_dots = DOTS in axes
    least = len(axes) - has_dots
    named = [axis for axis in axes if axis not in ("_", DOTS) and not axis.isdecimal()]
    fits = least <= len(shape) if has_dots else least == len(shape)
    if not fits or axes.count(DOTS) > 1 or len(set(named)) != len(named):
        raise _bad_pattern(pattern, f"it must describe the {len(shape)} dims of {list(shape)}")
    if not all(map(is_axis_name, named)):
        raise _bad_pattern(pattern, "each dim must have the name of an axis")
    if has_dots:
        place = axes.index(DOTS)
        axes[place : place + 1] = ["_"] * (len(shape) - least)
    for axis, size in zip(axes, shape, strict=True):
        if axis.isdecimal() and int(axis) != size:
            raise ShapeError(
                ErrorKind.einops_error_dimension_mismatch,
                (axis, int(axis), size),
                f"parse_shape: the size must be {axis}, got {size} from {list(shape)} in {pattern!r}",
            )
    sizes = zip(axes, shape, strict=True)
    return {axis: size for axis, size in sizes if axis != "_" and not axis.isdecimal()}


def _bad_pattern(pattern: str, reason: str) -> ShapeError:
    return ShapeError(
        ErrorKind.einops_error_invalid_pattern,
        (pattern,),
        f"parse_shape: {reason}, got {pattern!r}",
    )
