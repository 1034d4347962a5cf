"""`Dim[N]`: an int whose value is a size."""

from __future__ import annotations

from typing import TypeVar

import torch
from jaxtyping import Float
from shapetorch import Dim, reveal_shape
from torch import Tensor, nn

B = TypeVar("B")
N = TypeVar("N")
D = TypeVar("D")
H = TypeVar("H")


def eye(n: Dim[N]) -> Tensor[N, N]:
    reveal_shape(n)  # R: N
    return torch.eye(n)


def wide(n: Dim[N], x: Tensor[B, N]) -> Tensor[B, 2 * N]:
    return torch.cat([x, torch.zeros(x.shape[0], n)], dim=1)


def wide_wrong(n: Dim[N], x: Tensor[B, N]) -> Tensor[B, N]:
    return torch.cat([x, torch.zeros(x.shape[0], n)], dim=1)  # E: [return_error_shape_mismatch] "must be N, got 2*N"


def size(x: Tensor[B, N]) -> Dim[N]:
    return x.shape[1]


def size_wrong(x: Tensor[B, N]) -> Dim[N]:
    return x.shape[0]  # E: [return_error_shape_mismatch] "must be N, got B"


def calls(x: Tensor[3, 5]) -> None:
    reveal_shape(eye(7))  # R: [7, 7]
    reveal_shape(eye(x.shape[1]))  # R: [5, 5]
    reveal_shape(wide(5, x))  # R: [3, 10]
    reveal_shape(size(x))  # R: 5
    reveal_shape(torch.zeros(size(x), 2))  # R: [5, 2]
    wide(3, x)  # E: [argument_error_shape_mismatch] "argument 'x': axis 1 (N) must be 3, got 5"


def expression(n: Dim[2 * N]) -> Tensor[N, 2]:
    return torch.zeros(n // 2, 2)


class Head(nn.Module):
    def __init__(self, d: Dim[D], h: Dim[H]) -> None:
        super().__init__()
        self.proj = nn.Linear(d, h)
        self.h = h

    def forward(self, x: Tensor[B, D]) -> Tensor[B, H]:
        return self.proj(x) + torch.zeros(self.h)

    def wrong(self, x: Tensor[B, H]) -> Tensor[B, H]:
        return self.proj(x)  # E: [linear_error_in_features]


def ordinary(n: int, x: Tensor[B, N]) -> None:
    eye(n) @ eye(n)
    eye(n + 1) @ eye(n)  # E: [matmul_error_inner_dimensions_do_not_match] "n + 1 and n"


def spelled_alike(n: Dim[N], x: Float[Tensor, "b n"]) -> Tensor["b", 2 * N]:
    return torch.cat([x, torch.zeros(x.shape[0], n)], dim=1)


class Projection(nn.Module):
    def __init__(self, d: Dim[D], h: Dim[H]) -> None:
        super().__init__()
        self.proj = nn.Linear(d, h)

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b h"]:
        return self.proj(x)

    def wrong(self, x: Float[Tensor, "b h"]) -> Float[Tensor, "b h"]:
        return self.proj(x)  # E: [linear_error_in_features] "got h"
