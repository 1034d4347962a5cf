"""Rows of sizes: what works for the empty row only, or only for rows that suit each step, is wrong."""

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def without_keepdim(x: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch n"]:
    return x / x.norm(dim=-1)  # E: [broadcast_error_incompatible_dimensions]


def another_axis(x: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch"]:
    return x.sum(-2)  # E: [return_error_shape_mismatch]


def from_the_front(x: Float[Tensor, "n *batch"]) -> Float[Tensor, "*batch"]:
    return x.sum(1)  # E: [return_error_shape_mismatch]


def product(x: Float[Tensor, "*batch 3"], y: Float[Tensor, "*batch 3"]) -> None:
    x @ y  # E: [matmul_error_inner_dimensions_do_not_match]


def in_a_method_of_its_own(x: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch"]:
    total = another_axis(x)
    return total + x.mean(-2)  # E: [broadcast_error_incompatible_dimensions]


def right(x: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch"]:
    return (x / x.norm(dim=-1, keepdim=True)).sum(-1)


def of_one_size_only(x: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch n"]:
    return x.mT.mT


def of_two_sizes_at_least(x: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch n"]:
    return x.transpose(0, 1).transpose(0, 1)


def by_rank(x: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch"]:
    if x.ndim == 1:
        return x.sum()
    if x.ndim == 2:
        return torch.stack([by_rank(row) for row in x])
    return x.flatten(1, -2).sum(-1).view(x.shape[:-1])


def broadcast(x: Float[Tensor, "*batch n d"], y: Float[Tensor, "... n d"]) -> None:
    common = torch.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    reveal_shape(x.expand(common + x.shape[-2:]))  # R: [..., n, d]
