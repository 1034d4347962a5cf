"""What stands in the brackets of ``x[...]``, in one form.

An index acts in two steps, as PyTorch's does: first its integers, slices and new dims, which give a
view; then its index tensors, which select from that view. (NumPy counts an integer beside an index
tensor as an index tensor; the difference is where the selected dims stand.)
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.rules.elements import At, Element, Index, Mask, NewAxis, Range, Rest, parse_at
from shapetorch.tensor.judging import judged
from shapetorch.tensor.nested import infer
from shapetorch.tensor.tensors import Array, Tensor

_WHOLE = slice(None)
_SEQUENCES = (list, tuple, range, str, bytes)
_MOST = 32
_LEAST = -(1 << 63)
_KINDS = frozenset(map(np.dtype, (np.bool_, np.int64, np.int32)))


class ParsedIndex:
    """An index in two steps.

    Attributes:
        key: NumPy's basic index that gives the view.
        chosen: For each dim of the view, its index array, or None; empty without index tensors.
        tensors: The index tensors that were given, which autograd watches.
        distinct: Whether no place is selected twice for sure (a mask).
    """

    __slots__ = ("chosen", "distinct", "key", "tensors")

    def __init__(self, tensor: Tensor, items: Sequence[Any]) -> None:
        self.key: list[Any] = []
        self.chosen: list[Array | None] = []
        self.tensors: list[Tensor] = []
        self.distinct = True
        read = [read_element(item) for item in items]
        left = tensor.ndim - sum(map(consumed, read))
        if left < 0:
            refuse(tensor, read)
        place, seen_rest = 0, False
        for item in read:
            if item is Ellipsis:
                if not seen_rest:
                    self._whole(left)
                    place += left
                elif left and any(consumed(other) for other in read[read.index(item) + 1 :]):
                    judged("__getitem__", tensor, elements(read))
                seen_rest = True
                continue
            self._add(tensor, item, place, read)
            place += consumed(item)
        self.key.append(...)
        if any(item is not None for item in self.chosen):
            self.chosen += [None] * (0 if seen_rest else left)
        else:
            self.chosen = []

    def _whole(self, count: int) -> None:
        self.key += [_WHOLE] * count
        self.chosen += [None] * count

    def _add(self, tensor: Tensor, item: Any, place: int, read: Sequence[Any]) -> None:
        if item.__class__ is int:
            size = tensor._stored.shape[place]
            if not -size <= item < size:
                refuse(tensor, read)
            self.key.append(item)
        elif item.__class__ is bool:
            self.key.append(None)
            self.chosen.append(np.zeros(int(item), np.int64))
        elif item is None or item.__class__ is slice:
            self.key.append(item)
            self.chosen.append(None)
        else:
            self._tensor(tensor, item, place, read)

    def _tensor(self, tensor: Tensor, item: Any, place: int, read: Sequence[Any]) -> None:
        array = item._array if isinstance(item, Tensor) else item
        if isinstance(item, Tensor):
            self.tensors.append(item)
        if array.dtype == np.bool_:
            if not array.ndim:
                self.key.append(None)
                self.chosen.append(np.zeros(int(array), np.int64))
                return
            if tensor._stored.shape[place : place + array.ndim] != array.shape:
                refuse(tensor, read)
            self.key += [_WHOLE] * array.ndim
            self.chosen += array.nonzero()
        else:
            self.key.append(_WHOLE)
            self.chosen.append(array)
            self.distinct = False


def as_items(index: Any) -> tuple[Any, ...]:
    """The elements of an index: a tuple's, or those of a list that PyTorch reads as a tuple."""
    if index.__class__ is tuple:
        return index
    if not isinstance(index, _SEQUENCES) or len(index) >= _MOST:
        return (index,)
    if isinstance(index, tuple):
        return tuple(index)
    for item in index:
        if item is None or item is Ellipsis or isinstance(item, (Tensor, slice, *_SEQUENCES)):
            warnings.warn(
                "Using a non-tuple sequence for multidimensional indexing is deprecated; use "
                "x[tuple(seq)] instead of x[seq]",
                UserWarning,
                stacklevel=4,
            )
            return tuple(index)
    return (index,)


def refuse(tensor: Tensor, read: Sequence[Any]) -> None:
    """Raise what the rule says of an index that cannot be."""
    judged("__getitem__", tensor, elements(read))
    raise IndexError(f"the index does not fit the shape {list(tensor._stored.shape)}")


def consumed(item: Any) -> int:
    """How many dims an element that was read acts on."""
    if item is None or item is Ellipsis or item.__class__ is bool:
        return 0
    array = item._array if isinstance(item, Tensor) else item
    return array.ndim if array.__class__ is np.ndarray and array.dtype == np.bool_ else 1


