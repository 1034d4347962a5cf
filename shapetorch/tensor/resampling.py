"""How places of a resized axis are weighted sums of places of the old one.

Positions are computed in the precision that PyTorch uses (float32 but for float64 tensors), because
rounding decides which neighbour is nearest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from shapetorch.tensor.axis_maps import AxisMap
from shapetorch.tensor.tensors import Array

CUBIC, ANTIALIASED_CUBIC = -0.75, -0.5
"""The free parameter of the cubic kernel."""


def step_of(size: int, count: int, factor: float | None, corners: bool, kind: Any) -> Any:
    """How far apart the new places lie, in old ones."""
    if corners:
        return kind(size - 1) / kind(count - 1) if count > 1 else kind(0)
    if factor is not None and factor > 0:
        return kind(1.0 / factor)
    return kind(size) / kind(count)


@lru_cache(256)
def nearest(size: int, count: int, factor: float | None, exact: bool) -> AxisMap:
    """The place below, or with `exact` the nearest one to the middle."""
    step = step_of(size, count, factor, False, np.float32)
    places = np.arange(count, dtype=np.float32)
    found = np.floor((places + np.float32(0.5)) * step if exact else places * step)
    index = np.minimum(found.astype(np.int64), size - 1)
    return AxisMap(size, index[:, None], np.ones((count, 1)))


def _sources(size: int, count: int, factor: float | None, corners: bool, kind: Any) -> Any:
    step = step_of(size, count, factor, corners, kind)
    places = np.arange(count, dtype=kind)
    if corners:
        return places * step
    return (places + kind(0.5)) * step - kind(0.5)


@lru_cache(256)
def linear(size: int, count: int, factor: float | None, corners: bool, kind: Any) -> AxisMap:
    """Between the two neighbours."""
    if size == count and factor in (None, 1.0):
        return AxisMap(size, np.arange(size)[:, None], np.ones((size, 1)))
    source = np.maximum(_sources(size, count, factor, corners, kind), 0)
    low = np.minimum(np.floor(source).astype(np.int64), size - 1)
    high = np.minimum(low + 1, size - 1)
    part = np.clip(source - low.astype(kind), 0, 1).astype(np.float64)
    return AxisMap(size, np.stack([low, high], 1), np.stack([1 - part, part], 1))


def cubic_kernel(distance: Array, free: float) -> Array:
    """Keys' kernel of the distance from the new place."""
    x = np.abs(distance)
    near = ((free + 2) * x - (free + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * free
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


@lru_cache(256)
def cubic(size: int, count: int, factor: float | None, corners: bool, kind: Any) -> AxisMap:
    """Between the four neighbours; those beyond the ends are the ends."""
    source = _sources(size, count, factor, corners, kind)
    low = np.floor(source)
    part = (source - low).astype(np.float64)
    offsets = np.arange(-1, 3)
    index = np.clip(low.astype(np.int64)[:, None] + offsets, 0, size - 1)
    return AxisMap(size, index, cubic_kernel(part[:, None] - offsets, CUBIC))


def _triangle(distance: Array) -> Array:
    return np.asarray(np.maximum(1 - np.abs(distance), 0))


def _antialiased_cubic(distance: Array) -> Array:
    return cubic_kernel(distance, ANTIALIASED_CUBIC)


def _lanczos(distance: Array) -> Array:
    return np.where(np.abs(distance) < 3, np.sinc(distance) * np.sinc(distance / 3), 0.0)


_ANTIALIASED: dict[str, tuple[int, Callable[[Array], Array]]] = {
    "bilinear": (2, _triangle),
    "bicubic": (4, _antialiased_cubic),
    "lanczos": (6, _lanczos),
}
"""How many old places a kernel spans, and the kernel."""


@lru_cache(256)
def antialiased(
    mode: str, size: int, count: int, factor: float | None, corners: bool, kind: Any
) -> AxisMap:
    """A kernel that is as much wider as the axis gets smaller, its weights adding up to 1."""
    span, kernel = _ANTIALIASED[mode]
    step = float(step_of(size, count, factor, corners, kind))
    stretch = max(step, 1.0)
    reach = span * 0.5 * stretch
    centre = step * (np.arange(count) + 0.5)
    first = np.maximum((centre - reach + 0.5).astype(np.int64), 0)
    last = np.minimum((centre + reach + 0.5).astype(np.int64), size)
    terms = int((last - first).max(initial=1))
    index = first[:, None] + np.arange(terms)
    weight = kernel((index - centre[:, None] + 0.5) / stretch)
    weight = np.where(index < last[:, None], weight, 0.0)
    total = weight.sum(axis=1, keepdims=True)
    index = np.where(index < last[:, None], index, -1)
    return AxisMap(size, index, weight / np.where(total == 0, 1, total))
