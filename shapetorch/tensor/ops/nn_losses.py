"""Losses of a prediction against values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import narrowed, require_kind, require_no_gradient, title, widened
from shapetorch.tensor.loss_reductions import (
    chosen,
    each_gradient,
    numbered,
    reduced,
    reduced_array,
    side_by_side,
)
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.pointwise import common_arrays
from shapetorch.tensor.scalars import scalar
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor

# -- losses of the difference -----------------------------------------------------------------------


def _of_difference(
    name: str,
    input: Tensor,
    target: Tensor,
    reduction: str,
    value: Callable[[Array], Array],
    backward: Any,
    **facts: Any,
) -> Tensor:
    """A loss that is a function of ``input - target``, as one node."""
    a, b = common_arrays(name, (input, target), refuses="bic")
    kind = a.dtype
    with np.errstate(all="ignore"):
        each = value(elementwise(np.subtract, widened(a), widened(b)))
        made = narrowed(reduced_array(each, reduction), kind)
    return record(
        made,
        (input, target),
        backward,
        (input, target),
        reduction=reduction,
        count=each.size,
        **facts,
    )


def _both(node: Any, grad: Tensor, slope: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """The slope times the gradient for the input, and its negative for the target."""
    found = slope * each_gradient(grad, node.reduction, node.count)
    wants = node.needs
    return found if wants[0] else None, -found if wants[1] else None


def mse_loss_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """The slope of ``d**2``."""
    input, target = node.saved
    return _both(node, grad, (input - target) * 2)


def l1_loss_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """The slope of ``abs(d)``."""
    input, target = node.saved
    return _both(node, grad, (input - target).sign())


def smooth_l1_loss_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """The slope of a parabola that goes on as lines."""
    input, target = node.saved
    return _both(node, grad, ((input - target) / node.beta).clamp(-1, 1))


def huber_loss_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """The slope of a parabola that goes on as lines."""
    input, target = node.saved
    return _both(node, grad, (input - target).clamp(-node.delta, node.delta))


def _weighted(loss: Tensor, weight: Tensor, reduction: str) -> Tensor:
    made = loss * weight
    if reduction == "mean":
        return made.sum() / weight.sum()  # type: ignore[no-any-return]
    return made if reduction == "none" else made.sum()


@operation("nn.functional.mse_loss")
def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """``(input - target) ** 2``, reduced: none, mean or sum; a weighted mean if weights are given."""
    reduction = chosen(reduction, size_average, reduce)
    judged("nn.functional.mse_loss", input, target, None, None, reduction, weight)
    input, target = side_by_side(input, target)
    if weight is not None:
        return _weighted((input - target).pow(2), weight, reduction)
    return _of_difference("mse_loss", input, target, reduction, np.square, mse_loss_backward)


@operation("nn.functional.l1_loss")
def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """``abs(input - target)``, reduced: none, mean or sum; a weighted mean if weights are given."""
    reduction = chosen(reduction, size_average, reduce)
    judged("nn.functional.l1_loss", input, target, None, None, reduction, weight)
    input, target = side_by_side(input, target)
    if weight is not None:
        return _weighted((input - target).abs(), weight, reduction)
    if not (input.dtype.is_floating_point and target.dtype.is_floating_point):
        return reduced((input - target).abs(), reduction)
    return _of_difference("l1_loss", input, target, reduction, np.abs, l1_loss_backward)


@operation("nn.functional.smooth_l1_loss")
def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """``d**2 / (2*beta)`` where ``d = abs(input - target)`` is below beta, ``d - beta/2`` above."""
    reduction = chosen(reduction, size_average, reduce)
    judged("nn.functional.smooth_l1_loss", input, target, None, None, reduction, beta)
    if beta < 0:
        raise RuntimeError(f"smooth_l1_loss: beta must not be negative, got {beta}")
    input, target = side_by_side(input, target)
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)

    def value(difference: Array) -> Array:
        d = np.abs(difference)
        return np.where(d < beta, d * d * (0.5 / beta), d - 0.5 * beta).astype(d.dtype, copy=False)

    return _of_difference(
        "smooth_l1_loss", input, target, reduction, value, smooth_l1_loss_backward, beta=beta
    )


@operation("nn.functional.huber_loss")
def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """``d**2 / 2`` where ``d = abs(input - target)`` is below delta, ``delta * (d - delta/2)`` above."""
    reduction = chosen(reduction)
    judged("nn.functional.huber_loss", input, target, reduction, delta, weight)
    if delta <= 0:
        raise RuntimeError(f"huber_loss: delta must be greater than 0, got {delta}")
    input, target = side_by_side(input, target)
    require_kind("huber_loss", input)
    if target.dtype.is_complex:
        raise RuntimeError(f"result type {title(target)} can't be cast to {title(input)}")
    if weight is not None:
        return reduced(huber_loss(input, target, "none", delta) * weight, reduction)

    def value(difference: Array) -> Array:
        d = np.abs(difference)
        made = np.where(d < delta, d * d * 0.5, delta * (d - 0.5 * delta))
        return made.astype(d.dtype, copy=False)

    made = _of_difference(
        "huber_loss", input, target, reduction, value, huber_loss_backward, delta=delta
    )
    return made if made.dtype is input.dtype else made.to(input.dtype)


# -- likelihoods ------------------------------------------------------------------------------------


@operation("nn.functional.poisson_nll_loss")
def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-08,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``exp(input) - target * input`` (or ``input - target * log(input + eps)``), up to a constant.

    Args:
        input: The rate, or its logarithm.
        target: The counts.
        log_input: Whether `input` is the logarithm.
        full: Whether Stirling's approximation of the constant is added.
        size_average: Older form of `reduction`.
        eps: Keeps the logarithm finite.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.
    """
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.poisson_nll_loss",
        *(input, target, log_input, full, None, eps, None, reduction),
    )
    return _poisson(input, target, log_input, full, eps, reduction)


