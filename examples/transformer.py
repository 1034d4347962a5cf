"""A transformer block: attention over several heads, then a feed-forward layer."""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self, d_model: int, n_heads: int) -> None:
        super().__init__()
        assert d_model % n_heads == 0
        self.n_heads = n_heads
        self.d_head = d_model // n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.out = nn.Linear(d_model, d_model)

    def heads(self, x: Float[Tensor, "b t d_model"]) -> Float[Tensor, "b n_heads t d_head"]:
        b, t, _ = x.shape
        return x.view(b, t, self.n_heads, self.d_head).transpose(1, 2)

    def forward(self, x: Float[Tensor, "b t d_model"]) -> Float[Tensor, "b t d_model"]:
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q, k, v = self.heads(q), self.heads(k), self.heads(v)
        scores = q @ k.transpose(-2, -1) / self.d_head**0.5
        mixed = F.softmax(scores, dim=-1) @ v
        merged = mixed.transpose(1, 2).flatten(2)
        return self.out(merged)


class Block(nn.Module):
    def __init__(self, d_model: int, n_heads: int, d_ff: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)
        self.attention = Attention(d_model, n_heads)
        self.fc1 = nn.Linear(d_model, d_ff)
        self.fc2 = nn.Linear(d_ff, d_model)

    def forward(self, x: Float[Tensor, "b t d_model"]) -> Float[Tensor, "b t d_model"]:
        x = x + self.attention(self.norm1(x))
        hidden = F.gelu(self.fc1(self.norm2(x)))
        return x + self.fc2(hidden)


def next_token_loss(
    logits: Float[Tensor, "b t vocab"], tokens: Int[Tensor, "b t"]
) -> Float[Tensor, ""]:
    predictions = logits[:, :-1].flatten(0, 1)
    targets = tokens[:, 1:].flatten()
    return F.cross_entropy(predictions, targets)


def example() -> None:
    x = Block(d_model=12, n_heads=3, d_ff=20)(torch.randn(2, 5, 12))
    assert x.shape == (2, 5, 12)
    assert next_token_loss(x, torch.randint(0, 12, (2, 5))).shape == ()


if __name__ == "__main__":
    example()
