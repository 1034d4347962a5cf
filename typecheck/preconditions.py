"""Beside what code may take for granted (see `silent/`): the same, where nothing grants it."""

from typing import TypeVar

import torch
from einops import rearrange, repeat
from jaxtyping import Float
from torch import Tensor, nn

from shapetorch import reveal_shape

T = TypeVar("T")


def default(value: T | None, otherwise: T) -> T:
    return otherwise if value is None else value


def stretched(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(repeat(x, "b 1 -> b n", n=5))  # R: [b, 5]
    repeat(x, "b 1 d -> b n d", n=5)  # E: [einops_error_invalid_pattern]


def dropped(x: Float[Tensor, "b t"]) -> None:
    rearrange(x, "b 1 -> b")  # E: [einops_error_dimension_mismatch]


class Attention(nn.Module):
    def __init__(self, is_local: bool, breaks: Float[Tensor, "n_breaks"]) -> None:
        super().__init__()
        self.is_local = is_local
        self.breaks = breaks

    def local(self, q: Float[Tensor, "b n d"], k: Float[Tensor, "b n d"]) -> Float[Tensor, "b n d"]:
        return q * k

    def always(
        self, q: Float[Tensor, "b i d"], k: Float[Tensor, "b j d"]
    ) -> Float[Tensor, "b i d"]:
        return self.local(q, k)  # E: [argument_error_shape_mismatch] "must be i, got j"

    def in_a_mode(
        self, q: Float[Tensor, "b i d"], k: Float[Tensor, "b j d"]
    ) -> Float[Tensor, "b i d"]:
        if self.is_local:
            return self.local(q, k[0])  # E: [argument_error_shape_mismatch]
        return q @ k  # E: [matmul_error_inner_dimensions_do_not_match]

    def binned(self, x: Float[Tensor, "b bins"]) -> None:
        x @ self.breaks

    def squared(self, x: Float[Tensor, "b bins"]) -> None:
        x @ x  # E: [matmul_error_inner_dimensions_do_not_match]

    def context_is_there(
        self,
        seq: Float[Tensor, "b i d"],
        context: Float[Tensor, "b j d"],
        earlier: Float[Tensor, "b j d"] | None = None,
    ) -> None:
        values = default(context, seq)
        if earlier is not None:
            values.lerp(earlier, seq)  # E: [broadcast_error_incompatible_dimensions]


class Loss:
    def forward(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch"]:
        return x.sum(1)


class Other(Loss):
    def forward(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch"]:
        if x.sum() > 0:
            return x.sum(0)  # E: [return_error_shape_mismatch] "must be batch, got d"
        return torch.zeros(3)
