"""Loops in which a variable has another shape, or another rank, each time round."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


def halve_until_small(x: Float[Tensor, "b t"]) -> Float[Tensor, "b small"]:
    while x.shape[1] > 4:
        x = (x[:, ::2] + F.pad(x, (0, x.shape[1] % 2))[:, 1::2]) / 2
    return x


def outer_power(x: Float[Tensor, "n"], power: int) -> Float[Tensor, "..."]:
    y = x
    for _ in range(power - 1):
        y = y.unsqueeze(-1) * x
    return y


def squeeze_all(x: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    for dim in reversed(range(x.ndim)):
        if x.size(dim) == 1:
            x = x.squeeze(dim)
    return x


class MLP(nn.Module):
    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        for a, b in zip(sizes[:-1], sizes[1:]):
            self.layers.append(nn.Linear(a, b))
        self.last = nn.Linear(sizes[-1], 1)

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b 1"]:
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = F.relu(x)
        return self.last(x)


def chain(x: Float[Tensor, "a b"], weights: list[Tensor]) -> Float[Tensor, "a z"]:
    for w in weights:
        x = x @ w
    return x


def example() -> None:
    assert halve_until_small(torch.randn(2, 13)).shape == (2, 4)
    assert outer_power(torch.randn(3), 3).shape == (3, 3, 3)
    assert squeeze_all(torch.randn(1, 3, 1, 5)).shape == (3, 5)
    assert MLP([7, 5, 3])(torch.randn(2, 7)).shape == (2, 1)
    assert chain(torch.randn(2, 3), [torch.randn(3, 5), torch.randn(5, 7)]).shape == (2, 7)


if __name__ == "__main__":
    example()
