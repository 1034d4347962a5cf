"""Losses of `torch.nn` as layers."""

from __future__ import annotations

import random

from tests.rules.oracle import (
    Call,
    T,
    maybe_other,
    shape,
)
from tests.rules.samples_nn_layers import layers
from tests.rules.samples_nn_losses import newer, reduction


@layers(
    *("MSELoss", "L1Loss", "SoftMarginLoss", "SmoothL1Loss", "HuberLoss", "KLDivLoss"),
    *("PoissonNLLLoss", "HingeEmbeddingLoss", "BCELoss", "BCEWithLogitsLoss"),
    *("MultiLabelMarginLoss", "MultiLabelSoftMarginLoss"),
)
def pair_loss(rng: random.Random, target: str) -> Call:
    input = tuple(item or 1 for item in shape(rng, 1, 2))
    labels = tuple(maybe_other(rng, item, 0.15) for item in input)
    kind = "int64" if target.endswith("MultiLabelMarginLoss") else "float32"
    return Call(target, (), newer(rng), (T(input), T(labels, kind)))


@layers("CrossEntropyLoss", "NLLLoss", "NLLLoss2d", "MultiMarginLoss")
def label_loss(rng: random.Random, target: str) -> Call:
    rest = () if "Multi" in target else rng.choice(((), (4,), (4, 5)))
    labels = tuple(maybe_other(rng, item, 0.12) for item in (2, *rest))
    kwargs = reduction(rng)
    if rng.random() < 0.3:
        kwargs["weight"] = T((maybe_other(rng, 3, 0.2),))
    return Call(target, (), kwargs, (T((2, 3, *rest)), T(labels, "int64")))


@layers("GaussianNLLLoss")
def gaussian_loss(rng: random.Random, target: str) -> Call:
    var = rng.choice((T((2, 3)), T((2,)), T((2, 1)), T((3,))))
    return Call(target, (), newer(rng), (T((2, 3)), T((maybe_other(rng, 2), 3)), var))


@layers(
    *("MarginRankingLoss", "TripletMarginLoss", "TripletMarginWithDistanceLoss"),
    "CosineEmbeddingLoss",
)
def triple_loss(rng: random.Random, target: str) -> Call:
    first = (rng.choice((2, 3)), rng.choice((3, 5)))
    second, third = (tuple(maybe_other(rng, item, 0.1) for item in first) for _ in "ab")
    third = third[:-1] if "Cosine" in target else third
    return Call(target, (), newer(rng), (T(first), T(second), T(third)))


@layers("CTCLoss")
def ctc_loss(rng: random.Random, target: str) -> Call:
    targets = T((maybe_other(rng, 2, 0.3) or 1, 2), "int64", 1)
    inputs = (T((5, 2, 4)), targets, T((2,), "int64", 5), T((2,), "int64", 2))
    return Call(target, (), newer(rng), inputs)


@layers("AdaptiveLogSoftmaxWithLoss")
def adaptive_loss(rng: random.Random, target: str) -> Call:
    batch = rng.choice((1, 2, 3))
    input = (batch, maybe_other(rng, 4, 0.15)) if rng.random() < 0.8 else (4,)
    labels = (maybe_other(rng, batch, 0.15),) if len(input) == 2 else ()
    return Call(target, (4, 8, (2, 4)), {}, (T(input), T(labels, "int64")))
