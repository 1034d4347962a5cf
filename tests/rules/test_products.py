"""Products of matrices, vectors and tensors, on numbers and on names."""

from __future__ import annotations

from inspect import signature
from typing import Any

import pytest

from shapetorch.dim import UNKNOWN_DIM, name, parse
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.products import (
    addmm_shape,
    baddbmm_shape,
    bmm_shape,
    dot_shape,
    inner_shape,
    matmul_shape,
    mm_shape,
    mv_shape,
    outer_shape,
    rmatmul_shape,
)
from shapetorch.rules.tensor_products import (
    cdist_shape,
    cross_shape,
    kron_shape,
    linalg_cross_shape,
    multi_dot_shape,
    pdist_shape,
    tensordot_shape,
    vecdot_shape,
)
from tests.rules.rows import check

B, T, K, N = (name(text) for text in "BTKN")
INNER = ErrorKind.matmul_error_inner_dimensions_do_not_match
BATCH = ErrorKind.batch_dimensions_do_not_match_error
SCALAR = ErrorKind.matmul_error_scalar_operand
MATRIX = ErrorKind.linalg_error_requires_2d
RANK = ErrorKind.rank_error_mismatch
EXPAND = ErrorKind.expand_error_incompatible


def named(rule: Any, *shapes: Any) -> dict[str, Any]:
    """The shapes as the rule's first arguments, by name."""
    return dict(zip(signature(rule).parameters, shapes, strict=False))


MATMUL = [
    pytest.param((2, 3), (3, 5), (2, 5), id="matrix-matrix"),
    pytest.param((3,), (3,), (), id="vector-vector"),
    pytest.param((3,), (3, 5), (5,), id="vector-matrix"),
    pytest.param((2, 3), (3,), (2,), id="matrix-vector"),
    pytest.param((7, 1, 2, 3), (5, 3, 11), (7, 5, 2, 11), id="batches-broadcast"),
    pytest.param((3,), (7, 3, 5), (7, 5), id="vector-batch"),
    pytest.param((7, 2, 3), (3,), (7, 2), id="batch-vector"),
    pytest.param((2, 0), (0, 5), (2, 5), id="nothing-to-sum"),
    pytest.param((B, 3), (3, N), (B, N), id="symbolic"),
    pytest.param((B, T, K), (B, K, T), (B, T, T), id="symbolic-batch"),
    pytest.param((2, UNKNOWN_DIM), (7, 5), (2, 5), id="unknown-inner-is-accepted"),
    pytest.param((2, 3), (7, 5), INNER, id="numbers-differ"),
    pytest.param((2, K), (7, 5), INNER, id="name-against-number"),
    pytest.param((2, K), (N, 5), INNER, id="names-differ"),
    pytest.param((2, 2 * K), (K + 1, 5), INNER, id="expressions-differ"),
    pytest.param((7, 2, 3), (5, 3, 2), BATCH, id="batches-differ"),
    pytest.param((B, 2, 3), (T, 3, 2), BATCH, id="batch-names-differ"),
    pytest.param((), (3,), SCALAR, id="scalar-left"),
    pytest.param((2, 3), (), SCALAR, id="scalar-right"),
]


@pytest.mark.parametrize(("input", "other", "expected"), MATMUL)
def test_matmul(input: Any, other: Any, expected: Any) -> None:
    check(matmul_shape, {"input": input, "other": other}, expected)
    check(rmatmul_shape, {"input": other, "other": input}, expected)


