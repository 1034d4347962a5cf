"""Maxima of windows, with their places, and the way back: pooling and unpooling."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.axis_maps import adaptive_bounds
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind, require_memory, widened
from shapetorch.tensor.linear_maps import linear_map
from shapetorch.tensor.memory_order import in_order_of
from shapetorch.tensor.operations import operation
from shapetorch.tensor.room import within_memory
from shapetorch.tensor.scattering import add_at
from shapetorch.tensor.tensors import Array, Tensor, wrap
from shapetorch.tensor.threads import split
from shapetorch.tensor.windows import Axis, each, taps

Pair = tuple[Tensor, Tensor]


# -- searching --------------------------------------------------------------------------------------


def window_maxima(array: Array, axes: tuple[Axis, ...]) -> tuple[Array | None, Array]:
    """Each window's maximum, None if it is still to be taken, and its place, counted in the pooled axes.

    Of equal ones it is the first; NaN counts as the largest, of several the last, as in PyTorch.
    """
    by_kernel = _maxima_by_kernel(array, seen_by(axes))
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
    return None, places


@dataclass(frozen=True)
class Seen:
    """The elements that windows see along three axes, as the kernel takes them.

    Attributes:
        counts: Windows along the axes that there are.
        firsts: The first element of each window, ``(3, most windows)``.
        lasts: The last one.
        steps: How far apart they are along each axis.
        empty: The windows that see none, ``counts``; None if there are none such. Theirs are any elements.
    """

    counts: tuple[int, ...]
    firsts: Array
    lasts: Array
    steps: Array
    empty: Array | None

    @classmethod
    def of(cls, bounds: list[tuple[Array, Array, int]]) -> Seen:
        """From starts, ends and step of each axis."""
        counts = tuple(len(start) for start, _, _ in bounds)
        lacking = 3 - len(bounds)
        firsts, lasts = (np.zeros((3, max(1, *counts)), np.int64) for _ in range(2))
        steps = np.array([1] * lacking + [step for *_, step in bounds])
        empty: Any = False
        for place, (start, end, step) in enumerate(bounds):
            is_empty = start >= end
            empty = empty | is_empty.reshape(-1, *(1,) * (len(bounds) - place - 1))
            row = lacking + place
            firsts[row, : len(start)] = np.where(is_empty, 0, start)
            lasts[row, : len(end)] = np.where(is_empty, 0, end - 1 - (end - 1 - start) % step)
        return cls(counts, firsts, lasts, steps, empty if empty.any() else None)


@lru_cache(256)
def seen_by(axes: tuple[Axis, ...]) -> Seen:
    """What windows see, as the kernel takes it."""
    bounds = []
    for axis in axes:
        start = np.arange(axis.count) * axis.stride - axis.before
        end = np.minimum(start + axis.kernel * axis.dilation, axis.size)
        start += np.maximum(-(start // axis.dilation), 0) * axis.dilation
        bounds.append((start, end, axis.dilation))
    return Seen.of(bounds)


def _maxima_by_kernel(array: Array, seen: Seen) -> tuple[Array, Array] | None:
    """The maxima and their places by a kernel; None if there is none to use."""
    kernel = kernels.find("max_pool", array, 1)
    if kernel is None or not array.flags.c_contiguous:
        return None
    count = len(seen.counts)
    lead = array.shape[: array.ndim - count]
    out = np.empty((*lead, *seen.counts), array.dtype)
    places = np.empty(out.shape, np.int64)
    if not array.size or not out.size:
        places.fill(-1)
        return out, places
    ones = (1,) * (3 - count)
    volumes = array.reshape(-1, *ones, *array.shape[array.ndim - count :])
    shape = (len(volumes), *ones, *seen.counts)
    best, found = out.reshape(shape), places.reshape(shape)
    split(
        lambda start, end: kernel(
            *(volumes[start:end], seen.firsts, seen.lasts, seen.steps),
            *(best[start:end], found[start:end]),
        ),
        len(volumes),
        max(1, (1 << 16) // best[0].size),
    )
    if seen.empty is not None:
        places[..., np.broadcast_to(seen.empty, seen.counts)] = -1
    return out, places


@lru_cache(256)
def _adaptive(sizes: tuple[int, ...], counts: tuple[int, ...]) -> Seen:
    return Seen.of(
        [(*adaptive_bounds(size, count), 1) for size, count in zip(sizes, counts, strict=True)]
    )


def adaptive_maxima(array: Array, counts: tuple[int, ...]) -> tuple[Array | None, Array]:
    """As `window_maxima`, of windows that cover the last axes evenly."""
    axes = len(counts)
    sizes = array.shape[array.ndim - axes :]
    by_kernel = _maxima_by_kernel(array, _adaptive(sizes, counts))
    if by_kernel is not None:
        return by_kernel
    bounds = [adaptive_bounds(size, count) for size, count in zip(sizes, counts, strict=True)]
    lead = array.shape[: array.ndim - axes]
    best = np.empty((*lead, *counts), array.dtype)
    places = np.full(best.shape, -1, np.int64)
    for at in np.ndindex(*[int((end - start).max(initial=0)) for start, end in bounds]):
        inside: Any = True
        found: Any = 0
        part = array
        for place, (start, end) in enumerate(bounds):
            shape = (-1, *(1,) * (axes - place - 1))
            index = np.minimum(start + at[place], sizes[place] - 1)
            inside = inside & (at[place] < end - start).reshape(shape)
            found = found * sizes[place] + index.reshape(shape)
            part = part.take(index, array.ndim - axes + place)
        keep_larger(best, places, part, found, inside)
    return None, places


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


def take_places(
    name: str, input: Tensor, places: Array, axes: int, taken: Array | None = None
) -> Tensor:
    """The elements at places of the last axes, as a recorded operation; zeros where a place is -1.

    Args:
        name: Of the operation, for its node.
        input: The operand.
        places: Counted in the last axes.
        axes: How many those are.
        taken: The elements, if they are known and no place is -1.
    """
    lead, pooled = input._array.shape[:-axes], input._array.shape[-axes:]
    shape = places.shape
    rows, size = prod(lead), prod(pooled)
    flat_places = places.reshape(rows, prod(shape[-axes:]))
    missing = None
    if taken is None and places.size and places.min() < 0:
        missing = flat_places < 0
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

    return linear_map(name, input, take, put_back, taken)


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
    given: tuple[Any, ...] = (kernel_size, stride, padding, dilation)
    if list in map(type, given):
        given = tuple(tuple(item) if isinstance(item, list) else item for item in given)
    windows = _windows(input._array.shape[-axes:], shape[-axes:], *given)
    taken, places = window_maxima(widened(input._array), windows)
    has_empty = bool(places.size) and seen_by(windows).empty is not None
    made = take_places(
        f"max_pool{axes}D_with_indices", input, places, axes, None if has_empty else taken
    )
    if has_empty:  # windows that see padding alone
        made._array[places < 0] = _least(made._array.dtype)
        places = np.where(places < 0, _first_places(windows), places)
    return in_order_of((made, wrap(places)), input)


@lru_cache(256)
def _windows(
    sizes: tuple[int, ...],
    counts: tuple[int, ...],
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
) -> tuple[Axis, ...]:
    axes = len(sizes)
    kernel = each(kernel_size, axes)
    step = each(stride, axes) if stride not in (None, ()) else kernel
    rows = (sizes, kernel, step, each(padding, axes), each(dilation, axes), counts)
    return tuple(Axis(*row) for row in zip(*rows, strict=True))


def _least(kind: np.dtype[Any]) -> Any:
    return np.iinfo(kind).min if kind.kind in "iu" else -np.inf


def _first_places(axes: tuple[Axis, ...]) -> Array:
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
    if 0 in shape:  # whatever the other sizes are
        kind = np.dtype(np.int64)
        places = within_memory(name, shape, kind, lambda: np.empty(shape, kind))
        taken: Array | None = places.astype(input._array.dtype)
    else:
        taken, places = adaptive_maxima(widened(input._array), tuple(shape[-axes:]))
    made = take_places(f"adaptive_max_pool{axes}D", input, places, axes, taken)
    return in_order_of((made, wrap(places)), input)


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
