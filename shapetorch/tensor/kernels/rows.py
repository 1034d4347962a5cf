"""Sums, norms and softmaxes of rows: arrays of shape ``(rows, d)``, contiguous, float32 or float64.

Sums are accumulated in several lanes of the array's dtype, which the compiler may reorder; that is
more exact than one running sum. `out` and the statistics are allocated by the caller.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import FASTMATH, REASSOCIATE, kernel
from shapetorch.tensor.kernels.floats import either, larger, nan_bits
from shapetorch.tensor.kernels.floats import exp_below as _exp_below
from shapetorch.tensor.kernels.floats import log as _log


@kernel(REASSOCIATE)
def row_sum(row: Any) -> Any:
    """The sum of a vector."""
    total = row.dtype.type(0)
    for j in range(row.size):
        total += row[j]
    return total


@kernel(REASSOCIATE)
def row_squares(row: Any, mean: Any) -> Any:
    """The sum of the squares of what is over a number."""
    total = row.dtype.type(0)
    for j in range(row.size):
        total += (row[j] - mean) * (row[j] - mean)
    return total


@kernel(REASSOCIATE)
def _row_product(a: Any, b: Any) -> Any:
    total = a.dtype.type(0)
    for j in range(a.size):
        total += a[j] * b[j]
    return total


@kernel(REASSOCIATE | {"nnan"})
def _row_max(row: Any) -> Any:
    """The largest element of a row; of a row with NaN anything, but then the row's sum is NaN."""
    most = row[0]
    for j in range(row.size):
        most = larger(row[j], most)
    return most


@kernel(REASSOCIATE)
def _row_most(row: Any, sign: Any) -> Any:
    """The largest of the elements times `sign`, NaN if one is."""
    most, nans = sign * row[0], nan_bits(row[0])
    for j in range(row.size):
        most = larger(sign * row[j], most)
        nans = either(nans, nan_bits(row[j]))
    return most if nans == 0 else row.dtype.type(np.nan)


@kernel(REASSOCIATE)
def _exp_and_sum(row: Any, most: Any, out: Any) -> Any:
    """``out = exp(row - most)``; the sum of it."""
    total = row.dtype.type(0)
    for j in range(row.size):
        e = _exp_below(row[j] - most)
        out[j] = e
        total += e
    return total


@kernel(REASSOCIATE)
def _sum_of_exp(row: Any, most: Any) -> Any:
    total = row.dtype.type(0)
    for j in range(row.size):
        total += _exp_below(row[j] - most)
    return total


@kernel()
def sum_rows(x: Any, out: Any) -> None:
    """``out[i] = sum(x[i])``; out: (rows,)."""
    for i in range(x.shape[0]):
        out[i] = row_sum(x[i])


@kernel()
def sum_flat(x: Any) -> float:
    """The sum of a flat array: blocks in its dtype, their sums in float64."""
    total = 0.0
    for start in range(0, x.size, 4096):
        total += row_sum(x[start : start + 4096])
    return total


@kernel()
def sum_columns(x: Any, out: Any) -> None:
    """``out[j] = sum(x[:, j])``; out: (d,), in blocks of rows so that rounding errors stay small."""
    rows, d = x.shape
    for j in range(d):
        out[j] = x.dtype.type(0)
    part = np.empty(d, x.dtype)
    for start in range(0, rows, 64):
        end = min(start + 64, rows)
        for j in range(d):
            part[j] = x[start, j]
        i = start + 1
        while i + 3 < end:  # in fours, or storing takes longer than adding
            first, second, third, fourth = x[i], x[i + 1], x[i + 2], x[i + 3]
            for j in range(d):
                part[j] = part[j] + first[j] + second[j] + third[j] + fourth[j]
            i += 4
        while i < end:
            row = x[i]
            for j in range(d):
                part[j] += row[j]
            i += 1
        for j in range(d):
            out[j] += part[j]


@kernel()
def sum_middle(x: Any, out: Any) -> None:
    """``out[o] = sum over i of x[o, i]``; x: (outer, rows, d), out: (outer, d)."""
    for o in range(x.shape[0]):
        sum_columns(x[o], out[o])


@kernel()
def max_rows(x: Any, out: Any) -> None:
    """``out[i] = max(x[i])``, NaN if one is; out: (rows,), d at least 1."""
    for i in range(x.shape[0]):
        out[i] = _row_most(x[i], x.dtype.type(1))


@kernel()
def min_rows(x: Any, out: Any) -> None:
    """``out[i] = min(x[i])``, NaN if one is; out: (rows,), d at least 1."""
    for i in range(x.shape[0]):
        out[i] = -_row_most(x[i], x.dtype.type(-1))


