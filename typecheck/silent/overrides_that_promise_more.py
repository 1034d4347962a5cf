"""An override says what its base class says, and works for some of it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Loss(ABC):
    @abstractmethod
    def forward(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch"]: ...

    def total(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, ""]:
        return self.forward(x).sum()


class StandIn(Loss):
    def forward(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch"]:
        return torch.tensor([1.0, 2.0, 3.0])


@dataclass
class Config:
    heads: int
    kv_heads: int


class Attention(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config

    def scores(
        self, q: Float[Tensor, "b t h d"], k: Float[Tensor, "b s h d"]
    ) -> Float[Tensor, "b h t s"]:
        return torch.einsum("bthd,bshd->bhts", q, k)


class Grouped(Attention):
    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.groups = config.heads // config.kv_heads

    def scores(
        self, q: Float[Tensor, "b t h d"], k: Float[Tensor, "b s kv d"]
    ) -> Float[Tensor, "b h t s"]:
        k = torch.repeat_interleave(k, self.groups, dim=2)
        return super().scores(q, k)


def example() -> None:
    assert StandIn().total(torch.ones(3, 5)) == 6
    grouped = Grouped(Config(heads=6, kv_heads=2))
    assert grouped.scores(torch.ones(1, 4, 6, 3), torch.ones(1, 5, 2, 3)).shape == (1, 6, 4, 5)