@operation("poisson_nll_loss")
def _native_poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float, reduction: int
) -> Tensor:
    """See `nn.functional.poisson_nll_loss`; the reduction is 0, 1 or 2."""
    judged("nn.functional.poisson_nll_loss", input, target)
    return _poisson(input, target, log_input, full, eps, numbered("poisson_nll_loss", reduction))


def _poisson(
    input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float, reduction: str
) -> Tensor:
    loss = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        constant = target * target.log() - target + (target * (2 * math.pi)).log() * 0.5
        loss = loss + constant.masked_fill(target <= 1, 0)
    return reduced(loss, reduction)


def _variance(input: Tensor, var: Tensor | float, eps: float) -> Tensor:
    """The variances, at least `eps`, in a shape that broadcasts to the input."""
    if not isinstance(var, Tensor):
        if var < 0:
            raise ValueError("gaussian_nll_loss: var must not be negative")
        var = cast(Tensor, OPERATIONS["ones_like"].function(input) * var)
    if (widened(var._array) < 0).any():
        raise ValueError("gaussian_nll_loss: var must not be negative")
    if eps != int(eps):  # an integer cannot be made that small
        require_kind("gaussian_nll_loss", var)
    is_short = var.shape != input.shape and var.shape == input.shape[:-1]
    spread: Tensor = (var.unsqueeze(-1) if is_short else var).clone()
    with grad_mode(False):  # what is clamped keeps its slope
        spread.clamp_(min=eps)
    return spread


