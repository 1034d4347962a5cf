"""What an annotation does not spell: defaults of the constructor, items of its tuples, odd kernels."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Classifier(nn.Module):
    def __init__(self, in_channels: int = 3, width: int = 8, num_classes: int = 10) -> None:
        super().__init__()
        self.stem = nn.Conv2d(in_channels, width, 4, 4)
        self.head = nn.Linear(width, num_classes)

    def forward(self, image: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b 10"]:
        return self.head(self.stem(image).mean((2, 3)))


def gray(image: Float[Tensor, "b 3 h w"], channels: int = 3) -> Float[Tensor, "b 1 h w"]:
    weight = torch.ones(1, channels, 1, 1) / channels
    return nn.functional.conv2d(image, weight)


class Cell(nn.Module):
    """Of odd kernels, each side by its own number."""

    def __init__(self, inputs: int, hidden: int, kernel_size: tuple[int, int]) -> None:
        super().__init__()
        padding = kernel_size[0] // 2, kernel_size[1] // 2
        self.conv = nn.Conv2d(inputs + hidden, 2 * hidden, kernel_size, padding=padding)

    def forward(
        self, x: Float[Tensor, "b inputs h w"], state: Float[Tensor, "b hidden h w"]
    ) -> Float[Tensor, "b hidden h w"]:
        gate, value = self.conv(torch.cat([x, state], dim=1)).chunk(2, dim=1)
        return state + gate.sigmoid() * value.tanh()


class FromShape(nn.Module):
    """The names of an annotation cannot be spelled like the items of a tuple."""

    def __init__(self, actions: int, shape: tuple[int, int, int]) -> None:
        super().__init__()
        channels, _, _ = shape
        self.conv = nn.Conv2d(channels, 8, 3)
        with torch.no_grad():
            size = self.conv(torch.zeros(1, *shape)).flatten(1).shape[1]
        self.head = nn.Linear(size, actions)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b actions"]:
        return self.head(self.conv(x).flatten(1))


def example() -> None:
    image = torch.ones(2, 3, 8, 12)
    assert Classifier()(image).shape == (2, 10)
    assert FromShape(7, (3, 8, 12))(image).shape == (2, 7)
    assert gray(image).shape == (2, 1, 8, 12)
    assert Cell(3, 5, (3, 5))(image, torch.ones(2, 5, 8, 12)).shape == (2, 5, 8, 12)


if __name__ == "__main__":
    example()
