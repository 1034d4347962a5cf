"""Random numbers are PyTorch's, from the same seed."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any

import numpy as np
import pytest
import scipy.stats

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
from shapetorch.tensor import kernels
from shapetorch.tensor.kernels.table import KERNELS
from tests.tensor.expressions import difference

EXPRESSIONS = """\
torch.manual_seed(5); torch.get_rng_state().view(torch.int64)[-7:]
torch.manual_seed(5); torch.randn(3); torch.get_rng_state().view(torch.int64)[-7:]
torch.manual_seed(5); torch.randint(10,(5,))
torch.manual_seed(5); torch.randint(2**28,(3,))
torch.manual_seed(5); torch.randint(2**28-1,(3,))
torch.manual_seed(5); torch.randint(2**32,(3,))
torch.manual_seed(5); torch.randint(-2**63,2**63-1,(3,))
torch.manual_seed(5); torch.randint(-7,5,(5000,))[-5:]
torch.manual_seed(5); torch.empty(5,dtype=torch.int64).random_(-2**63,None)
torch.manual_seed(5); torch.binomial(torch.arange(10., 30.).repeat(50), torch.full((1000,), 0.5)), torch.rand(3)
torch.manual_seed(5); torch.randint(0,2,(8,),dtype=torch.bool)
torch.manual_seed(5); torch.randint(0,300,(3,),dtype=torch.uint8)
torch.manual_seed(5); torch.randint(0,10,(3,),dtype=torch.float32)
torch.manual_seed(5); torch.randint(5,5,(3,))
torch.manual_seed(5); torch.randint(5,2,(3,))
torch.manual_seed(5); torch.randint(0,10,(3,),dtype=torch.complex64)
torch.manual_seed(5); torch.randint(2.5,(3,))
torch.manual_seed(5); torch.randint(high=3,size=(2,))
torch.manual_seed(5); torch.randint(0,10,(3,),dtype=torch.float16)
torch.manual_seed(5); torch.randint(0,2**24+1,(3,),dtype=torch.float32)
torch.manual_seed(5); torch.randint(0,2**24+2,(3,),dtype=torch.float32)
torch.manual_seed(5); torch.randint(-3,3,(3,),dtype=torch.uint8)
torch.manual_seed(5); torch.randint_like(torch.ones(3),10)
torch.manual_seed(5); torch.randint_like(torch.ones(3),5,10)
torch.manual_seed(5); torch.randperm(10)
torch.manual_seed(5); torch.randperm(10,dtype=torch.int32)
torch.manual_seed(5); torch.randperm(10,dtype=torch.float32)
torch.manual_seed(5); torch.randperm(10,dtype=torch.uint8)
torch.manual_seed(5); torch.randperm(300,dtype=torch.uint8)
torch.manual_seed(5); torch.randperm(-1)
torch.manual_seed(5); torch.randperm(0)
torch.manual_seed(5); torch.randperm(3,dtype=torch.bool)
torch.manual_seed(5); torch.normal(0.,1.,(3,))
torch.manual_seed(5); torch.normal(torch.zeros(3),torch.ones(3))
torch.manual_seed(5); torch.normal(torch.zeros(3),2.)
torch.manual_seed(5); torch.normal(2.,torch.ones(3))
torch.manual_seed(5); torch.normal(torch.zeros(3))
torch.manual_seed(5); torch.normal(torch.zeros(20),torch.ones(20)*2)
torch.manual_seed(5); torch.normal(torch.zeros(3,1),torch.ones(2))
torch.manual_seed(5); torch.normal(0.,-1.,(3,))
torch.manual_seed(5); torch.normal(torch.zeros(3),-torch.ones(3))
torch.manual_seed(5); torch.normal(0,1,(3,))
torch.manual_seed(5); torch.normal(torch.zeros(3,dtype=torch.int64),1)
torch.manual_seed(5); torch.normal(torch.zeros(3,dtype=torch.complex64),1)
torch.manual_seed(5); torch.bernoulli(torch.full((10,),0.5))
torch.manual_seed(5); torch.bernoulli(torch.full((10,),0.5),0.3)
torch.manual_seed(5); torch.bernoulli(torch.full((10,),0.5,dtype=torch.float64))
torch.manual_seed(5); torch.bernoulli(torch.full((3,),1.5))
torch.manual_seed(5); torch.bernoulli(torch.ones(3,dtype=torch.int64))
torch.manual_seed(5); torch.empty(20).bernoulli_(0.5)
torch.manual_seed(5); torch.empty(20).bernoulli_()
torch.manual_seed(5); torch.empty(20,dtype=torch.int64).bernoulli_(0.3)
torch.manual_seed(5); torch.empty(20,dtype=torch.float64).bernoulli_(0.3)
torch.manual_seed(5); torch.empty(10).bernoulli_(torch.full((10,),0.5))
torch.manual_seed(5); torch.empty(3).bernoulli_(2.)
torch.manual_seed(5); torch.empty(5).exponential_()
torch.manual_seed(5); torch.empty(5,dtype=torch.float64).exponential_()
torch.manual_seed(5); torch.empty(20).exponential_(2.)
torch.manual_seed(5); torch.empty(20).exponential_(0.)
torch.manual_seed(5); torch.empty(20).exponential_(-1.)
torch.manual_seed(5); torch.empty(5,dtype=torch.float16).exponential_()
torch.manual_seed(5); torch.empty(5,dtype=torch.int64).exponential_()
torch.manual_seed(5); torch.empty(5).geometric_(0.3)
torch.manual_seed(5); torch.empty(5,dtype=torch.int64).geometric_(0.3)
torch.manual_seed(5); torch.empty(5).geometric_(1.3)
torch.manual_seed(5); torch.empty(5).cauchy_()
torch.manual_seed(5); torch.empty(5).cauchy_(1,-2)
torch.manual_seed(5); torch.empty(5,dtype=torch.float64).cauchy_(1,2)
torch.manual_seed(5); torch.empty(5).log_normal_()
torch.manual_seed(5); torch.empty(20).log_normal_(1,2)
torch.manual_seed(5); torch.empty(5).log_normal_(1,-2)
torch.manual_seed(5); torch.empty(5,dtype=torch.int64).log_normal_(1,2)
torch.manual_seed(5); torch.empty(5).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.float64).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.float16).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.bfloat16).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.int64).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.int32).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.int16).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.int8).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.uint8).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.bool).random_()
torch.manual_seed(5); torch.empty(5,dtype=torch.complex64).random_()
torch.manual_seed(5); torch.empty(5).random_(10)
torch.manual_seed(5); torch.empty(5).random_(5,10)
torch.manual_seed(5); torch.empty(5,dtype=torch.int8).random_(0,300)
torch.manual_seed(5); torch.empty(5,dtype=torch.int8).random_(0,128)
torch.manual_seed(5); torch.empty(5,dtype=torch.int64).random_(5,None)
torch.manual_seed(5); torch.empty(5).uniform_()
torch.manual_seed(5); torch.empty(5).uniform_(2,3)
torch.manual_seed(5); torch.empty(5).uniform_(3,2)
torch.manual_seed(5); torch.empty(5,dtype=torch.float16).uniform_()
torch.manual_seed(5); torch.empty(5,dtype=torch.bfloat16).uniform_(-1,1)
torch.manual_seed(5); torch.empty(5,dtype=torch.float64).uniform_(-1,1)
torch.manual_seed(5); torch.empty(5,dtype=torch.int64).uniform_()
torch.manual_seed(5); torch.empty(5,dtype=torch.complex64).uniform_()
torch.manual_seed(5); torch.empty(2).uniform_(-1e39,1e39)
torch.manual_seed(5); torch.empty(5).normal_()
torch.manual_seed(5); torch.empty(5).normal_(1,2)
torch.manual_seed(5); torch.empty(5).normal_(1,-2)
torch.manual_seed(5); torch.empty(5,dtype=torch.int64).normal_()
torch.manual_seed(5); torch.empty(5,dtype=torch.float16).normal_()
torch.manual_seed(5); torch.empty(20,dtype=torch.float16).normal_()
torch.manual_seed(5); torch.empty(20,dtype=torch.bfloat16).normal_()
torch.manual_seed(5); torch.empty(20,dtype=torch.bfloat16).normal_(1,3)
torch.manual_seed(5); torch.randn(3,dtype=torch.complex64)
torch.manual_seed(5); torch.randn(20,dtype=torch.complex64)
torch.manual_seed(5); torch.empty(3,dtype=torch.complex64).normal_()
torch.manual_seed(5); torch.empty(3,dtype=torch.complex64).normal_(1,2)
torch.manual_seed(5); torch.rand(3,dtype=torch.complex64)
torch.manual_seed(5); torch.randn(4,5).t().normal_()
torch.manual_seed(5); torch.empty(4,5).t().normal_()
torch.manual_seed(5); torch.empty(4,5).t().uniform_()
torch.manual_seed(5); torch.poisson(torch.tensor([-1.]))
torch.manual_seed(5); torch.poisson(torch.tensor([1]))
torch.manual_seed(5); torch.poisson(torch.arange(60.).view(3, 20) / 2), torch.rand(3)
torch.manual_seed(5); torch.poisson(torch.full((500,), 1000., dtype=torch.float64)), torch.rand(3)
torch.manual_seed(5); torch.binomial(torch.arange(60.), torch.linspace(0, 1, 60)), torch.rand(3)
torch.manual_seed(5); torch.binomial(torch.full((500,), 90., dtype=torch.float64), torch.linspace(0, 1, 500).double()), torch.rand(3)
torch.manual_seed(5); torch.nn.functional.rrelu(torch.linspace(-1, 1, 20), training=True), torch.rand(3)
torch.manual_seed(5); torch.poisson(torch.tensor([float('nan')]))
torch.manual_seed(5); torch.multinomial(torch.tensor([1.,2.,3.]),2)
torch.manual_seed(5); torch.multinomial(torch.tensor([1.,2.,3.]),1)
torch.manual_seed(5); torch.multinomial(torch.tensor([1.,2.,3.]),10,True)
torch.manual_seed(5); torch.multinomial(torch.tensor([[1.,2.,3.],[3.,0.,1.]]),5,True)
torch.manual_seed(5); torch.multinomial(torch.tensor([[1.,2.,3.],[3.,0.,1.]]),2)
torch.manual_seed(5); torch.multinomial(torch.tensor([[1.,2.,3.],[3.,0.,1.]],dtype=torch.float64),2)
torch.manual_seed(5); torch.multinomial(torch.tensor([[1.,2.,3.],[3.,0.,0.]]),2)
torch.manual_seed(5); torch.multinomial(torch.tensor([0.,0.]),1)
torch.manual_seed(5); torch.multinomial(torch.tensor([0.,0.]),1,True)
torch.manual_seed(5); torch.multinomial(torch.tensor([-1.,1.]),1)
torch.manual_seed(5); torch.multinomial(torch.tensor([float('nan'),1.]),1)
torch.manual_seed(5); torch.multinomial(torch.tensor([float('inf'),1.]),1)
torch.manual_seed(5); torch.multinomial(torch.tensor([1,1]),1)
torch.manual_seed(5); torch.multinomial(torch.ones(3,dtype=torch.float16),2)
torch.manual_seed(5); torch.rand_like(torch.ones(3))
torch.manual_seed(5); torch.randn_like(torch.ones(3))
torch.manual_seed(5); torch.rand_like(torch.ones(3,dtype=torch.int64))
torch.manual_seed(5); torch.rand(3,dtype=torch.int64)
torch.manual_seed(5); torch.randn(3,generator=torch.Generator().manual_seed(5))
torch.manual_seed(5); torch.rand(3,generator=3)
torch.manual_seed(5); torch.manual_seed(-1); torch.rand(2)
torch.manual_seed(5); torch.manual_seed(2**64-1); torch.rand(2)
torch.manual_seed(5); torch.manual_seed('a')
torch.manual_seed(5); torch.initial_seed()
torch.manual_seed(5); torch.manual_seed(-1).initial_seed()
torch.manual_seed(5); torch.seed()>0
torch.manual_seed(5); torch.random.initial_seed()
torch.manual_seed(5); torch.Generator().initial_seed()
torch.manual_seed(5); torch.Generator('cuda')
torch.manual_seed(5); torch.Generator(device='cpu').device
torch.manual_seed(5); torch.set_rng_state(torch.ones(3))
torch.manual_seed(5); torch.set_rng_state(torch.ones(3,dtype=torch.uint8))
torch.manual_seed(5); torch.set_rng_state(torch.zeros(5056,dtype=torch.uint8))
torch.manual_seed(5); torch.nn.functional.dropout(torch.ones(20))
torch.manual_seed(5); torch.nn.functional.dropout(torch.ones(20),0.1)
torch.manual_seed(5); torch.rand(2,3,generator=torch.default_generator)
torch.manual_seed(5); torch.rand(0), torch.randn(0), torch.randint(3,(0,))
torch.manual_seed(5); torch.rand(1), torch.randn(1)
torch.manual_seed(1); torch.empty(3000, dtype=torch.float16).uniform_()
torch.manual_seed(1); torch.rand(3000, dtype=torch.bfloat16)
torch.manual_seed(1); torch.empty(3000, dtype=torch.bfloat16).uniform_(-2, 5)
torch.manual_seed(1); torch.empty(100).uniform_(1, 1 + 2**-23)
torch.manual_seed(1); torch.empty(100).uniform_(2, 2)
torch.manual_seed(1); torch.empty(0, dtype=torch.complex64).random_()
torch.empty(0, dtype=torch.int64).cauchy_()
torch.empty(0, dtype=torch.int64).uniform_()
torch.empty(0, dtype=torch.int64).random_(5, 2)
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_as_pytorch(expression: str) -> None:
    if "cuda" in expression and torch.version.cuda is not None:
        pytest.skip("this PyTorch is built for CUDA")
    assert difference(expression) is None


