"""What an overload promises, against what the implementation is annotated to return."""

from __future__ import annotations

import pytest

from tests.flow.programs import analyse, kinds

METHOD = """
    from typing import Literal, overload

    class Samples:
        @overload
        def weights(self, a: Float[Tensor, "*b s 1"], only: Literal[True]) -> {alone}: ...

        @overload
        def weights(
            self, a: Float[Tensor, "*b s 1"], only: Literal[False] = False
        ) -> tuple[{alone}, Float[Tensor, "*b s"]]: ...

        def weights(
            self, a: Float[Tensor, "*batch n 1"], only: bool = False
        ) -> Float[Tensor, "*batch n 1"] | tuple[Float[Tensor, "*batch n 1"], Float[Tensor, "*batch n"]]:
            return a if only else (a, a[..., 0])
    """
FUNCTION = """
    from typing import overload

    @overload
    def turned(x: Float[Tensor, "a b"]) -> {alone}: ...
    @overload
    def turned(x: list[Tensor]) -> list[Tensor]: ...
    def turned(x: Float[Tensor, "n m"] | list[Tensor]) -> Float[Tensor, "m n"] | list[Tensor]:
        return x.T if isinstance(x, Tensor) else x[::-1]
    """
PROMISES = [
    pytest.param(METHOD, '"*b s 1"', 0, id="same-with-other-names"),
    pytest.param(METHOD, '"..."', 0, id="anything"),
    pytest.param(METHOD, '"*b s k"', 0, id="a-name-of-its-own"),
    pytest.param(METHOD, '"*b 1 s"', 2, id="swapped"),
    pytest.param(METHOD, '"*b s 2"', 2, id="number"),
    pytest.param(FUNCTION, '"b a"', 0, id="function"),
    pytest.param(FUNCTION, '"a b"', 1, id="function-swapped"),
    pytest.param(FUNCTION, '"b a 1"', 1, id="function-rank"),
]


@pytest.mark.parametrize(("program", "shape", "wrong"), PROMISES)
def test_promise(program: str, shape: str, wrong: int) -> None:
    text = program.format(alone=f"Float[Tensor, {shape}]")
    assert kinds(analyse(text)) == ["return_error_shape_mismatch"] * wrong


def test_an_implementation_that_says_nothing() -> None:
    head, _, body = FUNCTION.partition("    def turned(")
    text = head + "    def turned(x):" + body.split(":\n", 1)[1].join(["\n", ""])
    assert kinds(analyse(text.format(alone='Float[Tensor, "a b"]'))) == []
