"""Adding elements at places that may repeat."""

from __future__ import annotations

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.tensors import Array


def add_at(target: Array, places: Array, values: Array) -> None:
    """``target[r, places[r, i]] += values[r, i]`` for every row and place, repeated ones too.

    Args:
        target: ``(rows, size)``, contiguous, written in place.
        places: ``(rows, count)``, each in ``range(size)``.
        values: As many, in the same order.
    """
    rows, size = target.shape
    kernel = kernels.find("add_along", target, 1) if places.dtype == np.int64 else None
    if kernel is not None and values.dtype == target.dtype:
        index, given = (np.ascontiguousarray(item) for item in (places, values))
        kernel(target[:, :, None], index.reshape(rows, -1, 1), given.reshape(rows, -1, 1))
        return
    flat = (places + np.arange(rows)[:, None] * size).ravel()
    given = values.ravel()
    if target.dtype == np.float64 or (target.dtype == np.float32 and flat.size * 4 > target.size):
        # the fastest sum by place that NumPy has; it sums in float64
        summed = np.bincount(flat, given, target.size)
        target += summed.reshape(target.shape).astype(target.dtype, copy=False)
    else:
        np.add.at(target.reshape(-1), flat, given)
