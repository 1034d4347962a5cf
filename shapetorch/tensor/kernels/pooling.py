"""The maxima of windows of planes: x: ``(planes, H, W)``, places and out: ``(planes, OH, OW)``.

Arrays are contiguous, of float32 or float64; places are int64, counted in a plane. Of equal elements
the first is chosen; NaN counts as the largest, and of several the last.
"""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.kernels.compiling import kernel


@kernel()
def max_pool(
    x: Any,
    size_h: int,
    size_w: int,
    stride_h: int,
    stride_w: int,
    pad_h: int,
    pad_w: int,
    step_h: int,
    step_w: int,
    out: Any,
    places: Any,
) -> None:
    """Maxima and their places; ``step`` is the dilation. Every window holds an element."""
    planes, height, width = x.shape
    down, across = out.shape[1], out.shape[2]
    for p in range(planes):
        plane, best, found = x[p], out[p], places[p]
        for r in range(down):
            for c in range(across):
                best_place = -1
                best_value = plane[0, 0]
                for i in range(size_h):
                    row = r * stride_h - pad_h + i * step_h
                    if 0 <= row < height:
                        for j in range(size_w):
                            column = c * stride_w - pad_w + j * step_w
                            if 0 <= column < width:
                                value = plane[row, column]
                                if (
                                    best_place < 0 or value > best_value or value != value  # noqa: PLR0124 - NaN
                                ):
                                    best_value = value
                                    best_place = row * width + column
                best[r, c] = best_value
                found[r, c] = best_place
