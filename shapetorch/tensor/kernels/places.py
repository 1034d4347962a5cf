"""Reading and adding where indices say, along one dim; float32 and float64, indices int64 and in range.

Arrays are seen as ``(outer, n, inner)``: the dims before the one that is indexed, it, and those after.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import kernel


@kernel()
def _add(given: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] += given[i]


@kernel()
def add_slices(target: Any, rows: Any, values: Any) -> None:
    """target[o, rows[k], i] += values[o, k, i]; target: (outer, n, inner), values: (outer, m, inner), rows: (m,)."""
    for o in range(values.shape[0]):
        plane, given = target[o], values[o]
        for k in range(values.shape[1]):
            _add(given[k], plane[np.uintp(rows[k])])


@kernel()
def gather_along(source: Any, index: Any, out: Any) -> None:
    """out[o, k, i] = source[o, index[o, k, i], i]; source: (outer, n, inner), index and out: (outer, m, inner)."""
    outer, count, inner = index.shape
    for o in range(outer):
        if inner == 1:
            line, where, made = source[o, :, 0], index[o, :, 0], out[o, :, 0]
            for k in range(count):
                made[k] = line[np.uintp(where[k])]
        else:
            for k in range(count):
                for i in range(inner):
                    out[o, k, i] = source[o, np.uintp(index[o, k, i]), i]


@kernel()
def add_along(target: Any, index: Any, values: Any) -> None:
    """target[o, index[o, k, i], i] += values[o, k, i]; target: (outer, n, inner), the others: (outer, m, inner)."""
    outer, count, inner = index.shape
    for o in range(outer):
        if inner == 1:
            line, where, given = target[o, :, 0], index[o, :, 0], values[o, :, 0]
            for k in range(count):
                line[np.uintp(where[k])] += given[k]
        else:
            for k in range(count):
                for i in range(inner):
                    target[o, np.uintp(index[o, k, i]), i] += values[o, k, i]


@kernel()
def put_along(target: Any, index: Any, values: Any) -> None:
    """target[o, index[o, k, i], i] = values[o, k, i], in order; target: (outer, n, inner), the others: (outer, m, inner)."""
    outer, count, inner = index.shape
    for o in range(outer):
        for k in range(count):
            for i in range(inner):
                target[o, np.uintp(index[o, k, i]), i] = values[o, k, i]


PLACES = {
    "add_slices": add_slices,
    "gather_along": gather_along,
    "add_along": add_along,
    "put_along": put_along,
}
