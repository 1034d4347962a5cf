"""Protocols and callables whose annotations use other names than what they are given."""

from typing import Callable, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor, nn


@runtime_checkable
class Embedder(Protocol):
    dim: int

    def embed(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n e"]: ...


@runtime_checkable
class Loss(Protocol):
    def __call__(self, pred: Float[Tensor, "..."], true: Float[Tensor, "..."]) -> Tensor: ...


class Projection(nn.Module):
    def __init__(self, d_in: int, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.weight = nn.Parameter(torch.ones(d_in, dim))

    def embed(self, x: Float[Tensor, "batch d_in"]) -> Float[Tensor, "batch dim"]:
        return x @ self.weight


class Identity:
    dim = 5

    def embed(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        return x


def distance(e: Embedder, a: Float[Tensor, "n k"], b: Float[Tensor, "n k"]) -> Float[Tensor, "n"]:
    return (e.embed(a) - e.embed(b)).norm(dim=1)


def similarity(e: Embedder, a: Float[Tensor, "n k"], b: Float[Tensor, "m k"]) -> Tensor:
    z = e.embed(a)
    assert z.shape[1] == e.dim
    return z @ e.embed(b).t()


def mse(pred: Float[Tensor, "b d"], true: Float[Tensor, "b d"]) -> Float[Tensor, ""]:
    return (pred - true).square().mean()


def train(fn: Callable[[Float[Tensor, "b x"]], Float[Tensor, "b y"]], loss: Loss) -> Tensor:
    return loss(fn(torch.randn(2, 5)), torch.zeros(2, 7))


def example() -> None:
    a, b = torch.randn(3, 5), torch.randn(3, 5)
    assert distance(Projection(5, 7), a, b).shape == (3,)
    assert similarity(Identity(), a, torch.randn(2, 5)).shape == (3, 2)
    assert train(nn.Linear(5, 7), mse).ndim == 0
    assert train(lambda x: x @ torch.ones(5, 7), nn.MSELoss()).ndim == 0


if __name__ == "__main__":
    example()
