"""Integer attributes and locals that change after they were used as sizes."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Growing(nn.Module):
    def __init__(self, inplanes: int) -> None:
        super().__init__()
        self.inplanes = inplanes
        self.first = self.block(8)
        self.second = self.block(12)
        self.out = nn.Linear(self.inplanes, 3)

    def block(self, planes: int) -> nn.Module:
        layer = nn.Linear(self.inplanes, planes)
        self.inplanes = planes
        return layer

    def forward(self, x: Float[Tensor, "b inplanes"]) -> Float[Tensor, "b 3"]:
        return self.out(self.second(self.first(x)))


class Running(nn.Module):
    def __init__(self, dims: list[int]) -> None:
        super().__init__()
        d = dims[0]
        layers = []
        for n in dims[1:]:
            layers.append(nn.Linear(d, n))
            d = n
        self.net = nn.Sequential(*layers)
        d = 1
        self.score = nn.Linear(dims[-1], d)

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b 1"]:
        return self.score(self.net(x))


class Counted(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.head = nn.Linear(5, classes)

    def extend(self, more: int) -> None:
        old = self.head.weight.data
        self.classes += more
        self.head = nn.Linear(5, self.classes)
        self.head.weight.data[: old.shape[0]] = old

    def forward(self, x: Float[Tensor, "b 5"]) -> Float[Tensor, "b c"]:
        return self.head(x).view(-1, self.classes)


def cosine_steps(x: Float[Tensor, "n d"], size: int) -> Float[Tensor, "m d"]:
    while size < x.shape[0]:
        x = x[:size]
        size *= 2
    size = max(size, 1)
    return x[:size]


def accumulate(xs: list[Float[Tensor, "b _"]]) -> Float[Tensor, "b total"]:
    width = 0
    for x in xs:
        width += x.shape[1]
    out = torch.zeros(xs[0].shape[0], width)
    at = 0
    for x in xs:
        out[:, at : at + x.shape[1]] = x
        at += x.shape[1]
    return out


def example() -> None:
    assert Growing(5)(torch.randn(2, 5)).shape == (2, 3)
    assert Running([3, 5, 7])(torch.randn(2, 3)).shape == (2, 1)
    net = Counted(3)
    net.extend(4)
    assert net(torch.randn(2, 5)).shape == (2, 7)
    assert cosine_steps(torch.randn(7, 3), 2).shape == (2, 3)
    assert accumulate([torch.randn(2, 3), torch.randn(2, 5)]).shape == (2, 8)


if __name__ == "__main__":
    example()
