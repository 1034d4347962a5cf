"""Means of windows: average, power-average and adaptive average pooling."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integer
from shapetorch.tensor.axis_maps import (
    AxisMap,
    adaptive_means,
    apply_adjoint,
    apply_maps,
    window_means,
    window_sums,
)
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind, require_memory
from shapetorch.tensor.linear_maps import linear_map
from shapetorch.tensor.memory_order import in_order_of
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.room import within_memory
from shapetorch.tensor.sums import sum_along
from shapetorch.tensor.tensors import Array, Tensor, wrap
from shapetorch.tensor.windows import each


def _mapped(name: str, input: Tensor, maps: list[AxisMap], factor: float = 1.0) -> Tensor:
    """Maps of the last axes as a recorded operation."""
    if factor == 1.0:
        made = linear_map(
            name,
            input,
            lambda array: apply_maps(array, maps),
            lambda array: apply_adjoint(array, maps),
        )
    else:
        made = linear_map(
            name,
            input,
            lambda array: apply_maps(array, maps) * array.dtype.type(factor),
            lambda array: apply_adjoint(array, maps) * array.dtype.type(factor),
        )
    return in_order_of(made, input)


def _average(
    axes: int,
    input: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None = None,
) -> Tensor:
    name = f"avg_pool{axes}d"
    shape = judged(f"nn.functional.{name}", input, kernel_size, stride, padding, ceil_mode)
    require_kind(name, input, "if")
    if divisor_override is not None and not integer(name, "divisor_override", divisor_override):
        raise RuntimeError(f"{name}: divisor_override must not be zero")
    kernel = each(kernel_size, axes)
    step = each(stride, axes) if stride not in (None, (), []) else kernel
    pads = each(padding, axes)
    rows = list(zip(input._array.shape[-axes:], kernel, step, pads, shape[-axes:], strict=True))
    if input._array.dtype.kind not in "fV":
        divisors = [_divisors(*row, bool(count_include_pad)) for row in rows]
        return _integer_means(input, rows, divisors, divisor_override)
    if divisor_override is not None:
        sums = [window_sums(*row) for row in rows]
        return _mapped(f"avg_pool{axes}D", input, sums, 1 / divisor_override)
    return _mapped(
        f"avg_pool{axes}D", input, [window_means(*row, bool(count_include_pad)) for row in rows]
    )


def _divisors(
    size: int, kernel: int, stride: int, padding: int, count: int, include_pad: bool
) -> Array:
    start = np.arange(count) * stride - padding
    if include_pad:
        return np.minimum(start + kernel, size + padding) - start
    return np.minimum(start + kernel, size) - np.maximum(start, 0)


def _integer_means(
    input: Tensor, rows: list[Any], divisors: list[Array], divisor_override: int | None
) -> Tensor:
    """Means of integers, rounded towards zero."""
    sums = apply_maps(input._array, [window_sums(*row) for row in rows])
    divisor: Any = 1
    for place, counts in enumerate(divisors):
        divisor = divisor * counts.reshape(-1, *(1,) * (len(divisors) - place - 1))
    divisor = divisor_override or divisor
    means = np.abs(sums) // np.abs(divisor) * np.sign(sums) * np.sign(divisor)
    return wrap(means.astype(input._array.dtype))


@operation("nn.functional.avg_pool1d", aliases=("avg_pool1d",))
def avg_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Means of windows of the last axis; see `avg_pool2d`."""
    return _average(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad)


