"""Sizes that are equal because the caller sees to it, though nothing here says so."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Gate(nn.Module):
    """`d_out` is left at its default wherever the residual is on."""

    def __init__(self, d_in: int, d_out: int | None = None, residual: bool = True) -> None:
        super().__init__()
        d_out = d_out or d_in
        self.residual = residual
        self.fc = nn.Linear(d_in, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        y = self.fc(x)
        return x + y if self.residual else y


class Stage(nn.Module):
    def __init__(self, in_ch: int, out_ch: int, stride: int) -> None:
        super().__init__()
        self.use_res = stride == 1 and in_ch == out_ch
        self.conv = nn.Conv2d(in_ch, out_ch, 3, stride, 1)

    def forward(self, x: Float[Tensor, "b in_ch h w"]) -> Float[Tensor, "b out_ch h2 w2"]:
        if self.use_res:
            return x + self.conv(x)
        return self.conv(x)


class Recurrent(nn.Module):
    def __init__(self, inputs: int, hidden: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Linear(inputs if i == 0 else hidden, hidden) for i in range(layers)]
        )

    def forward(self, x: Float[Tensor, "b inputs"]) -> Float[Tensor, "b hidden"]:
        for i, layer in enumerate(self.layers):
            y = layer(x)
            x = y if i == 0 else x + y
        return x


class Windows(nn.Module):
    """Works for sizes that are whole numbers of windows."""

    def __init__(self, dim: int, window: int) -> None:
        super().__init__()
        self.window = window
        self.mix = nn.Linear(window * window * dim, window * window * dim)

    def forward(self, x: Float[Tensor, "b h w dim"]) -> Float[Tensor, "b h w dim"]:
        b, h, w, d = x.shape
        s = self.window
        x = x.view(b, h // s, s, w // s, s, d).permute(0, 1, 3, 2, 4, 5)
        x = self.mix(x.reshape(-1, s * s * d))
        x = x.view(b, h // s, w // s, s, s, d).permute(0, 1, 3, 2, 4, 5)
        return x.reshape(b, h, w, d)


def example() -> None:
    assert Gate(5)(torch.randn(2, 5)).shape == (2, 5)
    assert Gate(5, 7, residual=False)(torch.randn(2, 5)).shape == (2, 7)
    assert Stage(3, 3, 1)(torch.randn(2, 3, 8, 8)).shape == (2, 3, 8, 8)
    assert Stage(3, 5, 2)(torch.randn(2, 3, 8, 8)).shape == (2, 5, 4, 4)
    assert Recurrent(3, 5, 3)(torch.randn(2, 3)).shape == (2, 5)
    assert Windows(2, 4)(torch.randn(2, 8, 12, 2)).shape == (2, 8, 12, 2)


if __name__ == "__main__":
    example()
