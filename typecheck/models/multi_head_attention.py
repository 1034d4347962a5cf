"""Multi-head attention with separate query and key lengths and an optional mask."""

import math
from typing import Optional

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn


class MultiHeadAttention(nn.Module):
    """Scaled dot-product attention over several heads."""

    def __init__(self, d_model: int, n_heads: int, dropout: float = 0.0) -> None:
        super().__init__()
        if d_model % n_heads != 0:
            raise ValueError(f"d_model {d_model} is not divisible by n_heads {n_heads}")
        self.d_model = d_model
        self.n_heads = n_heads
        self.d_head = d_model // n_heads
        self.w_q = nn.Linear(d_model, d_model)
        self.w_k = nn.Linear(d_model, d_model)
        self.w_v = nn.Linear(d_model, d_model)
        self.w_o = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def split_heads(
        self, x: Float[Tensor, "batch seq d_model"]
    ) -> Float[Tensor, "batch n_heads seq d_head"]:
        batch, seq, _ = x.shape
        return x.view(batch, seq, self.n_heads, self.d_head).transpose(1, 2)

    def merge_heads(
        self, x: Float[Tensor, "batch n_heads seq d_head"]
    ) -> Float[Tensor, "batch seq n_heads*d_head"]:
        return x.transpose(1, 2).flatten(start_dim=2)

    def attend(
        self,
        q: Float[Tensor, "batch n_heads q_len d_head"],
        k: Float[Tensor, "batch n_heads k_len d_head"],
        v: Float[Tensor, "batch n_heads k_len d_head"],
        mask: Optional[Bool[Tensor, "#batch q_len k_len"]] = None,
    ) -> tuple[
        Float[Tensor, "batch n_heads q_len d_head"],
        Float[Tensor, "batch n_heads q_len k_len"],
    ]:
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.d_head)
        if mask is not None:
            scores = scores.masked_fill(~mask.unsqueeze(1), float("-inf"))
        weights = self.dropout(F.softmax(scores, dim=-1))
        return weights @ v, weights

    def forward(
        self,
        query: Float[Tensor, "batch q_len d_model"],
        context: Float[Tensor, "batch k_len d_model"],
        mask: Optional[Bool[Tensor, "#batch q_len k_len"]] = None,
    ) -> tuple[
        Float[Tensor, "batch q_len d_model"],
        Float[Tensor, "batch n_heads q_len k_len"],
    ]:
        q = self.split_heads(self.w_q(query))
        k = self.split_heads(self.w_k(context))
        v = self.split_heads(self.w_v(context))
        out, weights = self.attend(q, k, v, mask)
        out = self.w_o(self.merge_heads(out))
        return out, weights


class FeedForward(nn.Module):
    """Two linear layers, applied to each position alone."""

    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(d_model, d_ff)
        self.fc2 = nn.Linear(d_ff, d_model)

    def forward(self, x: Float[Tensor, "*batch d_model"]) -> Float[Tensor, "*batch d_model"]:
        return self.fc2(F.gelu(self.fc1(x)))


class CrossAttentionBlock(nn.Module):
    """A pre-norm residual block: attention to a context, then the feed-forward layer."""

    def __init__(self, d_model: int, n_heads: int, d_ff: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)
        self.attention = MultiHeadAttention(d_model, n_heads)
        self.feed_forward = FeedForward(d_model, d_ff)

    def forward(
        self,
        x: Float[Tensor, "batch q_len d_model"],
        context: Float[Tensor, "batch k_len d_model"],
        mask: Optional[Bool[Tensor, "#batch q_len k_len"]] = None,
    ) -> Float[Tensor, "batch q_len d_model"]:
        attended, _ = self.attention(self.norm1(x), context, mask)
        x = x + attended
        return x + self.feed_forward(self.norm2(x))


def causal_mask(q_len: int, k_len: int) -> Bool[Tensor, "1 q_len k_len"]:
    """Each query sees the keys up to its own position."""
    full = torch.ones(q_len, k_len, dtype=torch.bool)
    return torch.tril(full).unsqueeze(0)


def example() -> None:
    block = CrossAttentionBlock(d_model=12, n_heads=3, d_ff=20)
    x = torch.randn(2, 5, 12)
    context = torch.randn(2, 7, 12)
    assert block(x, context).shape == (2, 5, 12)
    assert block(x, context, causal_mask(5, 7)).shape == (2, 5, 12)


if __name__ == "__main__":
    example()
