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
def take_slices(source: Any, rows: Any, out: Any) -> None:
    """out[o, k, i] = source[o, rows[k], i]; source: (outer, n, inner), out: (outer, m, inner), rows: (m,)."""
    outer, count, inner = out.shape
    for o in range(outer):
        if inner == 1:
            for k in range(count):
                out[o, k, 0] = source[o, np.uintp(rows[k]), 0]
        else:
            for k in range(count):
                for i in range(inner):
                    out[o, k, i] = source[o, np.uintp(rows[k]), i]


@kernel()
def gather_along(source: Any, index: Any, out: Any) -> None:
    """out[o, k, i] = source[o, index[o, k, i], i]; source: (outer, n, inner), index and out: (outer, m, inner)."""
    outer, count, inner = index.shape
    for o in range(outer):
        if inner == 1:
            for k in range(count):
                out[o, k, 0] = source[o, np.uintp(index[o, k, 0]), 0]
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
            for k in range(count):
                target[o, np.uintp(index[o, k, 0]), 0] += values[o, k, 0]
        else:
            for k in range(count):
                for i in range(inner):
                    target[o, np.uintp(index[o, k, i]), i] += values[o, k, i]


@kernel()
def reduce_along(target: Any, index: Any, values: Any, how: int) -> None:
    """As `add_along`, but 0 multiplies, 1 takes the larger and 2 the smaller number; NaN stays; 3 adds."""
    outer, count, inner = index.shape
    for o in range(outer):
        for k in range(count):
            for i in range(inner):
                place = np.uintp(index[o, k, i])
                value, before = values[o, k, i], target[o, place, i]
                if how == 0:
                    target[o, place, i] = before * value
                elif how == 3:
                    target[o, place, i] = before + value
                elif (
                    value != value  # noqa: PLR0124 - NaN
                    or (how == 1 and value > before)
                    or (how == 2 and value < before)
                ):
                    target[o, place, i] = value


@kernel()
def put_along(target: Any, index: Any, values: Any) -> None:
    """target[o, index[o, k, i], i] = values[o, k, i], in order; target: (outer, n, inner), the others: (outer, m, inner)."""
    outer, count, inner = index.shape
    for o in range(outer):
        for k in range(count):
            for i in range(inner):
                target[o, np.uintp(index[o, k, i]), i] = values[o, k, i]


@kernel()
def all_within(index: Any, low: int, high: int) -> bool:
    """Whether all numbers are at least `low` and below `high`."""
    wrong = False
    for i in range(index.size):
        wrong |= (index[i] < low) | (index[i] >= high)
    return not wrong


@kernel()
def largest_of_bags(rows: Any, bags: Any, best: Any) -> None:
    """For each bag and column the first row with the largest number: best[bags[k], j]; -1 before."""
    for k in range(rows.shape[0]):
        bag = np.uintp(bags[k])
        for j in range(rows.shape[1]):
            before = best[bag, j]
            if before < 0 or rows[k, j] > rows[np.uintp(before), j]:
                best[bag, j] = k


PLACES = {
    "largest_of_bags": largest_of_bags,
    "all_within": all_within,
    "add_slices": add_slices,
    "take_slices": take_slices,
    "gather_along": gather_along,
    "reduce_along": reduce_along,
    "add_along": add_along,
    "put_along": put_along,
}
