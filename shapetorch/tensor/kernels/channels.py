"""Normalization of channels: arrays ``(rows, d)``, contiguous, where a row is a channel of an image.

A group of rows, every `step`-th, `count` of them, is normalized together: channels behind one another if
the step is 1, a channel of all images if it is the number of channels. Weight and bias are of channels, or
without elements. Sums of rows are added up in float64.
"""

from __future__ import annotations

import math
from typing import Any

from shapetorch.tensor.kernels.compiling import FASTMATH, REASSOCIATE, kernel
from shapetorch.tensor.kernels.rows import row_squares, row_sum


@kernel()
def _scale(row: Any, factor: Any, more: Any, made: Any) -> None:
    for j in range(made.size):
        made[j] = row[j] * factor + more


@kernel()
def scale_rows(x: Any, scale: Any, shift: Any, out: Any) -> None:
    """``out[i] = x[i] * scale[i] + shift[i]``; out: (rows, d)."""
    for i in range(x.shape[0]):
        _scale(x[i], scale[i], shift[i], out[i])


@kernel(FASTMATH - {"arcp"})  # or it would be an estimate that is NaN at infinity
def _inverse_root(value: float) -> float:
    return 1 / math.sqrt(value)


@kernel()
def normalize_groups(
    x: Any,
    begin: int,
    end: int,
    step: int,
    count: int,
    weight: Any,
    bias: Any,
    eps: float,
    out: Any,
    mean: Any,
    inverse: Any,
) -> None:
    """The groups from `begin` to `end`: results, means and inverse deviations."""
    kind = x.dtype.type
    size = count * x.shape[1]
    for g in range(begin, end):
        base = g * count if step == 1 else g
        total = 0.0
        for k in range(count):
            total += row_sum(x[base + k * step])
        centre = kind(total / size)
        squares = 0.0
        for k in range(count):
            squares += row_squares(x[base + k * step], centre)
        scale = kind(_inverse_root(squares / size + eps))
        mean[g], inverse[g] = centre, scale
        for k in range(count):
            row = base + k * step
            factor, more = scale, kind(0)
            if weight.size:
                factor *= weight[row % weight.size]
            if bias.size:
                more = bias[row % bias.size]
            _scale(x[row], factor, more - centre * factor, out[row])


@kernel(REASSOCIATE)
def _pair(g: Any, x: Any, mean: Any) -> Any:
    first, second = g.dtype.type(0), g.dtype.type(0)
    for j in range(g.size):
        first += g[j]
        second += g[j] * (x[j] - mean)
    return first, second


@kernel()
def _blend(grad: Any, row: Any, mean: Any, p: Any, q: Any, r: Any, made: Any) -> None:
    for j in range(made.size):
        made[j] = p * grad[j] + q * (row[j] - mean) + r


@kernel()
def normalize_groups_backward(
    grad: Any,
    x: Any,
    step: int,
    count: int,
    weight: Any,
    mean: Any,
    inverse: Any,
    out: Any,
    of_weight: Any,
    of_bias: Any,
) -> None:
    """The gradient of x, and of weight and bias what each row gives, ``(rows,)``."""
    kind = x.dtype.type
    size = count * x.shape[1]
    for g in range(mean.size):
        base = g * count if step == 1 else g
        centre, scale = mean[g], inverse[g]
        first, second = 0.0, 0.0
        for k in range(count):
            row = base + k * step
            total, product = _pair(grad[row], x[row], centre)
            factor = weight[row % weight.size] if weight.size else kind(1)
            of_bias[row], of_weight[row] = total, product * scale
            first += total * factor
            second += product * scale * factor
        tilt, shift = kind(-scale * scale * (second / size)), kind(-scale * (first / size))
        for k in range(count):
            row = base + k * step
            factor = scale * (weight[row % weight.size] if weight.size else kind(1))
            _blend(grad[row], x[row], centre, factor, tilt, shift, out[row])


CHANNELS: dict[str, Any] = {
    "scale_rows": scale_rows,
    "normalize_groups": normalize_groups,
    "normalize_groups_backward": normalize_groups_backward,
}
"""By the name under which operations ask for them."""
