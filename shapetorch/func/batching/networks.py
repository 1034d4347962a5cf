"""Layers of neural networks: the examples join the batch, or the channels where weights are mapped."""

from __future__ import annotations

from math import prod
from operator import add, mul
from typing import Any

from shapetorch.func.batching.table import (
    Call,
    Rule,
    Unbatchable,
    add_rule,
    aligned,
    batching,
    bound,
    examples,
    is_mapped,
    raised,
    refuse_mapped,
    run,
)
from shapetorch.tensor.mapped import Level, mapped, value_at, values_at
from shapetorch.tensor.tensors import Tensor


def _joined(level: Level, source: Tensor) -> Tensor:
    """The examples' batches as one."""
    return source.reshape(level.size * source.shape[1], *source.shape[2:])  # type: ignore[no-any-return]


def _apart(level: Level, result: Any, batch: int) -> Any:
    if isinstance(result, Tensor):
        return result.reshape(level.size, batch, *result.shape[1:])
    items = [_apart(level, item, batch) for item in result]
    return result._make(items) if hasattr(result, "_make") else type(result)(items)


def in_batch(rank: int, *operands: str) -> Rule:
    """The rule of an operation on batches ``(N, C, *)``, whose examples do not concern each other.

    Args:
        rank: Dims of a batch; one less is a single example of it, 0 if any number from two on will do.
        operands: The parameters that are such batches; the first parameter if none is named.
    """

    def rule(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
        found = bound(call, args, kwargs)
        arguments = found.arguments
        names = operands or (next(iter(arguments)),)
        refuse_mapped(level, [item for name, item in arguments.items() if name not in names])
        shown = [arguments[name] for name in names]
        own = [values_at(item, level) for item in shown]
        first = shown[0].ndim
        if any(item.ndim != first for item in shown) or not is_mapped(shown, level):
            raise Unbatchable
        if rank and first == rank - 1:
            arguments.update(zip(names, own, strict=True))
            return raised(run(call, found), level)
        if first != rank if rank else first < 2:
            raise Unbatchable
        arguments.update(zip(names, [_joined(level, item) for item in own], strict=True))
        return raised(_apart(level, run(call, found), shown[0].shape[0]), level)

    return rule


for _count in (1, 2, 3):
    add_rule(
        " ".join(
            f"nn.functional.{name}{_count}d{end}"
            for name, ends in {
                "avg_pool": ("",),
                "max_pool": ("", "_with_indices"),
                "lp_pool": ("",),
                "adaptive_avg_pool": ("",),
                "adaptive_max_pool": ("", "_with_indices"),
            }.items()
            for end in ends
        ),
        in_batch(_count + 2),
    )
add_rule(
    "nn.functional.interpolate nn.functional.instance_norm nn.functional.local_response_norm",
    in_batch(0),
)
add_rule("nn.functional.grid_sample", in_batch(0, "input", "grid"))
add_rule("nn.functional.unfold", in_batch(4))
add_rule("nn.functional.fold", in_batch(3))
add_rule("nn.functional.channel_shuffle channel_shuffle", in_batch(0))


@batching("nn.functional.group_norm group_norm")
def group_norm(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Of batches; one with a single value in each group is an error."""
    found = bound(call, args, kwargs).arguments
    if prod(found["input"].shape) == found.get("num_groups"):
        raise Unbatchable
    return _any_batch(level, call, args, kwargs)


_any_batch = in_batch(0)


def convolution(rank: int) -> Rule:
    """The rule of a convolution over `rank` dims: where weights are mapped, each example is a group."""
    plain = in_batch(rank + 2)

    def rule(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
        found = bound(call, args, kwargs)
        arguments = found.arguments
        weight, bias, shown = arguments["weight"], arguments["bias"], arguments["input"]
        if not is_mapped((weight, bias), level):
            return plain(level, call, args, kwargs)
        if weight.ndim != rank + 2 or shown.ndim not in (rank + 1, rank + 2):
            raise Unbatchable
        is_single = shown.ndim == rank + 1
        batch = values_at(shown.unsqueeze(0) if is_single else shown, level)
        groups = arguments["groups"]
        arguments["input"] = batch.movedim(0, 1).flatten(1, 2)
        arguments["weight"] = values_at(weight, level).flatten(0, 1)
        if bias is not None:
            arguments["bias"] = values_at(bias, level).flatten()
        arguments["groups"] = groups * level.size
        made = run(call, found)
        outputs = made.shape[1] // max(level.size, 1)
        made = made.reshape(made.shape[0], level.size, outputs, *made.shape[2:]).movedim(1, 0)
        return mapped(made.squeeze(1) if is_single else made, level)

    return rule


for _count in (1, 2, 3):
    add_rule(
        f"nn.functional.conv{_count}d nn.functional.conv_transpose{_count}d", convolution(_count)
    )


@batching("nn.functional.layer_norm layer_norm nn.functional.rms_norm rms_norm")
def last_dims_norm(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Over the last dims of each example; mapped weights are applied afterwards."""
    found = bound(call, args, kwargs)
    arguments = found.arguments
    shown = arguments["input"]
    sizes = arguments["normalized_shape"]
    if shown.ndim < len(tuple(sizes)):
        raise Unbatchable
    weight, bias = arguments["weight"], arguments.get("bias")
    is_apart = is_mapped((weight, bias), level)
    if is_apart:
        if any(item is not None and tuple(item.shape) != tuple(sizes) for item in (weight, bias)):
            raise Unbatchable  # an error
        arguments["weight"] = None
        if "bias" in arguments:
            arguments["bias"] = None
    source = value_at(shown, level)
    arguments["input"] = shown if source is None else source
    made = run(call, found)
    if is_apart:
        own = mapped(made, level) if source is not None else made
        for item, combine in ((weight, mul), (bias, add)):
            if item is not None:
                own_rank = max(own.ndim, item.ndim)
                made = combine(aligned(own, level, own_rank), aligned(item, level, own_rank))
                own = mapped(made, level) if is_mapped((own, item), level) else made
        return own
    return mapped(made, level)


@batching("nn.functional.batch_norm batch_norm")
def batch_norm(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The channels of all examples side by side: each has statistics of its own."""
    found = bound(call, args, kwargs)
    arguments = found.arguments
    shown = arguments["input"]
    source = examples(shown, level)
    names = ("running_mean", "running_var", "weight", "bias")
    updated = arguments["training"] and arguments["running_mean"] is not None
    if shown.ndim < 2 or (updated and value_at(arguments["running_mean"], level) is None):
        raise Unbatchable
    if updated:
        raise Unbatchable  # statistics are written to, which reshaping would lose
    channels = shown.shape[1]
    arguments["input"] = source.movedim(0, 1).flatten(1, 2)
    for name in names:
        if arguments[name] is not None:
            arguments[name] = values_at(arguments[name], level).flatten()
    made = run(call, found)
    made = made.reshape(made.shape[0], level.size, channels, *made.shape[2:])
    return mapped(made.movedim(1, 0), level)


@batching("nn.functional.prelu prelu")
def prelu(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """One slope, or one for each channel (dim 1 of an example)."""
    found = bound(call, args, kwargs)
    shown, weight = found.arguments["input"], found.arguments["weight"]
    source = examples(shown, level)
    if is_mapped(weight, level):
        raise Unbatchable
    if prod(weight.shape) == 1:
        found.arguments["input"] = source
        return mapped(run(call, found), level)
    if shown.ndim < 2:
        raise Unbatchable
    return in_batch(0)(level, call, args, kwargs)


@batching(
    """nn.functional.dropout nn.functional.alpha_dropout dropout alpha_dropout rand_like randn_like
    randint_like bernoulli"""
)
def drawn(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Numbers of its own for each example, if they shall be different."""
    if level.randomness != "different":
        raise Unbatchable
    source = examples(args[0] if args else kwargs.get("input"), level)
    refuse_mapped(level, (args[1:], kwargs if args else {}))
    if not args:
        raise Unbatchable
    made = call(source, *args[1:], **kwargs)
    return args[0] if made is source else mapped(made, level)
