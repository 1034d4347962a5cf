"""Normalization of layers and groups, by root mean square, across channels, by size."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import normalizing
from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.axis_maps import apply_adjoint, apply_maps, window_means, window_sums
from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.fast import FLOAT32, FLOAT64
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kernels import TABLE
from shapetorch.tensor.kinds import narrowed, require_kind, title, widened
from shapetorch.tensor.linear_maps import linear_map
from shapetorch.tensor.memory_order import rows_of
from shapetorch.tensor.modes import INFERENCE, MODES
from shapetorch.tensor.normalizing import Groups
from shapetorch.tensor.operations import operation
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, in_rows, wrap

# -- one node for all of them -----------------------------------------------------------------------


def normalized(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, groups: Groups, backward: Any
) -> tuple[Tensor, Array | None, Array]:
    """The normalized input as a recorded operation, with mean and inverse deviation of each group."""
    array = widened(input._array)
    at_once = normalizing.by_kernel(array, _array(weight), _array(bias), groups)
    mean: Array | None
    if at_once is not None:
        made, mean, inverse = at_once
    else:
        with np.errstate(all="ignore"):
            mean, inverse = normalizing.statistics(array, groups)
            made = normalizing.transformed(
                array, _array(weight), _array(bias), groups, mean, inverse
            )
    made = in_rows(narrowed(made, input._array.dtype), images=True)
    flows = input.requires_grad
    keeps_input = flows or (weight is not None and weight.requires_grad)
    saved = (input if keeps_input else None, weight if flows else None)
    result = record(
        made, (input, weight, bias), backward, saved, groups=groups, statistics=(mean, inverse)
    )
    return result, mean, inverse


def _array(tensor: Tensor | None) -> Array | None:
    return None if tensor is None else widened(tensor._array)


def normalized_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """With u the standardized input and g the gradient of it: ``(g - mean(g) - u * mean(g*u)) / sigma``."""
    return _differentiable(node, grad) if MODES.grad else _at_once(node, grad)


def _at_once(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    input, weight = node.saved
    groups: Groups = node.groups
    mean, inverse = node.statistics
    wants = node.needs
    g = widened(grad._array)
    found = None
    if mean is not None and wants[0]:
        x = widened(input._array)
        found = normalizing.gradients_by_kernel(g, x, _array(weight), groups, mean, inverse)
    if found is not None:
        shapes = [meta and meta[0] for meta in node.metas]
        return tuple(
            wrap(item.reshape(shape)) if wanted else None
            for item, shape, wanted in zip(found, shapes, wants, strict=True)
        )
    with np.errstate(all="ignore"):
        of_input = of_weight = of_bias = None
        if input is not None:
            unit = normalizing.standardized(widened(input._array), groups, mean, inverse)
        if wants[0]:
            scaled = g if weight is None else g * widened(weight._array).reshape(groups.affine)
            of_input = wrap(normalizing.input_gradient(scaled, unit, inverse, groups))
        if wants[1]:
            of_weight = wrap(normalizing.summed(g * unit, groups).reshape(node.metas[1][0]))
        if wants[2]:
            of_bias = wrap(normalizing.summed(g, groups).reshape(node.metas[2][0]))
    return of_input, of_weight, of_bias


def _differentiable(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    input, weight = node.saved
    groups: Groups = node.groups
    if input is None:
        return None, None, _sum_to(grad, groups.affine, node.metas[2][0])
    axes = list(groups.axes)
    x = input.reshape(groups.view)
    rest = x - x.mean(axes, True) if groups.centred else x
    inverse = ((rest * rest).mean(axes, True) + groups.eps).rsqrt()
    unit = rest * inverse
    wants = node.needs
    of_input = of_weight = of_bias = None
    if wants[0]:
        g = grad if weight is None else grad * weight.reshape(groups.affine)
        g = g.reshape(groups.view)
        of_input = g - unit * (g * unit).mean(axes, True)
        if groups.centred:
            of_input = of_input - g.mean(axes, True)
        of_input = (of_input * inverse).reshape(input.shape)
    if wants[1]:
        of_weight = _sum_to(grad * unit.reshape(input.shape), groups.affine, node.metas[1][0])
    if wants[2]:
        of_bias = _sum_to(grad, groups.affine, node.metas[2][0])
    return of_input, of_weight, of_bias


def _sum_to(tensor: Tensor, affine: Sequence[int], shape: Sequence[int]) -> Tensor:
    extra = tensor.ndim - len(affine)
    axes = [*range(extra), *(extra + place for place, size in enumerate(affine) if size == 1)]
    return (tensor.sum(axes) if axes else tensor).reshape(shape)  # type: ignore[no-any-return]


def native_layer_norm_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """See `normalized_backward`."""
    return normalized_backward(node, grad)


def fused_rms_norm_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """See `normalized_backward`."""
    return normalized_backward(node, grad)


def native_group_norm_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """See `normalized_backward`."""
    return normalized_backward(node, grad)


def check_kinds(name: str, input: Tensor, *others: Tensor | None) -> None:
    """Parameters have the input's dtype; those of float16 and bfloat16 may be float32."""
    for other in others:
        if other is None or other._array.dtype == input._array.dtype:
            continue
        if input._array.dtype in NARROW and other._array.dtype == np.float32:
            continue
        raise RuntimeError(
            f"{name}: mixed dtypes, all inputs must have one, got {title(input)} and {title(other)}"
        )
    require_kind(name, input)


