"""Dropout: what is kept, how often, and what stays the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch as st
from tests.tensor.both import agree, numbers

F = st.nn.functional


@pytest.fixture(autouse=True)
def _seeded() -> None:
    st.manual_seed(0)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_how_often_elements_are_dropped(p: float) -> None:
    made = F.dropout(st.ones(200, 100), p)._array
    assert set(np.unique(made)) <= {np.float32(0), np.float32(1 / (1 - p))}
    assert abs((made == 0).mean() - p) < 0.02


@pytest.mark.parametrize("name", ["dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout"])
def test_whole_channels_are_dropped(name: str) -> None:
    shape = (50, 40) + (3,) * {"dropout1d": 1, "dropout3d": 3}.get(name, 2)
    made = getattr(F, name)(st.ones(*shape), 0.3, True)._array.reshape(50, 40, -1)
    assert (made == made[..., :1]).all()
    few, many = sorted(np.unique(made[..., 0], return_counts=True)[1] / 2000)
    assert abs(few - 0.3) < 0.03
    assert few + many == 1


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    made = F.alpha_dropout(st.randn(400, 400), 0.4, True)._array
    assert abs(made.mean()) < 0.02
    assert abs(made.var() - 1) < 0.03


def test_the_same_seed_drops_the_same() -> None:
    first = F.dropout(st.ones(100))
    st.manual_seed(0)
    assert np.array_equal(first._array, F.dropout(st.ones(100))._array)
    assert not np.array_equal(first._array, F.dropout(st.ones(100))._array)


def test_the_gradient_is_dropped_where_the_input_is() -> None:
    x = st.Tensor.of_numpy(numbers(50))
    x.requires_grad = True
    made = F.dropout(x, 0.5)
    made.sum().backward()
    assert np.array_equal(x.grad._array == 0, made._array == 0)
    assert set(np.unique(x.grad._array)) == {0.0, 2.0}


NOTHING = [
    pytest.param(lambda t, x: t.nn.functional.dropout(x, 0.5, False), id="not-training"),
    pytest.param(lambda t, x: t.nn.functional.dropout(x, 0.0), id="probability-0"),
    pytest.param(lambda t, x: t.nn.functional.dropout(x, 1.0), id="probability-1"),
    pytest.param(lambda t, x: t.nn.functional.alpha_dropout(x, 0.5), id="alpha"),
    pytest.param(lambda t, x: t.nn.functional.feature_alpha_dropout(x, 0.5), id="features"),
    pytest.param(lambda t, x: t.dropout(x, 0.5, False), id="of-the-library"),
    pytest.param(lambda t, x: t.native_dropout(x, 0.5, False), id="native"),
    pytest.param(lambda t, x: t.nn.functional.dropout(x, 1.5), id="too-likely"),
    pytest.param(lambda t, x: t.nn.functional.dropout(x, -0.5), id="negative"),
    pytest.param(lambda t, x: t.dropout(x, 1.5, True), id="too-likely-in-the-library"),
    pytest.param(lambda t, x: t.nn.functional.dropout2d(x, 2.0), id="channels"),
    pytest.param(lambda t, x: t.nn.functional.dropout(3.0), id="a-number"),
    pytest.param(lambda t, x: t.nn.functional.dropout(t.ones(3, dtype=t.int64)), id="integers"),
    pytest.param(lambda t, x: t.feature_dropout(x[0, 0, 0], 0.5, True), id="no-channels"),
]


@pytest.mark.parametrize("call", NOTHING)
def test_where_nothing_is_random(call: Any) -> None:
    agree(call, numbers(2, 3, 4, 5))


def test_nothing_to_drop_gives_the_tensor_itself() -> None:
    x = st.ones(3)
    assert F.dropout(x, training=False) is x
    assert F.dropout(x, 0.0) is x


def test_dropout_in_place() -> None:
    x = st.ones(100)
    assert F.dropout(x, inplace=True) is x
    assert set(x.tolist()) == {0.0, 2.0}
    assert st.dropout_(x, 1.0, True) is x
    assert not x.any()
    y = st.ones(4, requires_grad=True)
    with pytest.raises(RuntimeError, match="leaf Variable"):
        F.dropout(y, inplace=True)


def test_without_a_batch() -> None:
    for shape, name in (((4, 3), "dropout1d"), ((4, 3, 2, 2), "dropout3d")):
        made = getattr(F, name)(st.ones(*shape), 0.5)
        assert tuple(made.shape) == shape
    with pytest.warns(UserWarning, match="dropout2d"):
        F.dropout2d(st.ones(2, 3, 4))


def test_native_dropout_gives_what_was_kept() -> None:
    made, kept = st.native_dropout(st.ones(100), 0.5, True)
    assert kept.dtype is st.bool
    assert np.array_equal(made._array != 0, kept._array)


# -- gumbel_softmax ---------------------------------------------------------------------------------


def test_gumbel_softmax_samples_the_classes() -> None:
    logits = st.Tensor.of_numpy(np.log(np.array([0.5, 0.3, 0.2])))
    made = F.gumbel_softmax(logits.expand(20000, 3), hard=True, dim=-1)._array
    assert np.allclose(made.sum(-1), 1)
    assert np.allclose(made.mean(0), [0.5, 0.3, 0.2], atol=0.02)


def test_gumbel_softmax_has_the_gradient_of_the_soft_sample() -> None:
    logits = st.Tensor.of_numpy(numbers(5, 3))
    logits.requires_grad = True
    made = F.gumbel_softmax(logits, tau=0.7, hard=True)
    made[:, 0].sum().backward()
    assert np.abs(logits.grad._array).min() > 0
    assert np.allclose(logits.grad._array.sum(1), 0)
