"""The residual and attention blocks of a diffusion U-Net, with time embedding."""

import math
from typing import Optional

import torch
import torch.nn.functional as F
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn


def timestep_embedding(
    timesteps: Int[Tensor, "b"], dim: int, max_period: int = 10000
) -> Float[Tensor, "b dim"]:
    """Sines and cosines of many periods; `dim` may be odd."""
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half, dtype=torch.float32) / half)
    args = timesteps[:, None].float() * freqs[None]
    embedding = torch.cat([torch.cos(args), torch.sin(args)], dim=-1)
    if dim % 2:
        embedding = torch.cat([embedding, torch.zeros_like(embedding[:, :1])], dim=-1)
    return embedding


class TimeMLP(nn.Module):
    def __init__(self, freq_dim: int, time_dim: int) -> None:
        super().__init__()
        self.freq_dim = freq_dim
        self.net = nn.Sequential(
            nn.Linear(freq_dim, time_dim), nn.SiLU(), nn.Linear(time_dim, time_dim)
        )

    def forward(self, t: Int[Tensor, "b"]) -> Float[Tensor, "b time_dim"]:
        return self.net(timestep_embedding(t, self.freq_dim))


class ResBlock(nn.Module):
    """Two convolutions; the time embedding shifts the channels between them."""

    def __init__(self, in_channels: int, out_channels: int, time_dim: int, groups: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)
        self.time_proj = nn.Linear(time_dim, out_channels)
        self.norm2 = nn.GroupNorm(groups, out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1)
        self.skip: nn.Module
        if in_channels == out_channels:
            self.skip = nn.Identity()
        else:
            self.skip = nn.Conv2d(in_channels, out_channels, kernel_size=1)

    def forward(
        self, x: Float[Tensor, "b in_channels h w"], emb: Float[Tensor, "b time_dim"]
    ) -> Float[Tensor, "b out_channels h w"]:
        h = self.conv1(F.silu(self.norm1(x)))
        shift = self.time_proj(F.silu(emb))
        h = h + shift[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + self.skip(x)


class AttentionBlock(nn.Module):
    def __init__(self, channels: int, num_heads: int, groups: int) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.norm = nn.GroupNorm(groups, channels)
        self.qkv = nn.Conv1d(channels, channels * 3, kernel_size=1)
        self.proj_out = nn.Conv1d(channels, channels, kernel_size=1)

    def forward(self, x: Float[Tensor, "b channels h w"]) -> Float[Tensor, "b channels h w"]:
        height = x.shape[2]
        flat = rearrange(x, "b c h w -> b c (h w)")
        q, k, v = self.qkv(self.norm(flat)).chunk(3, dim=1)
        q, k, v = (rearrange(t, "b (n d) l -> b n d l", n=self.num_heads) for t in (q, k, v))
        scale = q.shape[2] ** -0.5
        weight = torch.einsum("bndi,bndj->bnij", q * scale, k).softmax(dim=-1)
        a = torch.einsum("bnij,bndj->bndi", weight, v)
        a = rearrange(a, "b n d l -> b (n d) l")
        out = flat + self.proj_out(a)
        return rearrange(out, "b c (h w) -> b c h w", h=height)


class UNetBlock(nn.Module):
    """One level: residual block, optional attention, and a step down in size."""

    def __init__(
        self,
        in_ch: int,
        out_ch: int,
        time_dim: int,
        *,
        groups: int = 4,
        num_heads: Optional[int] = None,
    ) -> None:
        super().__init__()
        self.res = ResBlock(in_ch, out_ch, time_dim, groups)
        self.attn = AttentionBlock(out_ch, num_heads, groups) if num_heads is not None else None
        self.downsample = nn.Conv2d(out_ch, out_ch, kernel_size=3, stride=2, padding=1)

    def forward(
        self, x: Float[Tensor, "b in_ch h w"], emb: Float[Tensor, "b time_dim"]
    ) -> tuple[Float[Tensor, "b out_ch (h+1)//2 (w+1)//2"], Float[Tensor, "b out_ch h w"]]:
        x = self.res(x, emb)
        if self.attn is not None:
            x = self.attn(x)
        return self.downsample(x), x


def add_noise(
    x: Float[Tensor, "b c h w"],
    noise: Float[Tensor, "b c h w"],
    t: Int[Tensor, "b"],
    alphas_cumprod: Float[Tensor, "steps"],
) -> Float[Tensor, "b c h w"]:
    alpha = alphas_cumprod[t].view(-1, 1, 1, 1)
    return alpha.sqrt() * x + (1 - alpha).sqrt() * noise


def loss_weights(
    losses: Float[Tensor, "b"], t: Int[Tensor, "b"], alphas_cumprod: Float[Tensor, "steps"]
) -> Float[Tensor, "b"]:
    """Losses weighted by the signal-to-noise ratio at their step."""
    alpha = alphas_cumprod[t]
    return losses * (alpha / (1 - alpha)).clamp(max=5.0)


def example() -> None:
    time_mlp = TimeMLP(freq_dim=7, time_dim=10)
    block = UNetBlock(4, 12, time_dim=10, groups=2, num_heads=3)
    t = torch.randint(0, 50, (2,))
    alphas = torch.linspace(0.99, 0.01, 50)
    x = add_noise(torch.randn(2, 4, 6, 9), torch.randn(2, 4, 6, 9), t, alphas)
    down, skip = block(x, time_mlp(t))
    assert down.shape == (2, 12, 3, 5)
    assert skip.shape == (2, 12, 6, 9)
    assert loss_weights(torch.rand(2), t, alphas).shape == (2,)


if __name__ == "__main__":
    example()
