"""Reductions, selections and running sums, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN_DIM, name
from shapetorch.errors import ErrorKind
from shapetorch.rules.cumulative import cummax_shape, cumsum_shape
from shapetorch.rules.reductions import (
    ValuesIndices,
    amax_shape,
    aminmax_shape,
    any_shape,
    logsumexp_shape,
    norm_shape,
    quantile_shape,
    renorm_shape,
    sum_shape,
    var_mean_shape,
    var_shape,
)
from shapetorch.rules.selections import (
    argmax_shape,
    max_dim_shape,
    max_other_shape,
    max_shape,
    median_shape,
    mode_shape,
)
from tests.rules.rows import check

B, T, K = name("B"), name("T"), name("K")
RANGE = ErrorKind.dimension_error_out_of_range
TWICE = ErrorKind.dimension_error_duplicate
EMPTY = ErrorKind.reduction_error_empty
NOTHING = ErrorKind.reduction_error_no_elements

SUM = [
    pytest.param((2, 3), {}, (), id="all"),
    pytest.param((2, 3), {"dim": None, "keepdim": True}, (1, 1), id="all-kept"),
    pytest.param((2, 3), {"dim": ()}, (), id="no-dims-mean-all"),
    pytest.param((B, T), {"dim": -1}, (B,), id="last"),
    pytest.param((B, T), {"dim": 0, "keepdim": True}, (1, T), id="first-kept"),
    pytest.param((2, B, 5, T), {"dim": (0, -2)}, (B, T), id="two"),
    pytest.param((2, B, 5), {"dim": [0, 1], "keepdim": True}, (1, 1, 5), id="two-kept"),
    pytest.param((), {"dim": 0}, (), id="scalar"),
    pytest.param((B, 0), {"dim": 1}, (B,), id="sum-of-nothing"),
    pytest.param((B, UNKNOWN_DIM), {"dim": 0}, (UNKNOWN_DIM,), id="unknown-size"),
    pytest.param((2, 3), {"dim": 2}, RANGE, id="too-large"),
    pytest.param((B, T), {"dim": -3}, RANGE, id="too-small"),
    pytest.param((), {"dim": 1}, RANGE, id="scalar-has-one"),
    pytest.param((2, 3), {"dim": (0, -2)}, TWICE, id="twice"),
    pytest.param((2, 3), {"dim": (0, 2)}, RANGE, id="one-of-two"),
]


@pytest.mark.parametrize(("shape", "given", "expected"), SUM)
def test_sum(shape: Any, given: dict[str, Any], expected: Any) -> None:
    check(sum_shape, {"input": shape, **given}, expected)


OTHERS = [
    pytest.param(any_shape, (2, B), {"dim": ()}, (2, B), id="any-over-no-dims"),
    pytest.param(any_shape, (2, B), {}, (), id="any"),
    pytest.param(var_shape, (2, B), {"dim": 1, "correction": 0}, (2,), id="var"),
    pytest.param(var_mean_shape, (2, B), {"dim": 0}, ((B,), (B,)), id="var_mean"),
    pytest.param(norm_shape, (2, B), {"p": 1, "dim": 0}, (B,), id="norm"),
    pytest.param(logsumexp_shape, (2, B), {"dim": 0}, (B,), id="logsumexp"),
    pytest.param(
        logsumexp_shape, (2, B), {"dim": ()}, ErrorKind.argument_error_value, id="logsumexp-no-dims"
    ),
    pytest.param(amax_shape, (B, T), {"dim": 1}, (B,), id="amax"),
    pytest.param(amax_shape, (0, T), {"dim": 1}, (0,), id="amax-of-no-rows"),
    pytest.param(amax_shape, (B, 0), {"dim": 1}, EMPTY, id="amax-of-empty-rows"),
    pytest.param(amax_shape, (B, 0), {}, NOTHING, id="amax-of-nothing"),
    pytest.param(aminmax_shape, (B, T), {"dim": 0}, ((T,), (T,)), id="aminmax"),
    pytest.param(renorm_shape, (B, T), {"p": 2, "dim": 0, "maxnorm": 1}, (B, T), id="renorm"),
    pytest.param(
        renorm_shape,
        (B,),
        {"p": 2, "dim": 0, "maxnorm": 1},
        ErrorKind.rank_error_mismatch,
        id="renorm-of-vector",
    ),
    pytest.param(quantile_shape, (B, T), {"q": (), "dim": 1}, (B,), id="quantile"),
    pytest.param(quantile_shape, (B, T), {"q": (K,), "dim": 1}, (K, B), id="quantiles"),
    pytest.param(
        quantile_shape,
        (B, T),
        {"q": (5,), "dim": 1, "keepdim": True},
        (5, B, 1),
        id="quantiles-kept",
    ),
    pytest.param(
        quantile_shape, (B, T), {"q": (2, 3)}, ErrorKind.rank_error_mismatch, id="quantile-matrix"
    ),
    pytest.param(quantile_shape, (B, 0), {"q": ()}, NOTHING, id="quantile-of-nothing"),
    pytest.param(max_shape, (B, T), {}, (), id="max"),
    pytest.param(max_shape, (B, 0), {}, NOTHING, id="max-of-nothing"),
    pytest.param(max_dim_shape, (B, T), {"dim": 1}, ValuesIndices((B,), (B,)), id="max-dim"),
    pytest.param(max_dim_shape, (B, 0), {"dim": 1}, EMPTY, id="max-dim-empty"),
    pytest.param(max_dim_shape, (B, T), {"dim": 2}, RANGE, id="max-dim-range"),
    pytest.param(max_other_shape, (B, 1, T), {"other": (K, 1)}, (B, K, T), id="max-other"),
    pytest.param(
        max_other_shape,
        (B, 3),
        {"other": (B, 5)},
        ErrorKind.broadcast_error_incompatible_dimensions,
        id="max-other-differs",
    ),
    pytest.param(
        max_other_shape,
        (B, T),
        {"other": (B, 5)},
        ErrorKind.broadcast_error_incompatible_dimensions,
        id="max-name-against-number",
    ),
    pytest.param(argmax_shape, (B, T), {"keepdim": True}, (1, 1), id="argmax-kept"),
    pytest.param(argmax_shape, (B, 0), {}, EMPTY, id="argmax-of-nothing"),
    pytest.param(median_shape, (0, 3), {}, (), id="median-of-nothing"),
    pytest.param(mode_shape, (B, T), {}, ValuesIndices((B,), (B,)), id="mode"),
    pytest.param(cumsum_shape, (B, T), {"dim": 1}, (B, T), id="cumsum"),
    pytest.param(cumsum_shape, (B, T), {"dim": 2}, RANGE, id="cumsum-range"),
    pytest.param(cummax_shape, (B, T), {"dim": 2}, RANGE, id="cummax-range"),
    pytest.param(cummax_shape, (), {"dim": -1}, ValuesIndices((), ()), id="cummax-scalar"),
]


@pytest.mark.parametrize(("rule", "shape", "given", "expected"), OTHERS)
def test_other_reductions(rule: Any, shape: Any, given: dict[str, Any], expected: Any) -> None:
    check(rule, {"input": shape, **given}, expected)


def test_message_names_the_shape() -> None:
    with pytest.raises(IndexError, match=r"sum: dim must be in -2\.\.1, got 2 from \[B, T\]"):
        sum_shape((B, T), 2)
