"""Linear maps along single axes: what averages of windows and resampling are made of.

Each place of the result is a weighted sum of a few places of the axis. A map of several axes is one
for each of them, after each other; its adjoint is the transposed maps in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.tensors import Array
from shapetorch.tensor.threads import split

_DENSE = 8
"""Terms of a sum above which a matrix product is quicker than as many passes."""
_GRAIN = 1 << 16
"""Elements that are worth a thread."""
_SMALL = 1 << 12
"""Elements below which calls cost more than what they compute."""


@dataclass(frozen=True, eq=False)
class AxisMap:
    """``result[o] = sum over t of weight[o, t] * source[index[o, t]]``.

    Attributes:
        size: Of the source axis.
        index: Places in the source, ``(result, terms)``; -1 if there are fewer terms.
        weight: Their weights, float64, 0 where there is no term.
    """

    size: int
    index: Array
    weight: Array

    @cached_property
    def is_identity(self) -> bool:
        """Whether nothing changes."""
        count, terms = self.index.shape
        return (
            terms == 1
            and count == self.size
            and bool((self.weight == 1).all())
            and bool((self.index[:, 0] == np.arange(count)).all())
        )

    @cached_property
    def matrix(self) -> Array:
        """The map as a matrix, ``(result, source)``."""
        made = np.zeros((len(self.index), self.size))
        if not self.size:
            return made
        rows = np.broadcast_to(np.arange(len(self.index))[:, None], self.index.shape)
        np.add.at(made, (rows, self.index), self.weight)
        return made

    @cached_property
    def transposed(self) -> AxisMap:
        """The adjoint map."""
        rows, terms = np.nonzero(self.weight)
        sources = self.index[rows, terms]
        order = np.argsort(sources, kind="stable")
        sources, rows, terms = sources[order], rows[order], terms[order]
        counts = np.bincount(sources, minlength=self.size)
        most = max(int(counts.max(initial=0)), 1)
        place = np.arange(len(sources)) - np.repeat(np.cumsum(counts) - counts, counts)
        index = np.full((self.size, most), -1)
        weight = np.zeros((self.size, most))
        index[sources, place], weight[sources, place] = rows, self.weight[rows, terms]
        return AxisMap(len(self.index), index, weight)

    def apply(self, array: Array, axis: int) -> Array:
        """The map of one axis of an array."""
        if self.is_identity:
            return array
        if not self.size:  # a mean of nothing
            return np.full((*array.shape[:axis], len(self.index), *array.shape[axis + 1 :]), np.nan)
        is_dense = self.index.shape[1] > _DENSE and self.index.shape[1] * 4 > self.size
        if is_dense and np.isfinite(array).all():  # a product has terms of weight 0 too
            moved = np.matmul(np.moveaxis(array, axis, -1), self.matrix.T.astype(array.dtype))
            return np.moveaxis(moved, -1, axis)
        kernel = kernels.find("map_axis", array, 1)
        if kernel is not None and array.flags.c_contiguous:
            return self._by_kernel(kernel, array, axis)
        shape = [1] * array.ndim
        shape[axis] = len(self.index)
        result: Any = 0
        for term in range(self.index.shape[1]):
            part = array.take(self.index[:, term], axis, mode="wrap")
            weight = self.weight[:, term]
            if not (weight == 1).all():
                part = part * weight.astype(array.dtype).reshape(shape)
            missing = self.index[:, term] < 0
            if missing.any():
                part[(slice(None),) * axis + (missing,)] = 0
            result = part if term == 0 else np.add(result, part, out=result)
        return result  # type: ignore[no-any-return]

    def _by_kernel(self, kernel: Any, array: Array, axis: int) -> Array:
        shape = array.shape
        outer, inner, count = prod(shape[:axis]), prod(shape[axis + 1 :]), len(self.index)
        made = np.empty((*shape[:axis], count, *shape[axis + 1 :]), array.dtype)
        source, out = array.reshape(outer, self.size, inner), made.reshape(outer, count, inner)
        weight = self.weight32 if array.dtype == np.float32 else self.weight
        if made.size < _GRAIN:
            kernel(source, self.index, weight, out)
        else:
            split(
                lambda start, end: kernel(source[start:end], self.index, weight, out[start:end]),
                outer,
                max(1, _GRAIN // (count * inner)),
            )
        return made

    @cached_property
    def weight32(self) -> Array:
        """The weights as float32."""
        return self.weight.astype(np.float32)


def apply_maps(array: Array, maps: Sequence[AxisMap]) -> Array:
    """One map for each of the last axes; in memory of its own and in order."""
    if len(maps) > 1 and array.size <= _SMALL and kernels.TABLE and 0 not in array.shape:
        joined = _joined(tuple(maps))
        if joined is not None:
            lead = array.shape[: array.ndim - len(maps)]
            made = joined.apply(np.ascontiguousarray(array).reshape(*lead, -1), len(lead))
            return made.reshape(*lead, *[len(item.index) for item in maps])
    result = array
    places = range(len(maps))
    # the last axis, which is the slowest, while there are the fewest elements
    grows = sum(len(made.index) for made in maps) > sum(made.size for made in maps)
    for place in reversed(places) if grows else places:
        result = maps[place].apply(result, array.ndim - len(maps) + place)
    return result.copy() if result is array else np.ascontiguousarray(result)


@lru_cache(256)
def _joined(maps: tuple[AxisMap, ...]) -> AxisMap | None:
    """One map of all axes as if they were one, which saves calls; None if it has many terms or none."""
    index, weight = maps[0].index, maps[0].weight
    for made in maps[1:]:
        if index.size * made.index.size > _SMALL * 4:
            return None
        shape = (len(index) * len(made.index), -1)
        first, second = index[:, None, :, None], made.index[None, :, None, :]
        joined = np.where((first < 0) | (second < 0), -1, first * made.size + second)
        products = weight[:, None, :, None] * made.weight[None, :, None, :]
        index, weight = joined.reshape(shape), products.reshape(shape)
    found = AxisMap(prod(made.size for made in maps), index, weight)
    return None if found.is_identity or not index.size else found


def apply_adjoint(array: Array, maps: Sequence[AxisMap]) -> Array:
    """The adjoint of `apply_maps`."""
    return apply_maps(array, [made.transposed for made in maps])


@lru_cache(256)
def window_means(
    size: int, kernel: int, stride: int, padding: int, count: int, include_pad: bool
) -> AxisMap:
    """Means of `count` windows; the padding counts as zeros, or not at all."""
    start = np.arange(count)[:, None] * stride - padding
    index = start + np.arange(kernel)
    inside = (index >= 0) & (index < size)
    if include_pad:
        divisor = np.minimum(start + kernel, size + padding) - start
    else:
        divisor = inside.sum(axis=1, keepdims=True)
    return AxisMap(size, np.where(inside, index, -1), inside / np.maximum(divisor, 1))


@lru_cache(256)
def window_sums(size: int, kernel: int, stride: int, padding: int, count: int) -> AxisMap:
    """Sums of `count` windows."""
    index = np.arange(count)[:, None] * stride - padding + np.arange(kernel)
    inside = (index >= 0) & (index < size)
    return AxisMap(size, np.where(inside, index, -1), inside.astype(float))


def adaptive_bounds(size: int, count: int) -> tuple[Array, Array]:
    """Where `count` windows that cover an axis evenly start and end."""
    places = np.arange(count)
    return places * size // max(count, 1), -(-(places + 1) * size // max(count, 1))


@lru_cache(256)
def adaptive_means(size: int, count: int) -> AxisMap:
    """Means of `count` windows that cover the axis evenly."""
    start, end = adaptive_bounds(size, count)
    widest = int((end - start).max(initial=1))
    index = start[:, None] + np.arange(widest)
    inside = index < end[:, None]
    weight = inside / np.maximum(end - start, 1)[:, None]
    return AxisMap(size, np.where(inside, index, -1), weight)
