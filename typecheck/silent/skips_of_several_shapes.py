"""A list that collects tensors of several shapes, taken out again in reverse order."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Hourglass(nn.Module):
    def __init__(self, channels: list[int]) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, channels[0], 3, padding=1)
        pairs = list(zip(channels, channels[1:]))
        self.downs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairs)
        self.ups = nn.ModuleList(nn.Conv2d(a + b, a, 3, padding=1) for a, b in reversed(pairs))

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b c h w"]:
        x = self.first(x)
        skips = []
        for down in self.downs:
            skips.append(x)
            x = down(F.max_pool2d(x, 2))
        for up in self.ups:
            x = F.interpolate(x, scale_factor=2.0)
            x = up(torch.cat([x, skips.pop()], dim=1))
        return x


def pyramid(x: Float[Tensor, "b c h w"], levels: int) -> list[Float[Tensor, "b c _ _"]]:
    out = [x]
    for _ in range(levels):
        out.append(F.avg_pool2d(out[-1], 2))
    return out


def flattened(levels: list[Tensor]) -> Float[Tensor, "b n"]:
    parts = [level.flatten(1) for level in levels]
    return torch.cat(parts, dim=1)


def example() -> None:
    x = torch.randn(2, 3, 8, 16)
    assert Hourglass([4, 6, 10])(x).shape == (2, 4, 8, 16)
    assert flattened(pyramid(x, 2)).shape == (2, 3 * (128 + 32 + 8))


if __name__ == "__main__":
    example()
