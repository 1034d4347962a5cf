"""Sizes taken from x.shape, changed by arithmetic, stored in tuples and put back together."""

import math

import torch
from jaxtyping import Float
from torch import Tensor


def rest(x: Float[Tensor, "b *rest"]) -> Float[Tensor, "*rest b"]:
    b, *others = x.shape
    return x.reshape(b, -1).t().reshape(*others, b)


def split_heads(x: Float[Tensor, "b t d"], heads: int) -> Float[Tensor, "b heads t d//heads"]:
    new_shape = x.size()[:-1] + (heads, x.size(-1) // heads)
    return x.view(new_shape).permute(0, 2, 1, 3)


def merge(x: Float[Tensor, "b h t d"]) -> Float[Tensor, "b t h*d"]:
    x = x.permute(0, 2, 1, 3).contiguous()
    shape = x.shape[:-2] + (x.size(-2) * x.size(-1),)
    return x.view(*shape)


def pad_to_multiple(x: Float[Tensor, "b t d"], k: int) -> Float[Tensor, "b t2 d"]:
    b, t, d = x.shape
    missing = (k - t % k) % k
    x = torch.cat([x, x.new_zeros(b, missing, d)], dim=1)
    return x.view(b, -1, k, d).flatten(1, 2)


def chunked(x: Float[Tensor, "b t d"], size: int) -> Float[Tensor, "b chunks size d"]:
    chunks = math.ceil(x.shape[1] / size)
    x = torch.nn.functional.pad(x, (0, 0, 0, chunks * size - x.shape[1]))
    return x.reshape(x.shape[0], chunks, size, x.shape[2])


def gram(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c c"]:
    b, c, h, w = x.size()
    f = x.view(b, c, h * w)
    return f.bmm(f.transpose(1, 2)) / math.prod(x.shape[1:])


def ones_for(x: Float[Tensor, "*batch d"]) -> Float[Tensor, "*batch 1"]:
    return torch.ones(list(x.shape[:-1]) + [1])


def square(x: Float[Tensor, "n"]) -> Float[Tensor, "side side"]:
    side = int(x.numel() ** 0.5)
    return x.view(side, side)


def expand_dims(x: Float[Tensor, "b"], like: Float[Tensor, "b *rest"]) -> Float[Tensor, "b ..."]:
    return x.view(-1, *([1] * (like.ndim - 1)))


def swap(x: Float[Tensor, "a b c"]) -> Float[Tensor, "c b a"]:
    order = list(range(x.ndim))
    order[0], order[-1] = order[-1], order[0]
    return x.permute(order)


def example() -> None:
    x = torch.randn(2, 3, 20)
    assert rest(x).shape == (3, 20, 2)
    assert merge(split_heads(x, 5)).shape == x.shape
    assert pad_to_multiple(x, 7).shape == (2, 7, 20)
    assert chunked(x, 2).shape == (2, 2, 2, 20)
    assert gram(torch.randn(2, 3, 5, 7)).shape == (2, 3, 3)
    assert ones_for(x).shape == (2, 3, 1)
    assert square(torch.randn(49)).shape == (7, 7)
    assert (x * expand_dims(torch.randn(2), x)).shape == x.shape
    assert swap(x).shape == (20, 3, 2)


if __name__ == "__main__":
    example()
