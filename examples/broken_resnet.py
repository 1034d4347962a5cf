"""A residual network, with one bug."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, in_ch: int, out_ch: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_ch, out_ch, kernel_size=3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(out_ch, out_ch, kernel_size=3, padding=1)
        self.shortcut = nn.Conv2d(in_ch, out_ch, kernel_size=1, stride=2)

    def forward(
        self, x: Float[Tensor, "b in_ch h w"]
    ) -> Float[Tensor, "b out_ch (h+1)//2 (w+1)//2"]:
        out = self.conv2(torch.relu(self.conv1(x)))
        return torch.relu(out + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.block1 = Block(3, 8)
        self.block2 = Block(8, 16)
        # Two blocks leave 8 by 8 places of a 32 by 32 image, not 4 by 4.
        self.classifier = nn.Linear(16 * 4 * 4, classes)

    def forward(self, images: Float[Tensor, "b 3 32 32"]) -> Float[Tensor, "b classes"]:
        x = self.block2(self.block1(images))
        return self.classifier(x.flatten(1))


def example() -> None:
    ResNet(classes=5)(torch.randn(2, 3, 32, 32))


if __name__ == "__main__":
    example()
