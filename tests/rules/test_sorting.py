"""Sorting, searching and counting, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN_DIM, name
from shapetorch.errors import ErrorKind
from shapetorch.rules.reductions import ValuesIndices
from shapetorch.rules.sorting import (
    argsort_shape,
    bincount_shape,
    bucketize_shape,
    histc_shape,
    histogram_edges_shape,
    histogram_shape,
    kthvalue_shape,
    searchsorted_shape,
    sort_shape,
    topk_shape,
    unique_shape,
)
from tests.rules.rows import check

B, T, K = name("B"), name("T"), name("K")
RANGE = ErrorKind.dimension_error_out_of_range
TOO_MANY = ErrorKind.selection_error_k_out_of_range
SEARCH = ErrorKind.searchsorted_error_shape
RANK = ErrorKind.rank_error_mismatch
WEIGHTS = ErrorKind.weights_error_shape


def both(*shape: Any) -> ValuesIndices:
    return ValuesIndices(shape, shape)


ROWS = [
    pytest.param(topk_shape, {"input": (B, 7), "k": 3}, both(B, 3), id="topk"),
    pytest.param(topk_shape, {"input": (B, 7), "k": K}, both(B, K), id="topk-symbolic"),
    pytest.param(topk_shape, {"input": (B, T), "k": 3}, both(B, 3), id="topk-of-symbolic"),
    pytest.param(topk_shape, {"input": (B, 7), "k": 5, "dim": 0}, both(5, 7), id="topk-dim"),
    pytest.param(topk_shape, {"input": (), "k": 1}, both(), id="topk-scalar"),
    pytest.param(topk_shape, {"input": (B, 7), "k": 11}, TOO_MANY, id="topk-too-many"),
    pytest.param(topk_shape, {"input": (B, T), "k": T + 1}, TOO_MANY, id="topk-surely-too-many"),
    pytest.param(topk_shape, {"input": (B, 7), "k": -1}, TOO_MANY, id="topk-negative"),
    pytest.param(topk_shape, {"input": (B, 7), "k": 1, "dim": 2}, RANGE, id="topk-range"),
    pytest.param(kthvalue_shape, {"input": (B, 7), "k": 7}, both(B), id="kthvalue"),
    pytest.param(kthvalue_shape, {"input": (B, 7), "k": 0}, TOO_MANY, id="kthvalue-counts-from-1"),
    pytest.param(
        kthvalue_shape,
        {"input": (B, 0), "k": 1},
        ErrorKind.reduction_error_empty,
        id="kthvalue-of-nothing",
    ),
    pytest.param(sort_shape, {"input": (B, T)}, both(B, T), id="sort"),
    pytest.param(sort_shape, {"input": (B, T), "dim": 2}, RANGE, id="sort-range"),
    pytest.param(argsort_shape, {"input": (B, T), "dim": 0}, (B, T), id="argsort"),
    pytest.param(unique_shape, {"input": (B, T)}, (UNKNOWN_DIM,), id="unique"),
    pytest.param(unique_shape, {"input": (B, T), "dim": 0}, (UNKNOWN_DIM, T), id="unique-dim"),
    pytest.param(
        unique_shape,
        {"input": (B, T), "return_inverse": True, "return_counts": True},
        ((UNKNOWN_DIM,), (B, T), (UNKNOWN_DIM,)),
        id="unique-with-inverse-and-counts",
    ),
    pytest.param(
        unique_shape,
        {"input": (B, T), "return_inverse": True, "dim": 1},
        ((B, UNKNOWN_DIM), (T,)),
        id="unique-dim-inverse",
    ),
    pytest.param(unique_shape, {"input": (), "dim": 0}, RANGE, id="unique-scalar"),
    pytest.param(
        unique_shape,
        {"input": (0, 3), "dim": 1},
        ErrorKind.reduction_error_no_elements,
        id="unique-slices-of-nothing",
    ),
    pytest.param(bincount_shape, {"input": (B,)}, (UNKNOWN_DIM,), id="bincount"),
    pytest.param(bincount_shape, {"input": (0,), "minlength": K}, (K,), id="bincount-of-nothing"),
    pytest.param(bincount_shape, {"input": (B, T)}, RANK, id="bincount-matrix"),
    pytest.param(
        bincount_shape, {"input": (B,), "weights": (B,)}, (UNKNOWN_DIM,), id="bincount-weights"
    ),
    pytest.param(
        bincount_shape, {"input": (B,), "weights": (T,)}, WEIGHTS, id="bincount-weights-differ"
    ),
    pytest.param(histc_shape, {"input": (B,), "bins": K}, (K,), id="histc"),
    pytest.param(
        histc_shape, {"input": (B,), "bins": 0}, ErrorKind.argument_error_value, id="histc-no-bins"
    ),
    pytest.param(histogram_shape, {"input": (B,), "bins": K}, ((K,), (K + 1,)), id="histogram"),
    pytest.param(
        histogram_edges_shape, {"input": (B,), "bins": (K,)}, ((K - 1,), (K,)), id="histogram-edges"
    ),
    pytest.param(bucketize_shape, {"input": (B, T), "boundaries": (5,)}, (B, T), id="bucketize"),
    pytest.param(
        bucketize_shape, {"input": (B, T), "boundaries": (5, 7)}, RANK, id="bucketize-matrix"
    ),
    pytest.param(
        searchsorted_shape, {"sorted_sequence": (5,), "input": (B, T)}, (B, T), id="searchsorted"
    ),
    pytest.param(
        searchsorted_shape, {"sorted_sequence": (B, 5), "input": (B, T)}, (B, T), id="in-batches"
    ),
    pytest.param(
        searchsorted_shape, {"sorted_sequence": (B, 5), "input": (K, T)}, SEARCH, id="other-batch"
    ),
    pytest.param(
        searchsorted_shape, {"sorted_sequence": (B, 5), "input": ()}, SEARCH, id="number-in-batch"
    ),
]


@pytest.mark.parametrize(("rule", "given", "expected"), ROWS)
def test_sorting(rule: Any, given: dict[str, Any], expected: Any) -> None:
    check(rule, given, expected)
