"""Embeddings, bags of them, one-hot vectors."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch as st
from tests.tensor.both import agree, integers, numbers

PLACES = np.array([[1, 2, 2], [0, 3, 1]])


@pytest.mark.parametrize("padding", [None, 0, 2, -1, -4, 4, -5])
@pytest.mark.parametrize("by_frequency", [False, True])
def test_embedding(padding: int | None, by_frequency: bool) -> None:
    agree(
        lambda t, i, w: t.nn.functional.embedding(
            i, w, padding_idx=padding, scale_grad_by_freq=by_frequency
        ),
        *(PLACES, numbers(4, 3)),
    )


@pytest.mark.parametrize("norm", [1.0, 2.0, float("inf")])
def test_rows_are_shortened_in_place(norm: float) -> None:
    agree(
        lambda t, i, w: (t.nn.functional.embedding(i, w, max_norm=0.8, norm_type=norm), w),
        *(PLACES, numbers(5, 3) * 2),
        grad=False,
    )


def test_a_leaf_may_be_shortened() -> None:
    weight = st.Tensor.of_numpy(numbers(4, 3) * 3)
    weight.requires_grad = True
    made = st.nn.functional.embedding(st.tensor([1, 2]), weight, max_norm=1.0)
    made.sum().backward()
    assert float(made.detach().norm(2, 1).max()) <= 1.0
    assert weight.grad.tolist() == [[0.0] * 3, [1.0] * 3, [1.0] * 3, [0.0] * 3]


@pytest.mark.parametrize("wrong", [[4], [-1], [2**40]])
@pytest.mark.parametrize("name", ["embedding", "embedding_bag"])
def test_indices_out_of_range(name: str, wrong: list[int]) -> None:
    agree(
        lambda t, i, w: getattr(t.nn.functional, name)(i.reshape(1, 1), w),
        *(np.array(wrong), numbers(4, 3)),
    )


@pytest.mark.parametrize("kind", ["int32", "uint8", "float32", "bool"])
def test_dtypes_of_indices(kind: str) -> None:
    for name in ("embedding", "embedding_bag"):
        agree(
            lambda t, i, w: getattr(t.nn.functional, name)(i, w),  # noqa: B023
            *(PLACES.astype(kind), numbers(4, 3)),
        )


@pytest.mark.parametrize("kind", ["int64", "complex128", "bool"])
def test_dtypes_of_tables(kind: str) -> None:
    table = numbers(4, 3).astype(kind)
    agree(lambda t, i, w: t.nn.functional.embedding(i, w), PLACES, table, grad=False)
    agree(lambda t, i, w: t.nn.functional.embedding_bag(i, w), PLACES, table)


# -- bags -------------------------------------------------------------------------------------------

BAGS = [
    pytest.param([0, 2, 4], {}, id="plain"),
    pytest.param([0, 0, 3, 3], {}, id="empty-bags"),
    pytest.param([0, 2, 6], {"include_last_offset": True}, id="last-offset"),
    pytest.param([0, 3], {"padding_idx": 2}, id="padding"),
    pytest.param([0, 3], {"padding_idx": -2}, id="negative-padding"),
    pytest.param([1, 3], {}, id="first-is-not-0"),
    pytest.param([0, 7], {}, id="too-long"),
    pytest.param([0], {}, id="one-bag"),
]


@pytest.mark.parametrize("mode", ["sum", "mean", "max", "median"])
@pytest.mark.parametrize(("offsets", "options"), BAGS)
def test_bags(offsets: list[int], options: dict, mode: str) -> None:
    agree(
        lambda t, i, w: t.nn.functional.embedding_bag(
            i, w, t.tensor(offsets), mode=mode, **options
        ),
        *(PLACES.reshape(-1), numbers(4, 3)),
        grad=mode != "max",
    )


def test_gradients_of_the_largest() -> None:
    agree(lambda t, i, w: t.nn.functional.embedding_bag(i, w, mode="max"), PLACES, numbers(4, 3))


@pytest.mark.parametrize("mode", ["sum", "mean"])
def test_weights_of_samples(mode: str) -> None:
    agree(
        lambda t, i, w, s: t.nn.functional.embedding_bag(i, w, mode=mode, per_sample_weights=s),
        *(PLACES, numbers(4, 3), numbers(2, 3)),
    )
    agree(
        lambda t, i, w, s: t.nn.functional.embedding_bag(
            i, w, t.tensor([0, 4]), mode=mode, per_sample_weights=s, padding_idx=1
        ),
        *(PLACES.reshape(-1), numbers(4, 3), numbers(6)),
    )


def test_bags_scaled_by_frequency() -> None:
    """Not compared: PyTorch divides by the frequency of another index."""
    weight = st.Tensor.of_numpy(numbers(4, 3))
    weight.requires_grad = True
    made = st.nn.functional.embedding_bag(
        st.tensor(PLACES), weight, mode="sum", scale_grad_by_freq=True
    )
    made.sum().backward()
    assert weight.grad.tolist() == [[1.0] * 3] * 4


def test_shortened_rows_in_bags() -> None:
    agree(
        lambda t, i, w: (t.nn.functional.embedding_bag(i, w, max_norm=0.5), w),
        *(PLACES, numbers(4, 3)),
        grad=False,
    )


def test_many_rows() -> None:
    agree(lambda t, i, w: t.nn.functional.embedding(i, w), integers(30, 20, 10), numbers(30, 5))


# -- one-hot ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("classes", [-1, 0, 3, 4, 7, -2])
@pytest.mark.parametrize("values", [[0, 3, 1], [[2], [0]], 2, [], [-1, 0]])
def test_one_hot(values: object, classes: int) -> None:
    agree(lambda t, i: t.nn.functional.one_hot(i, classes), np.array(values, np.int64))


def test_one_hot_wants_int64() -> None:
    agree(lambda t, i: t.nn.functional.one_hot(i), np.array([0, 1], np.int32))
