"""Calls of sorting, searching and counting."""

from __future__ import annotations

import random
from typing import Any

import torch

from tests.rules.oracle import (
    Call,
    T,
    any_dim,
    maybe_other,
    maybe_other_rank,
    samples,
    shape,
    size,
)


def _either(rng: random.Random, name: str) -> str:
    return rng.choice((f"torch.{name}", f"Tensor.{name}"))


def _k(rng: random.Random, extent: int, least: int) -> int:
    if rng.random() < 0.2:
        return rng.choice((least - 1, extent + 1, -2))
    return rng.randint(least, max(extent, least))


def _extent(x: tuple[int, ...], dim: int) -> int:
    return x[dim] if x and -len(x) <= dim < len(x) else 1


@samples("topk")
def topk(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1) if rng.random() < 0.6 else -1
    k = _k(rng, _extent(x, dim), 0)
    if dim == -1 and rng.random() < 0.5:
        return Call(_either(rng, "topk"), (T(x), k))
    if rng.random() < 0.5:
        return Call(_either(rng, "topk"), (T(x), k, dim, False, rng.random() < 0.5))
    return Call(_either(rng, "topk"), (T(x), k), {"dim": dim, "sorted": False})


@samples("sort")
def sort(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.3)
    target = _either(rng, "sort")
    return rng.choice(
        (
            Call(target, (T(x),)),
            Call(target, (T(x), dim)),
            Call(target, (T(x), dim, True)),
            Call(target, (T(x),), {"dim": dim, "descending": True, "stable": True}),
        )
    )


@samples("argsort")
def argsort(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.3)
    target = _either(rng, "argsort")
    return rng.choice(
        (
            Call(target, (T(x),)),
            Call(target, (T(x), dim)),
            Call(target, (T(x), dim, True)),
            Call(target, (T(x),), {"dim": dim, "stable": True}),
        )
    )


@samples("msort", never_rejects="every tensor has a first dim, or is one number")
def msort(rng: random.Random) -> Call:
    return Call(_either(rng, "msort"), (T(shape(rng)),))


@samples("kthvalue")
def kthvalue(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1)
    args: list[Any] = [T(x), _k(rng, _extent(x, dim), 1)]
    if rng.random() < 0.5:
        return Call(_either(rng, "kthvalue"), [*args, dim, rng.random() < 0.5])
    return Call(_either(rng, "kthvalue"), args, {"dim": dim, "keepdim": rng.random() < 0.5})


@samples("unique")
def unique(rng: random.Random) -> Call:
    x = shape(rng)
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.7:
        kwargs["dim"] = any_dim(rng, len(x), 0.2)
    for flag in ("return_inverse", "return_counts"):
        if rng.random() < 0.4:
            kwargs[flag] = rng.random() < 0.8
    return Call(_either(rng, "unique"), (T(x),), kwargs)


@samples("unique_consecutive")
def unique_consecutive(rng: random.Random) -> Call:
    call = unique(rng)
    return Call(call.target.replace("unique", "unique_consecutive"), call.args, call.kwargs)


@samples("bincount")
def bincount(rng: random.Random) -> Call:
    x = maybe_other_rank(rng, (size(rng),), 0.2)
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.5:
        kwargs["weights"] = T(tuple(maybe_other(rng, item) for item in x))
    if rng.random() < 0.5:
        kwargs["minlength"] = rng.choice((0, 3, 5, -1))
    return Call(_either(rng, "bincount"), (T(x, "int64"),), kwargs)


@samples("histc")
def histc(rng: random.Random) -> Call:
    x, bins = shape(rng), rng.choice((1, 3, 5, 0, -1))
    kwargs = rng.choice(({}, {"min": 0, "max": 1}))
    if rng.random() < 0.2:
        return Call(_either(rng, "histc"), (T(x),), kwargs)
    return Call(_either(rng, "histc"), (T(x), bins), kwargs)


@samples("histogram")
def histogram(rng: random.Random) -> Call:
    x = shape(rng)
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.4:
        weight = maybe_other_rank(rng, tuple(maybe_other(rng, item, 0.1) for item in x))
        kwargs["weight"] = T(weight)
    if rng.random() < 0.5:
        edges = maybe_other_rank(rng, (size(rng),), 0.1)
        count = 1
        for item in edges:
            count *= item
        values = [float(place) for place in range(count)]
        return Call(_either(rng, "histogram"), (T(x), T(edges, values=values)), kwargs)
    if rng.random() < 0.3:
        kwargs["range"] = (0.0, 1.0)
    return Call(_either(rng, "histogram"), (T(x), rng.choice((1, 3, 5, 0))), kwargs)


def ascending(shape: tuple[int, ...]) -> torch.Tensor:
    """Numbers in order along the last dim."""
    numbers = torch.rand(shape, generator=torch.Generator().manual_seed(0))
    return numbers.sort(-1)[0] if shape else numbers


@samples("bucketize")
def bucketize(rng: random.Random) -> Call:
    bounds = maybe_other_rank(rng, (size(rng),), 0.25)
    first: Any = 0.5 if rng.random() < 0.2 else T(shape(rng))
    return Call(
        "torch.bucketize", (first, T(bounds, values=ascending)), rng.choice(({}, {"right": True}))
    )


@samples("searchsorted")
def searchsorted(rng: random.Random) -> Call:
    batch = shape(rng, 0, 2)
    bounds = (*batch, size(rng))
    values: Any = T((*(maybe_other(rng, item, 0.1) for item in batch), size(rng)))
    kind = rng.random()
    if kind < 0.15:
        values = 0.5
    elif kind < 0.3:
        values = T(shape(rng))
    if rng.random() < 0.05:
        bounds = ()
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.2:
        sorter = tuple(maybe_other(rng, item, 0.15) for item in bounds)
        kwargs["sorter"] = T(sorter, "int64")
    elif rng.random() < 0.3:
        kwargs["side"] = "right"
    return Call("torch.searchsorted", (T(bounds, values=ascending), values), kwargs)
