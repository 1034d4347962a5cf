"""Indexing: ``x[...]`` and ``x.at(...)``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.rules.indexing import at_shape
from shapetorch.tensor.accumulating import add_at
from shapetorch.tensor.basic_views import at_key, select_backward, selected, slice_backward
from shapetorch.tensor.index_checks import within
from shapetorch.tensor.indices import (
    ParsedIndex,
    as_items,
    at_items,
    consumed,
    elements,
)
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import UNUSUAL
from shapetorch.tensor.operations import method
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap
from shapetorch.tensor.views import view_by

BASIC = frozenset((int, slice, type(None), type(Ellipsis)))


@method("__getitem__")
def getitem(self: Tensor, index: Any) -> Tensor:
    """The elements that an index selects: a view for integers, slices, None and the ellipsis.

    Raises:
        ShapeError: index_error_too_many, index_error_out_of_bounds, index_error_step,
            index_error_mask_shape, index_error_shape_mismatch.
    """
    kind = index.__class__
    array = self._stored
    if kind is int:
        if array.ndim and -array.shape[0] <= index < array.shape[0]:
            key: tuple[Any, ...] = (index, ...)
            return view_by(self, array[key], selected, (key,), select_backward)
    elif kind is tuple:
        if BASIC.issuperset(map(type, index)):
            made = _basic(self, index)
        else:
            made = _by_tensors(self, index)
        if made is not None:
            return made
    elif kind is slice or index is None:
        made = _basic(self, (index,))
        if made is not None:
            return made
    elif kind is Tensor:
        made = _by_tensor(self, index)
        if made is not None:
            return made
    parsed = ParsedIndex(self, as_items(index))
    viewed = at_key(self, tuple(parsed.key))
    if not parsed.chosen:
        return viewed
    return _gather(viewed, parsed)


def _basic(self: Tensor, index: tuple[Any, ...]) -> Tensor | None:
    """The view of plain integers and slices; None if anything is unusual, or wrong."""
    for item in index:
        if item.__class__ is slice:
            start, stop, step = item.start, item.stop, item.step
            if (
                (start is not None and start.__class__ is not int)
                or (stop is not None and stop.__class__ is not int)
                or (step is not None and (step.__class__ is not int or step <= 0))
            ):
                return None
    key = index if ... in index else (*index, ...)
    try:
        return view_by(self, self._stored[key], at_key, (key,), slice_backward)
    except (IndexError, OverflowError):
        return None


def _by_tensor(self: Tensor, index: Tensor) -> Tensor | None:
    """What one index tensor or mask selects; None if anything is unusual, or wrong."""
    array, places = self._array, index._array
    kind = places.dtype
    if not places.ndim or not array.ndim:
        return None
    if kind == np.int64 or kind == np.int32:  # noqa: PLR1714 - a tuple of them would be slower
        try:
            result = quietly(array.take, places, 0)
        except IndexError:
            return None
        return record(result, (self,), index_backward, (index,), chosen=(places,), distinct=False)
    if kind == np.bool_ and places.shape == array.shape[: places.ndim]:
        if self._meta is None and not UNUSUAL:
            return wrap(array[places])
        chosen = places.nonzero()
        return record(
            array[chosen], (self,), index_backward, (index,), chosen=chosen, distinct=True
        )
    return None


def _by_tensors(self: Tensor, index: tuple[Any, ...]) -> Tensor | None:
    """What index tensors select beside whole dims; None if anything is unusual, or wrong."""
    array = self._array
    if len(index) > array.ndim:
        return None
    chosen: list[Array | None] = []
    tensors = []
    for item in index:
        if item.__class__ is Tensor and item._array.dtype == np.int64 and item._array.ndim:
            chosen.append(item._array)
            tensors.append(item)
        elif item.__class__ is slice and item == _WHOLE:
            chosen.append(None)
        else:
            return None
    places = tuple(chosen)
    try:
        result = gathered(array, places)
    except (IndexError, ValueError):
        return None
    return record(result, (self,), index_backward, tensors, chosen=places, distinct=False)


_WHOLE = slice(None)


def _gather(viewed: Tensor, parsed: ParsedIndex) -> Tensor:
    chosen = tuple(parsed.chosen)
    try:
        result = gathered(viewed._array, chosen)
    except (IndexError, ValueError):
        refuse(viewed, chosen)
        raise
    return record(
        result,
        (viewed,),
        index_backward,
        parsed.tensors,
        chosen=chosen,
        distinct=parsed.distinct,
    )


def gathered(array: Array, chosen: Sequence[Array | None]) -> Array:
    """The elements that index arrays select, in order in memory."""
    places = [place for place, item in enumerate(chosen) if item is not None]
    if len(places) == 1:
        (place,) = places
        found = np.asarray(array.take(chosen[place], place))  # type: ignore[arg-type]
        if not found.size and not array.shape[place] and chosen[place].size:  # type: ignore[union-attr]
            raise IndexError("index is out of bounds for dimension with size 0")
        return found
    key = tuple([slice(None) if item is None else item for item in chosen])
    found = array[key]
    return found if found.flags.c_contiguous else np.ascontiguousarray(found)


def refuse(viewed: Tensor, chosen: Sequence[Array | None]) -> None:
    """Raise what is wrong with index arrays."""
    read = [slice(None) if item is None else item for item in chosen]
    judged("__getitem__", viewed, elements(read))
    check_bounds(viewed._array.shape, chosen)


def check_bounds(shape: tuple[int, ...], chosen: Sequence[Array | None]) -> None:
    """Raise IndexError if an index is outside of its dim."""
    for dim, (size, item) in enumerate(zip(shape, chosen, strict=False)):
        if item is None or within(item, -size, size):
            continue
        if item.size:
            low, high = int(item.min()), int(item.max())
            wrong = high if high >= size else low
            raise IndexError(f"index {wrong} is out of bounds for dimension {dim} with size {size}")


def index_backward(node: Any, grad: Tensor) -> Tensor:
    """Zeros, to which the gradient is added at the places selected."""
    _ = node.saved  # raises if an index tensor has been changed
    return scattered(grad, node.metas[0][0], node.chosen, node.distinct)


def scattered(
    grad: Tensor, shape: tuple[int, ...], chosen: tuple[Array | None, ...], distinct: bool
) -> Tensor:
    """Zeros of a shape, to which `grad` is added at the places that index arrays select."""
    result = np.zeros(shape, grad._array.dtype)
    key = tuple([slice(None) if item is None else item for item in chosen])
    if distinct:
        result[key] = grad._array
    else:
        add_at(result, key, grad._array)
    return record(result, (grad,), scattered_backward, chosen=chosen, distinct=distinct)


def scattered_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient's elements at those places."""
    return gather_at(grad, node.chosen, node.distinct)


