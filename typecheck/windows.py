"""Windows, strides and diagonals."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def unfolded(x: Float[Tensor, "b t"], y: Float[Tensor, "b 4*k"]) -> None:
    reveal_shape(x.unfold(1, 3, 1))  # R: [b, t - 2, 3]
    reveal_shape(x.unfold(-1, 3, 2))  # R: [b, (t + 1)//2 - 1, 3]
    reveal_shape(y.unfold(dimension=1, size=4, step=4))  # R: [b, k, 4]


def window_too_large(x: Float[Tensor, "b 5"]) -> None:
    x.unfold(1, 6, 1)  # E: [unfold_error_size] "6"


def window_beyond(x: Float[Tensor, "b 5"]) -> None:
    x.unfold(2, 2, 1)  # E: [dimension_error_out_of_range]


def window_without_a_step(x: Float[Tensor, "b 5"]) -> None:
    x.unfold(1, 2, 0)  # E: [argument_error_value]


def strided(x: Float[Tensor, "n"]) -> None:
    reveal_shape(torch.as_strided(x, (3, 2), (1, 2)))  # R: [3, 2]
    reveal_shape(x.as_strided((x.size(0),), (1,)))  # R: [n]


def strided_with_too_few(x: Float[Tensor, "n"]) -> None:
    x.as_strided((3, 2), (1,))  # E: [argument_error_value]


def diagonals(x: Float[Tensor, "b n n"], v: Float[Tensor, "n"], m: Float[Tensor, "3 5"]) -> None:
    reveal_shape(x.diagonal(dim1=1, dim2=2))  # R: [b, n]
    reveal_shape(torch.diagonal(x, 0, -2, -1))  # R: [b, n]
    reveal_shape(torch.linalg.diagonal(x))  # R: [b, n]
    reveal_shape(torch.diag(v))  # R: [n, n]
    reveal_shape(x[0].diag())  # R: [n]
    reveal_shape(torch.diag(v, 1))  # R: [n + 1, n + 1]
    reveal_shape(m.diagonal())  # R: [3]
    reveal_shape(m.diagonal(3))  # R: [2]
    reveal_shape(m.diagonal(-1))  # R: [2]
    reveal_shape(torch.diag_embed(v))  # R: [n, n]
    reveal_shape(x.diag_embed())  # R: [b, n, n, n]
    reveal_shape(torch.diagflat(m))  # R: [15, 15]
    reveal_shape(torch.block_diag(m, m, v))  # R: [7, n + 10]


def diagonal_of_one_axis(x: Float[Tensor, "b n n"]) -> None:
    x.diagonal(dim1=1, dim2=-2)  # E: [dimension_error_duplicate]


def diagonal_beyond(x: Float[Tensor, "n n"]) -> None:
    x.diagonal(dim1=1, dim2=2)  # E: [dimension_error_out_of_range]


def diagonal_of_a_vector(x: Float[Tensor, "n"]) -> None:
    x.diagonal()  # E: [dimension_error_out_of_range]


def diag_of_rank_three(x: Float[Tensor, "b n n"]) -> None:
    torch.diag(x)  # E: [rank_error_mismatch]


def triangles(x: Float[Tensor, "b t s"], n: int) -> None:
    reveal_shape(x.tril())  # R: [b, t, s]
    reveal_shape(torch.triu(x, diagonal=1))  # R: [b, t, s]
    reveal_shape(torch.triu(torch.ones(n, n), 1).bool())  # R: [n, n]
    x.tril_()


def triangle_of_a_vector(x: Float[Tensor, "n"]) -> None:
    torch.tril(x)  # E: [linalg_error_requires_at_least_2d]


def causal_mask_of_another_size(scores: Float[Tensor, "b t s"]) -> None:
    mask = torch.tril(torch.ones(scores.size(1), scores.size(1)))
    masked = mask == 0
    scores.masked_fill(masked, -1e9)  # E: [broadcast_error_incompatible_dimensions] "s and t"
