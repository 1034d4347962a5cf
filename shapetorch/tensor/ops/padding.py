"""Padding, and channels shuffled into space and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import as_number
from shapetorch.tensor.judging import judged
from shapetorch.tensor.memory_order import in_order_of
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.indexing import gather_at
from shapetorch.tensor.room import within_memory
from shapetorch.tensor.scalars import element
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor


def constant_pad_nd_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient without the padding; zeros where the padding had cropped."""
    return _constant(grad, tuple((-before, -after) for before, after in node.sides), 0)


def _constant(input: Tensor, sides: tuple[tuple[int, int], ...], value: Any) -> Tensor:
    array = input._array
    shape = tuple(
        size + before + after for size, (before, after) in zip(array.shape, sides, strict=True)
    )
    result = within_memory("pad", shape, array.dtype, lambda: np.empty(shape, array.dtype))
    result.fill(element(value, array.dtype))
    inside = tuple(
        slice(max(before, 0), size - max(after, 0))
        for size, (before, after) in zip(shape, sides, strict=True)
    )
    kept = tuple(
        slice(max(-before, 0), size - max(-after, 0))
        for size, (before, after) in zip(array.shape, sides, strict=True)
    )
    result[inside] = array[kept]
    return record(result, (input,), constant_pad_nd_backward, sides=sides)


def _reflected(size: int, before: int, after: int) -> Array:
    places = np.arange(-before, size + after)
    folded: Array = size - 1 - np.abs(size - 1 - np.abs(places))
    return folded


def _replicated(size: int, before: int, after: int) -> Array:
    return np.clip(np.arange(-before, size + after), 0, size - 1)


def _circular(size: int, before: int, after: int) -> Array:
    first, last = max(-before, 0), size - max(-after, 0)  # what is cropped does not come back
    kept = max(last - first, 1)  # of nothing PyTorch repeats what it never wrote, we an element
    return min(first, size - 1) + np.arange(-max(before, 0), last - first + max(after, 0)) % kept


_SOURCES = {"reflect": _reflected, "replicate": _replicated, "circular": _circular}


@operation("nn.functional.pad")
def pad(
    input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> Tensor:
    """The tensor with elements added on the sides of its last dims, or cropped where negative.

    Args:
        input: Any shape.
        pad: Two numbers, before and after, for the last dim, then for the one before, …
        mode: ``constant`` (any dims), ``reflect``, ``replicate``, ``circular`` (all but the batch
            and channels, or all but the channels).
        value: What a constant padding is filled with; 0 if None.

    Raises:
        ShapeError: padding_error_length, padding_error_too_large, argument_error_value.
    """
    value = as_number(value)
    judged("nn.functional.pad", input, pad, mode, value)
    counts = [int(side) for side in pad]
    rank = input._array.ndim
    if mode == "constant":
        sides = [(0, 0)] * rank
        for number in range(len(counts) // 2):
            sides[-1 - number] = (counts[2 * number], counts[2 * number + 1])
        return in_order_of(_constant(input, tuple(sides), 0 if value is None else value), input)
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    made = input
    for number in range(len(counts) // 2):
        dim = rank - 1 - number
        source = _SOURCES[mode](input._array.shape[dim], counts[2 * number], counts[2 * number + 1])
        made = gather_at(made, (*(None,) * dim, source), False)
    return made if mode == "circular" or made is input else in_order_of(made, input)


@operation()
def constant_pad_nd(input: Tensor, pad: Sequence[int], value: Any = 0) -> Tensor:
    """`nn.functional.pad` with one number."""
    return OPERATIONS["nn.functional.pad"].function(input, pad, "constant", value)  # type: ignore[no-any-return]


def shuffle_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient in the shape before."""
    return grad.reshape(node.metas[0][0])  # type: ignore[no-any-return]


def _copied(tensor: Tensor, shape: Sequence[int]) -> Tensor:
    """A copy in order, even of what is in order already, of another shape."""
    return record(tensor._array.copy().reshape(tuple(shape)), (tensor,), shuffle_backward)


@operation("nn.functional.pixel_shuffle", aliases=("pixel_shuffle",))
def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """``(*, C*r*r, H, W)`` as ``(*, C, H*r, W*r)``.

    Raises:
        ShapeError: rank_error_mismatch, pixel_shuffle_error_channels, argument_error_value.
    """
    shape = judged("nn.functional.pixel_shuffle", input, upscale_factor)
    factor = int(upscale_factor)
    *batch, channels, height, width = shape
    lead = len(batch) + 1
    parts = input.reshape((*batch, channels, factor, factor, height // factor, width // factor))
    order = (*range(lead), lead + 2, lead, lead + 3, lead + 1)
    return in_order_of(_copied(parts.permute(order), shape), input)


@operation("nn.functional.pixel_unshuffle", aliases=("pixel_unshuffle",))
def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """``(*, C, H*r, W*r)`` as ``(*, C*r*r, H, W)``.

    Raises:
        ShapeError: rank_error_mismatch, pixel_shuffle_error_channels, argument_error_value.
    """
    shape = judged("nn.functional.pixel_unshuffle", input, downscale_factor)
    factor = int(downscale_factor)
    *batch, channels, height, width = input._array.shape
    lead = len(batch) + 1
    if not input._array.size:
        return input.clone()  # type: ignore[no-any-return]
    parts = input.reshape((*batch, channels, height // factor, factor, width // factor, factor))
    order = (*range(lead), lead + 1, lead + 3, lead, lead + 2)
    return in_order_of(_copied(parts.permute(order), shape), input)


@operation(
    "nn.functional.channel_shuffle",
    aliases=(
        "channel_shuffle",
        "native_channel_shuffle",
        "nn.functional.native_channel_shuffle",
    ),
)
def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """The channels of ``(N, C, *)`` dealt out to `groups` in turn.

    Raises:
        ShapeError: rank_error_mismatch, conv_error_groups, argument_error_value.
    """
    judged("nn.functional.channel_shuffle", input, groups)
    batch, channels, *rest = input._array.shape
    count = int(groups)
    parts = input.reshape((batch, count, channels // count, *rest))
    return in_order_of(_copied(parts.transpose(1, 2), input._array.shape), input)
