"""A result that is one of several: an index that fits one of them is no error, nor is a leading 1."""

import torch
from jaxtyping import Float
from torch import Tensor


def scores(
    x: Float[Tensor, "b n"], pairs: bool
) -> Float[Tensor, "b"] | tuple[Float[Tensor, "b n n"], Float[Tensor, "b n"]]:
    return (x[:, :, None] * x[:, None], x) if pairs else x.sum(-1)


def first_row(x: Float[Tensor, "b n"]) -> Tensor:
    both, rows = scores(x, True)
    return both[0, 0] + rows[0]


def one(x: Float[Tensor, "n"]) -> Float[Tensor, "b"]:
    return x.sum(0, keepdim=True)


def filled(x: Float[Tensor, "b n"]) -> Float[Tensor, "b"]:
    total = torch.zeros(x.shape[0])
    for place in range(x.shape[0]):
        total[place] = one(x[place])
    return total


def example() -> None:
    x = torch.ones(3, 5)
    assert first_row(x).shape == (5,)
    assert torch.equal(filled(x), x.sum(1))
