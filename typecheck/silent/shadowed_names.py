"""Names of PyTorch that mean something else here."""

import torch
import torch.nn as layers
from jaxtyping import Float
from torch import Tensor
from torch import einsum as contract
from torch.nn import functional as func


def cat(x: Float[Tensor, "n d"], y: Float[Tensor, "m e"]) -> Float[Tensor, "n*m d+e"]:
    """Every row of one beside every row of the other."""
    n, m = x.shape[0], y.shape[0]
    left = x.repeat_interleave(m, dim=0)
    right = y.repeat(n, 1)
    return torch.cat([left, right], dim=1)


def matmul(x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    return x * y


class Linear:
    """Maps (d) to (d + extra) by appending ones."""

    def __init__(self, extra: int, width: int = 0) -> None:
        self.extra = extra

    def __call__(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b e"]:
        return func.pad(x, (0, self.extra), value=1.0)


class Grid:
    """Has methods named like those of a tensor."""

    shape = "round"

    def __init__(self, data: Float[Tensor, "h w"]) -> None:
        self.data = data

    def view(self, *size: int) -> "Grid":
        return Grid(self.data[: size[0], : size[1]])

    def __matmul__(self, other: "Grid") -> Float[Tensor, "h h2"]:
        return self.data.sum(1, keepdim=True) + other.data.sum(1)

    def sum(self, dim: int = 5) -> Float[Tensor, ""]:
        return self.data.sum() + dim

    def size(self) -> str:
        return "large"


class Net(layers.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = Linear(2, 99)
        self.view = layers.Linear(5, 7)

    def forward(self, x: Float[Tensor, "b 3"]) -> Float[Tensor, "b 7"]:
        return self.view(self.fc(x))


def local(x: Float[Tensor, "n d"]) -> Float[Tensor, "d n"]:
    torch = {"t": x.t()}
    max = torch["t"]
    return max


def example() -> None:
    assert cat(torch.randn(2, 3), torch.randn(5, 7)).shape == (10, 10)
    assert matmul(torch.randn(2, 3), torch.randn(2, 3)).shape == (2, 3)
    assert Net()(torch.randn(2, 3)).shape == (2, 7)
    grid = Grid(torch.randn(5, 7))
    assert (grid.view(2, 3) @ grid).shape == (2, 5)
    assert grid.sum(9).ndim == 0 and grid.size() == "large"
    assert local(torch.randn(2, 3)).shape == (3, 2)
    assert contract("ij,kj->ik", torch.randn(2, 3), torch.randn(5, 3)).shape == (2, 5)


if __name__ == "__main__":
    example()
