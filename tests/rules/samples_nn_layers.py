"""Layers of `torch.nn`, constructed and called."""

from __future__ import annotations

import random
from collections.abc import Callable
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
    sizes,
)
from tests.rules.samples_nn_windows import image, per_axis

NN = "torch.nn."

Layer = Callable[[random.Random, str], Call]


def layers(*names: str, never_rejects: str | None = None) -> Callable[[Layer], Layer]:
    """Register one generator, which is told the layer's name, for several layers."""

    def register(make: Layer) -> Layer:
        for name in names:

            def sampler(rng: random.Random, target: str = NN + name) -> Call:
                return make(rng, target)

            samples(NN + name, never_rejects=never_rejects)(sampler)
        return make

    return register


def some(rng: random.Random, chance: float = 0.5, **kwargs: Any) -> dict[str, Any]:
    """Some of the arguments."""
    return {key: value for key, value in kwargs.items() if rng.random() < chance}


def axes_of(target: str) -> int:
    """The digit of ``Conv2d``."""
    return int(target[-2])


# -- linear ------------------------------------------------------------------------------------------


@layers("Linear", "modules.linear.NonDynamicallyQuantizableLinear")
@layers("LazyLinear", never_rejects="learns its input size")
def linear(rng: random.Random, target: str) -> Call:
    into, out = sizes(rng, 2)
    args = (out,) if target == NN + "LazyLinear" else (into, out)
    input = (*shape(rng, 0, 2), maybe_other(rng, into))
    if rng.random() < 0.1 and target != NN + "LazyLinear":
        input = ()
    return Call(target, args, some(rng, 0.3, bias=rng.random() < 0.5), (T(input),))


@layers("Bilinear")
def bilinear(rng: random.Random, target: str) -> Call:
    left, right, out = (max(item, 1) for item in sizes(rng, 3))
    lead = shape(rng, 0, 2)
    other = tuple(maybe_other(rng, item, 0.1) for item in lead)
    inputs = (T((*lead, maybe_other(rng, left))), T((*other, maybe_other(rng, right))))
    return Call(target, (left, right, out), some(rng, bias=False), inputs)


@layers("Identity", never_rejects="takes anything")
def identity(rng: random.Random, target: str) -> Call:
    return Call(target, rng.choice(((), (54,))), some(rng, unused=3), (T(shape(rng)),))


@layers("Embedding", never_rejects="takes any indices")
def embedding(rng: random.Random, target: str) -> Call:
    args = (rng.choice((2, 3, 5)), rng.choice((1, 2, 7)))
    return Call(target, args, some(rng, padding_idx=0), (T(shape(rng, 0, 3), "int64"),))


@layers("EmbeddingBag")
def embedding_bag(rng: random.Random, target: str) -> Call:
    input = rng.choice(((2, 3), (3, 1), (5,), (2, 3, 5), ()))
    kwargs = some(rng, mode="sum", include_last_offset=True)
    inputs: list[Any] = [T(input, "int64")]
    if (len(input) == 1 and rng.random() < 0.7) or rng.random() < 0.1:
        inputs.append(T((2,), "int64"))
    return Call(target, (7, rng.choice((1, 2, 3))), kwargs, inputs)


@layers("Flatten")
def flatten(rng: random.Random, target: str) -> Call:
    input = shape(rng)
    dims = some(rng, start_dim=any_dim(rng, len(input)), end_dim=any_dim(rng, len(input)))
    return Call(target, (), dims, (T(input),))


@layers("Unflatten")
def unflatten(rng: random.Random, target: str) -> Call:
    input = (rng.choice((1, 2)), rng.choice((4, 6, 12)), 3)
    parts = rng.choice(((2, 2), (2, 3), (3, 4), (-1, 2), (2, -1, 3)))
    return Call(target, (rng.choice((1, -2, 1, 0, 5)), parts), {}, (T(input),))


@layers("CosineSimilarity", "PairwiseDistance")
def similarity(rng: random.Random, target: str) -> Call:
    left = shape(rng, 1, 3)
    inputs = (T(left), T(broadcastable(rng, left)))
    if target.endswith("Similarity"):
        return Call(target, (), some(rng, 0.8, dim=any_dim(rng, len(left))), inputs)
    return Call(target, (), some(rng, keepdim=True), inputs)


# -- convolution, pooling -----------------------------------------------------------------------------


