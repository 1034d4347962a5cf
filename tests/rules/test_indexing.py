"""Indexing, selecting, gathering and writing, on numbers and on names."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    Context,
    Size,
    Variadic,
    maximum,
    minimum,
    name,
    using,
)
from shapetorch.errors import ErrorKind
from shapetorch.rules import indexing
from shapetorch.rules.indexing import Element, Index, Mask, Range, Rest, parse_at, parse_index
from shapetorch.rules.selecting import (
    gather_shape,
    index_select_shape,
    item_shape,
    masked_select_shape,
    narrow_shape,
    nonzero_shape,
    scatter_shape,
    scatter_value_shape,
    select_shape,
    take_along_dim_shape,
    take_shape,
)
from shapetorch.rules.writing import (
    diagonal_scatter_shape,
    index_add_shape,
    index_copy_shape,
    index_fill_shape,
    index_put_shape,
    masked_scatter_shape,
    put_shape,
    select_scatter_shape,
    slice_scatter_shape,
)
from tests.rules.rows import check

B, T, C, K, N = (name(text) for text in "BTCKN")
OUT = ErrorKind.index_error_out_of_bounds
TOO_MANY = ErrorKind.index_error_too_many
MASK = ErrorKind.index_error_mask_shape
SHAPE = ErrorKind.index_error_shape_mismatch
STEP = ErrorKind.index_error_step
BROADCAST = ErrorKind.broadcast_error_incompatible_dimensions
RANGE = ErrorKind.dimension_error_out_of_range
AT = ErrorKind.at_error_index_out_of_bounds
GATHER = ErrorKind.gather_error_index_shape
SCATTER = ErrorKind.scatter_error_index_shape
SOURCE = ErrorKind.source_error_shape_mismatch


class S(NamedTuple):
    """A slice, in which names can be replaced."""

    start: Size | None = None
    stop: Size | None = None
    step: Size | None = None


class I(NamedTuple):  # noqa: E742
    """An integer tensor."""

    shape: tuple[Size, ...]


class M(NamedTuple):
    """A boolean tensor."""

    shape: tuple[Size, ...]


ALL = S()


def convert(item: Any) -> Element:
    match item:
        case S():
            return Range(*item)
        case I(shape):
            return Index(shape)
        case M(shape):
            return Mask(shape)
    raise AssertionError(item)


def getitem(input: tuple[Size, ...], index: tuple[Any, ...]) -> tuple[Size, ...]:
    made = [convert(item) if isinstance(item, (S, I, M)) else item for item in index]
    return indexing.getitem_shape(input, parse_index(tuple(made), convert))


def setitem(input: tuple[Size, ...], index: tuple[Any, ...], value: tuple[Size, ...]) -> None:
    made = [convert(item) if isinstance(item, (S, I, M)) else item for item in index]
    indexing.setitem_shape(input, parse_index(tuple(made), convert), value)


GETITEM = [
    pytest.param((2, 3, 5), (0,), (3, 5), id="integer"),
    pytest.param((2, 3, 5), (1, -3, 4), (), id="integers"),
    pytest.param((2, 3), (2,), OUT, id="integer-outside"),
    pytest.param((2, 3), (0, -4), OUT, id="integer-outside-negative"),
    pytest.param((B, T), (ALL, T), OUT, id="integer-surely-outside"),
    pytest.param((B, T), (5,), (T,), id="integer-perhaps-outside"),
    pytest.param((1, 3), (B,), (3,), id="integer-that-may-be-0"),
    pytest.param((2, 3), (B + 2,), OUT, id="integer-outside-even-if-0-is-added"),
    pytest.param((B, T), (0, 0, 0), TOO_MANY, id="too-many"),
    pytest.param((B, T, C), (..., -1), (B, T), id="ellipsis"),
    pytest.param((B, T, C), (None, ..., None), (1, B, T, C, 1), id="new-axes"),
    pytest.param((B, T), (ALL, None, ALL), (B, 1, T), id="new-axis-inside"),
    pytest.param((B, T), (ALL, S(None, -1)), (B, T - 1), id="without-last"),
    pytest.param((B, T), (ALL, S(1)), (B, T - 1), id="without-first"),
    pytest.param((B, T), (ALL, S(None, T)), (B, T), id="slice-all"),
    pytest.param((B, T), (ALL, S(T)), (B, 0), id="slice-nothing"),
    pytest.param((B, T), (ALL, S(None, K)), (B, minimum(K, T)), id="slice-name"),
    pytest.param((B, T), (ALL, S(-K)), (B, minimum(K, T)), id="slice-last-name"),
    pytest.param((B, T), (ALL, S(2)), (B, T - 2), id="slice-from"),
    pytest.param((B, T), (ALL, S(2, 5)), (B, minimum(5, T) - 2), id="slice-part"),
    pytest.param((B, T), (ALL, S(-1, 1)), (B, maximum(0, 2 - T)), id="slice-from-both-ends"),
    pytest.param((B, 2 * T), (ALL, S(None, T)), (B, T), id="first-half"),
    pytest.param((B, 2 * T), (ALL, S(T)), (B, T), id="second-half"),
    pytest.param((B, T), (ALL, S(None, T // 2)), (B, T // 2), id="slice-half"),
    pytest.param((B, T), (ALL, S(None, None, 2)), (B, (T + 1) // 2), id="even"),
    pytest.param((B, T), (ALL, S(1, None, 2)), (B, T // 2), id="odd"),
    pytest.param((7,), (S(5, 2),), (0,), id="slice-empty"),
    pytest.param((7,), (S(-5, 9, 2),), (3,), id="slice-clamped"),
    pytest.param((B, T), (ALL, S(UNKNOWN_DIM, None)), (B, UNKNOWN_DIM), id="slice-unknown"),
    pytest.param((7,), (S(None, None, -1),), STEP, id="negative-step"),
    pytest.param((7,), (S(None, None, 0),), STEP, id="step-0"),
    pytest.param((B, T, C), (I((N,)),), (N, T, C), id="tensor"),
    pytest.param((B, T, C), (ALL, I((N, K))), (B, N, K, C), id="tensor-inside"),
    pytest.param((B, T, C), (I((N, 1)), I((K,))), (N, K, C), id="tensors-broadcast"),
    pytest.param((B, T, C), (I((N,)), ALL, I((N,))), (N, T), id="tensors-apart"),
    pytest.param((B, T, C), (0, ALL, I((N,))), (T, N), id="integer-does-not-count"),
    pytest.param((B, T, C), (I((N,)), None, I((N,))), (N, 1, C), id="new-axis-parts"),
    pytest.param((B, T, C), (I((3,)), I((5,))), SHAPE, id="tensors-clash"),
    pytest.param((B, T), (I(()),), (T,), id="tensor-scalar"),
    pytest.param((B, T), ([0, 1, 1],), (3, T), id="list"),
    pytest.param((B, T), ([[0, 1, 1]],), (1, 3, T), id="nested-list"),
    pytest.param((3, T), ([True, False, True],), (2, T), id="list-of-booleans"),
    pytest.param((B, T), (True,), (1, B, T), id="true"),
    pytest.param((0, T), (I((3,)),), OUT, id="tensor-into-nothing"),
    pytest.param((B, T, C), (M((B,)),), (UNKNOWN_DIM, T, C), id="mask"),
    pytest.param((B, T, C), (M((B, T)),), (UNKNOWN_DIM, C), id="mask-of-two"),
    pytest.param((B, T, C), (ALL, M((T,))), (B, UNKNOWN_DIM, C), id="mask-inside"),
    pytest.param((B, T), (M((B, C)),), MASK, id="mask-other-name"),
    pytest.param((2, 3), (M((3,)),), MASK, id="mask-other-size"),
    pytest.param((2, 3), (M((2, 3)), 0), TOO_MANY, id="mask-and-too-many"),
]


@pytest.mark.parametrize(("shape", "index", "expected"), GETITEM)
def test_getitem(shape: tuple[Size, ...], index: tuple[Any, ...], expected: Any) -> None:
    with using(Context()):
        check(getitem, {"input": shape, "index": index}, expected, least=5)


SETITEM = [
    pytest.param((B, T, C), (ALL, 0), (B, C), None, id="slice"),
    pytest.param((B, T, C), (ALL, 0), (), None, id="number"),
    pytest.param((B, T, C), (0,), (1, 1, C), None, id="leading-ones"),
    pytest.param((B, T), (M((B, T)),), (N,), None, id="mask"),
    pytest.param((B, T, C), (ALL, 0), (B, T), BROADCAST, id="other-name"),
    pytest.param((2, 3), (0,), (2, 3), BROADCAST, id="more-dims"),
    pytest.param((2, 1), (0,), (3,), BROADCAST, id="into-one"),
    pytest.param((2, 3), (2,), (3,), OUT, id="outside"),
]


@pytest.mark.parametrize(("shape", "index", "value", "expected"), SETITEM)
def test_setitem(
    shape: tuple[Size, ...], index: tuple[Any, ...], value: tuple[Size, ...], expected: Any
) -> None:
    with using(Context()):
        check(setitem, {"input": shape, "index": index, "value": value}, expected)


def at(input: tuple[Size, ...], index: tuple[Any, ...]) -> tuple[Size, ...]:
    return indexing.at_shape(input, parse_at(index, convert))


AT_ROWS = [
    pytest.param((2, 3), (None, 1), (2,), id="none-is-a-whole-dim"),
    pytest.param((10,), ((2, 5),), (3,), id="range"),
    pytest.param((10,), ((0, 10, 2),), (5,), id="range-step"),
    pytest.param((10,), ((1, 9, 2),), (4,), id="range-inside"),
    pytest.param((10,), ((-5, 10),), (5,), id="last-five"),
    pytest.param((10,), ((-3, None),), (3,), id="open-end"),
    pytest.param((10,), ((5, 0, -1),), (5,), id="backward"),
    pytest.param((10,), ((5, 2),), (0,), id="empty"),
    pytest.param((10,), ((None, None, -1),), (10,), id="reversed"),
    pytest.param((T,), ((None, None, -1),), (T,), id="reversed-name"),
    pytest.param((10,), ((9, -1, -1),), (0,), id="minus-one-counts-from-the-end"),
    pytest.param((10, 20), ([(0, 5), (5, 14, 2)],), (5, 5), id="one-list"),
    pytest.param((B, T, C), ("...", 0), (B, T), id="rest"),
    pytest.param((2, 3), (5,), AT, id="outside"),
    pytest.param((2, 3), (None, -4), AT, id="outside-negative"),
    pytest.param((10,), ((11, None),), ErrorKind.slice_error_out_of_bounds, id="begins-outside"),
    pytest.param((10,), ((0, 5, 0),), STEP, id="step-0"),
    pytest.param((2, 3), (0, 0, 0), TOO_MANY, id="too-many"),
]


@pytest.mark.parametrize(("shape", "index", "expected"), AT_ROWS)
def test_at(shape: tuple[Size, ...], index: tuple[Any, ...], expected: Any) -> None:
    check(at, {"input": shape, "index": index}, expected)


def test_variadic() -> None:
    group = Variadic("A")
    assert indexing.getitem((group, T), (Rest(), Range(None, -1))) == (group, T - 1)
    assert indexing.getitem((B, T), (Index((group,)),)) == (group, T)
    assert indexing.getitem(UNKNOWN, (indexing.At(0),)) == UNKNOWN
    assert indexing.at((*UNKNOWN, 3), (Rest(), indexing.At(0))) == UNKNOWN
    indexing.setitem((group, T), (Rest(), indexing.At(0)), (group,))


def rows(rule: Any, *cases: tuple[dict[str, Any], Any]) -> list[Any]:
    return [
        pytest.param(rule, arguments, expected, id=f"{rule.__name__}-{place}")
        for place, (arguments, expected) in enumerate(cases)
    ]


ROWS = [
    *rows(
        select_shape,
        ({"input": (B, T, C), "dim": 1, "index": 0}, (B, C)),
        ({"input": (2, 3), "dim": 1, "index": 3}, ErrorKind.select_error_index_out_of_bounds),
        ({"input": (B, T), "dim": 1, "index": T}, ErrorKind.select_error_index_out_of_bounds),
        ({"input": (1, 3), "dim": 0, "index": B}, (3,)),
        ({"input": (), "dim": 0, "index": 0}, RANGE),
    ),
    *rows(
        narrow_shape,
        ({"input": (B, T), "dim": 1, "start": 0, "length": K}, (B, K)),
        ({"input": (2, 3), "dim": 1, "start": 3, "length": 0}, (2, 0)),
        ({"input": (2, 3), "dim": 1, "start": -2, "length": 2}, (2, 2)),
        (
            {"input": (2, 3), "dim": 1, "start": 4, "length": 0},
            ErrorKind.narrow_error_start_out_of_bounds,
        ),
        (
            {"input": (2, 3), "dim": 1, "start": 2, "length": 2},
            ErrorKind.narrow_error_length_exceeds_bounds,
        ),
        (
            {"input": (B, T), "dim": 1, "start": 1, "length": T},
            ErrorKind.narrow_error_length_exceeds_bounds,
        ),
    ),
    *rows(
        index_select_shape,
        ({"input": (B, T), "dim": 1, "index": (N,)}, (B, N)),
        ({"input": (2, 3), "dim": 1, "index": (5, 7)}, SHAPE),
        (
            {"input": (2, 3), "dim": 2, "index": (5,)},
            ErrorKind.index_select_error_dim_out_of_range,
        ),
    ),
    *rows(
        gather_shape,
        ({"input": (B, T, C), "dim": 1, "index": (B, N, C)}, (B, N, C)),
        ({"input": (2, 3), "dim": 0, "index": (5,)}, GATHER),
        ({"input": (2, 3), "dim": 0, "index": (5, 7)}, GATHER),
        ({"input": (2, 3), "dim": 2, "index": (5, 3)}, ErrorKind.gather_error_dim_out_of_range),
    ),
    *rows(
        scatter_shape,
        ({"input": (B, T), "dim": 1, "index": (B, 1), "src": (B, N)}, (B, T)),
        ({"input": (2, 3), "dim": 1, "index": (5, 3), "src": (5, 3)}, SCATTER),
        ({"input": (2, 3), "dim": 1, "index": (2, 3), "src": (2, 2)}, SCATTER),
        ({"input": (2, 3), "dim": 1, "index": (2,), "src": (2,)}, SCATTER),
        (
            {"input": (2, 3), "dim": 2, "index": (2, 3), "src": (2, 3)},
            ErrorKind.scatter_error_dim_out_of_range,
        ),
    ),
    *rows(scatter_value_shape, ({"input": (B, T), "dim": 1, "index": (B, 7), "value": ()}, (B, T))),
    *rows(take_shape, ({"input": (B, T), "index": (N, K)}, (N, K))),
    *rows(
        take_along_dim_shape,
        ({"input": (B, T), "indices": (1, N), "dim": 1}, (B, N)),
        ({"input": (B, T), "indices": (N, 7)}, (7 * N,)),
        ({"input": (2, 3), "indices": (5, 1), "dim": 1}, BROADCAST),
    ),
    *rows(
        masked_select_shape,
        ({"input": (B, T), "mask": (T,)}, (UNKNOWN_DIM,)),
        ({"input": (B, T), "mask": (B, C)}, BROADCAST),
    ),
    *rows(
        nonzero_shape,
        ({"input": (B, T)}, (UNKNOWN_DIM, 2)),
        ({"input": (B, T), "as_tuple": True}, [(UNKNOWN_DIM,)] * 2),
    ),
    *rows(
        item_shape,
        ({"input": (1, 1)}, None),
        ({"input": (2, 3)}, ErrorKind.item_error_not_scalar),
        ({"input": (B,)}, ErrorKind.item_error_not_scalar),
    ),
    *rows(
        index_add_shape,
        ({"input": (B, T), "dim": 1, "index": (N,), "source": (B, N)}, (B, T)),
        ({"input": (B, T), "dim": 1, "index": (N,), "source": (B, T)}, SOURCE),
        ({"input": (2, 3), "dim": 1, "index": (2, 2), "source": (2, 2)}, SHAPE),
    ),
    *rows(
        index_copy_shape,
        ({"input": (B, T), "dim": 1, "index": (N,), "source": (B, N)}, (B, T)),
        ({"input": (2, 3), "dim": 1, "index": (2,), "source": (2, 3)}, SHAPE),
    ),
    *rows(
        index_fill_shape,
        ({"input": (B, T), "dim": 1, "index": (N,), "value": ()}, (B, T)),
        ({"input": (2, 3), "dim": 1, "index": (2,), "value": (1,)}, ErrorKind.rank_error_mismatch),
    ),
    *rows(
        index_put_shape,
        ({"input": (B, T), "indices": (Index((7,)), Index((7,))), "values": (7,)}, (B, T)),
        (
            {"input": (B, T), "indices": (Index((7,)),), "values": (5, T)},
            ErrorKind.expand_error_incompatible,
        ),
    ),
    *rows(
        put_shape,
        ({"input": (B,), "index": (N, 2), "source": (2 * N,)}, (B,)),
        ({"input": (B,), "index": (N, 2), "source": (3 * N,)}, SHAPE),
    ),
    *rows(
        masked_scatter_shape,
        ({"input": (B, T), "mask": (T,), "source": (N,)}, (B, T)),
        ({"input": (B, T), "mask": (C,), "source": (N,)}, BROADCAST),
    ),
    *rows(
        select_scatter_shape,
        ({"input": (B, T), "src": (B,), "dim": 1, "index": 0}, (B, T)),
        ({"input": (B, T), "src": (T,), "dim": 1, "index": 0}, SOURCE),
    ),
    *rows(
        slice_scatter_shape,
        ({"input": (B, T), "src": (B, T - 1), "dim": 1, "start": 1}, (B, T)),
        ({"input": (B, T), "src": (B, T), "dim": 1, "start": 1}, SOURCE),
    ),
    *rows(
        diagonal_scatter_shape,
        ({"input": (T, T), "src": (T,)}, (T, T)),
        ({"input": (T, T), "src": (T,), "offset": 1}, SOURCE),
    ),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), ROWS)
def test_rule(rule: Any, arguments: dict[str, Any], expected: Any) -> None:
    with using(Context()):
        check(rule, arguments, expected)
