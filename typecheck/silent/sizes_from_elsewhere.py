"""Sizes spread out of something whose length is not known: the rank is not known then."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Shaped
from torch import Tensor


class Rotation:
    def __init__(self, shape) -> None:
        self.shape = shape

    def to_matrix(self, x: Tensor) -> Tensor:
        tensor = x.new_zeros((*self.shape, 4, 4))
        tensor[..., 3, 3] = 1
        return tensor


def aligned(n: int, extra: Sequence[int] = ()) -> Shaped[Tensor, "n n *extra"]:
    shape = (n, n, *extra)
    both = torch.zeros(shape)
    both[0, 0] = 1
    return both


def given(shape) -> Float[Tensor, "..."]:
    return torch.zeros(shape)[0, 0]


def example() -> None:
    assert Rotation((2,)).to_matrix(torch.randn(3)).shape == (2, 4, 4)
    assert aligned(2).shape == (2, 2)
    assert given((2, 3, 5)).shape == (5,)


if __name__ == "__main__":
    example()
