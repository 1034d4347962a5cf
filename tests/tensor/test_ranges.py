"""Numbers in a row, places in a matrix, powers."""

from __future__ import annotations

import random

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
from tests.tensor.expressions import difference
from tests.tensor.judge import to_numpy

EXPRESSIONS = """\
torch.arange(5)
torch.arange(5.)
torch.arange(1,5,0)
torch.arange(torch.tensor(3))
torch.arange(0,2,dtype=torch.bool)
torch.arange(3,dtype=torch.float16)
torch.arange(2**70)
torch.arange(1e30)
torch.arange(float('nan'))
torch.arange(True)
torch.arange(3j)
torch.arange(end=3)
torch.arange(start=1,end=3)
torch.arange(-1)
torch.eye(3,2)
torch.eye(-1)
torch.eye(2.)
torch.eye(2,dtype=torch.bool)
torch.linspace(0,1,5,dtype=torch.int64)
torch.linspace(0,10,4,dtype=torch.int64)
torch.linspace(0,10,-1)
torch.linspace(0,10,0)
torch.linspace(0,10,0,dtype=torch.bool)
torch.linspace(0,10,1,dtype=torch.bool)
torch.logspace(0,10,1,dtype=torch.bool)
torch.linspace(0,10,1)
torch.linspace(0,1j,3)
torch.linspace(0,1,3,dtype=torch.bool)
torch.linspace(0,1,3.)
torch.linspace(0,1)
torch.linspace(torch.tensor(0),torch.tensor(1),3)
torch.linspace(torch.ones(2),1,3)
torch.logspace(0,3,4)
torch.logspace(0,3,4,base=2,dtype=torch.int64)
torch.logspace(0,1j,3)
torch.range(0,3)
torch.range(0,3,2)
torch.range(3)
torch.range(0,3,dtype=torch.int64)
torch.range(3,0)
torch.arange(0,5,float('inf'))
torch.arange(0,5,float('nan'))
torch.arange(0,-5)
torch.arange(0,1,0.1,dtype=torch.int64)
torch.arange(0,5,0.5,dtype=torch.int64)
torch.arange(0.5,5,dtype=torch.int64)
torch.arange(0,1,dtype=torch.complex64)
torch.arange(2**63-3,2**63-1)
torch.arange(-3,3,2,dtype=torch.uint8)
torch.arange(0,300,100,dtype=torch.uint8)
torch.arange(5,dtype=torch.bfloat16)
torch.arange(1,2,1,3)
torch.arange()
torch.arange('a')
torch.arange(None)
torch.arange(torch.tensor([1,2]))
torch.arange(0,5,step=2)
torch.arange(5,step=2)
torch.arange(np.int64(3))
torch.arange(np.float32(3))
torch.arange(np.float64(3)).dtype
torch.tril_indices(3,3)
torch.tril_indices(3,3,1,dtype=torch.int32)
torch.tril_indices(3,3,dtype=torch.int16)
torch.tril_indices(3,3,dtype=torch.float32)
torch.tril_indices(-1,3)
torch.triu_indices(3,3,-1)
torch.tril_indices(3,3,1,layout=torch.sparse_coo)
torch.vander(torch.arange(3))
torch.vander(torch.arange(3.),2,True)
torch.arange(3, out=torch.empty(0))
torch.arange(3, out=torch.empty(0, dtype=torch.int64))
torch.arange(0, 1, 0.25, out=torch.empty(4, dtype=torch.float64))
torch.linspace(0, 1, 3, out=torch.empty(0))
torch.eye(2, out=torch.empty(0, dtype=torch.int64))
torch.logspace(0, 2, 3, base=2.0)
torch.logspace(0, 2, 3, dtype=torch.int64)
torch.logspace(-2, 2, 5, dtype=torch.float64)
torch.linspace(3, -3, 7)
torch.linspace(0, 1, 11, dtype=torch.float16)
torch.linspace(0, 1, 11, dtype=torch.float64)
torch.linspace(0, 1, 11, dtype=torch.bfloat16)
torch.linspace(1, 100, 23, dtype=torch.int32)
torch.linspace(0, 1 + 1j, 3, dtype=torch.complex128)
torch.linspace(0, 1, 5, dtype=torch.complex64)
torch.linspace(0, 255, 256, dtype=torch.uint8)
torch.linspace(-10, 10, 101, dtype=torch.int16)
torch.arange(0, 1, 0.1)
torch.arange(1, 0, -0.25)
torch.arange(0, 10, 3, dtype=torch.float32)
torch.arange(10, 0, -3)
torch.arange(0.1, 2.3, 0.2, dtype=torch.float64)
torch.arange(5, dtype=torch.float16)
torch.arange(-5, 5, 2, dtype=torch.int8)
torch.range(1, 2, 0.25)
torch.range(5, 1, -2)
torch.range(0, 1, 0.1, dtype=torch.float64)
torch.tril_indices(4, 3, -1)
torch.triu_indices(3, 4, 1)
torch.tril_indices(3, 3, 10)
torch.tril_indices(0, 3)
torch.vander(torch.tensor([1, 2, 3], dtype=torch.int32)).dtype
torch.vander(torch.tensor([1.0, 2]), 0)
torch.vander(torch.tensor([1.0, 2]), 4)
torch.vander(torch.ones(2, 2))
torch.vander(torch.tensor([1.0, 2]), -1)
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_as_pytorch(expression: str) -> None:
    assert difference(expression) is None


KINDS = "uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64".split()
TOLERANCE = {"float32": 2e-6, "float64": 1e-14, "complex64": 2e-6}


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_at_equal_distances(kind: str) -> None:
    rng = random.Random(kind)
    bound = 100 if kind in ("int8", "uint8") else 1000
    least = 0 if kind == "uint8" else -bound
    for _ in range(80):
        ends = [rng.randint(least, bound), rng.randint(least, bound)]
        if kind[0] in "fb":
            ends[0] += rng.random()
        count = rng.randint(0, 130)
        ours = to_numpy(shapetorch.linspace(*ends, count, dtype=getattr(shapetorch, kind)))
        theirs = to_numpy(torch.linspace(*ends, count, dtype=getattr(torch, kind)))
        largest = max(1, *map(abs, ends))
        assert np.abs(ours - theirs).max(initial=0) <= TOLERANCE.get(kind, 0) * largest


def test_the_ends_are_exact() -> None:
    for count in (2, 3, 10, 1001):
        made = shapetorch.linspace(0.1, 0.7, count)
        assert (made[0].item(), made[-1].item()) == (np.float32(0.1), np.float32(0.7))
