"""Where results lie in memory: in the order of their dims where PyTorch's do, so that `view` works alike."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

from tests.tensor.programs import Programs, check

program = Programs()


def turned(t: Any, *shape: int) -> Any:
    """A tensor of that shape whose dims lie in memory the other way round."""
    x = t.arange(1.0, 1.0 + t.Size(shape).numel())
    return x.reshape(shape[::-1]).permute(*reversed(range(len(shape))))


def strides(*tensors: Any) -> list[Any]:
    return [(item.stride(), item.is_contiguous()) for item in tensors]


@program
def reductions(t):
    x = turned(t, 2, 3, 4)
    tested = [t.all(x, 1), t.any(x, 1, True), t.count_nonzero(x, 1)]
    extremes = [x.amax(1), x.amin(1), *x.max(1), *x.median(1), *t.aminmax(x, dim=1)]
    sums = [x.sum(1), x.nansum(1), x.mean(1), x.prod(1), x.logsumexp(1), x.var(1), x.std(1)]
    return strides(*tested, *extremes, *sums, t.linalg.vector_norm(x, 3, 1))


@program
def scans(t):
    x = turned(t, 2, 3, 4)
    return strides(x.cumsum(1), x.cumprod(1), *x.cummax(1), *x.cummin(1), x.logcumsumexp(1))


@program
def joined(t):
    x = turned(t, 2, 3, 4)
    return strides(t.cat([x, x]), t.stack([x, x]), t.hstack([x]), t.vstack([x, x]), t.dstack([x]))


@program
def moved(t):
    x = turned(t, 2, 3, 4)
    turns = [t.rot90(x, k, (0, 1)) for k in range(4)]
    return strides(x.roll(1, 0), x.tile(2), x.repeat(1, 1, 1), x.flip(1), *turns)


@program
def copies_of_views(t):
    x = turned(t, 2, 3)
    return strides(
        t.alias_copy(x), t.unsqueeze_copy(x, 0), t.slice_copy(x, 1), t.transpose_copy(x, 0, 1)
    )


@program
def picked_and_written(t):
    x, index = turned(t, 2, 3, 4), turned(t, 2, 3, 4).long() % 2
    picked = [
        x.gather(0, index),
        x.take(index),
        t.take_along_dim(x, index, 0),
        *x.nonzero(as_tuple=True),
    ]
    first = t.tensor([0])
    written = [
        x.scatter(0, index, 1.0),
        x.scatter_add(0, index, x),
        x.index_add(0, first, x[:1]),
        x.index_copy(0, first, x[:1]),
        x.index_fill(0, first, 1.0),
        x.masked_fill(x > 3, 0.0),
    ]
    return strides(*picked, *written, x.tril(), x.triu())


@program
def normalized(t):
    x = turned(t, 2, 3, 4)
    f = t.nn.functional
    return strides(
        f.layer_norm(x, (4,)),
        f.rms_norm(x, (4,)),
        f.group_norm(x, 3),
        f.instance_norm(x),
        f.batch_norm(x, t.zeros(3), t.ones(3)),
    )


@program
def channels_last_stays(t):
    x = t.arange(120.0).view(2, 3, 4, 5).contiguous(memory_format=t.channels_last)
    f = t.nn.functional
    normalized = [f.batch_norm(x, t.zeros(3), t.ones(3)), f.group_norm(x, 3)]
    return strides(t.cat([x, x], 1), x.relu(), *normalized)


@program
def products(t):
    x = turned(t, 2, 3, 4)
    return strides(
        x @ x.mT, t.bmm(x, x.mT), t.linalg.cross(turned(t, 3, 4), turned(t, 3, 4), dim=0)
    )


@program
def view_after_it(t):
    x = turned(t, 2, 3, 4)
    return [
        t.cat([x, x]).view(-1),
        x.cumsum(0).view(24),
        t.nn.functional.layer_norm(x, (4,)).view(6, 4),
    ]


def images(t):
    """Images whose channels lie next to each other."""
    x = t.arange(2.0 * 4 * 6 * 8).reshape(2, 4, 6, 8) / 100
    return x.contiguous(memory_format=t.channels_last)


@program
def convolutions_of_images(t):
    f, x, w = t.nn.functional, images(t), t.ones(3, 4, 3, 3)
    rows = x.contiguous()
    return strides(
        f.conv2d(x, w),
        f.conv2d(x, w, t.ones(3), padding=1),
        f.conv2d(x, t.ones(4, 1, 3, 3), groups=4),
        f.conv2d(rows, w.contiguous(memory_format=t.channels_last)),
        f.conv2d(rows, w),
        f.conv_transpose2d(x, t.ones(4, 3, 3, 3)),
    )


@program
def windows_of_images(t):
    f, x = t.nn.functional, images(t)
    return strides(
        f.max_pool2d(x, 2),
        *f.max_pool2d(x, 2, return_indices=True),
        f.avg_pool2d(x, 2),
        f.avg_pool2d(x, 2, divisor_override=3),
        f.adaptive_avg_pool2d(x, 2),
        f.adaptive_max_pool2d(x, 2),
        f.lp_pool2d(x, 2, 2),
        f.max_pool2d(x.contiguous(), 2),
    )


@program
def images_of_other_sizes(t):
    f, x = t.nn.functional, images(t)
    sizes = [f.interpolate(x, scale_factor=2, mode=m) for m in ("nearest", "bilinear", "bicubic")]
    padded = [
        f.pad(x, (1, 1, 1, 1), mode=m) for m in ("constant", "reflect", "replicate", "circular")
    ]
    shuffled = [
        f.pixel_shuffle(t.cat([x, x], 1), 2),
        f.pixel_unshuffle(x, 2),
        f.channel_shuffle(x, 2),
    ]
    cropped = [f.pad(x, (-1, -1)), x[:, :, ::2], f.max_pool2d(x[:, :, ::2], 2)]
    return strides(*sizes, *padded, *shuffled, *cropped, f.interpolate(x, size=(3, 3), mode="area"))


@program
def images_as_rows_of_pixels(t):
    f, x = t.nn.functional, images(t)
    y = f.max_pool2d(f.conv2d(x, t.ones(3, 4, 1, 1)), 2)
    return [
        y.permute(0, 2, 3, 1).view(-1, 3),
        f.dropout(x, 0.5).permute(0, 2, 3, 1).view(-1, 4).shape,
    ]


@program
def values_stay_what_they_are(t):
    f, x = t.nn.functional, images(t).requires_grad_()
    y = f.pixel_shuffle(f.conv2d(x, t.ones(8, 4, 3, 3), padding=1), 2)
    y = f.interpolate(f.pad(y, (1, 1)), scale_factor=2, mode="bilinear")
    y = f.avg_pool2d(f.max_pool2d(y, 2), 2)
    (y * y).mean().backward()
    return [y, x.grad, x.grad.stride()]


@program
def normalized_over_channels(t):
    f = t.nn.functional
    x = t.arange(48.0).reshape(2, 4, 2, 3)
    y = f.layer_norm(x.permute(0, 2, 3, 1), (4,))
    z = f.instance_norm(images(t))
    return [y.view(2, -1, 4), z.view(-1), *strides(y, z)]


@program
def in_rows(t):
    f, x, a = t.nn.functional, turned(t, 3, 4), turned(t, 3, 3)
    made = [x.narrow_copy(1, 0, 2), t.renorm(x, 2, 0, 1.0), f.logsigmoid(x), t.rrelu(x)]
    factors = t.lu_unpack(*t.linalg.lu_factor(a + 9 * t.eye(3)))
    return strides(*made, t.linalg.matrix_power(a, 1), factors[1], factors[2])


@program
def as_operands(t):
    x = turned(t, 3, 4)
    made = [*x.sort(0), *x.sort(1, descending=True), x.argsort(1), *t.sort(x.double(), stable=True)]
    return strides(*made, t.complex(x, x), t.polar(x, x), t.complex(x, x[0]), t.msort(x))


@pytest.mark.parametrize("run", program)
def test_as_pytorch(run: Any) -> None:
    check(run)
