"""Arithmetic with what nothing says to be a number: it may be a tensor of any shape."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


def twice(by, y: Float[Tensor, "b t"]) -> Float[Tensor, "c b t"]:
    return y + by * 2


def shifted(by, n: int, y: Float[Tensor, "b t"]) -> Float[Tensor, "c b t"]:
    return y * (by + n)


def both(one, other, y: Float[Tensor, "b t"]) -> Float[Tensor, "c b t"]:
    return y * (one - other)


class Scaled(nn.Module):
    def __init__(self, scale, options):
        super().__init__()
        self.scale = scale
        self.offset = options.offset

    def forward(self, y: Float[Tensor, "b t"]) -> Float[Tensor, "c b t"]:
        return y * (1 - self.scale) + 2 * self.offset


class Options:
    offset = torch.ones(3, 1, 1)


def example() -> None:
    y = torch.ones(4, 5)
    by = torch.ones(3, 1, 1)
    for result in (twice(by, y), shifted(by, 1, y), both(by, 1.0, y), Scaled(by, Options())(y)):
        assert result.shape == (3, 4, 5)


if __name__ == "__main__":
    example()
