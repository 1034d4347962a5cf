"""Methods whose arguments tell the shape of the result, of something that nothing is known of."""

from __future__ import annotations

import pytest

from tests.flow.programs import analyse, kinds, revealed

SHAPES = [
    pytest.param("y.reshape(n, 3)", ["[n, 3]"], id="reshape"),
    pytest.param("y.reshape((n, 3))", ["[n, 3]"], id="tuple"),
    pytest.param("y.view(n, 3, -1)[..., 0]", ["[n, 3]"], id="view"),
    pytest.param("y.new_zeros(n, 3)", ["[n, 3]"], id="new"),
]


@pytest.mark.parametrize(("made", "shapes"), SHAPES)
def test_shape(made: str, shapes: list[str]) -> None:
    text = f"""
    def f(y, n: int, x: Float[Tensor, "n 3"]):
        z = {made}
        reveal_shape(z)
        x + z
    """
    assert revealed(text) == shapes
    wrong = text.replace("(n, 3", "(n, 2")
    assert wrong != text
    assert kinds(analyse(wrong)) == ["broadcast_error_incompatible_dimensions"]


def test_it_may_be_an_array() -> None:
    text = """
    def f(y, n: int) -> None:
        image = y.reshape(n, 4, 3)
        image.transpose(2, 0, 1).copy()
        image.sum(axis=-1).reshape(n, 4)
        image.permute(2, 0, 1)
        y.reshape(3).astype("float32")
    """
    assert kinds(analyse(text)) == []


def test_arguments_that_are_not_known() -> None:
    text = """
    def f(y, size, x: Float[Tensor, "n 3"]) -> None:
        x + y.reshape(size)
        x + y.reshape(*size)
        x + y.reshape(size, 3)
        x + y.view(torch.uint8)
        y.view(torch.uint8).transpose(2, 0, 1)
    """
    assert kinds(analyse(text)) == []
