"""Where elements lie in memory: strides, views with strides of one's own, and the memory around a view.

Strides are counted in bytes here, as NumPy does; PyTorch's interface counts elements.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor.room import too_large
from shapetorch.tensor.tensors import Array


class _Memory:
    """Tells NumPy of elements in the memory of another array, which it keeps alive."""

    def __init__(
        self, holder: Array, address: int, shape: tuple[int, ...], strides: tuple[int, ...]
    ) -> None:
        self.holder = holder
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "strides": strides,
            "typestr": f"|V{holder.itemsize}",
            "data": (address, not holder.flags.writeable),
        }


def strided(
    array: Array, shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0
) -> Array:
    """A view of the memory that `array` lies in, `offset` bytes after its first element.

    That the elements lie inside is up to the caller.
    """
    if not offset and array.flags.c_contiguous and array.size:
        try:
            return np.ndarray(shape, array.dtype, array, 0, strides)
        except ValueError:  # it reaches out of the array, into the memory around it
            pass
    address = array.__array_interface__["data"][0] + offset
    return np.asarray(_Memory(array, address, shape, strides)).view(array.dtype)


def reshaped_view(array: Array, shape: tuple[int, ...]) -> Array | None:
    """The same elements under a shape of as many, None if that needs a copy."""
    if array.flags.c_contiguous:
        try:
            return array.reshape(shape)
        except ValueError:  # empty, but too large were it not
            raise too_large("view", shape, array.dtype) from None
    try:
        return array.reshape(shape, copy=False)
    except ValueError:
        return None
    except TypeError:  # NumPy 2.0 cannot be told
        made = array.reshape(shape)
        return made if np.may_share_memory(made, array) else None


def contiguous_strides(shape: Sequence[int], itemsize: int) -> tuple[int, ...]:
    """Strides of elements in order; a size of 0 counts as 1, as in PyTorch."""
    strides = []
    step = itemsize
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


def element_strides(array: Array) -> tuple[int, ...]:
    """The strides of a tensor as PyTorch counts them.

    NumPy gives a new dim of size 1 the stride 0; PyTorch the stride of all that follows.
    """
    shape, itemsize = array.shape, array.itemsize
    if not array.size:
        return contiguous_strides(shape, 1)
    strides = [step // itemsize for step in array.strides]
    if 0 in strides:
        for place in range(len(shape) - 1, -1, -1):
            if not strides[place] and shape[place] == 1:
                last = place + 1 == len(shape)
                strides[place] = 1 if last else shape[place + 1] * strides[place + 1]
    return tuple(strides)


def address(array: Array) -> int:
    """Where the first element lies."""
    found: int = array.__array_interface__["data"][0]
    return found


def span(array: Array) -> tuple[int, int]:
    """The first address of an array's elements, and the one behind the last."""
    first = address(array)
    if not array.size:
        return first, first
    reach = sum((size - 1) * step for size, step in zip(array.shape, array.strides, strict=True))
    return first, first + reach + array.itemsize


def flat_memory(array: Array) -> Array:
    """All elements of the memory between an array's first and last element, in one row."""
    first, behind = span(array)
    itemsize = array.itemsize
    return strided(array, ((behind - first) // itemsize,), (itemsize,))


def flat_memory_as(array: Array, kind: np.dtype[Any]) -> Array:
    """`flat_memory` as elements of another dtype; bytes beyond the last one are left out."""
    flat = flat_memory(array)
    if flat.dtype == kind:
        return flat
    flat = flat.view(np.uint8)
    return flat[: flat.size - flat.size % kind.itemsize].view(kind)


def places(shape: tuple[int, ...], strides: Sequence[int], offset: int) -> Array:
    """The place in memory of each element of a view, given its strides in elements."""
    result = np.full(shape, offset, np.int64)
    for dim, (size, step) in enumerate(zip(shape, strides, strict=True)):
        beside = (size,) + (1,) * (len(shape) - dim - 1)
        result += np.arange(0, size * step, step).reshape(beside) if step and size else 0
    return result


def overlaps(array: Array) -> bool:
    """Whether two elements may be one place in memory: as PyTorch, for sizes and strides alone."""
    pairs = sorted(
        (step, size) for size, step in zip(array.shape, array.strides, strict=True) if size > 1
    )
    reach = array.itemsize
    for step, size in pairs:
        if step < reach:
            return True
        reach = step * size
    return False


def numel(shape: Sequence[int]) -> int:
    """How many elements a shape holds."""
    return prod(shape)
