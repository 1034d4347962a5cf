"""Containers of layers: `Sequential`, `ModuleList`, `ModuleDict`, parameters and buffers."""

from collections import OrderedDict

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def written_out(x: Float[Tensor, "b 3"]) -> None:
    net = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 7))
    reveal_shape(net(x))  # R: [b, 7]
    reveal_shape(net[0](x))  # R: [b, 5]
    reveal_shape(net[:2](x))  # R: [b, 5]
    reveal_shape(net[-1](net[0](x)))  # R: [b, 7]
    net(net(x))  # E: [linear_error_in_features] "3, got 7"
    net[-1](x)  # E: [linear_error_in_features] "5, got 3"


def does_not_fit_itself(x: Float[Tensor, "b 3"]) -> None:
    net = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(7, 5))
    net(x)  # E: [linear_error_in_features] "7, got 5"


def spread(x: Float[Tensor, "b 3"], depth: int) -> None:
    layers = [nn.Linear(3, 5), nn.Tanh()]
    layers.append(nn.Linear(5, 7))
    reveal_shape(nn.Sequential(*layers)(x))  # R: [b, 7]
    same = nn.Sequential(*[nn.Linear(3, 3) for _ in range(depth)])
    reveal_shape(same(x))  # R: [b, 3]


def by_name(x: Float[Tensor, "b 3"]) -> None:
    net = nn.Sequential(OrderedDict([("a", nn.Linear(3, 5)), ("b", nn.Linear(5, 7))]))
    reveal_shape(net(x))  # R: [b, 7]


def nested(x: Float[Tensor, "b 3 32 32"]) -> None:
    block = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
    net = nn.Sequential(block, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 16 * 16, 10))
    reveal_shape(net(x))  # R: [b, 10]
    wrong = nn.Sequential(block, nn.Flatten(), nn.Linear(8 * 16 * 16, 10))
    wrong(x)  # E: [linear_error_in_features] "8192"


class Net(nn.Module):
    mean: Tensor
    mask: Tensor

    def __init__(self, d: int, n: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.blocks = nn.ModuleList(nn.Linear(d, d) for _ in range(n))
        self.heads = nn.ModuleDict({"a": nn.Linear(d, 5), "b": nn.Linear(d, 7)})
        self.scale = nn.Parameter(torch.ones(d))
        self.bias = nn.Parameter(torch.zeros(1, d))
        self.register_buffer("mean", torch.zeros(d))
        self.register_buffer("mask", torch.ones(9, 9))

    def forward(self, x: Float[Tensor, "b d"], head: str) -> Float[Tensor, "b d"]:
        x = (x - self.mean) * self.scale + self.bias
        for block in self.blocks:
            x = x + block(x)
        reveal_shape(self.heads["a"](x))  # R: [b, 5]
        reveal_shape(self.heads[head](x))  # R: [b, 5] | [b, 7]
        reveal_shape(self.blocks[0](x))  # R: [b, d]
        return self.net(x)

    def wrong(self, x: Float[Tensor, "b d"]) -> None:
        x @ self.scale[None]  # E: [matmul_error_inner_dimensions_do_not_match] "d and 1"
        x @ self.mask  # E: [matmul_error_inner_dimensions_do_not_match] "d and 9"
        self.net(self.heads["b"](x))  # E: [linear_error_in_features] "d, got 7"
        self.heads["a"](self.heads["b"](x))  # E: [linear_error_in_features] "d, got 7"


class Growing(nn.Module):
    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        for a, b in zip(sizes, sizes[1:]):
            self.layers.append(nn.Linear(a, b))

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b k"]:
        for layer in self.layers:
            x = layer(x)
        return x


class Known(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 5), nn.Linear(5, 7)])

    def forward(self, x: Float[Tensor, "b 3"]) -> Float[Tensor, "b 7"]:
        for layer in self.layers:
            x = layer(x)
        return x

    def wrong(self, x: Float[Tensor, "b 3"]) -> Float[Tensor, "b 3"]:
        for layer in self.layers:
            x = layer(x)
        return x  # E: [return_error_shape_mismatch] "axis 1 must be 3, got 7"

    def wrong_order(self, x: Float[Tensor, "b 3"]) -> None:
        for layer in reversed(self.layers):
            x = layer(x)  # E: [linear_error_in_features] "5, got 3"


class Builder(nn.Module):
    """Layers collected in a list whose length is not known."""

    def __init__(self, d: int, h: int, o: int, depth: int, norm: bool) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Linear(d, h), nn.ReLU()]
        for _ in range(depth):
            layers += [nn.Linear(h, h), nn.ReLU()]
        if norm:
            layers.append(nn.LayerNorm(h))
        layers.append(nn.Linear(h, o))
        self.net = nn.Sequential(*layers)
        self.modules_ = nn.ModuleList(layers)
        grown: list[nn.Module] = []
        width = d
        for _ in range(depth):
            grown.extend([nn.Linear(width, h), nn.Tanh()])
            width = h
        grown.append(nn.Linear(width, o))
        self.grown = nn.Sequential(*grown)
        same = [nn.Linear(h, h) for _ in range(depth)]
        self.between = nn.Sequential(nn.Linear(d, h), *same, nn.Linear(h, o))
        self.joined = nn.Sequential(*([nn.Linear(d, h)] + [nn.Linear(h, h)] * depth))
        self.broken = nn.Sequential(nn.Linear(d, h), *same, nn.Linear(d, o))
        self.broken_inside = nn.Sequential(nn.Linear(d, h), *[nn.Linear(d, d) for _ in range(depth)])

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b o"]:
        reveal_shape(self.net(x))  # R: [b, o]
        reveal_shape(self.grown(x))  # R: [b, o]
        reveal_shape(self.between(x))  # R: [b, o]
        reveal_shape(self.joined(x))  # R: [b, h]
        reveal_shape(self.net[:-1](x))  # R: [b, h]
        reveal_shape(self.net[0](x))  # R: [b, h]
        reveal_shape(self.net[-1](self.net[:-1](x)))  # R: [b, o]
        self.broken(x)  # E: [linear_error_in_features] "in_features=d, got h"
        self.broken_inside(x)  # E: [linear_error_in_features] "in_features=d, got h"
        self.net[-1](x)  # E: [linear_error_in_features] "in_features=h, got d"
        y = x
        for layer in self.modules_:
            y = layer(y)
        reveal_shape(y)  # R: [b, o]
        return self.net(x)

    def wrong(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b o"]:
        return self.joined(x)  # E: [return_error_shape_mismatch] "axis 1 must be o, got h"
