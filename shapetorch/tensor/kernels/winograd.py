"""3 x 3 convolutions with stride 1, by Winograd's minimal filtering F(2 x 2, 3 x 3).

Tiles of 4 x 4 inputs overlap by two and give 2 x 2 outputs each; in the transformed space a tile costs 16
products for each pair of channels instead of 36, and those products are 16 matrix products over
all tiles of an image, which BLAS does. Arrays are contiguous, float32 or float64:

- images: ``(N, C, H, W)``, weight: ``(K, C, 3, 3)``;
- spread (the transformed images): ``(16, C, N * P)`` with ``P = ceil(OH / 2) * (ceil(OW / 2) + 1)`` tiles;
- filters: ``(16, K, C)``, products: ``(16, K, N * P)``, out: ``(N, K, OH, OW)``.

Source: A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, section 4.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import kernel


@kernel()
def transform_filters(weight: Any, filters: Any) -> None:
    """``filters[:, k, c] = G g G^T`` for each 3 x 3 filter g."""
    half = weight.dtype.type(0.5)
    for k in range(weight.shape[0]):
        for c in range(weight.shape[1]):
            g = weight[k, c]
            for i in range(4):
                if i == 0:
                    a, b, d = g[0, 0], g[0, 1], g[0, 2]
                elif i == 3:
                    a, b, d = g[2, 0], g[2, 1], g[2, 2]
                else:
                    sign = weight.dtype.type(1 if i == 1 else -1)
                    a = half * (g[0, 0] + sign * g[1, 0] + g[2, 0])
                    b = half * (g[0, 1] + sign * g[1, 1] + g[2, 1])
                    d = half * (g[0, 2] + sign * g[1, 2] + g[2, 2])
                filters[4 * i, k, c] = a
                filters[4 * i + 1, k, c] = half * (a + b + d)
                filters[4 * i + 2, k, c] = half * (a - b + d)
                filters[4 * i + 3, k, c] = d


@kernel()
def _copy(source: Any, out: Any) -> None:
    for j in range(source.size):
        out[j] = source[j]


@kernel()
def _split(whole: Any, even: Any, odd: Any) -> None:
    """The elements of even and of odd place."""
    for t in range(even.size):
        even[t] = whole[2 * t]
        odd[t] = whole[2 * t + 1]


@kernel()
def _columns(even: Any, odd: Any, next_even: Any, next_odd: Any, out: Any) -> None:
    """The transform along rows: of tile t, the elements of places 2t to 2t + 3."""
    first, second, third, fourth = out[0], out[1], out[2], out[3]
    for t in range(next_even.size):
        d0, d1, d2, d3 = even[t], odd[t], next_even[t], next_odd[t]
        first[t] = d0 - d2
        second[t] = d1 + d2
        third[t] = d2 - d1
        fourth[t] = d1 - d3


@kernel()
def _rows(a: Any, b: Any, c: Any, d: Any, first: Any, second: Any, third: Any, fourth: Any) -> None:
    """The transform across four rows that were transformed along."""
    for t in range(first.size):
        first[t] = a[t] - c[t]
        second[t] = b[t] + c[t]
        third[t] = c[t] - b[t]
        fourth[t] = b[t] - d[t]


@kernel()
def transform_images(images: Any, pad_h: int, pad_w: int, width: int, spread: Any) -> None:
    """``spread[:, c] = B^T d B`` for each tile d of each channel, in rows of `width` tiles.

    The last tile of a row is no tile: it is there so that the rows (the even ones, then the odd ones),
    and in them the elements of even and of odd place, lie one behind the other. So each step is one
    long loop over the whole image, which is vectorised also where rows are short.
    """
    count, channels, height, columns = images.shape
    tiles = spread.shape[2] // count
    down = tiles // width
    size = (down + 1) * width
    padded = np.zeros((2, 2 * size), images.dtype)
    even, odd = np.empty((2, size), images.dtype), np.empty((2, size), images.dtype)
    along = np.zeros((2, 4, size), images.dtype)  # the last of a row of tiles is never written
    for n in range(count):
        first, last = n * tiles, (n + 1) * tiles
        for c in range(channels):
            for source in range(min(height, 2 * down + 2 - pad_h)):
                r = source + pad_h
                start = (r // 2) * 2 * width + pad_w
                _copy(images[n, c, source], padded[r % 2, start : start + columns])
            for parity in range(2):
                _split(padded[parity], even[parity], odd[parity])
            for parity in range(2):
                e, o = even[parity], odd[parity]
                _columns(e, o, e[1:], o[1:], along[parity])
            for j in range(4):
                upper, lower = along[0, j], along[1, j]
                _rows(
                    upper[:tiles],
                    lower[:tiles],
                    upper[width:],
                    lower[width:],
                    spread[j, c, first:last],
                    spread[4 + j, c, first:last],
                    spread[8 + j, c, first:last],
                    spread[12 + j, c, first:last],
                )


@kernel()
def _sums(a: Any, b: Any, c: Any, d: Any, upper: Any, lower: Any) -> None:
    for t in range(upper.size):
        upper[t] = a[t] + b[t] + c[t]
        lower[t] = b[t] - c[t] - d[t]


@kernel()
def _pairs(a: Any, b: Any, c: Any, d: Any, out: Any) -> None:
    """The outputs of a row, of which each tile gives two."""
    for t in range(a.size):
        out[2 * t] = a[t] + b[t] + c[t]
        out[2 * t + 1] = b[t] - c[t] - d[t]


@kernel()
def transform_products(products: Any, width: int, out: Any) -> None:
    """``out[n, k] = A^T m A`` for each tile m."""
    count, channels, height, columns = out.shape
    tiles = products.shape[2] // count
    sums = np.empty((2, 4, tiles), out.dtype)
    rows = np.empty(2 * tiles, out.dtype)
    for n in range(count):
        first, last = n * tiles, (n + 1) * tiles
        for k in range(channels):
            for j in range(4):
                _sums(
                    products[j, k, first:last],
                    products[4 + j, k, first:last],
                    products[8 + j, k, first:last],
                    products[12 + j, k, first:last],
                    sums[0, j],
                    sums[1, j],
                )
            for i in range(2):
                s = sums[i]
                _pairs(s[0], s[1], s[2], s[3], rows)
                for r in range((height + 1 - i) // 2):
                    start = 2 * width * r
                    _copy(rows[start : start + columns], out[n, k, 2 * r + i])


TILES = 1024
"""Tiles of one round: enough for a matrix product to pay, few enough to stay in the cache."""


def convolve_3x3(images: Any, weight: Any, padding: tuple[int, ...], out: Any) -> None:
    """The convolution of a batch: images ``(N, C, H, W)``, out ``(N, K, OH, OW)``, some images a round.

    `padding` are the zeros before the first row and column; how many follow the last ones is what the
    size of `out` says.
    """
    images, weight = np.ascontiguousarray(images), np.ascontiguousarray(weight)
    filters = np.empty((16, *weight.shape[:2]), weight.dtype)
    transform_filters(weight, filters)
    down, width = -(-out.shape[2] // 2), -(-out.shape[3] // 2) + 1
    tiles = down * width
    together = min(len(images), max(1, TILES // tiles))
    spread = np.empty((16, weight.shape[1], together * tiles), weight.dtype)
    products = np.empty((16, weight.shape[0], together * tiles), weight.dtype)
    for start in range(0, len(images), together):
        some, made = images[start : start + together], out[start : start + together]
        if len(some) < together:
            spread = np.empty((16, weight.shape[1], len(some) * tiles), weight.dtype)
            products = np.empty((16, weight.shape[0], len(some) * tiles), weight.dtype)
        transform_images(some, padding[0], padding[1], width, spread)
        with np.errstate(all="ignore"):
            np.matmul(filters, spread, out=products)
        transform_products(products, width, made)