TWO_OPERANDS = [
    pytest.param(mm_shape, (B, K), (K, N), (B, N), id="mm"),
    pytest.param(mm_shape, (2, 3), (7, 5), INNER, id="mm-inner"),
    pytest.param(mm_shape, (2, 3, 5), (5, 2), MATRIX, id="mm-left-rank"),
    pytest.param(mm_shape, (2, 3), (3,), MATRIX, id="mm-right-rank"),
    pytest.param(bmm_shape, (B, T, K), (B, K, 5), (B, T, 5), id="bmm"),
    pytest.param(bmm_shape, (2, 3, 5), (7, 5, 3), BATCH, id="bmm-batch"),
    pytest.param(bmm_shape, (1, 3, 5), (7, 5, 3), BATCH, id="bmm-does-not-broadcast"),
    pytest.param(bmm_shape, (B, T, K), (B, T, K), INNER, id="bmm-inner"),
    pytest.param(bmm_shape, (2, 3), (2, 3, 5), RANK, id="bmm-rank"),
    pytest.param(mv_shape, (T, K), (K,), (T,), id="mv"),
    pytest.param(mv_shape, (2, 3), (3, 1), RANK, id="mv-rank"),
    pytest.param(dot_shape, (K,), (K,), (), id="dot"),
    pytest.param(dot_shape, (3,), (1,), INNER, id="dot-does-not-broadcast"),
    pytest.param(dot_shape, (2, 3), (3,), RANK, id="dot-rank"),
    pytest.param(inner_shape, (B, K), (5, 7, K), (B, 5, 7), id="inner"),
    pytest.param(inner_shape, (), (B, K), (B, K), id="inner-scalar"),
    pytest.param(inner_shape, (2, 3), (5,), INNER, id="inner-differs"),
    pytest.param(outer_shape, (B,), (T,), (B, T), id="outer"),
    pytest.param(outer_shape, (2, 3), (5,), RANK, id="outer-rank"),
    pytest.param(kron_shape, (2, B), (3, 5, 7), (3, 10, 7 * B), id="kron"),
    pytest.param(cross_shape, (B, 3), (B, 3), (B, 3), id="cross"),
    pytest.param(cross_shape, (3, 7, 1), (3, 1, 5), (3, 7, 5), id="cross-broadcasts"),
    pytest.param(
        cross_shape, (2, 5), (2, 5), ErrorKind.cross_error_dimension_size, id="cross-no-three"
    ),
    pytest.param(cross_shape, (2, 3), (3,), RANK, id="cross-ranks"),
    pytest.param(linalg_cross_shape, (B, 3), (1, 3), (B, 3), id="linalg-cross"),
    pytest.param(
        linalg_cross_shape, (3, B), (3, B), ErrorKind.cross_error_dimension_size, id="last-not-3"
    ),
    pytest.param(cdist_shape, (B, 5, K), (B, 7, K), (B, 5, 7), id="cdist"),
    pytest.param(cdist_shape, (5, 3), (7, 2), INNER, id="cdist-columns"),
    pytest.param(cdist_shape, (3, 5, 2), (7, 5, 2), BATCH, id="cdist-batch"),
    pytest.param(
        cdist_shape, (5,), (7, 5), ErrorKind.linalg_error_requires_at_least_2d, id="cdist-vector"
    ),
    pytest.param(vecdot_shape, (B, K), (K,), (B,), id="vecdot"),
    pytest.param(vecdot_shape, (K,), (1,), INNER, id="vecdot-vectors-do-not-broadcast"),
]


@pytest.mark.parametrize(("rule", "left", "right", "expected"), TWO_OPERANDS)
def test_two_operands(rule: Any, left: Any, right: Any, expected: Any) -> None:
    check(rule, named(rule, left, right), expected)