def test_the_state_is_pytorchs() -> None:
    for seed in (0, 7, -1):
        torch.manual_seed(seed)
        shapetorch.manual_seed(seed)
        torch.randn(5)
        shapetorch.randn(5)
        state = shapetorch.get_rng_state()
        assert state.tolist() == torch.get_rng_state().tolist()
        expected = torch.randn(3).tolist()
        shapetorch.manual_seed(1)
        shapetorch.set_rng_state(state)
        assert shapetorch.randn(3).tolist() == pytest.approx(expected)


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 31, 1000])
@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64", "complex64"])
def test_any_number_of_normal_numbers(count: int, kind: str) -> None:
    expression = f"torch.manual_seed(3); torch.randn({count}, dtype=torch.{kind}) * 1"
    assert difference(expression, 1e-2 if "16" in kind else 1e-6) is None
    assert (
        difference(f"torch.manual_seed(3); torch.randn(1); torch.randn({min(count, 15)})") is None
    )


IN_BULK = [
    "torch.rand(40_001)",
    "torch.rand(40_000, dtype=torch.float64)",
    "torch.randn(40_001)",
    "torch.randint(0, 1000, (40_001,))",
    "torch.randint(0, 2**40, (40_001,))",
    "torch.randperm(40_001)",
    "torch.empty(40_001).bernoulli_(0.3)",
    "torch.rand(3); torch.rand(40_001); torch.rand(3)",
    "torch.randn(40_000); torch.get_rng_state()",
]


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("expression", IN_BULK)
def test_many_numbers(expression: str, compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    find = KERNELS.get if compiled else {}.get
    monkeypatch.setattr(kernels, "compiled", lambda name, work: find(name))
    assert difference(f"torch.manual_seed(6); {expression}", 2e-6) is None


def test_a_generator_of_ones_own() -> None:
    first, second = shapetorch.Generator().manual_seed(4), shapetorch.Generator().manual_seed(4)
    numbers = shapetorch.rand(3, generator=first)
    assert shapetorch.rand(3, generator=second).tolist() == numbers.tolist()
    assert first.clone_state().get_state().tolist() == first.get_state().tolist()
    again = pickle.loads(pickle.dumps(first))
    assert (
        shapetorch.rand(3, generator=again).tolist() == shapetorch.rand(3, generator=first).tolist()
    )
    assert first.initial_seed() == 4
    assert first.seed() == first.initial_seed()
    assert first.device == shapetorch.device("cpu")


def test_the_number_of_threads_has_no_influence() -> None:
    before, found = shapetorch.get_num_threads(), []
    for threads in (1, 3):
        shapetorch.set_num_threads(threads)
        shapetorch.manual_seed(0)
        found.append(shapetorch.randn(2000, 1000).sum().item())
    shapetorch.set_num_threads(before)
    assert found[0] == found[1]


def test_fork_rng_puts_the_state_back() -> None:
    shapetorch.manual_seed(0)
    with shapetorch.random.fork_rng():
        first = shapetorch.rand(1).item()
    assert shapetorch.rand(1).item() == first
    assert shapetorch.initial_seed() == 0


def test_a_new_seed() -> None:
    assert shapetorch.seed() == shapetorch.initial_seed()
    shapetorch.manual_seed(0)


def test_awaited() -> None:
    shapetorch.manual_seed(0)
    expected = shapetorch.multinomial(shapetorch.ones(5), 3)
    shapetorch.manual_seed(0)
    found = asyncio.run(shapetorch.multinomial_async(shapetorch.ones(5), 3))
    assert found.tolist() == expected.tolist()
    selected = asyncio.run(
        shapetorch.masked_select_async(shapetorch.arange(3), shapetorch.arange(3) > 0)
    )
    assert selected.tolist() == [1, 2]


@pytest.mark.parametrize("rate", [0.3, 4.0, 60.0])
def test_poisson_numbers(rate: float) -> None:
    shapetorch.manual_seed(1)
    drawn = shapetorch.poisson(shapetorch.full((20_000,), rate)).numpy()
    expected = scipy.stats.poisson(rate)
    assert drawn.mean() == pytest.approx(rate, abs=5 * (rate / 20_000) ** 0.5)
    counted = np.bincount(drawn.astype(int))
    places = np.arange(len(counted))
    assert np.abs(counted / 20_000 - expected.pmf(places)).max() < 0.02


def test_binomial_numbers() -> None:
    shapetorch.manual_seed(1)
    count = shapetorch.full((20_000,), 10.0)
    drawn = shapetorch.binomial(count, shapetorch.full((20_000,), 0.3)).numpy()
    counted = np.bincount(drawn.astype(int), minlength=11)
    expected = scipy.stats.binom(10, 0.3).pmf(np.arange(11))
    assert np.abs(counted / 20_000 - expected).max() < 0.02
    assert drawn.max() <= 10


LAWS = [
    pytest.param(lambda x: x.uniform_(-1, 3), scipy.stats.uniform(-1, 4), id="uniform"),
    pytest.param(lambda x: x.normal_(1, 2), scipy.stats.norm(1, 2), id="normal"),
    pytest.param(lambda x: x.exponential_(2), scipy.stats.expon(scale=0.5), id="exponential"),
    pytest.param(lambda x: x.cauchy_(1, 2), scipy.stats.cauchy(1, 2), id="cauchy"),
    pytest.param(
        lambda x: x.log_normal_(0.5, 1), scipy.stats.lognorm(1, scale=np.exp(0.5)), id="log-normal"
    ),
]


@pytest.mark.parametrize(("fill", "law"), LAWS)
def test_the_distribution(fill: Any, law: Any) -> None:
    shapetorch.manual_seed(2)
    drawn = fill(shapetorch.empty(20_000, dtype=shapetorch.float64)).numpy()
    assert scipy.stats.kstest(drawn, law.cdf).pvalue > 1e-4


def test_a_permutation_has_every_number() -> None:
    assert shapetorch.randperm(5000).sort().values.tolist() == list(range(5000))
    assert shapetorch.randperm(3, dtype=shapetorch.int32).dtype is shapetorch.int32


def test_an_error_leaves_the_tensor() -> None:
    x = shapetorch.ones(2)
    for bad in (
        lambda: x.uniform_(3, 2),
        lambda: x.normal_(0, -1),
        lambda: x.random_(5, 5),
        lambda: x.bernoulli_(shapetorch.tensor([0.5, 2])),
        lambda: x.expand(3, 2).normal_(),
    ):
        with pytest.raises(RuntimeError):
            bad()
    assert x.tolist() == [1, 1]


def test_gradients_of_what_was_overwritten_are_zero() -> None:
    assert difference("z = x * 2; z.uniform_(); z.sum().backward(); x.grad") is None
    assert difference("torch.bernoulli(x.sigmoid()).sum().backward(); x.grad") is None
    assert difference("torch.normal(x, 1.0).sum().backward(); x.grad") is None
    assert difference("torch.poisson(x).sum().backward(); x.grad") is None
    assert difference("x.normal_()") is None
