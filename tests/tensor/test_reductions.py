"""Reductions, norms and statistics: dtypes, ties, NaN, empty and 0-D tensors, ``out=``, wrong arguments."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
from shapetorch.tensor.sums import sum_along
from tests.tensor.both import agree
from tests.tensor.expressions import difference

INTEGERS = "bool uint8 int8 int16 int32 int64".split()
EVERY = [*INTEGERS, *"float16 bfloat16 float32 float64 complex64".split()]
SUMS = "sum prod mean nansum nanmean".split()
ORDERED = "max min argmax argmin amax amin aminmax median nanmedian".split()

EXPRESSIONS = """
b.sum(dtype=torch.bool)
b.sum(dtype=torch.int32)
(b > 2).sum(0, dtype=torch.uint8)
torch.tensor([200, 100], dtype=torch.uint8).sum()
torch.tensor([200, 100], dtype=torch.uint8).sum(dtype=torch.uint8)
torch.full((70000,), 1.0, dtype=torch.float16).sum()
torch.full((70000,), 1.0, dtype=torch.float16).mean()
torch.full((300,), 1.0, dtype=torch.bfloat16).sum()
torch.full((40000,), 3.0e38).sum()
torch.tensor([inf, -inf]).sum()
b.sum(0, 1, 2)
b.sum(1.5)
b.sum("a")
b.sum(True)
b.sum(2)
b.sum((0, 0))
b.sum((0, 1), keepdim=True)
b.sum(axis=1, keepdims=True)
torch.sum(input=b, dim=[0])
torch.sum([1.0])
torch.sum(b, 0, out=torch.empty(0))
torch.sum(b, 0, out=torch.empty(3, dtype=torch.float64))
torch.sum(b, 0, out=torch.empty(3, dtype=torch.int64))
torch.sum(b, 0, out=3)
torch.sum(x, 0, out=torch.empty(0))
torch.mean(b, 0, out=torch.empty(0))
b.long().mean()
b.long().mean(dtype=torch.float32)
b.mean(dtype=torch.int32)
b.half().mean(dtype=torch.float32)
torch.empty(0).mean()
torch.empty(0).sum()
torch.empty(0).prod()
torch.empty(0, 3).sum(0)
torch.empty(0, 3).sum(1)
torch.empty(0, 3).mean(0)
torch.empty(0, 3).max(1)
torch.empty(0, 3).max(0)
torch.empty(0, 3).amax(0)
torch.empty(0, 3).amax(1)
torch.empty(0).max()
torch.empty(0).argmax()
torch.empty(0).median()
torch.empty(0, 3).var(0)
torch.empty(0).any()
torch.empty(0).all()
torch.empty(0, 3).logsumexp(0)
torch.tensor([1.0, nan, 3.0]).max()
torch.tensor([1.0, nan, 3.0]).max(0)
torch.tensor([1.0, nan, nan]).argmin()
torch.tensor([1.0, nan, 3.0]).amin()
torch.tensor([1.0, nan, 3.0]).aminmax()
torch.tensor([1.0, nan, 3.0]).median()
torch.tensor([1.0, nan, 3.0]).nanmedian()
torch.tensor([1.0, nan, 3.0]).median(0)
torch.tensor([nan, nan]).nanmedian()
torch.tensor([1.0, nan, 3.0]).nansum()
torch.tensor([1.0, nan, 3.0]).nanmean()
torch.tensor([nan, nan]).nanmean()
torch.tensor([0.0, nan]).any()
torch.tensor([0.0, nan]).all()
torch.tensor([3, 1, 3, 1]).argmax()
torch.tensor([3, 1, 3, 1]).argmin()
torch.tensor([[3, 1, 3], [1, 1, 2]]).max(1)
torch.tensor([[3, 1, 3], [1, 1, 2]]).min(1, keepdim=True)
torch.tensor([[3, 1, 3], [1, 1, 2]]).max(0)
torch.max(b, b.flip(0))
torch.max(b, torch.tensor(2))
torch.max(b, other=b)
torch.min(b, 1)
torch.max(b, 1, out=(torch.empty(0), torch.empty(0, dtype=torch.int64)))
torch.max(b, True)
torch.max(b, 5)
torch.max(b.cfloat())
b.cfloat().argmax()
(b > 1).argmax()
(b > 1).max()
(b > 1).max(0)
(b > 1).amax(0)
b.max(1).values
b.max(1).indices
b.max(1)[1]
repr(b.max(1)) == repr(torch.return_types.max(b.max(1)))
type(b.max(1)).__name__
pickle.loads(pickle.dumps(b.max(1)))
b.argmax(keepdim=True)
b.argmax(dim=-1, keepdim=True)
b.T.argmax()
v.max()
v.argmax(0)
torch.tensor(3.0).max(0)
torch.tensor(3.0).sum(0)
torch.tensor(3.0).argmax(-1)
torch.tensor(3.0).max(1)
torch.tensor(3.0).var()
b.any(())
b.all(dim=(0, 1), keepdim=True)
b.to(torch.uint8).any()
b.to(torch.uint8).all(0)
torch.any(b, 0, out=torch.empty(0, dtype=torch.bool))
torch.count_nonzero(b, (0, 1))
torch.count_nonzero(b, 1)
b.var(0, False)
b.var(False)
b.var(unbiased=False)
b.var(0, correction=0)
b.var(0, correction=5)
b.var(correction=2.5)
b.std(1, True, True)
b.long().var()
b.half().std()
torch.var_mean(b, 1)
torch.std_mean(b, dim=0, correction=0, keepdim=True)
b.cfloat().var()
b.norm()
b.norm(1)
b.norm(0, 1)
b.norm(inf, 0)
b.norm(-inf)
b.norm(3.5, 1, True)
b.norm("nuc")
b.norm("fro", (0, 1))
b.norm("other")
b.norm(p=2, dim=(0, 1), dtype=torch.float64)
b.long().norm()
torch.norm(b, dtype=torch.float16)
torch.norm(torch.empty(0), inf)
torch.norm(torch.empty(0), -1)
torch.norm(torch.empty(2, 0), inf, 0)
torch.norm(torch.empty(2, 0), inf, 1)
torch.linalg.vector_norm(b, "fro")
torch.linalg.matrix_norm(b, 3)
torch.linalg.matrix_norm(b, "nuc", keepdim=True)
torch.linalg.matrix_norm(b.expand(2, 2, 3), 1, dim=(0, 2))
torch.linalg.norm(b, inf)
torch.linalg.norm(b[0], -1)
torch.linalg.norm(b, 2, 0)
torch.linalg.norm(b, "fro")
torch.dist(b, b + 1, 3)
b.renorm(2, 0, 1.5)
b.renorm(-1, 0, 1.5)
b.renorm(2, 0, -1.0)
b.logsumexp(1)
b.long().logsumexp((0, 1))
torch.tensor([inf, 1.0]).logsumexp(0)
torch.tensor([-inf, -inf]).logsumexp(0)
torch.special.logsumexp(b, 1)
torch.tensor([1, 2, 2, 1, 3]).mode()
torch.tensor([3, 1, 2]).kthvalue(2)
torch.tensor([3, 1, 2]).kthvalue(4)
torch.tensor([3.0, nan, 2.0]).kthvalue(3)
b.quantile(0.4)
b.quantile(torch.tensor([0.1, 0.9]), 1)
b.quantile(torch.tensor([0.1, 0.9]), 1, True, interpolation="midpoint")
b.quantile(0.3, 0, interpolation="lower")
b.quantile(0.3, 0, interpolation="higher")
b.quantile(0.3, 0, interpolation="nearest")
b.quantile(0.3, 0, interpolation="none")
b.quantile(1.5)
b.quantile(torch.tensor([0.5], dtype=torch.float64))
b.long().quantile(0.5)
torch.tensor([1.0, nan, 3.0]).quantile(0.5)
torch.tensor([1.0, nan, 3.0]).nanquantile(0.5)
torch.cov(b)
torch.cov(b, correction=0, fweights=torch.tensor([1, 2, 1]), aweights=torch.tensor([0.5, 1.0, 2.0]))
torch.cov(b, fweights=torch.tensor([1.0, 2.0, 1.0]))
torch.cov(b, fweights=torch.tensor([1, -2, 1]))
torch.corrcoef(b)
torch.corrcoef(b[0])
torch.trace(b)
torch.trace(b > 1)
torch.trace(b.to(torch.uint8))
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.strip().splitlines())
def test_as_pytorch(expression: str) -> None:
    found = difference(expression, 1e-5)
    assert found is None, found


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("name", [*SUMS, *ORDERED, "any", "all", "count_nonzero", "var", "std"])
def test_every_dtype(name: str, kind: str) -> None:
    rows = [f"torch.tensor([[3, 1, 2], [0, 4, 1]]).to(torch.{kind}).{name}()"]
    if name not in ("prod", "aminmax"):
        rows.append(f"torch.tensor([[3, 1, 2], [0, 4, 1]]).to(torch.{kind}).{name}(1)")
    for row in rows:
        found = difference(row, 1e-2 if kind in ("float16", "bfloat16") else 1e-5)
        assert found is None, f"{row}: {found}"


