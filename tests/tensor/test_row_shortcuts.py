"""Reductions, softmaxes and `cat` in machine code: the same results as the ordinary way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import shapetorch as st
from tests.tensor.with_kernels import Derived, loaded, plainly  # noqa: F401 - the fixture is for all tests here

binding: Any = pytest.importorskip("shapetorch.tensor.kernels.binding")


def _reductions() -> list[tuple[str, Any, Any]]:
    """A name, the arguments of `binding.rows`, and the ordinary function of NumPy's."""

    def softmax(x: Any, axis: int) -> Any:
        e = np.exp(x - x.max(axis, keepdims=True))
        return e / e.sum(axis, keepdims=True)

    both = {"kernel": "sum_rows", "columns": "sum_columns"}
    return [
        ("sum", both, lambda x, axis: x.sum(axis)),
        ("mean", {**both, "afterwards": "mean"}, lambda x, axis: x.mean(axis)),
        ("max", {"kernel": "max_rows"}, lambda x, axis: x.max(axis)),
        ("softmax", {"kernel": "softmax_rows", "form": "mm"}, softmax),
        ("cumsum", {"kernel": "cumsum_rows", "form": "mm"}, lambda x, axis: x.cumsum(axis)),
    ]


@pytest.mark.parametrize(
    ("name", "facts", "expected"), _reductions(), ids=lambda item: str(item)[:9]
)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_rows_and_columns(name, facts, expected, kind):
    call = binding.rows(**facts)
    rng = np.random.default_rng(1)
    for shape in ((4,), (1,), (3, 4), (1, 5), (5, 1), (2, 3, 4), (2, 1, 3, 2)):
        array = rng.standard_normal(shape).astype(kind)
        rank = len(shape)
        for dim in range(-rank, rank):
            made = call(st.from_numpy(array), dim)
            is_last, is_first = dim in (-1, rank - 1), dim in (0, -rank)
            assert (made is not None) == (is_last or (is_first and "columns" in facts))
            if made is not None:
                wanted = np.asarray(expected(array, dim))
                assert made.shape == wanted.shape
                assert made.numpy().dtype == kind
                np.testing.assert_allclose(made.numpy(), wanted, 1e-5, 1e-6)


@pytest.mark.parametrize("free", [0, 1, 3, 4, 9])
def test_rows_with_a_number(free):
    call = binding.rows(kernel="var_rows", form="mnv")
    root = binding.rows(kernel="var_rows", form="mnv", afterwards="root")
    for kind in (np.float32, np.float64):
        array = np.random.default_rng(2).standard_normal((3, 4)).astype(kind)
        x = st.from_numpy(array)
        with np.errstate(all="ignore"):
            centred = array - array.mean(1, keepdims=True)
            wanted = (centred**2).sum(1) / kind(max(4 - free, 0))
        np.testing.assert_allclose(call(x, -1, free).numpy(), wanted, 1e-5)
        np.testing.assert_allclose(root(x, 1, free).numpy(), np.sqrt(wanted), 1e-5)
    assert call(x, -1, -1) is None
    assert call(x, -1, 0.5) is None
    assert call(x, -1, True) is None
    assert call(x, -1) is None


def test_all_elements_as_one_row():
    call = binding.rows(kernel="sum_rows", whole=12)
    for shape in ((12,), (3, 4), (1, 2, 3)):
        x = st.randn(shape)
        made = call(x, None)
        assert made.shape == ()
        np.testing.assert_allclose(made.item(), x.numpy().sum(), 1e-5, 1e-6)
    assert call(st.randn(13), None) is None
    assert binding.rows(kernel="sum_rows")(st.randn(2), None) is None


