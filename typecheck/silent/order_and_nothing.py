"""Sizes of which only the order is known, and sizes that are 0."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


def grid(n: int, c: int, most: int) -> Float[Tensor, "n c"]:
    if n + c > most:
        raise ValueError("too many")
    return torch.arange(n).float()[:, None] + torch.arange(c)


def stretched(x: Float[Tensor, "n"], n: int, m: int) -> Float[Tensor, "n"]:
    y = torch.ones(m)
    if m < n:
        y = y.repeat(n)[:n]
    return x + y[: x.shape[0]]


def one_or_none(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    if not x.shape[0] > 1:
        return x + x[:1]
    return x


def rows_of(x: Float[Tensor, "n d"]) -> Float[Tensor, "n 2"]:
    if x.shape[0] == 0:
        return torch.zeros(0, 2)
    return torch.stack([x.sum(1), x.amax(1)], 1)


def filled(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    out = x
    if len(x) == 0:
        out = torch.zeros(0, x.shape[1])
    return out + x


class Step(nn.Module):
    def __init__(self, c: int, d: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv1d(c, d, 1, stride)
        self.skip = nn.Conv1d(c, d, 1, stride) if stride > 1 or c < d else nn.Identity()

    def forward(self, x: Float[Tensor, "b c t"]) -> Float[Tensor, "b d s"]:
        out: Tensor = self.first(x) + self.skip(x)
        return out


def example() -> None:
    assert grid(2, 3, 7).shape == (2, 3)
    assert stretched(torch.ones(5), 5, 3).shape == (5,)
    assert stretched(torch.ones(5), 5, 7).shape == (5,)
    assert one_or_none(torch.ones(1, 3)).shape == (1, 3)
    assert rows_of(torch.ones(0, 3)).shape == (0, 2)
    assert rows_of(torch.ones(5, 3)).shape == (5, 2)
    assert filled(torch.ones(0, 3)).shape == (0, 3)
    assert Step(2, 3, 2)(torch.ones(5, 2, 8)).shape == (5, 3, 4)
    assert Step(3, 3)(torch.ones(5, 3, 8)).shape == (5, 3, 8)


if __name__ == "__main__":
    example()


def the_only_row(x: Float[Tensor, "1 t"], i: int) -> Float[Tensor, "t"]:
    x.narrow(0, i, 1)
    return x[i]  # i may be 0
