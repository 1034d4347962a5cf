"""What a condition leaves of a value, where it holds and where it does not."""

from __future__ import annotations

import pytest

from tests.flow.programs import analyse, kinds, revealed

UNION = 'x: Float[Tensor, "d"] | Float[Tensor, "t d"] | Float[Tensor, "b t d"] | None'
CONDITIONS = [
    pytest.param("x is None", "unknown", "[d] | [t, d] | [b, t, d]", id="none"),
    pytest.param("x is not None and x.ndim == 2", "[t, d]", None, id="and"),
    pytest.param("x is None or x.ndim > 1", None, "[d]", id="or"),
    pytest.param("not (x is None or x.ndim > 1)", "[d]", None, id="not"),
    pytest.param("isinstance(x, Tensor)", "[d] | [t, d] | [b, t, d]", "unknown", id="isinstance"),
]
RANKS = [
    pytest.param("x.ndim == 2", "[t, d]", "[d] | [b, t, d]", id="equal"),
    pytest.param("x.ndim != 2", "[d] | [b, t, d]", "[t, d]", id="unequal"),
    pytest.param("x.dim() > 1", "[t, d] | [b, t, d]", "[d]", id="greater"),
    pytest.param("len(x.shape) <= 2", "[d] | [t, d]", "[b, t, d]", id="at-most"),
]


def check(parameter: str, condition: str, holds: str | None, fails: str | None) -> None:
    for wanted, branch in ((holds, condition), (fails, f"not ({condition})")):
        if wanted is not None:
            text = f"def f({parameter}) -> None:\n    if {branch}:\n        reveal_shape(x)"
            assert revealed(text) == [wanted]


@pytest.mark.parametrize(("condition", "holds", "fails"), CONDITIONS)
def test_condition(condition: str, holds: str | None, fails: str | None) -> None:
    check(UNION, condition, holds, fails)


@pytest.mark.parametrize(("condition", "holds", "fails"), RANKS)
def test_rank(condition: str, holds: str, fails: str) -> None:
    check(UNION.removesuffix(" | None"), condition, holds, fails)


FACTS = [
    pytest.param("x.shape[0] == y.shape[0]", "x + y", True, id="equal"),
    pytest.param("x.shape[0] != y.shape[0]", "x + y", False, id="unequal"),
    pytest.param("x.shape == y.shape", "x + y", True, id="shapes"),
    pytest.param("x.shape[0] > y.shape[0]", "x + y", False, id="greater"),
    pytest.param("len(x) == len(y)", "x * y", True, id="lengths"),
    pytest.param("x.size(0) == 2 * len(y)", "x.view(2, -1) + y", True, id="twice"),
    pytest.param("len(y) == 1", "x + y", True, id="broadcasts"),
]


@pytest.mark.parametrize(("condition", "use", "right"), FACTS)
@pytest.mark.parametrize(
    "guard", ["assert {}", "if not ({}): return", "if not {}: raise ValueError"]
)
def test_fact(guard: str, condition: str, use: str, right: bool) -> None:
    if "if not {}" in guard and not condition.startswith(("x", "len")):
        condition = f"({condition})"
    text = f"""
        def f(x: Float[Tensor, "n"], y: Float[Tensor, "m"]) -> None:
            {guard.format(f"({condition})")}
            {use}
        """
    assert (kinds(analyse(text)) == []) is right
