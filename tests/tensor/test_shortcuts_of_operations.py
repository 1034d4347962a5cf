"""Operations whose small tensors take a shortcut: the results are those of the ordinary way."""

from __future__ import annotations

import math

import numpy as np
import pytest

import shapetorch as st
from shapetorch.tensor import kernels
from tests.tensor.with_kernels import loaded, plainly  # noqa: F401 - the fixture is for all tests here


def test_gradients_of_parameters():
    """Whichever operand is one, and in place."""
    p = st.nn.Parameter(st.tensor([1.0, 2.0, 3.0]))
    x = st.tensor([4.0, 5.0, 6.0])
    programs = [
        (lambda: p + x, [1, 1, 1]),
        (lambda: x + p, [1, 1, 1]),
        (lambda: st.mul(x, p), [4, 5, 6]),
        (lambda: st.mul(p, x), [4, 5, 6]),
        (lambda: p * 3, [3, 3, 3]),
        (lambda: 2.0 - p, [-1, -1, -1]),
        (lambda: st.maximum(x, p * 5), [5, 5, 5]),
        (lambda: x.clone().add_(p), [1, 1, 1]),
        (lambda: x.clone().mul_(p), [4, 5, 6]),
        (lambda: st.cat([x, p]), [1, 1, 1]),
        (lambda: st.where(x > 4, p, x), [0, 1, 1]),
        (lambda: st.where(x > 4, x, p), [1, 0, 0]),
        (lambda: st.addcmul(x, p, x), [4, 5, 6]),
        (lambda: p.clamp(1.5, 2.5), [0, 1, 0]),
        (lambda: p.sum(-1), [1, 1, 1]),
        (lambda: p.cumsum(0), [3, 2, 1]),
    ]
    for program, expected in programs:
        made = program()
        assert type(made) is st.Tensor
        (grad,) = st.autograd.grad(made.sum(), p)
        assert grad.tolist() == expected
    with pytest.raises(RuntimeError, match="leaf"):
        p.add_(x)
    with st.no_grad():
        p.sub_(x * 0.5)
        p -= 1
    assert p.tolist() == [-2, -1.5, -1]
    assert type(p) is st.nn.Parameter


UNARY = "relu sigmoid silu gelu exp log tanh erf softplus rsqrt square floor reciprocal abs neg sqrt sin".split()


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("kind", [st.float32, st.float64])
def test_functions_of_one_tensor(name, kind):
    function = getattr(st, name, None) or getattr(st.nn.functional, name)
    st.manual_seed(0)
    special = [0.0, -0.0, math.inf, -math.inf, math.nan, 1e-30, 30.0, -30.0]
    x = st.cat([st.tensor(special), st.randn(9) * 3]).to(kind)
    for shape in ((17,), (17, 1), (1, 17, 1)):
        made, expected = function(x.view(shape)), plainly(function, x.view(shape))
        assert made.shape == expected.shape
        assert made.dtype is expected.dtype
        rtol = 3e-6 if kind is st.float32 else 1e-14
        np.testing.assert_allclose(
            made.numpy(), expected.numpy(), rtol, 1e-37 if name != "gelu" else 3e-7
        )


def test_gradients_are_recorded():
    x = st.randn(2, 3, requires_grad=True)
    y = st.randn(3, requires_grad=True)
    (x * y + x.sigmoid() - 2.0 * y + (1.0 - x) / 4).sum().backward()
    share = x.detach().sigmoid()
    expected = y.detach() + share * (1 - share) - 0.25
    np.testing.assert_allclose(x.grad.numpy(), expected.numpy(), 1e-5, 1e-6)
    np.testing.assert_allclose(y.grad.numpy(), (x.detach() - 2).sum(0).numpy(), 1e-5, 1e-6)


@pytest.mark.parametrize("size", [3, 5000])
def test_functions_of_several_operands(size):
    x, a, b = st.randn(size), st.randn(size), st.randn(size)
    chosen = a > 0
    for function, args in (
        (st.addcmul, (x, a, b)),
        (lambda *given: st.addcmul(*given, value=-0.5), (x, a, b)),
        (st.clamp, (x, -0.5, 1)),
        (st.clamp, (x, 1.0, -1.0)),
        (st.clamp, (x, math.nan, 1.0)),
        (st.where, (chosen, a, b)),
        (st.where, (chosen, a, 2.0)),
        (st.where, (chosen, a, st.tensor(3.0))),
        (st.pow, (x.abs(), a)),
        (st.pow, (x.abs(), st.tensor(2.5))),
    ):
        made, expected = function(*args), plainly(function, *args)
        np.testing.assert_allclose(made.numpy(), expected.numpy(), 2e-6, 1e-6)
        assert made.shape == expected.shape