@layers(*(f"{lazy}Conv{axes}d" for lazy in ("", "Lazy") for axes in (1, 2, 3)))
def conv(rng: random.Random, target: str) -> Call:
    axes = axes_of(target)
    groups = rng.choice((1, 1, 1, 2, 3))
    into = groups * rng.choice((1, 2, 3)) + (rng.random() < 0.05)
    out = groups * rng.choice((1, 2)) + (rng.random() < 0.05)
    padding: Any = per_axis(rng, axes, (0, 1, 2))
    if rng.random() < 0.15:
        padding = rng.choice(("same", "valid", "other"))
    stride = per_axis(rng, axes, (1, 1, 2, 3))
    if isinstance(padding, str) and isinstance(stride, tuple):
        stride = stride[:axes]
    kwargs = some(
        rng,
        stride=stride,
        padding=padding,
        dilation=per_axis(rng, axes, (1, 1, 2)),
        bias=False,
    )
    if rng.random() < 0.3 and not isinstance(kwargs.get("padding", 0), (str, tuple)):
        kwargs["padding_mode"] = rng.choice(("reflect", "replicate", "circular", "zeros"))
    if groups != 1:
        kwargs["groups"] = groups
    kernel = per_axis(rng, axes, (1, 2, 3))
    args = (out, kernel) if "Lazy" in target else (into, out, kernel)
    input = image(rng, axes, maybe_other(rng, into, 0.1))
    if "Lazy" in target:  # what is learned of an empty tensor is beside the point
        input = tuple(item or 3 for item in input)
    return Call(target, args, kwargs, (T(input),))


@layers(*(f"{lazy}ConvTranspose{axes}d" for lazy in ("", "Lazy") for axes in (1, 2, 3)))
def conv_transpose(rng: random.Random, target: str) -> Call:
    axes = axes_of(target)
    groups = rng.choice((1, 1, 2))
    into, out = groups * rng.choice((1, 2)), groups * rng.choice((1, 2))
    stride, kernel = rng.choice((1, 2, 3)), rng.choice((1, 2, 3))
    kwargs = some(rng, padding=rng.choice((0, 1)), dilation=rng.choice((1, 2)))
    kwargs |= {"stride": stride, "groups": groups}
    args = (out, kernel) if "Lazy" in target else (into, out, kernel)
    input = image(rng, axes, maybe_other(rng, into, 0.1))
    input = tuple(item or 3 for item in input)
    inputs: list[Any] = [T(input)]
    if rng.random() < 0.3 and len(input) in (axes + 1, axes + 2) and input[-axes - 1] == into:
        tap = kwargs.get("dilation", 1) * (kernel - 1)
        least = [
            (item - 1) * stride - 2 * kwargs.get("padding", 0) + tap + 1 for item in input[-axes:]
        ]
        wanted = tuple(item + rng.choice((0, 0, 1, 2, -1)) for item in least)
        inputs.append(wanted if rng.random() < 0.8 else (1, 1, *wanted)[-len(input) :])
    else:
        kwargs["output_padding"] = rng.choice((0, 0, 1))
    return Call(target, args, kwargs, inputs)


@layers(*(f"{kind}Pool{axes}d" for kind in ("Max", "Avg", "LP") for axes in (1, 2, 3)))
def pool(rng: random.Random, target: str) -> Call:
    axes = axes_of(target)
    kernel = rng.choice((1, 2, 3, 9, (2,) * axes))
    args = (2.0, rng.choice((1, 2, 3))) if "LP" in target else (kernel,)
    kwargs = some(rng, stride=per_axis(rng, axes, (1, 2, 3)), ceil_mode=True)
    if "LP" not in target:
        kwargs |= some(rng, padding=rng.choice((0, 1, 2)))
    if "Max" in target:
        kwargs |= some(rng, dilation=rng.choice((1, 2)), return_indices=True)
    input = image(rng, axes, rng.choice((1, 2, 3)))
    if "LP" in target:
        input = tuple(item or 1 for item in input)
    input = input if len(input) > axes else (2, *input)
    return Call(target, args, kwargs, (T(input),))


@layers(*(f"Adaptive{kind}Pool{axes}d" for kind in ("Max", "Avg") for axes in (1, 2, 3)))
def adaptive_pool(rng: random.Random, target: str) -> Call:
    axes = axes_of(target)
    wanted: Any = per_axis(rng, axes, (0, 1, 2, 3, 5))
    if axes > 1 and isinstance(wanted, tuple) and len(wanted) == axes and rng.random() < 0.4:
        wanted = (None, *wanted[1:])
    kwargs = some(rng, return_indices=True) if "Max" in target else {}
    return Call(target, (wanted,), kwargs, (T(image(rng, axes, rng.choice((1, 2, 3)))),))


