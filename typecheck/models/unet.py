"""U-Net for segmentation: four levels, skip connections by concatenation."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


class DoubleConv(nn.Module):
    """Two 3x3 convolutions that keep height and width."""

    def __init__(self, in_ch: int, out_ch: int) -> None:
        super().__init__()
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_ch, out_ch, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_ch),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_ch, out_ch, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_ch),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: Float[Tensor, "n in_ch h w"]) -> Float[Tensor, "n out_ch h w"]:
        return self.double_conv(x)


class Down(nn.Module):
    """Halves height and width."""

    def __init__(self, in_ch: int, out_ch: int) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.conv = DoubleConv(in_ch, out_ch)

    def forward(self, x: Float[Tensor, "n in_ch h w"]) -> Float[Tensor, "n out_ch h//2 w//2"]:
        return self.conv(self.pool(x))


class Up(nn.Module):
    """Doubles height and width and joins the skip connection of that size."""

    def __init__(self, in_ch: int, skip_ch: int, out_ch: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(in_ch, out_ch, kernel_size=2, stride=2)
        self.conv = DoubleConv(out_ch + skip_ch, out_ch)

    def forward(
        self, x: Float[Tensor, "n in_ch h w"], skip: Float[Tensor, "n skip_ch 2*h 2*w"]
    ) -> Float[Tensor, "n out_ch 2*h 2*w"]:
        x = self.up(x)
        x = torch.cat([skip, x], dim=1)
        return self.conv(x)


class UNet(nn.Module):
    """Works for images whose sides are multiples of eight."""

    def __init__(self, n_channels: int, n_classes: int, base: int = 8) -> None:
        super().__init__()
        self.inc = DoubleConv(n_channels, base)
        self.down1 = Down(base, base * 2)
        self.down2 = Down(base * 2, base * 4)
        self.down3 = Down(base * 4, base * 8)
        self.up1 = Up(base * 8, base * 4, base * 4)
        self.up2 = Up(base * 4, base * 2, base * 2)
        self.up3 = Up(base * 2, base, base)
        self.outc = nn.Conv2d(base, n_classes, kernel_size=1)

    def forward(self, x: Float[Tensor, "n n_channels h w"]) -> Float[Tensor, "n n_classes h w"]:
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        y = self.up1(x4, x3)
        y = self.up2(y, x2)
        y = self.up3(y, x1)
        return self.outc(y)


class LoopedUNet(nn.Module):
    """The same idea for any list of doubling channel counts; odd sizes are resampled."""

    def __init__(self, in_channels: int, out_channels: int, features: list[int]) -> None:
        super().__init__()
        self.downs = nn.ModuleList()
        self.ups = nn.ModuleList()
        channels = in_channels
        for feature in features:
            self.downs.append(DoubleConv(channels, feature))
            channels = feature
        self.bottleneck = DoubleConv(features[-1], features[-1] * 2)
        for feature in reversed(features):
            self.ups.append(nn.ConvTranspose2d(feature * 2, feature, kernel_size=2, stride=2))
            self.ups.append(DoubleConv(feature * 2, feature))
        self.final_conv = nn.Conv2d(features[0], out_channels, kernel_size=1)

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n classes h w"]:
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
            x = F.max_pool2d(x, kernel_size=2, stride=2)
        x = self.bottleneck(x)
        skips = skips[::-1]
        for i in range(0, len(self.ups), 2):
            x = self.ups[i](x)
            skip = skips[i // 2]
            if x.shape != skip.shape:
                x = F.interpolate(x, size=skip.shape[2:])
            x = self.ups[i + 1](torch.cat((skip, x), dim=1))
        return self.final_conv(x)


def dice_loss(
    logits: Float[Tensor, "n classes h w"], target: Int[Tensor, "n h w"], eps: float = 1e-6
) -> Float[Tensor, ""]:
    probs = logits.softmax(dim=1)
    one_hot = F.one_hot(target, logits.shape[1]).permute(0, 3, 1, 2).float()
    intersection = (probs * one_hot).sum(dim=(2, 3))
    total = probs.sum(dim=(2, 3)) + one_hot.sum(dim=(2, 3))
    return 1 - ((2 * intersection + eps) / (total + eps)).mean()


def example() -> None:
    images = torch.randn(2, 3, 16, 24)
    model = UNet(n_channels=3, n_classes=5, base=4)
    logits = model(images)
    assert logits.shape == (2, 5, 16, 24)
    looped = LoopedUNet(3, 5, [4, 8])
    assert looped(torch.randn(2, 3, 17, 22)).shape == (2, 5, 17, 22)
    assert dice_loss(logits, torch.randint(0, 5, (2, 16, 24))).shape == ()


if __name__ == "__main__":
    example()