def read_element(item: Any) -> Any:
    """An element as an int, bool, slice, None, Ellipsis, tensor or array."""
    if item.__class__ is int:
        if not _LEAST <= item <= -_LEAST - 1:
            raise ValueError("Overflow when unpacking long long")
        return item
    if item is None or item is Ellipsis or item.__class__ is bool:
        return item
    if isinstance(item, slice):
        return read_slice(item)
    if isinstance(item, Tensor):
        return _read_tensor(item)
    if isinstance(item, (np.ndarray, *_SEQUENCES)):
        return _read_sequence(item)
    if isinstance(item, (int, np.integer)):
        return int(item)  # an IntEnum, say
    raise IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid "
        f"indices (got {type(item).__name__})"
    )


def read_slice(item: slice) -> slice:
    """A slice of plain integers.

    Raises:
        TypeError: a bound is no integer.
        ValueError: the step is not greater than 0.
    """
    start, stop, step = (
        bound if bound is None or bound.__class__ is int else _bound(bound)
        for bound in (item.start, item.stop, item.step)
    )
    if step is not None and step <= 0:
        raise ValueError(
            "slice step cannot be zero" if step == 0 else "step must be greater than zero"
        )
    return slice(start, stop, step)


def _bound(value: Any) -> int:
    try:
        return int(value.__index__())
    except (AttributeError, TypeError):
        raise TypeError(
            f"a bound of a slice must be an integer or None, not {type(value).__name__}"
        ) from None


def _read_tensor(item: Tensor) -> Any:
    array = item._array
    kind = array.dtype
    if kind == np.uint8:
        warnings.warn(
            "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.",
            UserWarning,
            stacklevel=6,
        )
        return array != 0 if array.ndim else bool(array)
    if not array.ndim and kind.kind in "iu":
        return int(array)
    if kind not in _KINDS:
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return item


def _read_sequence(item: Any) -> Any:
    if isinstance(item, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(item).__name__}'")
    array = item if isinstance(item, np.ndarray) else np.array(_without_tensors(item))
    if array is not item and array.dtype.kind in "Ouf":
        _check_numbers(item)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"an index cannot be made of elements of dtype {array.dtype}")
    if array.dtype == np.uint8:
        return array != 0
    if array.dtype.kind == "c":
        raise TypeError("an index must be an integer, not complex")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise RuntimeError("an index: value cannot be converted to type int64 without overflow")
    if array.dtype != np.bool_:
        with np.errstate(all="ignore"):
            array = array.astype(np.int64)
    return array if array.ndim or array.dtype == np.bool_ else int(array)


def _check_numbers(item: Any) -> None:
    """Raise what `torch.tensor` says of a list whose elements are no numbers of 64 bits."""
    infer(item)
    if isinstance(item, (list, tuple)):
        for each in item:
            _check_numbers(each)
    elif item.__class__ is int and not _LEAST <= item < -_LEAST:
        raise ValueError("an index does not fit into 64 bits: Overflow when unpacking long long")


def _without_tensors(item: Any) -> Any:
    if isinstance(item, Tensor):
        return item._array
    return [_without_tensors(each) for each in item] if isinstance(item, (list, tuple)) else item


# -- in the rules' words -------------------------------------------------------------------------------


def elements(read: Sequence[Any]) -> tuple[Element, ...]:
    """An index that has been read, as the rules take it."""
    return tuple(map(_element, read))


def _element(item: Any) -> Element:
    if item is None:
        return NewAxis()
    if item is Ellipsis:
        return Rest()
    if item.__class__ is bool:
        return Mask((), int(item))
    if item.__class__ is int:
        return At(item)
    if item.__class__ is slice:
        return Range(item.start, item.stop, item.step)
    array = item._array if isinstance(item, Tensor) else item
    if array.dtype == np.bool_:
        return Mask(array.shape, int(array.sum()))
    return Index(array.shape)


def at_items(items: Sequence[Any]) -> tuple[list[Any], tuple[Element, ...]]:
    """The arguments of ``x.at(...)``, read, and in the rules' words; see `rules.elements.parse_at`."""
    if len(items) == 1 and isinstance(items[0], list) and any(map(_is_spec, items[0])):
        items = items[0]
    read: list[Any] = []
    for item in items:
        if item is None:
            read.append(slice(None))
        elif isinstance(item, str) and item == "...":
            read.append(...)
        elif isinstance(item, tuple) and len(item) in (2, 3):
            read.append(slice(*(None if each is None else _bound(each) for each in item)))
        else:
            read.append(read_element(item))
    return read, parse_at([_at_spec(item) for item in read], lambda value: value)


def _is_spec(item: Any) -> bool:
    return item is None or (
        isinstance(item, (str, tuple)) and (item == "..." or not isinstance(item, str))
    )


def _at_spec(item: Any) -> Any:
    return "..." if item is Ellipsis else _element(item)
