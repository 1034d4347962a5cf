"""Pooling: max, average, power-average, adaptive and fractional, and max_unpool."""

from __future__ import annotations

from collections.abc import Sequence

from shapetorch.dim import Shape, Size, Truth, at_most, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.kernel_windows import (
    per_axis,
    reach,
    require_at_least,
    require_some,
    split_batch,
    window_count,
    window_count_ceil,
)
from shapetorch.rules.matching import require_same
from shapetorch.rules.registry import PerAxis, Result, Sizes, rule


def pool(
    operation: str,
    axes: int,
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    *,
    inside: bool = False,
) -> Shape:
    """The shape after pooling the last `axes` axes.

    Args:
        operation: The name for messages.
        axes: How many axes are pooled.
        input: ``(N, C, *sizes)``, or ``(C, *sizes)`` without a batch.
        kernel_size: Size of the window.
        stride: Step between windows; the kernel's size when it is left out.
        padding: Elements added on each side, at most half of the kernel.
        dilation: Distance between the elements of a window.
        ceil_mode: Whether a last window may reach over the end.
        inside: Whether the window must fit into the input without its padding.

    Returns:
        The channels and batch of `input`, then for each axis
        ``(size + 2*padding - dilation*(kernel - 1) - 1) // stride + 1``, rounded up in `ceil_mode`.

    Raises:
        ShapeError: pool_error_rank, pool_error_padding, pool_error_empty_output,
            argument_error_value.
    """
    batch, channels, sizes = split_batch(operation, input, axes, ErrorKind.pool_error_rank)
    kernels = per_axis(operation, "kernel_size", kernel_size, axes)
    given = stride is not None and not (isinstance(stride, (tuple, list)) and not stride)
    steps = per_axis(operation, "stride", stride, axes) if given else kernels  # type: ignore[arg-type]
    pads = per_axis(operation, "padding", padding, axes)
    taps = per_axis(operation, "dilation", dilation, axes)
    for argument, values in (("kernel_size", kernels), ("stride", steps), ("dilation", taps)):
        require_at_least(operation, argument, values, 1)
    require_at_least(operation, "padding", pads, 0)
    require_some(operation, (channels, *sizes), input, ErrorKind.pool_error_empty_output)
    spans = list(map(reach, kernels, taps))
    _check_padding(operation, pads, kernels)
    count = window_count_ceil if ceil_mode else window_count
    results = list(map(count, sizes, spans, steps, pads))
    for size, span, found in zip(sizes, spans, results, strict=True):
        if at_most(1, found) is Truth.NO or (inside and at_most(span, size) is Truth.NO):
            raise ShapeError(
                ErrorKind.pool_error_empty_output,
                (size, span, input),
                f"{operation}: window must fit into the input, "
                f"got {span} and {size} from {render_shape(input)}",
            )
    return (*batch, channels, *results)


def _check_padding(operation: str, pads: Sizes, kernels: Sizes) -> None:
    for pad, kernel in zip(pads, kernels, strict=True):
        if at_most(2 * pad, kernel) is Truth.NO:
            raise ShapeError(
                ErrorKind.pool_error_padding,
                (pad, kernel),
                f"{operation}: padding must be at most half of the kernel, got {pad} and {kernel}",
            )


def with_indices(shape: Shape, return_indices: bool) -> Result:
    """`shape`, or the values and indices of that shape."""
    return (shape, shape) if return_indices else shape


INDICES = ("same", "int64")


