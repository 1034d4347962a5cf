"""The elements of an index, and how they are read from what stands in the brackets.

`At` is an integer, `Range` a slice, `NewAxis` None, `Rest` the ellipsis, `Mask` a boolean tensor and
`Index` an integer tensor or a list. `parse_index` and `parse_at` make them, whatever the caller's
values are; what they mean is said in `rules.indexing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any, TypeAlias

from shapetorch.dim import UNKNOWN_DIM, AnyShape, Dim, Size, render_shape


@dataclass(frozen=True)
class At:
    """One place along a dim, which goes away."""

    index: Size

    def __str__(self) -> str:
        return str(self.index)


@dataclass(frozen=True)
class Range:
    """A slice; None stands for an open end."""

    start: Size | None = None
    stop: Size | None = None
    step: Size | None = None

    def __str__(self) -> str:
        ends = ["" if end is None else str(end) for end in (self.start, self.stop)]
        return ":".join(ends if self.step is None else [*ends, str(self.step)])


@dataclass(frozen=True)
class NewAxis:
    """A new dim of size 1."""

    def __str__(self) -> str:
        return "None"


@dataclass(frozen=True)
class Rest:
    """As many whole dims as are left."""

    def __str__(self) -> str:
        return "..."


@dataclass(frozen=True)
class Mask:
    """A boolean tensor; `count` is how many of its elements are true."""

    shape: AnyShape
    count: Size = UNKNOWN_DIM

    def __str__(self) -> str:
        return f"mask{render_shape(self.shape)}"


@dataclass(frozen=True)
class Index:
    """An integer tensor, or a list of integers."""

    shape: AnyShape

    def __str__(self) -> str:
        return f"index{render_shape(self.shape)}"


Element: TypeAlias = At | Range | NewAxis | Rest | Mask | Index
WHOLE = Range()


def parse_index(
    item: Any, convert: Callable[[Any], Element | Sequence[Any]]
) -> tuple[Element, ...]:
    """The elements of what stands in the brackets.

    Args:
        item: One index, or a tuple of them; Python's own values (numbers, slices, None, the
            ellipsis, lists, tuples, booleans) are understood here.
        convert: Asked about every other value: gives an element, or a list or tuple to look into;
            it may raise `Undecided`. The bounds of a slice are given to it too, and must come back
            as ``At`` or ``NewAxis`` (an open end).

    Returns:
        One element for each index.
    """
    items = item if isinstance(item, tuple) else (item,)
    return tuple(_element(each, convert) for each in items)


def _element(item: Any, convert: Callable[[Any], Element | Sequence[Any]]) -> Element:
    if isinstance(item, Element):
        return item
    match item:
        case None:
            return NewAxis()
        case EllipsisType():
            return Rest()
        case bool():
            return Mask((), int(item))
        case int() | Dim():
            return At(item)
        case slice():
            return Range(*(_bound(each, convert) for each in (item.start, item.stop, item.step)))
        case range():
            return Index((len(item),))
        case list() | tuple():
            return _listed(item, convert)
    return _element(convert(item), convert)


def _bound(item: Any, convert: Callable[[Any], Element | Sequence[Any]]) -> Size | None:
    found = _element(item, convert)
    if isinstance(found, At):
        return found.index
    if isinstance(found, Mask) and not found.shape:  # True is 1
        return found.count
    if isinstance(found, Index) and not found.shape:  # a 0-D tensor serves as an integer
        return UNKNOWN_DIM
    return None if isinstance(found, NewAxis) else UNKNOWN_DIM


def _listed(items: Sequence[Any], convert: Callable[[Any], Element | Sequence[Any]]) -> Element:
    """A (nested) list as the tensor that PyTorch makes of it."""
    parts = [_element(item, convert) for item in items]
    masks = [part for part in parts if isinstance(part, Mask)]
    if masks and len(masks) == len(parts):
        count: Size = 0
        for mask in masks:
            count = count + mask.count
        return Mask((len(parts), *masks[0].shape), count)
    inner = parts[0].shape if parts and isinstance(parts[0], (Index, Mask)) else ()
    return Index((len(parts), *inner))


def parse_at(
    items: Sequence[Any], convert: Callable[[Any], Element | Sequence[Any]]
) -> tuple[Element, ...]:
    """The elements of the arguments of ``x.at(...)``.

    None is a whole dim, ``'...'`` the rest, and a tuple of two or three a range; the one
    argument may be a list that holds one of these for each dim. Other values are as for `parse_index`.
    """
    if len(items) == 1 and isinstance(items[0], list) and any(_is_spec(i) for i in items[0]):
        items = items[0]
    return tuple(_at_element(item, convert) for item in items)


def _is_spec(item: Any) -> bool:
    return item is None or item == "..." or isinstance(item, tuple)


def _at_element(item: Any, convert: Callable[[Any], Element | Sequence[Any]]) -> Element:
    if item is None:
        return WHOLE
    if isinstance(item, str) and item == "...":
        return Rest()
    if isinstance(item, tuple) and len(item) in (2, 3):
        return Range(*(_bound(each, convert) for each in item))
    return _element(item, convert)
