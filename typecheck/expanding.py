"""Expanding and repeating."""
# judge: torch

import torch
from jaxtyping import Float, Int
from torch import Tensor

from shapetorch import reveal_shape


def expanded(x: Float[Tensor, "b 1 d"], row: Float[Tensor, "d"], y: Float[Tensor, "b t d"]) -> None:
    reveal_shape(x.expand(-1, 5, -1))  # R: [b, 5, d]
    reveal_shape(x.expand(y.size(0), y.size(1), y.size(2)))  # R: [b, t, d]
    reveal_shape(x.expand(y.shape))  # R: [b, t, d]
    reveal_shape(row.expand(y.size(0), -1))  # R: [b, d]
    reveal_shape(row.expand((7, 3, -1)))  # R: [7, 3, d]
    reveal_shape(x.expand_as(y))  # R: [b, t, d]


def expanded_to_another_size(x: Float[Tensor, "b t"]) -> None:
    x.expand(3, -1)  # E: [expand_error_incompatible] "[b, t]"


def expanded_to_another_name(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    x.expand_as(y)  # E: [expand_error_incompatible]


def expanded_to_a_smaller_rank(x: Float[Tensor, "b t d"]) -> None:
    x.expand(x.size(1), x.size(2))  # E: [expand_error_incompatible]


def expanded_at_the_wrong_end(x: Float[Tensor, "b"], y: Float[Tensor, "b d"]) -> None:
    x.expand(y.shape)  # E: [expand_error_incompatible]


def unknown_leading_size(x: Float[Tensor, "b"]) -> None:
    x.expand(-1, -1)  # E: [expand_error_incompatible]


def repeated(x: Float[Tensor, "n d"], k: int) -> None:
    reveal_shape(x.repeat(2, 3))  # R: [2*n, 3*d]
    reveal_shape(x.repeat(5, 1, 1))  # R: [5, n, d]
    reveal_shape(x.repeat((k, 1)))  # R: [k*n, d]
    reveal_shape(x.tile(2))  # R: [n, 2*d]
    reveal_shape(torch.tile(x, (3, 1, 2)))  # R: [3, n, 2*d]
    reveal_shape(x.repeat_interleave(k, dim=0))  # R: [k*n, d]
    reveal_shape(x.repeat_interleave(2))  # R: [2*d*n]
    reveal_shape(torch.repeat_interleave(x, 4, 1))  # R: [n, 4*d]


def repeated_by_values(x: Float[Tensor, "n d"], counts: Int[Tensor, "n"]) -> None:
    reveal_shape(x.repeat_interleave(counts, dim=0))  # R: [?, d]
    reveal_shape(x.repeat_interleave(counts, 0, output_size=x.size(1) * 0))  # R: [0, d]


def repeated_with_too_few(x: Float[Tensor, "n d"]) -> None:
    x.repeat(2)  # E: [repeat_error_count]


def repeated_beyond(x: Float[Tensor, "n d"]) -> None:
    x.repeat_interleave(2, dim=2)  # E: [dimension_error_out_of_range]


def repeated_by_values_of_another_size(x: Float[Tensor, "n d"], counts: Int[Tensor, "d"]) -> None:
    x.repeat_interleave(counts, dim=0)  # E: [argument_error_value] "got [d] for [n, d]"


def repeated_then_used(x: Float[Tensor, "n d"], y: Float[Tensor, "2*d"]) -> None:
    x.repeat(1, 2) + y
    x.repeat(2, 1) + y  # E: [broadcast_error_incompatible_dimensions] "got d and 2*d"


def of_rows(x: Float[Tensor, "*batch 1"], y: Float[Tensor, "*batch d"]) -> None:
    reveal_shape(x.expand(*y.shape))  # R: [*batch, d]
    reveal_shape(x.expand_as(y))  # R: [*batch, d]
    reveal_shape(y.repeat_interleave(2, dim=-1))  # R: [*batch, 2*d]
