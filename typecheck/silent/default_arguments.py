"""Defaults that are sizes: what holds for the default need not hold in general, and the reverse."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Head(nn.Module):
    def __init__(self, dim: int = 64, hidden: int | None = None, out: int = 10) -> None:
        super().__init__()
        hidden = hidden or 4 * dim
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, out)

    def forward(self, x: Float[Tensor, "b dim"]) -> Float[Tensor, "b out"]:
        return self.fc2(self.fc1(x))


class Block(nn.Module):
    def __init__(self, in_dim: int, out_dim: int | None = None) -> None:
        super().__init__()
        if out_dim is None:
            out_dim = in_dim
        self.linear = nn.Linear(in_dim, out_dim)
        self.norm = nn.LayerNorm(out_dim)

    def forward(self, x: Float[Tensor, "... in_dim"]) -> Float[Tensor, "... out_dim"]:
        return self.norm(self.linear(x))


def window(x: Float[Tensor, "b t d"], size: int = 4, *, dim: int = 1) -> Tensor:
    return x.unfold(dim, size, size)


def scale(x: Float[Tensor, "b d"], by: float | Float[Tensor, "d"] = 1.0) -> Float[Tensor, "b d"]:
    return x * by


def example() -> None:
    assert Head()(torch.randn(2, 64)).shape == (2, 10)
    assert Head(7, 3, 5)(torch.randn(2, 7)).shape == (2, 5)
    assert Block(5)(torch.randn(2, 3, 5)).shape == (2, 3, 5)
    assert Block(5, 7)(torch.randn(2, 5)).shape == (2, 7)
    assert window(torch.randn(2, 9, 5)).shape == (2, 2, 5, 4)
    assert window(torch.randn(2, 9, 5), 5, dim=2).shape == (2, 9, 1, 5)
    assert scale(torch.randn(2, 5)).shape == scale(torch.randn(2, 5), torch.ones(5)).shape


if __name__ == "__main__":
    example()
