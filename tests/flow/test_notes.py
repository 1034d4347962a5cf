"""What stands below an error: sizes that show it, where they come from, a fix that was tried."""

from __future__ import annotations

import pytest

from tests.flow.programs import analyse, notes

PARAMETERS = 'x: Float[Tensor, "b t"], y: Float[Tensor, "b s"], q: Float[Tensor, "b t d"]'
FIXES = [
    pytest.param("x - x.mean(1)", "x.mean(1, keepdim=True) would fit", id="keepdim"),
    pytest.param("x.sum(dim=1) * x", "x.sum(dim=1, keepdim=True) would fit", id="keepdim-left"),
    pytest.param("x - x.mean(0)[1:]", None, id="no-reduction-at-hand"),
    pytest.param("q @ q", "q @ q.transpose(-2, -1) would fit", id="transpose"),
    pytest.param(
        "torch.bmm(q, q)", "torch.bmm(q, q.transpose(-2, -1)) would fit", id="transpose-in-a-call"
    ),
    pytest.param("x @ torch.zeros(5, 3)", None, id="no-transpose-fits"),
    pytest.param("torch.cat([x, y])", "torch.cat([x, y], dim=1) would fit", id="other-dim"),
    pytest.param("torch.cat([x, y.T])", None, id="no-dim-fits"),
]


@pytest.mark.parametrize(("expression", "expected"), FIXES)
def test_fix(expression: str, expected: str | None) -> None:
    found = notes(f"def f({PARAMETERS}) -> None:\n    {expression}")
    helps = [note.removeprefix("help: ") for note in found if note.startswith("help: ")]
    assert helps == ([] if expected is None else [expected])


WITNESSES = [
    pytest.param("x + y", "fails for s=2, t=3", id="one-would-broadcast"),
    pytest.param("x @ torch.zeros(5, 3)", "fails for t=1", id="number"),
    pytest.param("assert x.shape[1] == 3 * len(x)\n    x @ x", "fails for b=1, t=3", id="fact"),
]


@pytest.mark.parametrize(("code", "expected"), WITNESSES)
def test_witness(code: str, expected: str) -> None:
    assert notes(f"def f({PARAMETERS}) -> None:\n    {code}")[0] == expected


def test_where_names_come_from() -> None:
    found = notes(f"def f({PARAMETERS}) -> None:\n    x + y")
    assert "t is named by parameter 'x'" in found
    assert "s is named by parameter 'y'" in found


def test_names_of_one_parameter_need_no_note() -> None:
    found = notes('def f(x: Float[Tensor, "b t"]) -> None:\n    x @ x')
    assert not any("named by" in note for note in found)


def test_a_layer_is_named_with_the_size_that_would_fit() -> None:
    program = """
        class Net(nn.Module):
            def __init__(self, d: int, h: int) -> None:
                super().__init__()
                self.fc = nn.Linear(d, h)

            def forward(self, x: Float[Tensor, "b h"]) -> Tensor:
                return self.fc(x)
        """
    (problem,) = analyse(program).problems
    built = problem.notes[-1]
    assert built.text == "Linear is built here, and would fit with in_features=h"
    assert built.line is not None
    assert built.line < problem.line


def test_trying_a_fix_leaves_the_state_alone() -> None:
    program = """
        def f(x: Float[Tensor, "b t"]) -> None:
            seen = [x]
            x - (seen.pop() if len(seen) == 1 else x).mean(1)
            reveal_shape(torch.stack(seen + [x, x]))
        """
    revealed = [p.message for p in analyse(program).problems if p.severity == "note"]
    assert revealed == ['Revealed shape is "[2, b, t]"']