def gather_at(input: Tensor, chosen: tuple[Array | None, ...], distinct: bool) -> Tensor:
    """The elements that index arrays in range select."""
    result = gathered(input._array, chosen)
    return record(result, (input,), index_backward, chosen=chosen, distinct=distinct)


# -- at() ------------------------------------------------------------------------------------------------


@method()
def at(self: Tensor, *index: Any) -> Tensor:
    """The elements that a documented index selects.

    Args:
        self: Any shape.
        index: For each dim an integer, a range ``(start, stop)`` or ``(start, stop, step)`` with
            None for an open end, None for the whole dim, a mask or a tensor of integers; ``"..."``
            stands for the dims that are left. They may also come as one list.

    Returns:
        A view, but for masks, tensors and negative steps.

    Raises:
        ShapeError: at_error_index_out_of_bounds, slice_error_out_of_bounds, index_error_too_many,
            index_error_step, index_error_mask_shape, index_error_shape_mismatch.
    """
    read, specs = at_items(index)
    at_shape(self._array.shape, specs)
    left = self._array.ndim - sum(map(consumed, read))
    source, key, dim = self, [], 0
    for item in read:
        if item.__class__ is slice and item.step is not None and item.step < 0:
            places = np.arange(*item.indices(self._array.shape[dim]))
            source = gather_at(source, (*(None,) * dim, places), True)
            key.append(slice(None))
        else:
            key.append(item)
        dim += left if item is Ellipsis else consumed(item)
    return getitem(source, tuple(key))
