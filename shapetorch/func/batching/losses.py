"""Losses: of each place first, then put together for each example."""

from __future__ import annotations

from typing import Any

from shapetorch.func.batching.pointwise import pointwise
from shapetorch.func.batching.table import (
    Call,
    Unbatchable,
    batching,
    bound,
    is_mapped,
)
from shapetorch.tensor.mapped import Level, Mapped, mapped, value_at, values_at
from shapetorch.tensor.tensors import Tensor


def _combined(level: Level, losses: Tensor, reduction: str) -> Tensor:
    """The losses of each example put together."""
    if reduction == "none" or losses.ndim == 1:
        return losses
    flat = losses.flatten(1)
    return flat.sum(1) if reduction == "sum" else flat.mean(1)  # type: ignore[no-any-return]


def _chosen(arguments: dict[str, Any]) -> str:
    if arguments.get("size_average") is not None or arguments.get("reduce") is not None:
        raise Unbatchable
    reduction = arguments["reduction"]
    if reduction not in ("none", "mean", "sum"):
        raise Unbatchable
    return str(reduction)


@batching(
    """nn.functional.mse_loss nn.functional.l1_loss nn.functional.smooth_l1_loss nn.functional.huber_loss
    nn.functional.binary_cross_entropy nn.functional.binary_cross_entropy_with_logits
    binary_cross_entropy_with_logits nn.functional.kl_div nn.functional.poisson_nll_loss
    nn.functional.soft_margin_loss nn.functional.hinge_embedding_loss"""
)
def elementwise_loss(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Of each element, as other operations of that kind."""
    found = bound(call, args, kwargs)
    arguments = found.arguments
    reduction = _chosen(arguments)
    names = list(arguments)
    shown = [arguments[names[0]], arguments[names[1]]]
    if shown[0].shape != shown[1].shape or arguments.get("weight") is not None:
        raise Unbatchable
    for name, item in zip(names, shown, strict=False):
        if value_at(item, level) is None:
            arguments[name] = mapped(values_at(item, level), level)
    arguments["reduction"] = "none"
    made = pointwise(level, call, found.args, found.kwargs)
    return mapped(_combined(level, made.value, reduction), level)


@batching("nn.functional.cross_entropy nn.functional.nll_loss")
def class_loss(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """All examples as one batch, or each loss by itself and then the mean of an example's."""
    found = bound(call, args, kwargs)
    arguments = found.arguments
    reduction = _chosen(arguments)
    scores, target = arguments["input"], arguments["target"]
    is_single = scores.ndim == 1
    if is_mapped(arguments["weight"], level) or not scores.ndim:
        raise Unbatchable
    by_class = target.ndim == scores.ndim  # probabilities
    if reduction == "mean" and (arguments["weight"] is not None or arguments["ignore_index"] >= 0):
        raise Unbatchable
    if not by_class and target.ndim != scores.ndim - 1:
        raise Unbatchable
    if is_single:
        scores, target = scores.unsqueeze(0), target.unsqueeze(0)
    own_scores, own_target = values_at(scores, level), values_at(target, level)
    if reduction == "mean" and not by_class and _ignores(own_target, arguments["ignore_index"]):
        raise Unbatchable
    batch = own_scores.shape[1]
    if own_target.shape[1] != batch:
        raise Unbatchable
    arguments["input"] = own_scores.reshape(level.size * batch, *own_scores.shape[2:])
    arguments["target"] = own_target.reshape(level.size * batch, *own_target.shape[2:])
    arguments["reduction"] = "none"
    losses = call(*found.args, **found.kwargs)
    losses = losses.reshape(level.size, batch, *losses.shape[1:])
    if is_single:
        losses = losses.squeeze(1)
    return mapped(_combined(level, losses, reduction), level)


def _ignores(target: Tensor, index: int) -> bool:
    """Whether a place is left out, by which the number of places is another for each example."""
    while isinstance(target, Mapped):  # by outer maps
        target = target.value
    return bool((target == index).any())
