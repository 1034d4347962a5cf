"""One tensor with several names; attributes that are set more than once."""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


class LanguageModel(nn.Module):
    def __init__(self, vocab: int, dim: int, tie: bool = True) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.head = nn.Linear(dim, vocab, bias=False)
        if tie:
            self.head.weight = self.embed.weight

    def forward(self, tokens: Int[Tensor, "b t"]) -> Float[Tensor, "b t vocab"]:
        return self.head(self.embed(tokens))


class TiedAutoencoder(nn.Module):
    def __init__(self, d: int, k: int) -> None:
        super().__init__()
        self.encoder = nn.Linear(d, k)
        self.decoder_bias = nn.Parameter(torch.zeros(d))

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        z = self.encoder(x).relu()
        return F.linear(z, self.encoder.weight.t(), self.decoder_bias)


class SetTwice(nn.Module):
    def __init__(self, dim: int, deep: bool) -> None:
        super().__init__()
        self.proj: nn.Module = nn.Linear(dim, 3)
        if deep:
            self.proj = nn.Sequential(nn.Linear(dim, 7), nn.ReLU(), nn.Linear(7, 3))

    def freeze_to(self, classes: int) -> None:
        self.proj = nn.LazyLinear(classes)

    def forward(self, x: Float[Tensor, "b dim"]) -> Float[Tensor, "b out"]:
        return self.proj(x)


def swap_head(model: LanguageModel, classes: int) -> None:
    model.head = nn.Linear(model.embed.embedding_dim, classes, bias=False)


def example() -> None:
    tokens = torch.zeros(2, 3, dtype=torch.long)
    model = LanguageModel(11, 5)
    assert model(tokens).shape == (2, 3, 11)
    swap_head(model, 7)
    assert model(tokens).shape == (2, 3, 7)
    assert TiedAutoencoder(5, 3)(torch.randn(2, 5)).shape == (2, 5)
    net = SetTwice(5, deep=True)
    assert net(torch.randn(2, 5)).shape == (2, 3)
    net.freeze_to(13)
    assert net(torch.randn(2, 5)).shape == (2, 13)


if __name__ == "__main__":
    example()
