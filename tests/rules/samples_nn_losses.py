"""Calls of losses."""

from __future__ import annotations

import random
from typing import Any

from tests.rules.oracle import Call, T, broadcastable, maybe_other, maybe_other_rank, samples, shape

NN = "torch.nn.functional."


def reduction(rng: random.Random, *also: str) -> dict[str, Any]:
    """Arguments that say how the loss is reduced, in the newer or the older form."""
    roll = rng.random()
    if roll < 0.15:
        return {}
    if roll < 0.25:
        return {"reduce": rng.random() < 0.5}
    return {"reduction": rng.choice(("none", "none", "none", "mean", "sum", *also))}


def newer(rng: random.Random, *also: str) -> dict[str, Any]:
    """The newer form alone."""
    return {key: value for key, value in reduction(rng, *also).items() if key == "reduction"}


def filled(wanted: tuple[int, ...]) -> tuple[int, ...]:
    """Without empty axes."""
    return tuple(item or 1 for item in wanted)


def _pairs(rule_name: str) -> None:
    @samples(rule_name)
    def sampler(rng: random.Random) -> Call:
        input = shape(rng, 0, 3)
        target = broadcastable(rng, input, 0.15)
        also = ("batchmean",) if rule_name == "kl_div" and input[:1] != (0,) else ()
        return Call(NN + rule_name, (T(input), T(target)), reduction(rng, *also))


for _name in (
    "soft_margin_loss",
    "hinge_embedding_loss",
    "poisson_nll_loss",
    "kl_div",
    "smooth_l1_loss",
):
    _pairs(_name)


def _weighted(rule_name: str) -> None:
    @samples(rule_name)
    def sampler(rng: random.Random) -> Call:
        input = shape(rng, 0, 3)
        target = broadcastable(rng, input, 0.15)
        kwargs = newer(rng)
        if rng.random() < 0.3:
            kwargs["weight"] = T(tuple(maybe_other(rng, item, 0.15) for item in input))
            target = input
        return Call(NN + rule_name, (T(input), T(target)), kwargs)


for _name in ("mse_loss", "l1_loss", "huber_loss"):
    _weighted(_name)


@samples("binary_cross_entropy")
def binary_cross_entropy(rng: random.Random) -> Call:
    input = shape(rng, 0, 3)
    target = tuple(maybe_other(rng, item, 0.1) for item in input)
    args = [T(input), T(target)]
    if rng.random() < 0.4:
        args.append(T(broadcastable(rng, input, 0.1)))
    return Call(NN + "binary_cross_entropy", args, reduction(rng))


