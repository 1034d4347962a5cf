"""Sequential, ModuleList, ModuleDict, Lazy layers, Parameter and buffers."""
# judge: torch

from collections import OrderedDict
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from shapetorch import reveal_shape


def in_sequence(x: Float[Tensor, "b 784"]) -> None:
    net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    reveal_shape(net(x))  # R: [b, 10]
    reveal_shape(net[0](x))  # R: [b, 128]
    reveal_shape(net[:2](x))  # R: [b, 128]
    reveal_shape(net[-1].weight)  # R: [10, 128]
    reveal_shape(nn.Sequential(*net, nn.Softmax(-1))(x))  # R: [b, 10]
    reveal_shape(nn.Sequential(net, nn.Linear(10, 2))(x))  # R: [b, 2]
    reveal_shape(nn.Sequential()(x))  # R: [b, 784]


def from_a_list(x: Float[Tensor, "b 3 h w"]) -> None:
    layers = [nn.Conv2d(3, 8, 3, padding=1), nn.ReLU()]
    for _ in range(2):
        layers.append(nn.Conv2d(8, 8, 3, padding=1))
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5)]
    reveal_shape(nn.Sequential(*layers)(x))  # R: [b, 5]


def of_growing_sizes(x: Float[Tensor, "b 16"]) -> None:
    sizes = [16, 32, 64]
    layers = [nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])]
    reveal_shape(nn.Sequential(*layers)(x))  # R: [b, 64]


def by_name(x: Float[Tensor, "b 16"]) -> None:
    net = nn.Sequential(OrderedDict([("first", nn.Linear(16, 8)), ("act", nn.ReLU())]))
    reveal_shape(net(x))  # R: [b, 8]
    reveal_shape(net.first(x))  # R: [b, 8] # M: [operator]


def in_lists(x: Float[Tensor, "b t 16"]) -> None:
    blocks = nn.ModuleList([nn.Linear(16, 16) for _ in range(4)])
    for block in blocks:
        x = x + block(x)
    reveal_shape(x)  # R: [b, t, 16]
    reveal_shape(blocks[0](x))  # R: [b, t, 16]
    heads = nn.ModuleList(nn.Linear(16, 4) for _ in range(3))
    reveal_shape(torch.cat([head(x) for head in heads], dim=-1))  # R: [b, t, 12]
    heads.append(nn.Linear(16, 7))
    reveal_shape(heads[-1](x))  # R: [b, t, 7]


def in_dicts(x: Float[Tensor, "b 16"]) -> None:
    heads = nn.ModuleDict({"policy": nn.Linear(16, 6), "value": nn.Linear(16, 1)})
    reveal_shape(heads["policy"](x))  # R: [b, 6]
    reveal_shape(heads["value"](x).squeeze(-1))  # R: [b]


def in_dicts_by_attribute(x: Float[Tensor, "b 16"]) -> None:
    parts: Any = nn.ModuleDict(dict(up=nn.Linear(16, 64), down=nn.Linear(64, 16)))
    reveal_shape(parts.down(parts.up(x)))  # R: [b, 16]
    parts.down(x)  # E: [linear_error_in_features]
    for name, part in parts.items():
        part(x if name == "up" else parts.up(x))


def lazily(x: Float[Tensor, "b 3 32 32"]) -> None:
    net = nn.Sequential(
        nn.LazyConv2d(8, 3),
        nn.LazyBatchNorm2d(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.LazyLinear(10),
    )
    reveal_shape(net(x))  # R: [b, 10]


def parameters(x: Float[Tensor, "b d"]) -> None:
    weight = nn.Parameter(torch.randn(x.size(1), 7))
    reveal_shape(weight)  # R: [d, 7]
    reveal_shape(x @ weight)  # R: [b, 7]
    reveal_shape(nn.Parameter(torch.zeros(3)).data)  # R: [3]


class Net(nn.Module):
    mean: Tensor

    def __init__(self, d: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(d))
        self.register_buffer("mean", torch.zeros(1, d))
        self.bias: Tensor
        self.register_parameter("bias", nn.Parameter(torch.zeros(d)))

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        reveal_shape(self.scale)  # R: [d]
        reveal_shape(self.mean)  # R: [1, d]
        reveal_shape(self.bias)  # R: [d]
        return (x - self.mean) * self.scale + self.bias


def chain_broken(x: Float[Tensor, "b 784"]) -> None:
    net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(64, 10))
    net(x)  # E: [linear_error_in_features] "64"


def chain_of_other_features(x: Float[Tensor, "b 512"]) -> None:
    net = nn.Sequential(nn.Linear(784, 128), nn.ReLU())
    net(x)  # E: [linear_error_in_features] "784"


def slice_that_starts_too_late(x: Float[Tensor, "b 784"]) -> None:
    net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    net[1:](x)  # E: [linear_error_in_features] "128"


def flattened_to_another_size(x: Float[Tensor, "b 1 28 28"]) -> None:
    net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1568, 10))
    net(x)  # E: [linear_error_in_features] "1352"


def block_of_another_size(x: Float[Tensor, "b 16"]) -> None:
    blocks = nn.ModuleList([nn.Linear(16, 16), nn.Linear(32, 16)])
    blocks[1](x)  # E: [linear_error_in_features] "32"


def head_of_another_size(x: Float[Tensor, "b 16"]) -> None:
    heads = nn.ModuleDict({"policy": nn.Linear(8, 6)})
    heads["policy"](x)  # E: [linear_error_in_features] "8"


def lazy_image_without_channels(x: Float[Tensor, "b d"]) -> None:
    nn.LazyConv2d(8, 3)(x)  # E: [conv_error_rank]


def parameter_of_another_size(x: Float[Tensor, "b d"]) -> None:
    weight = nn.Parameter(torch.randn(x.size(0), 7))
    x @ weight  # E: [matmul_error_inner_dimensions_do_not_match] "got d and b"
