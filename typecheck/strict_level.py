"""At the strict level, what is wrong unless an equation holds is an error too."""
# shapetorch: strict

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def heads(x: Float[Tensor, "b d"], h: int) -> None:
    y = x.view(x.shape[0], h, x.shape[1] // h)  # E: [reshape_error_element_count]
    reveal_shape(y)  # R: [b, h, d//h]


def heads_checked(x: Float[Tensor, "b d"], h: int) -> None:
    assert x.shape[1] % h == 0
    x.view(x.shape[0], h, x.shape[1] // h)


def heads_assumed(x: Float[Tensor, "b d"], h: int) -> None:
    if x.shape[1] % h:
        raise ValueError
    x.view(x.shape[0], h, x.shape[1] // h)


def only_once(x: Float[Tensor, "b d"], h: int) -> None:
    x.view(x.shape[0], h, x.shape[1] // h)  # E: [reshape_error_element_count]
    x.view(x.shape[0], h, x.shape[1] // h)


class Guarded(nn.Module):
    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        self.residual = d_in == d_out
        self.fc = nn.Linear(d_in, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        return x + self.fc(x)  # E: [broadcast_error_incompatible_dimensions]


class Attention(nn.Module):
    def __init__(self, d: int, h: int) -> None:
        super().__init__()
        self.h, self.e = h, d // h
        self.q = nn.Linear(d, d)

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        b, t, _ = x.shape
        q = self.q(x).view(b, t, self.h, self.e)  # E: [reshape_error_element_count]
        return q.flatten(2)


def still_unknown(x: Tensor, y: Float[Tensor, "b t"]) -> None:
    x @ y
    x.view(3, 5) + y.sum()


def correct(x: Float[Tensor, "b t d"], w: Float[Tensor, "d n"]) -> Float[Tensor, "b n t"]:
    return (x @ w).transpose(1, 2)


def still_wrong(x: Float[Tensor, "b t d"], w: Float[Tensor, "d n"]) -> Float[Tensor, "b n t"]:
    return x @ w  # E: [return_error_shape_mismatch]
