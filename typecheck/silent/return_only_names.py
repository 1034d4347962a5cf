"""Names that only the result uses are free: the body chooses them."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn


def load(path: str) -> Float[Tensor, "n features"]:
    return torch.zeros(len(path), 13)


def keep(x: Float[Tensor, "n d"], mask: Bool[Tensor, "n"]) -> Float[Tensor, "kept d"]:
    return x[mask]


def patches(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n c*4"]:
    b, c, h, w = x.shape
    x = x.reshape(b, c, h // 2, 2, w // 2, 2)
    return x.permute(0, 2, 4, 1, 3, 5).reshape(b, (h // 2) * (w // 2), c * 4)


class Backbone(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, stride=2)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b features h2 w2"]:
        return self.conv(x)


def both(x: Float[Tensor, "n d"]) -> tuple[Float[Tensor, "k d"], Int[Tensor, "k"]]:
    index = torch.arange(3)
    return x[index], index


def example() -> None:
    a = load("abc")
    b = load("de")
    assert torch.cat([a, b]).shape == (5, 13)
    mask = torch.tensor([True, False, True])
    assert keep(a, mask).shape == (2, 13)
    assert patches(torch.randn(2, 3, 4, 6)).shape == (2, 6, 12)
    assert Backbone()(torch.randn(2, 3, 9, 9)).shape == (2, 16, 4, 4)
    assert both(torch.randn(5, 2))[0].shape == (3, 2)


if __name__ == "__main__":
    example()
