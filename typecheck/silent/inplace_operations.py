"""In-place operations, out= arguments and assignment into slices."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


def normalize_(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    x.sub_(x.mean(0)).div_(x.std(0) + 1e-6)
    x.clamp_(-3, 3)
    return x


def scatter_mean(
    x: Float[Tensor, "n d"], index: Int[Tensor, "n"], size: int
) -> Float[Tensor, "size d"]:
    out = x.new_zeros(size, x.shape[1])
    out.scatter_add_(0, index[:, None].expand_as(x), x)
    count = x.new_zeros(size).scatter_add_(0, index, torch.ones_like(index, dtype=x.dtype))
    return out / count.clamp(min=1)[:, None]


def transposed_(x: Float[Tensor, "a b"]) -> Float[Tensor, "b a"]:
    x = x.clone()
    x.t_()
    return x


def reshaped(x: Float[Tensor, "a b"]) -> Float[Tensor, "a*b 1"]:
    x = x.clone()
    x.resize_(x.numel())
    x.unsqueeze_(1)
    return x


def fill_rows(n: int, d: int) -> Float[Tensor, "n d"]:
    out = torch.empty(n, d)
    for i in range(n):
        out[i] = i
        out[i, : d // 2] = torch.arange(d // 2)
    out[:, -1] += 1
    out[out < 0] = 0.0
    return out


def augmented(x: Float[Tensor, "b d"], y: Float[Tensor, "d"]) -> Float[Tensor, "b d"]:
    x = x + 0
    x += y
    x *= y[None]
    x[:1] -= y
    return x


class Ema(nn.Module):
    shadow: Tensor

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.register_buffer("shadow", torch.zeros(dim))

    @torch.no_grad()
    def forward(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "dim"]:
        self.shadow.mul_(0.9).add_(x.mean(dim=0), alpha=0.1)
        self.shadow.copy_(self.shadow.clone())
        return self.shadow


def example() -> None:
    assert normalize_(torch.randn(3, 5)).shape == (3, 5)
    assert scatter_mean(torch.randn(7, 3), torch.arange(7) % 2, 5).shape == (5, 3)
    assert transposed_(torch.randn(2, 3)).shape == (3, 2)
    assert reshaped(torch.randn(2, 3)).shape == (6, 1)
    assert fill_rows(3, 5).shape == (3, 5)
    assert augmented(torch.randn(2, 3), torch.randn(3)).shape == (2, 3)
    assert Ema(3)(torch.randn(5, 3)).shape == (3,)


if __name__ == "__main__":
    example()