@operation("nn.functional.gaussian_nll_loss")
def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-06,
    reduction: str = "mean",
) -> Tensor:
    """``(log(var) + (input - target)**2 / var) / 2``, up to a constant.

    Args:
        input: The means.
        target: Samples.
        var: The variances: of the input's shape, or with a last size of 1 or without it.
        full: Whether the constant is added.
        eps: What the variance is at least.
        reduction: none, mean or sum.

    Raises:
        ValueError: a variance is negative.
    """
    tensor_argument("gaussian_nll_loss", "input", input)
    require_kind("gaussian_nll_loss", var if isinstance(var, Tensor) else input, "bif")
    reduction = chosen(reduction)
    judged("nn.functional.gaussian_nll_loss", input, target, var, full, eps, reduction)
    spread = _variance(input, var, eps)
    loss = 0.5 * (spread.log() + (input - target) ** 2 / spread)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    return reduced(loss, reduction)


def _divergence(input: Tensor, target: Tensor, reduction: str, log_target: bool) -> Tensor:
    for tensor in (input, target):
        if not tensor.dtype.is_floating_point:
            word = "Complex" if tensor.dtype.is_complex else "Integral"
            raise RuntimeError(f"kl_div: {word} inputs not supported.")
    if log_target:
        loss = target.exp() * (target - input)
    else:
        loss = OPERATIONS["xlogy"].function(target, target) - target * input
    if reduction == "batchmean":
        made = loss.sum()
        return made / input._array.shape[0] if input.ndim else made  # type: ignore[no-any-return]
    return reduced(loss, reduction)


@operation("nn.functional.kl_div")
def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """``target * (log(target) - input)``: how far log-probabilities are from a target.

    Args:
        input: Log-probabilities.
        target: Probabilities, or their logarithms.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean, sum or batchmean (the sum over the size of the first dim).
        log_target: Whether the target holds logarithms.
    """
    reduction = chosen(reduction, size_average, reduce)
    judged("nn.functional.kl_div", input, target, None, None, reduction)
    return _divergence(input, target, reduction, log_target)


@operation("kl_div")
def _native_kl_div(
    input: Tensor, target: Tensor, reduction: int = 1, *, log_target: bool = False
) -> Tensor:
    """See `nn.functional.kl_div`; the reduction is 0, 1 or 2."""
    judged("kl_div", input, target, reduction)
    return _divergence(input, target, numbered("kl_div", reduction), log_target)


# -- margins of labels 1 and -1 ---------------------------------------------------------------------


@operation("nn.functional.soft_margin_loss")
def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``log(1 + exp(-target * input))`` for labels 1 and -1."""
    reduction = chosen(reduction, size_average, reduce)
    judged("nn.functional.soft_margin_loss", input, target, None, None, reduction)
    require_kind("soft_margin_loss", input, "fc")
    require_no_gradient("soft_margin_loss", target=target)
    if target.dtype.category > input.dtype.category:
        raise RuntimeError(f"result type {title(target)} can't be cast to {title(input)}")
    label = target.to(input.dtype)
    return reduced((-label * input).exp().log1p(), reduction)


@operation("nn.functional.hinge_embedding_loss")
def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``input`` for the label 1, ``max(0, margin - input)`` for -1."""
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.hinge_embedding_loss",
        *(input, target, margin, None, None, reduction),
    )
    return _hinge(input, target, margin, reduction)


@operation("hinge_embedding_loss")
def _native_hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: float = 1.0, reduction: int = 1
) -> Tensor:
    """See `nn.functional.hinge_embedding_loss`; the reduction is 0, 1 or 2."""
    judged("hinge_embedding_loss", input, target, margin, reduction)
    return _hinge(input, target, margin, numbered("hinge_embedding_loss", reduction))


def _hinge(input: Tensor, target: Tensor, margin: float, reduction: str) -> Tensor:
    require_kind("hinge_embedding_loss", input, "if")
    margin = float(margin)
    least = margin if input.dtype.is_floating_point else int(margin)
    if margin.__class__ is float:
        scalar(margin, input._stored.dtype)  # or an error
    below = (least - input).clamp_min(0)
    where = OPERATIONS["where"].function
    zero = (input * 0).detach()
    return reduced(where(target != 1, below, zero) + where(target != -1, input, zero), reduction)
