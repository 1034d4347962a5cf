"""Attention variants: relative position buckets, ALiBi, local windows, linear attention, cross attention."""

import math
from typing import Optional

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor


def relative_position_bucket(
    relative_position: Int[Tensor, "q k"], num_buckets: int = 32, max_distance: int = 128
) -> Int[Tensor, "q k"]:
    num_buckets //= 2
    relative_buckets = (relative_position > 0).long() * num_buckets
    relative_position = torch.abs(relative_position)
    max_exact = num_buckets // 2
    is_small = relative_position < max_exact
    large = max_exact + (
        torch.log(relative_position.float().clamp(min=1) / max_exact)
        / math.log(max_distance / max_exact)
        * (num_buckets - max_exact)
    ).to(torch.long)
    large = torch.min(large, torch.full_like(large, num_buckets - 1))
    relative_buckets += torch.where(is_small, relative_position, large)
    return relative_buckets


class RelativeBias(nn.Module):
    def __init__(self, heads: int, buckets: int = 32) -> None:
        super().__init__()
        self.buckets = buckets
        self.embedding = nn.Embedding(buckets, heads)

    def forward(self, q_len: int, k_len: int) -> Float[Tensor, "1 heads q_len k_len"]:
        context = torch.arange(q_len)[:, None]
        memory = torch.arange(k_len)[None, :]
        buckets = relative_position_bucket(memory - context, num_buckets=self.buckets)
        values = self.embedding(buckets)
        return values.permute([2, 0, 1]).unsqueeze(0)


def alibi(heads: int, length: int) -> Float[Tensor, "heads length length"]:
    slopes = torch.pow(2.0, -torch.arange(1, heads + 1) * (8 / heads))
    distance = torch.arange(length)[None, :] - torch.arange(length)[:, None]
    return slopes[:, None, None] * distance[None].clamp(max=0)


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int, context_dim: Optional[int] = None) -> None:
        super().__init__()
        assert dim % heads == 0
        self.heads = heads
        context_dim = dim if context_dim is None else context_dim
        self.q = nn.Linear(dim, dim, bias=False)
        self.kv = nn.Linear(context_dim, 2 * dim, bias=False)
        self.out = nn.Linear(dim, dim)
        self.bias = RelativeBias(heads)

    def forward(
        self,
        x: Float[Tensor, "b n dim"],
        context: Optional[Float[Tensor, "b m ctx"]] = None,
        mask: Optional[Bool[Tensor, "b m"]] = None,
    ) -> Float[Tensor, "b n dim"]:
        source = x if context is None else context
        b, n, dim = x.shape
        m = source.shape[1]
        q = self.q(x).view(b, n, self.heads, dim // self.heads).transpose(1, 2)
        k, v = self.kv(source).chunk(2, dim=-1)
        k = k.view(b, m, self.heads, dim // self.heads).transpose(1, 2)
        v = v.view(b, m, self.heads, dim // self.heads).transpose(1, 2)
        scores = q @ k.transpose(-1, -2)
        scores = scores + self.bias(n, m)
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None, :], float("-inf"))
        weights = scores.softmax(dim=-1)
        y = (weights @ v).transpose(1, 2).reshape(b, n, dim)
        return self.out(y)


def linear_attention(
    q: Float[Tensor, "b h n d"], k: Float[Tensor, "b h n d"], v: Float[Tensor, "b h n e"]
) -> Float[Tensor, "b h n e"]:
    q, k = F.elu(q) + 1, F.elu(k) + 1
    kv = torch.einsum("bhnd,bhne->bhde", k, v)
    z = 1 / torch.einsum("bhnd,bhd->bhn", q, k.sum(dim=2))
    return torch.einsum("bhnd,bhde,bhn->bhne", q, kv, z)


def local_attention(
    q: Float[Tensor, "b n d"], k: Float[Tensor, "b n d"], v: Float[Tensor, "b n d"], window: int
) -> Float[Tensor, "b n d"]:
    b, n, d = q.shape
    blocks = n // window
    q, k, v = (t.view(b, blocks, window, d) for t in (q, k, v))
    previous = F.pad(k, (0, 0, 0, 0, 1, 0))[:, :-1]
    keys = torch.cat([previous, k], dim=2)
    values = torch.cat([F.pad(v, (0, 0, 0, 0, 1, 0))[:, :-1], v], dim=2)
    scores = torch.einsum("bwid,bwjd->bwij", q, keys) / d**0.5
    i = torch.arange(window)[:, None] + window
    j = torch.arange(2 * window)[None, :]
    scores = scores.masked_fill(j > i, float("-inf"))
    out = torch.einsum("bwij,bwjd->bwid", scores.softmax(dim=-1), values)
    return out.reshape(b, n, d)


def flash(q: Float[Tensor, "n d"], k: Float[Tensor, "m d"], v: Float[Tensor, "m e"], block: int = 4):
    n, d = q.shape
    out = torch.zeros(n, v.shape[1])
    highest = torch.full((n, 1), float("-inf"))
    total = torch.zeros(n, 1)
    for start in range(0, k.shape[0], block):
        kj, vj = k[start : start + block], v[start : start + block]
        scores = q @ kj.T / d**0.5
        new_highest = torch.maximum(highest, scores.amax(dim=1, keepdim=True))
        p = torch.exp(scores - new_highest)
        correction = torch.exp(highest - new_highest)
        total = total * correction + p.sum(dim=1, keepdim=True)
        out = out * correction + p @ vj
        highest = new_highest
    return out / total


def main() -> None:
    x, context = torch.randn(2, 6, 8), torch.randn(2, 5, 10)
    mask = torch.ones(2, 5, dtype=torch.bool)
    own = Attention(8, 2)(x)
    cross = Attention(8, 4, context_dim=10)(x, context, mask)
    assert own.shape == cross.shape == (2, 6, 8)
    q, k, v = torch.randn(3, 2, 4, 6, 3).unbind(0)
    fast = linear_attention(q, k, v)
    local = local_attention(x, x, x, window=3)
    tiled = flash(x[0], context[0, :, :8], context[0])
    exact = (x[0] @ context[0, :, :8].T / 8**0.5).softmax(-1) @ context[0]
    bias = alibi(4, 6)
    assert torch.allclose(tiled, exact, atol=1e-5)
    assert fast.shape == (2, 4, 6, 3) and local.shape == x.shape and bias.shape == (4, 6, 6)


if __name__ == "__main__":
    main()
