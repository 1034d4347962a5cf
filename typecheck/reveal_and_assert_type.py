"""`reveal_shape` says a shape; `assert_type` with a shape insists on one."""

from typing import TypeVar

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor
from typing_extensions import assert_type

B = TypeVar("B")
T = TypeVar("T")


def shapes(x: Float[Tensor, "B T"], y: Tensor, n: int) -> None:
    reveal_shape(x)  # R: [B, T]
    reveal_shape(torch.cat([x, x], dim=1))  # R: [B, 2*T]
    reveal_shape(x.sum())  # R: []
    reveal_shape(y)  # R: [...]
    reveal_shape((x, x.T))  # R: ([B, T], [T, B])
    reveal_shape(x.shape[0])  # R: B
    reveal_shape(n)  # R: n
    reveal_shape(x.max(1))  # R: ([B], [B])
    reveal_shape("text")  # R: unknown
    z = reveal_shape(x.T) @ x  # R: [T, B]
    reveal_shape(z)  # R: [T, T]


def inside_a_helper(x):
    reveal_shape(x)  # R: unknown
    return x


def right(x: Float[Tensor, "B T"]) -> None:
    assert_type(torch.cat([x, x], dim=1), "Tensor[B, T * 2]")
    assert_type(torch.cat([x, x], dim=1), "torch.Tensor[B, T * 2]")
    assert_type(x, Tensor["B", "T"])
    assert_type(x, Float[Tensor, "B T"])
    assert_type(x.sum(), Float[Tensor, ""])


def wrong(x: Float[Tensor, "B T"]) -> None:
    assert_type(x.T, "Tensor[B, T]")  # E: [assert_error_shape_mismatch] "shape must be [B, T], got [T, B]"
    assert_type(x, "Tensor[B]")  # E: [assert_error_shape_mismatch]
    assert_type(x, "Tensor[B, 5]")  # E: [assert_error_shape_mismatch]
    assert_type(x.sum(0), Float[Tensor, ""])  # E: [assert_error_shape_mismatch]


def only_bare(x: Float[Tensor, "B T"]) -> None:
    assert_type(x, Tensor)
