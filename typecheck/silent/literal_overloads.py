"""Overloads that a literal chooses among: the literal decides, or all of them may be meant."""

from typing import Literal, overload

import torch
from jaxtyping import Float
from torch import Tensor


class Model(torch.nn.Module):
    @overload
    def forward(self, x: Float[Tensor, "b n"], kind: Literal["loss"]) -> Float[Tensor, ""]: ...

    @overload
    def forward(self, x: Float[Tensor, "b n"], kind: Literal["logits"]) -> Float[Tensor, "b n 5"]: ...

    def forward(self, x: Float[Tensor, "b n"], kind: str) -> Tensor:
        return x.sum() if kind == "loss" else x[..., None].expand(-1, -1, 5)


def last(model: Model, x: Float[Tensor, "b n"]) -> Float[Tensor, "b 5"]:
    return model(x, "logits")[:, -1, :]


def either(model: Model, x: Float[Tensor, "b n"], kind: Literal["loss", "logits"]) -> Tensor:
    return model(x, kind).sum()


def example() -> None:
    x = torch.randn(2, 3)
    assert last(Model(), x).shape == (2, 5)
    assert either(Model(), x, "loss").shape == ()


if __name__ == "__main__":
    example()
