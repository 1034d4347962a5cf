"""Losses against class labels: likelihoods and cross entropy."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.arguments import integer, tensor_argument
from shapetorch.tensor.fused_losses import fused_cross_entropy
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import (
    narrowed,
    require_kind,
    require_no_gradient,
    require_same_kind,
    title,
    widened,
)
from shapetorch.tensor.linear_maps import linear_map
from shapetorch.tensor.loss_reductions import chosen, reduced
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import operation
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


@dataclass(frozen=True)
class Labels:
    """Labels, ready for arrays in which the classes lie on axis 1.

    Attributes:
        rows: The shape ``(N, C, rest)`` in which input is seen.
        places: Where the labels' elements lie in such an array, counted from its start,
            ``(N, rest)``; those of class 0 where ignored.
        weight: Of each label, ``(N, rest)``; 0 where ignored.
        ignored: Which labels are ignored, ``(N, rest)``.
        some_ignored: Whether any is.
        shape: Of the losses.
    """

    rows: tuple[int, int, int]
    places: Array
    weight: Array
    ignored: Array
    some_ignored: bool
    shape: tuple[int, ...]

    @property
    def total(self) -> Any:
        """What a mean is divided by."""
        return self.weight.sum(dtype=self.weight.dtype)


def read_labels(
    name: str, input: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int
) -> Labels:
    """The labels of a call whose shapes are right.

    Raises:
        RuntimeError: they are no integers.
        IndexError: one is no class.
    """
    if target._array.dtype not in (np.dtype(np.int64), np.dtype(np.uint8)):
        raise RuntimeError(f"{name}: expected scalar type Long but found {title(target)}")
    if input.ndim == 1:
        rows = (1, input._array.shape[0], 1)
    else:
        rows = (*input._array.shape[:2], prod(input._array.shape[2:]))
    labels = target._array.astype(np.int64, copy=False).reshape(rows[0], rows[2])
    ignored = labels == ignore_index
    some_ignored = bool(ignored.any())
    index = np.where(ignored, 0, labels) if some_ignored else labels
    if index.size and (index.min() < 0 or index.max() >= rows[1]):
        wrong = labels[~ignored & ((labels < 0) | (labels >= rows[1]))]
        if wrong.size:  # without classes, the 0 that stands for an ignored label is too large
            raise IndexError(f"Target {int(wrong[0])} is out of bounds.")
    kind = widened(input._array[:0]).dtype
    if weight is None or not rows[1]:
        weights = np.ones(labels.shape, kind)
    else:
        weights = widened(weight._array).astype(kind, copy=False)[index]
    if some_ignored:
        weights = np.where(ignored, kind.type(0), weights)
    starts = np.arange(rows[0])[:, None] * (rows[1] * rows[2])
    return Labels(
        rows,
        starts + index * rows[2] + np.arange(rows[2]),
        weights,
        ignored,
        some_ignored,
        () if input.ndim == 1 else target._array.shape,
    )


def _check_weight(name: str, input: Tensor, weight: Tensor | None) -> None:
    require_kind(name, input)
    require_same_kind(name, input, weight)
    require_no_gradient(name, weight=weight)


_IGNORED = -100
"""The label that is ignored unless another one is named."""


@operation("nn.functional.nll_loss")
def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-probabilities of the labels.

    Args:
        input: Log-probabilities ``(C,)``, ``(N, C)`` or ``(N, C, *)``.
        target: Labels ``()``, ``(N,)`` or ``(N, *)``.
        weight: Of each class, ``(C,)``.
        size_average: Older form of `reduction`.
        ignore_index: A label that counts nothing.
        reduce: Older form of `reduction`.
        reduction: none, mean (weighted) or sum.

    Raises:
        ShapeError: loss_error_batch_mismatch, loss_error_shape_mismatch, loss_error_reduction.
        IndexError: a label is no class.
    """
    reduction = chosen(reduction, size_average, reduce)
    if ignore_index != _IGNORED:
        integer("nll_loss", "ignore_index", ignore_index)
    judged(
        "nn.functional.nll_loss",
        *(input, target, weight, None, ignore_index, None, reduction),
    )
    _check_weight("nll_loss", input, weight)
    made = _nll_by_kernel(input, target, weight, ignore_index, reduction)
    if made is not None:
        return made
    labels = read_labels("nll_loss", input, target, weight, ignore_index)
    with np.errstate(all="ignore"):
        is_mean = reduction == "mean" and labels.total  # without labels there is no slope
        factor = labels.weight / labels.total if is_mean else labels.weight
    shape = input._array.shape

    def forward(array: Array) -> Array:
        picked = _picked(array, labels)
        each = np.where(labels.ignored, picked.dtype.type(0), -picked * factor)
        if reduction == "none":
            return each.reshape(labels.shape)
        total = np.asarray(each.sum())
        return total if labels.total or reduction == "sum" else total * np.nan

    def adjoint(grad: Array) -> Array:
        made = np.zeros(shape, grad.dtype)
        each = -factor * (grad if grad.ndim == 0 or grad.size == 1 else grad.reshape(factor.shape))
        if labels.some_ignored:
            each = np.where(labels.ignored, grad.dtype.type(0), each)
        if labels.rows[1]:
            made.reshape(-1)[labels.places] = each
        return made

    return linear_map("nll_loss", input, forward, adjoint)


