"""3 x 3 convolutions with stride 1, by Winograd's minimal filtering F(2 x 2, 3 x 3).

Tiles of 4 x 4 inputs overlap by two and give 2 x 2 outputs each; in the transformed space a tile costs 16
products for each pair of channels instead of 36, and those products are 16 matrix products over
all tiles of an image, which BLAS does. Arrays are contiguous, float32 or float64:

- image: ``(C, H, W)``, weight: ``(K, C, 3, 3)``;
- spread (the transformed image): ``(16, C, P)`` with ``P = ceil(OH / 2) * (ceil(OW / 2) + 1)`` tiles;
- filters: ``(16, K, C)``, products: ``(16, K, P)``, out: ``(K, OH, OW)``.

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
def _split_row(row: Any, pad: int, even: Any, odd: Any) -> None:
    """A row with `pad` zeros before it and zeros after it, as its elements of even and of odd place."""
    for t in range(even.size):
        even[t] = 0
        odd[t] = 0
    start = pad // 2
    if pad % 2:
        into_first, into_second = odd[start:], even[start + 1 :]
    else:
        into_first, into_second = even[start:], odd[start:]
    pairs = row.size // 2
    for j in range(pairs):
        into_first[j] = row[2 * j]
        into_second[j] = row[2 * j + 1]
    if row.size % 2:
        into_first[pairs] = row[row.size - 1]


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
def transform_image(image: Any, pad_h: int, pad_w: int, width: int, spread: Any) -> None:
    """``spread[:, c] = B^T d B`` for each tile d of each channel, in rows of `width` tiles.

    The last tile of a row is no tile: it is there so that the rows, split by parity, lie one behind
    the other and each step is one long loop over the whole image.
    """
    channels, height, _ = image.shape
    tiles = spread.shape[2]
    down = tiles // width
    size = (down + 1) * width
    even, odd = np.empty((2, size), image.dtype), np.empty((2, size), image.dtype)
    along = np.empty((2, 4, size), image.dtype)
    for c in range(channels):
        for r in range(2 * down + 2):
            start = (r // 2) * width
            source = r - pad_h
            own_even, own_odd = (
                even[r % 2, start : start + width],
                odd[r % 2, start : start + width],
            )
            if 0 <= source < height:
                _split_row(image[c, source], pad_w, own_even, own_odd)
            else:
                for t in range(width):
                    own_even[t] = 0
                    own_odd[t] = 0
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
                spread[j, c],
                spread[4 + j, c],
                spread[8 + j, c],
                spread[12 + j, c],
            )


@kernel()
def _sums(a: Any, b: Any, c: Any, d: Any, upper: Any, lower: Any) -> None:
    for t in range(upper.size):
        upper[t] = a[t] + b[t] + c[t]
        lower[t] = b[t] - c[t] - d[t]


@kernel()
def _store(a: Any, b: Any, c: Any, d: Any, bias: Any, out: Any) -> None:
    """A row of outputs, of which each tile gives two."""
    pairs = out.size // 2
    for t in range(pairs):
        out[2 * t] = a[t] + b[t] + c[t] + bias
        out[2 * t + 1] = b[t] - c[t] - d[t] + bias
    if out.size % 2:
        out[out.size - 1] = a[pairs] + b[pairs] + c[pairs] + bias


@kernel()
def transform_products(products: Any, bias: Any, width: int, out: Any) -> None:
    """``out[k] = A^T m A + bias[k]`` for each tile m; bias: (K,), or of size 0 for none."""
    channels, height, _ = out.shape
    tiles = products.shape[2]
    sums = np.empty((2, 4, tiles), out.dtype)
    for k in range(channels):
        plus = bias[k] if bias.size else out.dtype.type(0)
        for j in range(4):
            _sums(
                products[j, k],
                products[4 + j, k],
                products[8 + j, k],
                products[12 + j, k],
                sums[0, j],
                sums[1, j],
            )
        for i in range(2):
            s = sums[i]
            for r in range(tiles // width):
                if 2 * r + i < height:
                    b = r * width
                    _store(s[0, b:], s[1, b:], s[2, b:], s[3, b:], plus, out[k, 2 * r + i])


def convolve(images: Any, weight: Any, bias: Any, padding: tuple[int, int], out: Any) -> None:
    """The convolution of a batch: images ``(N, C, H, W)``, out ``(N, K, OH, OW)``, image by image."""
    filters = np.empty((16, *weight.shape[:2]), weight.dtype)
    transform_filters(weight, filters)
    down, width = -(-out.shape[2] // 2), -(-out.shape[3] // 2) + 1
    spread = np.empty((16, weight.shape[1], down * width), weight.dtype)
    products = np.empty((16, weight.shape[0], down * width), weight.dtype)
    for image, made in zip(images, out, strict=True):
        transform_image(image, padding[0], padding[1], width, spread)
        np.matmul(filters, spread, out=products)
        transform_products(products, bias, width, made)
