"""Layers that learn their sizes at the first call, or are built in it."""

from typing import Optional

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Lazy(nn.Module):
    def __init__(self, out: int) -> None:
        super().__init__()
        self.conv = nn.LazyConv2d(7, 3)
        self.norm = nn.LazyBatchNorm2d()
        self.fc = nn.LazyLinear(out)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b out"]:
        x = self.norm(self.conv(x))
        return self.fc(x.flatten(1))


class BuiltLate(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.proj: Optional[nn.Linear] = None

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b 3"]:
        if self.proj is None:
            self.proj = nn.Linear(x.shape[-1], 3)
        return self.proj(x)


class Probed(nn.Module):
    """Finds the number of features by a trial run."""

    def __init__(self, channels: int, size: int, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(channels, 4, 5, stride=2), nn.ReLU(), nn.Conv2d(4, 6, 3), nn.Flatten()
        )
        with torch.no_grad():
            n = self.features(torch.zeros(1, channels, size, size)).shape[1]
        self.head = nn.Linear(n, classes)

    def forward(self, x: Float[Tensor, "b channels size size"]) -> Float[Tensor, "b classes"]:
        return self.head(self.features(x))


class Flat(nn.Module):
    def __init__(self, shape: tuple[int, ...], out: int) -> None:
        super().__init__()
        self.fc = nn.Linear(int(torch.tensor(shape).prod()), out)

    def forward(self, x: Float[Tensor, "b *shape"]) -> Float[Tensor, "b out"]:
        return self.fc(torch.flatten(x, start_dim=1))


def example() -> None:
    assert Lazy(5)(torch.randn(2, 3, 8, 8)).shape == (2, 5)
    late = BuiltLate()
    assert late(torch.randn(2, 11)).shape == (2, 3)
    assert Probed(3, 16, 5)(torch.randn(2, 3, 16, 16)).shape == (2, 5)
    assert Flat((3, 5), 7)(torch.randn(2, 3, 5)).shape == (2, 7)


if __name__ == "__main__":
    example()
