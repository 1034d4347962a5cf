"""Functions and classes that other modules use."""

import torch
import torch.nn as nn
from jaxtyping import Float
from torch import Tensor

from .sizes import D_MODEL, Image


def project(x: Float[Tensor, "b d"], w: Float[Tensor, "d n"]) -> Float[Tensor, "b n"]:
    return x @ w


def helper(x):
    return torch.cat([x, x], dim=-1)


def breaks_for_some(x):
    return x @ torch.zeros(3, 5)


def grey(image: Image) -> Float[Tensor, "h w"]:
    return image.mean(0)


class Block(nn.Module):
    width = D_MODEL

    def __init__(self, d_in: int, d_out: int = D_MODEL) -> None:
        super().__init__()
        self.fc = nn.Linear(d_in, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        return self.fc(x)
