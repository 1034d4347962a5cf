"""Convolutions and transposed convolutions over one to three axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integers, tensor_argument
from shapetorch.tensor.convolving import Geometry, convolve, convolve_input, convolve_weight
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import narrowed, require_kind, require_same_kind, widened
from shapetorch.tensor.memory_order import in_order_of
from shapetorch.tensor.operations import operation
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor
from shapetorch.tensor.windows import each


def _with_batch(array: Array, axes: int) -> Array:
    return array if array.ndim == axes + 2 else array[None]


def _apply(first: Tensor, second: Tensor, geometry: Geometry, function: Any) -> Array:
    """A function of `convolving` on tensors whose batch may be missing."""
    axes = len(geometry.sizes)
    kind = first._array.dtype
    a, b = widened(first._array), widened(second._array)
    is_weight = function is not convolve_weight
    with np.errstate(all="ignore"):
        made = function(_with_batch(a, axes), b if is_weight else _with_batch(b, axes), geometry)
    made = made if a.ndim == axes + 2 or not is_weight else made[0]
    return narrowed(made, kind)


# -- the three linear maps of a convolution ---------------------------------------------------------


def convolved(input: Tensor, weight: Tensor, bias: Tensor | None, geometry: Geometry) -> Tensor:
    """The convolution as a recorded operation."""
    made = _apply(input, weight, geometry, convolve)
    if bias is not None:
        made += bias._array.reshape(-1, *(1,) * len(geometry.sizes))
    saved = _kept(input, weight)
    result = record(made, (input, weight, bias), convolution_backward, saved, geometry=geometry)
    return in_order_of(result, input, weight)


def convolution_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``x``: transposed with the weight; ``w``: input with grad; ``b``: sums."""
    input, weight = node.saved
    wants = node.needs
    return (
        convolution_input(grad, conjugate(weight), node.geometry) if wants[0] else None,
        convolution_weight(conjugate(input), grad, node.geometry) if wants[1] else None,
        _over_channels(grad, node.geometry) if wants[2] else None,
    )


def convolution_input(grad: Tensor, weight: Tensor, geometry: Geometry) -> Tensor:
    """The gradient of the input, which is linear in grad and weight."""
    made = _apply(grad, weight, geometry, convolve_input)
    saved = _kept(grad, weight)
    return record(made, (grad, weight), convolution_input_backward, saved, geometry=geometry)


def convolution_input_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """The roles of input and grad are exchanged."""
    given, weight = node.saved
    wants = node.needs
    return (
        convolved(grad, conjugate(weight), None, node.geometry) if wants[0] else None,
        convolution_weight(grad, conjugate(given), node.geometry) if wants[1] else None,
    )


def convolution_weight(input: Tensor, grad: Tensor, geometry: Geometry) -> Tensor:
    """The gradient of the weight, which is linear in input and grad."""
    made = _apply(input, grad, geometry, convolve_weight)
    saved = _kept(input, grad)
    return record(made, (input, grad), convolution_weight_backward, saved, geometry=geometry)


def convolution_weight_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """The roles of weight and grad are exchanged."""
    input, given = node.saved
    wants = node.needs
    return (
        convolution_input(conjugate(given), grad, node.geometry) if wants[0] else None,
        convolved(conjugate(input), grad, None, node.geometry) if wants[1] else None,
    )


