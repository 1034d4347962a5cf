"""What is known where something is one of several: the sizes that all of them have."""

from __future__ import annotations

from tests.flow.programs import analyse, kinds, revealed

HELPER = """
    def shared(x: Float[Tensor, "b t d"] | Float[Tensor, "b t h d"]) -> Float[Tensor, "b t"]:
        return torch.zeros(x.shape[0], x.shape[1])
    """


def test_sizes_that_all_alternatives_give() -> None:
    text = (
        HELPER
        + """
    def f(x: Float[Tensor, "n m 5"] | Float[Tensor, "n m 7 5"], flag: bool):
        reveal_shape(shared(x))
        y = torch.zeros(2, 3, 5) if flag else torch.zeros(2, 4, 5)
        reveal_shape(shared(y))
    """
    )
    assert revealed(text) == ["[n, m]", "[2, ?]"]


def test_a_size_of_all_alternatives_is_compared() -> None:
    use = """
    def f(x: Float[Tensor, "n m 5"] | Float[Tensor, "n m 7 5"], y: Float[Tensor, "m n"]):
        return shared(x) + y{}
    """
    assert kinds(analyse(HELPER + use.format(".T"))) == []
    assert kinds(analyse(HELPER + use.format(""))) == ["broadcast_error_incompatible_dimensions"]


def test_alternatives_that_do_not_agree_are_not_compared() -> None:
    text = (
        HELPER
        + """
    def f(flag: bool, y: Float[Tensor, "3 4"]):
        x = torch.zeros(3, 4, 5) if flag else torch.zeros(4, 3, 5)
        return shared(x) + y
    """
    )
    assert kinds(analyse(text)) == []