FUSED = [
    pytest.param(addmm_shape, (B, N), (B, K), (K, N), (B, N), id="addmm"),
    pytest.param(addmm_shape, (N,), (B, K), (K, N), (B, N), id="addmm-bias"),
    pytest.param(addmm_shape, (), (2, 3), (3, 5), (2, 5), id="addmm-scalar"),
    pytest.param(addmm_shape, (2, 1), (2, 3), (3, 5), (2, 5), id="addmm-one"),
    pytest.param(addmm_shape, (3,), (2, 3), (3, 5), EXPAND, id="addmm-bias-of-another-size"),
    pytest.param(addmm_shape, (7, 2, 5), (2, 3), (3, 5), EXPAND, id="addmm-too-many-dims"),
    pytest.param(addmm_shape, (2, 5), (2, 3), (5, 5), INNER, id="addmm-inner"),
    pytest.param(baddbmm_shape, (T, N), (B, T, K), (B, K, N), (B, T, N), id="baddbmm"),
    pytest.param(
        baddbmm_shape,
        (2, 3),
        (7, 2, 5),
        (5, 3),
        ErrorKind.rank_error_missing_dim,
        id="baddbmm-second-rank",
    ),
]


@pytest.mark.parametrize(("rule", "input", "left", "right", "expected"), FUSED)
def test_fused(rule: Any, input: Any, left: Any, right: Any, expected: Any) -> None:
    check(rule, named(rule, input, left, right), expected)


TENSORDOT = [
    pytest.param((2, B, K), (B, K, 5), 2, (2, 5), id="last-with-first"),
    pytest.param((2, B), (K, 5), 0, (2, B, K, 5), id="outer"),
    pytest.param((2, B, 3), (3, 5, B), ([1, 2], [2, 0]), (2, 5), id="pairs"),
    pytest.param((2, 3), (3, 5), ((-1,), (-2,)), (2, 5), id="negative"),
    pytest.param((2, 1), (3, 5), 1, (2, 5), id="one-broadcasts"),
    pytest.param(
        (2, B), (K, 5), 1, ErrorKind.tensordot_error_dimension_mismatch, id="sizes-differ"
    ),
    pytest.param((2, 3), (3, 5), 3, ErrorKind.argument_error_value, id="too-many"),
    pytest.param((2, 3), (3, 5), ([1], [0, 1]), ErrorKind.argument_error_value, id="uneven"),
    pytest.param(
        (2, 3), (3, 5), ([2], [0]), ErrorKind.dimension_error_out_of_range, id="out-of-range"
    ),
    pytest.param((2, 2), (2, 2), ([1, 1], [0, 1]), ErrorKind.dimension_error_duplicate, id="twice"),
]


@pytest.mark.parametrize(("a", "b", "dims", "expected"), TENSORDOT)
def test_tensordot(a: Any, b: Any, dims: Any, expected: Any) -> None:
    check(lambda a, b: tensordot_shape(a, b, dims), {"a": a, "b": b}, expected)


CHAIN = [
    pytest.param([(2, B), (B, T), (T, 5)], (2, 5), id="matrices"),
    pytest.param([(B,), (B, T), (T,)], (), id="vectors-at-the-ends"),
    pytest.param([(2, B), (T, 5)], INNER, id="differ"),
    pytest.param([(2, 3), (3,), (3, 5)], MATRIX, id="vector-in-the-middle"),
    pytest.param([(2, 3)], ErrorKind.argument_error_value, id="one"),
]


@pytest.mark.parametrize(("tensors", "expected"), CHAIN)
def test_multi_dot(tensors: Any, expected: Any) -> None:
    check(multi_dot_shape, {"tensors": tensors}, expected)


def test_pdist_counts_pairs() -> None:
    check(pdist_shape, {"input": (N, 3)}, (parse("N*(N - 1)//2"),))


def test_message_names_both_sizes_and_shapes() -> None:
    with pytest.raises(ShapeError) as caught:
        matmul_shape((B, T), (512, N))
    expected = "matmul: inner dimensions must be equal, got T and 512 from [B, T] @ [512, N]"
    assert caught.value.message == expected


def test_documented_brand() -> None:
    with pytest.raises(ShapeError) as caught:
        matmul_shape((2, 3), (5, 4))
    expected = "matmul_error_inner_dimensions_do_not_match<3, 5, [2,3], [5,4]>"
    assert caught.value.brand == expected
