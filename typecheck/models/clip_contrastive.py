"""Contrastive pretraining of an image and a text encoder with a symmetric loss."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor


class ImageEncoder(nn.Module):
    """A few strided convolutions, then the mean over all places."""

    def __init__(self, width: int, out_dim: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(3, width, kernel_size=3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, 2 * width, kernel_size=3, stride=2, padding=1),
            nn.ReLU(),
        )
        self.proj = nn.Linear(2 * width, out_dim)

    def forward(self, images: Float[Tensor, "batch 3 h w"]) -> Float[Tensor, "batch out_dim"]:
        features = self.conv(images)
        pooled = features.mean(dim=(-2, -1))
        return self.proj(pooled)


class TextEncoder(nn.Module):
    """Self-attention over tokens; the result is read at the end-of-text token."""

    causal: Tensor

    def __init__(
        self, vocab_size: int, context_length: int, width: int, heads: int, out_dim: int
    ) -> None:
        super().__init__()
        self.heads = heads
        self.token_embedding = nn.Embedding(vocab_size, width)
        self.positional_embedding = nn.Parameter(torch.empty(context_length, width))
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.ln_1 = nn.LayerNorm(width)
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.empty(width, out_dim))
        self.register_buffer("causal", self.build_mask(context_length), persistent=False)
        nn.init.normal_(self.positional_embedding, std=0.01)
        nn.init.normal_(self.text_projection, std=width**-0.5)

    @staticmethod
    def build_mask(length: int) -> Float[Tensor, "length length"]:
        return torch.full((length, length), float("-inf")).triu_(1)

    def attention(self, x: Float[Tensor, "batch n width"]) -> Float[Tensor, "batch n width"]:
        b, n, width = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=self.causal[:n, :n])
        return self.out(y.transpose(1, 2).reshape(b, n, width))

    def forward(self, text: Int[Tensor, "batch context_length"]) -> Float[Tensor, "batch out_dim"]:
        x = self.token_embedding(text) + self.positional_embedding
        x = x + self.attention(self.ln_1(x))
        x = self.ln_final(x)
        eot = text.argmax(dim=-1)
        x = x[torch.arange(x.shape[0]), eot]
        return x @ self.text_projection


def normalize(x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch d"]:
    return x / x.norm(dim=-1, keepdim=True)


class CLIP(nn.Module):
    def __init__(self, image: ImageEncoder, text: TextEncoder, temperature: float = 0.07) -> None:
        super().__init__()
        self.image = image
        self.text = text
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / temperature)))

    def similarity(
        self, img: Float[Tensor, "n_images d"], txt: Float[Tensor, "n_texts d"]
    ) -> Float[Tensor, "n_images n_texts"]:
        return self.logit_scale.exp() * normalize(img) @ normalize(txt).t()

    def forward(
        self, images: Float[Tensor, "b 3 h w"], texts: Int[Tensor, "b t"]
    ) -> tuple[Float[Tensor, "b b"], Float[Tensor, "b b"]]:
        logits = self.similarity(self.image(images), self.text(texts))
        return logits, logits.t()


def clip_loss(logits: Float[Tensor, "n n"]) -> Float[Tensor, ""]:
    labels = torch.arange(logits.size(0), device=logits.device)
    return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels)) / 2


def supervised_contrastive_loss(
    features: Float[Tensor, "n d"], same: Bool[Tensor, "n n"], temperature: float = 0.1
) -> Float[Tensor, "n"]:
    """Each row against all rows that share its class."""
    logits = features @ features.T / temperature
    logits = logits - logits.max(dim=1, keepdim=True).values.detach()
    log_prob = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    positives = same.sum(dim=1).clamp(min=1)
    return -(log_prob * same).sum(dim=1) / positives


def example() -> None:
    image = ImageEncoder(width=4, out_dim=10)
    text = TextEncoder(vocab_size=19, context_length=7, width=12, heads=3, out_dim=10)
    model = CLIP(image, text)
    per_image, per_text = model(torch.randn(5, 3, 16, 24), torch.randint(0, 19, (5, 7)))
    assert per_image.shape == per_text.shape == (5, 5)
    assert clip_loss(per_image).shape == ()
    zero_shot = model.similarity(torch.randn(2, 10), torch.randn(3, 10))
    assert zero_shot.shape == (2, 3)
    same = torch.eye(5, dtype=torch.bool)
    assert supervised_contrastive_loss(torch.randn(5, 10), same).shape == (5,)


if __name__ == "__main__":
    example()
