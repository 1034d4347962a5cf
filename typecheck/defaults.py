"""Defaults of parameters: numbers, None, shapes that follow from them."""

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor, nn


def width(x: Float[Tensor, "b t"], n: int = 3) -> Float[Tensor, "b n"]:
    return x @ torch.zeros(x.shape[1], n)


def calls_width(x: Float[Tensor, "5 7"]) -> None:
    reveal_shape(width(x, 11))  # R: [5, 11]
    reveal_shape(width(x, n=2))  # R: [5, 2]
    reveal_shape(width(x))  # R: [5, 3]
    width(x) @ x  # E: [matmul_error_inner_dimensions_do_not_match] "3 and 5"


def width_wrong(x: Float[Tensor, "b t"], n: int = 3) -> Float[Tensor, "b n"]:
    return x @ torch.zeros(x.shape[1], 3)  # E: [return_error_shape_mismatch] "axis 1 must be n, got 3"


def maybe_size(x: Float[Tensor, "b t"], n: int | None = None) -> Float[Tensor, "b m"]:
    n = x.shape[1] if n is None else n
    return torch.zeros(x.shape[0], n)


def maybe_dim(x: Float[Tensor, "b t"], dim: int = -1) -> Tensor:
    return x.sum(dim)


def calls_maybe_dim(x: Float[Tensor, "5 7"]) -> None:
    reveal_shape(maybe_dim(x))  # R: [5]
    reveal_shape(maybe_dim(x, 0))  # R: [7]
    maybe_dim(x, 2)  # E: [dimension_error_out_of_range]


def keeps(x: Float[Tensor, "b t"], keepdim: bool = False):
    return x.sum(1, keepdim=keepdim)


def calls_keeps(x: Float[Tensor, "5 7"]) -> None:
    reveal_shape(keeps(x))  # R: [5]
    reveal_shape(keeps(x, keepdim=True))  # R: [5, 1]
    x - keeps(x, True)
    x - keeps(x)  # E: [broadcast_error_incompatible_dimensions] "7 and 5"


class Block(nn.Module):
    def __init__(self, d: int, d_ff: int = 2048, d_out: int | None = None) -> None:
        super().__init__()
        d_out = d_out or d
        self.up = nn.Linear(d, d_ff)
        self.down = nn.Linear(d_ff, d_out)

    def forward(self, x):
        return self.down(self.up(x))


def calls_block(x: Float[Tensor, "2 5"]) -> None:
    reveal_shape(Block(5).up(x))  # R: [2, 2048]
    reveal_shape(Block(5)(x))  # R: [2, 5]
    reveal_shape(Block(5, d_out=7)(x))  # R: [2, 7]
    Block(7)(x)  # E: [linear_error_in_features] "in_features"


def only_keywords(x: Float[Tensor, "b d"], *, n: int = 2, turn: bool = False) -> Tensor:
    y = torch.cat([x] * n)
    return y.T if turn else y


def calls_only_keywords(x: Float[Tensor, "5 7"]) -> None:
    reveal_shape(only_keywords(x))  # R: [10, 7]
    reveal_shape(only_keywords(x, n=3, turn=True))  # R: [7, 15]


def mutable(x: Float[Tensor, "b d"], out: list[Tensor] | None = None) -> list[Tensor]:
    out = [] if out is None else out
    out.append(x)
    return out


class Stem(nn.Module):
    def __init__(self, channels: int = 3, width: int = 8) -> None:
        super().__init__()
        self.right = nn.Conv2d(channels, width, 1)
        self.wrong = nn.Conv2d(width, width, 1)

    def forward(self, image: Float[Tensor, "b 3 h w"]) -> Tensor:
        self.wrong(image)  # E: [conv_error_channel_mismatch] "in_channels=width, got 3"
        return self.right(image)