@rule("max_pool1d", functions=("nn.functional.max_pool1d", "max_pool1d"), dtype=INDICES)
def max_pool1d_shape(
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Result:
    """Shape of 1-d max pooling; see `pool`."""
    found = pool("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode)
    return with_indices(found, return_indices)


@rule("max_pool2d", functions=("nn.functional.max_pool2d", "max_pool2d"), dtype=INDICES)
def max_pool2d_shape(
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Result:
    """Shape of 2-d max pooling; see `pool`."""
    found = pool("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode)
    return with_indices(found, return_indices)


@rule("max_pool3d", functions=("nn.functional.max_pool3d", "max_pool3d"), dtype=INDICES)
def max_pool3d_shape(
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Result:
    """Shape of 3-d max pooling; see `pool`."""
    found = pool("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode)
    return with_indices(found, return_indices)


@rule(
    "max_pool1d_with_indices",
    functions=("nn.functional.max_pool1d_with_indices", "max_pool1d_with_indices"),
    dtype=INDICES,
)
def max_pool1d_with_indices_shape(
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: object = False,
) -> Result:
    """Shapes of the values and indices of 1-d max pooling."""
    found = pool("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode)
    return with_indices(found, True)


@rule("max_pool2d", functions=("nn.functional.max_pool2d_with_indices",), dtype=INDICES)
def max_pool2d_with_indices_shape(
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: object = False,
) -> Result:
    """Shapes of the values and indices of 2-d max pooling."""
    found = pool("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode)
    return with_indices(found, True)


@rule("max_pool3d", functions=("nn.functional.max_pool3d_with_indices",), dtype=INDICES)
def max_pool3d_with_indices_shape(
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: object = False,
) -> Result:
    """Shapes of the values and indices of 3-d max pooling."""
    found = pool("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode)
    return with_indices(found, True)


@rule("avg_pool1d", functions=("nn.functional.avg_pool1d", "avg_pool1d"))
def avg_pool1d_shape(
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: object = True,
) -> Shape:
    """Shape of 1-d average pooling; see `pool`."""
    return pool("avg_pool1d", 1, input, kernel_size, stride, padding, 1, ceil_mode)


@rule("avg_pool2d", functions=("nn.functional.avg_pool2d",))
def avg_pool2d_shape(
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: object = True,
    divisor_override: object = None,
) -> Shape:
    """Shape of 2-d average pooling; see `pool`."""
    return pool("avg_pool2d", 2, input, kernel_size, stride, padding, 1, ceil_mode)


@rule("avg_pool3d", functions=("nn.functional.avg_pool3d",))
def avg_pool3d_shape(
    input: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: object = True,
    divisor_override: object = None,
) -> Shape:
    """Shape of 3-d average pooling; see `pool`."""
    return pool("avg_pool3d", 3, input, kernel_size, stride, padding, 1, ceil_mode, inside=True)


@rule("lp_pool1d", functions=("nn.functional.lp_pool1d",))
def lp_pool1d_shape(
    input: Shape,
    norm_type: object,
    kernel_size: Size,
    stride: PerAxis | None = None,
    ceil_mode: bool = False,
) -> Shape:
    """Shape of 1-d power-average pooling; see `pool`."""
    return pool("lp_pool1d", 1, input, kernel_size, stride, ceil_mode=ceil_mode)


@rule("lp_pool2d", functions=("nn.functional.lp_pool2d",))
def lp_pool2d_shape(
    input: Shape,
    norm_type: object,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    ceil_mode: bool = False,
) -> Shape:
    """Shape of 2-d power-average pooling; see `pool`."""
    kernel_size = per_axis("lp_pool2d", "kernel_size", kernel_size, 2, exact=True)
    return pool("lp_pool2d", 2, input, kernel_size, stride, ceil_mode=ceil_mode)


@rule("lp_pool3d", functions=("nn.functional.lp_pool3d",))
def lp_pool3d_shape(
    input: Shape,
    norm_type: object,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    ceil_mode: bool = False,
) -> Shape:
    """Shape of 3-d power-average pooling; see `pool`."""
    kernel_size = per_axis("lp_pool3d", "kernel_size", kernel_size, 3, exact=True)
    return pool("lp_pool3d", 3, input, kernel_size, stride, ceil_mode=ceil_mode, inside=True)


def unpool(
    operation: str,
    axes: int,
    input: Shape,
    indices: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    output_size: Sizes | None,
) -> Shape:
    """The shape before max pooling: ``(size - 1)*stride - 2*padding + kernel``, or `output_size`.

    Raises:
        ShapeError: pool_error_rank, pool_error_indices, pool_error_output_size.
    """
    batch, channels, sizes = split_batch(operation, input, axes, ErrorKind.pool_error_rank)
    kernels = per_axis(operation, "kernel_size", kernel_size, axes)
    given = stride is not None and not (isinstance(stride, (tuple, list)) and not stride)
    steps = per_axis(operation, "stride", stride, axes) if given else kernels  # type: ignore[arg-type]
    pads = per_axis(operation, "padding", padding, axes)
    smallest = [
        (size - 1) * step - 2 * pad + kernel
        for size, step, pad, kernel in zip(sizes, steps, pads, kernels, strict=True)
    ]
    chosen: Sequence[Size] = smallest
    if output_size is not None:
        chosen = _chosen_sizes(operation, axes, output_size, smallest, steps)
    require_same(
        indices,
        input,
        lambda: ShapeError(
            ErrorKind.pool_error_indices,
            (indices, input),
            f"{operation}: indices must have the shape of input, "
            f"got {render_shape(indices)} and {render_shape(input)}",
        ),
    )
    return (*batch, channels, *chosen)


def _chosen_sizes(
    operation: str, axes: int, output_size: Sizes, defaults: Sizes, steps: Sizes
) -> tuple[Size, ...]:
    """`output_size` without batch and channels, each within a stride of its default."""
    chosen = tuple(output_size)
    chosen = chosen[2:] if len(chosen) == axes + 2 else chosen
    if len(chosen) != axes:
        raise ShapeError(
            ErrorKind.pool_error_output_size,
            (tuple(output_size), axes, axes + 2),
            f"{operation}: output_size must have {axes} or {axes + 2} numbers, "
            f"got {render_shape(output_size)}",
        )
    for size, default, step in zip(chosen, defaults, steps, strict=True):
        low, high = default - step + 1, default + step - 1
        if Truth.NO in (at_most(low, size), at_most(size, high)):
            raise ShapeError(
                ErrorKind.pool_error_output_size,
                (tuple(output_size), low, high),
                f"{operation}: output_size must be within {low}..{high}, "
                f"got {size} from {render_shape(output_size)}",
            )
    return chosen


@rule("max_unpool1d", functions=("nn.functional.max_unpool1d",), dtype="same")
def max_unpool1d_shape(
    input: Shape,
    indices: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: Sizes | None = None,
) -> Shape:
    """Shape of the inverse of 1-d max pooling; see `unpool`."""
    return unpool("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


@rule("max_unpool2d", functions=("nn.functional.max_unpool2d",), dtype="same")
def max_unpool2d_shape(
    input: Shape,
    indices: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: Sizes | None = None,
) -> Shape:
    """Shape of the inverse of 2-d max pooling; see `unpool`."""
    return unpool("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


@rule("max_unpool3d", functions=("nn.functional.max_unpool3d",), dtype="same")
def max_unpool3d_shape(
    input: Shape,
    indices: Shape,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: Sizes | None = None,
) -> Shape:
    """Shape of the inverse of 3-d max pooling; see `unpool`."""
    return unpool("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)