TIES = np.array([[1.0, 3.0, 3.0], [3.0, 2.0, 2.0]])
GRADIENTS = {
    "amax-ties": lambda t, x: t.amax(x, 1),
    "amin-all-ties": lambda t, x: t.amin(x),
    "max-all-ties": lambda t, x: t.max(x),
    "min-all-ties": lambda t, x: x.min(),
    "max-dim-ties": lambda t, x: t.max(x, 1).values,
    "aminmax": lambda t, x: t.aminmax(x, dim=0).max,
    "median-ties": lambda t, x: t.median(x),
    "prod-zero": lambda t, x: t.prod(x - 1),
    "prod-two-zeros": lambda t, x: t.prod(x - 3, 1),
    "norm-zero": lambda t, x: t.norm(x * 0),
    "norm-inf-ties": lambda t, x: t.norm(x, float("inf"), 1),
    "norm-half": lambda t, x: t.norm(x - 2, 0.5),
    "norm-three": lambda t, x: t.norm(x - 2, 3, 0),
    "norm-none": lambda t, x: t.norm(x, 0),
    "nansum": lambda t, x: t.nansum(x / (x - 1), 0),
    "std-zero": lambda t, x: (x * 0).std(1),
    "logsumexp": lambda t, x: t.logsumexp(x, (0, 1)),
    "quantile-of-q": lambda t, x: t.quantile(x, x[0] / 4, 1),
    "matrix-norm-1": lambda t, x: t.linalg.matrix_norm(x - 2.2, 1),
}


