"""Attention: masks, heads, dropout, projections."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch as st
from tests.tensor.both import agree, numbers

Q, K, V = numbers(2, 3, 5, 4), numbers(2, 3, 6, 4, seed=1), numbers(2, 3, 6, 7, seed=2)
SEEN = np.random.default_rng(0).random((5, 6)) < 0.6


def attention(t: Any, *args: Any, **kwargs: Any) -> Any:
    return t.nn.functional.scaled_dot_product_attention(*args, **kwargs)


OPTIONS = [
    pytest.param({}, id="plain"),
    pytest.param({"is_causal": True}, id="causal"),
    pytest.param({"scale": 0.3}, id="scale"),
    pytest.param({"is_causal": True, "scale": 2.0}, id="causal-scale"),
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("rank", [2, 3, 4])
def test_attention(rank: int, options: dict) -> None:
    arrays = [item[(0,) * (4 - rank)] for item in (Q, K, V)]
    agree(lambda t, *xs: attention(t, *xs, **options), *arrays)


@pytest.mark.parametrize("shape", [(5, 6), (1, 6), (3, 5, 6), (2, 1, 5, 6), (2, 3, 5, 6), (5, 1)])
def test_masks_that_are_added(shape: tuple[int, ...]) -> None:
    agree(attention, Q, K, V, numbers(*shape))


@pytest.mark.parametrize("shape", [(5, 6), (1, 6), (3, 5, 6), (2, 1, 5, 6)])
def test_masks_of_what_is_seen(shape: tuple[int, ...]) -> None:
    mask = np.random.default_rng(0).random(shape) < 0.7
    agree(attention, Q, K, V, mask)


def test_a_place_that_sees_nothing() -> None:
    mask = SEEN.copy()
    mask[2] = False
    agree(attention, Q, K, V, mask)
    agree(attention, Q[0, 0], K[0, 0], V[0, 0], mask)
    agree(attention, Q, K, V, np.where(mask, 0.0, -np.inf), grad=False)


@pytest.mark.parametrize("heads", [1, 3])
def test_repeated_heads(heads: int) -> None:
    key, value = numbers(2, heads, 6, 4), numbers(2, heads, 6, 7)
    query = numbers(2, 6, 5, 4)
    agree(lambda t, *xs: attention(t, *xs, enable_gqa=True), query, key, value)
    agree(lambda t, *xs: attention(t, *xs, enable_gqa=True, is_causal=True), query, key, value)


def test_one_tensor_as_all_three() -> None:
    agree(lambda t, x: attention(t, x, x, x, is_causal=True), numbers(2, 3, 5, 4))


def test_keys_that_are_shared() -> None:
    agree(attention, Q, K[:1], V[:, :1])


WRONG = [
    pytest.param(lambda t, q, k, v: attention(t, q, k, v, t.ones(5, 6), is_causal=True), id="both"),
    pytest.param(lambda t, q, k, v: attention(t, q, k.float(), v), id="dtypes"),
    pytest.param(lambda t, q, k, v: attention(t, q, k, v, t.ones(5, 6, dtype=t.int64)), id="mask"),
    pytest.param(lambda t, q, k, v: attention(t, q.long(), k.long(), v.long()), id="integers"),
]


@pytest.mark.parametrize("call", WRONG)
def test_what_is_refused(call: Any) -> None:
    agree(call, Q, K, V, grad=False)


def test_dropped_weights() -> None:
    st.manual_seed(0)
    q, k, v = (st.Tensor.of_numpy(item) for item in (Q, K, V))
    plain = attention(st, q, k, v)._array
    drawn = [attention(st, q, k, v, dropout_p=0.3)._array for _ in range(300)]
    assert np.abs(np.mean(drawn, axis=0) - plain).max() < 0.2
    assert np.abs(drawn[0] - plain).max() > 0.01
    assert not attention(st, q, k, v, dropout_p=1.0)._array.any()


def test_gradients_of_dropped_weights() -> None:
    def drawn(v: Any) -> Any:
        st.manual_seed(3)
        return attention(st, st.Tensor.of_numpy(Q), st.Tensor.of_numpy(K), v, dropout_p=0.4)

    v = st.Tensor.of_numpy(V.copy())
    v.requires_grad = True
    drawn(v).sum().backward()
    moved = V.copy()
    moved[1, 2, 3, 4] += 1e-6
    change = (drawn(st.Tensor.of_numpy(moved)).sum() - drawn(v).sum()).item() / 1e-6
    assert abs(change - v.grad._array[1, 2, 3, 4]) < 1e-4


# -- many heads -------------------------------------------------------------------------------------

E, HEADS, BATCH, TARGET, SOURCE = 6, 2, 3, 4, 5
X = numbers(TARGET, BATCH, E)
KEYS = numbers(SOURCE, BATCH, E, seed=1)
VALUES = numbers(SOURCE, BATCH, E, seed=2)
PACKED, PACKED_BIAS = numbers(3 * E, E), numbers(3 * E)
OUT, OUT_BIAS = numbers(E, E, seed=3), numbers(E, seed=3)
HIDDEN = np.random.default_rng(0).random((TARGET, SOURCE)) < 0.3
PADDED = np.arange(SOURCE) >= np.array([[5], [3], [4]])

FORMS = [
    pytest.param({}, id="plain"),
    pytest.param({"need_weights": False}, id="without-weights"),
    pytest.param({"average_attn_weights": False}, id="weights-of-each-head"),
    pytest.param({"attn_mask": HIDDEN}, id="hidden"),
    pytest.param({"attn_mask": HIDDEN, "need_weights": False}, id="hidden-without-weights"),
    pytest.param({"attn_mask": numbers(TARGET, SOURCE)}, id="added"),
    pytest.param({"attn_mask": numbers(BATCH * HEADS, TARGET, SOURCE)}, id="added-for-each"),
    pytest.param({"key_padding_mask": PADDED}, id="padded"),
    pytest.param({"key_padding_mask": PADDED, "need_weights": False}, id="padded-no-weights"),
    pytest.param({"key_padding_mask": PADDED, "attn_mask": HIDDEN}, id="padded-and-hidden"),
    pytest.param(
        {"key_padding_mask": PADDED, "attn_mask": numbers(TARGET, SOURCE)}, id="padded-and-added"
    ),
    pytest.param({"add_zero_attn": True}, id="zeros-added"),
    pytest.param({"add_zero_attn": True, "attn_mask": HIDDEN}, id="zeros-added-hidden"),
    pytest.param({"biases": True}, id="biases-added"),
    pytest.param({"biases": True, "key_padding_mask": PADDED}, id="biases-added-padded"),
    pytest.param({"static": True}, id="static"),
    pytest.param({"is_causal": True}, id="causal-without-mask"),
    pytest.param(
        {"is_causal": True, "attn_mask": np.triu(np.ones((TARGET, SOURCE), bool), 1),
         "need_weights": False}, id="causal",
    ),
    pytest.param({"attn_mask": np.ones((TARGET, SOURCE), np.int64)}, id="integers"),
]  # fmt: skip


def _many_heads(t: Any, query: Any, key: Any, value: Any, *weights: Any, options: dict) -> Any:
    given = dict(options)
    packed, packed_bias, out, out_bias = weights[:4]
    biases = weights[4:6] if given.pop("biases", False) else (None, None)
    if given.pop("static", False):
        static = numbers(BATCH * HEADS, SOURCE, E // HEADS)
        given |= {"static_k": t.from_numpy(static), "static_v": t.from_numpy(static * 2)}
    for name in ("attn_mask", "key_padding_mask"):
        if name in given:
            given[name] = t.from_numpy(given[name])
    return t.nn.functional.multi_head_attention_forward(
        *(query, key, value, E, HEADS, packed, packed_bias, *biases),
        *(given.pop("add_zero_attn", False), 0.0, out, out_bias),
        **given,
    )


@pytest.mark.parametrize("options", FORMS)
def test_many_heads(options: dict) -> None:
    agree(
        lambda t, *xs: _many_heads(t, *xs, options=options),
        *(X, KEYS, VALUES, PACKED, PACKED_BIAS, OUT, OUT_BIAS),
        *(numbers(1, 1, E, seed=7), numbers(1, 1, E, seed=8)),
    )


def test_many_heads_of_one_tensor() -> None:
    agree(
        lambda t, x, *w: _many_heads(t, x, x, x, *w, options={}),
        *(X, PACKED, PACKED_BIAS, OUT, OUT_BIAS),
    )
    agree(
        lambda t, x, y, *w: _many_heads(t, x, y, y, *w, options={"need_weights": False}),
        *(X, KEYS, PACKED, PACKED_BIAS, OUT, OUT_BIAS),
    )


def test_many_heads_without_a_batch() -> None:
    agree(
        lambda t, *xs: _many_heads(t, *xs, options={"attn_mask": HIDDEN}),
        *(X[:, 0], KEYS[:, 0], VALUES[:, 0], PACKED, PACKED_BIAS, OUT, OUT_BIAS),
    )


def test_separate_projections() -> None:
    def call(t, q, k, v, wq, wk, wv, bias, out):
        return t.nn.functional.multi_head_attention_forward(
            *(q, k, v, E, HEADS, None, bias, None, None, False, 0.0, out, None),
            use_separate_proj_weight=True,
            q_proj_weight=wq,
            k_proj_weight=wk,
            v_proj_weight=wv,
        )

    arrays = (X, numbers(SOURCE, BATCH, 3), numbers(SOURCE, BATCH, 7))
    weights = (numbers(E, E), numbers(E, 3), numbers(E, 7), numbers(3 * E), OUT)
    agree(call, *arrays, *weights)
    agree(lambda t, q, k, v, wq, *rest: call(t, q, k, v, None, *rest), *arrays, *weights)


def test_masks_of_two_kinds_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="mismatched"):
        _many_heads(
            st,
            *(st.Tensor.of_numpy(a) for a in (X, KEYS, VALUES, PACKED, PACKED_BIAS, OUT, OUT_BIAS)),
            options={"key_padding_mask": PADDED, "attn_mask": numbers(TARGET, SOURCE)},
        )
