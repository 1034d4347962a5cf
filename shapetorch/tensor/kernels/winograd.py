"""3 x 3 convolutions with stride 1, by Winograd's minimal filtering F(2 x 2, 3 x 3).

Tiles of 4 x 4 inputs overlap by two and give 2 x 2 outputs each; in the transformed space a tile costs 16
products for each pair of channels instead of 36, and those products are 16 matrix products over
all tiles of a band, a few rows of tiles whose arrays stay in the cache. Arrays are contiguous, float32
or float64:

- images: ``(N, C, H, W)``, out: ``(N, K, OH, OW)``;
- spread (a transformed band): ``(16, C, places)``, where the tiles of a row are followed by one that is none;
- filters: ``(16, blocks, C, ROWS)`` for blocks of ROWS of the K outputs, products: ``(16, blocks * ROWS, places)``.

Source: A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, section 4.1.
"""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.kernels.bands import copy, copy_band
from shapetorch.tensor.kernels.compiling import kernel
from shapetorch.tensor.kernels.minimal_filtering import inputs_transform, outputs_transform
from shapetorch.tensor.kernels.tiles import PLACES, ROWS, WIDTH, narrow_tile, tile


@kernel()
def _filter_rows(upper: Any, middle: Any, lower: Any, out: Any) -> None:
    """``G g`` of one column of many filters."""
    half = upper.dtype.type(0.5)
    first, second, third, fourth = out[0], out[1], out[2], out[3]
    for c in range(upper.size):
        both = half * (upper[c] + lower[c])
        first[c] = upper[c]
        second[c] = both + half * middle[c]
        third[c] = both - half * middle[c]
        fourth[c] = lower[c]


@kernel()
def transform_filters(weight: Any, room: Any, filters: Any) -> None:
    """``filters[:, k // ROWS, c, k % ROWS] = G g G^T`` for each 3 x 3 filter g.

    weight: (K, C, 9), room: (7, 4, C), overwritten.
    """
    channels = weight.shape[1]
    taps, columns, both = room[:3], room[3:6], room[6]
    for k in range(filters.shape[1] * ROWS):
        if k >= weight.shape[0]:
            for i in range(16):
                made = filters[i, k // ROWS]
                for c in range(channels):
                    made[c, k % ROWS] = 0
            continue
        for c in range(channels):
            for t in range(9):
                taps[t // 3, t % 3, c] = weight[k, c, t]
        for j in range(3):
            _filter_rows(taps[0, j], taps[1, j], taps[2, j], columns[j])
        for i in range(4):
            _filter_rows(columns[0, i], columns[1, i], columns[2, i], both)
            for j in range(4):
                made, given = filters[4 * i + j, k // ROWS], both[j]
                for c in range(channels):
                    made[c, k % ROWS] = given[c]


@kernel()
def _transform_band(band: Any, high: int, wide: int, places: int, spread: Any) -> None:
    """``spread[:, c] = B^T d B`` for each tile d of each channel; band: flat, (C, 2, 2, high + 1, wide)."""
    channels, plane = spread.size // (16 * places), (high + 1) * wide
    for c in range(channels):
        for t in range(0, high * wide, WIDTH * 4 // band.itemsize):
            inputs_transform(
                band, 4 * c * plane + t, plane, wide, spread, c * places + t, channels * places
            )


@kernel()
def _transform_products(
    products: Any, top: int, high: int, wide: int, places: int, lines: Any, out: Any
) -> None:
    """``out[k] = A^T m A`` for each tile m, from row `top` on; out: (K, OH, OW), products, lines: flat."""
    channels, height, across = out.shape
    outputs, length = products.size // (16 * places), 2 * places
    target = out.reshape(-1)
    for k in range(channels):
        for t in range(0, high * wide, WIDTH * 4 // out.itemsize):
            outputs_transform(products, k * places + t, outputs * places, lines, 2 * t, length)
        for i in range(2):
            for r in range(min(high, (height - top - i + 1) // 2)):
                row = (k * height + top + 2 * r + i) * across
                copy(lines, i * length + 2 * wide * r, 1, target, row, across)


@kernel()
def convolve_3x3(
    images: Any,
    filters: Any,
    offsets: Any,
    phases: Any,
    geometry: Any,
    seen: Any,
    terms: Any,
    made: Any,
    lines: Any,
    out: Any,
    first: int,
    last: int,
) -> None:
    """Results of some bands: ``first <= n * bands + band < last``.

    offsets: (C,), multiples of `places`; phases: 0 and 1; geometry: (2, 2, padding, padding, rows of tiles
    of a band, one more, tiles of a row and one more). The others are flat, and overwritten: seen, the band,
    zero and a little longer; terms and made: spread and products; lines: 4 * places.
    """
    channels, blocks = images.shape[1], filters.shape[1]
    down, high, wide = (out.shape[2] + 1) // 2, geometry[4], geometry[6]
    bands = (down + high - 1) // high
    narrow, lanes = WIDTH // (images.itemsize // 4), PLACES // (images.itemsize // 4)
    tiles, places = high * wide, lines.size // 4
    source, factors = images.reshape(-1), filters.reshape(-1)
    sizes = (channels, images.shape[2], images.shape[3])
    for item in range(first, last):
        n, top = item // bands, item % bands * high
        place = n * channels * sizes[1] * sizes[2]
        copy_band(source, place, top, phases, phases, geometry, sizes, seen)
        _transform_band(seen, high, wide, places, terms)
        for j in range(16):
            for block in range(blocks):
                weights = (j * blocks + block) * channels * ROWS
                line = (j * blocks + block) * ROWS * places
                start = 0
                while start + 2 * narrow < tiles:
                    begin = j * channels * places + start
                    tile(terms, begin, offsets, factors, weights, made, line + start, places)
                    start += lanes
                while start < tiles:
                    begin = j * channels * places + start
                    narrow_tile(terms, begin, offsets, factors, weights, made, line + start, places)
                    start += narrow
        _transform_products(made, 2 * top, high, wide, places, lines, out[n])
