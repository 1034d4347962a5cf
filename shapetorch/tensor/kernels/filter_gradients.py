"""Gradients of the filters of a convolution: sums over all windows of an element times a gradient.

With the channels of a band (`bands`) innermost, the elements that a tap sees in neighbouring windows are
rows of a matrix, and the sum over windows is what a tile (`tiles`) computes: its terms are the windows,
its places channels of the input, its rows channels of the result.
"""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.kernels.bands import copy_band
from shapetorch.tensor.kernels.compiling import REASSOCIATE, kernel
from shapetorch.tensor.kernels.tiles import PLACES, ROWS, WIDTH, narrow_tile, tile


@kernel()
def _turn(seen: Any, channels: int, plane: int, width: int, turned: Any) -> None:
    """``turned[p * width + c] = seen[c * plane + p]``."""
    for c in range(channels):
        given, made = seen[c * plane : (c + 1) * plane], turned[c:]
        for p in range(plane):
            made[p * width] = given[p]


@kernel()
def _pack(grads: Any, top: int, here: int, wide: int, weights: Any) -> None:
    """weights[(y * wide + x) * ROWS + r] = grads[r, top + y, x]; the others stay 0."""
    for r in range(grads.shape[0]):
        for y in range(here):
            given, made = grads[r, top + y], weights[y * wide * ROWS + r :]
            for x in range(given.size):
                made[x * ROWS] = given[x]


@kernel()
def _clear(out: Any) -> None:
    for place in range(out.size):
        out[place] = 0


@kernel()
def _add(given: Any, out: Any) -> None:
    for c in range(out.size):
        out[c] += given[c]


@kernel()
def filter_gradients(
    images: Any,
    grads: Any,
    taps: Any,
    row_phases: Any,
    column_phases: Any,
    geometry: Any,
    windows: Any,
    seen: Any,
    turned: Any,
    weights: Any,
    made: Any,
    out: Any,
    first: int,
    last: int,
) -> None:
    """Add to ``out[k, t, c]`` for some blocks of ROWS results: ``first <= group * blocks + block < last``.

    images: (N, C, H, W), grads: (N, K, OH, OW); out: (K, taps, channels of a group); taps: the place of
    each in a channel of a band; geometry and phases: as of `direct.convolve_direct`; windows: multiples of
    `width`, the channels of a group rounded up to vectors. The others are flat, and overwritten: seen, the
    band, zero; turned: the same by channels of `width`, zero, and a tile longer; weights: rows of
    a block for each window, zero; made: a tile.
    """
    inputs, groups = out.shape[2], images.shape[1] // out.shape[2]
    outputs, down, across = grads.shape[1] // groups, grads.shape[2], grads.shape[3]
    blocks = (outputs + ROWS - 1) // ROWS
    high, wide = geometry[4], geometry[6]
    plane = seen.size // inputs
    narrow, lanes = WIDTH // (images.itemsize // 4), PLACES // (images.itemsize // 4)
    width = (inputs + narrow - 1) // narrow * narrow
    source = images.reshape(-1)
    sizes = (inputs, images.shape[2], images.shape[3])
    for g in range(groups):
        low, end = max(first - g * blocks, 0), min(last - g * blocks, blocks)
        for n in range(images.shape[0] if low < end else 0):
            for top in range(0, down, high):
                here = min(high, down - top)
                used = windows[: (here - 1) * wide + across]
                place = (n * images.shape[1] + g * inputs) * sizes[1] * sizes[2]
                copy_band(source, place, top, row_phases, column_phases, geometry, sizes, seen)
                _turn(seen, inputs, plane, width, turned)
                for block in range(low, end):
                    channel = g * outputs + block * ROWS
                    rows = min(ROWS, outputs - block * ROWS)
                    if rows < ROWS:
                        _clear(weights)
                    _pack(grads[n, channel : channel + rows], top, here, wide, weights)
                    for t in range(taps.size):
                        c = 0
                        while c < inputs:
                            start = taps[t] * width + c
                            count = lanes
                            if c + 2 * narrow < inputs:
                                tile(turned, start, used, weights, 0, made, 0, lanes)
                            else:
                                narrow_tile(turned, start, used, weights, 0, made, 0, lanes)
                                count = narrow
                            for r in range(rows):
                                _add(
                                    made[r * lanes : r * lanes + count],
                                    out[channel + r, t, c : c + count],
                                )
                            c += count


@kernel(REASSOCIATE)
def _product(a: Any, b: Any) -> Any:
    total = a.dtype.type(0)
    for x in range(b.size):
        total += a[x] * b[x]
    return total


@kernel()
def depthwise_gradients(
    images: Any,
    grads: Any,
    taps: Any,
    row_phases: Any,
    column_phases: Any,
    geometry: Any,
    seen: Any,
    out: Any,
    first: int,
    last: int,
) -> None:
    """As `filter_gradients` where groups are of one channel, for the channels ``first <= c < last``."""
    channels, outputs = images.shape[1], grads.shape[1] // images.shape[1]
    down = grads.shape[2]
    high, wide = geometry[4], geometry[6]
    source = images.reshape(-1)
    sizes = (1, images.shape[2], images.shape[3])
    for c in range(first, last):
        for n in range(images.shape[0]):
            for top in range(0, down, high):
                place = (n * channels + c) * sizes[1] * sizes[2]
                copy_band(source, place, top, row_phases, column_phases, geometry, sizes, seen)
                for k in range(c * outputs, (c + 1) * outputs):
                    for t in range(taps.size):
                        total = out[k, t, 0]
                        for y in range(min(high, down - top)):
                            line = seen[taps[t] + y * wide :]
                            total += _product(line, grads[n, k, top + y])
                        out[k, t, 0] = total
