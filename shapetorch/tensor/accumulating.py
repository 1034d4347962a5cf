"""Adding values at places that may occur more than once."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.tensors import Array

_FEW = 64
"""Rows up to which NumPy's own loop costs less than sorting."""


def add_at(target: Array, key: tuple[Any, ...], values: Array) -> None:
    """``target[key] += values``, where a place that `key` names twice gets both.

    Args:
        target: What is added to.
        key: Slices over whole dims and arrays of indices in range, as many as dims.
        values: Of the selected shape, or one that broadcasts to it.
    """
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
    places = [place for place, item in enumerate(key) if item.__class__ is np.ndarray]
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
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    target[ordered[starts]] += np.add.reduceat(values[order], starts, axis=0, dtype=target.dtype)
