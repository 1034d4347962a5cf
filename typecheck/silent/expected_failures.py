"""Code that is there to fail: inside ``pytest.raises`` a wrong shape is what is wanted."""

import pytest
import torch
from jaxtyping import Float
from torch import Tensor


def test_rejects_the_wrong_size(x: Float[Tensor, "2 3"]) -> None:
    with pytest.raises(RuntimeError):
        x @ x
    with pytest.raises(IndexError, match="bounds"):
        torch.zeros(1, 5)[1]


def example() -> None:
    test_rejects_the_wrong_size(torch.randn(2, 3))


if __name__ == "__main__":
    example()
