"""Calls of Fourier transforms, differences and integrals."""

from __future__ import annotations

import random
from typing import Any

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
)


def _filled(rng: random.Random, least: int = 1) -> tuple[int, ...]:
    """A shape without 0: MKL refuses to transform no signals, other libraries do not."""
    return tuple(item or 2 for item in shape(rng, least, 4))


def _samples(rng: random.Random) -> int:
    return rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 0, -1))


def _single(rng: random.Random, *names: str) -> Call:
    x = _filled(rng, 0)
    target = f"torch.fft.{rng.choice(names)}"
    kind = rng.random()
    if kind < 0.2:
        return Call(target, (T(x),))
    dim = any_dim(rng, len(x))
    n = None if rng.random() < 0.3 else _samples(rng)
    if kind < 0.6:
        return Call(target, (T(x), n, dim))
    return Call(target, (T(x),), {"n": n, "dim": dim})


@samples("fft")
def fft(rng: random.Random) -> Call:
    return _single(rng, "fft", "ifft")


@samples("rfft")
def rfft(rng: random.Random) -> Call:
    return _single(rng, "rfft", "ihfft")


@samples("irfft")
def irfft(rng: random.Random) -> Call:
    return _single(rng, "irfft", "hfft")


def _several(rng: random.Random, *names: str) -> Call:
    x = _filled(rng)
    target = f"torch.fft.{rng.choice(names)}"
    kwargs: dict[str, Any] = {}
    count = rng.randint(1, max(len(x), 1))
    if rng.random() < 0.6:
        kwargs["dim"] = tuple(any_dim(rng, len(x), 0.05) for _ in range(count))
    if rng.random() < 0.5:
        kwargs["s"] = tuple(_samples(rng) for _ in range(count))
    return Call(target, (T(x),), kwargs)


@samples("fft2")
def fft2(rng: random.Random) -> Call:
    return _several(rng, "fft2", "ifft2")


@samples("rfft2")
def rfft2(rng: random.Random) -> Call:
    return _several(rng, "rfft2", "ihfft2")


@samples("irfft2")
def irfft2(rng: random.Random) -> Call:
    return _several(rng, "irfft2", "hfft2")


@samples("fftn")
def fftn(rng: random.Random) -> Call:
    return _several(rng, "fftn", "ifftn")


@samples("rfftn")
def rfftn(rng: random.Random) -> Call:
    return _several(rng, "rfftn", "ihfftn")


@samples("irfftn")
def irfftn(rng: random.Random) -> Call:
    return _several(rng, "irfftn", "hfftn")


@samples("fftshift")
def fftshift(rng: random.Random) -> Call:
    x = shape(rng, 1, 4)
    dim: Any = any_dim(rng, len(x), 0.3)
    if rng.random() < 0.3:
        dim = (dim, any_dim(rng, len(x), 0.1))
    target = rng.choice(("torch.fft.fftshift", "torch.fft.ifftshift"))
    return Call(target, (T(x),) if rng.random() < 0.2 else (T(x), dim))


@samples("fftfreq")
def fftfreq(rng: random.Random) -> Call:
    return Call("torch.fft.fftfreq", (rng.randint(-3, 9),))


@samples("rfftfreq")
def rfftfreq(rng: random.Random) -> Call:
    return Call("torch.fft.rfftfreq", (rng.randint(-9, 9),))


