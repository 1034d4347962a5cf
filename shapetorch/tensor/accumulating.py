"""Adding values at places that may occur more than once."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.tensors import Array

_SHORT = 16
"""Elements of a slice below which NumPy's copying costs more than the elements."""
_FEW = 64
"""Rows up to which NumPy's own loop costs less than sorting."""


def add_at(target: Array, key: tuple[Any, ...], values: Array) -> None:
    """``target[key] += values``, where a place that `key` names twice gets both.

    Args:
        target: What is added to.
        key: Slices over whole dims and arrays of indices in range, as many as dims.
        values: Of the selected shape, or one that broadcasts to it.
    """
    places = [place for place, item in enumerate(key) if item.__class__ is np.ndarray]
    if len(places) == 1 and _added_slices(target, places[0], key[places[0]], values):
        return
    if values.size <= _FEW or target.dtype.kind not in "fcV":
        if target.dtype in NARROW:
            wide = target.astype(np.float32)
            np.add.at(wide, key, values.astype(np.float32))
            target[...] = wide
        elif target.dtype == np.bool_:
            np.logical_or.at(target, key, values)
        else:
            np.add.at(target, key, values)
        return
    chosen = np.broadcast_arrays(*(key[place] for place in places))
    sizes = [target.shape[place] for place in places]
    rest = [place for place in range(target.ndim) if place not in places]
    count = chosen[0].size
    first = places[0] if places[-1] - places[0] + 1 == len(places) else 0
    rank = chosen[0].ndim
    shape = (
        *(target.shape[place] for place in rest[:first]),
        *chosen[0].shape,
        *(target.shape[place] for place in rest[first:]),
    )
    values = np.broadcast_to(values, shape)
    values = np.moveaxis(values, range(first, first + rank), range(rank)).reshape(count, -1)
    rows = np.ravel_multi_index(
        [
            np.where(index < 0, index + size, index).ravel()
            for index, size in zip(chosen, sizes, strict=True)
        ],
        sizes,
    )
    moved = target.transpose(*places, *rest)
    whole = np.zeros((int(np.prod(sizes)), values.shape[1]), _wide(target.dtype))
    add_rows(whole, rows, values)
    moved += whole.reshape(moved.shape).astype(target.dtype, copy=False)


def _added_slices(target: Array, dim: int, index: Array, values: Array) -> bool:
    """Whether a kernel did it: the slices along one dim that a vector of indices names."""
    kernel = kernels.find("add_slices", values, 1 if kernels.TABLE else kernels.SMALLEST)
    shape = (*target.shape[:dim], index.size, *target.shape[dim + 1 :])
    if kernel is None or index.ndim != 1 or values.shape != shape:
        return False
    if not target.flags.c_contiguous or values.dtype != target.dtype or index.dtype != np.int64:
        return False
    size, outer = target.shape[dim], prod(target.shape[:dim])
    rows = np.where(index < 0, index + size, index)
    kernel(
        target.reshape(outer, size, -1),
        rows,
        np.ascontiguousarray(values).reshape(outer, index.size, -1),
    )
    return True


def taken(array: Array, rows: Array, dim: int) -> Array:
    """The slices along a dim that a vector of indices in range names."""
    outer, inner = prod(array.shape[:dim]), prod(array.shape[dim + 1 :])
    is_scattered = inner < _SHORT and outer * rows.size * inner >= kernels.SMALLEST
    is_scattered = is_scattered and rows.dtype == np.int64
    kernel = kernels.find("take_slices", array, 1) if is_scattered else None
    if kernel is None or not array.flags.c_contiguous:
        return np.asarray(array.take(rows, dim))
    made = np.empty((*array.shape[:dim], rows.size, *array.shape[dim + 1 :]), array.dtype)
    source, out = array.reshape(outer, -1, inner), made.reshape(outer, rows.size, inner)
    kernel(source, np.ascontiguousarray(rows), out)
    return made


def along_kernel(name: str, array: Array, index: Array, dim: int, *more: Any) -> Any:
    """The kernel that reads, adds or writes along a dim, on arrays as they are; None if NumPy shall do it.

    Args:
        name: ``gather_along``, ``add_along``, ``put_along`` or ``reduce_along``.
        array: What the indices count in, in order in memory.
        index: Of the array's sizes, but for that of `dim`.
        dim: Along which dim.
        more: Further arguments of the kernel.
    """
    if index.size < kernels.SMALLEST and not kernels.TABLE:
        return None
    rest = array.shape[:dim] + array.shape[dim + 1 :]
    if index.dtype != np.int64 or index.ndim != array.ndim:
        return None
    if index.shape[:dim] + index.shape[dim + 1 :] != rest:
        return None
    kernel = kernels.find(name, array, 0)
    if kernel is None or not array.flags.c_contiguous or not array.ndim:
        return None
    outer = prod(array.shape[:dim])
    threes = (outer, array.shape[dim], prod(array.shape[dim + 1 :]))
    many = (outer, index.shape[dim], threes[2])

    def run(values: Array) -> None:
        """Read into `values`, or add or write them."""
        places = np.ascontiguousarray(index).reshape(many)
        kernel(array.reshape(threes), places, values.reshape(many), *more)

    return run


def _wide(kind: np.dtype[Any]) -> np.dtype[Any]:
    return np.dtype(np.float32) if kind in NARROW else kind


def add_rows(target: Array, rows: Array, values: Array) -> None:
    """``target[rows[i]] += values[i]`` for each i.

    Args:
        target: ``(n, width)``, of a floating or complex dtype.
        rows: ``(m,)``, in ``0..n-1``.
        values: ``(m, width)``.
    """
    if target.shape[1] == 1:
        column = values[:, 0]
        if target.dtype.kind == "c":
            target.real[:, 0] += np.bincount(rows, column.real, len(target)).astype(
                target.real.dtype
            )
            target.imag[:, 0] += np.bincount(rows, column.imag, len(target)).astype(
                target.real.dtype
            )
        else:
            target[:, 0] += np.bincount(rows, column, len(target)).astype(target.dtype)
        return
    if not len(rows) or not target.shape[1]:
        return
    kernel = kernels.find("add_slices", values)
    if kernel is not None and target.flags.c_contiguous and values.dtype == target.dtype:
        kernel(target[None], np.ascontiguousarray(rows), np.ascontiguousarray(values)[None])
        return
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    target[ordered[starts]] += np.add.reduceat(values[order], starts, axis=0, dtype=target.dtype)
