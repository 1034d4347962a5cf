"""Calls of what works in groups, and of parts of decompositions."""

from __future__ import annotations

import random
from typing import Any

import torch

from tests.rules.oracle import (
    Call,
    T,
    broadcastable,
    maybe_other,
    maybe_other_rank,
    samples,
    shape,
    sizes,
)
from tests.rules.samples_linalg import well_conditioned

NN = "torch.nn.functional."


def below(high: int) -> Any:
    """Indices below a number."""

    def make(shape: tuple[int, ...]) -> torch.Tensor:
        return torch.arange(max(1, int(torch.tensor(shape).prod()))).reshape(shape or ()) % high

    return lambda shape: make(shape) if 0 not in shape else torch.zeros(shape)


@samples("svd_lowrank", numbers_only="which of the sizes is smaller is asked")
def svd_lowrank(rng: random.Random) -> Call:
    a = tuple(max(item, 1) for item in shape(rng, 2, 4))  # PyTorch crashes on empty ones
    kwargs: dict[str, Any] = {"q": rng.choice((1, 2, 3, 6))} if rng.random() < 0.8 else {}
    if rng.random() < 0.4:
        kwargs["M"] = T(maybe_other_rank(rng, broadcastable(rng, a, 0.2), 0.2))
    if rng.random() < 0.3:
        kwargs["niter"] = rng.choice((0, 1, 3))
    return Call("torch.svd_lowrank", (T(a, values=well_conditioned),), kwargs)


@samples(
    "pca_lowrank",
    never_rejects="a rank that is too large is no matter of shapes alone",
    numbers_only="which of the sizes is smaller is asked",
)
def pca_lowrank(rng: random.Random) -> Call:
    a = tuple(max(item, 1) for item in shape(rng, 2, 4))
    kwargs: dict[str, Any] = {"q": rng.randint(0, min(a[-2:]))} if rng.random() < 0.7 else {}
    if rng.random() < 0.3:
        kwargs["center"] = False
    return Call("torch.pca_lowrank", (T(a, values=well_conditioned),), kwargs)


@samples(
    "lobpcg",
    never_rejects="PyTorch asserts, and finds mistakes where it multiplies",
    numbers_only="how many rows there must be is asked",
)
def lobpcg(rng: random.Random) -> Call:
    k = rng.choice((1, 2, 3))
    rows = 3 * k + rng.choice((1, 2, 4))
    a = (*rng.choice(((), (2,), (2, 3))), rows, rows)
    kwargs: dict[str, Any] = {"largest": False} if rng.random() < 0.5 else {}
    if k > 1 or rng.random() < 0.5:
        kwargs["k"] = k
    return Call("torch.lobpcg", (T(a, values=symmetric),), kwargs)


def symmetric(shape: tuple[int, ...]) -> torch.Tensor:
    """Positive-definite matrices whose eigenvalues lie apart."""
    made = well_conditioned(shape)
    return made + made.mT


@samples("ormqr", numbers_only="the number of factors is the smaller of two sizes")
def ormqr(rng: random.Random) -> Call:
    batch = shape(rng, 0, 2)
    m, n, p = sizes(rng, 3)
    left = rng.random() < 0.6
    rows = maybe_other(rng, m, 0.1)
    factors = maybe_other(rng, min(rows, n), 0.1)
    other = (*batch, rows, p) if left else (*batch, p, rows)
    tau = maybe_other_rank(rng, (*batch, factors), 0.1)
    args = (T((*batch, m, n)), T(tau), T(maybe_other_rank(rng, other, 0.1)))
    kwargs = {} if left else {"left": False}
    if rng.random() < 0.4:
        kwargs["transpose"] = True
    return Call(rng.choice(("torch.ormqr", "Tensor.ormqr")), args, kwargs)


