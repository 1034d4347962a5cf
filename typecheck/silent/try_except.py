"""Shapes that depend on whether an operation failed."""

import torch
from jaxtyping import Float
from torch import Tensor


def cholesky(x: Float[Tensor, "n n"]) -> Float[Tensor, "n n"]:
    try:
        return torch.linalg.cholesky(x)
    except RuntimeError:
        jitter = 1e-6 * torch.eye(x.size(0))
        return torch.linalg.cholesky(x + jitter)


def fit(x: Float[Tensor, "n d"]) -> Float[Tensor, "n _"]:
    try:
        y = x @ torch.zeros(5, 3)
    except RuntimeError:
        y = x
    else:
        y = y.relu()
    finally:
        x = x.mean(0)
    return y


def can_multiply(a: Float[Tensor, "n k"], b: Float[Tensor, "k2 m"]) -> bool:
    try:
        a @ b
    except RuntimeError:
        return False
    return True


def reshape_if_possible(x: Float[Tensor, "n"], width: int) -> Float[Tensor, "..."]:
    try:
        x = x.view(-1, width)
    except RuntimeError:
        pass
    return x


def example() -> None:
    assert cholesky(torch.eye(3)).shape == (3, 3)
    assert fit(torch.randn(2, 5)).shape == (2, 3)
    assert fit(torch.randn(2, 7)).shape == (2, 7)
    assert not can_multiply(torch.randn(2, 3), torch.randn(5, 7))
    assert reshape_if_possible(torch.randn(6), 4).shape == (6,)
    assert reshape_if_possible(torch.randn(6), 3).shape == (2, 3)


if __name__ == "__main__":
    example()
