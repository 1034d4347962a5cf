"""Fields of dataclasses, named tuples and plain classes: within the class, and from outside."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from shapetorch import reveal_shape
from torch import Tensor


@dataclass
class Batch:
    x: Float[Tensor, "b t"]
    y: Int[Tensor, "b"]
    mask: Float[Tensor, "b t"] | None = None
    scale: float = 1.0

    def weighted(self) -> Float[Tensor, "b t"]:
        return self.x * self.y[:, None]

    def weighted_wrong(self) -> Float[Tensor, "b t"]:
        return self.x * self.y  # E: [broadcast_error_incompatible_dimensions] "t and b"

    def masked(self) -> Float[Tensor, "b t"]:
        return self.x if self.mask is None else self.x * self.mask


def builds(x: Float[Tensor, "7 5"], y: Int[Tensor, "7"], z: Int[Tensor, "3"]) -> None:
    batch = Batch(x, y)
    reveal_shape(batch.x)  # R: [7, 5]
    reveal_shape(batch.weighted())  # R: [7, 5]
    batch.x @ x  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 7"
    Batch(x, z)  # E: [argument_error_shape_mismatch] "argument 'y': axis 0 (b) must be 7, got 3"
    Batch(x=x, y=z)  # E: [argument_error_shape_mismatch]


def comes_in(batch: Batch, w: Float[Tensor, "t n"]) -> None:
    batch.x @ w
    batch.x + batch.masked()
    batch.x @ w[None, None, None, 0]


def rank_is_known(batch: Batch) -> None:
    batch.x.transpose(1, 2)  # E: [transpose_dims_error_out_of_range]


def two_come_in(one: Batch, other: Batch) -> None:
    one.x + other.x
    one.x @ other.x.T


class Output(NamedTuple):
    logits: Float[Tensor, "b v"]
    loss: Float[Tensor, ""]


def forward(x: Float[Tensor, "b v"]) -> Output:
    return Output(x, x.mean())


def forward_wrong(x: Float[Tensor, "b v"]) -> Output:
    return Output(x, x)  # E: [argument_error_shape_mismatch] "argument 'loss': rank must be 0, got 2"


def of_the_tuple(x: Float[Tensor, "3 5"]) -> None:
    out = Output(x, x.sum())
    logits, loss = out
    reveal_shape(out.logits)  # R: [3, 5]
    reveal_shape(logits.T)  # R: [5, 3]
    reveal_shape(loss)  # R: []
    out.logits @ x  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"


@dataclass
class Config:
    d_model: int = 512
    n_heads: int = 8
    sizes: list[int] = field(default_factory=list)

    @property
    def d_head(self) -> int:
        return self.d_model // self.n_heads


def made(x: Float[Tensor, "b 512"]) -> None:
    config = Config()
    reveal_shape(x.view(-1, config.n_heads, config.d_head))  # R: [b, 8, 64]
    reveal_shape(torch.zeros(config.d_model))  # R: [512]
    x @ torch.zeros(config.d_head, 3)  # E: [matmul_error_inner_dimensions_do_not_match] "512 and 64"


def changed(x: Float[Tensor, "b 12"]) -> None:
    config = Config(d_model=12, n_heads=3)
    reveal_shape(x.unflatten(1, (config.n_heads, -1)))  # R: [b, 3, 4]


class State:
    hidden: Float[Tensor, "b h"]
    width = 7

    def next(self, x: Float[Tensor, "b h"]) -> Float[Tensor, "b h"]:
        return self.hidden + x

    def of_class(self, x: Float[Tensor, "b 7"]) -> Float[Tensor, "b 5"]:
        return x @ torch.zeros(self.width, 5)

    def of_class_wrong(self, x: Float[Tensor, "b 5"]) -> None:
        x @ torch.zeros(State.width, 5)  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 7"


def with_another_field(x: Float[Tensor, "7 5"], y: Int[Tensor, "7"], z: Float[Tensor, "3 5"]) -> None:
    batch = Batch(x, y)
    reveal_shape(replace(batch, mask=x).mask)  # R: [7, 5]
    reveal_shape(replace(batch, mask=x).x)  # R: [7, 5]
    replace(batch, x=z)  # E: [argument_error_shape_mismatch] "argument 'y': axis 0 (b) must be 3, got 7"
    reveal_shape(Output(x, x.sum())._replace(logits=z).logits)  # R: [3, 5]
    Output(x, x.sum())._replace(loss=z)  # E: [argument_error_shape_mismatch]
