"""register_buffer, register_parameter, ParameterList, and buffers that are replaced."""

from typing import Optional

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Rotary(nn.Module):
    cos: Tensor
    sin: Tensor

    def __init__(self, dim: int, max_len: int) -> None:
        super().__init__()
        freqs = 1.0 / 100 ** (torch.arange(0, dim, 2).float() / dim)
        angles = torch.outer(torch.arange(max_len).float(), freqs)
        for name, fn in (("cos", torch.cos), ("sin", torch.sin)):
            self.register_buffer(name, fn(angles), persistent=False)

    def forward(self, x: Float[Tensor, "b t dim"]) -> Float[Tensor, "b t dim"]:
        t = x.shape[1]
        even, odd = x[..., 0::2], x[..., 1::2]
        cos, sin = self.cos[:t], self.sin[:t]
        return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


class Cache(nn.Module):
    keys: Optional[Tensor]

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("keys", None)

    def forward(self, k: Float[Tensor, "b t d"]) -> Float[Tensor, "b total d"]:
        self.keys = k if self.keys is None else torch.cat((self.keys, k), dim=1)
        return self.keys


class Queue(nn.Module):
    queue: Tensor

    def __init__(self, dim: int, size: int = 8) -> None:
        super().__init__()
        self.register_buffer("queue", torch.randn(dim, size))
        self.ptr = 0

    def forward(self, keys: Float[Tensor, "b dim"]) -> Float[Tensor, "dim size"]:
        b, size = keys.shape[0], self.queue.shape[1]
        assert size % b == 0
        self.queue[:, self.ptr : self.ptr + b] = keys.T
        self.ptr = (self.ptr + b) % size
        return self.queue


class Mixture(nn.Module):
    weight: Tensor

    def __init__(self, k: int, dims: list[int]) -> None:
        super().__init__()
        self.centers = nn.ParameterList(nn.Parameter(torch.randn(k, d)) for d in dims)
        self.register_parameter("weight", nn.Parameter(torch.ones(k)))

    def forward(self, xs: list[Float[Tensor, "n _"]]) -> Float[Tensor, "n k"]:
        total = self.weight.log()
        for x, center in zip(xs, self.centers):
            total = total - torch.cdist(x, center)
        return total


def example() -> None:
    assert Rotary(6, 11)(torch.randn(2, 7, 6)).shape == (2, 7, 6)
    cache = Cache()
    cache(torch.randn(2, 3, 5))
    assert cache(torch.randn(2, 1, 5)).shape == (2, 4, 5)
    queue = Queue(3)
    assert queue(torch.randn(4, 3)).shape == (3, 8)
    assert Mixture(5, [2, 3])([torch.randn(7, 2), torch.randn(7, 3)]).shape == (7, 5)


if __name__ == "__main__":
    example()
