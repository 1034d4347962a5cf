"""Models annotated throughout: variadic batches, arithmetic in annotations, generics over sizes."""

from dataclasses import dataclass
from typing import NamedTuple, Sequence

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor


class Gaussian(NamedTuple):
    mean: Float[Tensor, "b z"]
    log_var: Float[Tensor, "b z"]


@dataclass
class Config:
    in_features: int = 12
    hidden: int = 16
    latent: int = 3
    layers: int = 2


class Encoder(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        widths = [config.in_features] + [config.hidden] * config.layers
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.head = nn.Linear(config.hidden, 2 * config.latent)

    def forward(self, x: Float[Tensor, "b d"]) -> Gaussian:
        for layer in self.layers:
            x = F.silu(layer(x))
        mean, log_var = self.head(x).chunk(2, dim=-1)
        return Gaussian(mean, log_var)


def reparameterise(q: Gaussian, samples: int) -> Float[Tensor, "samples b z"]:
    eps = torch.randn(samples, *q.mean.shape)
    return q.mean + eps * (0.5 * q.log_var).exp()


def kl(q: Gaussian) -> Float[Tensor, "b"]:
    return -0.5 * (1 + q.log_var - q.mean.pow(2) - q.log_var.exp()).sum(dim=-1)


def interleave(x: Float[Tensor, "*batch d"], y: Float[Tensor, "*batch d"]) -> Float[Tensor, "*batch 2*d"]:
    z = torch.stack([x, y], dim=-1)
    return z.flatten(-2)


def frames(x: Float[Tensor, "*batch t"], size: int, hop: int) -> Float[Tensor, "*batch n size"]:
    pad = size - hop
    x = F.pad(x, (pad, 0))
    return x.unfold(-1, size, hop)


def pool_pairs(x: Float[Tensor, "b 2*t d"]) -> Float[Tensor, "b t d"]:
    even, odd = x[:, ::2], x[:, 1::2]
    return (even + odd) / 2


def masked_mean(x: Float[Tensor, "b t d"], mask: Bool[Tensor, "b t"]) -> Float[Tensor, "b d"]:
    weights = mask.unsqueeze(-1).to(x.dtype)
    total = (x * weights).sum(dim=1)
    return total / weights.sum(dim=1).clamp_min(1)


def bilinear(x: Float[Tensor, "b m"], w: Float[Tensor, "k m n"], y: Float[Tensor, "b n"]) -> Float[Tensor, "b k"]:
    left = torch.einsum("bm,kmn->bkn", x, w)
    return (left * y[:, None]).sum(-1)


def ensemble(models: Sequence[nn.Module], x: Float[Tensor, "b d"]) -> Float[Tensor, "e b"]:
    outputs = [model(x).squeeze(-1) for model in models]
    return torch.stack(outputs)


def lookup(table: Float[Tensor, "v d"], ids: Int[Tensor, "*shape"]) -> Float[Tensor, "*shape d"]:
    return table[ids]


def cross_covariance(x: Float[Tensor, "n p"], y: Float[Tensor, "n q"]) -> Float[Tensor, "p q"]:
    x = x - x.mean(dim=0, keepdim=True)
    y = y - y.mean(dim=0, keepdim=True)
    return x.mT @ y / (x.shape[0] - 1)


class Decoder(nn.Module):
    def __init__(self, latent: int, hidden: int, out_features: int) -> None:
        super().__init__()
        self.up = nn.Linear(latent, hidden)
        self.weight = nn.Parameter(torch.randn(out_features, hidden) / hidden**0.5)
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, z: Float[Tensor, "*s latent"]) -> Float[Tensor, "*s out_features"]:
        h = torch.tanh(self.up(z))
        return F.linear(h, self.weight, self.bias)


def main() -> None:
    config = Config()
    encoder = Encoder(config)
    decoder = Decoder(config.latent, config.hidden, config.in_features)
    x = torch.randn(5, config.in_features)
    q = encoder(x)
    z = reparameterise(q, 4)
    recon = decoder(z)
    error = (recon - x).pow(2).sum(-1).mean(0)
    loss = (error + kl(q)).mean()
    loss.backward()
    both = interleave(x, x)
    windows = frames(x, size=4, hop=2)
    pooled = pool_pairs(torch.randn(2, 6, 3))
    mask = torch.arange(3)[None] < torch.tensor([2, 3])[:, None]
    mean = masked_mean(pooled, mask)
    scores = bilinear(torch.randn(5, 3), torch.randn(7, 3, 2), torch.randn(5, 2))
    votes = ensemble([nn.Linear(12, 1) for _ in range(3)], x)
    vectors = lookup(torch.randn(9, 4), torch.randint(0, 9, (2, 3)))
    cov = cross_covariance(x, both)
    assert recon.shape == (4, 5, 12) and both.shape == (5, 24) and windows.shape == (5, 6, 4)
    assert mean.shape == (2, 3) and scores.shape == (5, 7) and votes.shape == (3, 5)
    assert vectors.shape == (2, 3, 4) and cov.shape == (12, 24)


if __name__ == "__main__":
    main()
