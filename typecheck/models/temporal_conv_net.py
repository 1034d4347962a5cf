"""A causal temporal convolutional network for sequences, and a forecaster built on it."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


class CausalConv1d(nn.Conv1d):
    """A convolution that sees only the past; the length stays."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int, dilation: int = 1
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, dilation=dilation)
        self.left_padding = (kernel_size - 1) * dilation

    def forward(self, input: Float[Tensor, "b in_channels t"]) -> Float[Tensor, "b out_channels t"]:
        return super().forward(F.pad(input, (self.left_padding, 0)))


class Chomp1d(nn.Module):
    """Cuts off the steps that symmetric padding added at the end."""

    def __init__(self, chomp_size: int) -> None:
        super().__init__()
        self.chomp_size = chomp_size

    def forward(self, x: Float[Tensor, "b c t"]) -> Float[Tensor, "b c t-{self.chomp_size}"]:
        return x[:, :, : -self.chomp_size].contiguous()


class TemporalBlock(nn.Module):
    def __init__(self, n_inputs: int, n_outputs: int, dilation: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(n_inputs, n_outputs, 3, padding=2 * dilation, dilation=dilation)
        self.conv2 = nn.Conv1d(n_outputs, n_outputs, 3, padding=2 * dilation, dilation=dilation)
        self.chomp = Chomp1d(2 * dilation)
        self.dropout = nn.Dropout(dropout)
        self.downsample = nn.Conv1d(n_inputs, n_outputs, 1) if n_inputs != n_outputs else None

    def forward(self, x: Float[Tensor, "b n_inputs t"]) -> Float[Tensor, "b n_outputs t"]:
        out = self.dropout(F.relu(self.chomp(self.conv1(x))))
        out = self.dropout(F.relu(self.chomp(self.conv2(out))))
        res = x if self.downsample is None else self.downsample(x)
        return F.relu(out + res)


class TemporalConvNet(nn.Module):
    """Blocks whose dilation doubles."""

    def __init__(self, num_inputs: int, num_channels: list[int]) -> None:
        super().__init__()
        layers = []
        for i, out_channels in enumerate(num_channels):
            in_channels = num_inputs if i == 0 else num_channels[i - 1]
            layers.append(TemporalBlock(in_channels, out_channels, dilation=2**i))
        self.network = nn.Sequential(*layers)

    def forward(self, x: Float[Tensor, "b num_inputs t"]) -> Float[Tensor, "b c t"]:
        return self.network(x)


class GatedBlock(nn.Module):
    """A gated residual layer with a skip output, as in WaveNet."""

    def __init__(self, residual_channels: int, skip_channels: int, dilation: int) -> None:
        super().__init__()
        self.conv = CausalConv1d(residual_channels, 2 * residual_channels, 2, dilation)
        self.to_residual = nn.Conv1d(residual_channels, residual_channels, 1)
        self.to_skip = nn.Conv1d(residual_channels, skip_channels, 1)

    def forward(
        self, x: Float[Tensor, "b residual_channels t"]
    ) -> tuple[Float[Tensor, "b residual_channels t"], Float[Tensor, "b skip_channels t"]]:
        h = self.conv(x)
        value, gate = h.chunk(2, dim=1)
        z = torch.tanh(value) * torch.sigmoid(gate)
        return x + self.to_residual(z), self.to_skip(z)


class WaveNet(nn.Module):
    def __init__(self, channels: int, skip_channels: int, n_blocks: int, out_dim: int) -> None:
        super().__init__()
        self.inp = CausalConv1d(1, channels, 2)
        self.blocks = nn.ModuleList(
            GatedBlock(channels, skip_channels, 2**i) for i in range(n_blocks)
        )
        self.final = nn.Conv1d(skip_channels, out_dim, 1)

    def forward(self, wave: Float[Tensor, "b t"]) -> Float[Tensor, "b out_dim t"]:
        x = self.inp(wave.unsqueeze(1))
        skips = []
        for block in self.blocks:
            x, skip = block(x)
            skips.append(skip)
        total = torch.stack(skips).sum(dim=0)
        return self.final(F.relu(total))


class Forecaster(nn.Module):
    """Predicts the next `horizon` steps from the state at the last one."""

    def __init__(self, n_series: int, hidden: int, horizon: int) -> None:
        super().__init__()
        self.n_series = n_series
        self.horizon = horizon
        self.conv = CausalConv1d(n_series, hidden, kernel_size=3)
        self.norm = nn.LayerNorm(hidden)
        self.head = nn.Linear(hidden, n_series * horizon)

    def forward(self, x: Float[Tensor, "b t n_series"]) -> Float[Tensor, "b horizon n_series"]:
        mean = x.mean(dim=1, keepdim=True)
        h = self.conv((x - mean).transpose(1, 2))
        last = self.norm(h[:, :, -1])
        out = self.head(last).view(-1, self.horizon, self.n_series)
        return out + mean


def mase(
    pred: Float[Tensor, "b horizon n"],
    true: Float[Tensor, "b horizon n"],
    past: Float[Tensor, "b t n"],
) -> Float[Tensor, "b n"]:
    """Mean absolute error over that of repeating the value before."""
    naive = (past[:, 1:] - past[:, :-1]).abs().mean(dim=1)
    return (pred - true).abs().mean(dim=1) / naive.clamp(min=1e-6)


def example() -> None:
    net = TemporalConvNet(3, [6, 6, 10])
    assert net(torch.randn(2, 3, 13)).shape == (2, 10, 13)
    wave = WaveNet(channels=6, skip_channels=5, n_blocks=3, out_dim=7)
    assert wave(torch.randn(2, 17)).shape == (2, 7, 17)
    forecaster = Forecaster(n_series=3, hidden=8, horizon=5)
    past = torch.randn(2, 11, 3)
    pred = forecaster(past)
    assert pred.shape == (2, 5, 3)
    assert mase(pred, torch.randn(2, 5, 3), past).shape == (2, 3)


if __name__ == "__main__":
    example()
