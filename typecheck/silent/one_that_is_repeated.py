"""A name that stands for 1: its author repeats the dim, or sets one thing beside it."""

from dataclasses import dataclass

import torch
from einops import repeat
from jaxtyping import Float, Int
from torch import Tensor


@dataclass(frozen=True)
class Span:
    kind: Int[Tensor, "n_tokens"]
    centre: Int[Tensor, "n_tokens"]
    position: Float[Tensor, "n_atoms 3"]


class Tokenizer:
    def __init__(self, whole: bool) -> None:
        self.whole = whole

    def span(self, kind: int, position: Float[Tensor, "n_atoms 3"]) -> Span:
        of = self._of_residue if self.whole else self._of_atoms
        return of(torch.tensor([kind]), position)

    def _of_residue(
        self, kind: Int[Tensor, "n_tokens"], position: Float[Tensor, "n_atoms 3"]
    ) -> Span:
        return Span(kind, centre=torch.tensor([1]), position=position)

    def _of_atoms(
        self, kind: Int[Tensor, "n_tokens"], position: Float[Tensor, "n_atoms 3"]
    ) -> Span:
        n = position.shape[0]
        kind = repeat(kind, "1 -> a", a=n)
        return Span(kind, centre=torch.arange(n), position=position)


def example() -> None:
    assert Tokenizer(True).span(7, torch.ones(5, 3)).kind.shape == (1,)
    assert Tokenizer(False).span(7, torch.ones(5, 3)).kind.shape == (5,)
