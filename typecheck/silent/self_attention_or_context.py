"""Two lengths that are one: where the context is left out, and in a mode of a layer."""

from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

T = TypeVar("T")


def default(value: T | None, otherwise: T) -> T:
    return otherwise if value is None else value


class Values(nn.Module):
    """Earlier values are mixed in where there is no context."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.values = nn.Linear(dim, dim)
        self.mix = nn.Linear(dim, 1)

    def forward(
        self,
        seq: Float[Tensor, "b i d"],
        context: Float[Tensor, "b j d"] | None = None,
        earlier: Float[Tensor, "b j d"] | None = None,
    ) -> Float[Tensor, "b i d"]:
        values = self.values(default(context, seq))
        if earlier is not None:
            values = values.lerp(earlier, self.mix(seq))
        return seq + values.mean(dim=1, keepdim=True)


class Attend(nn.Module):
    def __init__(self, is_local: bool) -> None:
        super().__init__()
        self.is_local = is_local

    def local(self, q: Float[Tensor, "b n d"], k: Float[Tensor, "b n d"]) -> Float[Tensor, "b n d"]:
        return (q * k).sum(-1, keepdim=True) * k

    def forward(
        self, q: Float[Tensor, "b i d"], k: Float[Tensor, "b j d"]
    ) -> Float[Tensor, "b i d"]:
        if self.is_local:
            return self.local(q, k)
        return (q @ k.mT).softmax(-1) @ k


def example() -> None:
    x = torch.ones(2, 3, 5)
    values = Values(5)
    assert values(x).shape == values(x, earlier=x).shape == (2, 3, 5)
    assert values(x, torch.ones(2, 7, 5)).shape == (2, 3, 5)
    assert Attend(True)(x, x).shape == Attend(False)(x, torch.ones(2, 7, 5)).shape == (2, 3, 5)
