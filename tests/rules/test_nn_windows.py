"""Convolutions, pooling and windows, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN_DIM, name, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.adaptive_pooling import adaptive_avg_pool2d_shape, adaptive_max_pool1d_shape
from shapetorch.rules.convolution import (
    conv1d_shape,
    conv2d_shape,
    conv_transpose2d_shape,
    fold_shape,
    unfold_windows_shape,
)
from shapetorch.rules.pooling import avg_pool2d_shape, max_pool2d_shape, max_unpool2d_shape
from shapetorch.rules.resizing import (
    interpolate_shape,
    pad_shape,
    pixel_shuffle_shape,
    pixel_unshuffle_shape,
)
from tests.rules.rows import check

B, C, H, W, K, M, P, R, S = (name(text) for text in "BCHWKMPRS")
CHANNELS = ErrorKind.conv_error_channel_mismatch
IMAGE = (B, C, H, W)

ROWS = [
    pytest.param(
        conv2d_shape,
        {"input": IMAGE, "weight": (M, C, 3, 3), "padding": 1},
        (B, M, H, W),
        id="conv-keeps-sizes",
    ),
    pytest.param(
        conv2d_shape,
        {"input": IMAGE, "weight": (M, C, 3, 3), "padding": 1, "stride": 2},
        (B, M, (H + 1) // 2, (W + 1) // 2),
        id="conv-halves-sizes",
    ),
    pytest.param(
        conv2d_shape,
        {"input": IMAGE, "weight": (M, C, P, P), "stride": P},
        (B, M, H // P, W // P),
        id="conv-patches",
    ),
    pytest.param(
        conv2d_shape,
        {"input": IMAGE, "weight": (C, 1, 7, 7), "padding": 3, "groups": C},
        IMAGE,
        id="conv-depthwise",
    ),
    pytest.param(
        conv2d_shape,
        {"input": (C, H, W), "weight": (M, C, 5, 3), "padding": "same"},
        (M, H, W),
        id="conv-same-unbatched",
    ),
    pytest.param(
        conv2d_shape,
        {"input": (B, UNKNOWN_DIM, H, W), "weight": (M, 3, 1, 1)},
        (B, M, H, W),
        id="conv-unknown-channels-are-accepted",
    ),
    pytest.param(conv2d_shape, {"input": IMAGE, "weight": (M, 3, 3, 3)}, CHANNELS, id="conv-name"),
    pytest.param(
        conv2d_shape, {"input": (2, 5, 7, 7), "weight": (3, 3, 3, 3)}, CHANNELS, id="conv-numbers"
    ),
    pytest.param(
        conv1d_shape,
        {"input": (2, 3, 5), "weight": (7, 3, 7)},
        ErrorKind.conv_error_empty_output,
        id="conv-kernel-too-large",
    ),
    pytest.param(
        conv1d_shape,
        {"input": (B, C, H, W), "weight": (M, C, 3)},
        ErrorKind.conv_error_rank,
        id="conv-rank",
    ),
    pytest.param(
        conv1d_shape,
        {"input": (2, 6, 5), "weight": (5, 3, 3), "groups": 2},
        ErrorKind.conv_error_groups,
        id="conv-groups",
    ),
    pytest.param(
        conv1d_shape,
        {"input": (B, C, H), "weight": (M, C, 3), "bias": (C,)},
        ErrorKind.conv_error_bias,
        id="conv-bias",
    ),
    pytest.param(
        conv1d_shape,
        {"input": (B, C, H), "weight": (M, C, 3), "stride": (1, 2)},
        ErrorKind.argument_error_value,
        id="conv-two-strides",
    ),
    pytest.param(
        conv_transpose2d_shape,
        {"input": IMAGE, "weight": (C, M, 2, 2), "stride": 2},
        (B, M, 2 * H, 2 * W),
        id="transposed-doubles-sizes",
    ),
    pytest.param(
        conv_transpose2d_shape,
        {"input": IMAGE, "weight": (C, M, 3, 3), "stride": 2, "padding": 1, "output_padding": 1},
        (B, M, 2 * H, 2 * W),
        id="transposed-output-padding",
    ),
    pytest.param(
        conv_transpose2d_shape,
        {"input": IMAGE, "weight": (M, C, 2, 2)},
        CHANNELS,
        id="transposed-weight-the-wrong-way-round",
    ),
    pytest.param(
        conv_transpose2d_shape,
        {"input": IMAGE, "weight": (C, M, 2, 2), "stride": 2, "output_padding": 2},
        ErrorKind.argument_error_value,
        id="transposed-output-padding-too-large",
    ),
    pytest.param(
        unfold_windows_shape,
        {"input": IMAGE, "kernel_size": P, "stride": P},
        (B, C * P * P, (H // P) * (W // P)),
        id="unfold-patches",
    ),
    pytest.param(
        fold_shape,
        {"input": (B, 27, 25), "output_size": 5, "kernel_size": 3, "padding": 1},
        (B, 3, 5, 5),
        id="fold",
    ),
    pytest.param(
        fold_shape,
        {"input": (2, 27, 24), "output_size": 5, "kernel_size": 3, "padding": 1},
        ErrorKind.fold_error_size,
        id="fold-count",
    ),
    pytest.param(
        max_pool2d_shape,
        {"input": IMAGE, "kernel_size": 2},
        (B, C, H // 2, W // 2),
        id="pool-halves-sizes",
    ),
    pytest.param(
        max_pool2d_shape,
        {"input": IMAGE, "kernel_size": 2, "ceil_mode": True},
        (B, C, (H + 1) // 2, (W + 1) // 2),
        id="pool-rounds-up",
    ),
    pytest.param(
        max_pool2d_shape,
        {"input": IMAGE, "kernel_size": 3, "stride": 2, "padding": 1, "return_indices": True},
        ((B, C, (H + 1) // 2, (W + 1) // 2),) * 2,
        id="pool-indices",
    ),
    pytest.param(
        avg_pool2d_shape,
        {"input": IMAGE, "kernel_size": (H, W)},
        (B, C, 1, 1),
        id="pool-everything",
    ),
    pytest.param(
        avg_pool2d_shape,
        {"input": (2, 3, 5, 7), "kernel_size": 6},
        ErrorKind.pool_error_empty_output,
        id="pool-window-too-large",
    ),
    pytest.param(
        avg_pool2d_shape,
        {"input": IMAGE, "kernel_size": 3, "padding": 2},
        ErrorKind.pool_error_padding,
        id="pool-padding",
    ),
    pytest.param(
        avg_pool2d_shape,
        {"input": (B, C), "kernel_size": 3},
        ErrorKind.pool_error_rank,
        id="pool-rank",
    ),
    pytest.param(
        max_unpool2d_shape,
        {"input": IMAGE, "indices": IMAGE, "kernel_size": 2},
        (B, C, 2 * H, 2 * W),
        id="unpool",
    ),
    pytest.param(
        max_unpool2d_shape,
        {"input": IMAGE, "indices": (B, C, W, H), "kernel_size": 2},
        ErrorKind.pool_error_indices,
        id="unpool-indices",
    ),
    pytest.param(
        adaptive_avg_pool2d_shape,
        {"input": IMAGE, "output_size": (None, 7)},
        (B, C, H, 7),
        id="adaptive-keeps-a-size",
    ),
    pytest.param(
        adaptive_max_pool1d_shape,
        {"input": (B, C, H), "output_size": K},
        (B, C, K),
        id="adaptive-name",
    ),
    pytest.param(pad_shape, {"input": (B, C, H), "pad": (S, 1)}, (B, C, H + S + 1), id="pad-name"),
    pytest.param(
        pad_shape, {"input": IMAGE, "pad": (1, 2, 3, 4)}, (B, C, H + 7, W + 3), id="pad-last-first"
    ),
    pytest.param(pad_shape, {"input": (B, C, H), "pad": (0, -1)}, (B, C, H - 1), id="pad-negative"),
    pytest.param(
        pad_shape,
        {"input": (B,), "pad": (1, 1, 1, 1)},
        ErrorKind.padding_error_length,
        id="pad-many",
    ),
    pytest.param(
        pad_shape,
        {"input": (2, 3, 5), "pad": (5, 0), "mode": "reflect"},
        ErrorKind.padding_error_too_large,
        id="pad-reflects-too-far",
    ),
    pytest.param(
        interpolate_shape,
        {"input": IMAGE, "scale_factor": 0.5, "mode": "bilinear"},
        (B, C, H // 2, W // 2),
        id="interpolate-half",
    ),
    pytest.param(
        interpolate_shape,
        {"input": IMAGE, "scale_factor": (2, 1.5)},
        (B, C, 2 * H, (3 * W) // 2),
        id="interpolate-list",
    ),
    pytest.param(
        interpolate_shape,
        {"input": IMAGE, "scale_factor": 0.1},
        (B, C, UNKNOWN_DIM, UNKNOWN_DIM),
        id="interpolate-by-no-simple-fraction",
    ),
    pytest.param(
        interpolate_shape,
        {"input": (B, C, H), "size": K, "mode": "bilinear"},
        ErrorKind.rank_error_mismatch,
        id="interpolate-rank",
    ),
    pytest.param(
        interpolate_shape,
        {"input": IMAGE, "size": (1, 2, 3)},
        ErrorKind.interpolate_error_size,
        id="interpolate-count",
    ),
    pytest.param(
        pixel_shuffle_shape,
        {"input": (B, C * R * R, H, W), "upscale_factor": R},
        (B, C, H * R, W * R),
        id="pixel-shuffle",
    ),
    pytest.param(
        pixel_shuffle_shape,
        {"input": (B, 6, H, W), "upscale_factor": 2},
        ErrorKind.pixel_shuffle_error_channels,
        id="pixel-shuffle-channels",
    ),
    pytest.param(
        pixel_unshuffle_shape,
        {"input": (B, C, H * R, W * R), "downscale_factor": R},
        (B, C * R * R, H, W),
        id="pixel-unshuffle",
    ),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), ROWS)
def test_rule(rule: Any, arguments: dict[str, Any], expected: Any) -> None:
    check(rule, arguments, expected)


READABLE = [
    pytest.param({"padding": 1, "stride": 2}, "[B, M, (H + 1)//2, (W + 1)//2]", id="halved"),
    pytest.param({"stride": 3}, "[B, M, H//3, W//3]", id="thirds"),
    pytest.param({}, "[B, M, H - 2, W - 2]", id="shrunk"),
]


@pytest.mark.parametrize(("options", "text"), READABLE)
def test_sizes_read_well(options: dict[str, Any], text: str) -> None:
    assert render_shape(conv2d_shape(IMAGE, (M, C, 3, 3), **options)) == text


def test_message_names_both_shapes() -> None:
    with pytest.raises(ShapeError, match="channels must be in_channels=3, got C from") as caught:
        conv2d_shape(IMAGE, (M, 3, 3, 3))
    assert caught.value.message.endswith("from [B, C, H, W] and weight [M, 3, 3, 3]")
    assert caught.value.clash == (C, 3)
