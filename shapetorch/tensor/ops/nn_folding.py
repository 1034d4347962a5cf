"""Windows of images as columns, and back: unfold and fold."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind
from shapetorch.tensor.operations import operation
from shapetorch.tensor.room import no_room
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor
from shapetorch.tensor.windows import Axis, each, taps


def _axes(
    sizes: tuple[int, ...], kernel_size: Any, dilation: Any, padding: Any, stride: Any
) -> list[Axis]:
    numbers = zip(
        sizes,
        each(kernel_size, 2),
        each(dilation, 2),
        each(padding, 2),
        each(stride, 2),
        strict=True,
    )
    return [
        Axis(size, kernel, step, pad, tap, (size + 2 * pad - tap * (kernel - 1) - 1) // step + 1)
        for size, kernel, tap, pad, step in numbers
    ]


def _columns(array: Array, axes: list[Axis]) -> Array:
    """``(N, C, H, W)`` as ``(N, C*K_h*K_w, windows)``."""
    batch, channels = array.shape[:2]
    kernels = tuple(axis.kernel for axis in axes)
    counts = tuple(axis.count for axis in axes)
    result = np.zeros((batch, channels, *kernels, *counts), array.dtype)
    for tap, inside, seen in taps(axes):
        result[(..., *tap, *inside)] = array[(..., *seen)]
    return result.reshape(batch, channels * kernels[0] * kernels[1], counts[0] * counts[1])


def _image(columns: Array, axes: list[Axis]) -> Array:
    """The columns' elements added up where they came from: ``(N, C, H, W)``."""
    kernels = tuple(axis.kernel for axis in axes)
    counts = tuple(axis.count for axis in axes)
    batch, channels = columns.shape[0], columns.shape[1] // (kernels[0] * kernels[1])
    parts = columns.reshape(batch, channels, *kernels, *counts)
    result = np.zeros((batch, channels, *(axis.size for axis in axes)), columns.dtype)
    for tap, inside, seen in taps(axes):
        result[(..., *seen)] += parts[(..., *tap, *inside)]
    return result


def im2col_backward(node: Any, grad: Tensor) -> Tensor:
    """The columns' gradients added up where the elements came from."""
    return _fold(grad, node.axes)


def col2im_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient's windows."""
    return _unfold(grad, node.axes)


def _unfold(input: Tensor, axes: list[Axis]) -> Tensor:
    array = input._array
    try:
        made = _columns(array if array.ndim == 4 else array[None], axes)
    except MemoryError as error:
        raise no_room(error, "unfold") from None
    return record(made if array.ndim == 4 else made[0], (input,), im2col_backward, axes=axes)


def _fold(input: Tensor, axes: list[Axis]) -> Tensor:
    array = input._array
    made = _image(array if array.ndim == 3 else array[None], axes)
    return record(made if array.ndim == 3 else made[0], (input,), col2im_backward, axes=axes)


@operation("nn.functional.unfold")
def unfold_columns(
    input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """The windows of an image as columns.

    Args:
        input: ``(N, C, H, W)``, or without N.
        kernel_size: Of a window, ``(vertical, horizontal)`` or one number.
        dilation: Distance between the elements of a window.
        padding: Zeros added on each side.
        stride: Step between windows.

    Returns:
        ``(N, C*K_h*K_w, number of windows)``.

    Raises:
        ShapeError: conv_error_rank, conv_error_empty_output, argument_error_value.
    """
    judged("nn.functional.unfold", input, kernel_size, dilation, padding, stride)
    require_kind("im2col", input, "bfc")
    sizes = input._array.shape[-2:]
    return _unfold(input, _axes(sizes, kernel_size, dilation, padding, stride))


@operation("nn.functional.fold")
def fold_columns(
    input: Tensor,
    output_size: Any,
    kernel_size: Any,
    dilation: Any = 1,
    padding: Any = 0,
    stride: Any = 1,
) -> Tensor:
    """Columns added up to the image that they are the windows of; see `unfold_columns`.

    Args:
        input: ``(N, C*K_h*K_w, L)``, or without N; L must be the windows in the image.
        output_size: ``(H, W)`` of the image.
        kernel_size: Of a window.
        dilation: Distance between the elements of a window.
        padding: Zeros on each side, which are left out.
        stride: Step between windows.

    Returns:
        ``(N, C, H, W)``.

    Raises:
        ShapeError: conv_error_rank, fold_error_size, conv_error_empty_output, argument_error_value.
    """
    judged("nn.functional.fold", input, output_size, kernel_size, dilation, padding, stride)
    require_kind("col2im", input, "bfc")
    return _fold(input, _axes(each(output_size, 2), kernel_size, dilation, padding, stride))
