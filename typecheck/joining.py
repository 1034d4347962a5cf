"""Joining tensors: cat, stack and their relatives, with operands from lists of every make."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def joined(x: Float[Tensor, "b t d"], y: Float[Tensor, "b s d"]) -> None:
    reveal_shape(torch.cat([x, y], dim=1))  # R: [b, s + t, d]
    reveal_shape(torch.cat((x, x), -1))  # R: [b, t, 2*d]
    reveal_shape(torch.concat([x, y, x], 1))  # R: [b, s + 2*t, d]
    reveal_shape(torch.cat([x, x]))  # R: [2*b, t, d]
    reveal_shape(torch.cat([x[:, :1], y], dim=-2))  # R: [b, s + 1, d]
    pad = torch.zeros(x.size(0), 1, x.size(2))
    reveal_shape(torch.concatenate([x, pad], dim=1))  # R: [b, t + 1, d]
    reveal_shape(torch.cat([x, torch.zeros(0)], dim=1))  # R: [b, t, d]


def stacked(x: Float[Tensor, "b d"]) -> None:
    reveal_shape(torch.stack([x, x, x]))  # R: [3, b, d]
    reveal_shape(torch.stack((x, -x), dim=1))  # R: [b, 2, d]
    reveal_shape(torch.stack([x, x], -1))  # R: [b, d, 2]


def from_comprehensions(x: Float[Tensor, "b t d"], n: int) -> None:
    reveal_shape(torch.stack([x[:, i] for i in range(x.size(1))], dim=1))  # R: [b, t, d]
    reveal_shape(torch.cat([x for _ in range(4)], dim=-1))  # R: [b, t, 4*d]
    reveal_shape(torch.cat([x for _ in range(n)], dim=-1))  # R: [b, t, d*n]
    reveal_shape(torch.stack([row.mean(0) for row in x]))  # R: [b, d]
    reveal_shape(torch.stack(tuple(x.unbind(1)), dim=1))  # R: [b, t, d]
    reveal_shape(torch.cat([x] * 3))  # R: [3*b, t, d]
    reveal_shape(torch.stack(x.unbind(0), 1))  # R: [t, b, d]


def from_loops(x: Float[Tensor, "b t d"]) -> None:
    states = []
    for i in range(x.size(1)):
        states.append(x[:, i])
    reveal_shape(torch.stack(states, dim=1))  # R: [b, t, d]
    parts = [x]
    parts.append(x)
    parts += [x, x]
    reveal_shape(torch.cat(parts, dim=2))  # R: [b, t, 4*d]
    outputs = []
    for step in x.unbind(1):
        outputs.append(step[:, None])
    reveal_shape(torch.cat(outputs, dim=1))  # R: [b, t, d]


def of_lower_dims(x: Float[Tensor, "n"], y: Float[Tensor, "m"], a: Float[Tensor, "n k"]) -> None:
    reveal_shape(torch.hstack([x, y]))  # R: [m + n]
    reveal_shape(torch.hstack((a, a)))  # R: [n, 2*k]
    reveal_shape(torch.vstack([x, x]))  # R: [2, n]
    reveal_shape(torch.dstack([x, x]))  # R: [1, n, 2]
    reveal_shape(torch.column_stack((x, a)))  # R: [n, k + 1]
    reveal_shape(torch.row_stack([a, a]))  # R: [2*n, k]
    reveal_shape(torch.atleast_2d(x))  # R: [1, n]
    reveal_shape(torch.atleast_3d(a))  # R: [n, k, 1]
    reveal_shape(torch.atleast_1d(torch.tensor(1.0)))  # R: [1]


def of_rows(x: Float[Tensor, "*batch d"], y: Float[Tensor, "*batch e"]) -> None:
    reveal_shape(torch.cat([x, y], dim=-1))  # R: [*batch, d + e]
    reveal_shape(torch.stack([x, x], dim=-1))  # R: [*batch, d, 2]
    reveal_shape(torch.stack([x, x]))  # R: [2, *batch, d]


def joined_along_the_wrong_axis(x: Float[Tensor, "b t d"], y: Float[Tensor, "b s d"]) -> None:
    torch.cat([x, y], dim=0)  # E: [cat_error_size_mismatch] "got t and s"


def joined_with_a_number(x: Float[Tensor, "b t"], y: Float[Tensor, "b 3"]) -> None:
    torch.cat((x, y))  # E: [cat_error_size_mismatch] "got t and 3"


def joined_with_another_rank(x: Float[Tensor, "b t d"], y: Float[Tensor, "b d"]) -> None:
    torch.cat([x, y], dim=1)  # E: [cat_error_rank_mismatch]


def joined_beyond(x: Float[Tensor, "b t"]) -> None:
    torch.cat([x, x], dim=2)  # E: [dimension_error_out_of_range] "got 2"


def joined_in_a_loop(x: Float[Tensor, "b t d"], y: Float[Tensor, "a d"]) -> None:
    rows = []
    for i in range(3):
        rows.append(x[:, i])
    rows.append(y)
    torch.cat(rows, dim=1)  # E: [cat_error_size_mismatch] "got b and a"


def last_rows(x: Float[Tensor, "*batch t d"], y: Float[Tensor, "*batch s e"]) -> None:
    torch.cat([x, y], dim=-2)  # E: [cat_error_size_mismatch] "got d and e"


def stacked_of_other_sizes(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    torch.stack([x, y])  # E: [stack_error_shape_mismatch] "[b, t] and [b, s]"


def stacked_beyond(x: Float[Tensor, "b t"]) -> None:
    torch.stack([x, x], dim=3)  # E: [dimension_error_out_of_range] "got 3"


def nothing_stacked() -> None:
    torch.stack([])  # E: [cat_error_empty]


def side_by_side(x: Float[Tensor, "n k"], y: Float[Tensor, "m k"]) -> None:
    torch.hstack([x, y])  # E: [cat_error_size_mismatch] "got n and m"


def one_above_another(x: Float[Tensor, "n"], y: Float[Tensor, "m"]) -> None:
    torch.vstack([x, y])  # E: [cat_error_size_mismatch]


def behind_one_another(x: Float[Tensor, "n k"], y: Float[Tensor, "k n"]) -> None:
    torch.dstack([x, y])  # E: [cat_error_size_mismatch]


def columns_of_other_lengths(x: Float[Tensor, "n"], y: Float[Tensor, "m k"]) -> None:
    torch.column_stack([x, y])  # E: [cat_error_size_mismatch]


def some_and_one_more(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"], n: int) -> None:
    found = [x]
    for _ in range(n):
        found.append(x + 1)
    reveal_shape(torch.stack(found))  # R: [n + 1, b, t]
    reveal_shape(torch.cat(found, dim=1))  # R: [b, n*t + t]
    found.append(y)
    reveal_shape(torch.cat(found, dim=1))  # R: [b, n*t + s + t]
    torch.stack(found)  # E: [stack_error_shape_mismatch] "[b, t] and [b, s]"
    torch.cat(found, dim=0)  # E: [cat_error_size_mismatch] "t and s"


def one_of_several(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"], first: bool) -> None:
    either = x if first else y
    reveal_shape(torch.cat([either, x], dim=1))  # R: [b, 2*t] | [b, s + t]
    reveal_shape(torch.stack((either, either)))  # R: [2, b, t] | [2, b, s]
    torch.stack([either, x])
    torch.cat([either, torch.zeros(3, 5)])  # E: [cat_error_size_mismatch] "t and 5"


def named_by_their_methods(x: Float[Tensor, "b 6"]) -> None:
    reveal_shape(x.split(split_size=2, dim=1)[0])  # R: [b, 2]
    x.split(split_size=[2, 3], dim=1)  # E: [split_error_sum_mismatch] "5 and 6"
