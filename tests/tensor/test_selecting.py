"""Reading and writing where index tensors say, against PyTorch: dtypes, bounds, modes, in place, ``out=``."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from shapetorch.tensor import kernels
from tests.tensor.both import agree, numbers
from tests.tensor.test_views import rows

X = numbers(3, 4)
Y = numbers(3, 4, seed=1)
ALONG = np.array([[0, 2, 1, 0], [2, 2, 0, 1]])
ROWS = np.array([2, 0])

READS = """
x.gather(0, g) | x.gather(1, g) | x.gather(-2, g) | x.gather(0, g[:1, :2]) | x.gather(2, g) | x.gather(0, g + 2) | x.gather(0, g - 1) | x.gather(0, g.int()) | x.gather(0, g.short()) | x.gather(0, g.float()) | x.gather(0, g, sparse_grad=False) | t.gather(x, dim=0, index=g) | t.gather(x, 0, g[0]) | x.gather(0, g[:0]) | x.gather(0, 1) | x.gather(0, g.bool()) | x[0, 0].gather(0, t.tensor(0)) | x[0, 0].gather(0, t.tensor([0, 0])) | x.t().gather(1, g.t())
x.index_select(0, i) | x.index_select(1, i) | x.index_select(-1, i) | x.index_select(0, t.tensor(1)) | x.index_select(0, i + 1) | x.index_select(0, i - 1) | x.index_select(0, i.int()) | x.index_select(0, i.bool()) | x.index_select(0, g) | x.index_select(2, i) | t.index_select(x, dim=1, index=i) | x[0, 0].index_select(0, t.tensor([0])) | x.index_select(0, i[:0]) | x.index_select(0, [0]) | x.index_select(0, i.double())
x.take(g) | x.take(i) | x.take(t.tensor(5)) | x.take(t.tensor([-1, -12])) | x.take(t.tensor([12])) | x.take(t.tensor([-13])) | x.take(i.int()) | t.take(x, index=g) | x.take(i[:0]) | x.take(0) | x.t().take(g)
x.take_along_dim(g, 0) | x.take_along_dim(g, dim=1) | x.take_along_dim(g) | x.take_along_dim(g - 2, 0) | x.take_along_dim(g + 2, 0) | x.take_along_dim(g.int(), 0) | x.take_along_dim(g[:, :1], 0) | t.take_along_dim(x, g[:1], 1) | x.take_along_dim(i, 0)
x.masked_select(m) | x.masked_select(m[0]) | x.masked_select(m[:, :1]) | x[0].masked_select(m) | x.masked_select(m.byte()) | x.masked_select(m[:, :3]) | t.masked_select(x, mask=m) | x.masked_select(x) | x[0, 0].masked_select(m[0, 0]) | x.masked_select(True)
x.nonzero() | m.nonzero() | m.nonzero(as_tuple=True) | t.nonzero(m) | t.nonzero(m, as_tuple=True) | m[0, 0].nonzero() | m[0, 0].nonzero(as_tuple=True) | t.tensor(0).nonzero() | m.argwhere() | t.argwhere(x) | t.argwhere(m[0, 0]) | t.zeros(0, 3).nonzero() | t.nonzero(x, as_tuple=False) | t.nonzero(3)
t.unravel_index(i, (2, 2)) | t.unravel_index(g, (3, 4)) | t.unravel_index(t.tensor(5), (2, 3)) | t.unravel_index(i, 4) | t.unravel_index(i.float(), (2, 2)) | t.unravel_index(i, (2, -2)) | t.unravel_index(i, 'a') | t.unravel_index(i.int(), (2, 2)) | t.unravel_index(i, (2.0, 2)) | t.unravel_index(i, t.Size((3, 1)))
"""

WRITES = """
x.scatter(0, g, y) | x.scatter(1, g, y) | x.scatter(0, g, 1.5) | x.scatter(0, g, value=2) | x.scatter(0, g, src=y) | x.scatter(0, g, y, reduce='add') | x.scatter(0, g, y, reduce='multiply') | x.scatter(0, g, 2.0, reduce='multiply') | x.scatter(0, g, y, reduce='max') | x.scatter(0, g, y.float()) | x.scatter(0, g + 2, y) | x.scatter(0, g - 1, y) | x.scatter(0, g.int(), y) | x.scatter(0, g.short(), y) | x.scatter(0, g, y[:1]) | x.scatter(2, g, y) | x.scatter(0, g, 'a') | x.scatter(0, g, 1j) | t.scatter(x, dim=0, index=g, src=y) | x.scatter(0, g[:0], y) | x.scatter(0, g) | x[0, 0].scatter(0, t.tensor(0), y[0, 0])
x.scatter_add(0, g, y) | x.scatter_add(1, g, y) | x.scatter_add(0, g, y.float()) | x.scatter_add(0, g + 2, y) | x.scatter_add(0, g - 1, y) | x.scatter_add(0, g.int(), y) | x.scatter_add(0, g.bool(), y) | x.scatter_add(0, g, 1.0) | t.scatter_add(x, 0, g[:1], y[:1]) | x.scatter_add(-1, g, y) | x[0, 0].scatter_add(0, t.tensor([0, 0]), y[0, :2])
x.scatter_reduce(0, g, y, 'sum') | x.scatter_reduce(0, g, y, 'mean') | x.scatter_reduce(0, g, y, 'prod') | x.scatter_reduce(0, g, y, 'amax') | x.scatter_reduce(0, g, y, 'amin') | x.scatter_reduce(0, g, y, 'sum', include_self=False) | x.scatter_reduce(0, g, y, 'mean', include_self=False) | x.scatter_reduce(0, g, y, 'prod', include_self=False) | x.scatter_reduce(0, g, y, 'amax', include_self=False) | x.scatter_reduce(0, g, y, 'amin', include_self=False) | x.scatter_reduce(1, g, y, reduce='amax') | x.scatter_reduce(0, g, y, 'max') | x.scatter_reduce(0, g, y) | x.scatter_reduce(0, g + 2, y, 'sum') | x.scatter_reduce(0, g, y.float(), 'sum') | x.scatter_reduce(0, g, x[:2], 'amax') | x.scatter_reduce(0, g * 0, y * 0, 'prod') | (x * 0).scatter_reduce(0, g, y, 'prod') | x.scatter_reduce(0, g, y.round(), 'amin', include_self=False)
x.index_add(0, i, y[:2]) | x.index_add(1, i, y[:, :2]) | x.index_add(0, t.tensor([1, 1]), y[:2]) | x.index_add(0, i, y[:2], alpha=2.5) | x.index_add(0, i + 1, y[:2]) | x.index_add(0, i - 1, y[:2]) | x.index_add(0, i.int(), y[:2]) | x.index_add(0, i.short(), y[:2]) | x.index_add(0, i, y[:2].float()) | x.index_add(0, i, y) | x.index_add(0, i, y[:2, :3]) | x.index_add(2, i, y[:2]) | x.index_add(0, i, 1.0) | t.index_add(x, 0, t.tensor(1), y[:1]) | x[0].index_add(0, i + 3, y[0, :2]) | x[0].index_add(0, i, y[0, :2]) | x.index_add(dim=0, index=i, source=y[:2])
x.index_copy(0, i, y[:2]) | x.index_copy(1, i, y[:, :2]) | x.index_copy(0, i + 1, y[:2]) | x.index_copy(0, i - 1, y[:2]) | x.index_copy(0, i.int(), y[:2]) | x.index_copy(0, i, y[:2].float()) | x.index_copy(0, i, y) | x.index_copy(0, t.tensor(1), y[:1]) | t.index_copy(x, 0, i, y[:2]) | x[0, 0].index_copy(0, t.tensor(0), y[0, 0])
x.index_fill(0, i, 2) | x.index_fill(1, i, 2.5) | x.index_fill(0, i - 1, 2) | x.index_fill(0, i + 1, 2) | x.index_fill(0, i - 4, 2) | x.index_fill(0, i, t.tensor(3.0, dtype=t.float64)) | x.index_fill(0, i, y[0, 0]) | x.index_fill(0, i, t.ones(1)) | x.index_fill(0, i.int(), 2) | x.index_fill(0, i, 1j) | x.index_fill(0, i, 'a') | x.index_fill(0, g, 1) | x.index_fill(2, i, 1) | t.index_fill(x, 0, t.tensor(1), 3) | x[0, 0].index_fill(0, t.tensor([0]), 2)
x.index_reduce(0, i, y[:2], 'prod') | x.index_reduce(0, i, y[:2], 'mean') | x.index_reduce(0, i, y[:2], 'amax') | x.index_reduce(0, i, y[:2], 'amin') | x.index_reduce(0, t.tensor([1, 1]), y[:2], 'mean', include_self=False) | x.index_reduce(0, t.tensor([1, 1]), y[:2], 'prod', include_self=False) | x.index_reduce(0, t.tensor([1, 1]), y[:2], 'amax', include_self=False) | x.index_reduce(1, i, y[:, :2], 'amin') | x.index_reduce(0, i, y[:2], 'sum') | x.index_reduce(0, i + 1, y[:2], 'amax') | x.index_reduce(0, i.short(), y[:2], 'amax') | x.index_reduce(0, i, y, 'amax') | x.index_reduce(0, i, y[:2].float(), 'amax')
x.put(i, y[0, :2]) | x.put(i, y[0, :2], True) | x.put(t.tensor([1, 1]), y[0, :2], accumulate=True) | x.put(g, y[:2]) | x.put(t.tensor([-12]), y[0, :1]) | x.put(t.tensor([12]), y[0, :1]) | x.put(i.int(), y[0, :2]) | x.put(i, y[0, :2].float()) | x.put(i, y) | t.put(x, i, y[0, :2]) | x.t().put(i, y[0, :2])
x.masked_scatter(m, y) | x.masked_scatter(m[0], y) | x.masked_scatter(m, y[0, :1]) | x.masked_scatter(m.byte(), y) | x.masked_scatter(m, y.float()) | x[0].masked_scatter(m, y) | x.masked_scatter(m[:, :3], y) | t.masked_scatter(x, m, y) | x.masked_scatter(m, y.reshape(-1)) | x.masked_scatter(m, 1.0)
x.select_scatter(y[0], 0, 1) | x.select_scatter(y[:, 0], 1, -1) | x.select_scatter(y[0], 0, 3) | x.select_scatter(y, 0, 1) | t.select_scatter(x, y[0].float(), 0, 1) | x.slice_scatter(y[:2], 0, 1) | x.slice_scatter(y[:, :2], 1, 0, 4, 2) | x.slice_scatter(y[:2], 0, 1, 3, 0) | x.slice_scatter(y[:2], start=1) | x.slice_scatter(y, 0, 1) | x.diagonal_scatter(y[0, :3]) | x.diagonal_scatter(y[0, :2], -1) | x.diagonal_scatter(y[0]) | t.as_strided_scatter(x, y[0], (2,), (2,), 1)
"""

OTHER_DTYPES = """
x.scatter_add(0, g, y) | x.scatter(0, g, y) | x.index_add(0, i, y[:2]) | x.index_copy(0, i, y[:2]) | x.index_fill(0, i, 1) | x.scatter_reduce(0, g, y, 'sum') | x.scatter_reduce(0, g, y, 'mean') | x.scatter_reduce(0, g, y, 'prod') | x.scatter_reduce(0, g, y, 'amax') | x.scatter_reduce(0, g, y, 'amin', include_self=False) | x.scatter_reduce(0, g, y, 'amax', include_self=False) | x.scatter_reduce(0, g, y, 'mean', include_self=False) | x.index_reduce(0, i, y[:2], 'amax') | x.index_reduce(0, i, y[:2], 'mean') | x.put(i, y[0, :2], True) | x.index_put((i,), y[:2], True) | x.gather(0, g) | x.take(g) | x.masked_scatter(m, y) | x.index_add(0, i, y[:2], alpha=2)
"""

IN_PLACE = """
x.scatter_(0, g, y) | x.scatter_(0, g, 1.5) | x.scatter_(0, g, y, reduce='add') | x.scatter_add_(0, g, y) | x.scatter_reduce_(0, g, y, 'amax') | x.scatter_reduce_(0, g, y, 'prod', include_self=False) | x.index_add_(0, i, y[:2], alpha=2) | x.index_copy_(0, i, y[:2]) | x.index_fill_(0, i, 2) | x.index_reduce_(0, i, y[:2], 'amin') | x.put_(i, y[0, :2]) | x.put_(i, y[0, :2], accumulate=True) | x.masked_scatter_(m, y) | x.index_put_((i,), y[:2]) | x.t().put_(i, y[0, :2]) | x.t().index_add_(1, i, y[:2].t()) | x[:, 1:3].scatter_(0, g[:, :2], y[:, :2]) | x[0].masked_scatter_(m, y) | x.scatter_add_(0, g, x[:2]) | x.index_add_(0, i, x[:2]) | x.index_copy_(0, i, x[1:]) | x.masked_scatter_(m, x)
"""

OUT = """
t.gather(x, 0, g, out=o) | t.index_select(x, 0, i, out=o) | t.take(x, g, out=o) | t.take_along_dim(x, g, 0, out=o) | t.masked_select(x, m, out=o) | t.nonzero(x, out=t.empty(0, dtype=t.int64)) | t.scatter(x, 0, g, y, out=o) | t.scatter_add(x, 0, g, y, out=o) | t.scatter_reduce(x, 0, g, y, 'sum', out=o) | t.index_add(x, 0, i, y[:2], out=o) | t.index_copy(x, 0, i, y[:2], out=o) | t.gather(x, 0, g, out=t.empty(0)) | t.gather(x, 0, g, out=t.empty(0, dtype=t.int64)) | t.cat([x, y], out=o) | t.stack([x, y], out=o) | t.tril(x, out=o) | t.hstack([x, y], out=o) | t.narrow_copy(x, 0, 1, 1, out=o)
"""


def names(t, x, y):
    """What the expressions speak of."""
    mask = t.from_numpy(X > 0)
    index, along = t.from_numpy(ROWS.copy()), t.from_numpy(ALONG.copy())
    return {
        "t": t,
        "x": x,
        "y": y,
        "g": along,
        "i": index,
        "m": mask,
        "o": t.empty(0, dtype=t.float64),
    }


@pytest.mark.parametrize("text", rows(READS))
def test_reads(text: str) -> None:
    agree(lambda t, x, y: eval(text, names(t, x, y)), X, Y)


@pytest.mark.parametrize("text", rows(WRITES))
def test_writes(text: str) -> None:
    agree(lambda t, x, y: eval(text, names(t, x, y)), X, Y)


@pytest.mark.parametrize("text", rows(IN_PLACE))
def test_writes_in_place(text: str) -> None:
    def write(t, x, y):
        made = x.clone()
        result = eval(text, names(t, made, y))
        return made, result, result is made, made._version

    agree(write, X, Y)
    agree(lambda t, x, y: eval(text, names(t, x, y)), X, Y)  # a leaf


@pytest.mark.parametrize("text", rows(OUT))
def test_out(text: str) -> None:
    agree(lambda t, x, y: eval(text, names(t, x, y)), X, Y, grad=False)
    agree(lambda t, x, y: eval(text, names(t, x, y)), X, Y)  # refused: gradients would be lost


@pytest.mark.parametrize("dtype", ["int64", "uint8", "int8", "bool", "complex128", "float16"])
@pytest.mark.parametrize("text", rows(OTHER_DTYPES))
def test_other_dtypes(dtype: str, text: str) -> None:
    def program(t):
        x = t.tensor([[3, 0, 1, 2], [7, 5, 0, 1], [2, 2, 9, 4]]).to(getattr(t, dtype))
        return eval(text, names(t, x, x.flip(0)))

    agree(program, grad=False)


def test_part_of_the_memory_replaced() -> None:
    text = "t.as_strided_scatter(x, y[0, :2], (2,), (2,), 1)"
    agree(lambda t, x, y: eval(text, names(t, x, y)), X, Y, grad=False)
    x, y = shapetorch.ones(3, 4, requires_grad=True), shapetorch.zeros(2, requires_grad=True)
    shapetorch.as_strided_scatter(x, y, (2,), (2,), 1).sum().backward()
    assert x.grad[0].tolist() == [1, 0, 1, 0]  # PyTorch has it the other way round
    assert y.grad.tolist() == [1, 1]


OUTSIDE = """
x[v] | x[:, v] | x[v, v] | x.gather(0, g) | x.index_select(0, v) | x.take(v) | x.scatter_(0, g, y) | x.scatter_add_(0, g, y) | x.scatter_reduce_(0, g, y, 'amax') | x.index_add_(0, v, y[:1]) | x.index_copy_(0, v, y[:1]) | x.index_fill_(0, v, 1.0) | x.index_reduce_(0, v, y[:1], 'amax') | x.index_put_((v,), y[:1]) | x.index_put_((v,), y[:1], True) | x.put_(v, y[0, :1]) | x.__setitem__(v, 1.0) | x.index_put_((v, v), y[0, :1])
"""


@pytest.mark.parametrize("wrong", [-(2**63), -100, -13, 12, 100, 2**62, 2**63 - 1])
@pytest.mark.parametrize("text", rows(OUTSIDE))
def test_nothing_outside_is_read_or_written(text: str, wrong: int) -> None:
    x, y = shapetorch.zeros(3, 4), shapetorch.ones(3, 4)
    index = {"v": shapetorch.tensor([wrong]), "g": shapetorch.full((1, 4), wrong)}
    with pytest.raises((IndexError, RuntimeError)):
        eval(text, {"x": x, "y": y, **index})
    assert not x.any()


def test_many_rows_are_added_up() -> None:
    index = np.random.default_rng(0).integers(-50, 50, 4000)
    for t in (torch, shapetorch):
        rows_of = t.from_numpy(numbers(4000, 3))
        table = t.zeros(50, 3, dtype=t.float64).requires_grad_()
        picked = table[t.from_numpy(index)]
        (picked * rows_of).sum().backward()
        if t is torch:
            expected = table.grad.numpy()
    np.testing.assert_allclose(table.grad.numpy(), expected)


LARGE = """
x.gather(0, g) | x.gather(1, g) | x.gather(2, g) | x.gather(1, g[:, :5]) | x.scatter_add(0, g, y) | x.scatter_add(1, g, y) | x.scatter_add(2, g, y) | x.scatter_add(1, g[:, :5], y) | x.index_add(0, i, y[i]) | x.index_add(1, i, y[:, i]) | x.index_add(2, i, y[:, :, i]) | x[i] | x[:, i] | x[i, i] | x.transpose(0, 1).gather(1, g.transpose(0, 1)) | x.take_along_dim(g, 1) | x.index_put((i,), y[i], accumulate=True) | x.index_put((i - 11,), y[i], accumulate=True) | x.index_select(1, i)
"""


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("text", rows(LARGE))
def test_large_ones_take_the_kernels(text: str, dtype: str) -> None:
    kernels.warmup()
    numbers_of = np.random.default_rng(0)

    def program(t, x, y):
        given = {"g": t.from_numpy(index.copy()), "i": t.from_numpy(vector.copy())}
        return eval(text, {"t": t, "x": x, "y": y, **given})

    index, vector = numbers_of.integers(0, 11, (11, 12, 50)), numbers_of.integers(0, 11, 200)
    agree(
        program,
        *(numbers(11, 12, 50, seed=seed, dtype=dtype) for seed in (0, 1)),
        grad=dtype == "float64",
    )