@pytest.mark.parametrize("call", GRADIENTS.values(), ids=GRADIENTS)
def test_gradients_where_they_are_delicate(call: object) -> None:
    agree(call, TIES)  # type: ignore[arg-type]


@pytest.mark.parametrize("dim", [0, 1, 2, (0, 2), (1, 2), (0, 1), None])
@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_long_sums_are_accurate(dim: object, order: str) -> None:
    shape = (130, 7, 1009)
    exact = np.random.default_rng(0).uniform(0.5, 1.5, shape)
    array = exact.astype(np.float32)
    exact = array.astype(np.float64)
    if order == "F":
        array = np.asfortranarray(array)
    elif order == "strided":
        array = np.repeat(array, 2, axis=2)[:, :, ::2]
    ours = shapetorch.from_numpy(array).sum(dim).numpy()
    wanted = exact.sum(axis=dim)
    assert np.max(np.abs(ours / wanted - 1)) < 5e-7


@pytest.mark.parametrize("rows", [1, 3, 130, 20000])
def test_sums_of_rows_in_any_direction(rows: int) -> None:
    array = np.random.default_rng(1).standard_normal((rows, 5)).astype(np.float32)
    for axis in (0, 1):
        expected = array.astype(np.float64).sum(axis)
        assert np.allclose(sum_along(array, (axis,)), expected, rtol=1e-5, atol=1e-3)
        kept = sum_along(array, (axis,), keepdim=True)
        assert kept.shape == tuple(1 if place == axis else n for place, n in enumerate(array.shape))


def test_a_result_with_names_is_a_tuple() -> None:
    result = shapetorch.tensor([[3.0, 1.0]]).max(1)
    values, indices = result
    assert isinstance(result, tuple)
    assert len(result) == 2
    assert result.values is values
    assert result.indices is indices
    assert result.n_fields == torch.tensor([[3.0, 1.0]]).max(1).n_fields