@samples("stft")
def stft(rng: random.Random) -> Call:
    length = rng.choice((5, 16, 20, 31, 50))
    x = maybe_other_rank(rng, (*_filled(rng, 0)[:1], length), 0.05)
    n_fft = rng.choice((4, 7, 8, 16))
    kwargs: dict[str, Any] = {"return_complex": rng.random() < 0.7}
    if rng.random() < 0.6:
        kwargs["hop_length"] = rng.choice((1, 2, 3, 5, 7, 0))
    win_length = n_fft
    if rng.random() < 0.4:
        kwargs["win_length"] = win_length = rng.choice((n_fft - 1, n_fft // 2, n_fft + 1))
    if rng.random() < 0.5:
        kwargs["window"] = T(maybe_other_rank(rng, (maybe_other(rng, win_length, 0.1),), 0.05))
    if rng.random() < 0.5:
        kwargs["center"] = rng.random() < 0.3
    if rng.random() < 0.3:
        kwargs["onesided"] = rng.random() < 0.5
    return Call(rng.choice(("torch.stft", "Tensor.stft")), (T(x), n_fft), kwargs)


@samples("istft")
def istft(rng: random.Random) -> Call:
    n_fft = rng.choice((4, 8, 7, 16))
    frequencies = n_fft if rng.random() < 0.2 else n_fft // 2 + 1
    frequencies = maybe_other(rng, frequencies, 0.1)
    x = maybe_other_rank(rng, (*rng.choice(((), (3,))), frequencies, rng.choice((6, 9, 11))), 0.1)
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.5:
        kwargs["hop_length"] = rng.choice((1, 2, 0))
    if rng.random() < 0.2:
        kwargs["length"] = 5
    if rng.random() < 0.2:
        kwargs["onesided"] = frequencies != n_fft
    if rng.random() < 0.3:
        kwargs["center"] = True
    if rng.random() < 0.3:
        window = maybe_other_rank(rng, (maybe_other(rng, n_fft, 0.15),), 0.05)
        kwargs["window"] = T(window, values=1.0)
    return Call(rng.choice(("torch.istft", "Tensor.istft")), (T(x, "complex64"), n_fft), kwargs)


@samples("diff")
def diff(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1) if rng.random() < 0.7 else -1
    kwargs: dict[str, Any] = {"dim": dim} if dim != -1 else {}
    if rng.random() < 0.5:
        kwargs["n"] = rng.choice((0, 1, 2, 3, -1))
    for name in ("prepend", "append"):
        if rng.random() < 0.3:
            part = list(x)
            if x and -len(x) <= dim < len(x):
                part[dim] = size(rng)
            part = [maybe_other(rng, item, 0.08) for item in part]
            kwargs[name] = T(maybe_other_rank(rng, tuple(part), 0.1))
    return Call(rng.choice(("torch.diff", "Tensor.diff")), (T(x),), kwargs)


@samples("cov", least=2)
def cov(rng: random.Random) -> Call:
    x = _filled(rng, 0)[:3]
    seen = x[-1] if x else 1
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.4:
        weights = maybe_other_rank(rng, (maybe_other(rng, seen),), 0.2)
        kwargs["fweights"] = T(weights, "int64", values=1)
    if rng.random() < 0.4:
        weights = maybe_other_rank(rng, (maybe_other(rng, seen),), 0.2)
        kwargs["aweights"] = T(weights, values=1.0)
    return Call(rng.choice(("torch.cov", "Tensor.cov")), (T(x),), kwargs)


@samples("corrcoef", least=2)
def corrcoef(rng: random.Random) -> Call:
    return Call(rng.choice(("torch.corrcoef", "Tensor.corrcoef")), (T(shape(rng, 0, 3)),))


def _integral(rng: random.Random, *targets: str) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1)
    kwargs: dict[str, Any] = {} if rng.random() < 0.3 else {"dim": dim}
    kind = rng.random()
    if kind < 0.3:
        return Call(rng.choice(targets), (T(x),), kwargs)
    if kind < 0.4:
        return Call(rng.choice(targets), (T(x),), {"dx": 2.0, **kwargs})
    along = x[kwargs.get("dim", -1)] if x and -len(x) <= dim < len(x) else 3
    at = (maybe_other(rng, along),) if kind < 0.7 else broadcastable(rng, x, 0.1)
    if kind > 0.95:
        at = (size(rng), *x)
    return Call(rng.choice(targets), (T(x), T(at)), kwargs)


@samples("trapezoid")
def trapezoid(rng: random.Random) -> Call:
    return _integral(rng, "torch.trapezoid", "torch.trapz")


@samples("cumulative_trapezoid")
def cumulative_trapezoid(rng: random.Random) -> Call:
    return _integral(rng, "torch.cumulative_trapezoid")


@samples("gradient")
def gradient(rng: random.Random) -> Call:
    x = shape(rng)
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.3:
        kwargs["dim"] = any_dim(rng, len(x), 0.2)
    elif rng.random() < 0.5:
        kwargs["dim"] = tuple(any_dim(rng, len(x), 0.1) for _ in range(rng.randint(1, 2)))
    if rng.random() < 0.3:
        kwargs["edge_order"] = rng.choice((1, 2))
    if rng.random() < 0.3:
        kwargs["spacing"] = 2.0
    return Call("torch.gradient", (T(x),), kwargs)


@samples("combinations")
def combinations(rng: random.Random) -> Call:
    x = maybe_other_rank(rng, (size(rng),), 0.25)
    args: tuple[Any, ...] = (T(x),)
    if rng.random() < 0.7:
        args = (*args, rng.choice((0, 1, 2, 3, -1)), rng.random() < 0.5)
    return Call("torch.combinations", args)


@samples("cartesian_prod")
def cartesian_prod(rng: random.Random) -> Call:
    vectors = [T(maybe_other_rank(rng, (size(rng),), 0.12)) for _ in range(rng.randint(1, 3))]
    return Call("torch.cartesian_prod", vectors)