def test_writes_are_counted():
    x = st.ones(3)
    x.add_(1.0).mul_(x).neg_()
    x -= 1
    assert x._version == 4
    assert x.tolist() == [-5, -5, -5]
    kept = st.ones(3, requires_grad=True)
    product = kept * x
    x.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        product.sum().backward()


def test_backward_passes_count_as_work(monkeypatch):
    """A program of small tensors gets kernels as well, once it has run long enough."""
    monkeypatch.setattr(kernels, "_setting", "")
    monkeypatch.setattr(kernels, "_work", 0)
    monkeypatch.setattr(kernels, "PAYS", 10_000)
    kernels.unload()
    x = st.ones(3, requires_grad=True)
    (x * 2).sum().backward()
    assert not kernels.loaded()
    assert 0 < kernels._work < 10_000
    for _ in range(20):
        (x * 2).sum().backward()
    assert kernels.loaded()


def test_truth_values_and_bits():
    m, o = st.tensor([True, False, True, False]), st.tensor([True, True, False, False])
    i, k = st.tensor([5, -3, 0, 2**62]), st.tensor([3, 6, -1, 1])
    logical = {
        "logical_and": np.logical_and,
        "logical_or": np.logical_or,
        "logical_xor": np.logical_xor,
    }
    bits = {
        "bitwise_and": np.bitwise_and,
        "bitwise_or": np.bitwise_or,
        "bitwise_xor": np.bitwise_xor,
    }
    for name, ufunc in {**logical, **bits}.items():
        for a, b in ((m, o), (i, k), (i, k[:1]), (m, o[0])):
            made = getattr(st, name)(a, b)
            expected = ufunc(a.numpy(), b.numpy())
            assert made.numpy().dtype == expected.dtype
            assert made.tolist() == expected.tolist()
    assert (m & o).tolist() == [True, False, False, False]
    assert (m | o).tolist() == [True, True, True, False]
    assert (m ^ o).tolist() == [False, True, True, False]
    assert (m == o).tolist() == [True, False, False, True]
    assert (m > o).tolist() == [False, False, True, False]
    assert (i & 4).tolist() == [4, 4, 0, 0]
    assert (i | 1).tolist() == [5, -3, 1, 2**62 + 1]
    assert (1 & i).tolist() == [1, 1, 0, 0]
    assert (m & 1).dtype is st.int64
    assert (i & m).tolist() == [1, 0, 0, 0]
    for wrong in (
        lambda: m & 1.5,
        lambda: i | 2.0,
        lambda: st.randn(3) & st.randn(3),
        lambda: m & "a",
    ):
        with pytest.raises((TypeError, RuntimeError)):
            wrong()


def test_one_bound_and_weights():
    x, y = st.tensor([-1.0, 0.5, math.nan, math.inf]), st.tensor([2.0, 1.0, 1.0, -math.inf])
    for function in (
        lambda: x.clamp(min=0.0),
        lambda: x.clamp(max=0.25),
        lambda: x.clamp(min=-math.inf),
        lambda: st.lerp(x, y, 0.25),
        lambda: st.lerp(x, y, 0.75),
        lambda: st.lerp(x, y, st.tensor([0.0, 0.25, 1.0, 0.5])),
        lambda: st.lerp(x, y, st.tensor(0.5)),
    ):
        np.testing.assert_allclose(function().numpy(), plainly(function).numpy(), 1e-6)
    assert st.lerp(x[:2], y[:2], 1.0).tolist() == [2, 1]
    assert st.lerp(x[:2], y[:2], st.ones(2)).tolist() == [2, 1]
    with pytest.raises(RuntimeError):
        x.clamp()


def test_spread_of_all_and_a_matrix_by_a_vector():
    x, v = st.randn(3, 4), st.randn(4)
    for function in (
        x.var,
        x.std,
        lambda: x.std(correction=0),
        lambda: x @ v,
        lambda: x.mv(v),
    ):
        made, expected = function(), plainly(function)
        assert made.shape == expected.shape
        np.testing.assert_allclose(made.numpy(), expected.numpy(), 1e-5)
    a, b = x.clone().requires_grad_(), v.clone().requires_grad_()
    (a @ b).sum().backward()
    np.testing.assert_allclose(a.grad.numpy(), v.numpy()[None].repeat(3, 0), 1e-6)
    np.testing.assert_allclose(b.grad.numpy(), x.numpy().sum(0), 1e-5)
    for wrong in (
        lambda: x @ st.randn(3),
        lambda: x.mv(st.randn(3)),
        lambda: x.mv(x),
        lambda: v.mv(v),
    ):
        with pytest.raises(RuntimeError):
            wrong()
