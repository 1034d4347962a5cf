"""Broadcasting: sizes are aligned from the right, and must be equal or 1."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def aligned(
    x: Float[Tensor, "b c h w"], bias: Float[Tensor, "c 1 1"], row: Float[Tensor, "w"]
) -> None:
    reveal_shape(x + bias)  # R: [b, c, h, w]
    reveal_shape(row + x)  # R: [b, c, h, w]
    reveal_shape(bias * row)  # R: [c, 1, w]
    reveal_shape(x + torch.tensor(1.0))  # R: [b, c, h, w]


def both_grow(x: Float[Tensor, "n 1"], y: Float[Tensor, "1 m"]) -> None:
    reveal_shape(x - y)  # R: [n, m]
    reveal_shape(x[:, None] * y)  # R: [n, 1, m]


def outer_sum(x: Float[Tensor, "n"], y: Float[Tensor, "m"]) -> None:
    reveal_shape(x[:, None] + y)  # R: [n, m]
    reveal_shape(x.unsqueeze(-1) + y.unsqueeze(0))  # R: [n, m]


def forgotten_axis(x: Float[Tensor, "n"], y: Float[Tensor, "m"]) -> None:
    x + y  # E: [broadcast_error_incompatible_dimensions] "got n and m"


def bias_without_trailing_axes(x: Float[Tensor, "b c h w"], bias: Float[Tensor, "c"]) -> None:
    x + bias  # E: [broadcast_error_incompatible_dimensions] "got w and c"


def mean_without_keepdim(x: Float[Tensor, "b t"]) -> None:
    x - x.mean(-1)  # E: [broadcast_error_incompatible_dimensions] "got t and b"


def mean_with_keepdim(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x - x.mean(-1, keepdim=True))  # R: [b, t]
    reveal_shape((x - x.mean(0)) / x.std(0))  # R: [b, t]


def sums_against_names(x: Float[Tensor, "b 2*d"], y: Float[Tensor, "b d"]) -> None:
    x + y  # E: [broadcast_error_incompatible_dimensions] "got 2*d and d"


def shifted(x: Float[Tensor, "t d"]) -> None:
    reveal_shape(x[1:] - x[:-1])  # R: [t - 1, d]


def shifted_by_different_steps(x: Float[Tensor, "t d"]) -> None:
    x[2:] - x[:-1]  # E: [broadcast_error_incompatible_dimensions]


def of_rows(
    x: Float[Tensor, "*batch d"], y: Float[Tensor, "d"], z: Float[Tensor, "*batch 1"]
) -> None:
    reveal_shape(x * y)  # R: [*batch, d]
    reveal_shape(x * z)  # R: [*batch, d]
    reveal_shape(y * z)  # R: [*batch, d]
    reveal_shape(x * x)  # R: [*batch, d]


def last_sizes_of_rows(x: Float[Tensor, "*batch d"], y: Float[Tensor, "*batch e"]) -> None:
    x * y  # E: [broadcast_error_incompatible_dimensions] "got d and e"


def broadcast_by_hand(x: Float[Tensor, "b 1 d"], y: Float[Tensor, "t d"]) -> None:
    a, b = torch.broadcast_tensors(x, y)
    reveal_shape(a)  # R: [b, t, d]
    reveal_shape(b)  # R: [b, t, d]
    reveal_shape(torch.broadcast_to(y, (x.size(0), *y.shape)))  # R: [b, t, d]
    reveal_shape(x.broadcast_to(x.size(0), y.size(0), y.size(1)))  # R: [b, t, d]
    reveal_shape(torch.zeros(torch.broadcast_shapes(x.shape, y.shape)))  # R: [b, t, d]


def not_broadcast_by_hand(x: Float[Tensor, "b d"], y: Float[Tensor, "t d"]) -> None:
    torch.broadcast_tensors(x, y)  # E: [broadcast_error_incompatible_dimensions] "got b and t"


def shapes_that_do_not_broadcast(x: Float[Tensor, "b d"], y: Float[Tensor, "t d"]) -> None:
    torch.broadcast_shapes(x.shape, y.shape)  # E: [broadcast_error_incompatible_dimensions]


def broadcast_to_another_size(x: Float[Tensor, "b d"]) -> None:
    x.broadcast_to(3, x.size(0), 5)  # E: [expand_error_incompatible]


def three_numbers(
    x: Float[Tensor, "2 1 5"], y: Float[Tensor, "3 1"], z: Float[Tensor, "7"]
) -> None:
    reveal_shape(x + y)  # R: [2, 3, 5]
    x + y + z  # E: [broadcast_error_incompatible_dimensions] "got 5 and 7 from [2, 3, 5] and [7]"
