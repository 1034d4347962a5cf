"""Sorting, searching, counting and running results: order of equal elements, NaN, dtypes, wrong arguments."""

from __future__ import annotations

import numpy as np
import pytest

import shapetorch
from tests.tensor.both import agree
from tests.tensor.expressions import difference

EXPRESSIONS = """
torch.tensor([3, 1, 3, 1]).sort(stable=True)
torch.tensor([3, 1, 3, 1]).sort(stable=True, descending=True)
torch.tensor([2.0, nan, 1.0, inf, -inf]).sort()
torch.tensor([2.0, nan, 1.0, inf, -inf]).sort(descending=True)
torch.tensor([2.0, nan, 1.0]).half().sort()
torch.tensor([2.0, nan, 1.0]).bfloat16().sort(descending=True)
torch.tensor([True, False, True]).sort()
torch.tensor(3.0).sort()
torch.tensor(3.0).sort(1)
torch.sort(b, 1, True)
torch.sort(b.cfloat())
torch.sort(b, 2)
torch.sort(b, out=(torch.empty(0), torch.empty(0, dtype=torch.int64)))
b.sort(1).indices
b.argsort(0, True)
torch.argsort(b, stable=True)
v.msort()
b.topk(2)
b.topk(2, 0, largest=False)
b.topk(4)
b.topk(-1)
torch.tensor([nan, 1.0, 2.0]).topk(2)
torch.tensor([nan, 1.0, 2.0]).topk(2, largest=False)
torch.tensor(3.0).topk(1)
torch.tensor([1, 2, 3]).topk(1.5)
torch.arange(1000.0).flip(0).topk(3)
torch.arange(1000.0).topk(3, largest=False)
torch.tensor([3, 1, 3]).unique()
torch.tensor([3, 1, 3]).unique(return_inverse=True, return_counts=True)
torch.tensor([[3, 1], [3, 1], [0, 2]]).unique(dim=0, return_inverse=True, return_counts=True)
torch.tensor([nan, 1.0, nan]).unique()
torch.tensor([nan, 1.0, nan]).unique_consecutive(return_counts=True)
torch.tensor([1, 1, 2, 1]).unique_consecutive(return_inverse=True, return_counts=True)
torch.tensor([[1, 1, 2], [3, 3, 4]]).unique_consecutive(dim=1).contiguous()
torch.tensor([2.5, 2.5]).half().unique()
torch.tensor([2.5, 2.5]).bfloat16().unique()
b.cfloat().unique()
torch.empty(0).unique(return_inverse=True, return_counts=True)
torch.bincount(torch.tensor([1, 3, 1]))
torch.bincount(torch.tensor([1, 3, 1]), minlength=6)
torch.bincount(torch.tensor([1, 3, 1]), torch.tensor([0.5, 1.0, 2.0]))
torch.bincount(torch.tensor([1, 3, 1]), torch.tensor([5, 1, 2]))
torch.bincount(torch.tensor([1.0, 3.0]))
torch.bincount(torch.tensor([1, -3]))
torch.bincount(torch.tensor([], dtype=torch.int64), minlength=2)
torch.bincount(torch.tensor([[1]]))
torch.histc(b, 4)
torch.histc(b, 4, 1, 3)
torch.histc(b, 4, 3, 1)
torch.histc(b.long(), 4)
torch.histc(torch.ones(3), 4)
torch.histc(torch.tensor([1.0, inf]), 4)
torch.histc(torch.tensor([1.0, nan]), 4, 0, 2)
torch.histogram(b, 4)
torch.histogram(b, 4, range=(1.0, 3.0))
torch.histogram(b, 4, range=(3.0, 1.0))
torch.histogram(b, 4, density=True)
torch.histogram(b, torch.tensor([0.0, 1.0, 5.0]), weight=b)
torch.histogram(b.long(), 4)
torch.searchsorted(torch.tensor([1.0, 3.0, 3.0, 5.0]), b)
torch.searchsorted(torch.tensor([1.0, 3.0, 3.0, 5.0]), b, right=True)
torch.searchsorted(torch.tensor([1.0, 3.0, 3.0, 5.0]), b, side="right", out_int32=True)
torch.searchsorted(torch.tensor([1.0, 3.0]), b, side="left", right=True)
torch.searchsorted(torch.tensor([1.0, 3.0]), b, side="middle")
torch.searchsorted(torch.tensor([1.0, 3.0]), 2)
torch.searchsorted(torch.tensor([1, 3]), torch.tensor([2]))
torch.searchsorted(torch.tensor([[1.0, 3.0], [2.0, 9.0]]), torch.tensor([[2.0, 3.0, 4.0], [1.0, nan, 9.0]]))
torch.searchsorted(torch.tensor([3.0, 1.0]), b, sorter=torch.tensor([1, 0]))
torch.searchsorted(torch.tensor([3.0, 1.0]), b, sorter=torch.tensor([1, 5]))
torch.searchsorted(torch.tensor([3.0, 1.0]), b, sorter=torch.tensor([1.0, 0.0]))
torch.bucketize(b, torch.tensor([1.0, 3.0]))
torch.bucketize(2, torch.tensor([1.0, 3.0]), right=True)
b.cumsum(0, dtype=torch.float64)
b.long().cumsum(1)
(b > 1).cumsum(0)
b.to(torch.uint8).cumprod(1)
c = b.clone(); c.cumsum_(1); c
c = (b > 1)[0, 0]; c.cumsum_(0); c
c = b[:0] > 1; c.cumprod_(0); c
c = b > 1; c.cumsum_(0)
c = b.int(); c.cumsum_(0); c
c = b.int(); c.cumprod_(0, dtype=torch.float32)
b.clone().cumsum_(0, dtype=torch.float64)
torch.cumsum(b, 2)
torch.cumsum(b, 0, out=torch.empty(0))
torch.full((3000,), 1.0, dtype=torch.float16).cumsum(0)[-1]
torch.tensor([1, 1, 3, 3, 2]).cummax(0)
torch.tensor([3, 1, 1, 2]).cummin(0)
torch.tensor([1.0, nan, 3.0]).cummax(0)
torch.tensor([1.0, nan, 3.0]).cummin(0)
(b > 1).cummax(1)
torch.tensor([1.0, inf, 3.0]).logcumsumexp(0)
torch.tensor([-inf, -inf, 3.0]).logcumsumexp(0)
torch.tensor([-200.0, 300.0, 300.0]).logcumsumexp(0)
b.long().logcumsumexp(0)
b.diff()
b.diff(2, 0)
(b > 1).diff()
b.diff(prepend=b[:, :1], append=b)
torch.trapezoid(b)
torch.trapezoid(b, dx=0.5, dim=0)
torch.trapz(b, b * b)
torch.trapezoid(b.long())
torch.cumulative_trapezoid(b, torch.tensor([0.0, 1.0, 4.0]))
torch.gradient(torch.arange(9.0).reshape(3, 3) ** 2)
torch.gradient(torch.arange(9.0) ** 2, spacing=2.0, edge_order=2)
torch.gradient(torch.tensor([1.0, 2.0, 5.0, 9.0]), spacing=[torch.tensor([0.0, 1.0, 3.0, 4.0])])
torch.gradient(torch.arange(9.0), spacing=[1.0, 2.0])
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.strip().splitlines())
def test_as_pytorch(expression: str) -> None:
    found = difference(expression, 1e-5)
    assert found is None, found


X = np.random.default_rng(0).standard_normal((3, 4))
GRADIENTS = {
    "sort": lambda t, x: t.sort(x, 1, descending=True).values,
    "topk": lambda t, x: t.topk(x, 2, 0).values,
    "cummax": lambda t, x: t.cummax(x, 1).values,
    "cummin-ties": lambda t, x: t.cummin(x.round(), 0).values,
    "kthvalue": lambda t, x: t.kthvalue(x, 2, 0).values,
    "cumprod-zero": lambda t, x: t.cumprod(x * t.tensor([1.0, 0.0, 1.0, 1.0]).double(), 1),
    "cumprod-zeros": lambda t, x: t.cumprod(x * t.tensor([0.0, 1.0, 0.0, 1.0]).double(), 1),
    "logcumsumexp-large": lambda t, x: t.logcumsumexp(x * 400, 1),
    "logcumsumexp": lambda t, x: t.logcumsumexp(x, 0),
    "diff": lambda t, x: t.diff(x, 2, 1),
}


@pytest.mark.parametrize("call", GRADIENTS.values(), ids=GRADIENTS)
def test_gradients(call: object) -> None:
    agree(call, X)  # type: ignore[arg-type]


@pytest.mark.parametrize("largest", [True, False])
@pytest.mark.parametrize("shape", [(1000,), (7, 300), (300, 5), (2, 100, 3)])
@pytest.mark.parametrize("k", [1, 5, 60])
def test_the_first_of_many_are_those_of_the_sorted(
    k: int, shape: tuple[int, ...], largest: bool
) -> None:
    array = np.random.default_rng(k).integers(0, 50, shape).astype(np.float32)
    for dim in range(len(shape)):
        if shape[dim] < k:
            continue
        x = shapetorch.from_numpy(array)
        values, indices = x.topk(k, dim, largest)
        expected = x.sort(dim, largest).values.narrow(dim, 0, k)
        assert shapetorch.equal(values, expected)
        assert shapetorch.equal(x.gather(dim, indices), values)


def test_rows_are_searched_like_single_sequences() -> None:
    rng = np.random.default_rng(3)
    sequences = np.sort(rng.integers(0, 9, (4, 11)).astype(np.float32), axis=1)
    values = rng.integers(-1, 10, (4, 6)).astype(np.float32)
    for right in (False, True):
        found = shapetorch.searchsorted(
            shapetorch.from_numpy(sequences), shapetorch.from_numpy(values), right=right
        )
        side = "right" if right else "left"
        for row, sequence, value in zip(found.numpy(), sequences, values, strict=True):
            assert np.array_equal(row, np.searchsorted(sequence, value, side=side))