def _nll_by_kernel(
    input: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int, reduction: str
) -> Tensor | None:
    """`nll_loss` by a kernel; None if there is none, or it is not for this call."""
    array, labels = input._array, target._array
    kernel = kernels.find("nll_losses", array, 1)
    if kernel is None or labels.dtype != np.int64 or not array.flags.c_contiguous:
        return None
    rows = (*array.shape[:2], prod(array.shape[2:])) if array.ndim > 1 else (1, array.size, 1)
    shape, kind = array.shape, array.dtype
    places = np.ascontiguousarray(labels).reshape(rows[0], rows[2])
    weights = np.empty(0, kind) if weight is None else np.ascontiguousarray(weight._array)
    losses = np.empty(places.shape, kind)
    is_right, total, counted = kernel(array.reshape(rows), places, weights, ignore_index, losses)
    if not is_right or (reduction == "mean" and not counted):
        return None
    divisor = kind.type(counted if reduction == "mean" else 1)
    spread: Any = kernels.find("nll_slopes", array, 1)

    def reduced(losses: Array, total: float) -> Array:
        if reduction == "none":
            return losses.reshape(() if len(shape) == 1 else labels.shape)
        return np.array(total / float(divisor), kind)

    def forward(array: Array) -> Array:
        losses = np.empty(places.shape, kind)
        scores = np.ascontiguousarray(array).reshape(rows)
        _, total, _ = kernel(scores, places, weights, ignore_index, losses)
        return reduced(losses, total)

    def adjoint(grad: Array) -> Array:
        made = np.zeros(shape, kind)
        given = np.ascontiguousarray(grad).reshape((1, 1) if grad.size == 1 else places.shape)
        spread(given, places, weights, ignore_index, divisor, made.reshape(rows))
        return made

    return linear_map("nll_loss", input, forward, adjoint, reduced(losses, total))


def _picked(array: Array, labels: Labels) -> Array:
    if not labels.rows[1]:
        return np.zeros((labels.rows[0], labels.rows[2]), array.dtype)
    return array.reshape(-1)[labels.places]


# -- cross entropy ----------------------------------------------------------------------------------