@layers("FractionalMaxPool2d", "FractionalMaxPool3d")
def fractional_pool(rng: random.Random, target: str) -> Call:
    axes = axes_of(target)
    kwargs: dict[str, Any] = {"output_size": rng.choice((2, 3, 4, 5, 6))}
    if rng.random() < 0.3:
        kwargs = {"output_ratio": rng.choice((0.5, (0.5,) * axes))}
    if rng.random() < 0.1:
        kwargs = {}
    input = (2, 3, *(rng.choice((5, 6, 7)) for _ in range(axes)))
    return Call(target, (rng.choice((1, 2, 3)),), kwargs, (T(input[rng.choice((0, 1)) :]),))


@layers("MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d")
def unpool(rng: random.Random, target: str) -> Call:
    axes = axes_of(target)
    input = (*rng.choice(((), (2,))), 3, *(rng.choice((2, 3)) for _ in range(axes)))
    indices = tuple(maybe_other(rng, item, 0.07) for item in input)
    inputs: list[Any] = [T(input), T(indices, "int64")]
    kernel = rng.choice((2, 3))
    if rng.random() < 0.4:
        inputs.append(tuple(item * kernel + rng.choice((0, 1, -1, 2)) for item in input[-axes:]))
    return Call(target, (kernel,), {}, inputs)


@layers("Unfold", "Fold")
def columns(rng: random.Random, target: str) -> Call:
    kwargs = some(rng, padding=rng.choice((0, 1)), stride=rng.choice((1, 2)))
    kernel = rng.choice((1, 2, 3, 7))
    if target == NN + "Unfold":
        return Call(target, (kernel,), kwargs, (T((2, 3, 5, rng.choice((5, 6)))),))
    side = (5 + 2 * kwargs.get("padding", 0) - kernel) // kwargs.get("stride", 1) + 1
    length = maybe_other(rng, max(side, 0) ** 2, 0.2)
    return Call(target, (5, kernel), kwargs, (T((2, 3 * kernel * kernel, length)),))


# -- normalization, activation ------------------------------------------------------------------------


@layers(*(f"{lazy}BatchNorm{axes}d" for lazy in ("", "Lazy") for axes in (1, 2, 3)))
def batch_norm(rng: random.Random, target: str) -> Call:
    axes = axes_of(target)
    channels = rng.choice((1, 2, 3, 5))
    input = (rng.choice((2, 3)), channels, *(rng.choice((2, 3)) for _ in range(axes)))
    if axes == 1 and rng.random() < 0.5:
        input = input[:2]
    if rng.random() < 0.2:
        input = rng.choice(((2, *input), (2, 3, 2, 2) if "Lazy" in target else (2,)))
    args = () if "Lazy" in target else (maybe_other(rng, channels) or 1,)
    kwargs = some(rng, 0.3, affine=False, track_running_stats=False)
    return Call(target, args, kwargs, (T(input),))


@layers("SyncBatchNorm")
def sync_batch_norm(rng: random.Random, target: str) -> Call:
    input = (rng.choice((2, 3)), rng.choice((1, 2, 3)), *shape(rng, 0, 2))
    input = tuple(item or 1 for item in input)
    input = input[:1] if rng.random() < 0.1 else input
    return Call(target, (maybe_other(rng, (*input, 2)[1]) or 1,), {}, (T(input),))


@layers(*(f"{lazy}InstanceNorm{axes}d" for lazy in ("", "Lazy") for axes in (1, 2, 3)))
def instance_norm(rng: random.Random, target: str) -> Call:
    axes = axes_of(target)
    channels = rng.choice((1, 2, 3, 5))
    batch = rng.choice(((), (2,), (1,)))
    lazy = "Lazy" in target
    input = (*batch, channels, *(rng.choice((2, 3) if lazy else (1, 2, 3)) for _ in range(axes)))
    args = () if "Lazy" in target else (maybe_other(rng, channels) or 1,)
    kwargs = some(rng, affine=rng.random() < 0.5)
    input = tuple(item or 2 for item in maybe_other_rank(rng, input, 0.2))
    return Call(target, args, kwargs, (T(input if len(input) > 1 else (2, *input)),))


@layers("LayerNorm", "RMSNorm")
def layer_norm(rng: random.Random, target: str) -> Call:
    input = shape(rng, 1, 3)
    ending = tuple(maybe_other(rng, item, 0.15) for item in input[-rng.choice((1, 2)) :])
    wanted = ending[0] if len(ending) == 1 and rng.random() < 0.5 else ending
    return Call(target, (wanted,), some(rng, 0.2, elementwise_affine=False), (T(input),))


