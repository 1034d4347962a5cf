"""Calls of padding, interpolation, shuffles and grids."""

from __future__ import annotations

import random
from typing import Any

from tests.rules.oracle import Call, T, maybe_other, maybe_other_rank, samples, shape

NN = "torch.nn.functional."


@samples("pad")
def pad(rng: random.Random) -> Call:
    mode = rng.choice(("constant", "constant", "reflect", "replicate", "circular"))
    count = rng.choice((1, 1, 2, 2, 3))
    if mode == "constant":
        input = shape(rng, 0, 4)
        length = 2 * rng.randint(0, len(input) + (rng.random() < 0.15))
        length += rng.random() < 0.05
        amounts = tuple(rng.choice((0, 0, 1, 2, 3, -1, -2)) for _ in range(length))
    else:
        lead = tuple(rng.choice((1, 2, 3, 3, 2, 0)) for _ in range(rng.choice((1, 2))))
        input = maybe_other_rank(rng, (*lead, *(rng.choice((2, 3, 5)) for _ in range(count))), 0.08)
        length = 2 * count
        amounts = tuple(rng.choice((0, 0, 1, 1, 2, 4, -1)) for _ in range(length))
        if mode == "circular":  # negative numbers are taken in steps that need not be allowed
            amounts = tuple(abs(item) for item in amounts)
    kwargs = {} if mode == "constant" and rng.random() < 0.5 else {"mode": mode}
    return Call(NN + "pad", (T(input), amounts), kwargs)


def _resample(rng: random.Random, name: str, modes: tuple[str, ...]) -> Call:
    axes = rng.choice((1, 2, 2, 3))
    fitting = {1: "linear", 2: rng.choice(("bilinear", "bicubic")), 3: "trilinear"}[axes]
    mode = rng.choice((*modes, fitting, fitting)) if modes else ""
    lead = (rng.choice((0, 1, 2)), rng.choice((1, 2, 3)))
    input = (*lead, *(rng.choice((2, 3, 4, 5)) for _ in range(axes)))
    input = maybe_other_rank(rng, input, 0.1)
    kwargs: dict[str, Any] = {"mode": mode} if modes else {}
    if name == "upsample_bilinear" and rng.random() < 0.8:
        input = (1, 2, 3, 5)
    count = max(len(input) - 2, 0)
    count = count if rng.random() < 0.9 else count + 1
    if rng.random() < 0.5:
        size = tuple(rng.choice((1, 2, 3, 7)) for _ in range(count))
        kwargs["size"] = size if rng.random() < 0.6 else rng.choice((0, 2, 3, 7))
    elif rng.random() < 0.95:
        scale = tuple(rng.choice((0.5, 2.0, 1.5, 3.0)) for _ in range(count))
        kwargs["scale_factor"] = scale if rng.random() < 0.4 else rng.choice((2, 3, 0.5, 0.3))
    if name == "upsample_nearest" and isinstance(kwargs.get("scale_factor"), tuple):
        kwargs["scale_factor"] = 2
    return Call(NN + name, (T(input),), kwargs)


@samples("interpolate")
def interpolate(rng: random.Random) -> Call:
    return _resample(rng, "interpolate", ("nearest", "nearest-exact", "area", "bicubic"))


@samples("upsample")
def upsample(rng: random.Random) -> Call:
    return _resample(rng, "upsample", ("nearest", "bilinear"))


@samples("upsample_nearest")
def upsample_nearest(rng: random.Random) -> Call:
    return _resample(rng, "upsample_nearest", ())


@samples("upsample_bilinear")
def upsample_bilinear(rng: random.Random) -> Call:
    return _resample(rng, "upsample_bilinear", ())


@samples("pixel_shuffle")
def pixel_shuffle(rng: random.Random) -> Call:
    factor = rng.choice((1, 2, 3))
    input = (*shape(rng, 0, 2), factor * factor * rng.choice((1, 2, 3)) + (rng.random() < 0.2))
    input = maybe_other_rank(rng, (*input, rng.choice((1, 2, 5)), rng.choice((1, 3))))
    return Call(rng.choice((NN, "torch.")) + "pixel_shuffle", (T(input), factor))


@samples("pixel_unshuffle")
def pixel_unshuffle(rng: random.Random) -> Call:
    factor = rng.choice((1, 2, 3))
    sizes = (factor * rng.choice((1, 2, 3)) + (rng.random() < 0.15) for _ in "ab")
    input = maybe_other_rank(rng, (*shape(rng, 0, 2), rng.choice((1, 2, 5)), *sizes))
    return Call(rng.choice((NN, "torch.")) + "pixel_unshuffle", (T(input), factor))


@samples("channel_shuffle")
def channel_shuffle(rng: random.Random) -> Call:
    groups = rng.choice((1, 2, 3))
    channels = groups * rng.choice((1, 2, 3)) + (rng.random() < 0.2)
    rest = (rng.choice((1, 2, 5)) for _ in range(rng.choice((0, 1, 2))))
    return Call(NN + "channel_shuffle", (T((rng.choice((1, 2)), channels, *rest)), groups))


@samples("grid_sample")
def grid_sample(rng: random.Random) -> Call:
    axes = rng.choice((2, 2, 3))
    batch = rng.choice((1, 2, 3))
    input = (batch, rng.choice((0, 1, 2)), *(rng.choice((2, 3, 5)) for _ in range(axes)))
    places = tuple(rng.choice((1, 2, 3)) for _ in range(axes))
    grid = (maybe_other(rng, batch, 0.15), *places, maybe_other(rng, axes, 0.15))
    return Call(NN + "grid_sample", (T(maybe_other_rank(rng, input, 0.05)), T(grid)))


@samples("affine_grid")
def affine_grid(rng: random.Random) -> Call:
    axes = rng.choice((2, 2, 3))
    batch = rng.choice((1, 2, 3))
    theta = (maybe_other(rng, batch, 0.12), axes, maybe_other(rng, axes + 1, 0.12))
    size = (batch, rng.choice((1, 2)), *(rng.choice((1, 2, 3)) for _ in range(axes)))
    if rng.random() < 0.06:
        size = size[1:]
    return Call(NN + "affine_grid", (T(maybe_other_rank(rng, theta, 0.05)), size))
