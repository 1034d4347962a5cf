"""Sizes read from tensors: `x.shape`, `x.size()`, `len`, `ndim`, `numel`, unpacking, arithmetic."""

import math

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def attribute(x: Float[Tensor, "b t d"]) -> None:
    reveal_shape(x.shape[0])  # R: b
    reveal_shape(x.shape[-1])  # R: d
    reveal_shape(torch.zeros(x.shape))  # R: [b, t, d]
    reveal_shape(torch.zeros(x.shape[:2]))  # R: [b, t]
    reveal_shape(torch.zeros(*x.shape[:-1], 5))  # R: [b, t, 5]
    reveal_shape(torch.zeros((*x.shape[1:], 5)))  # R: [t, d, 5]
    reveal_shape(torch.zeros(x.shape[1:] + (5,)))  # R: [t, d, 5]


def method(x: Float[Tensor, "b t d"]) -> None:
    reveal_shape(x.size(1))  # R: t
    reveal_shape(x.size(-1))  # R: d
    reveal_shape(torch.zeros(x.size()))  # R: [b, t, d]
    b, t, d = x.size()
    reveal_shape(x.view(b * t, d))  # R: [b*t, d]


def other_integers(x: Float[Tensor, "b t 3"]) -> None:
    reveal_shape(len(x))  # R: b
    reveal_shape(x.ndim)  # R: 3
    reveal_shape(x.dim())  # R: 3
    reveal_shape(x.numel())  # R: 3*b*t
    reveal_shape(len(x.shape))  # R: 3
    reveal_shape(x.shape.numel())  # R: 3*b*t
    reveal_shape(math.prod(x.shape[:2]))  # R: b*t


def arithmetic(x: Float[Tensor, "b t d"]) -> None:
    n = x.shape[1]
    reveal_shape(n + 1)  # R: t + 1
    reveal_shape(2 * n - 1)  # R: 2*t - 1
    reveal_shape(n // 2)  # R: t//2
    reveal_shape(n % 3)  # R: t - 3*(t//3)
    reveal_shape(-(-n // 4))  # R: (t + 3)//4
    reveal_shape(min(n, 5))  # R: min(5, t)
    reveal_shape(max(n, x.shape[0]))  # R: max(b, t)
    reveal_shape(n**2)  # R: t*t
    reveal_shape(divmod(n, 2)[0])  # R: t//2
    reveal_shape(int(n / 2))  # R: ?
    reveal_shape(abs(n))  # R: t


def unpacking(x: Float[Tensor, "b t d"]) -> Float[Tensor, "d t b"]:
    b, t, d = x.shape
    *_, last = x.shape
    first, *rest = x.shape
    reveal_shape(torch.zeros(last, first))  # R: [d, b]
    reveal_shape(torch.zeros(rest))  # R: [t, d]
    return torch.zeros(d, t, b)


def unpacking_wrong(x: Float[Tensor, "b t d"]) -> Float[Tensor, "d t b"]:
    b, t, d = x.shape
    return torch.zeros(d, b, t)  # E: [return_error_shape_mismatch] "axis 1 must be t, got b"


def unpacking_too_few(x: Float[Tensor, "b t d"]) -> None:
    b, t = x.shape  # E: [unpack_error_count_mismatch]
    x.view(b, t)


def unpacking_too_many(x: Float[Tensor, "b t"]) -> None:
    b, c, h, w = x.shape  # E: [unpack_error_count_mismatch]


def out_of_range(x: Float[Tensor, "b t"]) -> None:
    x.size(2)  # E: [dimension_error_out_of_range]


def makes(x: Float[Tensor, "b t"], y: Float[Tensor, "t b"]) -> None:
    y @ torch.zeros(x.size(1), 3)  # E: [matmul_error_inner_dimensions_do_not_match] "b and t"
    torch.zeros(len(x)) + torch.zeros(len(y))  # E: [broadcast_error_incompatible_dimensions] "b and t"
    x.reshape(len(y), len(x)) + y


def unknown_rank(x: Tensor) -> None:
    b, t = x.shape
    reveal_shape(x.sum(1).shape[0] - b)  # R: 0
    x @ x.T
    x @ torch.zeros(t, 3)
    torch.zeros(x.shape[3], x.shape[-4])


def of_a_row(x: Float[Tensor, "*batch d"]) -> Float[Tensor, "*batch 2"]:
    reveal_shape(x.shape[-1])  # R: d
    *batch, d = x.shape
    y = torch.zeros(d, 2)
    return (x @ y).view(*batch, 2)


def index_of_tuple(x: Float[Tensor, "b c h w"]) -> None:
    h, w = x.shape[-2:]
    n = h * w
    reveal_shape(x.flatten(2) @ torch.zeros(n, 5))  # R: [b, c, 5]
    x.flatten(1) @ torch.zeros(n, 5)  # E: [matmul_error_inner_dimensions_do_not_match]
