"""Loops: run until nothing changes; what a round breaks in every round is an error."""

from typing import NamedTuple

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def keeps(x: Float[Tensor, "b d"], n: int) -> Float[Tensor, "b d"]:
    for _ in range(n):
        x = torch.relu(x)
    return x


def shrinks(x: Float[Tensor, "b t d"], n: int) -> Float[Tensor, "b s d"]:
    for _ in range(n):
        x = x[:, ::2]
    x @ x.transpose(1, 2)
    return x


def drops_a_dim(x: Float[Tensor, "b t d"]) -> None:
    while x.ndim > 1:
        x = x.mean(0)


def breaks_in_a_round(x: Float[Tensor, "b d"], w: Float[Tensor, "n d"], n: int) -> None:
    for _ in range(n):
        x = x @ w  # E: [matmul_error_inner_dimensions_do_not_match] "d and n"


def unrolled(x: Float[Tensor, "b 3"]) -> None:
    for n in (5, 7):
        x = nn.Linear(x.shape[1], n)(x)
    reveal_shape(x)  # R: [b, 7]
    for n in range(3):
        x = x.unsqueeze(0)
    reveal_shape(x)  # R: [1, 1, 1, b, 7]


def unrolled_wrong(x: Float[Tensor, "b 3"]) -> None:
    for a, b in [(3, 5), (5, 7), (11, 13)]:
        x = nn.Linear(a, b)(x)  # E: [linear_error_in_features] "11"


def collects(x: Float[Tensor, "b t d"]) -> Float[Tensor, "t b d"]:
    out = []
    for i in range(x.shape[1]):
        out.append(x[:, i])
    return torch.stack(out)


def collects_wrong(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
    out = []
    for i in range(x.shape[1]):
        out.append(x[:, i])
    return torch.stack(out)  # E: [return_error_shape_mismatch] "axis 0 must be b, got t"


def collects_in_rows(x: Float[Tensor, "b t d"]) -> None:
    out = []
    for step in x.unbind(1):
        out.append(step.unsqueeze(1))
    y = torch.cat(out, dim=1)
    reveal_shape(y)  # R: [b, t, d]
    y @ x  # E: [matmul_error_inner_dimensions_do_not_match]


def collects_several_shapes(x: Float[Tensor, "b c h w"], n: int) -> list[Tensor]:
    skips = []
    for _ in range(n):
        skips.append(x)
        x = nn.functional.max_pool2d(x, 2)
    for skip in reversed(skips):
        x = nn.functional.interpolate(x, size=skip.shape[2:]) + skip
    return skips


def over_a_tensor(x: Float[Tensor, "t b d"], h: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
    for step in x:
        reveal_shape(step)  # R: [b, d]
        h = h + step
    return h


def over_a_tensor_wrong(x: Float[Tensor, "b t d"], h: Float[Tensor, "b d"]) -> None:
    for step in x:
        h = h + step  # E: [broadcast_error_incompatible_dimensions] "b and t"


def over_lists(xs: list[Float[Tensor, "b d"]], ys: list[Float[Tensor, "d n"]]) -> None:
    for x, y in zip(xs, ys):
        reveal_shape(x @ y)  # R: [b, n]
    for i, x in enumerate(xs):
        x[i]
        ys[i] @ x  # E: [matmul_error_inner_dimensions_do_not_match] "n and b"


def breaks_out(x: Float[Tensor, "b d"], n: int) -> Float[Tensor, "b d"]:
    y = x
    for i in range(n):
        if i == 3:
            continue
        if i > 5:
            y = y * 2
            break
    else:
        y = x
    reveal_shape(y)  # R: [b, d]
    return y


def first_round_differs(x: Float[Tensor, "b d"], n: int) -> Float[Tensor, "b d"]:
    total = None
    for _ in range(n):
        total = x if total is None else total + x
    assert total is not None
    return total


def nested(x: Float[Tensor, "b h w"]) -> None:
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            reveal_shape(x[:, i, j])  # R: [b]
            x[:, i, j] + x[:, i]  # E: [broadcast_error_incompatible_dimensions] "b and w"


def while_true(x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
    while True:
        x = x * 2
        if x.sum() > 3:
            return x


class Layers(nn.Module):
    def __init__(self, d: int, n: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(d, d) for _ in range(n)])
        self.up = nn.Linear(d, 2 * d)

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        for block in self.blocks:
            x = x + block(x)
        return x

    def wrong(self, x: Float[Tensor, "b d"]) -> None:
        x = self.up(x)
        for block in self.blocks:
            x = block(x)  # E: [linear_error_in_features] "2*d"


def generator(x: Float[Tensor, "b d"], n: int):
    for _ in range(n):
        yield x.T


def uses_generator(x: Float[Tensor, "3 5"]) -> None:
    for y in generator(x, 2):
        reveal_shape(y)  # R: [5, 3]
        y + x  # E: [broadcast_error_incompatible_dimensions]


def positions(x: Float[Tensor, "n c"], octaves: int) -> Float[Tensor, "n 2*c*octaves+c"]:
    found = [x]
    for k in range(octaves):
        found.append(torch.sin(2**k * x))
        found.append(torch.cos(2**k * x))
    reveal_shape(torch.stack(found))  # R: [2*octaves + 1, n, c]
    return torch.cat(found, dim=1)


def positions_without_the_input(x: Float[Tensor, "n c"], octaves: int) -> Float[Tensor, "n 2*c*octaves"]:
    found = [x]
    for k in range(octaves):
        found += [torch.sin(2**k * x), torch.cos(2.0 ** -k * x)]
    return torch.cat(found, dim=1)  # E: [return_error_shape_mismatch] "axis 1 must be 2*c*octaves, got 2*c*octaves + c"


class State(NamedTuple):
    h: Float[Tensor, "b d"]
    c: Float[Tensor, "b d"]


def state_of_a_record(x: Float[Tensor, "b t d"]) -> None:
    state = State(x[:, 0], x[:, 0])
    for step in range(x.shape[1]):
        h, c = state
        state = State(h + x[:, step], c * h)
    reveal_shape(state.h)  # R: [b, d]
    state.h @ state.c  # E: [matmul_error_inner_dimensions_do_not_match]
