"""Cat, stack, split, chunk and the like, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN_DIM, Context, Truth, Variadic, equal, name, using
from shapetorch.errors import ErrorKind
from shapetorch.rules.joining import (
    atleast_3d_shape,
    cat_shape,
    column_stack_shape,
    dstack_shape,
    hstack_shape,
    stack_shape,
    vstack_shape,
)
from shapetorch.rules.lift import apply
from shapetorch.rules.registry import Many
from shapetorch.rules.splitting import (
    chunk_shape,
    hsplit_shape,
    meshgrid_shape,
    split_sections_shape,
    split_shape,
    split_with_sizes_shape,
    tensor_split_indices_shape,
    tensor_split_shape,
    tensor_split_tensor_shape,
    unbind_shape,
)
from tests.rules.rows import check

B, T, D, N = (name(text) for text in "BTDN")
SIZE = ErrorKind.cat_error_size_mismatch
RANK = ErrorKind.cat_error_rank_mismatch
RANGE = ErrorKind.dimension_error_out_of_range
SUM = ErrorKind.split_error_sum_mismatch

ROWS = [
    pytest.param(cat_shape, {"tensors": [(B, 3), (B, 5)], "dim": 1}, (B, 8), id="cat"),
    pytest.param(cat_shape, {"tensors": [(B, T), (B, D)], "dim": -1}, (B, T + D), id="cat-sums"),
    pytest.param(cat_shape, {"tensors": [(0,), (2, 3), (0,)]}, (2, 3), id="cat-legacy-empty"),
    pytest.param(cat_shape, {"tensors": [(0,), (0,)]}, (0,), id="cat-only-empty"),
    pytest.param(
        cat_shape, {"tensors": [(UNKNOWN_DIM, 3), (T, 5)], "dim": 1}, (T, 8), id="cat-learns"
    ),
    pytest.param(cat_shape, {"tensors": [(2, 3), (2, 5)]}, SIZE, id="cat-other-size"),
    pytest.param(cat_shape, {"tensors": [(B, T), (B, D)]}, SIZE, id="cat-other-name"),
    pytest.param(cat_shape, {"tensors": [(2, 3), (3,)]}, RANK, id="cat-rank"),
    pytest.param(cat_shape, {"tensors": [(), ()]}, RANK, id="cat-scalars"),
    pytest.param(cat_shape, {"tensors": []}, ErrorKind.cat_error_empty, id="cat-nothing"),
    pytest.param(cat_shape, {"tensors": [(2, 3)], "dim": 2}, RANGE, id="cat-range"),
    pytest.param(stack_shape, {"tensors": [(B, T)] * 3}, (3, B, T), id="stack"),
    pytest.param(stack_shape, {"tensors": [(B, T)] * 3, "dim": -1}, (B, T, 3), id="stack-end"),
    pytest.param(
        stack_shape,
        {"tensors": [(B, T), (B, D)]},
        ErrorKind.stack_error_shape_mismatch,
        id="stack-other",
    ),
    pytest.param(stack_shape, {"tensors": [(2, 3)], "dim": 3}, RANGE, id="stack-range"),
    pytest.param(hstack_shape, {"tensors": [(B,), (T,), ()]}, (B + T + 1,), id="hstack-vectors"),
    pytest.param(hstack_shape, {"tensors": [(B, T), (B, D)]}, (B, T + D), id="hstack"),
    pytest.param(vstack_shape, {"tensors": [(T,), (B, T)]}, (B + 1, T), id="vstack"),
    pytest.param(vstack_shape, {"tensors": [(3,), (2, 5)]}, SIZE, id="vstack-other"),
    pytest.param(dstack_shape, {"tensors": [(B, T), (B, T, 2)]}, (B, T, 3), id="dstack"),
    pytest.param(column_stack_shape, {"tensors": [(B,), (B, T)]}, (B, T + 1), id="columns"),
    pytest.param(atleast_3d_shape, {"input": (T,)}, (1, T, 1), id="atleast-3d"),
    pytest.param(
        split_shape,
        {"tensor": (10, B), "split_size_or_sections": 4},
        [(4, B), (4, B), (2, B)],
        id="split",
    ),
    pytest.param(
        split_shape,
        {"tensor": (B, 3 * D), "split_size_or_sections": D, "dim": -1},
        [(B, D)] * 3,
        id="split-thirds",
    ),
    pytest.param(
        split_shape,
        {"tensor": (2, 3), "split_size_or_sections": 1, "dim": 2},
        ErrorKind.split_error_dim_out_of_range,
        id="split-range",
    ),
    pytest.param(
        split_shape,
        {"tensor": (2, 3), "split_size_or_sections": -1},
        ErrorKind.split_error_size,
        id="split-negative",
    ),
    pytest.param(
        split_sections_shape,
        {"tensor": (B, 2 * D + N), "split_size_or_sections": (D, D, N), "dim": 1},
        [(B, D), (B, D), (B, N)],
        id="split-sections",
    ),
    pytest.param(
        split_sections_shape,
        {"tensor": (B, 3 * D), "split_size_or_sections": (D, D), "dim": 1},
        SUM,
        id="split-sum",
    ),
    pytest.param(
        split_with_sizes_shape, {"input": (7,), "split_sizes": (3, 5)}, SUM, id="split-with-sizes"
    ),
    pytest.param(chunk_shape, {"input": (10,), "chunks": 4}, [(3,), (3,), (3,), (1,)], id="chunk"),
    pytest.param(chunk_shape, {"input": (5,), "chunks": 4}, [(2,), (2,), (1,)], id="chunk-fewer"),
    pytest.param(chunk_shape, {"input": (0,), "chunks": 3}, [(0,)] * 3, id="chunk-nothing"),
    pytest.param(
        chunk_shape, {"input": (B, T, 3 * D), "chunks": 3, "dim": -1}, [(B, T, D)] * 3, id="qkv"
    ),
    pytest.param(
        chunk_shape,
        {"input": (2, 3), "chunks": 2, "dim": 2},
        ErrorKind.chunk_error_dim_out_of_range,
        id="chunk-range",
    ),
    pytest.param(
        chunk_shape, {"input": (2, 3), "chunks": 0}, ErrorKind.chunk_error_count, id="chunk-count"
    ),
    pytest.param(
        tensor_split_shape, {"input": (7,), "sections": 3}, [(3,), (2,), (2,)], id="tensor-split"
    ),
    pytest.param(
        tensor_split_indices_shape,
        {"input": (B, 7), "indices": (2, 5), "dim": 1},
        [(B, 2), (B, 3), (B, 2)],
        id="tensor-split-indices",
    ),
    pytest.param(
        tensor_split_tensor_shape,
        {"input": (B,), "tensor_indices_or_sections": (1,)},
        [(UNKNOWN_DIM,), (UNKNOWN_DIM,)],
        id="tensor-split-tensor",
    ),
    pytest.param(hsplit_shape, {"input": (B, 6), "sections": 2}, [(B, 3)] * 2, id="hsplit"),
    pytest.param(hsplit_shape, {"input": (2, 7), "sections": 2}, SUM, id="hsplit-remainder"),
    pytest.param(unbind_shape, {"input": (B, 2, T), "dim": 1}, [(B, T)] * 2, id="unbind"),
    pytest.param(
        unbind_shape,
        {"input": (2, 3), "dim": 2},
        ErrorKind.unbind_error_dim_out_of_range,
        id="unbind-range",
    ),
    pytest.param(meshgrid_shape, {"tensors": [(B,), (T,)]}, [(B, T)] * 2, id="meshgrid"),
    pytest.param(
        meshgrid_shape,
        {"tensors": [(B,), (T,), ()], "indexing": "xy"},
        [(T, B, 1)] * 3,
        id="meshgrid-xy",
    ),
    pytest.param(
        meshgrid_shape, {"tensors": [(2, 3)]}, ErrorKind.rank_error_mismatch, id="meshgrid-rank"
    ),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), ROWS)
def test_rule(rule: Any, arguments: dict[str, Any], expected: Any) -> None:
    with using(Context()):
        check(rule, arguments, expected)


def test_chunk_of_what_may_not_come_out_even() -> None:
    assert chunk_shape((B, T), 2, 1) == [(B, T - T // 2), (B, T // 2)]
    assert chunk_shape((B, T), 3, 1) == [(B, UNKNOWN_DIM)] * 3


def test_chunk_of_what_is_known_to_come_out_even() -> None:
    context = Context()
    context.facts = context.facts.assume_divisible(T, 2)
    with using(context):
        pieces = chunk_shape((B, T), 2, 1)
        assert isinstance(pieces, list)
        assert [equal(2 * piece[1], T) for piece in pieces] == [Truth.YES] * 2


def test_halves_are_taken_to_be_equal() -> None:
    with using(Context()) as context:
        assert split_shape((B, T), T // 2, 1) == [(B, T // 2)] * 2
        assert [error.kind for error in context.conditions] == [SUM]


MANY = [
    pytest.param(unbind_shape((T, B, 7)), Many((B, 7), T), id="unbind"),
    pytest.param(split_shape((B, D), D // N, 1), Many((B, D // N), N), id="split-heads"),
    pytest.param(chunk_shape((B, N * D), N, 1), Many((B, D), N), id="chunk"),
    pytest.param(split_shape((B, T), T // 2 + 1, 1).shape, (B, UNKNOWN_DIM), id="split-uneven"),
    pytest.param(split_shape((B, T), 1, 1), Many((B, 1), T), id="split-single"),
    pytest.param(stack_shape([Many((B, 7), T)], 1), (B, T, 7), id="stack"),
    pytest.param(cat_shape([(B, 5), Many((B, 3), T)], 1), (B, 3 * T + 5), id="cat"),
    pytest.param(cat_shape([Many((B, 3), UNKNOWN_DIM)], 1), (B, UNKNOWN_DIM), id="cat-unknown"),
]


@pytest.mark.parametrize(("found", "expected"), MANY)
def test_many_of_one_shape(found: Any, expected: Any) -> None:
    assert found == expected


def test_many_of_a_variadic_shape() -> None:
    group = Variadic("A")
    many = Many((group,), T)
    assert apply(unbind_shape, {"input": (group, T), "dim": -1}, ("input",)) == many
    assert apply(stack_shape, {"tensors": [many], "dim": -1}, ("tensors",)) == (group, T)
