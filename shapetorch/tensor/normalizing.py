"""Normalization of arrays: each group of elements gets mean 0 and variance 1, then weight and bias.

The groups are runs over `axes` of the input in the shape `view`; weight and bias have a shape that
broadcasts to the input. Forward and backward are functions of arrays, so that a kernel can take
their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from shapetorch.tensor import buffers, channel_normalizing, kernels
from shapetorch.tensor.tensors import Array
from shapetorch.tensor.threads import GRAIN, split


@dataclass(frozen=True)
class Groups:
    """What is normalized together.

    Attributes:
        view: The shape in which the groups are runs over axes.
        axes: These axes of `view`.
        affine: The shape of weight and bias against the input.
        eps: Added to the variance.
        centred: Whether the mean is taken off.
    """

    view: tuple[int, ...]
    axes: tuple[int, ...]
    affine: tuple[int, ...]
    eps: float
    centred: bool = True

    @property
    def is_rows(self) -> bool:
        """Whether the groups are the last dims, with a weight and bias for each of their elements."""
        first = len(self.view) - len(self.axes)
        return (
            self.centred
            and self.axes == tuple(range(first, len(self.view)))
            and tuple(self.affine) == tuple(self.view[first:])
        )


def by_kernel(
    array: Array, weight: Array | None, bias: Array | None, groups: Groups
) -> tuple[Array, Array, Array] | None:
    """The result, mean and inverse deviation at once, where there is a kernel for the groups."""
    if not groups.is_rows:
        return channel_normalizing.normalized(array, weight, bias, groups)
    if weight is None and bias is not None:
        return None
    kernel = kernels.find("layer_norm_rows", array, 1)
    if kernel is None or not array.flags.c_contiguous:
        return None
    width = prod(groups.view[len(groups.view) - len(groups.axes) :])
    if not width:
        return None
    rows = array.reshape(-1, width)
    made = buffers.empty(array.shape, array.dtype)
    mean, inverse = np.empty((2, len(rows)), array.dtype)
    nothing = np.empty(0, array.dtype)
    parameters = [
        nothing if item is None else np.ascontiguousarray(item).reshape(-1)
        for item in (weight, bias)
    ]
    target = made.reshape(-1, width)
    split(
        lambda start, end: kernel(
            rows[start:end],
            *parameters,
            groups.eps,
            target[start:end],
            mean[start:end],
            inverse[start:end],
        ),
        len(rows),
        max(1, GRAIN // width),
    )
    kept = (*groups.view[: len(groups.view) - len(groups.axes)], *(1,) * len(groups.axes))
    return made, mean.reshape(kept), inverse.reshape(kept)


def gradients_by_kernel(
    grad: Array, array: Array, weight: Array | None, groups: Groups, mean: Array, inverse: Array
) -> tuple[Array, Array, Array] | None:
    """The gradients of input, weight and bias, where there is a kernel for the groups."""
    if not groups.is_rows:
        return channel_normalizing.gradients(grad, array, weight, groups, mean, inverse)
    kernel = kernels.find("layer_norm_rows_backward", array, 1)
    if kernel is None or not (array.flags.c_contiguous and grad.flags.c_contiguous):
        return None
    width = prod(groups.view[len(groups.view) - len(groups.axes) :])
    if not width:
        return None
    scale = np.empty(0, array.dtype) if weight is None else np.ascontiguousarray(weight).reshape(-1)
    of_input = buffers.empty(array.shape, array.dtype)
    of_weight, of_bias = np.empty((2, width), array.dtype)
    kernel(
        grad.reshape(-1, width),
        array.reshape(-1, width),
        scale,
        mean.reshape(-1),
        inverse.reshape(-1),
        of_input.reshape(-1, width),
        of_weight,
        of_bias,
    )
    return of_input, of_weight, of_bias


def _mean(viewed: Array, groups: Groups) -> Array:
    """The mean of each group; NaN, without a warning, if it is empty."""
    count = prod(viewed.shape[axis] for axis in groups.axes)
    return viewed.sum(axis=groups.axes, keepdims=True) / viewed.dtype.type(count)  # type: ignore[no-any-return]


def statistics(array: Array, groups: Groups) -> tuple[Array | None, Array]:
    """Mean (None if not centred) and ``1 / sqrt(variance + eps)`` of each group, sizes of 1 kept."""
    viewed = array.reshape(groups.view)
    mean = _mean(viewed, groups) if groups.centred else None
    squares = np.square(viewed) if mean is None else viewed - mean
    if mean is not None:
        np.square(squares, out=squares)
    variance = _mean(squares, groups)
    variance += array.dtype.type(groups.eps)
    return mean, np.reciprocal(np.sqrt(variance))


def standardized(array: Array, groups: Groups, mean: Array | None, inverse: Array) -> Array:
    """The elements with mean 0 and variance 1, in the input's shape."""
    viewed = array.reshape(groups.view)
    made = viewed * inverse if mean is None else (viewed - mean) * inverse
    return made.reshape(array.shape)


def transformed(
    array: Array,
    weight: Array | None,
    bias: Array | None,
    groups: Groups,
    mean: Array | None,
    inverse: Array,
) -> Array:
    """The standardized elements times weight, plus bias."""
    if mean is None or groups.is_rows:
        return affine(standardized(array, groups, mean, inverse), weight, bias, groups)
    if groups.view != array.shape:  # groups of channels
        mean, inverse = (_of_channels(item, array) for item in (mean, inverse))
    scale = inverse if weight is None else inverse * weight.reshape(groups.affine)
    shift = -mean * scale if bias is None else bias.reshape(groups.affine) - mean * scale
    made: Array = array * scale
    made += shift
    return made


def _of_channels(statistic: Array, array: Array) -> Array:
    """A statistic of groups of channels, ``(N, groups, 1)``, for each channel of the input."""
    batch, channels = array.shape[:2]
    groups = statistic.shape[1]
    each = np.repeat(statistic.reshape(batch, groups), channels // max(groups, 1), axis=1)
    return each.reshape(batch, channels, *(1,) * (array.ndim - 2))


def affine(array: Array, weight: Array | None, bias: Array | None, groups: Groups) -> Array:
    """``array * weight + bias``; `array` may be written to."""
    if weight is not None:
        array = array * weight.reshape(groups.affine)
    if bias is not None:
        array = array + bias.reshape(groups.affine)
    return array


def input_gradient(grad: Array, unit: Array, inverse: Array, groups: Groups) -> Array:
    """The gradient of what was standardized to `unit`, given that of `unit`."""
    g, u = grad.reshape(groups.view), unit.reshape(groups.view)
    made: Array = g - u * _mean(g * u, groups)
    if groups.centred:
        made -= _mean(g, groups)
    made *= inverse
    return made.reshape(grad.shape)


def summed(array: Array, groups: Groups) -> Array:
    """The sum over all axes along which weight and bias are repeated, as a flat array."""
    extra = array.ndim - len(groups.affine)
    axes = list(range(extra))
    axes += [
        extra + place
        for place, size in enumerate(groups.affine)
        if size == 1 and array.shape[extra + place] != 1
    ]
    return array.sum(axis=tuple(axes)).reshape(-1) if axes else array.reshape(-1)
