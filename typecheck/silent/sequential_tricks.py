"""Sequential and ModuleList used as lists: slices, indices, appends, star, empty."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn


def mlp(sizes: Sequence[int], act: type[nn.Module] = nn.ReLU) -> nn.Sequential:
    layers: list[nn.Module] = []
    for i, (a, b) in enumerate(zip(sizes[:-1], sizes[1:])):
        layers += [nn.Linear(a, b)]
        if i < len(sizes) - 2:
            layers.append(act())
    return nn.Sequential(*layers)


class Sliced(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        full = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 7), nn.Linear(7, 2))
        self.stem, self.head = full[:3], full[-1]
        self.empty = nn.Sequential()

    def forward(self, x: Float[Tensor, "b 3"]) -> Float[Tensor, "b 2"]:
        return self.head(self.empty(self.stem(x)))


class MultiInput(nn.Sequential):
    def forward(  # type: ignore[override]
        self, x: Float[Tensor, "b d"], t: Float[Tensor, "b e"]
    ) -> Float[Tensor, "b f"]:
        for layer in self:
            x = layer(x, t) if isinstance(layer, Conditioned) else layer(x)
        return x


class Conditioned(nn.Module):
    def __init__(self, d: int, e: int) -> None:
        super().__init__()
        self.scale = nn.Linear(e, d)

    def forward(self, x: Float[Tensor, "b d"], t: Float[Tensor, "b e"]) -> Float[Tensor, "b d"]:
        return x * self.scale(t)


class Dense(nn.Module):
    """Each layer sees all features before it."""

    def __init__(self, d: int, growth: int, n: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(d + i * growth, growth) for i in range(n)])

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b features"]:
        features = [x]
        for layer in self.layers:
            features.append(layer(torch.cat(features, dim=1)))
        return torch.cat(features, 1)


class Indexed(nn.Module):
    def __init__(self, dims: list[int]) -> None:
        super().__init__()
        self.enc = nn.ModuleList()
        self.dec = nn.ModuleList()
        for a, b in zip(dims, dims[1:]):
            self.enc.append(nn.Linear(a, b))
            self.dec.insert(0, nn.Linear(b, a))

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        n = len(self.enc)
        for i in range(n):
            x = self.enc[i](x).relu()
        for i in range(n - 1):
            x = self.dec[i](x).relu()
        return self.dec[-1](x)


def example() -> None:
    assert mlp([3, 5, 7, 2])(torch.randn(2, 3)).shape == (2, 2)
    assert Sliced()(torch.randn(2, 3)).shape == (2, 2)
    net = MultiInput(nn.Linear(3, 5), Conditioned(5, 7), nn.Linear(5, 2))
    assert net(torch.randn(2, 3), torch.randn(2, 7)).shape == (2, 2)
    assert Dense(3, 2, 4)(torch.randn(2, 3)).shape == (2, 11)
    assert Indexed([3, 5, 7])(torch.randn(2, 3)).shape == (2, 3)


if __name__ == "__main__":
    example()
