"""Sizes that are constants of a module, `Final`, and locals assigned once."""

from typing import Final

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor

D_MODEL = 512
N_HEADS: int = 8
D_HEAD: Final = D_MODEL // N_HEADS
VOCAB: Final[int] = 50257
SHAPE = (3, 32, 32)
FLAT = SHAPE[0] * SHAPE[1] * SHAPE[2]
WIDTHS = [64, 128, 256]
NAMES = {"small": 64, "large": 128}
EYE = torch.eye(3)
SMALL, LARGE = 5, 7


def uses(x: Float[Tensor, "b 512"]) -> None:
    reveal_shape(x.view(-1, N_HEADS, D_HEAD))  # R: [b, 8, 64]
    reveal_shape(torch.zeros(SHAPE))  # R: [3, 32, 32]
    reveal_shape(torch.zeros(FLAT))  # R: [3072]
    reveal_shape(torch.zeros(WIDTHS[-1], NAMES["small"]))  # R: [256, 64]
    reveal_shape(torch.zeros(SMALL, LARGE))  # R: [5, 7]
    reveal_shape(nn.Linear(D_MODEL, VOCAB)(x))  # R: [b, 50257]


def wrong(x: Float[Tensor, "b 512"], y: Float[Tensor, "b 5"]) -> None:
    x @ torch.zeros(D_HEAD, 3)  # E: [matmul_error_inner_dimensions_do_not_match] "512 and 64"
    y @ EYE  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"
    x.view(-1, N_HEADS + 1, D_HEAD)
    nn.Linear(D_HEAD, VOCAB)(x)  # E: [linear_error_in_features]


def in_annotations(x: Float[Tensor, "b {D_MODEL}"]) -> Float[Tensor, "b {D_MODEL}"]:
    return x


def local(x: Float[Tensor, "b t"]) -> Float[Tensor, "b 2*t"]:
    width = x.shape[1]
    double = 2 * width
    return torch.zeros(x.shape[0], double)


def local_wrong(x: Float[Tensor, "b t"]) -> Float[Tensor, "b 2*t"]:
    width = x.shape[1]
    double = 2 + width
    return torch.zeros(x.shape[0], double)  # E: [return_error_shape_mismatch] "2*t"


def reassigned(x: Float[Tensor, "b 5"]) -> None:
    n = 5
    reveal_shape(torch.zeros(n))  # R: [5]
    n = 7
    reveal_shape(torch.zeros(n))  # R: [7]
    n += 1
    x @ torch.zeros(n, 3)  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 8"


def of_environment(x: Float[Tensor, "b 5"]) -> None:
    import os

    n = int(os.environ["N"])
    m = len(os.listdir("."))
    x @ torch.zeros(n, m)
    torch.zeros(n, m) @ torch.zeros(m, n)


class Holder:
    WIDTH = 5
    SIZES = (WIDTH, 2 * WIDTH)

    def use(self, x: Float[Tensor, "b 5"]) -> None:
        reveal_shape(x @ torch.zeros(self.SIZES))  # R: [b, 10]
        x @ torch.zeros(Holder.SIZES[1], 2)  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 10"


if D_MODEL > 100:
    DEPTH = 3
else:
    DEPTH = 2

reveal_shape(torch.zeros(DEPTH))  # R: [3]
reveal_shape(EYE @ torch.zeros(3, 2))  # R: [3, 2]
EYE @ torch.zeros(2, 3)  # E: [matmul_error_inner_dimensions_do_not_match] "3 and 2"
