"""Binding the arguments of a call to the signatures of an operation."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import Shape
from shapetorch.rules.bind import IGNORED, Undecided, Unfit, assign, bind, is_shaped
from shapetorch.rules.registry import Dims, Rule, Size, Sizes, parameters_of


def made(function: Any, **options: Any) -> Rule:
    """A rule that is in no table."""
    return Rule(function.__name__, function, (), (), parameters=parameters_of(function), **options)


def reduce_all(input: Shape) -> Shape:
    return ()


def reduce_one(input: Shape, dim: Dims, keepdim: bool = False) -> Shape:
    return input


def view(input: Shape, size: Sizes) -> Shape:
    return tuple(size)


def view_dtype(input: Shape, dtype: object) -> Shape:
    return input


def keyword_only(input: Shape, *, correction: int = 1) -> Shape:
    return input


SUM = [made(reduce_all), made(reduce_one)]
VIEW = [made(view, spread="size"), made(view_dtype)]
X = (2, 3, 5)


def convert(value: Any, kind: str) -> object:
    """A strict reader of plain values: tuples are shapes, ``"?"`` is not known."""
    if kind.startswith("Shape"):
        if not isinstance(value, tuple):
            raise Unfit
        return value
    if value == "?":
        raise Undecided
    if kind == "Sizes":
        if not isinstance(value, list) or not all(isinstance(item, int) for item in value):
            raise Unfit
        return value
    if kind in ("Dims", "int", "Size"):
        if not isinstance(value, int):
            raise Unfit
        return value
    return value


def is_sequence(value: Any) -> bool:
    return isinstance(value, (list, tuple))


BOUND = [
    (SUM, (X,), {}, "reduce_all", {"input": X}),
    (SUM, (X, 1), {}, "reduce_one", {"input": X, "dim": 1}),
    (SUM, (X,), {"dim": 1}, "reduce_one", {"input": X, "dim": 1}),
    (SUM, (X, 1, True), {}, "reduce_one", {"input": X, "dim": 1, "keepdim": True}),
    (
        SUM,
        (X,),
        {"dim": -1, "keepdim": True},
        "reduce_one",
        {"input": X, "dim": -1, "keepdim": True},
    ),
    (SUM, (), {"input": X, "dim": 0}, "reduce_one", {"input": X, "dim": 0}),
    (
        SUM,
        (X,),
        {"axis": 1, "keepdims": True},
        "reduce_one",
        {"input": X, "dim": 1, "keepdim": True},
    ),
    (SUM, (X,), {"dtype": "float32"}, "reduce_all", {"input": X}),
    (VIEW, (X, 6, 5), {}, "view", {"input": X, "size": [6, 5]}),
    (VIEW, (X, [6, 5]), {}, "view", {"input": X, "size": [6, 5]}),
    (VIEW, (X, 30), {}, "view", {"input": X, "size": [30]}),
    (VIEW, (X,), {"size": [30]}, "view", {"input": X, "size": [30]}),
    (VIEW, (X, "float32"), {}, "view_dtype", {"input": X, "dtype": "float32"}),
    ([made(keyword_only)], (X,), {"correction": 0}, "keyword_only", {"input": X, "correction": 0}),
]


@pytest.mark.parametrize(("rules", "args", "kwargs", "chosen", "arguments"), BOUND)
def test_bound(
    rules: list[Rule],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    chosen: str,
    arguments: dict[str, Any],
) -> None:
    found = bind(rules, args, kwargs, convert, is_sequence)
    assert found is not None
    assert found.rule.name == chosen
    assert found.arguments == arguments
    assert found.shaped == ("input",)


UNFIT = [
    (SUM, (), {}),
    (SUM, (X, 1, True, 4), {}),
    (SUM, (X, 1), {"dim": 1}),
    (SUM, (X,), {"dims": 1}),
    (SUM, (X, "text"), {}),
    (SUM, (3,), {}),
    ([made(keyword_only)], (X, 0), {}),
]


@pytest.mark.parametrize(("rules", "args", "kwargs"), UNFIT)
def test_unfit(rules: list[Rule], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    assert bind(rules, args, kwargs, convert, is_sequence) is None


def test_a_value_that_is_not_known_leaves_the_result_unknown() -> None:
    with pytest.raises(Undecided):
        bind(SUM, (X, "?"), {}, convert, is_sequence)


def test_overloads_are_tried_in_order() -> None:
    found = bind([made(reduce_one), made(reduce_all)], (X,), {}, convert, is_sequence)
    assert found is not None
    assert found.rule.name == "reduce_all"


def test_ignored_keywords_are_left_out() -> None:
    parameters = parameters_of(reduce_all)
    for keyword in sorted(IGNORED):
        assert assign(parameters, (X,), {keyword: 1}, None, is_sequence) == {"input": X}


def test_assign_is_pythons_own_binding() -> None:
    with pytest.raises(Unfit):
        assign(parameters_of(reduce_one), (X,), {}, None, is_sequence)
    with pytest.raises(Unfit):
        assign(parameters_of(reduce_one), (X, 1), {"input": X}, None, is_sequence)


def with_optional(input: Shape, weight: Shape | None = None, *, n: Size = 1) -> Shape:
    return input


def test_which_parameters_are_shapes() -> None:
    assert [is_shaped(p) for p in parameters_of(with_optional)] == [True, True, False]
    found = bind([made(with_optional)], (X, (5,)), {"n": 2}, convert, is_sequence)
    assert found is not None
    assert found.shaped == ("input", "weight")