@layers("GroupNorm")
def group_norm(rng: random.Random, target: str) -> Call:
    groups = rng.choice((1, 2, 3))
    channels = groups * rng.choice((1, 2)) + (rng.random() < 0.1)
    input = (2, maybe_other(rng, channels, 0.15) or 1, *rng.choice(((), (5,), (2, 3))))
    kwargs = some(rng, 0.2, affine=False)
    return Call(target, (groups, channels), kwargs, (T(maybe_other_rank(rng, input)),))


@layers("LocalResponseNorm", "CrossMapLRN2d")
def local_response_norm(rng: random.Random, target: str) -> Call:
    input = tuple(item or 1 for item in shape(rng, 1, 4))
    return Call(target, (2,), {}, (T(input),))


PLAIN = (
    *("ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid", "Sigmoid", "Tanh"),
    *("LogSigmoid", "Softsign", "Tanhshrink", "ELU", "CELU", "GELU", "Hardtanh", "LeakyReLU"),
    *("Hardshrink", "Softshrink", "Softplus", "RReLU", "Dropout", "AlphaDropout"),
)


@layers(*PLAIN, "Threshold", never_rejects="only the dtype can be wrong")
def activation(rng: random.Random, target: str) -> Call:
    args = (0.1, 2.0) if target.endswith("Threshold") else ()
    return Call(target, args, {}, (T(shape(rng)),))


@layers("Dropout2d", "Dropout3d", "FeatureAlphaDropout", never_rejects="ranks are warned of")
def channel_dropout(rng: random.Random, target: str) -> Call:
    return Call(target, (0.2,), {}, (T(shape(rng, 2, 5)),))


@layers("Dropout1d")
def dropout1d(rng: random.Random, target: str) -> Call:
    return Call(target, (), {}, (T(shape(rng, 0, 4)),))


@layers("PReLU")
def prelu(rng: random.Random, target: str) -> Call:
    input = shape(rng)
    channels = input[1] if len(input) > 1 else 1
    args = rng.choice(((), (channels or 1,), (3,)))
    return Call(target, args, {}, (T(input),))


@layers("Softmax", "LogSoftmax", "Softmin", "GLU")
def over_axis(rng: random.Random, target: str) -> Call:
    input = shape(rng, 0, 3)
    return Call(target, (any_dim(rng, len(input)),), {}, (T(input),))


@layers("Softmax2d")
def softmax2d(rng: random.Random, target: str) -> Call:
    return Call(target, (), {}, (T(shape(rng, 2, 5)),))


# -- resizing ------------------------------------------------------------------------------------------


@layers(
    *(
        f"{kind}Pad{axes}d"
        for kind in ("Zero", "Constant", "Reflection", "Replication", "Circular")
        for axes in (1, 2, 3)
    )
)
def pad(rng: random.Random, target: str) -> Call:
    axes = axes_of(target)
    input = (*rng.choice(((), (2,))), 3, *(rng.choice((2, 3, 5)) for _ in range(axes)))
    padding: Any = rng.choice((0, 1, 2, 3))
    if rng.random() < 0.5:
        padding = tuple(rng.choice((0, 1, 2, 4)) for _ in range(2 * axes))
    args = (padding, 0.5) if "Constant" in target else (padding,)
    return Call(target, args, {}, (T(maybe_other_rank(rng, input, 0.15)),))


@layers("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d")
def upsample(rng: random.Random, target: str) -> Call:
    kwargs: dict[str, Any] = {"scale_factor": rng.choice((2, 3, 0.5, (2.0, 3.0)))}
    if rng.random() < 0.4:
        kwargs = {"size": rng.choice((1, 3, 7, (3, 5)))}
    if target.endswith("Upsample"):
        kwargs["mode"] = rng.choice(("nearest", "bilinear", "bicubic", "linear"))
    return Call(target, (), kwargs, (T(maybe_other_rank(rng, (2, 3, 4, 5), 0.2)),))


@layers("PixelShuffle", "PixelUnshuffle", "ChannelShuffle")
def shuffle(rng: random.Random, target: str) -> Call:
    input = (2, rng.choice((4, 8, 9, 6)), rng.choice((2, 6)), rng.choice((4, 6)))
    return Call(target, (rng.choice((1, 2, 3)),), {}, (T(maybe_other_rank(rng, input)),))