@kernel()
def var_rows(x: Any, divisor: Any, out: Any) -> None:
    """``out[i] = sum((x[i] - mean)**2) / divisor``; out: (rows,), divisor of x's dtype."""
    count = x.dtype.type(x.shape[1])
    for i in range(x.shape[0]):
        mean = row_sum(x[i]) / count
        squares = row_squares(x[i], mean)
        if mean * mean * count > FAR * squares:  # then the mean is not exact enough
            wide = 0.0
            for j in range(x.shape[1]):
                wide += x[i, j] - mean
            squares -= x.dtype.type(wide * wide / count)
        out[i] = squares / divisor


FAR = 1e4
"""So far from 0, in squares, a row is off its variance by what rounds its mean."""


@kernel()
def softmax_rows(x: Any, out: Any) -> None:
    """``out[i] = exp(x[i] - max) / sum``; out: (rows, d), may be x."""
    for i in range(x.shape[0]):
        row, made = x[i], out[i]
        total = _exp_and_sum(row, _row_max(row), made)
        scale = x.dtype.type(1) / total
        for j in range(made.size):
            made[j] *= scale


@kernel()
def log_softmax_rows(x: Any, out: Any) -> None:
    """``out[i] = x[i] - max - log(sum(exp(x[i] - max)))``; out: (rows, d), may be x."""
    for i in range(x.shape[0]):
        row, made = x[i], out[i]
        most = _row_max(row)
        rest = _log(_sum_of_exp(row, most))  # most + rest would lose it beside a large number
        for j in range(made.size):
            made[j] = (row[j] - most) - rest


@kernel()
def softmax_rows_backward(grad: Any, result: Any, out: Any) -> None:
    """``out[i] = result[i] * (grad[i] - sum(grad[i] * result[i]))``; all (rows, d)."""
    for i in range(grad.shape[0]):
        g, y, made = grad[i], result[i], out[i]
        total = _row_product(g, y)
        for j in range(made.size):
            made[j] = y[j] * (g[j] - total)


@kernel()
def log_softmax_rows_backward(grad: Any, result: Any, out: Any) -> None:
    """``out[i] = grad[i] - exp(result[i]) * sum(grad[i])``; all (rows, d)."""
    for i in range(grad.shape[0]):
        g, y, made = grad[i], result[i], out[i]
        total = row_sum(g)
        for j in range(made.size):
            made[j] = g[j] - _exp_below(y[j]) * total


@kernel()
def layer_norm_rows(
    x: Any, weight: Any, bias: Any, eps: float, out: Any, mean: Any, rstd: Any
) -> None:
    """``out[i] = (x[i] - mean) * rstd * weight + bias``.

    x, out: (rows, d); weight, bias: (d,), or of size 0 for none; mean, rstd: (rows,), kept for backward.
    """
    rows, d = x.shape
    count = x.dtype.type(d)
    for i in range(rows):
        row, made = x[i], out[i]
        m = row_sum(row) / count
        variance = row_squares(row, m) / count  # E[x**2] - m**2 would cancel when m is large
        r = x.dtype.type(1) / np.sqrt(variance + x.dtype.type(eps))
        mean[i], rstd[i] = m, r
        if weight.size == 0:
            for j in range(d):
                made[j] = (row[j] - m) * r
        elif bias.size == 0:
            for j in range(d):
                made[j] = (row[j] - m) * r * weight[j]
        else:
            for j in range(d):
                made[j] = (row[j] - m) * r * weight[j] + bias[j]


@kernel(REASSOCIATE)
def _norm_sums(g: Any, row: Any, weight: Any, m: Any, r: Any) -> Any:
    """The sums of ``g * weight`` and of ``g * weight * normalised``."""
    first = g.dtype.type(0)
    second = g.dtype.type(0)
    if weight.size == 0:
        for j in range(g.size):
            first += g[j]
            second += g[j] * ((row[j] - m) * r)
    else:
        for j in range(g.size):
            h = g[j] * weight[j]
            first += h
            second += h * ((row[j] - m) * r)
    return first, second


@kernel()
def layer_norm_rows_backward(
    grad: Any, x: Any, weight: Any, mean: Any, rstd: Any, out: Any, of_weight: Any, of_bias: Any
) -> None:
    """Gradients of `layer_norm_rows`: out: (rows, d); of_weight, of_bias: (d,), or of size 0 if not wanted."""
    rows, d = x.shape
    scale = x.dtype.type(1) / x.dtype.type(d)
    for j in range(of_weight.size):
        of_weight[j] = 0
    for j in range(of_bias.size):
        of_bias[j] = 0
    for i in range(rows):
        g, row, made = grad[i], x[i], out[i]
        m, r = mean[i], rstd[i]
        first, second = _norm_sums(g, row, weight, m, r)
        first, second = first * scale, second * scale
        if weight.size == 0:
            for j in range(d):
                made[j] = r * (g[j] - first - (row[j] - m) * r * second)
        else:
            for j in range(d):
                made[j] = r * (g[j] * weight[j] - first - (row[j] - m) * r * second)
        for j in range(of_weight.size):
            of_weight[j] += g[j] * (row[j] - m) * r
        for j in range(of_bias.size):
            of_bias[j] += g[j]


