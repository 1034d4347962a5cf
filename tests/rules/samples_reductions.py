"""Calls of reductions, selections and running sums."""

from __future__ import annotations

import random
from typing import Any

from tests.rules.oracle import Call, T, any_dim, broadcastable, samples, shape

ALIASES = {"dim": "axis", "keepdim": "keepdims"}


def choose_dim(rng: random.Random, rank: int, *, several: bool = True, none: bool = True) -> Any:
    """An axis number, or several of them, sometimes twice the same, or None."""
    kind = rng.random()
    if several and kind < 0.45:
        count = rng.choice((0, 1, 2, 2, 3))
        dims = [any_dim(rng, rank, 0.08) for _ in range(count)]
        bad = [dim for dim in dims if not -max(rank, 1) <= dim < max(rank, 1)]
        dims = bad[:1] or dims  # which of two mistakes is told differs
        return rng.choice((tuple, list))(dims)
    if none and kind < 0.55:
        return None
    return any_dim(rng, rank)


def dims_call(
    rng: random.Random,
    name: str,
    *,
    keepdim: bool = True,
    several: bool = True,
    none: bool = True,
    required: bool = False,
    dtype: str = "float32",
    between: tuple[Any, ...] = (),
) -> Call:
    """``name(x, dim, keepdim)`` with arguments by position, by keyword or left out."""
    x = shape(rng)
    target = rng.choice((f"torch.{name}", f"Tensor.{name}"))
    args: list[Any] = [T(x, dtype), *between]
    kwargs: dict[str, Any] = {}
    if not required and rng.random() < 0.12:
        return Call(target, args)
    dim = choose_dim(rng, len(x), several=several, none=none)
    by_name = rng.random() < 0.4
    spelled = ALIASES if rng.random() < 0.3 else {}
    if by_name:
        kwargs[spelled.get("dim", "dim")] = dim
    else:
        args.append(dim)
    if keepdim and rng.random() < 0.4:
        value = rng.random() < 0.7
        if by_name or rng.random() < 0.5:
            kwargs[spelled.get("keepdim", "keepdim")] = value
        else:
            args.append(value)
    return Call(target, args, kwargs)


@samples("sum")
def sum_(rng: random.Random) -> Call:
    return dims_call(rng, rng.choice(("sum", "nansum")))


@samples("mean")
def mean(rng: random.Random) -> Call:
    return dims_call(rng, rng.choice(("mean", "nanmean")))


@samples("prod")
def prod(rng: random.Random) -> Call:
    return dims_call(rng, "prod", several=False, none=False)


@samples("amax")
def amax(rng: random.Random) -> Call:
    return dims_call(rng, "amax", none=False)


@samples("amin")
def amin(rng: random.Random) -> Call:
    return dims_call(rng, "amin", none=False)


@samples("aminmax")
def aminmax(rng: random.Random) -> Call:
    x = shape(rng)
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.8:
        kwargs[rng.choice(("dim", "axis"))] = any_dim(rng, len(x), 0.25)
    if rng.random() < 0.4:
        kwargs["keepdim"] = True
    return Call(rng.choice(("torch.aminmax", "Tensor.aminmax")), (T(x),), kwargs)


@samples("any")
def any_(rng: random.Random) -> Call:
    return dims_call(rng, "any", dtype="bool")


@samples("all")
def all_(rng: random.Random) -> Call:
    return dims_call(rng, "all", dtype="bool")


@samples("count_nonzero")
def count_nonzero(rng: random.Random) -> Call:
    return dims_call(rng, "count_nonzero", keepdim=False)


@samples("logsumexp")
def logsumexp(rng: random.Random) -> Call:
    return dims_call(rng, "logsumexp", none=False, required=True)


def _spread(rng: random.Random, *names: str) -> Call:
    """The signatures of ``var``: ``unbiased`` alone, by position, or ``correction``."""
    x = shape(rng)
    methods = [f"Tensor.{name}" for name in names if name in ("var", "std")]
    target = rng.choice([f"torch.{name}" for name in names] + methods)
    dim = choose_dim(rng, len(x))
    match rng.randint(0, 4):
        case 0:
            return Call(target, (T(x), rng.random() < 0.5) if rng.random() < 0.3 else (T(x), dim))
        case 1:
            return Call(target, (T(x), dim, rng.random() < 0.5, rng.random() < 0.5))
        case 2:
            return Call(target, (T(x),), {"dim": dim, "correction": 0, "keepdim": True})
        case 3:
            return Call(target, (T(x), dim), {"unbiased": False, "keepdim": rng.random() < 0.5})
        case _:
            return Call(target, (T(x),), {"axis": dim, "keepdims": True})