@samples("binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(rng: random.Random) -> Call:
    input = shape(rng, 0, 3)
    target = tuple(maybe_other(rng, item, 0.1) for item in input)
    kwargs = reduction(rng)
    if rng.random() < 0.4:
        kwargs["weight"] = T(broadcastable(rng, input, 0.1))
    if rng.random() < 0.4:
        kwargs["pos_weight"] = T(maybe_other_rank(rng, broadcastable(rng, input, 0.1)))
    return Call(NN + "binary_cross_entropy_with_logits", (T(input), T(target)), kwargs)


@samples("gaussian_nll_loss")
def gaussian_nll_loss(rng: random.Random) -> Call:
    input = filled(shape(rng, 0, 3))
    target = broadcastable(rng, input, 0.1)
    choices: list[Any] = [T(input), T(input[:-1]), 1.0, T(broadcastable(rng, input, 0.1))]
    if input:
        choices.append(T((*input[:-1], 1)))
    return Call(NN + "gaussian_nll_loss", (T(input), T(target), rng.choice(choices)), newer(rng))


def _labels(rng: random.Random) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Shapes of logits and labels, and the number of classes."""
    classes = rng.choice((2, 3, 5))
    if rng.random() < 0.2:
        return (classes,), rng.choice(((), (), (1,), (2,))), classes
    batch = rng.choice((1, 2, 3))
    rest = tuple(rng.choice((1, 2, 5)) for _ in range(rng.choice((0, 0, 1, 2, 3))))
    target = tuple(maybe_other(rng, item, 0.1) for item in (batch, *rest))
    return (batch, classes, *rest), maybe_other_rank(rng, target, 0.05), classes


@samples("cross_entropy")
def cross_entropy(rng: random.Random) -> Call:
    input, target, classes = _labels(rng)
    kwargs = reduction(rng)
    if rng.random() < 0.3:
        kwargs["weight"] = T((maybe_other(rng, classes, 0.3),))
    labels = T(target, "int64")
    if rng.random() < 0.3:
        labels = T(tuple(maybe_other(rng, item, 0.05) for item in input))
        if labels.shape != input:
            labels = T(labels.shape, "int64")
    if labels.dtype == "int64" and labels.shape == input:  # probabilities may not be integers
        labels = T(labels.shape)
    return Call(NN + "cross_entropy", (T(input), labels), kwargs)


@samples("nll_loss")
def nll_loss(rng: random.Random) -> Call:
    input, target, classes = _labels(rng)
    kwargs = reduction(rng)
    if rng.random() < 0.3:
        kwargs["weight"] = T((maybe_other(rng, classes, 0.3),))
    return Call(NN + "nll_loss", (T(input), T(target, "int64")), kwargs)


@samples("multi_margin_loss")
def multi_margin_loss(rng: random.Random) -> Call:
    input, target, classes = _labels(rng)
    kwargs = reduction(rng)
    if rng.random() < 0.3:
        kwargs["weight"] = T((maybe_other(rng, classes, 0.3),))
    return Call(NN + "multi_margin_loss", (T(input), T(target, "int64")), kwargs)


@samples("multilabel_margin_loss")
def multilabel_margin_loss(rng: random.Random) -> Call:
    input = filled(shape(rng, 1, 3 if rng.random() < 0.2 else 2))
    target = tuple(maybe_other(rng, item, 0.15) for item in input)
    call = (T(input), T(maybe_other_rank(rng, target, 0.05), "int64"))
    return Call(NN + "multilabel_margin_loss", call, reduction(rng))


@samples("multilabel_soft_margin_loss")
def multilabel_soft_margin_loss(rng: random.Random) -> Call:
    input = filled(shape(rng, 0, 3))
    target = broadcastable(rng, input, 0.1)
    kwargs = reduction(rng)
    if rng.random() < 0.3:
        kwargs["weight"] = T(broadcastable(rng, input, 0.1))
    return Call(NN + "multilabel_soft_margin_loss", (T(input), T(target)), kwargs)


@samples("margin_ranking_loss")
def margin_ranking_loss(rng: random.Random) -> Call:
    first = shape(rng, 0, 3)
    others = [
        tuple(maybe_other(rng, rng.choice((item, item, 1)), 0.05) for item in first) for _ in "ab"
    ]
    args = (T(first), T(others[0]), T(maybe_other_rank(rng, others[1])))
    return Call(NN + "margin_ranking_loss", args, reduction(rng))


def _triplets(rng: random.Random) -> tuple[T, T, T]:
    first = shape(rng, 1, 3)
    others = [
        tuple(maybe_other(rng, rng.choice((item, item, 1)), 0.05) for item in first) for _ in "ab"
    ]
    return T(first), T(others[0]), T(maybe_other_rank(rng, others[1]))


@samples("triplet_margin_loss")
def triplet_margin_loss(rng: random.Random) -> Call:
    return Call(NN + "triplet_margin_loss", _triplets(rng), reduction(rng))


@samples("triplet_margin_with_distance_loss")
def triplet_margin_with_distance_loss(rng: random.Random) -> Call:
    return Call(NN + "triplet_margin_with_distance_loss", _triplets(rng), newer(rng))


@samples("cosine_embedding_loss")
def cosine_embedding_loss(rng: random.Random) -> Call:
    batch, width = rng.choice((1, 2, 3)), rng.choice((2, 3, 5))
    first = (batch, width) if rng.random() < 0.7 else (width,)
    other = tuple(maybe_other(rng, item, 0.08) for item in first)
    target = tuple(maybe_other(rng, rng.choice((item, 1)), 0.1) for item in first[:-1])
    args = (T(first), T(maybe_other_rank(rng, other, 0.05)), T(maybe_other_rank(rng, target, 0.05)))
    return Call(NN + "cosine_embedding_loss", args, reduction(rng))


@samples("ctc_loss")
def ctc_loss(rng: random.Random) -> Call:
    batch, steps, classes, length = rng.choice((1, 2, 3)), 5, 4, 2
    targets: tuple[int, ...] = (maybe_other(rng, batch, 0.12) or 1, length)
    if rng.random() < 0.3:
        targets = (batch * length,)
    log_probs: tuple[int, ...] = (steps, batch, classes)
    if rng.random() < 0.05:
        log_probs = (1, *log_probs)
    counts = [maybe_other(rng, batch, 0.1) or 1 for _ in "ab"]
    lengths: list[Any] = [T((counts[0],), "int64", steps), T((counts[1],), "int64", length)]
    if rng.random() < 0.4:
        lengths = [(steps,) * counts[0], (length,) * counts[1]]
    args = (T(log_probs), T(targets, "int64", 1), *lengths)
    return Call(NN + "ctc_loss", args, newer(rng))
