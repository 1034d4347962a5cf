"""Overloads: the first signature that the arguments fit; an error only when none does."""

from typing import overload

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


@overload
def pool(x: Float[Tensor, "c h w"]) -> Float[Tensor, "c"]: ...
@overload
def pool(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c"]: ...  # M: [overload-cannot-match]
def pool(x: Tensor) -> Tensor:
    return x.mean((-2, -1))


def by_rank(x: Float[Tensor, "3 5 7"], y: Float[Tensor, "2 3 5 7"]) -> None:
    reveal_shape(pool(x))  # R: [3]
    reveal_shape(pool(y))  # R: [2, 3]


def none_fits(x: Float[Tensor, "5 7"]) -> None:
    pool(x)  # E: [argument_error_shape_mismatch] "rank must be 3, got 2"


def unknown_rank(x: Tensor) -> None:
    pool(x) @ x


@overload
def pair(x: Float[Tensor, "n d"], y: None = None) -> Float[Tensor, "n n"]: ...
@overload
def pair(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]: ...
def pair(x: Tensor, y: Tensor | None = None) -> Tensor:
    return x @ (x if y is None else y).T


def by_number(x: Float[Tensor, "3 5"], y: Float[Tensor, "7 5"]) -> None:
    reveal_shape(pair(x))  # R: [3, 3]
    reveal_shape(pair(x, y))  # R: [3, 7]
    pair(x, y.T)  # E: [argument_error_shape_mismatch]


class Scaler:
    @overload
    def __call__(self, x: Float[Tensor, "n"]) -> Float[Tensor, "n 1"]: ...
    @overload
    def __call__(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]: ...  # M: [overload-cannot-match]
    def __call__(self, x: Tensor) -> Tensor:
        return x[:, None] if x.ndim == 1 else x

    def use(self, x: Float[Tensor, "3 5"]) -> None:
        reveal_shape(self(x))  # R: [3, 5]
        reveal_shape(self(x[0]))  # R: [5, 1]
        self(x) @ x  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"
        self(x[None])  # E: [argument_error_shape_mismatch]
