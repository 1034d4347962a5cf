"""Shapes that are right because an assert, a guard or an earlier operation said so."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


def dot(x: Float[Tensor, "n d"], y: Float[Tensor, "m e"]) -> Float[Tensor, "n"]:
    assert x.shape == y.shape
    return (x * y).sum(-1)


def product(x: Float[Tensor, "n d"], y: Float[Tensor, "e m"]) -> Float[Tensor, "n m"]:
    if x.shape[1] != y.shape[0]:
        raise ValueError(f"{x.shape} against {y.shape}")
    return x @ y


def join(x: Float[Tensor, "n d"], y: Float[Tensor, "m e"]) -> Float[Tensor, "k f"]:
    n, d = x.shape
    m, e = y.shape
    if d == e:
        return torch.cat([x, y], dim=0)
    if n == m:
        return torch.cat([x, y], dim=1)
    return torch.block_diag(x, y)


def halves(x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
    assert x.shape[-1] % 2 == 0, "an even number of features"
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * b.sigmoid(), b * a.sigmoid()], dim=-1)


def square(x: Float[Tensor, "n m"]) -> Float[Tensor, "n n"]:
    assert x.size(0) == x.size(1)
    return x + x.t() + torch.eye(x.size(0))


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        assert dim % heads == 0
        self.heads, self.dim_head = heads, dim // heads
        self.qkv = nn.Linear(dim, 3 * heads * self.dim_head)
        self.out = nn.Linear(heads * self.dim_head, dim)

    def forward(self, x: Float[Tensor, "b t dim"]) -> Float[Tensor, "b t dim"]:
        b, t, c = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, c // self.heads).unbind(2)
        y = torch.einsum("bthd,bshd,bshe->bthe", q, k, v)
        return self.out(y.reshape(b, t, c))


def rank_guard(x: Tensor) -> Float[Tensor, "n d"]:
    assert x.dim() == 2 and x.shape[1] > 1
    return x - x[:, :1]


def typed(x: object) -> Float[Tensor, "n"]:
    assert isinstance(x, Tensor)
    assert isinstance(x, Float[Tensor, "n d"])  # type: ignore[arg-type]
    return x.sum(1)


def example() -> None:
    assert dot(torch.randn(2, 3), torch.randn(2, 3)).shape == (2,)
    assert product(torch.randn(2, 3), torch.randn(3, 5)).shape == (2, 5)
    assert join(torch.randn(2, 3), torch.randn(5, 3)).shape == (7, 3)
    assert join(torch.randn(2, 3), torch.randn(2, 5)).shape == (2, 8)
    assert join(torch.randn(2, 3), torch.randn(5, 7)).shape == (7, 10)
    assert halves(torch.randn(2, 6)).shape == (2, 6)
    assert square(torch.randn(3, 3)).shape == (3, 3)
    assert Attention(6, 2)(torch.randn(2, 5, 6)).shape == (2, 5, 6)
    assert rank_guard(torch.randn(2, 3)).shape == (2, 3)
    assert typed(torch.randn(2, 3)).shape == (2,)


if __name__ == "__main__":
    example()
