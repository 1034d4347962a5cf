"""Layers made and found by computed names."""

import torch
import torch.nn as nn
from jaxtyping import Float
from torch import Tensor


class Numbered(nn.Module):
    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.count = len(sizes) - 1
        for i in range(self.count):
            setattr(self, f"fc{i}", nn.Linear(sizes[i], sizes[i + 1]))
        for i in range(self.count):
            self.add_module(f"norm{i}", nn.LayerNorm(sizes[i + 1]))

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b e"]:
        for i in range(self.count):
            x = getattr(self, f"fc{i}")(x)
            x = self.get_submodule(f"norm{i}")(x)
        return x


class ByName(nn.Module):
    def __init__(self, dim: int, activation: str = "ReLU", norm: str = "LayerNorm") -> None:
        super().__init__()
        self.act = getattr(nn, activation)()
        self.norm = getattr(nn, norm)(dim)
        self.heads = nn.ModuleDict({"small": nn.Linear(dim, 2), "large": nn.Linear(dim, 50)})

    def forward(self, x: Float[Tensor, "b dim"], head: str) -> Float[Tensor, "b out"]:
        return self.heads[head](self.norm(self.act(x)))


def reduce(x: Float[Tensor, "b d"], how: str) -> Float[Tensor, "b"]:
    result = getattr(x, how)(dim=1)
    return result if isinstance(result, Tensor) else result.values


def example() -> None:
    assert Numbered([3, 5, 7])(torch.randn(2, 3)).shape == (2, 7)
    net = ByName(5, "GELU")
    assert net(torch.randn(2, 5), "small").shape == (2, 2)
    assert net(torch.randn(2, 5), "large").shape == (2, 50)
    for how in ("sum", "max", "median"):
        assert reduce(torch.randn(2, 5), how).shape == (2,)


if __name__ == "__main__":
    example()
