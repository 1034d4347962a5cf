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


@pytest.mark.parametrize("run", program)
def test_as_pytorch(run: Any) -> None:
    check(run)
