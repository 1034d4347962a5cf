"""Sums of weighted places along an axis: means of windows, resampling, and their gradients.

Arrays are seen as ``(outer, n, inner)``: the dims before the axis, it, and those after.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import kernel


@kernel()
def _scaled(row: Any, weight: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = row[i] * weight


@kernel()
def _add_scaled(row: Any, weight: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] += row[i] * weight


@kernel()
def map_axis(source: Any, index: Any, weight: Any, out: Any) -> None:
    """``out[o, c, i]``: the sum over t of ``weight[c, t] * source[o, index[c, t], i]``; -1 adds nothing."""
    for o in range(source.shape[0]):
        if source.shape[2] == 1:
            for c in range(out.shape[1]):
                total = out.dtype.type(0)
                for t in range(index.shape[1]):
                    place = index[c, t]
                    if place >= 0:
                        total += source[o, np.uintp(place), 0] * weight[c, t]
                out[o, c, 0] = total
            continue
        for c in range(out.shape[1]):
            row = out[o, c]
            is_first = True
            for t in range(index.shape[1]):
                place = index[c, t]
                if place >= 0 and is_first:
                    _scaled(source[o, np.uintp(place)], weight[c, t], row)
                    is_first = False
                elif place >= 0:
                    _add_scaled(source[o, np.uintp(place)], weight[c, t], row)
            if is_first:
                row[:] = row.dtype.type(0)
