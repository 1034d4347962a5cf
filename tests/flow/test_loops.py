"""Loops: they end, what grows has a length, and a budget stops what would take forever."""

from __future__ import annotations

import pytest

from shapetorch.flow.state import STEPS
from tests.flow.programs import analyse, kinds, revealed

LOOPS = [
    pytest.param("for _ in range(n): x = x * 2", "[b, t]", id="unchanged"),
    pytest.param("for _ in range(n): x = x.T", "[b, t] | [t, b]", id="two-states"),
    pytest.param("for _ in range(3): x = x.unsqueeze(0)", "[1, 1, 1, b, t]", id="unrolled"),
    pytest.param("for _ in range(n): x = x[:, 1:]", "[b, ?]", id="shrinks"),
    pytest.param("while x.sum() > 0: x = x.relu()", "[b, t]", id="while"),
    pytest.param("for _ in range(0): x = x.T", "[b, t]", id="never"),
    pytest.param("for i in range(n):\n    if i: break\nelse: x = x[0]", "[t] | [b, t]", id="else"),
]


@pytest.mark.parametrize(("loop", "expected"), LOOPS)
def test_after_a_loop(loop: str, expected: str) -> None:
    body = "\n".join(f"    {line}" for line in f"{loop}\nreveal_shape(x)".splitlines())
    assert revealed(f'def f(x: Float[Tensor, "b t"], n: int) -> None:\n{body}') == [expected]


GROWTH = [
    pytest.param("for row in x: out.append(row)", "[b, t]", id="rows"),
    pytest.param("for i in range(n): out.append(x[0])", "[n, t]", id="range"),
    pytest.param("for i in range(n): out.extend([x[0], x[0]])", "[2*n, t]", id="two-a-round"),
    pytest.param("for i in range(3): out.append(x[0])", "[3, t]", id="unrolled"),
    pytest.param("for i in range(n):\n    if i: out.append(x[0])", "[?, t]", id="sometimes"),
    pytest.param("out = [x[0] for _ in range(n)]", "[n, t]", id="comprehension"),
]


@pytest.mark.parametrize(("loop", "expected"), GROWTH)
def test_growth(loop: str, expected: str) -> None:
    lines = f"out = []\n{loop}\nreveal_shape(torch.stack(out))".splitlines()
    body = "\n".join(f"    {line}" for line in lines)
    assert revealed(f'def f(x: Float[Tensor, "b t"], n: int) -> None:\n{body}') == [expected]


def test_the_budget_of_one_function_is_its_own() -> None:
    long = "\n".join(["    y = x + x + x + x"] * (STEPS // 4))
    program = f"""
def forever(x: Float[Tensor, "b t"]) -> None:
{long}
    x @ x

def after(x: Float[Tensor, "b t"]) -> None:
    x @ x
"""
    report = analyse(program)
    assert kinds(report) == ["matmul_error_inner_dimensions_do_not_match"]


def test_recursion_ends() -> None:
    program = """
        def down(x, n):
            return x if n == 0 else down(x[1:], n - 1)

        def f(x: Float[Tensor, "b t"], n: int) -> None:
            down(x, n) @ x
        """
    assert kinds(analyse(program)) == []
