"""Softmax along a dim that is not the last: arrays ``(outer, n, inner)``, contiguous, a column for each place of the last.

Each step is a loop over a row, so that it vectorises; `room` holds two of them.
"""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.kernels.compiling import kernel
from shapetorch.tensor.kernels.floats import exp_below as _exp_below
from shapetorch.tensor.kernels.floats import larger as _larger
from shapetorch.tensor.kernels.floats import log as _log


@kernel()
def _most(row: Any, most: Any) -> None:
    for i in range(most.size):
        most[i] = _larger(row[i], most[i])


@kernel()
def _exponentials(row: Any, most: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = _exp_below(row[i] - most[i])


@kernel()
def _add(row: Any, total: Any) -> None:
    for i in range(total.size):
        total[i] += row[i]


@kernel()
def _copy(row: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = row[i]


@kernel()
def _times(row: Any, factor: Any) -> None:
    for i in range(row.size):
        row[i] *= factor[i]


@kernel()
def _inverse(total: Any) -> None:
    one = total.dtype.type(1)
    for i in range(total.size):
        total[i] = one / total[i]


@kernel()
def _logarithms(total: Any) -> None:
    for i in range(total.size):
        total[i] = _log(total[i])


@kernel()
def _differences(row: Any, most: Any, rest: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = (row[i] - most[i]) - rest[i]  # most + rest would lose it beside a large number


@kernel()
def softmax_columns(x: Any, logs: bool, room: Any, out: Any) -> None:
    """The softmax of each column, or its logarithm; NaN and columns of infinities are NaN."""
    most, total = room[0], room[1]
    for o in range(x.shape[0]):
        _copy(x[o, 0], most)
        for k in range(1, x.shape[1]):
            _most(x[o, k], most)
        total[:] = total.dtype.type(0)
        for k in range(x.shape[1]):
            _exponentials(x[o, k], most, out[o, k])
            _add(out[o, k], total)
        if logs:
            _logarithms(total)
            for k in range(x.shape[1]):
                _differences(x[o, k], most, total, out[o, k])
        else:
            _inverse(total)
            for k in range(x.shape[1]):
                _times(out[o, k], total)


@kernel()
def _add_products(a: Any, b: Any, total: Any) -> None:
    for i in range(total.size):
        total[i] += a[i] * b[i]


@kernel()
def _weighted(grad: Any, result: Any, total: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = result[i] * (grad[i] - total[i])


@kernel()
def _less_shares(grad: Any, result: Any, total: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = grad[i] - _exp_below(result[i]) * total[i]


@kernel()
def softmax_columns_backward(grad: Any, result: Any, logs: bool, room: Any, out: Any) -> None:
    """The gradient of `softmax_columns`, from its result."""
    total = room[0]
    for o in range(grad.shape[0]):
        total[:] = total.dtype.type(0)
        for k in range(grad.shape[1]):
            if logs:
                _add(grad[o, k], total)
            else:
                _add_products(grad[o, k], result[o, k], total)
        for k in range(grad.shape[1]):
            if logs:
                _less_shares(grad[o, k], result[o, k], total, out[o, k])
            else:
                _weighted(grad[o, k], result[o, k], total, out[o, k])


COLUMNS = {
    "softmax_columns": softmax_columns,
    "softmax_columns_backward": softmax_columns_backward,
}