@kernel()
def cross_entropy_rows(x: Any, target: Any, ignored: int, losses: Any, grad: Any) -> int:
    """Losses ``max - x[i, target[i]] + log(sum(exp(x[i] - max)))`` and their gradient ``softmax_rows(x[i]) - one_hot``.

    x, grad: (rows, d); target: (rows,); losses: (rows,).

    Returns:
        The number of rows that are not ignored; -1 if a target is neither a class nor `ignored`.
    """
    rows, d = x.shape
    counted = 0
    for i in range(rows):
        if target[i] != ignored and (target[i] < 0 or target[i] >= d):
            return -1
    for i in range(rows):
        made = grad[i]
        if target[i] == ignored:
            losses[i] = 0
            for j in range(d):
                made[j] = 0
            continue
        counted += 1
        row = x[i]
        most = _row_max(row)
        total = _exp_and_sum(row, most, made)
        scale = x.dtype.type(1) / total
        for j in range(d):
            made[j] *= scale
        losses[i] = (most - row[target[i]]) + _log(total)
        made[target[i]] -= x.dtype.type(1)
    return counted


@kernel()
def cumsum_rows(x: Any, out: Any) -> None:
    """``out[i, j] = x[i, 0] + … + x[i, j]``; out: (rows, d), may be x."""
    rows, d = x.shape
    for i in range(rows):
        total = 0.0  # in float64, or errors would grow with the row
        row, made = x[i], out[i]
        for j in range(d):
            total += row[j]
            made[j] = total


@kernel()
def add_row(x: Any, row: Any, out: Any) -> None:
    """``out[i] = x[i] + row``; out: (rows, d), row: (d,)."""
    for i in range(x.shape[0]):
        given, made = x[i], out[i]
        for j in range(row.size):
            made[j] = given[j] + row[j]


@kernel()
def mul_row(x: Any, row: Any, out: Any) -> None:
    """``out[i] = x[i] * row``; out: (rows, d), row: (d,)."""
    for i in range(x.shape[0]):
        given, made = x[i], out[i]
        for j in range(row.size):
            made[j] = given[j] * row[j]


@kernel()
def div_row(x: Any, row: Any, out: Any) -> None:
    """``out[i] = x[i] / row``; out: (rows, d), row: (d,)."""
    for i in range(x.shape[0]):
        given, made = x[i], out[i]
        for j in range(row.size):
            made[j] = given[j] / row[j]


@kernel()
def add_column(x: Any, column: Any, out: Any) -> None:
    """``out[i] = x[i] + column[i]``; out: (rows, d), column: (rows,)."""
    for i in range(x.shape[0]):
        given, made, number = x[i], out[i], column[i]
        for j in range(made.size):
            made[j] = given[j] + number


@kernel()
def mul_column(x: Any, column: Any, out: Any) -> None:
    """``out[i] = x[i] * column[i]``; out: (rows, d), column: (rows,)."""
    for i in range(x.shape[0]):
        given, made, number = x[i], out[i], column[i]
        for j in range(made.size):
            made[j] = given[j] * number


@kernel(FASTMATH - {"arcp"})  # or it would be the product with an inverse
def div_column(x: Any, column: Any, out: Any) -> None:
    """``out[i] = x[i] / column[i]``; out: (rows, d), column: (rows,)."""
    for i in range(x.shape[0]):
        given, made, number = x[i], out[i], column[i]
        for j in range(made.size):
            made[j] = given[j] / number


ROWS: dict[str, Any] = {
    "div_row": div_row,
    "add_column": add_column,
    "mul_column": mul_column,
    "div_column": div_column,
    "add_row": add_row,
    "mul_row": mul_row,
    "sum_rows": sum_rows,
    "sum_flat": sum_flat,
    "sum_columns": sum_columns,
    "sum_middle": sum_middle,
    "max_rows": max_rows,
    "min_rows": min_rows,
    "var_rows": var_rows,
    "softmax_rows": softmax_rows,
    "log_softmax_rows": log_softmax_rows,
    "softmax_rows_backward": softmax_rows_backward,
    "log_softmax_rows_backward": log_softmax_rows_backward,
    "layer_norm_rows": layer_norm_rows,
    "layer_norm_rows_backward": layer_norm_rows_backward,
    "cross_entropy_rows": cross_entropy_rows,
    "cumsum_rows": cumsum_rows,
}
"""By the name under which operations ask for them."""