def test_rows_that_are_left_to_the_ordinary_way():
    call = binding.rows(kernel="sum_rows", columns="sum_columns", whole=1 << 13)
    x = st.randn(3, 4)
    for dim in (2, -3, True, 1.0, "1", (1,), [1], 2**62, -(2**62), 2**64, -(2**64), np.int64(1)):
        assert call(x, dim) is None
    for other in (
        st.tensor(1.0),
        st.zeros(0, 3),
        st.zeros(3, 0),
        x.T,
        x[:, ::2],
        x.half(),
        x.long(),
        x.as_subclass(Derived),
        x.numpy(),
        None,
        st.zeros(1 << 18),
    ):
        assert call(other, -1) is None
    assert call(x) is None
    with st.inference_mode():
        assert call(x, -1) is None


def test_reductions_with_gradients():
    x = st.randn(3, 4, dtype=st.float64, requires_grad=True)
    weights = st.randn(3, 4, dtype=st.float64)
    for function in (
        lambda x: (x.softmax(-1) * weights).sum(),
        lambda x: (x.log_softmax(-1) * weights).sum(1).mean(),
        lambda x: (x.cumsum(1) * weights).mean(0).sum(),
        lambda x: (x.std(-1) + x.var(1, correction=0) + x.amax(-1) + x.amin(-1)).sum(),
    ):
        (mine,) = st.autograd.grad(function(x), x)
        (plain,) = plainly(lambda f=function: st.autograd.grad(f(x), x))
        np.testing.assert_allclose(mine.numpy(), plain.numpy(), 1e-10, 1e-12)


def test_tensors_side_by_side():
    call = binding.joined()
    rng = np.random.default_rng(3)
    for kind in (np.float32, np.float64, np.int64):
        for shape in ((4,), (2, 3), (2, 3, 4), (1, 2, 1, 3)):
            rank = len(shape)
            for dim in range(-rank, rank):
                arrays = []
                for length in (1, 3, 0, 2):
                    sizes = list(shape)
                    sizes[dim] = length
                    arrays.append(rng.integers(0, 9, sizes).astype(kind))
                tensors = [st.from_numpy(array) for array in arrays]
                for given in (tensors, tuple(tensors)):
                    made = call(given, dim)
                    assert made.dtype is tensors[0].dtype
                    np.testing.assert_array_equal(made.numpy(), np.concatenate(arrays, dim))
    x = st.ones(2, 3)
    assert call([x], 0).tolist() == x.tolist()
    assert call([x], 0).data_ptr() != x.data_ptr()
    assert call([x, x[:1]] * 50, 0).shape == (150, 3)


def test_tensors_that_are_joined_in_the_ordinary_way():
    call = binding.joined()
    x = st.ones(2, 3)
    for tensors, dim in (
        ([], 0),
        ([x, st.ones(3, 2)], 0),
        ([x, st.ones(3, 3)], 1),
        ([x, st.ones(1, 3)], -1),
        ([x, st.ones(2)], 0),
        ([x, x.double()], 0),
        ([x.half(), x.half()], 0),
        ([x, st.ones(3, 2).T], 0),
        ([x, st.zeros(0)], 0),
        ([st.zeros(0), st.zeros(0)], 0),
        ([st.tensor(1.0)], 0),
        ([x, x.as_subclass(Derived)], 0),
        ([x, None], 0),
        ([x, x], 2),
        ([x, x], -3),
        ([x, x], True),
        ([x, x], None),
        (x, 0),
        (iter([x]), 0),
        ([st.zeros(1 << 17)] * 2, 0),
    ):
        assert call(tensors, dim) is None
    with st.inference_mode():
        assert call([x, x], 0) is None


def test_joined_tensors_have_gradients():
    x = st.ones(2, 3, requires_grad=True)
    made = st.cat([x, st.ones(1, 3), x[:1]])
    made.backward(st.arange(12.0).view(4, 3))
    assert x.grad.tolist() == [[9, 11, 13], [3, 4, 5]]
    with st.no_grad():
        assert not st.cat([x, x]).requires_grad


def test_deep_tensors_side_by_side():
    x = st.ones((1,) * 63 + (2,))
    assert binding.joined()([x, x], 62).shape == (1,) * 62 + (2, 2)
