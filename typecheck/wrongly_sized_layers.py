"""A layer of the wrong size is reported where it is used; a note names the line where it was built."""

import torch
import torch.nn as nn
from jaxtyping import Float, Int
from shapetorch import reveal_shape
from torch import Tensor


class Mlp(nn.Module):
    def __init__(self, d: int, d_ff: int) -> None:
        super().__init__()
        self.up = nn.Linear(d, d_ff)
        self.down = nn.Linear(d, d)

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        return self.down(self.up(x))  # E: [linear_error_in_features] "in_features=d, got d_ff from [b, d_ff]"


class Right(nn.Module):
    def __init__(self, d: int, d_ff: int) -> None:
        super().__init__()
        self.up = nn.Linear(d, d_ff)
        self.norm = nn.LayerNorm(d_ff)
        self.down = nn.Linear(d_ff, d)

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        return x + self.down(self.norm(self.up(x)))


class Numbers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(16 * 16 * 16, 10)
        self.wrong_fc = nn.Linear(16 * 15 * 15, 10)

    def forward(self, x: Float[Tensor, "b 3 32 32"]) -> Float[Tensor, "b 10"]:
        y = self.pool(self.conv(x))
        reveal_shape(y)  # R: [b, 16, 16, 16]
        return self.fc(y.flatten(1))

    def wrong(self, x: Float[Tensor, "b 3 32 32"]) -> Float[Tensor, "b 10"]:
        y = self.pool(self.conv(x))
        self.conv(y)  # E: [conv_error_channel_mismatch]
        return self.wrong_fc(y.flatten(1))  # E: [linear_error_in_features] "3600, got 4096"


class Norms(nn.Module):
    def __init__(self, c: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(c)
        self.layer_norm = nn.LayerNorm(c)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b h w c"]:
        return self.layer_norm(self.norm(x).permute(0, 2, 3, 1))

    def wrong(self, x: Float[Tensor, "b c h w"]) -> None:
        self.norm(x.transpose(1, 2))  # E: [norm_error_channel_mismatch]
        self.layer_norm(x)  # E: [norm_error_shape_mismatch]


class Recurrent(nn.Module):
    def __init__(self, d: int, h: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(1000, d)
        self.rnn = nn.LSTM(d, h, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * h, 7)
        self.wrong_out = nn.Linear(h, 7)

    def forward(self, x: Int[Tensor, "b t"]) -> Float[Tensor, "b t 7"]:
        y, (state, _) = self.rnn(self.embed(x))
        reveal_shape(y)  # R: [b, t, 2*h]
        reveal_shape(state)  # R: [2, b, h]
        return self.out(y)

    def wrong(self, x: Int[Tensor, "b t"]) -> Float[Tensor, "b t 7"]:
        y, _ = self.rnn(self.embed(x))
        return self.wrong_out(y)  # E: [linear_error_in_features] "2*h"


class Wired(nn.Module):
    """Set twice: either layer may be the one."""

    def __init__(self, d: int, wide: bool) -> None:
        super().__init__()
        self.proj = nn.Linear(d, d)
        if wide:
            self.proj = nn.Linear(2 * d, d)

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        return self.proj(x)

    def wrong(self, x: Float[Tensor, "b d"]) -> None:
        self.proj(torch.cat([x, x, x], dim=1))  # E: [linear_error_in_features]


def local(x: Float[Tensor, "b 512"]) -> None:
    proj = nn.Linear(512, 64)
    reveal_shape(proj(x))  # R: [b, 64]
    proj(proj(x))  # E: [linear_error_in_features] "512, got 64 from [b, 64]"


def weights(x: Float[Tensor, "b 5"]) -> None:
    layer = nn.Linear(5, 7)
    reveal_shape(layer.weight)  # R: [7, 5]
    reveal_shape(layer.in_features)  # R: 5
    x @ layer.weight.T
    x @ layer.weight  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 7"


def of_a_parameter(layer: nn.Linear, x: Float[Tensor, "b 5"]) -> None:
    layer(x) @ x
