"""Any number of leading axes, or of axes in the middle."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class RMSNorm(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x: Float[Tensor, "... dim"]) -> Float[Tensor, "... dim"]:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


def attention(
    q: Float[Tensor, "*batch n d"], k: Float[Tensor, "*batch m d"], v: Float[Tensor, "*batch m e"]
) -> Float[Tensor, "*batch n e"]:
    scores = q @ k.mT / q.shape[-1] ** 0.5
    return F.softmax(scores, dim=-1) @ v


def channels_last(x: Float[Tensor, "b c *space"]) -> Float[Tensor, "b *space c"]:
    return x.movedim(1, -1)


def flatten_space(x: Float[Tensor, "b c *space"]) -> Float[Tensor, "b c n"]:
    return x.flatten(2)


def over_batch(x: Float[Tensor, "*batch d"], w: Float[Tensor, "d e"]) -> Float[Tensor, "*batch e"]:
    batch = x.shape[:-1]
    return (x.view(-1, x.shape[-1]) @ w).view(*batch, w.shape[-1])


def stacked(x: Float[Tensor, "*batch d"]) -> Float[Tensor, "*batch 2 d"]:
    return torch.stack((x, -x), dim=-2)


def mean_over(x: Float[Tensor, "b ..."]) -> Float[Tensor, "b"]:
    return x.mean(dim=tuple(range(1, x.ndim)))


def outer(x: Float[Tensor, "*a"], y: Float[Tensor, "*b"]) -> Float[Tensor, "..."]:
    return torch.tensordot(x, y, dims=0)


def with_time(
    x: Float[Tensor, "batch *rest"], t: Float[Tensor, "batch"]
) -> Float[Tensor, "batch *rest"]:
    return x * t.view(-1, *(1,) * (x.dim() - 1))


def example() -> None:
    assert RMSNorm(5)(torch.randn(5)).shape == (5,)
    assert RMSNorm(5)(torch.randn(2, 3, 5)).shape == (2, 3, 5)
    q, k, v = torch.randn(2, 3, 5, 7), torch.randn(2, 3, 11, 7), torch.randn(2, 3, 11, 13)
    assert attention(q, k, v).shape == (2, 3, 5, 13)
    assert attention(q[0, 0], k[0, 0], v[0, 0]).shape == (5, 13)
    assert channels_last(torch.randn(2, 3, 5, 7)).shape == (2, 5, 7, 3)
    assert flatten_space(torch.randn(2, 3, 5, 7, 2)).shape == (2, 3, 70)
    assert over_batch(torch.randn(2, 3, 5), torch.randn(5, 7)).shape == (2, 3, 7)
    assert stacked(torch.randn(2, 5)).shape == (2, 2, 5)
    assert mean_over(torch.randn(2, 3, 5)).shape == (2,)
    assert outer(torch.randn(2, 3), torch.randn(5)).shape == (2, 3, 5)
    assert with_time(torch.randn(2, 3, 5), torch.randn(2)).shape == (2, 3, 5)


if __name__ == "__main__":
    example()
