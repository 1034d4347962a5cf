"""A wrong shape raises at run time what the checker reports for the same line, word for word."""

from __future__ import annotations

import pytest

import shapetorch
from shapetorch.errors import ShapeError
from shapetorch.flow import Program, Source

LINES = [
    "torch.zeros(2, 3) @ torch.ones(5, 4)",
    "torch.matmul(torch.zeros(7, 2, 3), torch.ones(5, 3, 4))",
    "torch.zeros(2, 3) + torch.zeros(2, 5)",
    "torch.zeros(2, 3) * torch.zeros(7)",
    "torch.add(torch.zeros(2, 3), torch.zeros(2, 5))",
    "torch.zeros(2, 3).reshape(4, 2)",
    "torch.zeros(2, 3).view(-1, 4)",
    "torch.zeros(2, 3).view(-1, -1)",
    "torch.zeros(2, -3)",
    "torch.tensor([[1, 2], [3]])",
    "torch.zeros(2, 3).add_(torch.zeros(5, 3))",
    "torch.cat([torch.zeros(2, 3), torch.zeros(2, 5)])",
    "torch.zeros(2, 3).permute(0, 0)",
    "torch.zeros(2, 3).transpose(0, 5)",
    "torch.zeros(2, 3).expand(4, 4)",
    "torch.zeros(2, 3).sum(5)",
    "torch.bmm(torch.zeros(2, 3, 4), torch.zeros(2, 5, 6))",
    "torch.linalg.inv(torch.zeros(2, 3))",
    "torch.nn.functional.linear(torch.zeros(2, 3), torch.zeros(5, 4))",
    "torch.nn.functional.conv2d(torch.zeros(2, 3, 8, 8), torch.zeros(5, 4, 3, 3))",
    "torch.nn.functional.layer_norm(torch.zeros(2, 3), (4,))",
    "torch.nn.functional.mse_loss(torch.zeros(2, 3), torch.zeros(2, 5))",
]


def checked(line: str) -> tuple[str, str]:
    """The kind and the words of the one problem that the checker finds."""
    text = f"import shapetorch as torch\n\n{line}\n"
    report = Program(lambda name: Source("m.py", text) if name == "m" else None).analyze("m")
    (problem,) = report.problems
    return problem.kind, problem.message


@pytest.mark.parametrize("line", LINES)
def test_same_kind_and_words(line: str) -> None:
    with pytest.raises(ShapeError) as raised:
        eval(line, {"torch": shapetorch})
    assert checked(line) == (str(raised.value.kind), raised.value.message)
