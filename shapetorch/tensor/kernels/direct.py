"""Convolutions of one and two axes, with any stride, dilation and groups.

A band of rows of the padded image is copied so that, for each tap, the elements that neighbouring windows
see are neighbours too: with a stride of s, every s-th column follows the one before, and the rows
likewise. Rows of the copy lie one behind the other without a gap, so a band of results is one long
line, with some places at the end of each row that are no results. Then a tile
(`tiles`) is ``ROWS`` channels of some places of that line.
"""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.kernels.bands import copy, copy_band
from shapetorch.tensor.kernels.compiling import kernel
from shapetorch.tensor.kernels.tiles import LINE, PLACES, WIDTH, line_tile, narrow_tile, tile


@kernel()
def convolve_direct(
    images: Any,
    weights: Any,
    offsets: Any,
    row_phases: Any,
    column_phases: Any,
    geometry: Any,
    seen: Any,
    made: Any,
    out: Any,
    first: int,
    last: int,
) -> None:
    """Results of some bands: ``first <= n * bands + band < last``.

    images: (N, C, H, W), out: (N, K, OH, OW);
    weights: (groups, blocks, taps, rows of a block), as `pack_filters` makes them;
    offsets: (taps,), the place of each in a band, of all channels of a group;
    geometry: (stride, stride, padding, padding, rows of results of a band, its rows, its columns), int64;
    seen: the band, flat, zero, and a line tile longer; made: flat, rows * (results of a band + a line tile).
    """
    groups, blocks, taps, rows = weights.shape
    outputs = out.shape[1] // groups
    inputs = images.shape[1] // groups
    down, across = out.shape[2], out.shape[3]
    high, wide = geometry[4], geometry[6]
    bands = (down + high - 1) // high
    size = images.itemsize // 4
    line, lanes, narrow = LINE // size, PLACES // size, WIDTH // size
    length = made.size // rows  # the last tile goes beyond the band
    factors, source, target = weights.reshape(-1), images.reshape(-1), out.reshape(-1)
    sizes = (inputs, images.shape[2], images.shape[3])
    plane = sizes[1] * sizes[2]
    for item in range(first, last):
        n, top = item // bands, item % bands * high
        here = min(high, down - top)
        used = (here - 1) * wide + across
        for g in range(groups):
            place = (n * images.shape[1] + g * inputs) * plane
            copy_band(source, place, top, row_phases, column_phases, geometry, sizes, seen)
            for block in range(blocks):
                place = (g * blocks + block) * taps * rows
                start = 0
                if rows == 1:
                    for start in range(0, used, line):
                        line_tile(seen, start, offsets, factors, place, made, start, length)
                else:
                    while start + 2 * narrow < used:
                        tile(seen, start, offsets, factors, place, made, start, length)
                        start += lanes
                    while start < used:
                        narrow_tile(seen, start, offsets, factors, place, made, start, length)
                        start += narrow
                for r in range(min(rows, outputs - block * rows)):
                    channel = n * out.shape[1] + g * outputs + block * rows + r
                    for y in range(here):
                        row = (channel * down + top + y) * across
                        copy(made, r * length + y * wide, 1, target, row, across)


@kernel()
def pack_filters(weight: Any, packed: Any) -> None:
    """packed[g, b, t, r] = weight[g, b * rows + r, t], 0 beyond; weight: (groups, outputs, taps)."""
    groups, blocks, taps, rows = packed.shape
    for g in range(groups):
        for b in range(blocks):
            for r in range(rows):
                k = b * rows + r
                if k < weight.shape[1]:
                    for t in range(taps):
                        packed[g, b, t, r] = weight[g, k, t]
                else:
                    for t in range(taps):
                        packed[g, b, t, r] = 0