@operation("nn.functional.cross_entropy")
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Minus the log-probabilities of the labels under ``softmax(input)``.

    Args:
        input: Logits ``(C,)``, ``(N, C)`` or ``(N, C, *)``.
        target: Labels ``()``, ``(N,)`` or ``(N, *)``; or probabilities of the shape of `input`.
        weight: Of each class, ``(C,)``.
        size_average: Older form of `reduction`.
        ignore_index: A label that counts nothing.
        reduce: Older form of `reduction`.
        reduction: none, mean (weighted) or sum.
        label_smoothing: The share of the target that is spread over all classes.

    Raises:
        ShapeError: loss_error_batch_mismatch, loss_error_shape_mismatch, loss_error_reduction.
        IndexError: a label is no class.
    """
    tensor_argument("cross_entropy", "input", input)
    tensor_argument("cross_entropy", "target", target, 2)
    if ignore_index != _IGNORED:
        integer("cross_entropy", "ignore_index", ignore_index)
    if weight is None and not label_smoothing and size_average is reduce is None:
        quick = fused_cross_entropy(input, target, ignore_index, reduction)
        if quick is not None:
            return quick
    if target._array.shape != input._array.shape:
        require_kind("log_softmax", input)
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.cross_entropy",
        *(input, target, weight, None, ignore_index, None, reduction, label_smoothing),
    )
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(
            f"cross_entropy: label_smoothing must be between 0.0 and 1.0, got {label_smoothing}"
        )
    if target._array.shape == input._array.shape:
        return _with_probabilities(input, target, weight, ignore_index, reduction, label_smoothing)
    _check_weight("cross_entropy", input, weight)
    labels = read_labels("cross_entropy", input, target, weight, ignore_index)
    return _with_labels(input, weight, labels, reduction, label_smoothing)


def _with_probabilities(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    ignore_index: int,
    reduction: str,
    smoothing: float,
) -> Tensor:
    if not target.dtype.is_floating_point:
        raise RuntimeError(
            f"Expected floating point type for target with class probabilities, got {title(target)}"
        )
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    axis = 0 if input.ndim == 1 else 1
    classes = input._array.shape[axis]
    if smoothing > 0:
        target = target * (1 - smoothing) + smoothing / classes
    loss = -input.log_softmax(axis) * target
    if weight is not None:
        loss = loss * weight.reshape((1,) * axis + (-1,) + (1,) * (input.ndim - axis - 1))
    if reduction != "mean":
        return reduced(loss.sum(axis), reduction)
    count = input._array.size // max(classes, 1)
    return loss.sum() / count if count else loss.sum() / 0.0  # type: ignore[no-any-return]


@dataclass(frozen=True)
class _Smoothed:
    """The distribution that cross entropy is taken to: ``sharp`` at the label, ``flat`` everywhere.

    Attributes:
        sharp: The weight of the label, ``(N, rest)``.
        flat: The weights of all classes, ``(1, C, 1)``; None without smoothing.
        total: All of them together, ``(N, rest)``.
    """

    sharp: Array
    flat: Array | None
    total: Array


def _distribution(
    labels: Labels, weight: Tensor | None, smoothing: float, divisor: Any
) -> _Smoothed:
    kind = labels.weight.dtype.type
    sharp = labels.weight / kind(divisor) if divisor is not None else labels.weight
    if not smoothing:
        return _Smoothed(sharp, None, sharp)
    classes = labels.rows[1]
    flat = np.ones(classes, labels.weight.dtype)
    if weight is not None:
        flat = widened(weight._array).astype(labels.weight.dtype)
    flat = flat * kind(smoothing / classes)
    if divisor is not None:
        flat = flat / kind(divisor)
    sharp = sharp * kind(1 - smoothing)
    total = np.where(labels.ignored, kind(0), sharp + flat.sum())
    return _Smoothed(sharp, flat.reshape(1, classes, 1), total)


def _log_sum(array: Array) -> tuple[Array, Array]:
    """The logarithm of the sum of exponentials over axis 1, kept as a size of 1, in two parts.

    Added up, the second would be lost beside a large first.
    """
    largest = array.max(axis=1, keepdims=True, initial=-np.inf)
    largest = np.where(np.isfinite(largest), largest, array.dtype.type(0))
    return largest, np.log(np.exp(array - largest).sum(axis=1, keepdims=True))


def _with_labels(
    input: Tensor, weight: Tensor | None, labels: Labels, reduction: str, smoothing: float
) -> Tensor:
    """One node: the log-softmax of the logits is only taken where it counts."""
    logits = widened(input._array).reshape(labels.rows)
    with np.errstate(all="ignore"):
        wanted = _distribution(
            labels, weight, smoothing, (labels.total or 1) if reduction == "mean" else None
        )
        largest, rest = _log_sum(logits)
        each = wanted.sharp * ((largest[:, 0] - _picked(logits, labels)) + rest[:, 0])
        if wanted.flat is not None:
            each = each + (((largest - logits) + rest) * wanted.flat).sum(axis=1)
        if labels.some_ignored:
            each = np.where(labels.ignored, logits.dtype.type(0), each)
        made = each.reshape(labels.shape) if reduction == "none" else np.asarray(each.sum())
        if reduction == "mean" and not labels.total:
            made = made * np.nan
    return record(
        narrowed(made, input._array.dtype),
        (input,),
        cross_entropy_backward,
        (input,),
        labels=labels,
        wanted=wanted,
        log_sum=(largest, rest),
        reduction=reduction,
    )


def cross_entropy_backward(node: Any, grad: Tensor) -> Tensor:
    """``softmax(x) * sum(q) - q``, q being the wanted distribution."""
    (input,) = node.saved
    labels: Labels = node.labels
    wanted: _Smoothed = node.wanted
    if MODES.grad:
        return _differentiable(input, grad, labels, wanted, node.reduction)
    given = widened(grad._array)
    each = given if given.ndim == 0 else given.reshape(labels.rows[0], 1, labels.rows[2])
    with np.errstate(all="ignore"):
        logits = widened(input._array).reshape(labels.rows)
        largest, rest = node.log_sum
        made = np.subtract(logits, largest, order="C")  # places are counted in this order
        made -= rest
        np.exp(made, out=made)
        made *= wanted.total[:, None, :]
        if wanted.flat is not None:
            made -= np.where(labels.ignored[:, None, :], 0, wanted.flat)
        _subtract_labels(made, labels, wanted.sharp)
        made *= each
        if labels.some_ignored:
            made[np.broadcast_to(labels.ignored[:, None, :], made.shape)] = 0
    return wrap(made.reshape(input._array.shape))


def _subtract_labels(made: Array, labels: Labels, sharp: Array) -> None:
    if labels.rows[1]:
        made.reshape(-1)[labels.places] -= sharp


def _differentiable(
    input: Tensor, grad: Tensor, labels: Labels, wanted: _Smoothed, reduction: str
) -> Tensor:
    """The same in operations of tensors."""
    constant = np.zeros(labels.rows, wanted.sharp.dtype)
    if wanted.flat is not None:
        constant += np.where(labels.ignored[:, None, :], 0, wanted.flat)
    _subtract_labels(constant, labels, -wanted.sharp)
    constant = np.where(labels.ignored[:, None, :], 0, constant)
    chance = input.reshape(labels.rows).softmax(1)
    each = grad if grad.ndim == 0 else grad.reshape(labels.rows[0], 1, labels.rows[2])
    made = (chance * wrap(wanted.total[:, None, :]) - wrap(constant)) * each
    return made.reshape(input.shape)  # type: ignore[no-any-return]


cross_entropy_backward.__name__ = "nll_loss_backward"  # as PyTorch names the node
