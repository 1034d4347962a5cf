"""Multi-head attention, with one bug."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self, d_model: int, n_heads: int) -> None:
        super().__init__()
        assert d_model % n_heads == 0
        self.n_heads = n_heads
        self.d_head = d_model // n_heads
        self.q = nn.Linear(d_model, d_model)
        self.kv = nn.Linear(d_model, 2 * d_model)
        self.out = nn.Linear(d_model, d_model)

    def heads(self, x: Float[Tensor, "b n d_model"]) -> Float[Tensor, "b n_heads n d_head"]:
        b, n, _ = x.shape
        return x.view(b, n, self.n_heads, self.d_head).transpose(1, 2)

    def forward(
        self, x: Float[Tensor, "b t d_model"], context: Float[Tensor, "b s d_model"]
    ) -> Float[Tensor, "b t d_model"]:
        k, v = self.kv(context).chunk(2, dim=-1)
        q, k, v = self.heads(self.q(x)), self.heads(k), self.heads(v)
        # The keys are not transposed: this multiplies (t, d_head) by (s, d_head).
        scores = q @ k / self.d_head**0.5
        mixed = F.softmax(scores, dim=-1) @ v
        return self.out(mixed.transpose(1, 2).flatten(2))


def example() -> None:
    model = Attention(d_model=12, n_heads=3)
    model(torch.randn(2, 5, 12), torch.randn(2, 7, 12))


if __name__ == "__main__":
    example()