@operation("nn.functional.avg_pool2d")
def avg_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Means of windows of the last two axes.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        stride: Step between windows; the kernel's size when it is left out.
        padding: Zeros added on each side, at most half of the kernel.
        ceil_mode: Whether a last window may reach over the end.
        count_include_pad: Whether the zeros count.
        divisor_override: What sums are divided by in place of the number of elements.

    Raises:
        ShapeError: pool_error_rank, pool_error_padding, pool_error_empty_output,
            argument_error_value.
    """
    return _average(
        2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


@operation("nn.functional.avg_pool3d")
def avg_pool3d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Means of windows of the last three axes; see `avg_pool2d`."""
    return _average(
        3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


# -- powers -----------------------------------------------------------------------------------------


def _power_average(
    axes: int, input: Tensor, norm_type: float, kernel_size: Any, stride: Any, ceil_mode: bool
) -> Tensor:
    name = f"lp_pool{axes}d"
    if axes > 1 and isinstance(kernel_size, (list, tuple)) and len(kernel_size) != axes:
        raise ValueError(
            f"{name}: kernel_size must be one number or {axes}, got {list(kernel_size)}"
        )
    judged(f"nn.functional.{name}", input, norm_type, kernel_size, stride, ceil_mode)
    if norm_type in (float("inf"), -float("inf")):
        largest = OPERATIONS[f"nn.functional.max_pool{axes}d"].function
        sizes = input.abs() if norm_type > 0 else -input.abs()
        found = largest(sizes, kernel_size, stride, 0, 1, ceil_mode)
        return found if norm_type > 0 else -found  # type: ignore[no-any-return]
    means = _average(axes, input.pow(norm_type), kernel_size, stride, 0, ceil_mode, True)
    positive = means.clamp(min=0)  # a mean of odd powers may be negative and has no root
    return (positive * prod(each(kernel_size, axes))).pow(1.0 / norm_type)  # type: ignore[no-any-return]


@operation("nn.functional.lp_pool1d")
def lp_pool1d(
    input: Tensor, norm_type: float, kernel_size: int, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """Power sums of windows of the last axis; see `lp_pool2d`."""
    return _power_average(1, input, norm_type, kernel_size, stride, ceil_mode)


@operation("nn.functional.lp_pool2d")
def lp_pool2d(
    input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """``(sum of x**p) ** (1/p)`` over windows of the last two axes, where p is `norm_type`."""
    return _power_average(2, input, norm_type, kernel_size, stride, ceil_mode)


@operation("nn.functional.lp_pool3d")
def lp_pool3d(
    input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """Power sums of windows of the last three axes; see `lp_pool2d`."""
    return _power_average(3, input, norm_type, kernel_size, stride, ceil_mode)


# -- adaptive ---------------------------------------------------------------------------------------


def adaptive_average(axes: int, input: Tensor, output_size: Any) -> Tensor:
    """Adaptive average pooling of the last `axes` axes."""
    name = f"adaptive_avg_pool{axes}d"
    shape = judged(f"nn.functional.{name}", input, output_size)
    if set(shape[-axes:]) == {1}:  # PyTorch takes the mean, also of complex numbers and of nothing
        require_kind(name, input, "fc")
    elif 0 not in input._array.shape and 0 not in shape:
        require_kind(name, input, "f")
    if set(shape[-axes:]) == {1}:
        return _total_mean(f"adaptive_avg_pool{axes}D", input, axes)
    if 0 in shape:  # whatever the other sizes are
        return nothing(name, input, tuple(shape))
    require_memory(name, shape, input._array.dtype)
    sizes = input._array.shape[-axes:]
    maps = [adaptive_means(size, count) for size, count in zip(sizes, shape[-axes:], strict=True)]
    return _mapped(f"adaptive_avg_pool{axes}D", input, maps)


def nothing(name: str, input: Tensor, shape: tuple[int, ...]) -> Tensor:
    """A result without elements, which depends on the input all the same."""
    own, kind = input._array.shape, input._array.dtype
    made = within_memory(name, shape, kind, lambda: np.empty(shape, kind))
    return linear_map(name, input, lambda array: made, lambda array: np.zeros(own, array.dtype))


def _total_mean(name: str, input: Tensor, axes: int) -> Tensor:
    """The mean over all of the last axes, which are kept with size 1."""
    shape = input._array.shape
    count = prod(shape[-axes:])
    over = tuple(range(len(shape) - axes, len(shape)))

    def adjoint(grad: Array) -> Array:
        made = np.empty(shape, grad.dtype)
        made[...] = grad / grad.dtype.type(count or 1)
        return made

    def forward(array: Array) -> Array:
        return np.asarray(sum_along(array, over, True) / array.dtype.type(count))

    return linear_map(name, input, forward, adjoint)


@operation("nn.functional.adaptive_avg_pool1d", aliases=("adaptive_avg_pool1d",))
def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """Means of `output_size` windows that cover the last axis evenly."""
    return adaptive_average(1, input, output_size)


@operation("nn.functional.adaptive_avg_pool2d")
def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """Means of windows that cover the last two axes evenly; None keeps a size."""
    return adaptive_average(2, input, output_size)


@operation("nn.functional.adaptive_avg_pool3d")
def adaptive_avg_pool3d(input: Tensor, output_size: Any) -> Tensor:
    """Means of windows that cover the last three axes evenly; None keeps a size."""
    return adaptive_average(3, input, output_size)
