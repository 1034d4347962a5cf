"""Normalization of arrays: each group of elements gets mean 0 and variance 1, then weight and bias.

The groups are runs over `axes` of the input in the shape `view`; weight and bias have a shape that
broadcasts to the input. Forward and backward are functions of arrays, so that a kernel can take
their place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shapetorch.tensor.tensors import Array


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


def statistics(array: Array, groups: Groups) -> tuple[Array | None, Array]:
    """Mean (None if not centred) and ``1 / sqrt(variance + eps)`` of each group, sizes of 1 kept."""
    viewed = array.reshape(groups.view)
    mean = viewed.mean(axis=groups.axes, keepdims=True) if groups.centred else None
    rest = viewed if mean is None else viewed - mean
    variance = np.square(rest).mean(axis=groups.axes, keepdims=True)
    variance += array.dtype.type(groups.eps)
    return mean, np.reciprocal(np.sqrt(variance))


def standardized(array: Array, groups: Groups, mean: Array | None, inverse: Array) -> Array:
    """The elements with mean 0 and variance 1, in the input's shape."""
    viewed = array.reshape(groups.view)
    made = viewed * inverse if mean is None else (viewed - mean) * inverse
    return made.reshape(array.shape)


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
    made = g - u * (g * u).mean(axis=groups.axes, keepdims=True)
    if groups.centred:
        made -= g.mean(axis=groups.axes, keepdims=True)
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
