"""Max pooling over windows at random places, as many as the result shall have."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind, require_same_kind, widened
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.nn_max_pooling import keep_larger, take_places
from shapetorch.tensor.tensors import Array, Tensor, wrap
from shapetorch.tensor.windows import each

Pair = tuple[Tensor, Tensor]


def _starts(sample: Array, size: int, count: int, kernel: int) -> Array:
    """Where the windows of each plane start, ``(planes, count)``; the last one ends at the end."""
    made = np.full((len(sample), count), size - kernel, np.int64)
    if count > 1:
        step = sample.dtype.type(size - kernel) / sample.dtype.type(count - 1)
        places = np.arange(count - 1, dtype=sample.dtype)
        moved = ((places + sample[:, None]) * step).astype(np.int64)
        made[:, : count - 1] = moved - (sample * step).astype(np.int64)[:, None]
    return made


def _largest(flat: Array, starts: list[Array], kernel: tuple[int, ...], sizes: Any) -> Array:
    """The places of the maxima of each plane's windows, ``(planes, *counts)``."""
    planes = len(flat)
    counts = [start.shape[1] for start in starts]
    best = np.empty((planes, *counts), flat.dtype)
    places = np.full(best.shape, -1, np.int64)
    for tap in np.ndindex(*kernel):
        found: Any = 0
        for axis, start in enumerate(starts):
            shape = [planes] + [1] * len(starts)
            shape[axis + 1] = counts[axis]
            found = found * sizes[axis] + (start + tap[axis]).reshape(shape)
        part = np.take_along_axis(flat, found.reshape(planes, prod(counts)), 1)
        keep_larger(best, places, part.reshape(best.shape), found)
    return places


def _fractional(
    axes: int,
    input: Tensor,
    kernel_size: Any,
    output_size: Any,
    output_ratio: Any,
    samples: Tensor | None,
) -> Pair:
    name = f"fractional_max_pool{axes}d"
    if output_size is None and output_ratio is None:
        raise ValueError(f"{name}: either output_size or output_ratio must be given, got neither")
    if samples is not None:
        tensor_argument(name, "_random_samples", samples, 6)
    if isinstance(output_ratio, (int, float)):
        output_ratio = (output_ratio,) * axes
    shape = tuple(judged(f"nn.functional.{name}", input, kernel_size, output_size, output_ratio))
    require_kind(name, input, "f" if input._array.size else "fc")
    if min(shape[-axes:]) < 0 or min(each(kernel_size, axes)) < 1:
        raise RuntimeError(
            f"{name}: sizes must not be negative and kernel_size at least 1, got result {list(shape)} and "
            f"kernel_size {kernel_size}"
        )
    if samples is not None and samples._array.ndim != 3:
        raise RuntimeError(
            f"{name}: _random_samples must have 3 dimensions, got {samples._array.ndim}"
        )
    lead, sizes = input._array.shape[:-axes], input._array.shape[-axes:]
    if samples is None:
        batch = 1 if input.ndim == axes + 1 else lead[0]
        samples = OPERATIONS["rand"].function(batch, lead[-1], axes, dtype=input.dtype)
    require_same_kind(name, input, samples)
    given = widened(samples._array).reshape(-1, samples._array.shape[-1])
    # of two axes the last is given first
    order = range(axes) if axes == 3 else reversed(range(axes))
    kernel = each(kernel_size, axes)
    starts = [
        _starts(given[:, column], sizes[axis], shape[axis - axes], kernel[axis])
        for axis, column in enumerate(order)
    ]
    flat = widened(input._array).reshape(prod(lead), prod(sizes))
    places = _largest(flat, starts, kernel, sizes).reshape(shape)
    return take_places(f"fractional_max_pool{axes}D", input, places, axes), wrap(places)


@operation("nn.functional.fractional_max_pool2d_with_indices")
def fractional_max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Pair:
    """The maxima and their places; see `fractional_max_pool2d`."""
    return _fractional(2, input, kernel_size, output_size, output_ratio, _random_samples)


@operation("nn.functional.fractional_max_pool2d")
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Tensor | Pair:
    """The maxima of windows of the last two axes at random places.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        output_size: Sizes of the result.
        output_ratio: Or how much of the input's sizes they are.
        return_indices: Whether the places of the maxima are given too.
        _random_samples: Where windows start, numbers in ``[0, 1)`` of shape ``(N, C, 2)``.

    Raises:
        ShapeError: pool_error_rank, pool_error_empty_output, pool_error_output_size.
    """
    both = _fractional(2, input, kernel_size, output_size, output_ratio, _random_samples)
    return both if return_indices else both[0]


@operation("nn.functional.fractional_max_pool3d_with_indices")
def fractional_max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Pair:
    """The maxima and their places; see `fractional_max_pool2d`."""
    return _fractional(3, input, kernel_size, output_size, output_ratio, _random_samples)


@operation("nn.functional.fractional_max_pool3d")
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Tensor | Pair:
    """The maxima of windows of the last three axes; see `fractional_max_pool2d`."""
    both = _fractional(3, input, kernel_size, output_size, output_ratio, _random_samples)
    return both if return_indices else both[0]
