"""Functions without annotations are run with the arguments of each call."""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from shapetorch import reveal_shape
from torch import Tensor, nn


def attention(q, k, v, scale=None):
    scale = scale or 1 / math.sqrt(q.size(-1))
    weights = F.softmax(q @ k.transpose(-2, -1) * scale, dim=-1)
    return weights @ v, weights


def rotate_half(x):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((-b, a), dim=-1)


def first(x):
    return x[0]


def flatten(x, start=1):
    return x.reshape(*x.shape[:start], -1)


def both(x, y):
    if x is None:
        return y
    return torch.cat([x, y], dim=0)


def repeat_kv(x, n):
    b, h, t, d = x.shape
    if n == 1:
        return x
    return x[:, :, None].expand(b, h, n, t, d).reshape(b, h * n, t, d)


def looped(x, n):
    for _ in range(n):
        x = torch.relu(x)
    return x


def calls(q: Float[Tensor, "b t d"], k: Float[Tensor, "b s d"], v: Float[Tensor, "b s e"]) -> None:
    out, weights = attention(q, k, v)
    reveal_shape(out)  # R: [b, t, e]
    reveal_shape(weights)  # R: [b, t, s]
    attention(q, v, k)  # E: [matmul_error_inner_dimensions_do_not_match] "d and e"


def calls_others(x: Float[Tensor, "2 3 8"]) -> None:
    reveal_shape(rotate_half(x))  # R: [2, 3, 8]
    reveal_shape(first(x))  # R: [3, 8]
    reveal_shape(flatten(x))  # R: [2, 24]
    reveal_shape(flatten(x, 2))  # R: [2, 3, 8]
    reveal_shape(both(None, x))  # R: [2, 3, 8]
    reveal_shape(both(x, x))  # R: [4, 3, 8]
    reveal_shape(looped(x, 5))  # R: [2, 3, 8]
    both(x, x[0])  # E: [cat_error_rank_mismatch]


def calls_with_a_branch(x: Float[Tensor, "2 3 5 7"], n: int) -> None:
    reveal_shape(repeat_kv(x, 1))  # R: [2, 3, 5, 7]
    reveal_shape(repeat_kv(x, 4))  # R: [2, 12, 5, 7]
    repeat_kv(x, n) + repeat_kv(x, n)
    repeat_kv(x[0], 2)  # E: [unpack_error_count_mismatch]


def broken(x):
    y = torch.zeros(3, 5)
    return x + y @ y  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"


def calls_broken(x: Float[Tensor, "3 5"]) -> None:
    broken(x)


def same_twice(x, size):
    return x.view(size, -1) + x.view(-1, size)


def nothing_known(x, y, z):
    a, b = x.shape
    return (x @ y + z).view(a, b).transpose(0, 1)


def attends(q, k, v):
    mixed = F.scaled_dot_product_attention(q, k, v)
    return mixed.transpose(1, 2).flatten(2)


def attends_to_itself(x):
    mixed, _ = nn.MultiheadAttention(16, 4)(x, x, x)
    return mixed.permute(1, 0, 2)


def goes_on(x, state):
    output, _ = nn.GRU(3, 5)(x, state)
    return output[:, :, 0]


def uses_of_attention(x: Float[Tensor, "b h t d"], y: Float[Tensor, "t b 16"]) -> None:
    reveal_shape(attends(x, x, x))  # R: [b, t, d*h]
    reveal_shape(attends_to_itself(y))  # R: [b, t, 16]


def message(x_i, x_j, weight):
    rows = torch.cat([x_i, x_j - x_i], dim=1)
    return torch.einsum("ij,jk->ik", rows * 2, weight)


def picked(x, i):
    return x[i * 2].transpose(0, 1), x[i - 1]


def uses_of_messages(x: Float[Tensor, "n d"], w: Float[Tensor, "2*d m"], i: Int[Tensor, "e 2"]) -> None:
    reveal_shape(message(x, x, w))  # R: [n, m]
    reveal_shape(picked(x, i)[0])  # R: [2, e, d]
    reveal_shape(picked(torch.zeros(4, 5, 6), 1)[1])  # R: [5, 6]
