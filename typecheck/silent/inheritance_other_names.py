"""Overrides that use other names, other ranks and other arguments than the class they extend."""

from abc import ABC, abstractmethod
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Encoder(nn.Module, ABC):
    @abstractmethod
    def forward(self, x: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch outputs"]: ...

    def encode(self, x: Float[Tensor, "*b inputs"]) -> Float[Tensor, "*b outputs"]:
        flat = self(x.reshape(-1, x.shape[-1]))
        return flat.reshape(*x.shape[:-1], -1)


class LinearEncoder(Encoder):
    def __init__(self, d: int, e: int) -> None:
        super().__init__()
        self.linear = nn.Linear(d, e)

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n e"]:
        return self.linear(x)


class SquareEncoder(LinearEncoder):
    def __init__(self, d: int) -> None:
        super().__init__(d, d)

    def forward(self, x: Float[Tensor, "b k"]) -> Float[Tensor, "b k"]:
        return x + super().forward(x)


class PassThrough(Encoder):
    def forward(self, x: Float[Tensor, "outputs inputs"]) -> Float[Tensor, "outputs inputs"]:
        return x


class Conv1dSame(nn.Conv1d):
    def forward(self, input: Float[Tensor, "b t c"]) -> Float[Tensor, "b t c2"]:
        return super().forward(input.transpose(1, 2)).transpose(1, 2)


class Scale:
    def __call__(self, x: Float[Tensor, "b d"], **kwargs: Any) -> Float[Tensor, "b d"]:
        return 2 * x


class Halve(Scale):
    def __call__(self, x: Float[Tensor, "t"], **kwargs: Any) -> Float[Tensor, "t"]:  # type: ignore
        return x / 2


def run(encoders: list[Encoder], x: Float[Tensor, "b d"]) -> list[Float[Tensor, "b _"]]:
    return [encoder(x) for encoder in encoders]


def example() -> None:
    encoders: list[Encoder] = [LinearEncoder(5, 7), SquareEncoder(5), PassThrough()]
    shapes = [tuple(y.shape) for y in run(encoders, torch.randn(2, 5))]
    assert shapes == [(2, 7), (2, 5), (2, 5)]
    assert LinearEncoder(5, 7).encode(torch.randn(2, 3, 5)).shape == (2, 3, 7)
    assert Conv1dSame(5, 7, 3, padding=1)(torch.randn(2, 11, 5)).shape == (2, 11, 7)
    assert Halve()(Scale()(torch.ones(2, 3))[0]).shape == (3,)


if __name__ == "__main__":
    example()
