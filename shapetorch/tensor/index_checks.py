"""Whether indices are integers, and inside of what they count in."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.kinds import INDEX_KINDS
from shapetorch.tensor.tensors import Array, Tensor

_INT64 = np.dtype(np.int64)
_UNSIGNED = {8: np.uint64, 4: np.uint32, 2: np.uint16, 1: np.uint8}


def checked_index(name: str, index: Tensor, kinds: str = "int32/int64") -> None:
    """Raise RuntimeError unless indices are of dtype int32 or int64; none at all may be of any."""
    if index._array.dtype not in INDEX_KINDS:
        raise RuntimeError(f"{name}(): Expected dtype {kinds} for index")


def alike(input: Tensor, dim: Any, index: Any, src: Any = None) -> bool:
    """Whether an index along a dim is so plain that no rule need be asked: of int64 and equal sizes."""
    if dim.__class__ is not int or index.__class__ is not Tensor:
        return False
    array, places = input._array, index._array
    rank = array.ndim
    if rank != places.ndim or not -rank <= dim < rank or places.dtype != np.int64:
        return False
    own: tuple[int, ...] = array.shape
    given: tuple[int, ...] = places.shape
    if src is not None and (src.__class__ is not Tensor or src._array.shape != given):
        return False
    return own == given or (
        rank > 0 and own[:dim] == given[:dim] and own[dim:][1:] == given[dim:][1:] and own[dim] > 0
    )


class OutOfBounds(IndexError, RuntimeError):
    """An index outside of a dim: PyTorch raises the one or the other, by operation and rank."""


def within(index: Array, low: int, high: int) -> bool:
    """Whether all indices are at least `low` and below `high`."""
    if not index.size:
        return True
    check = kernels.TABLE.get("all_within") if index.dtype is _INT64 else None
    if check is not None and index.flags.c_contiguous:
        return bool(check(index.reshape(-1), low, high))
    if not low:  # a negative one is huge
        return int(index.view(_UNSIGNED[index.dtype.itemsize]).max()) < high
    return int(index.min()) >= low and int(index.max()) < high


def in_bounds(index: Array, size: int, dim: int) -> None:
    """Raise `OutOfBounds` unless all indices are in ``0..size-1``."""
    if within(index, 0, size):
        return
    low, high = int(index.min()), int(index.max())
    if low < 0 or high >= size:
        wrong = low if low < 0 else high
        raise OutOfBounds(f"index {wrong} is out of bounds for dimension {dim} with size {size}")