@samples("var")
def var(rng: random.Random) -> Call:
    return _spread(rng, "var")


@samples("std")
def std(rng: random.Random) -> Call:
    return _spread(rng, "std")


@samples("var_mean")
def var_mean(rng: random.Random) -> Call:
    return _spread(rng, "var_mean", "std_mean")


@samples("norm")
def norm(rng: random.Random) -> Call:
    x = shape(rng)
    target = rng.choice(("torch.norm", "Tensor.norm"))
    p = rng.choice((2, 1, 0, 3.5, "fro", float("inf"), -2))
    match rng.randint(0, 3):
        case 0:
            return Call(target, (T(x),) if rng.random() < 0.5 else (T(x), p))
        case 1:
            return Call(target, (T(x), p, choose_dim(rng, len(x)), rng.random() < 0.5))
        case _:
            dim = choose_dim(rng, len(x))
            return Call(target, (T(x),), {"p": p, "dim": dim, "keepdim": rng.random() < 0.5})


@samples("renorm")
def renorm(rng: random.Random) -> Call:
    x = shape(rng, 0, 4)
    name = rng.choice(("torch.renorm", "Tensor.renorm", "Tensor.renorm_"))
    return Call(name, (T(x), 2, any_dim(rng, len(x)), 1.0))


def _quantile(rng: random.Random, name: str) -> Call:
    x = shape(rng)
    q: Any = rng.choice((0.5, T((), values=0.5), T((3,), values=0.25), T((2,), values=0.5)))
    if rng.random() < 0.1:
        q = T((2, 3), values=0.5)
    target = rng.choice((f"torch.{name}", f"Tensor.{name}"))
    if rng.random() < 0.2:
        return Call(target, (T(x), q))
    dim = choose_dim(rng, len(x), several=False)
    if rng.random() < 0.5:
        return Call(target, (T(x), q, dim, rng.random() < 0.5))
    return Call(target, (T(x), q), {"dim": dim, "keepdim": rng.random() < 0.5})


@samples("quantile")
def quantile(rng: random.Random) -> Call:
    return _quantile(rng, "quantile")


@samples("nanquantile")
def nanquantile(rng: random.Random) -> Call:
    return _quantile(rng, "nanquantile")


def _extreme(rng: random.Random, name: str) -> Call:
    if rng.random() < 0.6:
        return dims_call(rng, name, several=False, none=False)
    x = shape(rng)
    other = broadcastable(rng, x, 0.2)
    target = rng.choice((f"torch.{name}", f"Tensor.{name}"))
    if rng.random() < 0.3:
        return Call(target, (T(x),), {"other": T(other)})
    return Call(target, (T(x), T(other)) if rng.random() < 0.8 else (T(other), T(x)))


@samples("max")
def max_(rng: random.Random) -> Call:
    return _extreme(rng, "max")


@samples("min")
def min_(rng: random.Random) -> Call:
    return _extreme(rng, "min")


@samples("argmax")
def argmax(rng: random.Random) -> Call:
    return dims_call(rng, "argmax", several=False)


@samples("argmin")
def argmin(rng: random.Random) -> Call:
    return dims_call(rng, "argmin", several=False)


@samples("median")
def median(rng: random.Random) -> Call:
    return dims_call(rng, rng.choice(("median", "nanmedian")), several=False, none=False)


@samples("mode")
def mode(rng: random.Random) -> Call:
    return dims_call(rng, "mode", several=False, none=False)


def _along(rng: random.Random, *targets: str) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.25)
    if rng.random() < 0.3:
        return Call(rng.choice(targets), (T(x),), {rng.choice(("dim", "axis")): dim})
    return Call(rng.choice(targets), (T(x), dim))


@samples("cumsum")
def cumsum(rng: random.Random) -> Call:
    return _along(rng, "torch.cumsum", "Tensor.cumsum", "Tensor.cumsum_")


@samples("cumprod")
def cumprod(rng: random.Random) -> Call:
    return _along(rng, "torch.cumprod", "Tensor.cumprod", "Tensor.cumprod_")


@samples("logcumsumexp")
def logcumsumexp(rng: random.Random) -> Call:
    return _along(rng, "torch.logcumsumexp", "Tensor.logcumsumexp")


@samples("cummax")
def cummax(rng: random.Random) -> Call:
    return _along(rng, "torch.cummax", "Tensor.cummax")


@samples("cummin")
def cummin(rng: random.Random) -> Call:
    return _along(rng, "torch.cummin", "Tensor.cummin")
