"""What training for quantized models needs: numbers rounded to those that few bits can hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integer, tensor_argument
from shapetorch.tensor.histories import recording
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind, title
from shapetorch.tensor.operations import operation
from shapetorch.tensor.signatures import is_real, is_scalar, is_whole, type_name
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


def _check_range(low: int, high: int, zero: Array) -> None:
    low, high = (
        integer("fake_quantize", "quant_min", low),
        integer("fake_quantize", "quant_max", high),
    )
    if low > high:
        raise RuntimeError(
            f"fake_quantize: quant_min should be less than or equal to quant_max, got {low} and {high}"
        )
    if zero.size and (zero.min() < low or zero.max() > high):
        raise RuntimeError("`zero_point` must be between `quant_min` and `quant_max`.")


def _rounded(input: Tensor, scale: Array, zero: Array, low: int, high: int) -> Tensor:
    kind = input._array.dtype
    array = input._array.astype(np.float32) if kind.itemsize == 2 else input._array
    scale = scale.astype(np.float32)  # whatever the dtype of the numbers is
    with np.errstate(all="ignore"):
        steps = np.rint(array * (1 / scale).astype(array.dtype) + zero)
        inside = np.fmin(np.fmax(steps, low), high)  # NaN is the lowest step
        made = (inside - zero).astype(np.float32) * scale
    kept = (steps >= low) & (steps <= high)
    return record(made.astype(kind), (input,), fake_quantize_backward, kept=kept)


def fake_quantize_backward(node: Any, grad: Tensor) -> Tensor:
    """As if nothing were rounded, and nothing where a number lies outside of the range."""
    return grad * wrap(node.kept.astype(grad._array.dtype))


@operation()
def fake_quantize_per_tensor_affine(
    input: Tensor, scale: Any, zero_point: Any, quant_min: int, quant_max: int
) -> Tensor:
    """``(clamp(round(input / scale + zero_point), quant_min, quant_max) - zero_point) * scale``.

    Args:
        input: Floating.
        scale: The step, a number or a tensor of one.
        zero_point: The step that is zero.
        quant_min: The first step.
        quant_max: The last step.

    Raises:
        RuntimeError: `zero_point` is not in the range, or the range is empty.
    """
    tensor_argument("fake_quantize_per_tensor_affine", "input", input)
    both = (scale, zero_point)
    are_tensors = all(isinstance(item, Tensor) and is_scalar(item) for item in both)
    are_numbers = is_real(scale) and is_whole(zero_point)
    if not are_tensors and (not are_numbers or any(isinstance(item, Tensor) for item in both)):
        raise TypeError(
            "fake_quantize_per_tensor_affine(): arguments 'scale' and 'zero_point' must be a float and an int, "
            f"or tensors of one element, not {type_name(scale)} and {type_name(zero_point)}"
        )
    if are_numbers:
        zero_point = integer("fake_quantize_per_tensor_affine", "zero_point", zero_point)
    judged("fake_quantize_per_tensor_affine", input, scale, zero_point, quant_min, quant_max)
    require_kind("fake_quantize", input)
    step, zero = (
        np.asarray(item._array if isinstance(item, Tensor) else item).reshape(())
        for item in (scale, zero_point)
    )
    _check_range(quant_min, quant_max, zero)
    return _rounded(input, step, zero, quant_min, quant_max)


@operation()
def fake_quantize_per_channel_affine(
    input: Tensor, scale: Tensor, zero_point: Tensor, axis: int, quant_min: int, quant_max: int
) -> Tensor:
    """As `fake_quantize_per_tensor_affine`, with a scale for each part along a dim.

    Args:
        input: Floating.
        scale: ``(input.shape[axis],)``.
        zero_point: The same, int32 or floating.
        axis: The dim.
        quant_min: The first step.
        quant_max: The last step.

    Raises:
        ShapeError: rank_error_mismatch, argument_error_shape_mismatch, dimension_error_out_of_range.
        RuntimeError: a dtype or a range is wrong.
    """
    tensor_argument("fake_quantize_per_channel_affine", "input", input)
    tensor_argument("fake_quantize_per_channel_affine", "scale", scale, 2)
    tensor_argument("fake_quantize_per_channel_affine", "zero_point", zero_point, 3)
    if scale.dtype.name not in ("float32", "bfloat16"):
        raise RuntimeError(f"Scale must be Float or BFloat16, found {title(scale)}")
    if zero_point.dtype.name not in ("int32", "float32", "float16"):
        raise RuntimeError(f"Zero-point must be Int32, Float or Half, found {title(zero_point)}")
    judged("fake_quantize_per_channel_affine", input, scale, zero_point, axis, quant_min, quant_max)
    require_kind("fake_quantize", input)
    if recording((scale, zero_point)):
        raise RuntimeError(
            "The function 'fake_quantize_per_channel_affine' is not differentiable with respect to argument "
            "'scale' or 'zero_point'. This input cannot have requires_grad True."
        )
    _check_range(quant_min, quant_max, zero_point._array)
    shape = [1] * input.ndim
    shape[axis] = -1
    parts = (scale._array.reshape(shape), zero_point._array.reshape(shape))
    return _rounded(input, *parts, quant_min, quant_max)
