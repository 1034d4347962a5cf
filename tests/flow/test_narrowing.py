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


ORDERS = [
    pytest.param("if n + c > v: raise ValueError", id="raise"),
    pytest.param("assert n + c <= v", id="assert"),
    pytest.param("assert 2 < n < c", id="chain"),
    pytest.param("if n < c or c > v: return", id="return"),
    pytest.param("if n > v: print(n)", id="branch-that-changes-nothing"),
]


@pytest.mark.parametrize("guard", ORDERS)
def test_order_says_nothing_of_what_is_equal(guard: str) -> None:
    def errors(use: str) -> list[str]:
        text = f"""
            def f(n: int, c: int, v: int) -> None:
                {guard}
                rows = torch.arange(n)
                {use}
            """
        return kinds(analyse(text))

    assert errors("rows[:, None] + torch.arange(c)") == []
    assert errors("rows + torch.arange(c)") == ["broadcast_error_incompatible_dimensions"]


def test_order_that_a_witness_must_keep() -> None:
    text = """
        def f(x: Float[Tensor, "n d"], n: int) -> None:
            if n > 1:
                return
            x + torch.zeros(n, 1)
            x + torch.zeros(1, 1)
        """
    assert kinds(analyse(text)) == []


def test_branches_of_an_order_may_differ() -> None:
    text = """
        class Block(nn.Module):
            def __init__(self, c: int, d: int):
                super().__init__()
                self.first = nn.Linear(c, d)
                self.skip = nn.Linear(c, d) if c < d else nn.Identity()

            def forward(self, x: Float[Tensor, "b c"]):
                return self.skip(x) + self.first(x)

        def f(x: Float[Tensor, "n"], n: int, m: int):
            y = torch.zeros(m)
            if m < n:
                y = y.repeat(n)[:n]
            return x + y
        """
    assert kinds(analyse(text)) == []


EMPTY = [
    pytest.param("return torch.zeros(0, 3)", True, id="right"),
    pytest.param("return torch.zeros(0, 4)", False, id="wrong"),
    pytest.param("return x[:, :1].expand(-1, 3)", True, id="of-its-size"),
    pytest.param("y = torch.zeros(0, 3)", True, id="joined"),
]


@pytest.mark.parametrize(("inside", "right"), EMPTY)
@pytest.mark.parametrize("test", ["x.shape[0] == 0", "len(x) == 0", "0 == x.size(0)"])
def test_of_nothing(test: str, inside: str, right: bool) -> None:
    text = f"""
        def f(x: Float[Tensor, "n 3"]) -> Float[Tensor, "n 3"]:
            y = x
            if {test}:
                {inside}
            return y + x
        """
    assert (kinds(analyse(text)) == []) is right


@pytest.mark.parametrize("other", ["1", "1.0"])
def test_a_number_that_is_no_size_depends_on_an_order(other: str) -> None:
    text = f"""
        class Levels(nn.Module):
            def __init__(self, count: int, low: int, high: int):
                super().__init__()
                growth = np.exp(np.log(high / low) / (count - 1)) if count > 1 else {other}
                self.scales = torch.floor(low * growth ** torch.arange(count))

            def forward(self, x: Float[Tensor, "b 3"]):
                return x[:, None] * self.scales.view({{}})
        """
    assert kinds(analyse(text.format("-1, 1"))) == []
    assert kinds(analyse(text.format("1"))) == ["reshape_error_element_count"]
