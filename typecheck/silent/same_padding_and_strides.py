"""Convolutions whose sizes come out right for reasons of arithmetic."""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Same(nn.Module):
    def __init__(self, c: int, k: int, dilation: int = 1) -> None:
        super().__init__()
        self.a = nn.Conv1d(c, c, k, padding="same", dilation=dilation)
        self.b = nn.Conv1d(c, c, k, padding=dilation * (k - 1) // 2, dilation=dilation)

    def forward(self, x: Float[Tensor, "b c t"]) -> Float[Tensor, "b c t"]:
        return x + self.a(x) + self.b(x)


class DownUp(nn.Module):
    """Up again with the output padding that makes up for an odd size."""

    def __init__(self, c: int) -> None:
        super().__init__()
        self.down = nn.Conv2d(c, 2 * c, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(2 * c, c, 3, stride=2, padding=1)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return x + self.up(self.down(x), output_size=x.shape[-2:])


class Resize(nn.Module):
    def __init__(self, c: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        y = self.conv(F.max_pool2d(x, 2, ceil_mode=True))
        y = F.interpolate(y, size=x.shape[-2:], mode="nearest")
        up = F.interpolate(y, scale_factor=2)[..., : x.shape[2], : x.shape[3]]
        return x + y + up


class Shuffle(nn.Module):
    def __init__(self, c: int, r: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(c, c * r**2, 3, padding=1)
        self.shuffle = nn.PixelShuffle(r)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h2 w2"]:
        return self.shuffle(self.conv(x))


class Spectrogram(nn.Module):
    def __init__(self, n_fft: int, hop: int) -> None:
        super().__init__()
        self.n_fft, self.hop = n_fft, hop
        self.proj = nn.Linear(n_fft // 2 + 1, 3)

    def forward(self, wave: Float[Tensor, "b t"]) -> Float[Tensor, "b frames 3"]:
        window = torch.hann_window(self.n_fft)
        spec = torch.stft(wave, self.n_fft, self.hop, window=window, return_complex=True)
        frames = math.floor(wave.shape[1] / self.hop) + 1
        return self.proj(spec.abs().transpose(1, 2)).view(-1, frames, 3)


class Depthwise(nn.Module):
    def __init__(self, c: int, groups: int | None = None) -> None:
        super().__init__()
        self.conv = nn.Conv2d(c, 2 * c, 3, padding=1, groups=groups or c)
        self.point = nn.Conv2d(2 * c, c, 1)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return x * self.point(self.conv(x)).sigmoid()


def example() -> None:
    for k in (3, 5):
        assert Same(4, k, dilation=2)(torch.randn(2, 4, 11)).shape == (2, 4, 11)
    assert DownUp(3)(torch.randn(2, 3, 7, 8)).shape == (2, 3, 7, 8)
    assert Resize(3)(torch.randn(2, 3, 7, 8)).shape == (2, 3, 7, 8)
    assert Shuffle(3, 2)(torch.randn(2, 3, 5, 7)).shape == (2, 3, 10, 14)
    assert Spectrogram(16, 4)(torch.randn(2, 64)).shape == (2, 17, 3)
    assert Depthwise(4)(torch.randn(2, 4, 5, 7)).shape == (2, 4, 5, 7)
    assert Depthwise(4, 2)(torch.randn(2, 4, 5, 7)).shape == (2, 4, 5, 7)


if __name__ == "__main__":
    example()
