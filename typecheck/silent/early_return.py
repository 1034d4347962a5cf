"""Functions that leave early, with shapes that differ on the ways out but fit the annotation."""

import torch
from jaxtyping import Float
from torch import Tensor


def to_batch(x: Tensor) -> Float[Tensor, "b t d"]:
    if x.ndim == 3:
        return x
    if x.ndim == 2:
        return x.unsqueeze(0)
    return x[None, None]


def mean_or_first(x: Float[Tensor, "b t d"], first: bool) -> Float[Tensor, "b d"]:
    if first:
        return x[:, 0]
    x = x.mean(1)
    return x


def loss(x: Float[Tensor, "b d"], reduction: str) -> Tensor:
    per_item = x.pow(2).sum(-1)
    if reduction == "none":
        return per_item
    if reduction == "sum":
        return per_item.sum()
    if reduction != "mean":
        raise ValueError(reduction)
    return per_item.mean()


def safe_divide(x: Float[Tensor, "n d"], y: Float[Tensor, "n"]) -> Float[Tensor, "n d"]:
    if y.numel() == 0:
        return x
    if (y == 0).any():
        y = y + 1
    y = y.unsqueeze(1)
    return x / y


def pad_to(x: Float[Tensor, "n d"], length: int) -> Float[Tensor, "length d"]:
    n, d = x.shape
    if n == length:
        return x
    if n > length:
        return x[:length]
    return torch.cat([x, x.new_zeros(length - n, d)])


def example() -> None:
    for shape in [(5,), (3, 5), (2, 3, 5)]:
        assert to_batch(torch.zeros(shape)).shape[-1] == 5
    assert mean_or_first(torch.randn(2, 3, 5), True).shape == (2, 5)
    assert mean_or_first(torch.randn(2, 3, 5), False).shape == (2, 5)
    assert loss(torch.randn(2, 3), "none").shape == (2,)
    assert loss(torch.randn(2, 3), "mean").shape == ()
    assert safe_divide(torch.randn(3, 5), torch.ones(3)).shape == (3, 5)
    for length in (2, 3, 7):
        assert pad_to(torch.randn(3, 5), length).shape == (length, 5)


if __name__ == "__main__":
    example()
