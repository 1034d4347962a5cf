"""The same name in two classes or functions is two sizes, also through attributes."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Encoder(nn.Module):
    weight: Float[Tensor, "dim hidden"]

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.dim = dim
        self.weight = nn.Parameter(torch.randn(dim, hidden))

    @property
    def codes(self) -> Float[Tensor, "n hidden"]:
        return self.weight[:2]

    def forward(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "n hidden"]:
        return x @ self.weight


class Decoder(nn.Module):
    """Its dim is the hidden size of the encoder, and its hidden size is the encoder's dim."""

    def __init__(self, encoder: Encoder, dim: int, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.linear = nn.Linear(dim, hidden)

    def forward(self, x: Float[Tensor, "n hidden"]) -> Float[Tensor, "n hidden"]:
        z = self.encoder(x)
        return self.linear(z)

    def tied(self, z: Float[Tensor, "m dim"]) -> Float[Tensor, "m hidden"]:
        return z @ self.encoder.weight.t()

    def nearest(self, z: Float[Tensor, "m dim"]) -> Float[Tensor, "m n"]:
        return z @ self.encoder.codes.t()


def rows(x: Float[Tensor, "n m"]) -> Float[Tensor, "n"]:
    return x.sum(dim=1)


def columns(x: Float[Tensor, "n m"]) -> Float[Tensor, "m"]:
    return rows(x.t())


def total(n: int, x: Float[Tensor, "m n"]) -> Float[Tensor, "m n"]:
    """Here n is also the size of the last axis."""
    y = x.reshape(-1, n)
    return y + rows(y).unsqueeze(1)


def twice(x: Float[Tensor, "a b"]) -> Float[Tensor, "a b"]:
    assert columns(x).shape[0] == x.shape[1]
    x = torch.cat([x, x], dim=0)
    return x.chunk(2, dim=0)[0]


def example() -> None:
    encoder = Encoder(5, 7)
    decoder = Decoder(encoder, dim=7, hidden=5)
    assert decoder(torch.randn(2, 5)).shape == (2, 5)
    assert decoder.tied(torch.randn(3, 7)).shape == (3, 5)
    assert decoder.nearest(torch.randn(3, 7)).shape == (3, 2)
    assert total(3, torch.randn(2, 3)).shape == (2, 3)
    assert twice(torch.randn(2, 3)).shape == (2, 3)


if __name__ == "__main__":
    example()
