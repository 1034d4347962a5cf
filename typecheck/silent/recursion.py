"""Functions and modules that call themselves with other shapes."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn


def tree_sum(xs: list[Float[Tensor, "d"]]) -> Float[Tensor, "d"]:
    if len(xs) == 1:
        return xs[0]
    middle = len(xs) // 2
    return tree_sum(xs[:middle]) + tree_sum(xs[middle:])


def hadamard(x: Float[Tensor, "b n"]) -> Float[Tensor, "b n"]:
    """Walsh-Hadamard transform; n is a power of two."""
    n = x.shape[1]
    if n == 1:
        return x
    a, b = x[:, : n // 2], x[:, n // 2 :]
    return torch.cat([hadamard(a + b), hadamard(a - b)], dim=1)


class RecursiveUNet(nn.Module):
    def __init__(self, channels: int, depth: int) -> None:
        super().__init__()
        self.inner: RecursiveUNet | nn.Identity = nn.Identity()
        self.depth = depth
        if depth > 0:
            self.down = nn.Conv2d(channels, 2 * channels, 2, stride=2)
            self.inner = RecursiveUNet(2 * channels, depth - 1)
            self.up = nn.ConvTranspose2d(2 * channels, channels, 2, stride=2)

    def forward(self, x: Float[Tensor, "b channels h w"]) -> Float[Tensor, "b channels h w"]:
        if self.depth == 0:
            return x
        return x + self.up(self.inner(self.down(x)))


class Tree(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.merge = nn.Linear(2 * dim, dim)

    def forward(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "dim"]:
        n = x.size(0)
        if n == 1:
            return x.squeeze(0)
        left, right = self(x[: n // 2]), self(x[n // 2 :])
        return self.merge(torch.cat((left, right)))


def example() -> None:
    assert tree_sum([torch.randn(3) for _ in range(5)]).shape == (3,)
    assert hadamard(torch.randn(2, 8)).shape == (2, 8)
    assert RecursiveUNet(3, 2)(torch.randn(2, 3, 8, 4)).shape == (2, 3, 8, 4)
    assert Tree(5)(torch.randn(7, 5)).shape == (5,)


if __name__ == "__main__":
    example()
