"""The maxima of windows of volumes: x: ``(planes, D, H, W)``, places and out: ``(planes, OD, OH, OW)``.

Arrays are contiguous, of float32 or float64; places are int64, counted in a volume. Of equal elements
the first is chosen; NaN counts as the largest, and of several the last.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import kernel


@kernel()
def _begin(line: Any, place: int, firsts: Any, best: Any, found: Any) -> None:
    """The first elements of a row of windows."""
    for c in range(best.size):
        best[c] = line[np.uintp(firsts[c])]
        found[c] = place + firsts[c]


@kernel()
def _improve(
    line: Any, place: int, offset: int, firsts: Any, lasts: Any, best: Any, found: Any
) -> None:
    """One more element for each window of a row; after its last one that again. Without branches."""
    for c in range(best.size):
        at = min(firsts[c] + offset, lasts[c])
        value, before = line[np.uintp(at)], best[c]
        is_better = (value > before) | (value != value)  # noqa: PLR0124 - NaN
        best[c] = value if is_better else before
        found[c] = place + at if is_better else found[c]


@kernel()
def max_pool(x: Any, firsts: Any, lasts: Any, steps: Any, out: Any, places: Any) -> None:
    """Maxima and their places.

    firsts, lasts: ``(3, most windows)``, the first and the last element that windows see along each axis,
    and every `steps`-th between them.
    """
    height, width = x.shape[2], x.shape[3]
    slow, down, across = out.shape[1], out.shape[2], out.shape[3]
    starts, ends, step = firsts[2, :across], lasts[2, :across], steps[2]
    most = 0
    for c in range(across):
        most = max(most, ends[c] - starts[c])
    for p in range(x.shape[0]):
        for d in range(slow):
            for r in range(down):
                best, found = out[p, d, r], places[p, d, r]
                is_first = True
                i = firsts[0, d]
                while i <= lasts[0, d]:
                    j = firsts[1, r]
                    while j <= lasts[1, r]:
                        line, place = x[p, i, j], (i * height + j) * width
                        offset = 0
                        if is_first:
                            _begin(line, place, starts, best, found)
                            is_first = False
                            offset = step
                        while offset <= most:
                            _improve(line, place, offset, starts, ends, best, found)
                            offset += step
                        j += steps[1]
                    i += steps[0]