# -- layers -----------------------------------------------------------------------------------------


def _over_last(input: Tensor, normalized_shape: Any, eps: float, centred: bool = True) -> Groups:
    shape = tuple(normalized_shape)
    rank = input.ndim
    axes = tuple(range(rank - len(shape), rank))
    return Groups(input._array.shape, axes, shape, float(eps), centred)


def _small_layer_norm(
    input: Any, normalized_shape: Any, weight: Any, bias: Any, eps: float
) -> Tensor | None:
    """The layer norm of a matrix where nothing needs a gradient, by a kernel; None otherwise."""
    kernel = TABLE.get("layer_norm_rows")
    if kernel is None or input.__class__ is not Tensor or input._meta is not None or INFERENCE:
        return None
    array = input._array
    kind = array.dtype
    if array.ndim != 2 or (kind is not FLOAT32 and kind is not FLOAT64) or not array.size:
        return None
    width = array.shape[1]
    if tuple(normalized_shape) != (width,) or not array.flags.c_contiguous:
        return None
    parameters = []
    for item in (weight, bias):
        if item is None:
            if weight is None and bias is not None:
                return None
            parameters.append(NOTHING[kind])
            continue
        if item.__class__ is not Tensor or item._meta is not None:
            return None
        values = item._array
        if values.shape != (width,) or values.dtype is not kind or not values.flags.c_contiguous:
            return None
        parameters.append(values)
    made = np.empty_like(array)
    scratch = np.empty((2, len(array)), kind)
    kernel(array, *parameters, eps, made, scratch[0], scratch[1])
    return wrap(made)


NOTHING = {kind: np.empty(0, kind) for kind in (FLOAT32, FLOAT64)}
"""What stands for a weight or bias that is not there."""


@operation("nn.functional.layer_norm")
def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
) -> Tensor:
    """The input with mean 0 and variance 1 over its last dims, times weight, plus bias.

    Args:
        input: ``(*, *normalized_shape)``.
        normalized_shape: The sizes of the last dims.
        weight: Of that shape.
        bias: Of that shape.
        eps: Added to the variance.

    Raises:
        ShapeError: norm_error_shape_mismatch.
        RuntimeError: the dtypes differ.
    """
    quick = _small_layer_norm(input, normalized_shape, weight, bias, eps)
    if quick is not None:
        return quick
    judged("nn.functional.layer_norm", input, normalized_shape, weight, bias)
    check_kinds("layer_norm", input, weight, bias)
    groups = _over_last(input, normalized_shape, eps)
    return rows_of(normalized(input, weight, bias, groups, native_layer_norm_backward)[0])


