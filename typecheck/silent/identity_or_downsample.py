"""A residual branch that is the input itself, or a projection of it."""

from typing import Optional

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Residual(nn.Module):
    def __init__(self, in_ch: int, out_ch: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_ch, out_ch, 3, stride=stride, padding=1)
        self.downsample: Optional[nn.Module] = None
        if stride != 1 or in_ch != out_ch:
            self.downsample = nn.Conv2d(in_ch, out_ch, 1, stride=stride)

    def forward(self, x: Float[Tensor, "b in_ch h w"]) -> Float[Tensor, "b out_ch h2 w2"]:
        identity = x
        if self.downsample is not None:
            identity = self.downsample(x)
        return torch.relu(self.conv(x) + identity)


class ResidualByIdentity(nn.Module):
    def __init__(self, in_ch: int, out_ch: int) -> None:
        super().__init__()
        self.linear = nn.Linear(in_ch, out_ch)
        self.skip = nn.Identity() if in_ch == out_ch else nn.Linear(in_ch, out_ch)

    def forward(self, x: Float[Tensor, "b in_ch"]) -> Float[Tensor, "b out_ch"]:
        return self.linear(x) + self.skip(x)


class SquareResidual(nn.Module):
    """Correct only for equal sizes, as its caller knows."""

    def __init__(self, d_in: int, d_out: int, residual: bool = False) -> None:
        super().__init__()
        self.residual = residual and d_in == d_out
        self.linear = nn.Linear(d_in, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        y = self.linear(x)
        if self.residual:
            y = x + y
        return y


def example() -> None:
    x = torch.randn(2, 3, 8, 8)
    assert Residual(3, 3)(x).shape == (2, 3, 8, 8)
    assert Residual(3, 5, stride=2)(x).shape == (2, 5, 4, 4)
    assert ResidualByIdentity(3, 3)(torch.randn(2, 3)).shape == (2, 3)
    assert ResidualByIdentity(3, 5)(torch.randn(2, 3)).shape == (2, 5)
    assert SquareResidual(3, 3, residual=True)(torch.randn(2, 3)).shape == (2, 3)
    assert SquareResidual(3, 5, residual=True)(torch.randn(2, 3)).shape == (2, 5)


if __name__ == "__main__":
    example()
