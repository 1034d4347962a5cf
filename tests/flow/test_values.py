"""Values: unions stay small, widening forgets no more than it must."""

from __future__ import annotations

import pytest

from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, Variadic, name
from shapetorch.flow.values import (
    MOST_ALTERNATIVES,
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Constant,
    Integer,
    Many,
    Scalar,
    Tensor,
    Tuple,
    Value,
    alternatives,
    as_array,
    union,
    widen,
)

B, T = name("B"), name("T")
X, Y = Tensor((B, T)), Tensor((T, B))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([], UNKNOWN_VALUE, id="nothing"),
        pytest.param([X], X, id="one"),
        pytest.param([X, X], X, id="same-twice"),
        pytest.param([X, Y], Alternatives((X, Y)), id="two"),
        pytest.param([X, UNKNOWN_VALUE, Y], UNKNOWN_VALUE, id="unknown-swallows"),
        pytest.param([Alternatives((X, Y)), NONE], Alternatives((X, Y, NONE)), id="nested"),
        pytest.param([Tensor((B,), "Float"), Tensor((B,), "Int")], Tensor((B,)), id="dtypes"),
        pytest.param(
            [Tensor((B,)), Tensor((B,), is_array=True)],
            Alternatives((Tensor((B,)), Tensor((B,), is_array=True))),
            id="tensor-or-array",
        ),
        pytest.param(
            [Constant(True), Constant(1.0)],
            Alternatives((Constant(True), Constant(1.0))),
            id="equal-but-of-other-types",
        ),
    ],
)
def test_union(values: list[Value], expected: Value) -> None:
    assert union(values) == expected


def test_union_of_many_is_one_wide_value() -> None:
    shapes = [Tensor((size, T)) for size in range(MOST_ALTERNATIVES + 1)]
    assert union(shapes) == Tensor((UNKNOWN_DIM, T))
    assert union(shapes[:-1]) == Alternatives(tuple(shapes[:-1]))


def test_alternatives_undo_union() -> None:
    assert alternatives(union([X, Y])) == (X, Y)
    assert alternatives(X) == (X,)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(X, X, X, id="equal"),
        pytest.param(X, Y, Tensor((UNKNOWN_DIM, UNKNOWN_DIM)), id="sizes-differ"),
        pytest.param(X, Tensor((B, 3)), Tensor((B, UNKNOWN_DIM)), id="one-size-differs"),
        pytest.param(X, Tensor((B,)), Tensor(UNKNOWN), id="ranks-differ"),
        pytest.param(Tensor((Variadic("A"), 3)), Tensor((B, 3)), Tensor(UNKNOWN), id="row"),
        pytest.param(X, Tensor((B, T), is_array=True), UNKNOWN_VALUE, id="array"),
        pytest.param(Integer(3), Integer(B), Integer(), id="integers"),
        pytest.param(Constant("a"), Constant("b"), Scalar("str"), id="strings"),
        pytest.param(
            Tuple((X, Integer(3))), Tuple((X, Integer(5))), Tuple((X, Integer())), id="tuples"
        ),
        pytest.param(X, Integer(3), UNKNOWN_VALUE, id="sorts-differ"),
    ],
)
def test_widen(a: Value, b: Value, expected: Value) -> None:
    assert widen(a, b) == expected
    assert widen(b, a) == expected


def test_as_array_reaches_into_tuples() -> None:
    array = Tensor((B, T), is_array=True)
    assert as_array(Tuple((X, Integer(3)))) == Tuple((array, Integer(3)))
    assert as_array(Many(X, T)) == Many(array, T)
    assert as_array(NONE) == NONE
