"""Normalization of batches and instances, with running statistics."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import channel_normalizing
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import narrowed, require_no_gradient, widened
from shapetorch.tensor.marks import change
from shapetorch.tensor.memory_order import rows_of
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.normalizing import Groups
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.nn_normalization import check_kinds, normalized, normalized_backward
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, in_rows, wrap
from shapetorch.tensor.writes import check_writable, wrote


def native_batch_norm_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """See `normalized_backward`."""
    return normalized_backward(node, grad)


def _over_channels(input: Tensor, eps: float, axes: Sequence[int]) -> Groups:
    shape = input._array.shape
    affine = (shape[1], *(1,) * (len(shape) - 2))
    return Groups(shape, tuple(axes), affine, float(eps))


def _check_pair(running_mean: Tensor | None, running_var: Tensor | None) -> None:
    if (running_mean is None) != (running_var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")


def _update(running: Tensor | None, batch: Array, momentum: float) -> None:
    """Move a running statistic towards that of a batch, in place."""
    if running is None:
        return
    with grad_mode(False):
        check_writable(running)
    with np.errstate(all="ignore"):
        old = widened(running._array)
        new = old * (1 - momentum) + batch.reshape(old.shape) * momentum
        change(
            running, lambda array: np.copyto(array, new, "unsafe")
        )  # unseen by autograd's counts of writes, as in PyTorch


def _variance(inverse: Array, eps: float, count: int) -> Array:
    """The variance of a sample, from the inverse deviation of the batch."""
    with np.errstate(all="ignore"):
        biased = 1 / np.square(inverse.astype(np.float64)) - eps
        return biased * (count / np.float64(count - 1))


def _with_statistics(
    input: Tensor,
    mean: Tensor,
    variance: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
) -> Tensor:
    """Normalized with statistics from elsewhere, which get no gradient."""
    affine = (-1, *(1,) * (input.ndim - 2))
    kind = input._array.dtype
    with np.errstate(all="ignore"):
        centre = widened(mean._array).reshape(affine)
        inverse = 1 / np.sqrt(widened(variance._array).reshape(affine) + eps)
        scale = inverse if weight is None else inverse * widened(weight._array).reshape(affine)
        shift = -centre * scale
        if bias is not None:
            shift = shift + widened(bias._array).reshape(affine)
        made = channel_normalizing.scaled(widened(input._array), scale, shift)
        if made is None:
            made = widened(input._array) * scale + shift
    return record(
        in_rows(narrowed(made, kind), images=True),
        (input, weight, bias),
        batch_norm_with_statistics_backward,
        (input if weight is not None and weight.requires_grad else None, weight),
        centre=centre.astype(widened(input._array).dtype),
        inverse=inverse.astype(widened(input._array).dtype),
    )


def batch_norm_with_statistics_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """A product with factors that do not depend on the input."""
    input, weight = node.saved
    wants = node.needs
    affine = node.inverse.shape
    inverse = wrap(node.inverse)
    over = [axis for axis in range(grad.ndim) if axis != 1]
    of_input = of_weight = of_bias = None
    if wants[0]:
        factor = inverse if weight is None else inverse * weight.reshape(affine)
        of_input = grad * factor
    if wants[1]:
        of_weight = (grad * (input - wrap(node.centre)) * inverse).sum(over)
    if wants[2]:
        of_bias = grad.sum(over)
    return of_input, of_weight, of_bias


batch_norm_with_statistics_backward.__name__ = "native_batch_norm_backward"


@operation("nn.functional.batch_norm")
def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """Each channel with mean 0 and variance 1 over the batch, times weight, plus bias.

    Args:
        input: ``(N, C, *)``.
        running_mean: ``(C,)``; used when not training, moved towards the batch's when training.
        running_var: ``(C,)``, likewise.
        weight: ``(C,)``.
        bias: ``(C,)``.
        training: Whether the statistics are the batch's.
        momentum: The share of the batch in the running statistics.
        eps: Added to the variance.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_channel_mismatch, norm_error_single_value.
        ValueError: eps is not positive.
    """
    given = (running_mean, running_var, weight, bias)
    judged("nn.functional.batch_norm", input, *given, bool(training))
    if training:
        _check_pair(running_mean, running_var)
    if eps < 0 or (training and eps == 0):
        raise ValueError(f"batch_norm: eps must be positive, got {eps}")
    check_kinds("batch_norm", input, *given)
    require_no_gradient("native_batch_norm", running_mean=running_mean, running_var=running_var)
    if not training:
        assert running_mean is not None, "the rule asks for statistics"
        if running_var is None:
            raise RuntimeError("batch_norm: running_var must be given when not training")
        return _with_statistics(input, running_mean, running_var, weight, bias, eps)
    axes = (0, *range(2, input.ndim))
    groups = _over_channels(input, eps, axes)
    made, mean, inverse = normalized(input, weight, bias, groups, native_batch_norm_backward)
    if running_mean is not None and input._array.size:  # then running_var is given too
        count = input._array.size // max(input._array.shape[1], 1)
        assert mean is not None, "batches are centred"
        _update(running_mean, mean, momentum)
        _update(running_var, _variance(inverse, eps, count), momentum)
    return made


@operation("batch_norm")
def _batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """See `nn.functional.batch_norm`; the weight comes first."""
    return batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


@operation("nn.functional.instance_norm")
def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """Each channel of each item with mean 0 and variance 1, times weight, plus bias.

    Args:
        input: ``(N, C, *)``.
        running_mean: ``(C,)``; used without `use_input_stats`, else moved towards the batch's mean.
        running_var: ``(C,)``, likewise.
        weight: ``(C,)``.
        bias: ``(C,)``.
        use_input_stats: Whether the statistics are the input's.
        momentum: The share of the input in the running statistics.
        eps: Added to the variance.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_channel_mismatch, norm_error_single_value.
    """
    given = (running_mean, running_var, weight, bias)
    judged("nn.functional.instance_norm", input, *given, bool(use_input_stats))
    if use_input_stats:
        _check_pair(running_mean, running_var)
    check_kinds("instance_norm", input, *given)
    require_no_gradient("native_batch_norm", running_mean=running_mean, running_var=running_var)
    if not use_input_stats:
        if running_mean is None or running_var is None:
            raise RuntimeError(
                "instance_norm: running_mean and running_var must be given unless use_input_stats=True"
            )
        return _with_statistics(input, running_mean, running_var, weight, bias, eps)
    groups = _over_channels(input, eps, range(2, input.ndim))
    made, mean, inverse = normalized(input, weight, bias, groups, native_batch_norm_backward)
    if running_mean is not None or running_var is not None:
        assert mean is not None, "instances are centred"
        _update(running_mean, mean.mean(axis=0), momentum)
        each = _variance(inverse, eps, prod(input._array.shape[2:]))
        _update(running_var, each.mean(axis=0), momentum)
        for running in (running_mean, running_var):
            if running is not None:
                wrote(running)
    return rows_of(made)


@operation("instance_norm")
def _instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """See `nn.functional.instance_norm`; the weight comes first."""
    return instance_norm(
        input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps
    )
