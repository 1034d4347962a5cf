"""Normalization of channels by kernels, whether of batches, of instances or of groups of channels.

Each channel of each item is a row of memory; the rows that are normalized together are a group.
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

_SHORTEST, _FEW = 8, 1 << 12
"""Elements of a channel from which rows are long enough, if there are more elements than a few."""


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
    return array.reshape(-1, width) if width >= _SHORTEST or array.size <= _FEW else None


def is_of_channels(array: Array, groups: Groups) -> bool:
    """Whether groups are whole channels, with a weight and bias for each channel."""
    ones = (1,) * (array.ndim - 2)
    return groups.centred and array.ndim > 2 and groups.affine == (array.shape[1], *ones)


def _layout(array: Array, groups: Groups) -> tuple[int, int, tuple[int, ...]]:
    """How far apart the rows of a group are, how many they are, and the shape of what groups have one of."""
    batch, channels = array.shape[:2]
    ones = (1,) * (len(groups.view) - 2)
    if 0 in groups.axes:
        return channels, batch, (1, channels, *ones)
    together = groups.view[1]
    return 1, channels // together, (batch, together, *ones)


def _parameter(given: Array | None, kind: Any) -> Array:
    return np.empty(0, kind) if given is None else np.ascontiguousarray(given, kind).reshape(-1)


def normalized(
    array: Array, weight: Array | None, bias: Array | None, groups: Groups
) -> tuple[Array, Array, Array] | None:
    """The result, mean and inverse deviation; None where there is no kernel."""
    rows = rows_of(array) if array.size and is_of_channels(array, groups) else None
    if rows is None:
        return None
    kernel, kind = kernels.TABLE["normalize_groups"], array.dtype
    step, count, shape = _layout(array, groups)
    parameters = _parameter(weight, kind), _parameter(bias, kind)
    made = buffers.empty(array.shape, kind)
    out, mean, inverse = (
        made.reshape(rows.shape),
        np.empty(prod(shape), kind),
        np.empty(prod(shape), kind),
    )
    split(
        lambda begin, end: kernel(
            *(rows, begin, end, step, count, *parameters, groups.eps, out, mean, inverse)
        ),
        len(mean),
        max(1, GRAIN // (count * rows.shape[1])),
    )
    return made, mean.reshape(shape), inverse.reshape(shape)


def gradients(
    grad: Array, array: Array, weight: Array | None, groups: Groups, mean: Array, inverse: Array
) -> tuple[Array, Array, Array] | None:
    """The gradients of input, weight and bias; None where there is no kernel."""
    rows = rows_of(array) if array.size and is_of_channels(array, groups) else None
    given = None if rows is None else rows_of(grad)
    if rows is None or given is None:
        return None
    kernel, kind = kernels.TABLE["normalize_groups_backward"], array.dtype
    step, count, _ = _layout(array, groups)
    made = buffers.empty(array.shape, kind)
    of_weight, of_bias = np.empty(len(rows), kind), np.empty(len(rows), kind)
    statistics = mean.reshape(-1), inverse.reshape(-1)
    out = made.reshape(rows.shape)
    kernel(given, rows, step, count, _parameter(weight, kind), *statistics, out, of_weight, of_bias)
    whole = (
        item.reshape(array.shape[:2]).sum(axis=0, dtype=np.float64).astype(kind)
        for item in (of_weight, of_bias)
    )
    return made, *whole


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