@samples("grouped_mm")
def grouped_mm(rng: random.Random) -> Call:
    groups, rows = rng.choice((1, 2, 3)), 4
    inner, columns = rng.choice((4, 8)), rng.choice((4, 8, 16))
    total = groups * rows
    ends = T((groups,), "int32", tuple(rows * (place + 1) for place in range(groups)))
    kind = rng.choice(("rows", "columns", "inner", "both"))
    a: tuple[int, ...] = (groups, rows, inner)
    b: tuple[int, ...] = (groups, maybe_other(rng, inner, 0.1), columns)
    if kind == "rows":
        a = (total, inner)
    elif kind == "columns":
        b = (b[1], total)
    elif kind == "inner":
        a, b = (rows, total), (total, columns)
    kwargs = {} if (kind == "both") == (rng.random() < 0.9) else {"offs": ends}
    if len(a) == 3 and rng.random() < 0.1:
        a = (4, *a[1:])
    return Call(NN + "grouped_mm", (T(a), T(b)), kwargs)


@samples("linear_cross_entropy")
def linear_cross_entropy(rng: random.Random) -> Call:
    n, c, k = rng.choice((1, 2, 3)), rng.choice((2, 3, 5)), rng.choice((2, 3, 7))
    extra = rng.choice(((), (), (2,), (2, 3)))
    input: tuple[int, ...] = (n, k) if extra or rng.random() < 0.8 else (k,)
    kwargs: dict[str, Any] = {"reduction": rng.choice(("none", "mean", "sum"))}
    if rng.random() < 0.4:
        kwargs["linear_bias"] = T(maybe_other_rank(rng, (c, *extra), 0.2))
    if rng.random() < 0.3:
        kwargs["weight"] = T((maybe_other(rng, c, 0.1),))
    labels = (*input[:-1], *extra)
    target = T(tuple(maybe_other(rng, it, 0.08) for it in labels), "int64", below(2))
    weight = T((c, *extra, maybe_other(rng, k, 0.1)))
    return Call(NN + "linear_cross_entropy", (T(input), weight, target), kwargs)


@samples("embedding_bag_parts")
def embedding_bag_parts(rng: random.Random) -> Call:
    count, bags = rng.choice((3, 5, 6)), rng.choice((1, 2, 3))
    indices = (count,)  # of other ranks, and of weights of other sizes, PyTorch crashes
    starts = T(maybe_other_rank(rng, (bags,), 0.2), "int64", ascending)
    kwargs: dict[str, Any] = {"mode": rng.choice((0, 1, 2))}
    if kwargs["mode"] == 0 and rng.random() < 0.4:
        kwargs["per_sample_weights"] = T(indices)
    return Call(
        "torch.embedding_bag",
        (T((7, rng.choice((1, 2, 3)))), T(indices, "int64", below(7)), starts),
        kwargs,
    )


def ascending(shape: tuple[int, ...]) -> torch.Tensor:
    """0, 1, 2, … along the last dim."""
    return torch.arange(shape[-1] if shape else 1).expand(shape) if shape else torch.tensor(0)


@samples("fake_quantize_per_tensor_affine", never_rejects="any tensor will do")
def fake_quantize(rng: random.Random) -> Call:
    low, high = rng.choice(((0, 255), (-128, 127), (-2, 1)))
    numbers = (rng.choice((0.1, 0.03, 1.0)), rng.choice((0, 0, 1)))
    return Call("torch.fake_quantize_per_tensor_affine", (T(shape(rng)), *numbers, low, high))


@samples("fake_quantize_per_channel_affine")
def fake_quantize_channels(rng: random.Random) -> Call:
    input = shape(rng, 1, 4)
    axis = rng.randrange(-len(input) - 1, len(input) + 1) if rng.random() < 0.3 else 0
    channels = maybe_other(rng, input[axis] if -len(input) <= axis < len(input) else 2, 0.15)
    scale = T(maybe_other_rank(rng, (channels,), 0.1), "float32", 0.125)
    zero = T((maybe_other(rng, channels, 0.1),), "int32", 1)
    return Call("torch.fake_quantize_per_channel_affine", (T(input), scale, zero, axis, -8, 7))
