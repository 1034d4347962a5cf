"""Comprehensions over tensors, layers and sizes."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


def embed_all(x: Int[Tensor, "b fields"], tables: nn.ModuleList) -> Float[Tensor, "b total"]:
    return torch.cat([table(x[:, i]) for i, table in enumerate(tables)], dim=1)


def rows(x: Float[Tensor, "n d"]) -> list[Float[Tensor, "d"]]:
    return [row for row in x]


def stacked(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d d"]:
    return torch.stack([torch.outer(row, row) for row in x])


def by_size(xs: list[Tensor]) -> dict[int, list[Tensor]]:
    return {n: [x for x in xs if len(x) == n] for n in {len(x) for x in xs}}


def padded(xs: list[Float[Tensor, "_ d"]]) -> Float[Tensor, "n longest d"]:
    longest = max(x.shape[0] for x in xs)
    return torch.stack([torch.cat([x, x.new_zeros(longest - x.shape[0], x.shape[1])]) for x in xs])


def heads(x: Float[Tensor, "b d"], n: int) -> Float[Tensor, "b n"]:
    return torch.stack([part.sum(-1) for part in x.chunk(n, dim=-1)], dim=-1)


def example() -> None:
    tables = nn.ModuleList([nn.Embedding(11, d) for d in (2, 3, 5)])
    assert embed_all(torch.zeros(7, 3, dtype=torch.long), tables).shape == (7, 10)
    assert len(rows(torch.randn(3, 5))) == 3
    assert stacked(torch.randn(3, 5)).shape == (3, 5, 5)
    xs = [torch.randn(n, 5) for n in (2, 3, 2)]
    assert padded(xs).shape == (3, 3, 5)
    assert [len(group) for group in by_size(xs).values()] == [2, 1]
    assert heads(torch.randn(2, 12), 3).shape == (2, 3)


if __name__ == "__main__":
    example()
