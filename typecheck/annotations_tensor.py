"""Sizes in the brackets of `Tensor`: names in quotes, type variables, arithmetic, rows, the scalar."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import shapetorch
import torch
from shapetorch import Dim, Shape, reveal_shape
from torch import Tensor
from typing_extensions import TypeVarTuple, Unpack

B = TypeVar("B")
T = TypeVar("T")
D = TypeVar("D")
N = TypeVar("N")
Ts = TypeVarTuple("Ts")
WIDTH = 512


def quoted(x: Tensor["b", "t", 512]) -> Tensor["b", 512]:
    reveal_shape(x)  # R: [b, t, 512]
    return x.mean(1)


def quoted_wrong(x: Tensor["b", "t", 512]) -> Tensor["b", 512]:
    return x.mean(2)  # E: [return_error_shape_mismatch] "axis 1 must be 512, got t"


def variables(x: Tensor[B, T, 512]) -> Tensor[B, T]:
    reveal_shape(x)  # R: [B, T, 512]
    return x.sum(-1)


def arithmetic(x: Tensor[B, T]) -> Tensor[B, T * 2]:
    return torch.cat([x, x], dim=1)


def arithmetic_wrong(x: Tensor[B, T]) -> Tensor[B, T * 2]:
    return torch.cat([x, x], dim=0)  # E: [return_error_shape_mismatch]


def more_arithmetic(x: Tensor[B, T]) -> Tensor[B, (T + 1) // 2]:
    return x[:, ::2]


def quoted_whole(x: "Tensor[B, 2 * D]") -> "Tensor[B, D * 2]":
    return x


def scalar(x: Tensor[B]) -> Tensor[()]:
    return x.sum()


def not_scalar(x: Tensor[B]) -> Tensor[()]:
    return x  # E: [return_error_shape_mismatch] "rank must be 0, got 1 from [B]"


def row(x: Tensor[B, Unpack[Ts]]) -> Tensor[Unpack[Ts]]:
    return x[0]


def row_with_star(x: Tensor[*Ts, D]) -> Tensor[*Ts]:
    reveal_shape(x)  # R: [*Ts, D]
    return x.sum(-1)


def row_is_longer(x: Tensor[*Ts, D]) -> Tensor[*Ts]:
    return x  # E: [return_error_shape_mismatch]


def dots(x: Tensor["b", ...]) -> Tensor["b", ...]:
    return x.flatten(1)


def any_size(x: Tensor[B, Any]) -> Tensor[B, 7]:
    return x


def constants(x: Tensor[B, WIDTH]) -> None:
    reveal_shape(x)  # R: [B, 512]


def of_shapetorch(x: shapetorch.Tensor[B, T], w: shapetorch.Tensor[D, N]) -> None:
    reveal_shape(x + x)  # R: [B, T]
    x @ w  # E: [matmul_error_inner_dimensions_do_not_match] "T and D"


def of_torch_in_full(x: torch.Tensor[B, T * 2]) -> torch.Tensor[T * 2, B]:
    return x.T


def long_form(x: Tensor[Shape[2, 3]], y: Tensor[Shape[3, 5]]) -> Tensor[Shape[2, 5]]:
    return x @ y


def long_form_with_dtype(x: shapetorch.Tensor[Shape[2, 3], shapetorch.float32]) -> None:
    reveal_shape(x)  # R: [2, 3]


def bare(x: Tensor) -> Tensor[3, 5]:
    return x


def calls(x: Tensor[3, 7, 512], y: Tensor[3, 7]) -> None:
    reveal_shape(variables(x))  # R: [3, 7]
    reveal_shape(arithmetic(y))  # R: [3, 14]
    reveal_shape(row(x))  # R: [7, 512]
    reveal_shape(row_with_star(x))  # R: [3, 7]
    reveal_shape(more_arithmetic(y))  # R: [3, 4]
    variables(y)  # E: [argument_error_shape_mismatch] "rank must be 3, got 2 from [3, 7]"


class Head(Generic[D, N]):
    def __init__(self, d: Dim[D], n: Dim[N]) -> None:
        self.weight: Tensor[D, N] = torch.zeros(d, n)

    def __call__(self, x: Tensor[B, D]) -> Tensor[B, N]:
        return x @ self.weight

    def wrong(self, x: Tensor[B, N]) -> Tensor[B, N]:
        return x @ self.weight  # E: [matmul_error_inner_dimensions_do_not_match] "N and D"


def uses_head(x: Tensor[B, 5]) -> None:
    reveal_shape(Head(5, 7)(x))  # R: [B, 7]
    Head(7, 5)(x)  # E: [argument_error_shape_mismatch] "must be 7, got 5"
