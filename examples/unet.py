"""A small U-Net: each level halves the image, the way back joins what it passed."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class ConvBlock(nn.Module):
    def __init__(self, in_ch: int, out_ch: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(in_ch, out_ch, kernel_size=3, padding=1),
            nn.BatchNorm2d(out_ch),
            nn.ReLU(),
        )

    def forward(self, x: Float[Tensor, "b in_ch h w"]) -> Float[Tensor, "b out_ch h w"]:
        return self.net(x)


class Up(nn.Module):
    def __init__(self, in_ch: int, skip_ch: int, out_ch: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(in_ch, out_ch, kernel_size=2, stride=2)
        self.block = ConvBlock(out_ch + skip_ch, out_ch)

    def forward(
        self, x: Float[Tensor, "b in_ch h w"], skip: Float[Tensor, "b skip_ch 2*h 2*w"]
    ) -> Float[Tensor, "b out_ch 2*h 2*w"]:
        x = self.up(x)
        x = torch.cat([x, skip], dim=1)
        return self.block(x)


class UNet(nn.Module):
    def __init__(self, channels: int, classes: int, width: int) -> None:
        super().__init__()
        self.enter = ConvBlock(channels, width)
        self.down1 = ConvBlock(width, 2 * width)
        self.down2 = ConvBlock(2 * width, 4 * width)
        self.pool = nn.MaxPool2d(2)
        self.up1 = Up(4 * width, 2 * width, 2 * width)
        self.up2 = Up(2 * width, width, width)
        self.leave = nn.Conv2d(width, classes, kernel_size=1)

    def forward(self, x: Float[Tensor, "b channels h w"]) -> Float[Tensor, "b classes h w"]:
        x1 = self.enter(x)
        x2 = self.down1(self.pool(x1))
        x3 = self.down2(self.pool(x2))
        y = self.up1(x3, x2)
        y = self.up2(y, x1)
        return self.leave(y)


def example() -> None:
    model = UNet(channels=3, classes=5, width=4)
    assert model(torch.randn(2, 3, 8, 12)).shape == (2, 5, 8, 12)


if __name__ == "__main__":
    example()
