"""zip, enumerate, reversed, sorted and unpacking of lists of tensors."""

from itertools import chain, pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Multi(nn.Module):
    def __init__(self, dims: list[int], out: int) -> None:
        super().__init__()
        self.projections = nn.ModuleList([nn.Linear(d, out) for d in dims])
        self.gates = nn.ParameterList([nn.Parameter(torch.ones(d)) for d in dims])

    def forward(self, inputs: list[Float[Tensor, "b _"]]) -> Float[Tensor, "b out"]:
        total = torch.zeros(())
        for x, gate, proj in zip(inputs, self.gates, self.projections):
            x = x * gate
            total = total + proj(x)
        return total


def interleave(xs: list[Float[Tensor, "d"]], ys: list[Float[Tensor, "e"]]) -> Tensor:
    out = torch.tensor([])
    for x in chain.from_iterable(zip(xs, ys)):
        out = torch.cat((out, x))
    return out


def differences(xs: list[Float[Tensor, "d"]]) -> list[Float[Tensor, "d"]]:
    return [b - a for a, b in pairwise(xs)]


def first_and_rest(xs: list[Tensor]) -> Float[Tensor, "n d"]:
    first, *rest = xs
    for i, x in enumerate(rest, start=1):
        first = first + i * x
    return first


def largest(xs: list[Float[Tensor, "_"]]) -> Float[Tensor, "n"]:
    for x in (xs[0], xs[1]):
        y = x
    ordered = sorted(xs, key=len, reverse=True)
    return ordered[0] if len(ordered) > 1 else y


def example() -> None:
    multi = Multi([3, 5], 7)
    assert multi([torch.randn(2, 3), torch.randn(2, 5)]).shape == (2, 7)
    assert interleave([torch.randn(2)] * 2, [torch.randn(3)] * 2).shape == (10,)
    assert len(differences([torch.randn(3)] * 4)) == 3
    assert first_and_rest([torch.randn(2, 3)] * 3).shape == (2, 3)
    assert largest([torch.randn(2), torch.randn(5)]).shape == (5,)


if __name__ == "__main__":
    example()
