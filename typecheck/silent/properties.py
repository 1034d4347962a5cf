"""Tensors and sizes that are computed by properties."""

from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Gaussian(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(dim))
        self.tril = nn.Parameter(torch.eye(dim))

    @property
    def cov(self) -> Float[Tensor, "dim dim"]:
        return self.tril @ self.tril.t()

    @cached_property
    def log_det(self) -> Float[Tensor, ""]:
        return self.cov.logdet()

    def log_prob(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "n"]:
        diff = x - self.mean
        return -0.5 * ((diff @ self.cov.inverse()) * diff).sum(-1) - 0.5 * self.log_det


class Encoder(nn.Module):
    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.widths = widths
        self.net = nn.Linear(widths[0], widths[-1])

    @property
    def out_dim(self) -> int:
        return self.widths[-1]

    @property
    def device(self) -> torch.device:
        return self.net.weight.device

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b e"]:
        return self.net(x.to(self.device))


class Classifier(nn.Module):
    def __init__(self, encoder: Encoder, classes: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.out_dim, classes)

    def forward(self, x: Float[Tensor, "b n"]) -> Float[Tensor, "b classes"]:
        return self.head(self.encoder(x))


def example() -> None:
    assert Gaussian(3).log_prob(torch.randn(5, 3)).shape == (5,)
    assert Classifier(Encoder((5, 7)), 3)(torch.randn(2, 5)).shape == (2, 3)


if __name__ == "__main__":
    example()
