"""Arguments handed on as *args and **kwargs."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn


class PreNorm(nn.Module):
    def __init__(self, dim: int, fn: nn.Module) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.fn = fn

    def forward(self, x: Float[Tensor, "b n dim"], *args: Tensor, **kwargs: Any) -> Tensor:
        return self.fn(self.norm(x), *args, **kwargs)


class Cross(nn.Module):
    def __init__(self, dim: int, context_dim: int) -> None:
        super().__init__()
        self.to_kv = nn.Linear(context_dim, dim)

    def forward(
        self,
        x: Float[Tensor, "b n dim"],
        context: Float[Tensor, "b m context_dim"],
        scale: float = 1.0,
    ) -> Float[Tensor, "b n dim"]:
        kv = self.to_kv(context)
        return (x @ kv.transpose(1, 2) * scale).softmax(-1) @ kv


def concat(*xs: Float[Tensor, "b _"]) -> Float[Tensor, "b total"]:
    return torch.cat(xs, dim=-1)


def zeros(*size: int, **kwargs: Any) -> Float[Tensor, "..."]:
    return torch.zeros(*size, **kwargs)


def apply(layer: nn.Module, *xs: Tensor) -> list[Tensor]:
    return [layer(x) for x in xs]


class Stack(nn.Sequential):
    def __init__(self, *sizes: int) -> None:
        super().__init__(*(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])))


def example() -> None:
    block = PreNorm(5, Cross(5, 7))
    x, context = torch.randn(2, 3, 5), torch.randn(2, 11, 7)
    assert block(x, context).shape == (2, 3, 5)
    assert block(x, context=context, scale=0.5).shape == (2, 3, 5)
    assert concat(torch.randn(2, 3), torch.randn(2, 5), torch.randn(2, 7)).shape == (2, 15)
    assert zeros(2, 3, dtype=torch.float32).shape == zeros(*x.shape[:2]).shape
    a, b = apply(nn.Linear(5, 7), torch.randn(2, 5), torch.randn(3, 11, 5))
    assert a.shape == (2, 7) and b.shape == (3, 11, 7)
    assert Stack(3, 5, 7)(torch.randn(2, 3)).shape == (2, 7)


if __name__ == "__main__":
    example()
