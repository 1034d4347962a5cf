"""Tensors that go through lambdas and functions kept in variables."""

from typing import Callable

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "glu": lambda x: F.glu(x, dim=-1),
    "square": lambda x: x * x,
}


class Lambda(nn.Module):
    def __init__(self, fn: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.fn = fn

    def forward(self, x: Tensor) -> Tensor:
        return self.fn(x)


class Net(nn.Module):
    def __init__(self, activation: str) -> None:
        super().__init__()
        self.act = ACTIVATIONS[activation]
        hidden = 14 if activation == "glu" else 7
        self.net = nn.Sequential(
            nn.Linear(5, hidden),
            Lambda(self.act),
            Lambda(lambda x: x.unsqueeze(1)),
            nn.Conv1d(1, 3, 3, padding=1),
            Lambda(lambda x: x.flatten(1)),
            nn.Linear(21, 2),
        )

    def forward(self, x: Float[Tensor, "b 5"]) -> Float[Tensor, "b 2"]:
        return self.net(x)


def on_last(fn: Callable[[Float[Tensor, "n d"]], Tensor], x: Float[Tensor, "*b d"]) -> Tensor:
    return fn(x.reshape(-1, x.shape[-1])).reshape(*x.shape[:-1], -1)


def example() -> None:
    for name in ACTIVATIONS:
        assert Net(name)(torch.randn(2, 5)).shape == (2, 2)
    pick = lambda x, i: x[i]
    assert pick(torch.randn(2, 3), 0).shape == pick(torch.randn(3), slice(None)).shape
    assert on_last(lambda v: v @ torch.randn(5, 7), torch.randn(2, 3, 5)).shape == (2, 3, 7)
    longest = max([torch.randn(2), torch.randn(5)], key=lambda t: t.numel())
    assert longest.shape == (5,)


if __name__ == "__main__":
    example()
