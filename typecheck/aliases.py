"""Aliases of shapes: bare they mean what they stand for, in brackets their parameters get sizes."""

from __future__ import annotations

from typing import Optional, TypeVar

from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor
from typing_extensions import TypeAlias, TypeVarTuple, Unpack

B = TypeVar("B")
C = TypeVar("C")
T = TypeVar("T")
N = TypeVar("N")
Ts = TypeVarTuple("Ts")

Tokens: TypeAlias = Float[Tensor, "b t"]
Image = Float[Tensor, "3 h w"]
Hidden = Tensor[B, T, 512]
Square = Tensor[N, N]
Batch = Tensor["batch", Unpack[Ts]]
Maybe = Optional[Tensor[B, T]]


def string(x: Tokens) -> Float[Tensor, "b"]:
    return x.sum(1)


def string_wrong(x: Tokens) -> Float[Tensor, "b"]:
    return x.sum(0)  # E: [return_error_shape_mismatch] "must be b, got t"


def image(x: Image) -> Image:
    reveal_shape(x)  # R: [3, h, w]
    return x


def hidden(x: Hidden) -> Tensor[B, T]:
    reveal_shape(x)  # R: [B, T, 512]
    return x.sum(2)


def of_others(x: Hidden[C, 7]) -> Tensor[C, 512]:
    reveal_shape(x)  # R: [C, 7, 512]
    return x.sum(1)


def of_others_wrong(x: Hidden[C, 7]) -> Tensor[C, 7]:
    return x.sum(1)  # E: [return_error_shape_mismatch] "must be 7, got 512"


def squares(x: Square[5], y: Square[7]) -> None:
    reveal_shape(x)  # R: [5, 5]
    x @ y  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 7"


def batched(x: Batch[3, T]) -> Tensor[3, T]:
    reveal_shape(x)  # R: [batch, 3, T]
    return x[0]


def maybe(x: Maybe[C, T]) -> Tensor[T]:
    if x is None:
        raise ValueError
    reveal_shape(x)  # R: [C, T]
    return x[0]


def calls(x: Tensor[3, 5], y: Tensor[2, 7, 512]) -> None:
    reveal_shape(of_others(y))  # R: [2, 512]
    hidden(x)  # E: [argument_error_shape_mismatch] "rank must be 3, got 2 from [3, 5]"
    squares(x, x)  # E: [argument_error_shape_mismatch] "must be 5, got 3"
