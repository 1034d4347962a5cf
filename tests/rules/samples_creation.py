"""Calls that make tensors from sizes and numbers."""

from __future__ import annotations

import random
from typing import Any

from shapetorch.rules.bind import Unfit
from tests.rules import oracle
from tests.rules.oracle import Call, D, T, broadcastable, samples, shape


def _nested(value: Any, naming: oracle.Naming) -> object:
    if isinstance(value, T):
        return tuple(map(naming, value.shape))
    if isinstance(value, (list, tuple)):
        return [_nested(item, naming) for item in value]
    if isinstance(value, (bool, int, float)):
        return ()
    raise Unfit


oracle.CONVERTERS["Nested"] = _nested


def asked(rng: random.Random, bad: float = 0.25) -> tuple[int, ...]:
    """Sizes to ask for, one of them negative with some chance."""
    found = list(shape(rng))
    if found and rng.random() < bad:
        found[rng.randrange(len(found))] = rng.choice((-1, -2))
    return tuple(found)


def sized(rng: random.Random, target: str, first: tuple[Any, ...] = ()) -> Call:
    """``target(2, 3)``, ``target((2, 3))`` or ``target(size=(2, 3))``."""
    found = asked(rng)
    kwargs = {"dtype": D("float64")} if rng.random() < 0.2 else {}
    if found and rng.random() < 0.5:
        return Call(target, (*first, *found), kwargs)
    listed = rng.choice((tuple, list))(found)
    if rng.random() < 0.2:
        return Call(target, first, {"size": listed, **kwargs})
    return Call(target, (*first, listed), kwargs)


@samples("zeros")
def zeros(rng: random.Random) -> Call:
    return sized(rng, "torch.zeros")


@samples("ones")
def ones(rng: random.Random) -> Call:
    return sized(rng, "torch.ones")


@samples("empty")
def empty(rng: random.Random) -> Call:
    return sized(rng, "torch.empty")


@samples("randn")
def randn(rng: random.Random) -> Call:
    return sized(rng, rng.choice(("torch.randn", "torch.rand")))


@samples("new_zeros")
def new_zeros(rng: random.Random) -> Call:
    name = rng.choice(("new_zeros", "new_ones", "new_empty"))
    return sized(rng, f"Tensor.{name}", (T(shape(rng)),))


@samples("new_full")
def new_full(rng: random.Random) -> Call:
    if rng.random() < 0.1:
        return Call("Tensor.new_full", (T(shape(rng)), 3, 1.0))
    return Call("Tensor.new_full", (T(shape(rng)), asked(rng, 0.4), 1.0))


@samples("full")
def full(rng: random.Random) -> Call:
    if rng.random() < 0.1:
        return Call("torch.full", (3, 1.0))
    if rng.random() < 0.3:
        return Call("torch.full", (asked(rng),), {"fill_value": 1})
    return Call("torch.full", (asked(rng), rng.choice((1, 1.0, True))))


@samples("empty_strided")
def empty_strided(rng: random.Random) -> Call:
    found = asked(rng, 0.15)
    count = len(found) if rng.random() < 0.7 else rng.randint(0, 4)
    return Call("torch.empty_strided", (found, (1,) * count))


@samples("randint")
def randint(rng: random.Random) -> Call:
    found = asked(rng)
    return rng.choice(
        (
            Call("torch.randint", (5, found)),
            Call("torch.randint", (1, 5, found)),
            Call("torch.randint", (5,), {"size": found}),
            Call("torch.randint", (), {"low": 0, "high": 5, "size": found}),
            Call("torch.randint", (0, 5), {"size": list(found)}),
        )
    )


def _count(rng: random.Random) -> int:
    return rng.choice((0, 1, 2, 3, 5, 7, 11, -1, -2))


@samples("randperm")
def randperm(rng: random.Random) -> Call:
    return Call("torch.randperm", (_count(rng),))


@samples("eye")
def eye(rng: random.Random) -> Call:
    args = (_count(rng),) if rng.random() < 0.4 else (_count(rng), _count(rng))
    return Call("torch.eye", args)


@samples("zeros_like", never_rejects="every shape has its like")
def zeros_like(rng: random.Random) -> Call:
    name = rng.choice("zeros_like ones_like empty_like rand_like randn_like".split())
    return Call(f"torch.{name}", (T(shape(rng)),))


@samples("full_like", never_rejects="every shape has its like")
def full_like(rng: random.Random) -> Call:
    return Call("torch.full_like", (T(shape(rng)), 2))


@samples("randint_like", never_rejects="every shape has its like")
def randint_like(rng: random.Random) -> Call:
    return Call("torch.randint_like", (T(shape(rng)), *rng.choice(((5,), (0, 5)))))


@samples("normal")
def normal(rng: random.Random) -> Call:
    x = shape(rng)
    kind = rng.random()
    if kind < 0.25:
        return Call("torch.normal", (0.0, 1.0, asked(rng)))
    if kind < 0.35:
        return Call("torch.normal", (0, 1), {"size": asked(rng)})
    if kind < 0.45:
        return Call("torch.normal", rng.choice(((T(x), 1.0), (0.0, T(x)), (T(x),))))
    return Call("torch.normal", (T(x), T(broadcastable(rng, x, 0.15))))


@samples("binomial")
def binomial(rng: random.Random) -> Call:
    x = shape(rng)
    return Call("torch.binomial", (T(x, values=3.0), T(broadcastable(rng, x, 0.2))))


