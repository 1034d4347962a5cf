"""Einsum: both forms, and each of its kinds, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN_DIM, name
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.einsum import einsum_shape, einsum_sublist_shape
from tests.rules.rows import check

B, T, K, N = (name(text) for text in "BTKN")
INVALID = ErrorKind.einsum_error_invalid_equation
SIZES = ErrorKind.einsum_error_dimension_mismatch
COUNT = ErrorKind.einsum_error_operand_count_mismatch
RANK = ErrorKind.einsum_error_subscript_rank_mismatch
UNKNOWN_INDEX = ErrorKind.einsum_error_unknown_output_index
RANGE = ErrorKind.einsum_error_index_out_of_range
ELEMENT = ErrorKind.einsum_error_invalid_sublist_element

EQUATIONS = [
    pytest.param("ij,jk->ik", [(2, 3), (3, 5)], (2, 5), id="matmul"),
    pytest.param("bij,bjk->bik", [(B, T, K), (B, K, N)], (B, T, N), id="batch"),
    pytest.param("i,i->", [(K,), (K,)], (), id="dot"),
    pytest.param("i,j->ij", [(B,), (T,)], (B, T), id="outer"),
    pytest.param("ij->ji", [(B, T)], (T, B), id="transpose"),
    pytest.param("ii->", [(T, T)], (), id="trace"),
    pytest.param("ii->i", [(T, T)], (T,), id="diagonal"),
    pytest.param("...ij,...jk->...ik", [(2, 3, 5, 7), (2, 3, 7, 11)], (2, 3, 5, 11), id="dots"),
    pytest.param("...ij,jk->...ik", [(B, T, K), (K, N)], (B, T, N), id="dots-on-one-side"),
    pytest.param("a...,b...->ab...", [(2, B, 1), (3, T)], (2, 3, B, T), id="dots-broadcast"),
    pytest.param("...->", [(2, 3)], (), id="dots-summed"),
    pytest.param("ij->...ji", [(2, 3)], (3, 2), id="dots-only-in-output"),
    pytest.param("ij,jk", [(2, 3), (3, 5)], (2, 5), id="implicit"),
    pytest.param("bA", [(2, 3)], (3, 2), id="upper-case-first"),
    pytest.param("b...a", [(2, 3, 5)], (3, 5, 2), id="implicit-dots-first"),
    pytest.param(" i j , j k -> i k ", [(2, 3), (3, 5)], (2, 5), id="spaces"),
    pytest.param("ij,jk->ik", [(2, 1), (3, 5)], (2, 5), id="one-broadcasts"),
    pytest.param("i,i->i", [(1,), (B,)], (B,), id="one-takes-the-other-size"),
    pytest.param("", [()], (), id="scalar"),
    pytest.param("ij,j->i", [(2, UNKNOWN_DIM), (3,)], (2,), id="unknown-size"),
    pytest.param("ij,jk->ik", [(2, 3), (5, 4)], SIZES, id="sizes-differ"),
    pytest.param("ij,jk->ik", [(2, T), (K, 4)], SIZES, id="names-differ"),
    pytest.param("ii->i", [(2, 3)], SIZES, id="diagonal-of-an-oblong"),
    pytest.param("ii->i", [(1, 3)], SIZES, id="diagonals-do-not-broadcast"),
    pytest.param("...i,...i->i", [(2, 3), (5, 3)], SIZES, id="dots-differ"),
    pytest.param("i1->i", [(2, 3)], INVALID, id="digit"),
    pytest.param("ij->i->j", [(2, 3)], INVALID, id="two-arrows"),
    pytest.param("i.j->i", [(2, 3)], INVALID, id="lone-dot"),
    pytest.param("...i...->i", [(2, 3)], INVALID, id="dots-twice"),
    pytest.param("ij->ii", [(2, 3)], INVALID, id="output-twice"),
    pytest.param("ij->i", [(2, 3), (3,)], COUNT, id="too-many-operands"),
    pytest.param("ij,j->i", [(2, 3)], COUNT, id="too-few-operands"),
    pytest.param("ijk->i", [(2, 3)], RANK, id="too-many-labels"),
    pytest.param("i->i", [(B, T)], RANK, id="too-few-labels"),
    pytest.param("ij...->i", [(2,)], RANK, id="dots-cannot-be-negative"),
    pytest.param("ij->ijk", [(2, 3)], UNKNOWN_INDEX, id="unknown-output"),
]


@pytest.mark.parametrize(("equation", "operands", "expected"), EQUATIONS)
def test_equations(equation: str, operands: Any, expected: Any) -> None:
    check(einsum_shape, {"equation": equation, "operands": operands}, expected)


SUBLISTS = [
    pytest.param([(B, K), [0, 1], (K, 5), [1, 2], [0, 2]], (B, 5), id="matmul"),
    pytest.param([(2, 3), [27, 0]], (3, 2), id="upper-case-first"),
    pytest.param([(2, 3), [..., 1], [1, ...]], (3, 2), id="dots"),
    pytest.param([(2, 3), [0, 52]], RANGE, id="too-large"),
    pytest.param([(2, 3), [0, -1]], RANGE, id="negative"),
    pytest.param([(2, 3), [0, "a"]], ELEMENT, id="text"),
    pytest.param([(2, 3), [0, 1], (3,)], ELEMENT, id="tensor-without-list"),
    pytest.param([(2, 3), [0, 1], [0, 0]], INVALID, id="output-twice"),
    pytest.param([(2, 3), [0, 1], [2]], UNKNOWN_INDEX, id="unknown-output"),
    pytest.param([(2, 3), [..., ...]], INVALID, id="dots-twice"),
    pytest.param([(2, 3), [0]], RANK, id="rank"),
    pytest.param([(2, 3), [0, 1], (5,), [1], [0]], SIZES, id="sizes-differ"),
]


@pytest.mark.parametrize(("operands", "expected"), SUBLISTS)
def test_sublists(operands: Any, expected: Any) -> None:
    check(einsum_sublist_shape, {"operands": operands}, expected)


def test_message() -> None:
    with pytest.raises(ShapeError) as caught:
        einsum_shape("ij,jk->ik", [(2, 3), (5, 7)])
    expected = "einsum: all sizes of index j must be equal or 1, got 3 and 5 from [2, 3], [5, 7]"
    assert caught.value.message == expected
    assert caught.value.brand == "einsum_error_dimension_mismatch<j, 3, 5>"
