"""Fourier transforms, differences and integrals, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import name
from shapetorch.errors import ErrorKind
from shapetorch.rules.fourier import (
    fft_shape,
    fftn_shape,
    irfft2_shape,
    irfft_shape,
    istft_shape,
    rfft2_shape,
    rfft_shape,
    rfftn_shape,
    stft_shape,
)
from shapetorch.rules.signal import (
    cartesian_prod_shape,
    combinations_shape,
    cov_shape,
    cumulative_trapezoid_shape,
    diff_shape,
    gradient_shape,
    trapezoid_x_shape,
)
from tests.rules.rows import check

B, T, K = name("B"), name("T"), name("K")
RANGE = ErrorKind.dimension_error_out_of_range
NO_SAMPLES = ErrorKind.fft_error_size
RANK = ErrorKind.rank_error_mismatch
VALUE = ErrorKind.argument_error_value

ROWS = [
    pytest.param(fft_shape, {"input": (B, T)}, (B, T), id="fft"),
    pytest.param(fft_shape, {"input": (B, T), "n": K, "dim": 0}, (K, T), id="fft-n"),
    pytest.param(fft_shape, {"input": (B, T), "n": 0}, NO_SAMPLES, id="fft-of-nothing"),
    pytest.param(fft_shape, {"input": (B, T), "dim": 2}, RANGE, id="fft-range"),
    pytest.param(fft_shape, {"input": ()}, RANGE, id="fft-scalar"),
    pytest.param(rfft_shape, {"input": (B, T)}, (B, T // 2 + 1), id="rfft"),
    pytest.param(rfft_shape, {"input": (B, 2 * T)}, (B, T + 1), id="rfft-even"),
    pytest.param(irfft_shape, {"input": (B, T)}, (B, 2 * T - 2), id="irfft"),
    pytest.param(irfft_shape, {"input": (B, T + 1)}, (B, 2 * T), id="irfft-back"),
    pytest.param(irfft_shape, {"input": (B, 1)}, NO_SAMPLES, id="irfft-of-one"),
    pytest.param(rfft2_shape, {"input": (B, 7, T)}, (B, 7, T // 2 + 1), id="rfft2"),
    pytest.param(irfft2_shape, {"input": (B, 7, T), "s": (K, 5)}, (B, K, 5), id="irfft2"),
    pytest.param(fftn_shape, {"input": (B, 7, T), "s": (K,)}, (B, 7, K), id="fftn-last"),
    pytest.param(fftn_shape, {"input": (B,), "s": (K, 5)}, RANK, id="fftn-too-many"),
    pytest.param(rfftn_shape, {"input": (B, T), "dim": ()}, VALUE, id="rfftn-no-dims"),
    pytest.param(
        fftn_shape,
        {"input": (B, T), "dim": (0, 0)},
        ErrorKind.dimension_error_duplicate,
        id="fftn-twice",
    ),
    pytest.param(
        stft_shape,
        {"input": (B, 160), "n_fft": 32, "return_complex": True},
        (B, 17, 21),
        id="stft",
    ),
    pytest.param(
        stft_shape,
        {"input": (B, T), "n_fft": 32, "hop_length": 8, "return_complex": False},
        (B, 17, T // 8 + 1, 2),
        id="stft-symbolic",
    ),
    pytest.param(
        stft_shape,
        {"input": (B, 160), "n_fft": 32, "window": (31,), "return_complex": True},
        ErrorKind.window_error_size,
        id="stft-window",
    ),
    pytest.param(
        stft_shape,
        {"input": (B, 20), "n_fft": 32, "center": False, "return_complex": True},
        NO_SAMPLES,
        id="stft-short",
    ),
    pytest.param(
        istft_shape, {"input": (B, 17, T), "n_fft": 32}, (B, 8 * T - 8), id="istft-symbolic"
    ),
    pytest.param(istft_shape, {"input": (B, 11, T), "n_fft": 32}, NO_SAMPLES, id="istft-other"),
    pytest.param(diff_shape, {"input": (B, T)}, (B, T - 1), id="diff"),
    pytest.param(diff_shape, {"input": (B, 3), "n": 5}, (B, 0), id="diff-to-nothing"),
    pytest.param(diff_shape, {"input": (B, T), "prepend": (B, 1)}, (B, T), id="diff-prepend"),
    pytest.param(
        diff_shape,
        {"input": (B, T), "prepend": (K, 1)},
        ErrorKind.cat_error_size_mismatch,
        id="diff-prepend-differs",
    ),
    pytest.param(cov_shape, {"input": (B,)}, (), id="cov-row"),
    pytest.param(cov_shape, {"input": (1, T)}, (), id="cov-one-row"),
    pytest.param(cov_shape, {"input": (5, T)}, (5, 5), id="cov"),
    pytest.param(cov_shape, {"input": (B, 5, T)}, RANK, id="cov-rank"),
    pytest.param(
        cov_shape,
        {"input": (5, T), "fweights": (B,)},
        ErrorKind.weights_error_shape,
        id="cov-weights",
    ),
    pytest.param(trapezoid_x_shape, {"y": (B, T), "x": (T,)}, (B,), id="trapezoid"),
    pytest.param(
        trapezoid_x_shape,
        {"y": (B, T), "x": (K,)},
        ErrorKind.weights_error_shape,
        id="trapezoid-other-x",
    ),
    pytest.param(cumulative_trapezoid_shape, {"y": (B, T)}, (B, T - 1), id="running-integral"),
    pytest.param(gradient_shape, {"input": (5, 7)}, [(5, 7), (5, 7)], id="gradient"),
    pytest.param(gradient_shape, {"input": (B, T), "dim": 1}, [(B, T)], id="gradient-dim"),
    pytest.param(
        gradient_shape,
        {"input": (B, 1), "dim": 1},
        ErrorKind.gradient_error_size,
        id="gradient-short",
    ),
    pytest.param(combinations_shape, {"input": (5,)}, (10, 2), id="combinations"),
    pytest.param(combinations_shape, {"input": (B,)}, (B * (B - 1) // 2, 2), id="pairs"),
    pytest.param(cartesian_prod_shape, {"tensors": [(B,), (T,)]}, (B * T, 2), id="product"),
]


@pytest.mark.parametrize(("rule", "given", "expected"), ROWS)
def test_signal(rule: Any, given: dict[str, Any], expected: Any) -> None:
    check(rule, given, expected)
