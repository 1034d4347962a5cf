"""Calls of convolutions, pooling and windows."""

from __future__ import annotations

import random
from typing import Any

from tests.rules.oracle import Call, T, maybe_other, maybe_other_rank, samples


def per_axis(rng: random.Random, axes: int, choices: tuple[int, ...]) -> Any:
    """One number, a list of one, or a list with one for each axis; now and then too many."""
    if rng.random() < 0.5:
        return rng.choice(choices)
    count = axes if rng.random() < 0.93 else axes + 1
    return tuple(rng.choice(choices) for _ in range(count))


def image(rng: random.Random, axes: int, channels: int, least: int = 3) -> tuple[int, ...]:
    """A batch of images, or one image, now and then of another rank."""
    spatial = tuple(rng.choice((least, 5, 6, 7, 8)) for _ in range(axes))
    if rng.random() < 0.05:
        spatial = (*spatial[:-1], rng.choice((0, 1)))
    batch = (rng.choice((0, 1, 2, 3)),) if rng.random() < 0.7 else ()
    return maybe_other_rank(rng, (*batch, channels, *spatial), 0.06)


def _conv(rng: random.Random, axes: int) -> Call:
    groups = rng.choice((1, 1, 1, 2, 3))
    into = groups * rng.choice((1, 2, 3))
    out = groups * rng.choice((1, 2)) + (rng.random() < 0.1)
    kernel = tuple(rng.choice((1, 2, 3)) for _ in range(axes))
    weight = (out, maybe_other(rng, into // groups, 0.12), *kernel)
    bias = T((maybe_other(rng, out, 0.15),)) if rng.random() < 0.5 else None
    padding: Any = per_axis(rng, axes, (0, 1, 2))
    if rng.random() < 0.2:
        padding = rng.choice(("same", "valid"))
    kwargs = {
        "stride": per_axis(rng, axes, (1, 1, 2, 3)),
        "padding": padding,
        "dilation": per_axis(rng, axes, (1, 1, 2)),
    }
    kept = {key: value for key, value in kwargs.items() if rng.random() < 0.6}
    if groups != 1 or rng.random() < 0.1:
        kept["groups"] = groups
    shape = image(rng, axes, into)
    prefix = rng.choice(("torch.", "torch.nn.functional."))
    return Call(
        f"{prefix}conv{axes}d", (T(shape), T(maybe_other_rank(rng, weight, 0.04)), bias), kept
    )


@samples("conv1d")
def conv1d(rng: random.Random) -> Call:
    return _conv(rng, 1)


@samples("conv2d")
def conv2d(rng: random.Random) -> Call:
    return _conv(rng, 2)


@samples("conv3d")
def conv3d(rng: random.Random) -> Call:
    return _conv(rng, 3)


def _conv_transpose(rng: random.Random, axes: int) -> Call:
    groups = rng.choice((1, 1, 1, 2, 3))
    into = groups * rng.choice((1, 2))
    per_group = rng.choice((1, 2, 3))
    kernel = tuple(rng.choice((1, 2, 3)) for _ in range(axes))
    weight = (maybe_other(rng, into, 0.12), per_group, *kernel)
    bias = T((maybe_other(rng, per_group * groups, 0.15),)) if rng.random() < 0.4 else None
    kwargs = {
        "stride": per_axis(rng, axes, (1, 2, 3)),
        "padding": per_axis(rng, axes, (0, 1, 1)),
        "output_padding": per_axis(rng, axes, (0, 1, 1, 2)),
        "dilation": per_axis(rng, axes, (1, 1, 2)),
    }
    kept = {key: value for key, value in kwargs.items() if rng.random() < 0.5}
    kept["groups"] = groups
    shape = image(rng, axes, into)
    if min(shape[-axes:], default=0) < 3:  # nothing left: it depends on the backend
        kept.pop("padding", None)
    prefix = rng.choice(("torch.", "torch.nn.functional."))
    return Call(f"{prefix}conv_transpose{axes}d", (T(shape), T(weight), bias), kept)


@samples("conv_transpose1d")
def conv_transpose1d(rng: random.Random) -> Call:
    return _conv_transpose(rng, 1)


@samples("conv_transpose2d")
def conv_transpose2d(rng: random.Random) -> Call:
    return _conv_transpose(rng, 2)


@samples("conv_transpose3d")
def conv_transpose3d(rng: random.Random) -> Call:
    return _conv_transpose(rng, 3)


@samples("unfold_columns")
def unfold(rng: random.Random) -> Call:
    kwargs = {
        "dilation": per_axis(rng, 2, (1, 1, 2)),
        "padding": per_axis(rng, 2, (0, 1)),
        "stride": per_axis(rng, 2, (1, 2, 3)),
    }
    kept = {key: value for key, value in kwargs.items() if rng.random() < 0.5}
    shape = image(rng, 2, rng.choice((0, 1, 2, 3)))
    if len(shape) not in (3, 4):
        shape = (2, *shape[-3:]) if len(shape) > 3 else (1, 2, 5, 5)
    kernel = per_axis(rng, 2, (1, 2, 3, 7))
    return Call("torch.nn.functional.unfold", (T(shape), kernel), kept)


@samples("fold")
def fold(rng: random.Random) -> Call:
    size = (rng.choice((3, 4, 5)), rng.choice((3, 4, 5)))
    kernel = (rng.choice((1, 2, 3)), rng.choice((1, 2, 3)))
    padding, stride, dilation = rng.choice((0, 1)), rng.choice((1, 2)), rng.choice((1, 1, 2))
    length = 1
    for extent, tap in zip(size, kernel, strict=True):
        length *= max((extent + 2 * padding - dilation * (tap - 1) - 1) // stride + 1, 0)
    columns = rng.choice((1, 2, 3)) * kernel[0] * kernel[1]
    shape = (rng.choice((0, 1, 2)), maybe_other(rng, columns, 0.15), maybe_other(rng, length, 0.15))
    if rng.random() < 0.3:
        shape = shape[1:]
    kwargs = {"dilation": dilation, "padding": padding, "stride": stride}
    return Call("torch.nn.functional.fold", (T(shape), size, kernel), kwargs)


def _pool(rng: random.Random, axes: int, family: str) -> Call:
    kwargs: dict[str, Any] = {
        "stride": rng.choice((None, per_axis(rng, axes, (1, 2, 3)))),
        "padding": per_axis(rng, axes, (0, 0, 1, 1, 2)),
        "ceil_mode": rng.random() < 0.5,
    }
    if family == "max":
        kwargs |= {"dilation": per_axis(rng, axes, (1, 1, 2)), "return_indices": rng.random() < 0.5}
    if family == "lp":
        del kwargs["padding"]
    kept = {key: value for key, value in kwargs.items() if rng.random() < 0.6}
    kernel = per_axis(rng, axes, (1, 2, 3, 3, 9))
    args = (2.0, kernel) if family == "lp" else (kernel,)
    shape = image(rng, axes, rng.choice((0, 1, 2, 3, 2, 3)))
    if family == "lp" and 0 in shape:
        shape = tuple(max(item, 1) for item in shape)
    if family == "lp" and (axes == 1 or (isinstance(kernel, tuple) and len(kernel) != axes)):
        args = (2.0, rng.choice((1, 2, 3, 9)))
    if (family == "lp" or axes == 2) and len(shape) < axes + 1:
        shape = (2, *shape)
    return Call(f"torch.nn.functional.{family}_pool{axes}d", (T(shape), *args), kept)


for _axes in (1, 2, 3):
    for _family in ("max", "avg", "lp"):

        def _sampler(rng: random.Random, axes: int = _axes, family: str = _family) -> Call:
            return _pool(rng, axes, family)

        samples(f"{_family}_pool{_axes}d")(_sampler)


@samples("max_pool1d_with_indices")
def max_pool1d_with_indices(rng: random.Random) -> Call:
    call = _pool(rng, 1, "max")
    kept = {key: value for key, value in call.kwargs.items() if key != "return_indices"}
    return Call("torch.max_pool1d_with_indices", call.args, kept)


def _adaptive(rng: random.Random, axes: int, family: str) -> Call:
    shape = image(rng, axes, rng.choice((0, 1, 2, 3)))
    size: Any = per_axis(rng, axes, (0, 1, 2, 3, 5, 9))
    if axes > 1 and isinstance(size, tuple) and len(size) == axes and rng.random() < 0.4:
        size = (None, *size[1:])
    kwargs = {"return_indices": True} if family == "max" and rng.random() < 0.4 else {}
    if family == "max" and rng.random() < 0.2:
        target = f"torch.nn.functional.adaptive_max_pool{axes}d_with_indices"
        return Call(target, (T(shape), size))
    return Call(f"torch.nn.functional.adaptive_{family}_pool{axes}d", (T(shape), size), kwargs)


for _axes in (1, 2, 3):
    for _family in ("max", "avg"):

        def _adaptive_sampler(rng: random.Random, axes: int = _axes, family: str = _family) -> Call:
            return _adaptive(rng, axes, family)

        samples(f"adaptive_{_family}_pool{_axes}d")(_adaptive_sampler)


def _fractional(rng: random.Random, axes: int) -> Call:
    batch = (rng.choice((0, 1, 2)),) if rng.random() < 0.7 else ()
    shape = (*batch, rng.choice((1, 2, 3)), *(rng.choice((5, 6, 7, 8)) for _ in range(axes)))
    kernel = rng.choice((1, 2, 3))
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.7:
        kwargs["output_size"] = tuple(rng.choice((2, 3, 4, 5)) for _ in range(axes))
    else:
        kwargs["output_ratio"] = tuple(rng.choice((0.5, 0.3, 0.75)) for _ in range(axes))
    suffix = "_with_indices" if rng.random() < 0.3 else ""
    if not suffix and rng.random() < 0.3:
        kwargs["return_indices"] = True
    target = f"torch.nn.functional.fractional_max_pool{axes}d{suffix}"
    return Call(target, (T(shape), kernel), kwargs)


@samples("fractional_max_pool2d")
def fractional_max_pool2d(rng: random.Random) -> Call:
    return _fractional(rng, 2)


@samples("fractional_max_pool3d")
def fractional_max_pool3d(rng: random.Random) -> Call:
    return _fractional(rng, 3)


def _unpool(rng: random.Random, axes: int) -> Call:
    batch = (rng.choice((1, 2)),) if rng.random() < 0.7 else ()
    shape = (*batch, rng.choice((1, 2, 3)), *(rng.choice((2, 3, 4)) for _ in range(axes)))
    indices = tuple(maybe_other(rng, item, 0.05) for item in shape)
    kernel, stride = rng.choice((2, 3)), rng.choice((None, 1, 2, 3))
    kwargs: dict[str, Any] = {"stride": stride, "padding": rng.choice((0, 0, 1))}
    if rng.random() < 0.4:
        step = kernel if stride is None else stride
        least = [(item - 1) * step - 2 * kwargs["padding"] + kernel for item in shape[-axes:]]
        size = tuple(max(item + rng.choice((-1, 0, 0, 1, 2)), 1) for item in least)
        kwargs["output_size"] = size if rng.random() < 0.8 else (2, 3, *size)
    args = (T(shape), T(indices, "int64"), kernel)
    return Call(f"torch.nn.functional.max_unpool{axes}d", args, kwargs)


@samples("max_unpool1d")
def max_unpool1d(rng: random.Random) -> Call:
    return _unpool(rng, 1)


@samples("max_unpool2d")
def max_unpool2d(rng: random.Random) -> Call:
    return _unpool(rng, 2)


@samples("max_unpool3d")
def max_unpool3d(rng: random.Random) -> Call:
    return _unpool(rng, 3)
