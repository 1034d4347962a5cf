"""Classes that are generic over sizes: type variables, rows of them, sizes at construction."""

from __future__ import annotations

from typing import Generic, TypeVar

import torch
from shapetorch import Dim, reveal_shape
from torch import Tensor, nn
from typing_extensions import TypeVarTuple, Unpack

B = TypeVar("B")
D = TypeVar("D")
H = TypeVar("H")
N = TypeVar("N")
Ts = TypeVarTuple("Ts")


class Linear(nn.Module, Generic[D, N]):
    def __init__(self, d: Dim[D], n: Dim[N]) -> None:
        super().__init__()
        self.weight: Tensor[N, D] = nn.Parameter(torch.zeros(n, d))

    def forward(self, x: Tensor[B, D]) -> Tensor[B, N]:
        return x @ self.weight.T

    def forward_wrong(self, x: Tensor[B, D]) -> Tensor[B, N]:
        return x @ self.weight  # E: [matmul_error_inner_dimensions_do_not_match] "D and N"


class Mlp(nn.Module, Generic[D, H]):
    def __init__(self, d: Dim[D], h: Dim[H]) -> None:
        super().__init__()
        self.up = Linear(d, h)
        self.down = Linear(h, d)

    def forward(self, x: Tensor[B, D]) -> Tensor[B, D]:
        reveal_shape(self.up(x))  # R: [B, H]
        return x + self.down(self.up(x))

    def forward_wrong(self, x: Tensor[B, D]) -> Tensor[B, D]:
        return self.down(x)  # E: [argument_error_shape_mismatch] "must be H, got D"


def uses(x: Tensor[B, 5]) -> None:
    reveal_shape(Linear(5, 7)(x))  # R: [B, 7]
    reveal_shape(Mlp(5, 11)(x))  # R: [B, 5]
    Mlp(7, 11)(x)  # E: [argument_error_shape_mismatch] "must be 7, got 5"


class Box(Generic[Unpack[Ts]]):
    def __init__(self, value: Tensor[Unpack[Ts]]) -> None:
        self.value = value

    def get(self) -> Tensor[Unpack[Ts]]:
        return self.value

    def rows(self, x: Tensor[B, Unpack[Ts]]) -> Tensor[B, Unpack[Ts]]:
        return x + self.value


def uses_box(x: Tensor[3, 5], y: Tensor[2, 3, 5]) -> None:
    box = Box(x)
    reveal_shape(box.get())  # R: [3, 5]
    reveal_shape(box.rows(y))  # R: [2, 3, 5]
    box.get() @ x  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"


def takes(layer: Linear[5, 7], x: Tensor[B, 5], y: Tensor[B, 7]) -> None:
    reveal_shape(layer(x))  # R: [B, 7]
    layer(y)  # E: [argument_error_shape_mismatch] "must be 5, got 7"


def takes_any(layer: Linear[D, N], x: Tensor[B, D]) -> Tensor[B, N]:
    return layer(x)


def takes_any_wrong(layer: Linear[D, N], x: Tensor[B, N]) -> Tensor[B, N]:
    return layer(x)  # E: [argument_error_shape_mismatch] "must be D, got N"


def passes(x: Tensor[3, 5], y: Tensor[3, 7]) -> None:
    reveal_shape(takes_any(Linear(5, 7), x))  # R: [3, 7]
    takes_any(Linear(5, 7), y)  # E: [argument_error_shape_mismatch] "must be 5, got 7"


class Cache(Generic[D]):
    items: list[Tensor[B, D]]

    def __init__(self) -> None:
        self.items = []

    def add(self, x: Tensor[B, D]) -> None:
        self.items.append(x)


def bare(layer: Linear, cache: Cache, x: Tensor[3, 5]) -> None:
    layer(x) @ x
    cache.add(x)


class Heads(Generic[D, H]):
    def __init__(self, d: Dim[D], h: Dim[H]) -> None:
        assert d % h == 0
        self.d, self.h = d, h

    def split(self, x: Tensor[B, N, D]) -> Tensor[B, N, H, D // H]:
        return x.unflatten(-1, (self.h, self.d // self.h))

    def split_wrong(self, x: Tensor[B, N, D]) -> Tensor[B, H, N, D // H]:
        return x.unflatten(-1, (self.h, self.d // self.h))  # E: [return_error_shape_mismatch] "axis 1 must be H, got N"
