"""Arrays with a few numbers for each row: ``(rows, d)``, contiguous, where a row is a channel of an image.

The numbers are arrays ``(rows,)`` of the same dtype, float32 or float64.
"""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.kernels.compiling import REASSOCIATE, kernel
from shapetorch.tensor.kernels.rows import row_squares


@kernel()
def squares_rows(x: Any, mean: Any, out: Any) -> None:
    """``out[i] = sum((x[i] - mean[i])**2)``; out: (rows,)."""
    for i in range(x.shape[0]):
        out[i] = row_squares(x[i], mean[i])


@kernel()
def scale_rows(x: Any, scale: Any, shift: Any, out: Any) -> None:
    """``out[i] = x[i] * scale[i] + shift[i]``; out: (rows, d)."""
    for i in range(x.shape[0]):
        row, made, factor, more = x[i], out[i], scale[i], shift[i]
        for j in range(made.size):
            made[j] = row[j] * factor + more


@kernel(REASSOCIATE)
def _pair(g: Any, x: Any, mean: Any) -> Any:
    first, second = g.dtype.type(0), g.dtype.type(0)
    for j in range(g.size):
        first += g[j]
        second += g[j] * (x[j] - mean)
    return first, second


@kernel()
def pair_sums_rows(g: Any, x: Any, mean: Any, first: Any, second: Any) -> None:
    """``first[i] = sum(g[i])``, ``second[i] = sum(g[i] * (x[i] - mean[i]))``."""
    for i in range(x.shape[0]):
        first[i], second[i] = _pair(g[i], x[i], mean[i])


@kernel()
def blend_rows(g: Any, x: Any, mean: Any, a: Any, b: Any, c: Any, out: Any) -> None:
    """``out[i] = a[i] * g[i] + b[i] * (x[i] - mean[i]) + c[i]``; out: (rows, d)."""
    for i in range(x.shape[0]):
        grad, row, made = g[i], x[i], out[i]
        m, p, q, r = mean[i], a[i], b[i], c[i]
        for j in range(made.size):
            made[j] = p * grad[j] + q * (row[j] - m) + r


CHANNELS: dict[str, Any] = {
    "squares_rows": squares_rows,
    "scale_rows": scale_rows,
    "pair_sums_rows": pair_sums_rows,
    "blend_rows": blend_rows,
}
"""By the name under which operations ask for them."""
