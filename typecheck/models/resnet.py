"""A small residual network of basic and bottleneck blocks."""

from typing import Optional, Type, Union

import torch
from jaxtyping import Float
from torch import Tensor, nn


def conv3x3(in_planes: int, out_planes: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(in_planes, out_planes, kernel_size=3, stride=stride, padding=1, bias=False)


def conv1x1(in_planes: int, out_planes: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(in_planes, out_planes, kernel_size=1, stride=stride, bias=False)


class BasicBlock(nn.Module):
    expansion: int = 1

    def __init__(
        self, inplanes: int, planes: int, stride: int = 1, downsample: Optional[nn.Module] = None
    ) -> None:
        super().__init__()
        self.conv1 = conv3x3(inplanes, planes, stride)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample

    def forward(self, x: Float[Tensor, "b inplanes h w"]) -> Float[Tensor, "b planes h2 w2"]:
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return self.relu(out)


class Bottleneck(nn.Module):
    expansion: int = 4

    def __init__(
        self, inplanes: int, planes: int, stride: int = 1, downsample: Optional[nn.Module] = None
    ) -> None:
        super().__init__()
        width = planes * self.expansion
        self.conv1 = conv1x1(inplanes, planes)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = conv3x3(planes, planes, stride)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = conv1x1(planes, width)
        self.bn3 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample

    def forward(self, x: Float[Tensor, "b inplanes h w"]) -> Float[Tensor, "b width h2 w2"]:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        identity = x if self.downsample is None else self.downsample(x)
        return self.relu(out + identity)


class SqueezeExcite(nn.Module):
    """Weights the channels by a gate computed from their means."""

    def __init__(self, channels: int, reduction: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels, channels // reduction)
        self.fc2 = nn.Linear(channels // reduction, channels)

    def forward(self, x: Float[Tensor, "b channels h w"]) -> Float[Tensor, "b channels h w"]:
        s = x.mean(dim=(2, 3))
        s = torch.sigmoid(self.fc2(torch.relu(self.fc1(s))))
        return x * s[:, :, None, None]


class ResNet(nn.Module):
    def __init__(
        self, block: Type[Union[BasicBlock, Bottleneck]], layers: list[int], num_classes: int = 10
    ) -> None:
        super().__init__()
        self.inplanes = 8
        self.stem = nn.Sequential(
            nn.Conv2d(3, 8, kernel_size=7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )
        self.layer1 = self._make_layer(block, 8, layers[0])
        self.layer2 = self._make_layer(block, 16, layers[1], stride=2)
        self.se = SqueezeExcite(16 * block.expansion, 4)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(16 * block.expansion, num_classes)

    def _make_layer(
        self, block: Type[Union[BasicBlock, Bottleneck]], planes: int, blocks: int, stride: int = 1
    ) -> nn.Sequential:
        downsample = None
        if stride != 1 or self.inplanes != planes * block.expansion:
            downsample = nn.Sequential(
                conv1x1(self.inplanes, planes * block.expansion, stride),
                nn.BatchNorm2d(planes * block.expansion),
            )
        layers = [block(self.inplanes, planes, stride, downsample)]
        self.inplanes = planes * block.expansion
        for _ in range(1, blocks):
            layers.append(block(self.inplanes, planes))
        return nn.Sequential(*layers)

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b num_classes"]:
        x = self.stem(x)
        x = self.layer1(x)
        x = self.se(self.layer2(x))
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        return self.fc(x)


class PlainResNet(nn.Module):
    """The same network written out, for images of one size."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, kernel_size=7, stride=4, padding=3)
        self.conv1 = nn.Conv2d(8, 8, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, kernel_size=3, stride=2, padding=1)
        self.shortcut = nn.Conv2d(8, 16, kernel_size=1, stride=2)
        self.classifier = nn.Linear(16 * 4 * 4, num_classes)

    def forward(self, x: Float[Tensor, "b 3 64 64"]) -> Float[Tensor, "b num_classes"]:
        x = torch.relu(self.stem(x))
        x = torch.relu(x + self.conv1(x))
        x = torch.relu(self.conv2(x) + self.shortcut(x))
        x = nn.functional.max_pool2d(x, 2)
        x = x.flatten(1)
        return self.classifier(x)


def example() -> None:
    images = torch.randn(2, 3, 64, 64)
    assert ResNet(BasicBlock, [2, 1])(images).shape == (2, 10)
    assert ResNet(Bottleneck, [1, 2], num_classes=7)(images).shape == (2, 7)
    assert PlainResNet(num_classes=5)(images).shape == (2, 5)


if __name__ == "__main__":
    example()
