"""Normalization of channels by kernels, whether of batches, of instances or of groups of channels.

Each channel of each item is a row of memory, with one mean, one factor and so on for all of its elements;
the statistics are sums of rows, added up in float64 over what is normalized together.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from shapetorch.tensor import buffers, kernels
from shapetorch.tensor.tensors import Array
from shapetorch.tensor.threads import GRAIN, split

if TYPE_CHECKING:
    from shapetorch.tensor.normalizing import Groups

_SHORTEST = 8
"""Elements of a channel from which rows are long enough."""


def rows_of(array: Array) -> Array | None:
    """The channels of all items as rows; None if there is no kernel for them."""
    shape = array.shape
    if (
        len(shape) < 3
        or not array.flags.c_contiguous
        or kernels.find("scale_rows", array, 1) is None
    ):
        return None
    width = prod(shape[2:])
    return array.reshape(-1, width) if width >= _SHORTEST else None


def is_of_channels(array: Array, groups: Groups) -> bool:
    """Whether groups are whole channels, with a weight and bias for each channel."""
    ones = (1,) * (array.ndim - 2)
    return groups.centred and array.ndim > 2 and groups.affine == (array.shape[1], *ones)


class _Rows:
    """The rows of an array, and how numbers of rows and of groups belong together."""

    def __init__(self, array: Array, rows: Array, groups: Groups) -> None:
        self.rows, self.kind = rows, array.dtype
        self.batch, self.channels = array.shape[:2]
        self.together = groups.view[1] if 0 not in groups.axes else 0
        self.ones = (1,) * (len(groups.view) - 2)
        self.count = prod(groups.view[axis] for axis in groups.axes)

    def computed(self, name: str, *arrays: Array, wide: bool = False) -> Array:
        """What a kernel makes of the rows and of numbers for each: numbers, or rows if `wide`."""
        shape = self.rows.shape if wide else self.rows.shape[:1]
        made = buffers.empty(shape, self.kind)
        self.run(name, *arrays, made)
        return made

    def run(self, name: str, *arrays: Array) -> None:
        """Run a kernel, on several threads where rows are many."""
        kernel: Any = kernels.TABLE[name]

        def part(start: int, end: int) -> None:
            kernel(*(array[start:end] for array in arrays))

        split(part, len(self.rows), max(1, GRAIN // self.rows.shape[1]))

    def means(self, numbers: Array) -> Array:
        """Sums of rows as means of groups, ``(1, C)`` or ``(N, groups)``, in float64."""
        each = numbers.astype(np.float64).reshape(self.batch, self.channels)
        if not self.together:
            return np.asarray(each.sum(axis=0, keepdims=True) / self.count)
        return np.asarray(each.reshape(self.batch, self.together, -1).sum(axis=2) / self.count)

    def of_channels(self, numbers: Array) -> Array:
        """Numbers of groups as numbers of channels, ``(N or 1, C)``."""
        if not self.together:
            return numbers.reshape(1, self.channels)
        each = numbers.reshape(self.batch, self.together)
        return np.repeat(each, self.channels // self.together, axis=1)

    def flat(self, numbers: Array) -> Array:
        """Numbers of channels for each row."""
        spread = np.broadcast_to(numbers, (self.batch, self.channels))
        return np.ascontiguousarray(spread, self.kind).reshape(-1)

    def statistic(self, numbers: Array) -> Array:
        """Numbers of groups as `normalizing.statistics` gives them."""
        return numbers.astype(self.kind).reshape(*numbers.shape, *self.ones)


def normalized(
    array: Array, weight: Array | None, bias: Array | None, groups: Groups
) -> tuple[Array, Array, Array] | None:
    """The result, mean and inverse deviation; None where there is no kernel."""
    found = rows_of(array) if array.size and is_of_channels(array, groups) else None
    if found is None:
        return None
    rows = _Rows(array, found, groups)
    mean = rows.means(rows.computed("sum_rows", found))
    centre = rows.flat(rows.of_channels(mean))
    variance = rows.means(rows.computed("squares_rows", found, centre))
    with np.errstate(all="ignore"):
        inverse = 1 / np.sqrt(variance + groups.eps)
        scale = rows.of_channels(inverse)
        if weight is not None:
            scale = scale * weight
        shift = -rows.of_channels(mean) * scale
        if bias is not None:
            shift = shift + bias
    made = rows.computed("scale_rows", found, rows.flat(scale), rows.flat(shift), wide=True)
    return made.reshape(array.shape), rows.statistic(mean), rows.statistic(inverse)


def gradients(
    grad: Array, array: Array, weight: Array | None, groups: Groups, mean: Array, inverse: Array
) -> tuple[Array, Array, Array] | None:
    """The gradients of input, weight and bias; None where there is no kernel."""
    found = rows_of(array) if array.size and is_of_channels(array, groups) else None
    given = None if found is None else rows_of(grad)
    if found is None or given is None:
        return None
    rows = _Rows(array, found, groups)
    centre = rows.flat(rows.of_channels(mean))
    sums, products = np.empty((2, len(found)), array.dtype)
    rows.run("pair_sums_rows", given, found, centre, sums, products)
    shape = (rows.batch, rows.channels)
    with np.errstate(all="ignore"):
        deviation = rows.of_channels(inverse).astype(np.float64)
        of_bias = sums.astype(np.float64).reshape(shape)
        of_weight = products.astype(np.float64).reshape(shape) * deviation
        factor: Any = 1.0 if weight is None else weight
        first = rows.of_channels(rows.means(of_bias * factor))
        second = rows.of_channels(rows.means(of_weight * factor))
        numbers = (deviation * factor, -deviation * deviation * second, -deviation * first)
    made = rows.computed(
        "blend_rows", given, found, centre, *(rows.flat(item) for item in numbers), wide=True
    )
    whole = (item.sum(axis=0).astype(array.dtype) for item in (of_weight, of_bias))
    return made.reshape(array.shape), *whole


def scaled(array: Array, scale: Array, shift: Array) -> Array | None:
    """``array * scale + shift``, of numbers for each channel; None where there is no kernel."""
    found = rows_of(array) if array.size else None
    if found is None:
        return None
    made = buffers.empty(found.shape, array.dtype)
    kernel = kernels.TABLE["scale_rows"]
    numbers = [
        np.tile(np.ascontiguousarray(item, array.dtype).reshape(-1), array.shape[0])
        for item in (scale, shift)
    ]

    def part(start: int, end: int) -> None:
        kernel(*(item[start:end] for item in (found, *numbers, made)))

    split(part, len(found), max(1, GRAIN // found.shape[1]))
    return made.reshape(array.shape)
