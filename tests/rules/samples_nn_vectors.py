"""Calls of linear maps, look-ups, normalization, activations, attention, similarities."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import torch

from tests.rules.oracle import (
    Call,
    T,
    any_dim,
    broadcastable,
    maybe_other,
    maybe_other_rank,
    samples,
    shape,
    size,
    sizes,
)

NN = "torch.nn.functional."


@samples("linear")
def linear(rng: random.Random) -> Call:
    into, out = sizes(rng, 2)
    input = (*shape(rng, 0, 2), into)
    weight: tuple[int, ...] = (out, maybe_other(rng, into))
    if rng.random() < 0.15:
        weight = weight[1:]
    bias = None
    if rng.random() < 0.5:
        bias = T((maybe_other(rng, out, 0.2),)) if rng.random() < 0.9 else T((1,))
    return Call(NN + "linear", (T(maybe_other_rank(rng, input, 0.05)), T(weight), bias))


@samples("bilinear")
def bilinear(rng: random.Random) -> Call:
    left, right, out = (max(item, 1) for item in sizes(rng, 3))
    lead = shape(rng, 0, 2)
    other = tuple(maybe_other(rng, item, 0.1) for item in lead)
    weight = (out, maybe_other(rng, left, 0.1), maybe_other(rng, right, 0.1))
    bias = T((maybe_other(rng, out, 0.1),)) if rng.random() < 0.5 else None
    return Call(NN + "bilinear", (T((*lead, left)), T((*other, right)), T(weight), bias))


def below(count: int) -> Callable[[tuple[int, ...]], torch.Tensor]:
    """What makes indices that are less than `count`."""
    return lambda shape: torch.randint(
        0, count, shape, generator=torch.Generator().manual_seed(len(shape))
    )


def starts(length: int) -> Callable[[tuple[int, ...]], torch.Tensor]:
    """What makes offsets of bags, the last of which is `length`."""
    return lambda shape: torch.arange(shape[0]) * length // max(shape[0] - 1, 1)


@samples("embedding")
def embedding(rng: random.Random) -> Call:
    weight = maybe_other_rank(rng, (7, size(rng)), 0.3)
    if 0 in weight[:1]:
        weight = (7, *weight[1:])
    indices = T(shape(rng, 0, 3), "int64", below(7))
    if rng.random() < 0.3:
        return Call("torch.embedding", (T(weight), indices))
    kwargs = {"padding_idx": rng.choice((0, 3, -1)), "scale_grad_by_freq": rng.random() < 0.3}
    return Call(NN + "embedding", (indices, T(weight)), kwargs if weight else {})


@samples("embedding_bag")
def embedding_bag(rng: random.Random) -> Call:
    bags, count = rng.choice((1, 2, 3)), rng.choice((1, 2, 5))
    weight = T((7, rng.choice((1, 2, 3))))
    kwargs: dict[str, Any] = {"mode": rng.choice(("sum", "mean"))}
    input: tuple[int, ...] = (bags, count)
    if rng.random() < 0.5:
        input = (count,)
        if rng.random() < 0.85:
            last = rng.random() < 0.5 and bags > 1
            kwargs["offsets"] = T((bags,), "int64", starts(count) if last else 0)
            kwargs["include_last_offset"] = last
    elif rng.random() < 0.15:
        kwargs["offsets"] = T((bags,), "int64")
    if rng.random() < 0.3:
        kwargs["mode"] = "sum"
        kwargs["per_sample_weights"] = T(tuple(maybe_other(rng, item, 0.2) for item in input))
    indices = T(maybe_other_rank(rng, input), "int64", below(7))
    return Call(NN + "embedding_bag", (indices, weight), kwargs)


@samples("one_hot", never_rejects="any tensor of indices will do")
def one_hot(rng: random.Random) -> Call:
    input = tuple(max(item, 1) for item in shape(rng, 0, 3))
    kwargs = {"num_classes": rng.choice((1, 2, 3, 5))} if rng.random() < 0.7 else {}
    return Call(NN + "one_hot", (T(input, "int64"),), kwargs)


# -- normalization -----------------------------------------------------------------------------------


def _vectors(rng: random.Random, channels: int, *names: str) -> dict[str, Any]:
    return {item: T((maybe_other(rng, channels, 0.06),)) for item in names if rng.random() < 0.5}


@samples("batch_norm")
def batch_norm(rng: random.Random) -> Call:
    channels = rng.choice((1, 2, 3, 5))
    input = maybe_other_rank(rng, (rng.choice((0, 1, 2, 3)), channels, *shape(rng, 0, 2)), 0.08)
    input = tuple(item or 1 for item in input)
    training = rng.random() < 0.5
    found = _vectors(rng, channels, "weight", "bias")
    mean = T((maybe_other(rng, channels, 0.06),))
    stats: tuple[Any, Any] = (mean, T(mean.shape))
    if rng.random() < 0.2:
        stats = (None, None)
    return Call(NN + "batch_norm", (T(input), *stats), {**found, "training": training})


@samples("instance_norm")
def instance_norm(rng: random.Random) -> Call:
    channels = rng.choice((1, 2, 3, 5))
    input = (rng.choice((1, 2, 3)), channels, *(rng.choice((1, 2, 3)) for _ in range(2)))
    input = input[: rng.choice((1, 2, 3, 4, 4, 4))]
    return Call(NN + "instance_norm", (T(input),), _vectors(rng, channels, "weight", "bias"))


@samples("layer_norm")
def layer_norm(rng: random.Random) -> Call:
    return _over_last(rng, "layer_norm", ("weight", "bias"))


@samples("rms_norm")
def rms_norm(rng: random.Random) -> Call:
    return _over_last(rng, "rms_norm", ("weight",))


def _over_last(rng: random.Random, name: str, vectors: tuple[str, ...]) -> Call:
    input = shape(rng, 0, 4)
    count = rng.randint(1, max(len(input), 1)) if rng.random() < 0.9 else rng.randint(0, 5)
    ending = tuple(maybe_other(rng, item, 0.1) for item in input[len(input) - count :])
    found: dict[str, Any] = {}
    for vector in vectors:
        if rng.random() < 0.4:
            found[vector] = T(tuple(maybe_other(rng, item, 0.05) for item in ending))
    return Call(rng.choice(("torch.", NN)) + name, (T(input), ending), found)


@samples("group_norm")
def group_norm(rng: random.Random) -> Call:
    groups = rng.choice((1, 2, 3))
    channels = groups * rng.choice((1, 2, 3)) + (rng.random() < 0.15)
    input = (rng.choice((0, 1, 2)), channels, *shape(rng, 0, 2))
    if 0 in input[2:]:
        input = input[:2]
    found = _vectors(rng, channels, "weight", "bias")
    return Call(NN + "group_norm", (T(maybe_other_rank(rng, input, 0.05)), groups), found)


@samples("local_response_norm")
def local_response_norm(rng: random.Random) -> Call:
    input = tuple(max(item, 1) for item in shape(rng, 1, 5))
    return Call(NN + "local_response_norm", (T(input), rng.choice((1, 2, 5))))


@samples("normalize")
def normalize(rng: random.Random) -> Call:
    input = shape(rng, 0, 3)
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.8:
        kwargs["dim"] = any_dim(rng, len(input))
    elif rng.random() < 0.5 and len(input) >= 2:
        kwargs["dim"] = (0, -1)
    return Call(NN + "normalize", (T(input),), kwargs)


# -- activations -------------------------------------------------------------------------------------

SAME = "only the dtype can be wrong"


def _same(rule_name: str, *targets: str, args: tuple[Any, ...] = ()) -> None:
    @samples(rule_name, never_rejects=SAME)
    def sampler(rng: random.Random) -> Call:
        return Call(rng.choice(targets), (T(shape(rng)), *args))


_same(
    "relu",
    *(NN + item for item in ("relu", "relu6", "selu", "silu", "mish", "hardswish", "hardsigmoid")),
    *("torch.relu", "torch.selu", "Tensor.relu", "Tensor.relu_"),
)
_same(
    "logsigmoid",
    *(NN + item for item in ("logsigmoid", "softsign", "tanhshrink", "sigmoid", "tanh")),
)
_same("gelu", NN + "gelu")
_same("elu", NN + "elu", NN + "celu", "torch.celu")
_same("leaky_relu", NN + "leaky_relu", NN + "leaky_relu_")
_same("hardtanh", NN + "hardtanh")
_same("threshold", NN + "threshold", "torch.threshold", args=(0.1, 20.0))
_same("softplus", NN + "softplus")
_same("hardshrink", NN + "hardshrink", NN + "softshrink", "torch.hardshrink", "Tensor.hardshrink")
_same("rrelu", NN + "rrelu", "torch.rrelu")
_same("dropout", NN + "dropout", NN + "alpha_dropout")
_same("feature_alpha_dropout", NN + "feature_alpha_dropout")


@samples("dropout1d")
def dropout1d(rng: random.Random) -> Call:
    return Call(NN + "dropout1d", (T(shape(rng)),))


@samples("dropout2d", never_rejects="other ranks are only warned of")
def dropout2d(rng: random.Random) -> Call:
    return Call(NN + "dropout2d", (T(shape(rng, 2, 4)),))


@samples("dropout3d", never_rejects="other ranks are only warned of")
def dropout3d(rng: random.Random) -> Call:
    return Call(NN + "dropout3d", (T(shape(rng, 2, 5)),))


@samples("prelu")
def prelu(rng: random.Random) -> Call:
    input = shape(rng)
    channels = input[1] if len(input) > 1 else 1
    weight = rng.choice(((1,), (channels,), (channels,), (), (channels, 1), (size(rng),)))
    return Call(rng.choice((NN + "prelu", "torch.prelu", "Tensor.prelu")), (T(input), T(weight)))


def _over_axis(rule_name: str, *targets: str) -> None:
    @samples(rule_name)
    def sampler(rng: random.Random) -> Call:
        input = shape(rng)
        return Call(rng.choice(targets), (T(input),), {"dim": any_dim(rng, len(input), 0.3)})


_over_axis("softmax", NN + "softmax", "torch.softmax", "Tensor.softmax", "torch.special.softmax")
_over_axis("log_softmax", NN + "log_softmax", "torch.log_softmax", "Tensor.log_softmax")
_over_axis("softmin", NN + "softmin")
_over_axis("gumbel_softmax", NN + "gumbel_softmax")
_over_axis("glu", NN + "glu")


# -- similarity, attention ---------------------------------------------------------------------------


@samples("cosine_similarity")
def cosine_similarity(rng: random.Random) -> Call:
    left = shape(rng, 0, 3)
    right = broadcastable(rng, left)
    kwargs = {"dim": any_dim(rng, max(len(left), len(right)))} if rng.random() < 0.8 else {}
    return Call(rng.choice((NN, "torch.")) + "cosine_similarity", (T(left), T(right)), kwargs)


@samples("pairwise_distance")
def pairwise_distance(rng: random.Random) -> Call:
    left = shape(rng, 0, 3)
    right = broadcastable(rng, left, 0.2)
    kwargs = {"keepdim": rng.random() < 0.5} if left else {}
    return Call(rng.choice((NN, "torch.")) + "pairwise_distance", (T(left), T(right)), kwargs)


@samples("scaled_dot_product_attention")
def scaled_dot_product_attention(rng: random.Random) -> Call:
    target, source, width, out = (rng.choice((2, 3, 5, 7)) for _ in range(4))
    batch = tuple(rng.choice((1, 2, 3)) for _ in range(rng.choice((0, 1, 2, 2))))
    heads = {"query": batch, "key": batch, "value": batch}
    kwargs: dict[str, Any] = {}
    if batch and rng.random() < 0.25:
        kwargs["enable_gqa"] = True
        fewer = (*batch[:-1], rng.choice((1, 2, 3)))
        heads |= {"query": (*batch[:-1], batch[-1] * rng.choice((1, 2))), "key": fewer}
        heads["value"] = fewer
    elif rng.random() < 0.3:
        other = tuple(item or 1 for item in broadcastable(rng, batch, 0.2))
        heads["key"] = heads["value"] = other
    query = (*heads["query"], target, width)
    key = (*heads["key"], source, maybe_other(rng, width, 0.12) or 1)
    value = (*heads["value"], source, out)
    args: list[Any] = [T(maybe_other_rank(rng, query, 0.02)), T(key), T(value)]
    if rng.random() < 0.4:
        lead = broadcastable(rng, heads["query"], 0.05)
        mask = (*lead, rng.choice((target, target, 1)), maybe_other(rng, source, 0.1))
        args.append(T(mask if rng.random() < 0.93 else mask[-1:]))
    return Call(NN + "scaled_dot_product_attention", args, kwargs)


@samples("multi_head_attention_forward")
def multi_head_attention_forward(rng: random.Random) -> Call:
    heads = rng.choice((1, 2))
    width = heads * rng.choice((2, 3))
    batch, target, source = rng.choice((1, 2, 3)), rng.choice((2, 5)), rng.choice((3, 7))
    lead = (batch,) if rng.random() < 0.7 else ()
    query = (target, *lead, maybe_other(rng, width, 0.1))
    key = (source, *(maybe_other(rng, item, 0.1) for item in lead), width)
    value = (maybe_other(rng, source, 0.15), *key[1:])
    projections = (T((3 * width, width)), T((3 * width,)), None, None, rng.random() < 0.3, 0.0)
    outputs = maybe_other(rng, width, 0.3) or 1
    last = (T((outputs, maybe_other(rng, width, 0.1))), T((outputs,)))
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.3:
        kwargs["attn_mask"] = T((maybe_other(rng, target, 0.15), source))
    if rng.random() < 0.3:
        kwargs["key_padding_mask"] = T((*lead, maybe_other(rng, source, 0.15)))
    if rng.random() < 0.4:
        kwargs[rng.choice(("need_weights", "average_attn_weights"))] = False
    args = (T(query), T(key), T(value), width, heads, *projections, *last)
    return Call(NN + "multi_head_attention_forward", args, kwargs)
