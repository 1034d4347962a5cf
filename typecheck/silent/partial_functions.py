"""functools.partial, functools.reduce and operator on tensors and layers."""

import operator
from functools import partial, reduce

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

conv3x3 = partial(nn.Conv2d, kernel_size=3, padding=1)
sum_last = partial(torch.sum, dim=-1)
sum_keep = partial(sum_last, keepdim=True)


class Net(nn.Module):
    def __init__(self, norm: type[nn.Module] | partial = partial(nn.GroupNorm, 2)) -> None:
        super().__init__()
        self.conv1 = conv3x3(3, 8)
        self.conv2 = conv3x3(8, 16, stride=2)
        self.norm = norm(16)
        self.pool = partial(F.adaptive_avg_pool2d, output_size=1)

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b 16"]:
        x = self.norm(self.conv2(self.conv1(x)))
        return self.pool(x).flatten(1)


def product(matrices: list[Float[Tensor, "_ _"]]) -> Float[Tensor, "n m"]:
    return reduce(torch.matmul, matrices)


def total(xs: list[Float[Tensor, "d"]]) -> Float[Tensor, "d"]:
    return reduce(operator.add, xs)


def softmax(x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
    e = x.exp()
    return e / sum_keep(e)


def example() -> None:
    assert Net()(torch.randn(2, 3, 8, 8)).shape == (2, 16)
    assert Net(norm=nn.BatchNorm2d)(torch.randn(2, 3, 8, 8)).shape == (2, 16)
    chain = [torch.randn(2, 3), torch.randn(3, 5), torch.randn(5, 7)]
    assert product(chain).shape == (2, 7)
    assert total([torch.randn(3)] * 4).shape == (3,)
    assert softmax(torch.randn(2, 5)).shape == (2, 5)
    assert sum_last(torch.randn(2, 5)).shape == (2,)


if __name__ == "__main__":
    example()
