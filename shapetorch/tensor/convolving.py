"""Convolution of arrays: columns of windows and one matrix product for each group.

A convolution is a sum over input, weight and result, ``sum(x * w * g)``; leaving one of them out
gives the three functions here, each of which is the gradient of the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import convolution_kernels
from shapetorch.tensor.options import allocated
from shapetorch.tensor.tensors import Array
from shapetorch.tensor.windows import Axis, taps

_CHUNK = 1 << 21
"""Elements of the columns that are made at a time: what fits into a large cache."""

_MANY_WINDOWS = 64
"""Windows of one image from which on a product for each image is long enough."""


@dataclass(frozen=True)
class Geometry:
    """How windows lie on the input.

    Attributes:
        sizes: Of the input, behind batch and channels.
        kernel: Sizes of the kernel.
        stride: Step between windows.
        before: Padding before the first element of each axis.
        dilation: Distance between taps.
        counts: Windows along each axis: the sizes of the result.
        groups: Of channels.
    """

    sizes: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    before: tuple[int, ...]
    dilation: tuple[int, ...]
    counts: tuple[int, ...]
    groups: int

    @property
    def axes(self) -> list[Axis]:
        """The windows along each axis."""
        rows = (self.sizes, self.kernel, self.stride, self.before, self.dilation, self.counts)
        return [Axis(*row) for row in zip(*rows, strict=True)]

    @property
    def is_three_by_three(self) -> bool:
        """Whether it is a plain 3 x 3 convolution of images, for which there is a kernel."""
        return (
            self.kernel == (3, 3)
            and self.stride == self.dilation == (1, 1)
            and self.groups == 1
            and max(self.before) <= 2
        )

    @property
    def is_pointwise(self) -> bool:
        """Whether each window is one element, and each element one window."""
        return (
            prod(self.kernel) == 1 and self.sizes == self.counts and prod(self.stride) == 1
        ) and not any(self.before)


def convolve(input: Array, weight: Array, geometry: Geometry) -> Array:
    """``(N, C_out, *counts)``, of input ``(N, C_in, *sizes)`` and weight ``(C_out, C_in // groups, *kernel)``."""
    batch, groups = input.shape[0], geometry.groups
    out, inner = weight.shape[:2]
    result = allocated("conv", (batch, out, *geometry.counts), input.dtype)
    if not result.size:
        return result
    if input.size and convolution_kernels.convolve(input, weight, geometry, result):
        return result
    if inner == 1 and groups > 1:
        return _convolve_depthwise(input, weight, geometry, result)
    matrix = weight.reshape(groups, out // groups, -1)
    flat = result.reshape(batch, groups, out // groups, -1)
    for rows in _chunks(batch, input.shape[1], geometry):
        np.matmul(matrix, _columns(input[rows], geometry), out=flat[rows])
    return result


def convolve_input(grad: Array, weight: Array, geometry: Geometry) -> Array:
    """``(N, C_in, *sizes)``, of grad ``(N, C_out, *counts)``: the transposed convolution."""
    batch, groups = grad.shape[0], geometry.groups
    out, inner = weight.shape[:2]
    shape = (batch, inner * groups, *geometry.sizes)
    result = allocated("conv", shape, grad.dtype, zeroed=True)
    if not result.size or not grad.size:
        return result
    back = _turned(geometry)
    if back is not None:
        return convolve(grad, _turned_weight(weight, groups), back)
    if convolution_kernels.convolve_input(grad, _turned_weight(weight, groups), geometry, result):
        return result
    if inner == 1 and groups > 1:
        return _convolve_input_depthwise(grad, weight, geometry, result)
    matrix = weight.reshape(groups, out // groups, -1).swapaxes(1, 2)
    for rows in _chunks(batch, inner * groups, geometry):
        part = grad[rows]
        columns = np.matmul(matrix, part.reshape(part.shape[0], groups, out // groups, -1))
        _add_columns(result[rows], columns, geometry)
    return result


def convolve_weight(input: Array, grad: Array, geometry: Geometry) -> Array:
    """``(C_out, C_in // groups, *kernel)``, of input and grad: the gradient of the weight."""
    batch, groups = input.shape[0], geometry.groups
    out, inner = grad.shape[1], input.shape[1] // groups
    if input.size and grad.size:
        made = convolution_kernels.convolve_weight(input, grad, geometry)
        if made is not None:
            return made
    result = np.zeros((groups, out // groups, inner * prod(geometry.kernel)), input.dtype)
    if input.size and grad.size:
        for rows in _chunks(batch, input.shape[1], geometry):
            columns = _columns(input[rows], geometry)
            part = grad[rows].reshape(len(columns), groups, out // groups, -1)
            if part.shape[3] >= _MANY_WINDOWS:
                result += np.matmul(part, columns.swapaxes(2, 3)).sum(axis=0)
                continue
            # few windows: one product over batch and windows together
            left = part.transpose(1, 2, 0, 3).reshape(groups, out // groups, -1)
            right = columns.transpose(1, 0, 3, 2).reshape(groups, left.shape[2], -1)
            result += np.matmul(left, right)
    return result.reshape(out, inner, *geometry.kernel)


def _turned(geometry: Geometry) -> Geometry | None:
    """The convolution that maps back where the stride is 1: of the result, padded to overlap fully.

    None where that is no convolution (of a larger stride), or where the result would be cropped.
    """
    spans = [gap * (size - 1) for gap, size in zip(geometry.dilation, geometry.kernel, strict=True)]
    before = tuple(a - b for a, b in zip(spans, geometry.before, strict=True))
    if prod(geometry.stride) != 1 or min(before) < 0:
        return None
    return replace(geometry, sizes=geometry.counts, counts=geometry.sizes, before=before)


def _turned_weight(weight: Array, groups: int) -> Array:
    """``(C_in, C_out // groups, *kernel)`` with the taps in reverse."""
    out, inner = weight.shape[:2]
    parts = weight.reshape(groups, out // groups, inner, *weight.shape[2:]).swapaxes(1, 2)
    flipped = np.flip(parts, tuple(range(3, parts.ndim)))
    return flipped.reshape(groups * inner, out // groups, *weight.shape[2:])


def _chunks(batch: int, channels: int, geometry: Geometry) -> list[slice]:
    each = max(channels * prod(geometry.kernel) * prod(geometry.counts), 1)
    step = max(_CHUNK // each, 1)
    return [slice(start, start + step) for start in range(0, batch, step)]


def _columns(input: Array, geometry: Geometry) -> Array:
    """The windows as columns, ``(N, groups, C_in // groups * taps, windows)``."""
    batch, channels = input.shape[:2]
    groups = geometry.groups
    if geometry.is_pointwise:
        return input.reshape(batch, groups, channels // groups, -1)
    padded = _padded(input, geometry)
    steps = padded.strides
    seen = np.ndarray(
        (batch, channels, *geometry.kernel, *geometry.counts),
        padded.dtype,
        padded,
        strides=(
            *steps[:2],
            *(step * gap for step, gap in zip(steps[2:], geometry.dilation, strict=True)),
            *(step * jump for step, jump in zip(steps[2:], geometry.stride, strict=True)),
        ),
    )
    return seen.reshape(batch, groups, channels // groups * prod(geometry.kernel), -1)


def _padded(input: Array, geometry: Geometry) -> Array:
    """The input with zeros around it, as far as windows reach; contiguous."""
    sizes, before = geometry.sizes, geometry.before
    rows = (geometry.counts, geometry.stride, geometry.kernel, geometry.dilation)
    spans = [
        (count - 1) * jump + (kernel - 1) * gap + 1
        for count, jump, kernel, gap in zip(*rows, strict=True)
    ]
    if not any(before) and all(a <= b for a, b in zip(spans, sizes, strict=True)):
        return np.ascontiguousarray(input)
    made = allocated("conv", (*input.shape[:2], *spans), input.dtype, zeroed=True)
    lengths = [
        max(min(size, span - start), 0)
        for size, span, start in zip(sizes, spans, before, strict=True)
    ]
    target: Any = tuple(slice(a, a + n) for a, n in zip(before, lengths, strict=True))
    source: Any = tuple(slice(0, n) for n in lengths)
    made[(..., *target)] = input[(..., *source)]
    return made


def _add_columns(result: Array, columns: Array, geometry: Geometry) -> None:
    """Add each column's elements to where its window lies."""
    shape = (*result.shape[:2], *geometry.kernel, *geometry.counts)
    parts = columns.reshape(shape)
    for place, windows, elements in taps(geometry.axes):
        result[(..., *elements)] += parts[(slice(None), slice(None), *place, *windows)]


def _by_group(array: Array, groups: int) -> Array:
    return array.reshape(array.shape[0], groups, array.shape[1] // groups, *array.shape[2:])


def _tap_weights(weight: Array, groups: int, place: Any, axes: int) -> Any:
    """One tap's weights of a depthwise kernel, to be multiplied with ``(N, groups, out, *sizes)``."""
    return weight[(slice(None), 0, *place)].reshape(groups, -1, *(1,) * axes)


def _convolve_depthwise(input: Array, weight: Array, geometry: Geometry, result: Array) -> Array:
    groups, axes = geometry.groups, len(geometry.sizes)
    result[...] = 0
    source, target = _by_group(input, groups), _by_group(result, groups)
    for place, windows, elements in taps(geometry.axes):
        factors = _tap_weights(weight, groups, place, axes)
        target[(..., *windows)] += source[(..., *elements)] * factors
    return result


def _convolve_input_depthwise(
    grad: Array, weight: Array, geometry: Geometry, result: Array
) -> Array:
    groups, axes = geometry.groups, len(geometry.sizes)
    source, target = _by_group(grad, groups), _by_group(result, groups)
    for place, windows, elements in taps(geometry.axes):
        factors = _tap_weights(weight, groups, place, axes)
        target[(..., *elements)] += (source[(..., *windows)] * factors).sum(axis=2, keepdims=True)
    return result
