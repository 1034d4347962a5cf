"""The documented helpers in signatures: evaluated at every call, with their own errors."""

from __future__ import annotations

from typing import TypeVar

import torch
from shapetorch import (
    AssertNoShapeError,
    BroadcastShape,
    CatShape,
    MatmulShape,
    ReshapeShape,
    Shape,
    reveal_shape,
)
from torch import Tensor
from typing_extensions import TypeVarTuple

A = TypeVarTuple("A")
C = TypeVarTuple("C")
N = TypeVar("N")
M = TypeVar("M")


def matmul(a: Tensor[*A], b: Tensor[*C]) -> Tensor[MatmulShape[Shape[*A], Shape[*C]]]:
    return a @ b


def add(a: Tensor[*A], b: Tensor[*C]) -> Tensor[BroadcastShape[Shape[*A], Shape[*C]]]:
    return a + b


def flat(a: Tensor[N, M]) -> Tensor[ReshapeShape[Shape[N, M], Shape[N * M]]]:
    return a.reshape(-1)


def calls_matmul(x: Tensor[2, 3], y: Tensor[3, 5], z: Tensor[7, 5]) -> None:
    reveal_shape(matmul(x, y))  # R: [2, 5]
    matmul(x, z)  # E: [matmul_error_inner_dimensions_do_not_match] "got 3 and 7 from [2, 3] @ [7, 5]"


def calls_with_names(x: Tensor["b", "t", "d"], w: Tensor["d", "n"]) -> None:
    reveal_shape(matmul(x, w))  # R: [b, t, n]
    matmul(w, x)  # E: [matmul_error_inner_dimensions_do_not_match] "n and t"


def calls_add(x: Tensor[2, 1], y: Tensor[5], z: Tensor[3, 5]) -> None:
    reveal_shape(add(x, y))  # R: [2, 5]
    add(x, z)  # E: [broadcast_error_incompatible_dimensions] "2 and 3"


def calls_flat(x: Tensor[2, 3]) -> None:
    reveal_shape(flat(x))  # R: [6]


def alone(x: Tensor[MatmulShape[Shape[2, 3], Shape[3, 5]]]) -> None:
    reveal_shape(x)  # R: [2, 5]


def nothing_is_known(x: Tensor, y: Tensor[3, 5]) -> None:
    matmul(x, y)
    add(x, y)


def broken(x: Tensor[MatmulShape[Shape[2, 3], Shape[7, 5]]]) -> None:  # E: [matmul_error_inner_dimensions_do_not_match] "3 and 7"
    x.sum()


Product = MatmulShape[Shape[2, 3], Shape[3, 5]]


def of_an_alias(x: Tensor[Product]) -> Tensor[2, 5]:
    return x


def of_an_alias_wrong(x: Tensor[Product]) -> Tensor[5, 2]:
    return x  # E: [return_error_shape_mismatch] "axis 0 must be 5, got 2"
