"""Annotations with #, a size of one, and broadcasting that is meant."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def add(x: Float[Tensor, "#b #d"], y: Float[Tensor, "#b #d"]) -> Float[Tensor, "b d"]:
    return x + y


def many(x: Float[Tensor, "*#batch d"], y: Float[Tensor, "*#batch d"]) -> Float[Tensor, "*batch d"]:
    return x * y


def column(x: Float[Tensor, "n"], y: Float[Tensor, "m"]) -> Float[Tensor, "n m"]:
    return x[:, None] - y


def pairwise(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    return ((x.unsqueeze(1) - y.unsqueeze(0)) ** 2).sum(-1).sqrt()


def normalize(x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b 3 h w"]:
    mean = torch.tensor([0.5, 0.4, 0.3]).view(1, 3, 1, 1)
    return (x - mean) / mean


def gate(x: Float[Tensor, "b t d"], g: Float[Tensor, "b 1 d"]) -> Float[Tensor, "b t d"]:
    return x * g + (1 - g) * x.mean(dim=1, keepdim=True)


def mask_to(
    scores: Float[Tensor, "b h q k"], mask: Bool[Tensor, "#b #h #q k"]
) -> Float[Tensor, "b h q k"]:
    return scores.masked_fill(mask, -1e9)


def scalar(x: Float[Tensor, "b d"], s: Float[Tensor, ""]) -> Float[Tensor, "b d"]:
    return x * s + s


def alibi(heads: int, t: int) -> Float[Tensor, "heads t t"]:
    slopes = 2 ** -torch.arange(heads).float()
    distance = torch.arange(t)[None, :] - torch.arange(t)[:, None]
    return slopes[:, None, None] * distance


def example() -> None:
    assert add(torch.randn(2, 1), torch.randn(1, 3)).shape == (2, 3)
    assert many(torch.randn(2, 1, 5), torch.randn(3, 5)).shape == (2, 3, 5)
    assert column(torch.randn(2), torch.randn(3)).shape == (2, 3)
    assert pairwise(torch.randn(2, 5), torch.randn(3, 5)).shape == (2, 3)
    assert normalize(torch.rand(2, 3, 5, 7)).shape == (2, 3, 5, 7)
    assert gate(torch.randn(2, 3, 5), torch.rand(2, 1, 5)).shape == (2, 3, 5)
    mask = torch.zeros(1, 1, 5, 7, dtype=torch.bool)
    assert mask_to(torch.randn(2, 3, 5, 7), mask).shape == (2, 3, 5, 7)
    assert scalar(torch.randn(2, 3), torch.tensor(2.0)).shape == (2, 3)
    assert alibi(3, 5).shape == (3, 5, 5)


if __name__ == "__main__":
    example()
