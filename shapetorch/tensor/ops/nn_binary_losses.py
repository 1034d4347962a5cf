"""Losses against probabilities of two classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import narrowed, require_kind, require_no_gradient, title, widened
from shapetorch.tensor.loss_reductions import (
    chosen,
    each_gradient,
    numbered,
    reduced,
    reduced_array,
)
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor

_LEAST_LOG = -100.0
"""What a logarithm is at least, so that a wrong certainty has a finite loss."""


def _check_probabilities(name: str, tensor: Tensor) -> None:
    array = widened(tensor._array)
    with np.errstate(all="ignore"):
        if not ((array >= 0) & (array <= 1)).all():
            raise RuntimeError(
                f"binary_cross_entropy: all elements of {name} should be between 0 and 1"
            )


@operation("nn.functional.binary_cross_entropy")
def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``-(target * log(input) + (1 - target) * log(1 - input))``; a logarithm is at least -100.

    Args:
        input: Probabilities.
        target: Probabilities, of the same shape and dtype.
        weight: Of each element; broadcasts.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.

    Raises:
        ShapeError: loss_error_target_shape, broadcast_error_incompatible_dimensions.
        RuntimeError: something is no probability, or the dtypes differ.
    """
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.binary_cross_entropy",
        *(input, target, weight, None, None, reduction),
    )
    if target._array.dtype != input._array.dtype:
        raise RuntimeError(f"Found dtype {title(target)} but expected {title(input)}")
    require_kind("binary_cross_entropy", input)
    require_no_gradient("binary_cross_entropy", weight=weight)
    _check_probabilities("input", input)
    _check_probabilities("target", target)
    x, t = widened(input._array), widened(target._array)
    with np.errstate(all="ignore"):
        each = (t - 1) * np.maximum(np.log1p(-x), _LEAST_LOG) - t * np.maximum(
            np.log(x), _LEAST_LOG
        )
        if weight is not None:
            each = each * widened(weight._array)
    made = narrowed(reduced_array(each, reduction), input._array.dtype)
    return record(
        made,
        (input, target, weight),
        binary_cross_entropy_backward,
        (input, target, weight),
        reduction=reduction,
        count=each.size,
    )


def binary_cross_entropy_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``(x - t) / (x * (1 - x))`` for the input, the difference of logarithms for the target."""
    input, target, weight = node.saved
    each = each_gradient(grad, node.reduction, node.count)
    each = each if weight is None else each * weight
    of_target = None
    if node.needs[1]:
        of_target = each * (
            (1 - input).log().clamp(min=_LEAST_LOG) - input.log().clamp(min=_LEAST_LOG)
        )
    of_input = each * (input - target) / ((1 - input) * input).clamp(min=1e-12)
    return of_input, of_target, None


# -- logits -----------------------------------------------------------------------------------------


@operation("nn.functional.binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """The binary cross entropy of ``sigmoid(input)``, without loss of accuracy.

    Args:
        input: Logits.
        target: Probabilities, of the same shape.
        weight: Of each element; broadcasts.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.
        pos_weight: Of the positive class; broadcasts.

    Raises:
        ShapeError: loss_error_target_shape, broadcast_error_incompatible_dimensions.
    """
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.binary_cross_entropy_with_logits",
        *(input, target, weight, None, None, reduction, pos_weight),
    )
    return _logits(input, target, weight, pos_weight, reduction)


@operation("binary_cross_entropy_with_logits")
def _native_binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    pos_weight: Tensor | None = None,
    reduction: int = 1,
) -> Tensor:
    """See `nn.functional.binary_cross_entropy_with_logits`; the reduction is 0, 1 or 2."""
    word = numbered("binary_cross_entropy_with_logits", reduction)
    judged(
        "nn.functional.binary_cross_entropy_with_logits",
        *(input, target, weight, None, None, word, pos_weight),
    )
    return _logits(input, target, weight, pos_weight, word)


def _logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    pos_weight: Tensor | None,
    reduction: str,
) -> Tensor:
    require_kind("log_sigmoid", input)
    require_no_gradient("binary_cross_entropy_with_logits", weight=weight, pos_weight=pos_weight)
    if target.dtype.category < input.dtype.category:
        raise RuntimeError(f"result type {title(input)} can't be cast to {title(target)} of target")
    others = [item for item in (target, weight, pos_weight) if item is not None]
    if any(item.requires_grad or item.dtype is not input.dtype for item in others):
        return _logits_by_parts(input, target, weight, pos_weight, reduction)
    x, t = widened(input._array), widened(target._array)
    factor: Any = 1 if pos_weight is None else (widened(pos_weight._array) - 1) * t + 1
    with np.errstate(all="ignore"):
        each = (1 - t) * x + factor * _softplus_of_negative(x)
        if weight is not None:
            each = each * widened(weight._array)
    made = narrowed(reduced_array(each, reduction), input._array.dtype)
    return record(
        made,
        (input,),
        binary_cross_entropy_with_logits_backward,
        (input, target, weight, pos_weight),
        reduction=reduction,
        count=each.size,
    )


def _softplus_of_negative(x: Array) -> Array:
    """``log(1 + exp(-x))`` that neither overflows nor loses small values."""
    return np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x)))


def binary_cross_entropy_with_logits_backward(node: Any, grad: Tensor) -> Tensor:
    """``(1 - t) - factor * (1 - sigmoid(x))``, which is ``sigmoid(x) - t`` without a weight."""
    input, target, weight, pos_weight = node.saved
    each = each_gradient(grad, node.reduction, node.count)
    each = each if weight is None else each * weight
    if pos_weight is None:
        return each * (input.sigmoid() - target)  # type: ignore[no-any-return]
    factor = (pos_weight - 1) * target + 1
    return each * ((1 - target) - factor * (-input).sigmoid())  # type: ignore[no-any-return]


def _logits_by_parts(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    pos_weight: Tensor | None,
    reduction: str,
) -> Tensor:
    """The same as operations, of which each operand gets its gradient."""
    negative = OPERATIONS["nn.functional.logsigmoid"].function(input)
    if pos_weight is not None:
        negative = ((pos_weight - 1) * target + 1) * negative
    loss = ((1 - target) * input - negative).to(target.dtype)
    if weight is not None:
        loss = (loss * weight).to(loss.dtype)
    return reduced(loss, reduction)


@operation("nn.functional.multilabel_soft_margin_loss")
def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The binary cross entropy of logits, averaged over the classes (the last dim)."""
    require_kind("log_sigmoid", tensor_argument("multilabel_soft_margin_loss", "input", input))
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.multilabel_soft_margin_loss",
        *(input, target, weight, None, None, reduction),
    )
    log_sigmoid = OPERATIONS["nn.functional.logsigmoid"].function
    loss = -(target * log_sigmoid(input) + (1 - target) * log_sigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return reduced(loss.sum(-1) / input._array.shape[-1], reduction)