@samples("multinomial")
def multinomial(rng: random.Random) -> Call:
    x = shape(rng, 1, 2) if rng.random() < 0.9 else shape(rng)
    extent = x[-1] if x else 1
    count = rng.choice((1, 2, extent, extent + 1, 0))
    args: tuple[Any, ...] = (T(x, values=1.0), count)
    if rng.random() < 0.4:
        args = (*args, rng.random() < 0.6)
    return Call(rng.choice(("torch.multinomial", "Tensor.multinomial")), args)


@samples("hann_window")
def hann_window(rng: random.Random) -> Call:
    names = "hann_window hamming_window blackman_window bartlett_window kaiser_window"
    args = (_count(rng),) if rng.random() < 0.6 else (_count(rng), rng.random() < 0.5)
    return Call(f"torch.{rng.choice(names.split())}", args)


def _triangle(rng: random.Random, name: str) -> Call:
    args = (_count(rng), _count(rng))
    if rng.random() < 0.6:
        return Call(name, (*args, rng.randint(-4, 4)))
    return Call(name, args)


@samples("tril_indices")
def tril_indices(rng: random.Random) -> Call:
    return _triangle(rng, "torch.tril_indices")


@samples("triu_indices")
def triu_indices(rng: random.Random) -> Call:
    return _triangle(rng, "torch.triu_indices")


def _bound(rng: random.Random) -> int | float:
    return rng.choice((0, 1, 2, 3, 5, 7, 11, -1, -3, 0.5, 2.5, 7.25))


@samples("arange")
def arange(rng: random.Random) -> Call:
    start, end = _bound(rng), _bound(rng)
    step = rng.choice((1, 2, 3, -1, -2, 0.5, -0.25, 0))
    return rng.choice(
        (
            Call("torch.arange", (end,)),
            Call("torch.arange", (start, end)),
            Call("torch.arange", (start, end, step)),
            Call("torch.arange", (start, end), {"step": step}),
            Call("torch.arange", (), {"start": start, "end": end, "step": step}),
            Call("torch.arange", (), {"end": end}),
        )
    )


@samples("range")
def range_(rng: random.Random) -> Call:
    start, end = _bound(rng), _bound(rng)
    step = rng.choice((1, 2, 3, -1, -2, 0.5, -0.25, 0))
    return Call("torch.range", (start, end) if rng.random() < 0.4 else (start, end, step))


def _spaced(rng: random.Random, name: str) -> Call:
    start: Any = 0 if rng.random() < 0.6 else T(() if rng.random() < 0.6 else shape(rng, 0, 2))
    end: Any = 1.5 if rng.random() < 0.8 else T(() if rng.random() < 0.6 else shape(rng, 0, 2))
    steps = _count(rng)
    if rng.random() < 0.3:
        return Call(name, (start, end), {"steps": steps})
    return Call(name, (start, end, steps))


@samples("linspace")
def linspace(rng: random.Random) -> Call:
    return _spaced(rng, "torch.linspace")


@samples("logspace")
def logspace(rng: random.Random) -> Call:
    return _spaced(rng, "torch.logspace")


def nested(rng: random.Random, lengths: tuple[int, ...], spoil: float = 0.03) -> Any:
    """Nested lists of the given lengths, here and there of another length or depth."""
    if rng.random() < spoil:
        lengths = oracle.maybe_other_rank(rng, lengths, 0.5)
    if not lengths:
        return T((1,) * rng.randint(0, 2)) if rng.random() < 0.03 else rng.choice((1, 2.5))
    count = oracle.maybe_other(rng, lengths[0], spoil)
    make = rng.choice((list, tuple))
    return make(nested(rng, lengths[1:], spoil) for _ in range(count))


@samples("tensor")
def tensor(rng: random.Random) -> Call:
    target = rng.choice(("torch.tensor", "torch.as_tensor", "torch.tensor"))
    if rng.random() < 0.15:
        return Call(target, (T(shape(rng)),))
    return Call(target, (nested(rng, oracle.sizes(rng, rng.randint(0, 3))),))


@samples("new_tensor")
def new_tensor(rng: random.Random) -> Call:
    first = T(shape(rng))
    if rng.random() < 0.15:
        return Call("Tensor.new_tensor", (first, T(shape(rng))))
    return Call("Tensor.new_tensor", (first, nested(rng, oracle.sizes(rng, rng.randint(0, 3)))))


@samples("scalar_tensor", never_rejects="a number has no shape")
def scalar_tensor(rng: random.Random) -> Call:
    return Call("torch.scalar_tensor", (rng.choice((1, 2.5, True)),))


@samples("Tensor")
def typed(rng: random.Random) -> Call:
    target = rng.choice(("torch.Tensor", "torch.FloatTensor"))
    if rng.random() < 0.3:
        data = nested(rng, oracle.sizes(rng, rng.randint(1, 3)), 0.05)
        return Call(target, (data if isinstance(data, (list, tuple)) else [data],))  # no number
    return Call(target, asked(rng, 0.5))


class Array(T):
    """A NumPy array argument."""

    def make(self) -> Any:
        return super().make().numpy()


@samples("from_numpy", never_rejects="every array has a shape")
def from_numpy(rng: random.Random) -> Call:
    return Call("torch.from_numpy", (Array(shape(rng)),))
