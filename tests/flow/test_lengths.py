"""How long lists and tuples of unknown items are, and folds over them."""

from __future__ import annotations

import pytest

from tests.flow.programs import analyse, kinds, revealed

CHANGES = [
    pytest.param("pass", "[len(xs)]", id="as-it-came"),
    pytest.param("xs.append(1)", "[len(xs) + 1]", id="append"),
    pytest.param("xs.remove(1)", "[?]", id="remove"),
    pytest.param("xs.pop()", "[?]", id="pop"),
    pytest.param("del xs[0]", "[?]", id="del"),
    pytest.param("xs = set(xs)", "[?]", id="set"),
    pytest.param("xs = sorted(xs)", "[len(xs)]", id="sorted"),
    pytest.param("xs = [2 * x for x in xs]", "[len(xs)]", id="comprehension"),
    pytest.param("xs = [x for x in xs if x]", "[?]", id="filtered"),
    pytest.param("\n    for _ in range(3): xs.append(1)", "[len(xs) + 3]", id="loop"),
    pytest.param("\n    while xs[0]: xs.append(1)", "[?]", id="endless"),
]


@pytest.mark.parametrize(("change", "shape"), CHANGES)
def test_length_of_a_parameter(change: str, shape: str) -> None:
    text = f"""
def f(xs: list[int]):
    {change}
    reveal_shape(torch.zeros(len(xs)))
"""
    assert revealed(text) == [shape]


def test_results_that_share_a_length() -> None:
    text = """
        def f(xs: list[str]) -> tuple[Float[Tensor, "n 3"], Float[Tensor, "n"]]:
            return torch.zeros(len(xs), 3), torch.zeros(len(xs){})
        """
    assert kinds(analyse(text.format(""))) == []
    assert kinds(analyse(text.format(" + 1"))) == ["return_error_shape_mismatch"]


def test_a_length_may_be_any_size() -> None:
    text = """
        def f(xs: list[int], ys: tuple[int, ...], x: Float[Tensor, "n"], k: int):
            x + torch.zeros(len(xs)) + torch.zeros(len(ys)) + torch.zeros(k)
        """
    assert kinds(analyse(text.replace(" + torch.zeros(k)", ""))) == []


FOLDS = [
    pytest.param("x.shape", "[2*b*d]", id="all"),
    pytest.param("x.shape[1:]", "[2*d]", id="some"),
    pytest.param("x.shape, 3", "[6*b*d]", id="from-a-number"),
    pytest.param("x.shape[:k]", "[?]", id="not-known-how-many"),
]


@pytest.mark.parametrize(("over", "shape"), FOLDS)
def test_fold(over: str, shape: str) -> None:
    text = f"""
        from functools import reduce

        def f(x: Float[Tensor, "b 2 d"], k: int):
            reveal_shape(torch.zeros(reduce(lambda a, b: a * b, {over})))
        """
    assert revealed(text) == [shape]


def test_a_fold_of_sizes_is_one_size() -> None:
    text = """
        from functools import reduce

        def f(x: Float[Tensor, "..."], k: int) -> Float[Tensor, "m n"]:
            rows = reduce(lambda a, b: a * b, x.shape[:-k])
            return x.reshape(rows{})
        """
    assert kinds(analyse(text.format(", -1"))) == []
    assert kinds(analyse(text.format(""))) == ["return_error_shape_mismatch"]
