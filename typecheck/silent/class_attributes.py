"""Sizes and tensors on the class, changed in subclasses and on instances."""

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

HIDDEN = 7


class Base(nn.Module):
    dim: ClassVar[int] = 3
    expansion = 2
    offset: Tensor = torch.zeros(1)

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.Linear(self.dim, self.dim * self.expansion)
        self.down = nn.Linear(self.dim * self.expansion, HIDDEN)

    def forward(self, x: Float[Tensor, "b {self.dim}"]) -> Float[Tensor, "b 7"]:
        return self.down(self.up(x + self.offset))


class Wide(Base):
    dim = 5
    expansion = 4


class Shifted(Base):
    def __init__(self) -> None:
        self.expansion = 1
        super().__init__()
        self.offset = torch.ones(3)


class Counter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.state: Tensor | None = None
        self.size = 0

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "m d"]:
        if self.state is None:
            self.state = x
        else:
            self.state = torch.cat([self.state, x])
        self.size = self.state.shape[0]
        return self.state


def example() -> None:
    assert Base()(torch.randn(2, 3)).shape == (2, 7)
    assert Wide()(torch.randn(2, 5)).shape == (2, 7)
    assert Shifted()(torch.randn(2, 3)).shape == (2, 7)
    counter = Counter()
    counter(torch.randn(2, 3))
    assert counter(torch.randn(5, 3)).shape == (7, 3)
    assert counter.size == 7


if __name__ == "__main__":
    example()
