"""Indexing: ``x[...]``, assignment to it, and ``x.at(...)``.

An index is a tuple of the elements that `rules.elements` defines.

Integers, slices and None act first, dim by dim. Then the tensors: they broadcast together, and the
result stands where the first of them was if they are neighbours, else in front. A mask acts like as
many index tensors as it has dims, of a length that only its values tell.

Bounds of slices are cut to the dim, as Python does it. A size that a slice leaves is written
without a clamp at 0 (``T - 2`` for ``x[2:]``): the expression stands for a size, so it is not negative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shapetorch.dim import (
    UNKNOWN_DIM,
    AnyShape,
    Shape,
    Size,
    Truth,
    at_most,
    ceildiv,
    check_equal,
    current_facts,
    is_fixed,
    maximum,
    minimum,
    names,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.broadcasting import broadcast, broadcast_size
from shapetorch.rules.elements import (
    WHOLE,
    At,
    Element,
    Index,
    Mask,
    NewAxis,
    Range,
    Rest,
    parse_at,
    parse_index,
)
from shapetorch.rules.lift import apply
from shapetorch.rules.registry import Elements, Number, rule

# -- one dim ----------------------------------------------------------------------------------------


def is_negative(size: Size) -> bool:
    """Whether a bound counts from the end: surely, or if its unknown names are positive."""
    if isinstance(size, int):
        return size < 0
    facts = current_facts()
    lower = {atom.name: 1 for atom in names(size) if atom.soft}
    facts = replace(facts, lower={**lower, **facts.lower})
    _, high = facts.bounds(facts.normalize(size))
    return high is not None and high < 0


def _at_most(bound: Size, size: Size) -> Size:
    """The smaller of the two, written as one of them where their order is known."""
    if bound is UNKNOWN_DIM or size is UNKNOWN_DIM:
        return UNKNOWN_DIM
    order = at_most(bound, size)
    if order is Truth.YES:
        return bound
    return size if order is Truth.NO else minimum(bound, size)


def range_size(size: Size, part: Range) -> Size:
    """How many places of a dim a slice selects.

    ``ceil((stop - start) / step)`` after both bounds were cut to the dim.
    """
    start, stop, step = part.start, part.stop, 1 if part.step is None else part.step
    if UNKNOWN_DIM in (start, stop, step):
        return UNKNOWN_DIM
    if isinstance(step, int) and step < 0:
        return _backward_size(size, part)
    if all(isinstance(value, int) for value in (size, step)) and all(
        value is None or isinstance(value, int) for value in (start, stop)
    ):
        return len(range(*slice(start, stop, step).indices(size)))  # type: ignore[arg-type]
    if size is UNKNOWN_DIM and (start, stop) != (None, 0):
        return UNKNOWN_DIM
    end = _end(size, stop)
    length = end - _begin(size, start, end)
    if at_most(length, 0) is Truth.YES:
        return 0
    if _counts_from_both_ends(start, stop) and at_most(0, length) is not Truth.YES:
        length = maximum(0, length)  # ``x[-1:1]`` is empty for most sizes
    return length if step == 1 else ceildiv(length, step)


def _counts_from_both_ends(start: Size | None, stop: Size | None) -> bool:
    """Whether a slice begins at a place counted from the end and ends at one from the front."""
    return start is not None and is_negative(start) and stop is not None and not is_negative(stop)


def _end(size: Size, stop: Size | None) -> Size:
    if stop is None:
        return size
    if not is_negative(stop):
        _, high = current_facts().bounds(stop)
        if not isinstance(stop, int) and high == 0:  # ``x[:-p]``: all but p, and nothing for none
            return UNKNOWN_DIM
        return _at_most(stop, size)
    return 0 if at_most(-stop, size) is Truth.NO else size + stop


def _begin(size: Size, start: Size | None, end: Size) -> Size:
    if start is None:
        return 0
    if is_negative(start):
        return size - _at_most(-start, size)
    # a start behind the end leaves nothing, and so does a start at the end
    return end if at_most(start, end) is Truth.NO else start


def _backward_size(size: Size, part: Range) -> Size:
    """As `range_size` for a negative step, which `.at()` takes."""
    values = (size, part.start, part.stop, part.step)
    if all(value is None or isinstance(value, int) for value in values):
        return len(range(*slice(part.start, part.stop, part.step).indices(size)))  # type: ignore[arg-type]
    if part.start is None and part.stop is None and part.step is not None:
        return ceildiv(size, -part.step)
    return UNKNOWN_DIM


def check_place(
    index: Size, size: Size, error: Callable[[], ShapeError], *, past_end: bool = False
) -> None:
    """Raise `error` if `index` is surely outside of ``-size..size-1`` (or ``size``)."""
    if UNKNOWN_DIM in (index, size):
        return
    above = place_at_most(index, size if past_end else size - 1)
    if Truth.NO in (above, at_most(-index, size)):
        raise error()


def place_at_most(place: Size, last: Size) -> Truth:
    """Whether ``place <= last``, where `place` counts from 0.

    Names are at least 1 as sizes. As a place one may be 0, unless it is a size of the dim as well:
    ``x[i]`` is right on a dim of size 1, ``x[n]`` is wrong on one of size n.
    """
    answer = at_most(place, last)
    if answer is Truth.NO:
        labels = {it.name for it in names(place) - names(last)}
        return at_most(place, last, current_facts().allow_zeros(labels))
    return answer


# -- the whole index --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Style:
    """What differs between ``x[...]`` and ``x.at(...)``."""

    operation: str
    documented: bool = False


GETITEM = _Style("indexing")
AT = _Style("at", documented=True)


def _render(shape: Shape, index: Sequence[Element]) -> str:
    return f"{render_shape(shape)} at [{', '.join(map(str, index))}]"


def _consumed(element: Element) -> int:
    if isinstance(element, Mask):
        return len(element.shape)
    return 0 if isinstance(element, (NewAxis, Rest)) else 1


def _filled(style: _Style, shape: Shape, index: Sequence[Element]) -> list[Element]:
    """`index` with an element for every dim."""
    given = sum(map(_consumed, index))
    left = len(shape) - given
    ellipses = [place for place, element in enumerate(index) if isinstance(element, Rest)]
    behind = index[ellipses[1] :] if len(ellipses) > 1 else ()
    if left < 0 or (left > 0 and any(map(_consumed, behind))):
        must = "there must be at most one index for each dim"
        raise ShapeError(
            ErrorKind.index_error_too_many,
            (given, len(shape), shape),
            f"{style.operation}: {must}, got {given} for rank {len(shape)} "
            f"from {_render(shape, index)}",
        )
    whole: list[Element] = [WHOLE] * left
    if not ellipses:
        return [*index, *whole]
    tail = [element for element in index[ellipses[0] :] if not isinstance(element, Rest)]
    return [*index[: ellipses[0]], *whole, *tail]


class _Selection:
    """The dims of a result while an index is read from left to right."""

    def __init__(self, style: _Style, shape: Shape, index: Sequence[Element]) -> None:
        self.style, self.shape, self.index = style, shape, index
        self.place = 0
        self.sizes: list[Size | None] = []  # None where an index tensor acts
        self.tensors: list[Shape] = []
        for element in _filled(style, shape, index):
            self.read(element)

    def read(self, element: Element) -> None:
        """Take one element in."""
        if isinstance(element, (Mask, Index)):
            assert is_fixed(element.shape), "variadic parts are expanded before"
            self.tensor(element, element.shape)
            return
        match element:
            case NewAxis():
                self.sizes.append(1)
            case At(index):
                self.check(index)
                self.place += 1
            case Range():
                self.sizes.append(self.range(element))
                self.place += 1

    def tensor(self, element: Mask | Index, shape: Shape) -> None:
        """Take a mask or an index tensor in."""
        if isinstance(element, Mask):
            self.mask(shape, element.count)
            return
        if shape:  # else an integer that only run time knows
            self.refuse_empty(shape)
            self.tensors.append(shape)
            self.sizes.append(None)
        self.place += 1

    def check(self, index: Size) -> None:
        """Raise if an integer lies outside of the dim."""
        size, shape, dim = self.shape[self.place], self.shape, self.place
        params: tuple[Any, ...] = (index, size, dim)
        kind = ErrorKind.index_error_out_of_bounds
        if self.style.documented:
            kind, params = ErrorKind.at_error_index_out_of_bounds, (*params, shape)
        check_place(
            index,
            size,
            lambda: ShapeError(
                kind,
                params,
                f"{self.style.operation}: the index must lie in dim {dim}, got {index} and {size} "
                f"from {_render(shape, self.index)}",
            ),
        )

    def range(self, part: Range) -> Size:
        """The size a slice leaves of the dim."""
        size, step = self.shape[self.place], part.step
        backward = isinstance(step, int) and step < 0
        if step == 0 or (backward and not self.style.documented):
            raise ShapeError(
                ErrorKind.index_error_step,
                (step,),
                f"{self.style.operation}: the step must be greater than 0, got {step} "
                f"from {_render(self.shape, self.index)}",
            )
        if self.style.documented and not backward and part.start is not None:
            check_place(part.start, size, lambda: self.outside(part, size), past_end=True)
        return range_size(size, part)

    def outside(self, part: Range, size: Size) -> ShapeError:
        """The error of a range that begins outside of the dim."""
        return ShapeError(
            ErrorKind.slice_error_out_of_bounds,
            (part.start, part.stop, size),
            f"{self.style.operation}: a range must begin inside of dim {self.place}, got {part} "
            f"and {size} from {_render(self.shape, self.index)}",
        )

    def mask(self, shape: Shape, count: Size) -> None:
        """Take a mask in: it stands for index tensors over all dims it has."""
        covered = self.shape[self.place : self.place + len(shape)]
        for own, other in zip(covered, shape, strict=True):
            check_equal(own, other, lambda: self.bad_mask(shape))
        self.place += len(shape)
        self.tensors.append((count,))
        self.sizes.extend([None] * max(len(shape), 1))

    def bad_mask(self, shape: Shape) -> ShapeError:
        """The error of a mask with other sizes than the dims it selects from."""
        return ShapeError(
            ErrorKind.index_error_mask_shape,
            (shape, self.shape),
            f"{self.style.operation}: a mask must have the sizes of the dims it selects from, "
            f"got {render_shape(shape)} from {_render(self.shape, self.index)}",
        )

    def refuse_empty(self, shape: Shape) -> None:
        """Raise if an index tensor that has elements selects from a dim that has none."""
        size = self.shape[self.place]
        if size == 0 and all(isinstance(extent, int) and extent > 0 for extent in shape):
            raise ShapeError(
                ErrorKind.index_error_out_of_bounds,
                (0, size, self.place),
                f"{self.style.operation}: there is nothing to select in dim {self.place}, "
                f"got size 0 from {_render(self.shape, self.index)}",
            )

    def result(self) -> Shape:
        """The selected shape."""
        if not self.tensors:
            return tuple(size for size in self.sizes if size is not None)
        chosen = self.broadcast()
        where = [place for place, size in enumerate(self.sizes) if size is None]
        first = where[0] if where[-1] - where[0] + 1 == len(where) else 0
        before = [size for size in self.sizes[:first] if size is not None]
        after = [size for size in self.sizes[first:] if size is not None]
        return (*before, *chosen, *after)

    def broadcast(self) -> Shape:
        """The shape all index tensors have together."""
        chosen: Shape = ()
        for shape in self.tensors:
            chosen = broadcast(chosen, shape, self.mismatch)
        return chosen

    def mismatch(self, left: Size, right: Size) -> ShapeError:
        """The error of index tensors that do not broadcast."""
        return ShapeError(
            ErrorKind.index_error_shape_mismatch,
            (self.tensors[-1], self.tensors[0]),
            f"{self.style.operation}: index tensors must broadcast together, got {left} and {right} "
            f"from {_render(self.shape, self.index)}",
        )


@rule("__getitem__", methods=("__getitem__",), dtype="same")
def getitem_shape(input: Shape, index: Elements) -> Shape:
    """Shape of ``input[index]``.

    Args:
        input: Any shape.
        index: One element for each index; see the module and `parse_index`.

    Returns:
        The selected shape.

    Raises:
        ShapeError: index_error_too_many, index_error_out_of_bounds, index_error_step,
            index_error_mask_shape, index_error_shape_mismatch.

    Source: PyTorch, "Tensor indexing"; NumPy, "Advanced indexing".
    """
    return _Selection(GETITEM, input, index).result()


def at_shape(input: Shape, index: Sequence[Element]) -> Shape:
    """Shape of ``input.at(*index)``; see `parse_at` for what the arguments mean.

    Negative steps are taken, as Python takes them. A range that begins outside of the dim is an
    error, one that ends outside is cut.

    Raises:
        ShapeError: at_error_index_out_of_bounds, slice_error_out_of_bounds, index_error_too_many,
            index_error_step, index_error_mask_shape, index_error_shape_mismatch.

    Source: torch.js ``IndexSpec``, ``RangeSpec``.
    """
    return _Selection(AT, input, index).result()


@rule("__setitem__", methods=("__setitem__",), dtype="same")
def setitem_shape(input: Shape, index: Elements, value: Shape | Number) -> None:
    """Whether ``input[index] = value`` may be done; the shape of `input` stays as it is.

    Args:
        input: Any shape.
        index: As for `getitem_shape`.
        value: Must broadcast to the selected shape; leading sizes of 1 are dropped.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, and those of `getitem_shape`.
    """
    assert isinstance(value, tuple), "a number arrives as the shape of a 0-D tensor"
    target = _Selection(GETITEM, input, index).result()

    def error(left: Size, right: Size) -> ShapeError:
        return ShapeError(
            ErrorKind.broadcast_error_incompatible_dimensions,
            (left, right),
            f"assignment: the value must broadcast to the selected shape, got {left} and {right} "
            f"from {render_shape(value)} for {render_shape(target)}",
        )

    for own in value[: max(0, len(value) - len(target))]:
        check_equal(own, 1, lambda own=own: error(own, 1))  # type: ignore[misc]
    for own, wanted in zip(reversed(value), reversed(target), strict=False):
        if own != 1 and wanted == 1:
            check_equal(own, 1, lambda own=own: error(own, 1))  # type: ignore[misc]
        broadcast_size(own, wanted, error)


# -- shapes with variadic parts -----------------------------------------------------------------------


def getitem(input: AnyShape, index: Sequence[Element]) -> AnyShape:
    """`getitem_shape` of shapes that may have variadic parts."""
    found: AnyShape = _lifted(getitem_shape, index, {"input": input})
    return found


def at(input: AnyShape, index: Sequence[Element]) -> AnyShape:
    """`at_shape` of shapes that may have variadic parts."""
    found: AnyShape = _lifted(at_shape, index, {"input": input})
    return found


def setitem(input: AnyShape, index: Sequence[Element], value: AnyShape) -> None:
    """`setitem_shape` of shapes that may have variadic parts."""
    _lifted(setitem_shape, index, {"input": input, "value": value})


def _lifted(
    operation: Callable[..., Shape | None], index: Sequence[Element], shapes: dict[str, AnyShape]
) -> Any:
    given = {**shapes, "index": list(index)}
    return apply(operation, given, tuple(given))


__all__ = [
    "WHOLE",
    "At",
    "Element",
    "Index",
    "Mask",
    "NewAxis",
    "Range",
    "Rest",
    "at",
    "at_shape",
    "check_place",
    "getitem",
    "getitem_shape",
    "is_negative",
    "parse_at",
    "parse_index",
    "place_at_most",
    "range_size",
    "setitem",
    "setitem_shape",
]
