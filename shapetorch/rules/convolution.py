"""Convolutions, transposed convolutions, and the windows they look through (unfold, fold)."""

from __future__ import annotations

from collections.abc import Callable

from shapetorch.dim import Shape, Size, Truth, at_most, check_equal, product, render_shape
from shapetorch.dim import modulo as remainder
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.kernel_windows import (
    per_axis,
    reach,
    require_at_least,
    require_some,
    split_batch,
    value_error,
    window_count,
)
from shapetorch.rules.registry import PerAxis, Sizes, rule


@rule("conv1d", functions=("conv1d", "nn.functional.conv1d"))
def conv1d_shape(
    input: Shape,
    weight: Shape,
    bias: Shape | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: Size = 1,
) -> Shape:
    """Shape of a 1-d convolution; see `conv2d_shape`."""
    return convolve("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


@rule("conv2d", functions=("conv2d", "nn.functional.conv2d"))
def conv2d_shape(
    input: Shape,
    weight: Shape,
    bias: Shape | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: Size = 1,
) -> Shape:
    """Shape of a 2-d convolution (cross-correlation).

    Args:
        input: ``(N, C_in, H, W)``, or ``(C_in, H, W)`` without a batch.
        weight: ``(C_out, C_in // groups, K_h, K_w)``.
        bias: ``(C_out,)``.
        stride: Step between windows, in elements.
        padding: Zeros added on each side, in elements; ``"valid"`` is 0, ``"same"`` keeps sizes.
        dilation: Distance between kernel taps, in elements; 1 is a dense kernel.
        groups: Number of channel groups; divides ``C_in`` and ``C_out``.

    Returns:
        ``(N, C_out, H_out, W_out)``, where
        ``H_out = (H + 2*padding - dilation*(K_h - 1) - 1) // stride + 1`` and ``W_out`` alike.

    Raises:
        ShapeError: conv_error_rank, conv_error_channel_mismatch, conv_error_groups,
            conv_error_bias, conv_error_empty_output, argument_error_value.

    Source: PyTorch ``torch.nn.Conv2d``, section "Shape".
    """
    return convolve("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


@rule("conv3d", functions=("conv3d", "nn.functional.conv3d"))
def conv3d_shape(
    input: Shape,
    weight: Shape,
    bias: Shape | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: Size = 1,
) -> Shape:
    """Shape of a 3-d convolution; see `conv2d_shape`."""
    return convolve("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


def convolve(
    operation: str,
    axes: int,
    input: Shape,
    weight: Shape,
    bias: Shape | None,
    stride: PerAxis,
    padding: PerAxis | str,
    dilation: PerAxis,
    groups: Size,
    *,
    in_channels: Size | None = None,
) -> Shape:
    """The convolution over `axes` axes; a layer knows `in_channels` without its weight."""
    batch, channels, sizes = split_batch(operation, input, axes, ErrorKind.conv_error_rank)
    _check_weight(operation, axes, weight)
    steps = per_axis(operation, "stride", stride, axes)
    taps = per_axis(operation, "dilation", dilation, axes)
    for argument, values in (("stride", steps), ("dilation", taps), ("groups", (groups,))):
        require_at_least(operation, argument, values, 1)
    if in_channels is None:
        _check_channels(operation, channels, weight[1] * groups, input, weight)
        _check_groups(operation, weight[0], groups)
    else:
        _check_channels(operation, channels, in_channels, input, None)
    _check_bias(operation, bias, weight[0])
    if batch != (0,) and channels != 0:
        require_some(operation, sizes, input, ErrorKind.conv_error_empty_output)
    pads = _paddings(operation, padding, steps, axes)
    if pads is None:
        require_some(operation, sizes, input, ErrorKind.conv_error_empty_output)
        return (*batch, weight[0], *sizes)
    spans = [reach(kernel, tap) for kernel, tap in zip(weight[2:], taps, strict=True)]
    for size, span, pad in zip(sizes, spans, pads, strict=True):
        if at_most(span, size + 2 * pad) is Truth.NO:
            raise _empty_output(operation, size + 2 * pad, span, input)
    counts = map(window_count, sizes, spans, steps, pads)
    return (*batch, weight[0], *counts)


def _paddings(
    operation: str, padding: PerAxis | str, steps: Sizes, axes: int
) -> tuple[Size, ...] | None:
    """The padding of each axis; None for ``"same"``, which keeps every size."""
    if isinstance(padding, str):
        if padding == "valid":
            return (0,) * axes
        if padding != "same":
            raise value_error(operation, "padding", padding, "numbers, 'same' or 'valid'")
        if any(at_most(step, 1) is Truth.NO for step in steps):
            raise value_error(operation, "stride", tuple(steps), "1 where padding is 'same'")
        return None
    pads = per_axis(operation, "padding", padding, axes)
    require_at_least(operation, "padding", pads, 0)
    return pads


def _check_weight(operation: str, axes: int, weight: Shape) -> None:
    if len(weight) != axes + 2:
        raise ShapeError(
            ErrorKind.conv_error_rank,
            (axes + 2, len(weight), weight),
            f"{operation}: weight must have {axes + 2} dimensions, "
            f"got {len(weight)} from {render_shape(weight)}",
        )
    require_at_least(operation, "out_channels", weight[:1], 1)
    require_at_least(operation, "kernel_size", weight[2:], 1)


def _check_channels(
    operation: str, channels: Size, expected: Size, input: Shape, weight: Shape | None
) -> None:
    shown = render_shape(input) + (f" and weight {render_shape(weight)}" if weight else "")
    check_equal(
        channels,
        expected,
        lambda: ShapeError(
            ErrorKind.conv_error_channel_mismatch,
            (expected, channels, input),
            f"{operation}: channels must be in_channels={expected}, got {channels} from {shown}",
        ),
    )


def _check_groups(operation: str, channels: Size, groups: Size) -> None:
    check_equal(
        remainder(channels, groups),
        0,
        lambda: ShapeError(
            ErrorKind.conv_error_groups,
            (groups, channels),
            f"{operation}: channels must be divisible by groups, got {channels} and {groups}",
        ),
    )


def _check_bias(operation: str, bias: Shape | None, channels: Size) -> None:
    if bias is None:
        return
    error = ShapeError(
        ErrorKind.conv_error_bias,
        (bias, channels),
        f"{operation}: bias must have shape [{channels}], got {render_shape(bias)}",
    )
    if len(bias) != 1:
        raise error
    check_equal(bias[0], channels, lambda: error)


def _empty_output(operation: str, size: Size, span: Size, input: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.conv_error_empty_output,
        (size, span, input),
        f"{operation}: kernel must fit into the padded input, "
        f"got {span} and {size} from {render_shape(input)}",
    )


@rule("conv_transpose1d", functions=("conv_transpose1d", "nn.functional.conv_transpose1d"))
def conv_transpose1d_shape(
    input: Shape,
    weight: Shape,
    bias: Shape | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: Size = 1,
    dilation: PerAxis = 1,
) -> Shape:
    """Shape of a transposed 1-d convolution; see `conv_transpose2d_shape`."""
    return convolve_transposed(
        "conv_transpose1d",
        1,
        input,
        weight,
        bias,
        stride,
        padding,
        output_padding,
        groups,
        dilation,
    )


@rule("conv_transpose2d", functions=("conv_transpose2d", "nn.functional.conv_transpose2d"))
def conv_transpose2d_shape(
    input: Shape,
    weight: Shape,
    bias: Shape | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: Size = 1,
    dilation: PerAxis = 1,
) -> Shape:
    """Shape of a transposed 2-d convolution.

    Args:
        input: ``(N, C_in, H, W)``, or ``(C_in, H, W)`` without a batch.
        weight: ``(C_in, C_out // groups, K_h, K_w)``.
        bias: ``(C_out,)``.
        stride: Step between windows of the result, in elements.
        padding: Elements taken off each side of the result.
        output_padding: Elements added to the end of each axis; less than stride or dilation.
        groups: Number of channel groups; divides ``C_in``.
        dilation: Distance between kernel taps, in elements.

    Returns:
        ``(N, C_out, H_out, W_out)``, where ``H_out = (H - 1)*stride - 2*padding
        + dilation*(K_h - 1) + output_padding + 1`` and ``W_out`` alike.

    Raises:
        ShapeError: conv_error_rank, conv_error_channel_mismatch, conv_error_groups,
            conv_error_bias, conv_error_empty_output, argument_error_value.

    Source: PyTorch ``torch.nn.ConvTranspose2d``, section "Shape".
    """
    return convolve_transposed(
        "conv_transpose2d",
        2,
        input,
        weight,
        bias,
        stride,
        padding,
        output_padding,
        groups,
        dilation,
    )


@rule("conv_transpose3d", functions=("conv_transpose3d", "nn.functional.conv_transpose3d"))
def conv_transpose3d_shape(
    input: Shape,
    weight: Shape,
    bias: Shape | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: Size = 1,
    dilation: PerAxis = 1,
) -> Shape:
    """Shape of a transposed 3-d convolution; see `conv_transpose2d_shape`."""
    return convolve_transposed(
        "conv_transpose3d",
        3,
        input,
        weight,
        bias,
        stride,
        padding,
        output_padding,
        groups,
        dilation,
    )


def convolve_transposed(
    operation: str,
    axes: int,
    input: Shape,
    weight: Shape,
    bias: Shape | None,
    stride: PerAxis,
    padding: PerAxis,
    output_padding: PerAxis,
    groups: Size,
    dilation: PerAxis,
    *,
    in_channels: Size | None = None,
    choose: Callable[[Shape], Shape] | None = None,
) -> Shape:
    """The transposed convolution over `axes` axes.

    A layer knows `in_channels` without its weight, and may choose among the sizes that a stride
    allows, given the smallest.
    """
    batch, channels, sizes = split_batch(operation, input, axes, ErrorKind.conv_error_rank)
    _check_weight(operation, axes, weight)
    steps = per_axis(operation, "stride", stride, axes)
    pads = per_axis(operation, "padding", padding, axes)
    extras = per_axis(operation, "output_padding", output_padding, axes)
    taps = per_axis(operation, "dilation", dilation, axes)
    for argument, values in (("stride", steps), ("dilation", taps), ("groups", (groups,))):
        require_at_least(operation, argument, values, 1)
    require_at_least(operation, "padding", pads, 0)
    require_at_least(operation, "output_padding", extras, 0)
    if batch != (0,):
        require_some(operation, sizes, input, ErrorKind.conv_error_empty_output)
    if in_channels is None:
        _check_channels(operation, channels, weight[0], input, weight)
        _check_groups(operation, weight[0], groups)
    else:
        _check_channels(operation, channels, in_channels, input, None)
    out_channels = weight[1] * groups
    _check_bias(operation, bias, out_channels)
    for extra, step, tap in zip(extras, steps, taps, strict=True):
        too_large = Truth.NO is at_most(extra + 1, step) and Truth.NO is at_most(extra + 1, tap)
        if too_large and batch != (0,):  # PyTorch computes nothing for an empty batch
            raise value_error(operation, "output_padding", extra, "smaller than stride or dilation")
    counts = [
        (size - 1) * step - 2 * pad + reach(kernel, tap) + extra
        for size, kernel, step, pad, extra, tap in zip(
            sizes, weight[2:], steps, pads, extras, taps, strict=True
        )
    ]
    chosen = tuple(counts) if choose is None else choose(tuple(counts))
    for size, kernel, count in zip(sizes, weight[2:], chosen, strict=True):
        if at_most(0, count) is Truth.NO:
            raise _empty_output(operation, size, kernel, input)
    return (*batch, out_channels, *chosen)


@rule("unfold_columns", functions=("nn.functional.unfold",))
def unfold_windows_shape(
    input: Shape,
    kernel_size: PerAxis,
    dilation: PerAxis = 1,
    padding: PerAxis = 0,
    stride: PerAxis = 1,
) -> Shape:
    """``(N, C, H, W)`` as columns: ``(N, C*K_h*K_w, number of windows)``."""
    return unfold_windows("unfold", input, kernel_size, dilation, padding, stride)


def unfold_windows(
    operation: str,
    input: Shape,
    kernel_size: PerAxis,
    dilation: PerAxis,
    padding: PerAxis,
    stride: PerAxis,
) -> Shape:
    """The rule of unfold under another name."""
    batch, channels, sizes = split_batch(operation, input, 2, ErrorKind.conv_error_rank)
    require_some(operation, (channels, *sizes), input, ErrorKind.conv_error_empty_output)
    kernels = per_axis(operation, "kernel_size", kernel_size, 2, exact=True)
    counts = _windows(operation, sizes, kernels, dilation, padding, stride)
    for size, kernel, count in zip(sizes, kernels, counts, strict=True):
        if at_most(1, count) is Truth.NO:
            raise _empty_output(operation, size, kernel, input)
    return (*batch, channels * product(kernels), product(counts))


@rule("fold", functions=("nn.functional.fold",))
def fold_shape(
    input: Shape,
    output_size: PerAxis,
    kernel_size: PerAxis,
    dilation: PerAxis = 1,
    padding: PerAxis = 0,
    stride: PerAxis = 1,
) -> Shape:
    """Columns ``(N, C*K_h*K_w, L)`` put back: ``(N, C, *output_size)``; L must be the windows in it."""
    return fold_windows("fold", input, output_size, kernel_size, dilation, padding, stride)


def fold_windows(
    operation: str,
    input: Shape,
    output_size: PerAxis,
    kernel_size: PerAxis,
    dilation: PerAxis,
    padding: PerAxis,
    stride: PerAxis,
) -> Shape:
    """The rule of fold under another name."""
    batch, columns, (length,) = split_batch(operation, input, 1, ErrorKind.conv_error_rank)
    require_some(operation, (columns, length), input, ErrorKind.conv_error_empty_output)
    sizes = per_axis(operation, "output_size", output_size, 2, exact=True)
    kernels = per_axis(operation, "kernel_size", kernel_size, 2, exact=True)
    area = product(kernels)
    counts = _windows(operation, sizes, kernels, dilation, padding, stride)
    for size, kernel, count in zip(sizes, kernels, counts, strict=True):
        if at_most(1, count) is Truth.NO:
            raise _empty_output(operation, size, kernel, input)
    expected = product(counts)
    check_equal(
        remainder(columns, area),
        0,
        lambda: ShapeError(
            ErrorKind.fold_error_size,
            (area, columns, input),
            f"{operation}: columns must be divisible by the kernel's size {area}, "
            f"got {columns} from {render_shape(input)}",
        ),
    )
    check_equal(
        length,
        expected,
        lambda: ShapeError(
            ErrorKind.fold_error_size,
            (expected, length, input),
            f"{operation}: number of windows must be {expected}, "
            f"got {length} from {render_shape(input)}",
        ),
    )
    return (*batch, columns // area, *sizes)


def _windows(
    operation: str,
    sizes: Sizes,
    kernels: Sizes,
    dilation: PerAxis,
    padding: PerAxis,
    stride: PerAxis,
) -> list[Size]:
    taps = per_axis(operation, "dilation", dilation, 2, exact=True)
    pads = per_axis(operation, "padding", padding, 2, exact=True)
    steps = per_axis(operation, "stride", stride, 2, exact=True)
    for argument, values in (("kernel_size", kernels), ("stride", steps), ("dilation", taps)):
        require_at_least(operation, argument, values, 1)
    require_at_least(operation, "padding", pads, 0)
    return list(map(window_count, sizes, map(reach, kernels, taps), steps, pads))
