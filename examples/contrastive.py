"""Images and texts in one space, trained so that partners are nearest."""

import torch
import torch.nn.functional as F
from einops import rearrange, reduce
from jaxtyping import Float, Int
from torch import Tensor, nn


def unit(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    return x / x.norm(dim=-1, keepdim=True)


class ImageEncoder(nn.Module):
    def __init__(self, patch: int, width: int, d_out: int) -> None:
        super().__init__()
        self.patch = patch
        self.embed = nn.Linear(3 * patch * patch, width)
        self.out = nn.Linear(width, d_out)

    def forward(self, images: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b d_out"]:
        patches = rearrange(
            images, "b c (h p) (w q) -> b (h w) (c p q)", p=self.patch, q=self.patch
        )
        features = F.relu(self.embed(patches))
        pooled = reduce(features, "b n d -> b d", "mean")
        return self.out(pooled)


class TextEncoder(nn.Module):
    def __init__(self, vocab: int, width: int, d_out: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.rnn = nn.GRU(width, width, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * width, d_out)

    def forward(self, tokens: Int[Tensor, "b t"]) -> Float[Tensor, "b d_out"]:
        states, _ = self.rnn(self.embed(tokens))
        return self.out(states.mean(dim=1))


def similarity(a: Float[Tensor, "n d"], b: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    return unit(a) @ unit(b).t()


def contrastive_loss(logits: Float[Tensor, "n n"]) -> Float[Tensor, ""]:
    labels = torch.arange(logits.shape[0])
    return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels)) / 2


def example() -> None:
    images = ImageEncoder(patch=4, width=10, d_out=7)(torch.randn(5, 3, 8, 12))
    texts = TextEncoder(vocab=19, width=6, d_out=7)(torch.randint(0, 19, (5, 11)))
    logits = similarity(images, texts)
    assert logits.shape == (5, 5)
    assert contrastive_loss(logits).shape == ()


if __name__ == "__main__":
    example()
