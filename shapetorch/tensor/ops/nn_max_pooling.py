"""Maxima of windows, with their places, and the way back: pooling and unpooling."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.axis_maps import adaptive_bounds
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind, require_memory, widened
from shapetorch.tensor.linear_maps import linear_map
from shapetorch.tensor.operations import operation
from shapetorch.tensor.scattering import add_at
from shapetorch.tensor.tensors import Array, Tensor, wrap
from shapetorch.tensor.threads import split
from shapetorch.tensor.windows import Axis, each, taps

Pair = tuple[Tensor, Tensor]


# -- searching --------------------------------------------------------------------------------------


def window_maxima(array: Array, axes: list[Axis]) -> Array:
    """The place of each window's maximum, counted in the pooled axes; the first of equal ones.

    NaN counts as the largest; of several the last, as in PyTorch.
    """
    by_kernel = _maxima_by_kernel(array, axes)
    if by_kernel is not None:
        return by_kernel
    counts = tuple(axis.count for axis in axes)
    lead = array.shape[: array.ndim - len(axes)]
    best = np.empty((*lead, *counts), array.dtype)
    places = np.full(best.shape, -1, np.int64)
    strides = [prod(axis.size for axis in axes[place + 1 :]) for place in range(len(axes))]
    for _, windows, elements in taps(axes):
        found: Any = 0
        for place, (part, stride) in enumerate(zip(elements, strides, strict=True)):
            size = axes[place].size
            steps = np.arange(size)[part] * stride
            found = found + steps.reshape(-1, *(1,) * (len(axes) - place - 1))
        keep_larger(best[(..., *windows)], places[(..., *windows)], array[(..., *elements)], found)
    return places


def _maxima_by_kernel(array: Array, axes: list[Axis]) -> Array | None:
    """The places by a kernel, of windows along one or two axes; None if there is none to use."""
    kernel = kernels.find("max_pool", array) if len(axes) <= 2 else None
    if kernel is None or not array.flags.c_contiguous:
        return None
    both = axes if len(axes) == 2 else [Axis(1, 1, 1, 0, 1, 1), *axes]
    planes = array.reshape(-1, both[0].size, both[1].size)
    out = np.empty((len(planes), both[0].count, both[1].count), array.dtype)
    places = np.empty(out.shape, np.int64)
    geometry = [
        getattr(axis, name) for name in ("kernel", "stride", "before", "dilation") for axis in both
    ]
    split(
        lambda start, end: kernel(planes[start:end], *geometry, out[start:end], places[start:end]),
        len(planes),
        max(1, (1 << 16) // max(out[0].size, 1)),
    )
    lead = array.shape[: array.ndim - len(axes)]
    return places.reshape(*lead, *(axis.count for axis in axes))


def chosen_maxima(array: Array, starts: list[Array], widths: list[Array]) -> Array:
    """As `window_maxima`, of windows that start and are as wide as given for each axis."""
    count = len(starts)
    sizes = array.shape[array.ndim - count :]
    lead = array.shape[: array.ndim - count]
    best = np.empty((*lead, *map(len, starts)), array.dtype)
    places = np.full(best.shape, -1, np.int64)
    for at in np.ndindex(*[int(width.max(initial=0)) for width in widths]):
        inside: Any = True
        found: Any = 0
        part = array
        for place in range(count):
            shape = (-1, *(1,) * (count - place - 1))
            index = np.minimum(starts[place] + at[place], sizes[place] - 1)
            inside = inside & (at[place] < widths[place]).reshape(shape)
            found = found * sizes[place] + index.reshape(shape)
            part = part.take(index, array.ndim - count + place)
        keep_larger(best, places, part, found, inside)
    return places


def keep_larger(
    best: Array, places: Array, candidates: Array, found: Array, inside: Any = None
) -> None:
    """Keep candidates and their places where they are larger, NaN, or the first."""
    better = (candidates > best) | (places < 0)
    if candidates.dtype.kind not in "iu":
        better |= np.isnan(candidates)
    if inside is not None:
        better &= inside
    np.copyto(best, candidates, where=better)
    np.copyto(places, np.broadcast_to(found, better.shape), where=better)


# -- taking and putting back ------------------------------------------------------------------------


def take_places(name: str, input: Tensor, places: Array, axes: int) -> Tensor:
    """The elements at places of the last axes, as a recorded operation; zeros where a place is -1."""
    lead, pooled = input._array.shape[:-axes], input._array.shape[-axes:]
    shape = places.shape
    rows, size = prod(lead), prod(pooled)
    flat_places = places.reshape(rows, prod(shape[-axes:]))
    missing = flat_places < 0 if places.size and places.min() < 0 else None
    if missing is not None:
        flat_places = np.where(missing, 0, flat_places)

    def take(array: Array) -> Array:
        found = np.take_along_axis(array.reshape(rows, size), flat_places, 1)
        if missing is not None:
            found[missing] = 0
        return found.reshape(shape)

    def put_back(grad: Array) -> Array:
        made = np.zeros((rows, size), grad.dtype)
        given = grad.reshape(flat_places.shape)
        add_at(made, flat_places, given if missing is None else np.where(missing, 0, given))
        return made.reshape(*lead, *pooled)

    return linear_map(name, input, take, put_back)


def _largest(
    axes: int,
    input: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
) -> Pair:
    name = f"max_pool{axes}d"
    shape = judged(
        f"nn.functional.{name}", input, kernel_size, stride, padding, dilation, ceil_mode
    )
    if 0 not in input._array.shape:
        require_kind(name, input, "if")
    kernel = each(kernel_size, axes)
    step = each(stride, axes) if stride not in (None, (), []) else kernel
    rows = (
        *(input._array.shape[-axes:], kernel, step, each(padding, axes), each(dilation, axes)),
        shape[-axes:],
    )
    windows = [Axis(*row) for row in zip(*rows, strict=True)]
    places = window_maxima(widened(input._array), windows)
    made = take_places(f"max_pool{axes}D_with_indices", input, places, axes)
    if places.size and places.min() < 0:  # windows that see padding alone
        made._array[places < 0] = _least(made._array.dtype)
        places = np.where(places < 0, _first_places(windows), places)
    return made, wrap(places)


def _least(kind: np.dtype[Any]) -> Any:
    return np.iinfo(kind).min if kind.kind in "iu" else -np.inf


def _first_places(axes: list[Axis]) -> Array:
    """Where each window's first tap lies that is not before the input; it may lie behind."""
    found: Any = 0
    for place, axis in enumerate(axes):
        start = np.arange(axis.count) * axis.stride - axis.before
        start += np.maximum(-(start // axis.dilation), 0) * axis.dilation
        found = found * axis.size + start.reshape(-1, *(1,) * (len(axes) - place - 1))
    return found  # type: ignore[no-any-return]


def adaptive_largest(axes: int, input: Tensor, output_size: Any) -> Pair:
    """Adaptive max pooling of the last `axes` axes, and the places."""
    name = f"adaptive_max_pool{axes}d"
    shape = judged(f"nn.functional.{name}", input, output_size)
    if 0 not in input._array.shape and 0 not in shape:
        require_kind(name, input)
    require_memory(name, shape, np.dtype(np.int64))
    sizes = input._array.shape[-axes:]
    bounds = [
        adaptive_bounds(size, count) for size, count in zip(sizes, shape[-axes:], strict=True)
    ]
    array = widened(input._array)
    places = chosen_maxima(array, [b[0] for b in bounds], [b[1] - b[0] for b in bounds])
    return take_places(f"adaptive_max_pool{axes}D", input, places, axes), wrap(places)


def _chosen(both: Pair, return_indices: bool) -> Tensor | Pair:
    return both if return_indices else both[0]


# -- unpooling --------------------------------------------------------------------------------------


def _unpool(
    axes: int,
    input: Tensor,
    indices: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    output_size: Any,
) -> Tensor:
    name = f"max_unpool{axes}d"
    shape = tuple(
        judged(f"nn.functional.{name}", input, indices, kernel_size, stride, padding, output_size)
    )
    if indices._array.dtype != np.int64:
        raise RuntimeError(
            f"{name}: elements in indices should be of dtype int64, got {indices.dtype.name}"
        )
    if input._array.size:
        require_kind(name, input, "if")
    if min(shape[-axes:]) < 0:
        raise ValueError(
            f"{name}: output_size must contain non-negative sizes, got {list(shape[-axes:])}"
        )
    if stride is not None and min(each(stride, axes)) < 1:
        raise RuntimeError(f"{name}: stride must be at least 1, got {stride}")
    require_memory(name, shape, input._array.dtype)
    volume = prod(shape[-axes:])
    places = indices._array
    if places.size and (places.min() < 0 or places.max() >= volume):
        wrong = int(places.max() if places.max() >= volume else places.min())
        raise RuntimeError(
            f"{name}: found an invalid max index {wrong}, output has {volume} places"
        )
    rows = prod(input._array.shape[:-axes])
    flat_places = places.reshape(rows, prod(places.shape[-axes:]))

    def put(array: Array) -> Array:
        flat = np.zeros((rows, volume), array.dtype)
        np.put_along_axis(flat, flat_places, array.reshape(flat_places.shape), 1)
        return flat.reshape(shape)

    def take(grad: Array) -> Array:
        flat = grad.reshape(rows, volume)
        return np.take_along_axis(flat, flat_places, 1).reshape(places.shape)

    return linear_map(f"max_unpool{axes}D", input, put, take)


@operation("nn.functional.max_pool1d_with_indices", aliases=("max_pool1d_with_indices",))
def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Pair:
    """The maxima of windows and their places; see `max_pool2d`."""
    return _largest(1, input, kernel_size, stride, padding, dilation, ceil_mode)


@operation("nn.functional.max_pool1d", aliases=("max_pool1d",))
def max_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | Pair:
    """The maxima of windows of the last axis; see `max_pool2d`."""
    both = _largest(1, input, kernel_size, stride, padding, dilation, ceil_mode)
    return _chosen(both, return_indices)


@operation("nn.functional.adaptive_max_pool1d_with_indices", aliases=("adaptive_max_pool1d",))
def adaptive_max_pool1d_with_indices(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Pair:
    """The maxima of windows that cover the last axes evenly, and their places."""
    return adaptive_largest(1, input, output_size)


@operation("nn.functional.adaptive_max_pool1d")
def adaptive_max_pool1d(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Tensor | Pair:
    """The maxima of windows that cover the last axes evenly; with their places if asked for."""
    return _chosen(adaptive_largest(1, input, output_size), return_indices)


@operation("nn.functional.max_unpool1d")
def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Any = None,
) -> Tensor:
    """The elements put back to the places that max pooling found, among zeros."""
    return _unpool(1, input, indices, kernel_size, stride, padding, output_size)


@operation("nn.functional.max_pool2d_with_indices")
def max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Pair:
    """The maxima of windows and their places; see `max_pool2d`."""
    return _largest(2, input, kernel_size, stride, padding, dilation, ceil_mode)


@operation("nn.functional.max_pool2d", aliases=("max_pool2d",))
def max_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | Pair:
    """The maxima of windows of the last two axes.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        stride: Step between windows; the kernel's size when it is left out.
        padding: Elements added on each side, at most half of the kernel; they never win.
        dilation: Distance between the elements of a window.
        ceil_mode: Whether a last window may reach over the end.
        return_indices: Whether the places of the maxima are given too, counted in ``H*W``.

    Raises:
        ShapeError: pool_error_rank, pool_error_padding, pool_error_empty_output,
            argument_error_value.
    """
    both = _largest(2, input, kernel_size, stride, padding, dilation, ceil_mode)
    return _chosen(both, return_indices)


@operation("nn.functional.adaptive_max_pool2d_with_indices")
def adaptive_max_pool2d_with_indices(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Pair:
    """The maxima of windows that cover the last axes evenly, and their places."""
    return adaptive_largest(2, input, output_size)


@operation("nn.functional.adaptive_max_pool2d")
def adaptive_max_pool2d(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Tensor | Pair:
    """The maxima of windows that cover the last axes evenly; with their places if asked for."""
    return _chosen(adaptive_largest(2, input, output_size), return_indices)


@operation("nn.functional.max_unpool2d")
def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Any = None,
) -> Tensor:
    """The elements put back to the places that max pooling found, among zeros."""
    return _unpool(2, input, indices, kernel_size, stride, padding, output_size)


@operation("nn.functional.max_pool3d_with_indices")
def max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Pair:
    """The maxima of windows and their places; see `max_pool2d`."""
    return _largest(3, input, kernel_size, stride, padding, dilation, ceil_mode)


@operation("nn.functional.max_pool3d", aliases=("max_pool3d",))
def max_pool3d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | Pair:
    """The maxima of windows of the last three axes; see `max_pool2d`."""
    both = _largest(3, input, kernel_size, stride, padding, dilation, ceil_mode)
    return _chosen(both, return_indices)


@operation("nn.functional.adaptive_max_pool3d_with_indices")
def adaptive_max_pool3d_with_indices(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Pair:
    """The maxima of windows that cover the last axes evenly, and their places."""
    return adaptive_largest(3, input, output_size)


@operation("nn.functional.adaptive_max_pool3d")
def adaptive_max_pool3d(
    input: Tensor, output_size: Any, return_indices: bool = False
) -> Tensor | Pair:
    """The maxima of windows that cover the last axes evenly; with their places if asked for."""
    return _chosen(adaptive_largest(3, input, output_size), return_indices)


@operation("nn.functional.max_unpool3d")
def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Any = None,
) -> Tensor:
    """The elements put back to the places that max pooling found, among zeros."""
    return _unpool(3, input, indices, kernel_size, stride, padding, output_size)
