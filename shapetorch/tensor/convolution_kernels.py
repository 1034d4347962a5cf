"""Convolutions of one and two axes by kernels: which one, how its bands lie in memory, and its threads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import import_module
from itertools import product
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.tensors import Array
from shapetorch.tensor.threads import split
from shapetorch.tensor.windows import Axis

if TYPE_CHECKING:
    from shapetorch.tensor.convolving import Geometry

_BAND = 1 << 15
"""Elements of a band of the direct kernel: what stays in the second cache beside weights and results."""
_TRANSFORMED = 1 << 19
"""Elements of a band, transformed for minimal filtering."""
_GRAIN = 1 << 24
"""Products of one thread."""
_FEW = 3
"""Results of a group below which lines are computed, and not tiles of several channels."""
_MINIMAL = 24
"""Channels and results from which minimal filtering pays, because its products are long enough."""


@dataclass(frozen=True)
class Plan:
    """How bands of a convolution lie in memory.

    Attributes:
        geometry: As the kernels take it: strides, padding, rows of results, rows and columns of a band.
        taps: The place of each tap in a channel of a band.
        offsets: The place in a band of each tap of each channel.
        plane: Elements of a channel of a band.
        windows: Of a band, with those that are none at the end of each row.
        row_phases: Of the padded rows by the stride, those that taps see.
        column_phases: The same of columns.
        bands: How many of an image.
    """

    geometry: Array
    taps: Array
    offsets: Array
    plane: int
    windows: int
    row_phases: Array
    column_phases: Array
    bands: int

    @property
    def layout(self) -> tuple[Array, Array, Array]:
        """What the kernels take, behind the taps."""
        return self.row_phases, self.column_phases, self.geometry


Pair = tuple[int, int]


@lru_cache(256)
def _planned(
    channels: int, taps: Pair, stride: Pair, before: Pair, dilation: Pair, counts: Pair
) -> Plan:
    places = [np.arange(size) * gap for size, gap in zip(taps, dilation, strict=True)]
    phases = [np.unique(place % step) for place, step in zip(places, stride, strict=True)]
    shifts = [place // step for place, step in zip(places, stride, strict=True)]
    found = [
        np.searchsorted(phase, place % step)
        for phase, place, step in zip(phases, places, stride, strict=True)
    ]
    further, wide = int(shifts[0].max()), counts[1] + int(shifts[1].max())
    line = channels * phases[0].size * phases[1].size * wide
    high = max(_BAND // line - further, 1)
    bands = -(-counts[0] // high)
    high = -(-counts[0] // bands)
    tall = high + further
    rows = (found[0] * phases[1].size * tall + shifts[0]) * wide
    columns = found[1] * (tall * wide) + shifts[1]
    geometry = np.array([*stride, *before, high, tall, wide], np.int64)
    plane = phases[0].size * phases[1].size * tall * wide
    places_of = (rows[:, None] + columns).reshape(-1)
    offsets = (np.arange(channels)[:, None] * plane + places_of).reshape(-1)
    return Plan(geometry, places_of, offsets, plane, high * wide, phases[0], phases[1], bands)


def _plan(channels: int, geometry: Geometry) -> Plan:
    """The plan for so many channels at a time; one axis is the second of two."""
    rows = (geometry.kernel, geometry.stride, geometry.before, geometry.dilation, geometry.counts)
    if len(geometry.kernel) == 2:
        return _planned(channels, *rows)
    pairs = ((none, row[0]) for none, row in zip((1, 1, 0, 1, 1), rows, strict=True))
    return _planned(channels, *pairs)


def _images(array: Array) -> Array:
    """Contiguous, with two axes behind the channels."""
    dense = np.ascontiguousarray(array)
    return dense if dense.ndim == 4 else dense[:, :, None]


@cache
def tiles() -> Any:
    """The sizes of tiles; the module loads numba, so it is asked when kernels are in use."""
    return import_module("shapetorch.tensor.kernels.tiles")


def _usable(name: str, input: Array, geometry: Geometry) -> Any:
    return kernels.find(name, input, 1) if len(geometry.kernel) <= 2 else None


def convolve(input: Array, weight: Array, geometry: Geometry, out: Array) -> bool:
    """``out = convolve(input, weight)``; whether there was a kernel for it. All are as in `convolving`."""
    kernel = _usable("convolve_direct", input, geometry)
    if kernel is None:
        return False
    outputs, inner = weight.shape[0] // geometry.groups, weight.shape[1]
    if geometry.is_three_by_three and min(inner, outputs) >= _MINIMAL:
        _filter_minimally(input, weight, geometry, out)
        return True
    plan = _plan(inner, geometry)
    height = 1 if outputs < _FEW else tiles().ROWS
    taps = plan.taps.size * inner
    packed = np.empty((geometry.groups, -(-outputs // height), taps, height), weight.dtype)
    flat = np.ascontiguousarray(weight).reshape(geometry.groups, outputs, taps)
    kernels.TABLE["pack_filters"](flat, packed)
    images, made = _images(input), _images(out)
    items = len(images) * plan.bands
    beyond = tiles().LINE * 4 // input.itemsize

    def part(first: int, last: int) -> None:
        seen = np.zeros(inner * plan.plane + beyond, input.dtype)
        lines = np.empty(height * (plan.windows + beyond), input.dtype)
        kernel(images, packed, plan.offsets, *plan.layout, seen, lines, made, first, last)

    split(part, items, _grain(out.size * taps, items))
    return True


def _grain(work: int, items: int) -> int:
    return max(1, _GRAIN * items // max(work, 1))


def _filter_minimally(input: Array, weight: Array, geometry: Geometry, out: Array) -> None:
    """Of a plain 3 x 3 convolution with many channels."""
    kind = input.dtype
    outputs, channels = weight.shape[:2]
    blocks, rows = -(-outputs // tiles().ROWS), tiles().ROWS
    filters = np.empty((16, blocks, channels, rows), kind)
    dense = np.ascontiguousarray(weight).reshape(outputs, channels, 9)
    kernels.TABLE["transform_filters"](dense, np.empty((7, 4, channels), kind), filters)
    images = np.ascontiguousarray(input)
    down, wide = -(-out.shape[2] // 2), -(-out.shape[3] // 2) + 1
    high = max(_TRANSFORMED // (16 * (channels + outputs) * wide), 1)
    bands = -(-down // high)
    high = -(-down // bands)
    width, lanes = (size * 4 // kind.itemsize for size in (tiles().WIDTH, tiles().PLACES))
    places = -(-high * wide // width) * width + lanes
    layout = np.array([2, 2, *geometry.before, high, high + 1, wide], np.int64)
    offsets = np.arange(channels) * places
    kernel = kernels.TABLE["convolve_3x3"]

    def part(first: int, last: int) -> None:
        kernel(
            images,
            filters,
            offsets,
            _BOTH,
            layout,
            np.zeros(channels * 4 * (high + 1) * wide + wide + 2 * lanes, kind),
            np.zeros(16 * channels * places, kind),
            np.empty(16 * blocks * rows * places, kind),
            np.empty(4 * places, kind),
            out,
            first,
            last,
        )

    items = len(images) * bands
    split(part, items, _grain(4 * out.size * channels, items))


_BOTH = np.arange(2)
"""The phases of rows and columns in minimal filtering."""


def convolve_input(grad: Array, turned: Array, geometry: Geometry, out: Array) -> bool:
    """``out = convolve_input(grad, weight)``, which is zero; whether there was a kernel for it.

    Elements of the input with the same place modulo the stride are results of a convolution of their own,
    of those taps that meet them.

    Args:
        grad: ``(N, C_out, *counts)``.
        turned: The weight turned around, ``(C_in, C_out // groups, *kernel)``.
        geometry: Of the convolution whose input is wanted.
        out: ``(N, C_in, *sizes)``.
    """
    if _usable("convolve_direct", grad, geometry) is None:
        return False
    for phases in product(*(_phases(axis) for axis in geometry.axes)):
        taps, before, gaps, places = zip(*phases, strict=True)
        part = np.empty((*out.shape[:2], *(place[1] for place in places)), out.dtype)
        small = replace(
            geometry,
            sizes=geometry.counts,
            counts=part.shape[2:],
            kernel=tuple(len(range(turned.shape[2 + k])[tap]) for k, tap in enumerate(taps)),
            stride=(1,) * len(taps),
            before=before,
            dilation=gaps,
        )
        convolve(grad, turned[(..., *taps)], small, part)
        out[(..., *(place[0] for place in places))] = part
    return True


def _phases(axis: Axis) -> Iterator[tuple[slice, int, int, tuple[slice, int]]]:
    """For each phase that taps meet: those of the turned kernel, padding, distance, elements and their number."""
    stride, gap = axis.stride, axis.dilation
    step = stride // gcd(stride, gap)
    for phase in range(min(stride, axis.size)):
        met = [tap for tap in range(axis.kernel) if (phase + axis.before - tap * gap) % stride == 0]
        if met:
            taps = slice(axis.kernel - 1 - met[-1], axis.kernel - met[0], step)
            before = (met[-1] * gap - phase - axis.before) // stride
            count = -(-(axis.size - phase) // stride)
            yield taps, before, step * gap // stride, (slice(phase, None, stride), count)


def convolve_weight(input: Array, grad: Array, geometry: Geometry) -> Array | None:
    """``(C_out, C_in // groups, *kernel)``, see `convolving.convolve_weight`; None if there is no kernel for it."""
    groups = geometry.groups
    inner, outputs = input.shape[1] // groups, grad.shape[1] // groups
    is_depthwise = inner == 1 and groups > 1
    if not is_depthwise and min(inner, outputs) < _rows_worth(input):
        return None
    kernel = _usable("depthwise_gradients" if is_depthwise else "filter_gradients", input, geometry)
    if kernel is None:
        return None
    plan = _plan(inner, geometry)
    images, grads = _images(input), _images(grad)
    made = np.zeros((grad.shape[1], plan.taps.size, inner), input.dtype)
    items = groups * (1 if is_depthwise else -(-outputs // tiles().ROWS))
    known = (images, grads, plan.taps, *plan.layout)
    room = _room_of_depthwise if is_depthwise else _room

    def part(first: int, last: int) -> None:
        kernel(*known, *room(plan, inner, input.dtype), made, first, last)

    split(part, items, _grain(grad.size * plan.taps.size * inner, items))
    return made.swapaxes(1, 2).reshape(grad.shape[1], inner, *geometry.kernel)


def _room(plan: Plan, channels: int, kind: np.dtype[Any]) -> tuple[Array, ...]:
    """What `filter_gradients` overwrites."""
    width, lanes = (size * 4 // kind.itemsize for size in (tiles().WIDTH, tiles().PLACES))
    wide = -(-channels // width) * width
    return (
        np.arange(plan.windows) * wide,
        np.zeros(channels * plan.plane, kind),
        np.zeros(plan.plane * wide + lanes, kind),
        np.zeros(plan.windows * tiles().ROWS, kind),
        np.empty(tiles().ROWS * lanes, kind),
    )


def _room_of_depthwise(plan: Plan, channels: int, kind: np.dtype[Any]) -> tuple[Array, ...]:
    return (np.zeros(channels * plan.plane, kind),)


def _rows_worth(input: Array) -> int:
    """Channels below which a tile of weights would be mostly empty."""
    return 32 // input.itemsize