@operation("layer_norm")
def _layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
    cudnn_enable: bool = True,
) -> Tensor:
    """See `nn.functional.layer_norm`."""
    return layer_norm(input, normalized_shape, weight, bias, eps)


@operation("nn.functional.rms_norm", aliases=("rms_norm",))
def rms_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:
    """``x / sqrt(mean(x*x) + eps) * weight`` over the last dims; eps is the dtype's if not given.

    Raises:
        ShapeError: norm_error_shape_mismatch.
    """
    judged("nn.functional.rms_norm", input, normalized_shape, weight)
    require_kind("rms_norm", input, "fc")
    if eps is None:  # of the dtype that is computed in
        eps = float(np.finfo(widened(input._array[:0]).dtype).eps)
    groups = _over_last(input, normalized_shape, eps, centred=False)
    if not input.dtype.is_complex:
        return normalized(input, weight, None, groups, fused_rms_norm_backward)[0]
    square = (input * input).mean(list(groups.axes), True)
    made = input * (square + eps).rsqrt()
    return made if weight is None else made * weight  # type: ignore[no-any-return]


@operation("nn.functional.group_norm")
def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
) -> Tensor:
    """The input with mean 0 and variance 1 in each group of channels, times weight, plus bias.

    Args:
        input: ``(N, C, *)``.
        num_groups: Divides C.
        weight: ``(C,)``.
        bias: ``(C,)``.
        eps: Added to the variance.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_groups, norm_error_channel_mismatch,
            norm_error_single_value.
    """
    judged("nn.functional.group_norm", input, num_groups, weight, bias)
    check_kinds("group_norm", input, weight, bias)
    batch, channels = input._array.shape[:2]
    each = channels // num_groups * prod(input._array.shape[2:])
    affine = (channels, *(1,) * (input.ndim - 2))
    groups = Groups((batch, num_groups, each), (2,), affine, float(eps))
    return normalized(input, weight, bias, groups, native_group_norm_backward)[0]


@operation("group_norm")
def _group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
    cudnn_enabled: bool = True,
) -> Tensor:
    """See `nn.functional.group_norm`."""
    return group_norm(input, num_groups, weight, bias, eps)


# -- by size ----------------------------------------------------------------------------------------


@operation("nn.functional.local_response_norm")
def local_response_norm(
    input: Tensor, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1.0
) -> Tensor:
    """The input divided by ``(k + alpha * mean of squares) ** beta`` over `size` neighbouring channels."""
    judged("nn.functional.local_response_norm", input, size)
    if size < 1:
        raise RuntimeError(f"local_response_norm: size must be at least 1, got {size}")
    if not input._array.size:
        return input
    require_kind("local_response_norm", input, "if")
    channels = input._array.shape[1]
    whole = input._array.dtype.kind in "iu"
    row = (channels, size, 1, size // 2, channels)
    maps = [window_sums(*row) if whole else window_means(*row, True)]

    def along(function: Any) -> Any:
        return lambda array: np.ascontiguousarray(
            np.moveaxis(function(np.moveaxis(array, 1, -1), maps), -1, 1)
        )

    means = linear_map("avg_pool3D", input * input, along(apply_maps), along(apply_adjoint))
    if whole:  # means of integers are integers
        means = wrap(means._array // size)
    return input / (means * alpha + k).pow(beta)  # type: ignore[no-any-return]


@operation("nn.functional.normalize")
def normalize(
    input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Tensor | None = None
) -> Tensor:
    """The input divided by its norm along `dim`, which counts as `eps` at least.

    Args:
        input: Of any shape.
        p: The exponent of the norm.
        dim: The dim or dims along which the norm is taken.
        eps: What the norm is at least.
        out: Where to write the result.
    """
    require_kind("linalg.vector_norm", tensor_argument("normalize", "input", input), "fc")
    judged("nn.functional.normalize", input, p, dim)
    denominator = input.norm(p, dim, keepdim=True).clamp_min(eps)
    if out is None:
        return input / denominator  # type: ignore[no-any-return]
    return input.div(denominator, out=out)  # type: ignore[no-any-return]
