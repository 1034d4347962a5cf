"""Attributes that a class annotates, and what is assigned to them."""

from __future__ import annotations

import pytest

from tests.flow.programs import analyse, kinds, revealed

LAYER = """
    class Layer(nn.Module):
        weight: Float[nn.Parameter, "wide deep"]

        def __init__(self, shape):
            super().__init__()
            self.weight = nn.Parameter(torch.empty(shape))
            self.reset()

        def reset(self) -> None:
            self.weight = nn.init.normal_(self.weight)

        def scaled(self, x: Float[Tensor, "*copies wide deep"]) -> Float[Tensor, "*copies wide deep"]:
            return {}
    """
RIGHT = [
    "x + self.weight",
    "x / self.weight.norm(dim=-2, keepdim=True)",
    "(x.mT @ self.weight @ x.mT).mT",
]
WRONG = {
    "x + self.weight.mT": "broadcast_error_incompatible_dimensions",
    "x @ self.weight": "matmul_error_inner_dimensions_do_not_match",
    "x.mT @ self.weight": "return_error_shape_mismatch",
}


@pytest.mark.parametrize("use", RIGHT)
def test_declared_shape_stands_for_an_unknown_one(use: str) -> None:
    assert kinds(analyse(LAYER.format(use))) == []


@pytest.mark.parametrize(("use", "kind"), WRONG.items())
def test_declared_shape_is_compared(use: str, kind: str) -> None:
    assert kinds(analyse(LAYER.format(use))) == [kind]


def test_a_known_shape_is_kept() -> None:
    text = """
    class Layer(nn.Module):
        weight: Float[Tensor, "wide deep"]

        def __init__(self, n: int):
            super().__init__()
            self.weight = nn.init.zeros_(torch.empty(n, 3))

        def forward(self):
            reveal_shape(self.weight)
    """
    assert revealed(text) == ["[n, 3]"]


def test_a_row_of_an_attribute_may_be_another_than_a_parameter_has() -> None:
    text = """
    class Encoder(nn.Module):
        bias: Float[nn.Parameter, "*copies wide"]

        def __init__(self, shape):
            super().__init__()
            self.bias = nn.Parameter(torch.empty(shape))

        def update(self, at: Int[Tensor, "*copies some"], new: Float[Tensor, "*copies some"], copy: int):
            self.bias[copy, at] = new
    """
    assert kinds(analyse(text)) == []