def _kept(first: Tensor, second: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """Each factor is kept where the other's gradient is wanted."""
    return (
        first if second.requires_grad else None,
        second if first.requires_grad else None,
    )


def _over_channels(grad: Tensor, geometry: Geometry) -> Tensor:
    channel = grad.ndim - len(geometry.sizes) - 1
    return grad.sum([axis for axis in range(grad.ndim) if axis != channel])  # type: ignore[no-any-return]


# -- the functions ----------------------------------------------------------------------------------


def _check_kinds(name: str, input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    if input._array.size:  # an empty batch may be of any dtype
        require_kind(name, input, "ifc")
    require_same_kind(name, input, weight, bias)


def _convolve(
    axes: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
) -> Tensor:
    name = f"conv{axes}d"
    shape = judged(f"nn.functional.{name}", input, weight, bias, stride, padding, dilation, groups)
    _check_kinds(name, input, weight, bias)
    kernel, taps_apart = weight._array.shape[2:], each(dilation, axes)
    if padding == "same":  # the odd element, if there is one, is added at the end
        before = tuple(gap * (size - 1) // 2 for gap, size in zip(taps_apart, kernel, strict=True))
    else:
        before = each(0 if padding == "valid" else padding, axes)
    sizes = input._array.shape[-axes:]
    # of a single window no step is taken, however wide it is
    steps = (
        step if count > 1 else 1
        for step, count in zip(each(stride, axes), shape[-axes:], strict=True)
    )
    geometry = Geometry(
        sizes, kernel, tuple(steps), before, taps_apart, tuple(shape[-axes:]), groups
    )
    return convolved(input, weight, bias, geometry)


def _convolve_transposed(
    axes: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
) -> Tensor:
    name = f"conv_transpose{axes}d"
    shape = judged(
        f"nn.functional.{name}",
        *(input, weight, bias, stride, padding, output_padding, groups, dilation),
    )
    _check_kinds(name, input, weight, bias)
    geometry = Geometry(
        tuple(shape[-axes:]),
        weight._array.shape[2:],
        each(stride, axes),
        each(padding, axes),
        each(dilation, axes),
        input._array.shape[-axes:],
        groups,
    )
    made = _apply(input, weight, geometry, convolve_input)
    if bias is not None:
        made += bias._array.reshape(-1, *(1,) * axes)
    saved = _kept(input, weight)
    result = record(made, (input, weight, bias), conv_transpose_backward, saved, geometry=geometry)
    return in_order_of(result, input, weight)


def conv_transpose_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """As of `convolution_input`, and sums for the bias."""
    bias = _over_channels(grad, node.geometry) if node.needs[2] else None
    return (*convolution_input_backward(node, grad), bias)


conv_transpose_backward.__name__ = "convolution_backward"  # as PyTorch names the node


@operation("nn.functional.conv1d", aliases=("conv1d",))
def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """A 1-d convolution; see `conv2d`."""
    return _convolve(1, input, weight, bias, stride, padding, dilation, groups)


@operation("nn.functional.conv2d", aliases=("conv2d",))
def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """A 2-d convolution (cross-correlation).

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
        RuntimeError: the dtypes differ.
    """
    return _convolve(2, input, weight, bias, stride, padding, dilation, groups)


@operation("nn.functional.conv3d", aliases=("conv3d",))
def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """A 3-d convolution; see `conv2d`."""
    return _convolve(3, input, weight, bias, stride, padding, dilation, groups)


@operation("nn.functional.conv_transpose1d", aliases=("conv_transpose1d",))
def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """A transposed 1-d convolution; see `conv_transpose2d`."""
    return _convolve_transposed(
        1, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


@operation("nn.functional.conv_transpose2d", aliases=("conv_transpose2d",))
def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """A transposed 2-d convolution: what a convolution of this geometry maps back.

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
        RuntimeError: the dtypes differ.
    """
    return _convolve_transposed(
        2, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


@operation("nn.functional.conv_transpose3d", aliases=("conv_transpose3d",))
def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """A transposed 3-d convolution; see `conv_transpose2d`."""
    return _convolve_transposed(
        3, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


# -- other forms ------------------------------------------------------------------------------------


@operation("nn.functional.conv_tbc", aliases=("conv_tbc",))
def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: int = 0) -> Tensor:
    """A 1-d convolution of ``(T, N, C_in)`` with a weight ``(K, C_in, C_out)``; see `conv1d`."""
    for name, tensor in (("input", input), ("weight", weight)):
        if tensor_argument("conv_tbc", name, tensor).ndim != 3:
            raise RuntimeError(f"conv_tbc: {name} must have 3 dims, got {tensor.ndim}")
    made = conv1d(input.permute(1, 2, 0), weight.permute(2, 1, 0), bias, padding=pad)
    return made.permute(2, 0, 1).contiguous()  # type: ignore[no-any-return]


@operation()
def convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    transposed: bool,
    output_padding: Any,
    groups: int,
) -> Tensor:
    """Any convolution of ``(N, C, *sizes)``: which one, the rank of the weight and `transposed` say."""
    axes = tensor_argument("convolution", "weight", weight, 2).ndim - 2
    stride = integers("convolution", "stride", stride)
    padding = integers("convolution", "padding", padding)
    dilation = integers("convolution", "dilation", dilation)
    extra = integers("convolution", "output_padding", output_padding)
    if len(extra) not in (1, axes) or min(extra) < 0:
        raise RuntimeError(
            f"convolution: output_padding must be {axes} numbers that are not negative, got {list(extra)}"
        )
    if not 1 <= axes <= 3:
        raise RuntimeError(f"convolution: weight must have 3 to 5 dims, got {weight.ndim}")
    if transposed:
        rest = (output_padding, groups, dilation)
        return _convolve_transposed(axes, input, weight, bias, stride, padding, *rest)
    return _convolve(axes, input, weight, bias, stride, padding, dilation, groups)
