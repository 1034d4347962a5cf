"""Losses, attention and similarities, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, name
from shapetorch.errors import ErrorKind
from shapetorch.rules.activations import glu_shape, prelu_shape, softmax_shape
from shapetorch.rules.attention import scaled_dot_product_attention_shape
from shapetorch.rules.label_losses import (
    cosine_embedding_loss_shape,
    cross_entropy_shape,
    ctc_loss_numbers_shape,
    nll_loss_shape,
    triplet_margin_loss_shape,
    triplet_margin_with_distance_loss_shape,
)
from shapetorch.rules.linear import (
    embedding_bag_shape,
    embedding_shape,
    linear_shape,
    one_hot_shape,
)
from shapetorch.rules.losses import (
    binary_cross_entropy_shape,
    gaussian_nll_loss_shape,
    kl_div_shape,
    mse_loss_shape,
)
from shapetorch.rules.similarity import cosine_similarity_shape, pairwise_distance_shape
from tests.rules.rows import check

B, C, D, E, H, K, L, N, S, T = (name(text) for text in "BCDEHKLNST")
ATTENTION = ErrorKind.attention_error_shape
LOSS = ErrorKind.loss_error_shape_mismatch
NONE = {"reduction": "none"}

ROWS = [
    pytest.param(
        linear_shape, {"input": (B, T, D), "weight": (E, D), "bias": (E,)}, (B, T, E), id="linear"
    ),
    pytest.param(
        linear_shape,
        {"input": (B, T, D), "weight": (D, E)},
        ErrorKind.matmul_error_inner_dimensions_do_not_match,
        id="linear-weight-the-wrong-way-round",
    ),
    pytest.param(
        linear_shape,
        {"input": (B, D), "weight": (E, D), "bias": (D,)},
        ErrorKind.broadcast_error_incompatible_dimensions,
        id="linear-bias",
    ),
    pytest.param(embedding_shape, {"input": (B, T), "weight": (N, D)}, (B, T, D), id="embedding"),
    pytest.param(
        embedding_shape,
        {"input": (B, T), "weight": (N,)},
        ErrorKind.embedding_error_shape,
        id="embedding-weight",
    ),
    pytest.param(
        embedding_bag_shape,
        {"input": (B, T), "weight": (N, D)},
        (B, D),
        id="embedding-bag",
    ),
    pytest.param(
        embedding_bag_shape,
        {"input": (T,), "weight": (N, D)},
        ErrorKind.embedding_bag_error_requires_2d_input,
        id="embedding-bag-without-offsets",
    ),
    pytest.param(one_hot_shape, {"input": (B, T), "num_classes": K}, (B, T, K), id="one-hot"),
    pytest.param(one_hot_shape, {"input": (B, T)}, (B, T, UNKNOWN_DIM), id="one-hot-of-values"),
    pytest.param(softmax_shape, {"input": (B, T), "dim": -1}, (B, T), id="softmax"),
    pytest.param(
        softmax_shape,
        {"input": (B, T), "dim": 2},
        ErrorKind.softmax_error_dim_out_of_range,
        id="softmax-dim",
    ),
    pytest.param(glu_shape, {"input": (B, 2 * D, T), "dim": 1}, (B, D, T), id="glu"),
    pytest.param(glu_shape, {"input": (B, 5)}, ErrorKind.glu_error_odd_size, id="glu-odd"),
    pytest.param(prelu_shape, {"input": (B, C, T), "weight": (C,)}, (B, C, T), id="prelu"),
    pytest.param(
        prelu_shape,
        {"input": (B, C, T), "weight": (T,)},
        ErrorKind.norm_error_channel_mismatch,
        id="prelu-slopes",
    ),
    pytest.param(
        scaled_dot_product_attention_shape,
        {"query": (B, H, T, D), "key": (B, H, S, D), "value": (B, H, S, E)},
        (B, H, T, E),
        id="attention",
    ),
    pytest.param(
        scaled_dot_product_attention_shape,
        {"query": (B, H, T, D), "key": (B, 1, S, D), "value": (1, H, S, E), "attn_mask": (T, S)},
        (B, H, T, E),
        id="attention-broadcasts",
    ),
    pytest.param(
        scaled_dot_product_attention_shape,
        {
            "query": (B, 4 * H, T, D),
            "key": (B, H, S, D),
            "value": (B, H, S, D),
            "enable_gqa": True,
        },
        (B, 4 * H, T, D),
        id="attention-grouped-queries",
    ),
    pytest.param(
        scaled_dot_product_attention_shape,
        {"query": (B, H, T, D), "key": (B, H, S, E), "value": (B, H, S, E)},
        ATTENTION,
        id="attention-widths",
    ),
    pytest.param(
        scaled_dot_product_attention_shape,
        {"query": (B, H, T, D), "key": (B, H, S, D), "value": (B, H, T, D)},
        ATTENTION,
        id="attention-lengths",
    ),
    pytest.param(
        scaled_dot_product_attention_shape,
        {
            "query": (B, H, T, D),
            "key": (B, H, S, D),
            "value": (B, H, S, D),
            "attn_mask": (S, T),
        },
        ErrorKind.attention_error_mask_shape,
        id="attention-mask",
    ),
    pytest.param(mse_loss_shape, {"input": (B, D), "target": (B, D)}, (), id="mse"),
    pytest.param(
        mse_loss_shape, {"input": (B, 1), "target": (D,), **NONE}, (B, D), id="mse-broadcasts"
    ),
    pytest.param(
        mse_loss_shape,
        {"input": (B, 3), "target": (B, 5)},
        ErrorKind.broadcast_error_incompatible_dimensions,
        id="mse-numbers",
    ),
    pytest.param(
        mse_loss_shape,
        {"input": (B, 3), "target": (B, 3), "reduction": "average"},
        ErrorKind.loss_error_reduction,
        id="reduction",
    ),
    pytest.param(
        mse_loss_shape, {"input": (B, 3), "target": (B, 3), "reduce": False}, (B, 3), id="older"
    ),
    pytest.param(
        kl_div_shape,
        {"input": (B, 3), "target": (B, 3), "reduction": "batchmean"},
        (),
        id="kl-batchmean",
    ),
    pytest.param(
        binary_cross_entropy_shape,
        {"input": (B, 1), "target": (B,)},
        ErrorKind.loss_error_target_shape,
        id="binary-target",
    ),
    pytest.param(
        gaussian_nll_loss_shape,
        {"input": (B, D), "target": (B, D), "var": (B,), **NONE},
        (B, D),
        id="gaussian-variance-of-each-row",
    ),
    pytest.param(
        gaussian_nll_loss_shape,
        {"input": (B, D), "target": (B, D), "var": (D,)},
        ErrorKind.loss_error_target_shape,
        id="gaussian-variance",
    ),
    pytest.param(
        cross_entropy_shape, {"input": (B, C, H), "target": (B, H), **NONE}, (B, H), id="labels"
    ),
    pytest.param(
        cross_entropy_shape,
        {"input": (B, C, H), "target": (B, C, H), **NONE},
        (B, H),
        id="probabilities",
    ),
    pytest.param(cross_entropy_shape, {"input": (C,), "target": (), **NONE}, (), id="one-label"),
    pytest.param(cross_entropy_shape, {"input": (B, T, C), "target": (B, T)}, LOSS, id="last"),
    pytest.param(
        cross_entropy_shape,
        {"input": (B, C), "target": (N,)},
        ErrorKind.loss_error_batch_mismatch,
        id="batches",
    ),
    pytest.param(
        nll_loss_shape, {"input": (B, C), "target": (B,), "weight": (B,)}, LOSS, id="class-weight"
    ),
    pytest.param(
        triplet_margin_loss_shape,
        {"anchor": (B, D), "positive": (B, D), "negative": (B, D), **NONE},
        (B,),
        id="triplet",
    ),
    pytest.param(
        triplet_margin_with_distance_loss_shape,
        {
            "anchor": (B, D),
            "positive": (B, D),
            "negative": (B, D),
            "distance_function": ...,
            **NONE,
        },
        UNKNOWN,
        id="triplet-of-any-distance",
    ),
    pytest.param(
        cosine_embedding_loss_shape,
        {"input1": (B, D), "input2": (B, D), "target": (D,)},
        ErrorKind.broadcast_error_incompatible_dimensions,
        id="cosine-labels",
    ),
    pytest.param(
        ctc_loss_numbers_shape,
        {
            "log_probs": (T, 2, C),
            "targets": (2, S),
            "input_lengths": (5, 5),
            "target_lengths": (3,),
        },
        LOSS,
        id="ctc-lengths",
    ),
    pytest.param(
        cosine_similarity_shape, {"x1": (B, 1, D), "x2": (N, D), "dim": -1}, (B, N), id="cosine"
    ),
    pytest.param(
        pairwise_distance_shape,
        {"x1": (B, D), "x2": (D,), "keepdim": True},
        (B, 1),
        id="distance",
    ),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), ROWS)
def test_rule(rule: Any, arguments: dict[str, Any], expected: Any) -> None:
    check(rule, arguments, expected)
