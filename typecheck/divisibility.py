"""Divisibility: what `assert d % h == 0` makes true, and what is wrong for every divisor."""

import torch
import torch.nn as nn
from einops import rearrange
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def heads(x: Float[Tensor, "b t d"], h: int) -> Float[Tensor, "b t d"]:
    assert x.shape[2] % h == 0
    y = x.view(*x.shape[:2], h, x.shape[2] // h)
    reveal_shape(y)  # R: [b, t, h, d//h]
    return y.flatten(2)


def heads_by_if(x: Float[Tensor, "b d"], h: int) -> Float[Tensor, "b d"]:
    d = x.shape[1]
    if d % h != 0:
        raise ValueError("d must be divisible by h")
    return x.view(-1, h, d // h).reshape(-1, d)


def heads_unchecked(x: Float[Tensor, "b d"], h: int) -> Float[Tensor, "b h e"]:
    return x.view(x.shape[0], h, x.shape[1] // h)


def heads_wrong(x: Float[Tensor, "b d"], h: int) -> None:
    e = x.shape[1] // h
    x.view(x.shape[0], h, e + 1)  # E: [reshape_error_element_count]


def heads_forgotten(x: Float[Tensor, "b d"], h: int) -> None:
    x.view(x.shape[0], x.shape[1] // h)  # E: [reshape_error_element_count]


class Attention(nn.Module):
    def __init__(self, d: int, h: int) -> None:
        super().__init__()
        self.h, self.e = h, d // h
        self.q = nn.Linear(d, h * self.e)
        self.out = nn.Linear(h * self.e, d)

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        q = self.q(x).unflatten(-1, (self.h, self.e)).transpose(1, 2)
        reveal_shape(q)  # R: [b, h, t, d//h]
        return self.out(q.transpose(1, 2).flatten(2))

    def wrong(self, x: Float[Tensor, "b t d"]) -> None:
        q = self.q(x).unflatten(-1, (self.h, self.e)).transpose(1, 2)
        self.out(q.flatten(2))  # E: [linear_error_in_features]


class Checked(nn.Module):
    def __init__(self, d: int, h: int) -> None:
        super().__init__()
        assert d % h == 0, "d must be divisible by h"
        self.h, self.e = h, d // h

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        y = rearrange(x, "b t (h e) -> b h t e", h=self.h)
        reveal_shape(y)  # R: [b, h, t, d//h]
        return rearrange(y, "b h t e -> b t (h e)")


def numbers(x: Float[Tensor, "b 12"]) -> None:
    reveal_shape(x.view(-1, 4, 12 // 4))  # R: [b, 4, 3]
    x.view(x.shape[0], 5, -1)  # E: [reshape_error_element_count] "12*b"
    rearrange(x, "b (h e) -> b h e", h=5)  # E: [einops_error_dimension_mismatch]


def halves(x: Float[Tensor, "b t"]) -> Float[Tensor, "b t"]:
    assert x.shape[1] % 2 == 0
    a, b = x[:, ::2], x[:, 1::2]
    reveal_shape(a)  # R: [b, (t + 1)//2]
    return torch.cat([a, b], dim=1)


def halves_wrong(x: Float[Tensor, "b t"]) -> Float[Tensor, "b t//2"]:
    assert x.shape[1] % 2 == 0
    return x[:, : x.shape[1] // 2 - 1]  # E: [return_error_shape_mismatch] "t//2"


def patches(x: Float[Tensor, "b c h w"], p: int) -> None:
    assert x.shape[2] % p == 0 and x.shape[3] % p == 0
    y = rearrange(x, "b c (h p) (w q) -> b (h w) (p q c)", p=p, q=p)
    reveal_shape(y)  # R: [b, (h//p)*(w//p), c*p*p]
    y.reshape(x.shape)


def already_divided(x: Float[Tensor, "b h*e"], h: int) -> None:
    reveal_shape(x.view(x.shape[0], h, -1))  # R: [b, h, e]
