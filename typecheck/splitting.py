"""Splitting tensors: split, chunk, unbind, meshgrid and what becomes of the parts."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def split(x: Float[Tensor, "b t 3*d"], y: Float[Tensor, "b 12"]) -> None:
    d = x.size(2) // 3
    q, k, v = x.split(d, dim=-1)
    reveal_shape(k)  # R: [b, t, d]
    small, large = torch.split(x, [d, 2 * d], dim=2)
    reveal_shape(large)  # R: [b, t, 2*d]
    parts = y.split(5, 1)
    reveal_shape(parts[0])  # R: [b, 5]
    reveal_shape(parts[2])  # R: [b, 2]
    reveal_shape(y.split_with_sizes([4, 8], dim=1)[1])  # R: [b, 8]
    reveal_shape(torch.cat(x.split(d, -1), dim=1))  # R: [b, 3*t, d]


def chunked(x: Float[Tensor, "b 2*d"], y: Float[Tensor, "7 d"]) -> None:
    a, gate = x.chunk(2, dim=-1)
    reveal_shape(a * gate.sigmoid())  # R: [b, d]
    parts = y.chunk(3)
    reveal_shape(parts[0])  # R: [3, d]
    reveal_shape(parts[-1])  # R: [1, d]
    reveal_shape(torch.tensor_split(y, 3)[1])  # R: [2, d]
    reveal_shape(y.tensor_split((1, 4))[1])  # R: [3, d]
    reveal_shape(torch.tensor_split(y, (1, 4))[2])  # R: [3, d]
    left, right = torch.zeros(7, 4).hsplit(2)
    reveal_shape(left)  # R: [7, 2]
    reveal_shape(y[:6].vsplit(3)[0])  # R: [2, d]
    reveal_shape(torch.dsplit(torch.zeros(1, 7, 4), 2)[1])  # R: [1, 7, 2]


def unbound(x: Float[Tensor, "3 b d"], y: Float[Tensor, "b t 2"]) -> None:
    q, k, v = x
    reveal_shape(q)  # R: [b, d]
    q, k, v = x.unbind(0)
    reveal_shape(v)  # R: [b, d]
    mean, log_var = y.unbind(-1)
    reveal_shape(mean)  # R: [b, t]
    reveal_shape(torch.unbind(y)[0])  # R: [t, 2]
    for step in y.unbind(1):
        reveal_shape(step)  # R: [b, 2]
    for step in y.transpose(0, 1):
        reveal_shape(step)  # R: [b, 2]
    reveal_shape(y.chunk(y.size(1), dim=1)[0])  # R: [b, 1, 2]


def grids(x: Float[Tensor, "w"], y: Float[Tensor, "h"]) -> None:
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    reveal_shape(rows)  # R: [h, w]
    rows, columns = torch.meshgrid([x, y], indexing="xy")
    reveal_shape(columns)  # R: [h, w]
    reveal_shape(torch.stack(torch.meshgrid(y, x, indexing="ij"), dim=-1))  # R: [h, w, 2]
    reveal_shape(torch.cartesian_prod(x, y))  # R: [h*w, 2]
    reveal_shape(torch.combinations(x, 2))  # R: [(w*w - w)//2, 2]


def of_rows(x: Float[Tensor, "*batch 2*d"]) -> None:
    a, b = x.chunk(2, dim=-1)
    reveal_shape(a + b)  # R: [*batch, d]
    a, b = x.split(x.shape[-1] // 2, dim=-1)
    reveal_shape(b)  # R: [*batch, d]


def split_beyond(x: Float[Tensor, "b t"]) -> None:
    x.split(1, dim=2)  # E: [split_error_dim_out_of_range] "2"


def sizes_do_not_add_up(x: Float[Tensor, "b 10"]) -> None:
    x.split([3, 4], dim=1)  # E: [split_error_sum_mismatch] "7"


def names_do_not_add_up(x: Float[Tensor, "b t d"]) -> None:
    x.split([x.size(1), x.size(1)], dim=2)  # E: [split_error_sum_mismatch]


def negative_split(x: Float[Tensor, "b t"]) -> None:
    x.split(-1, dim=1)  # E: [split_error_size]


def chunked_beyond(x: Float[Tensor, "b t"]) -> None:
    x.chunk(2, dim=2)  # E: [chunk_error_dim_out_of_range] "2"


def no_chunks(x: Float[Tensor, "b t"]) -> None:
    x.chunk(0, dim=1)  # E: [chunk_error_count]


def chunks_of_the_wrong_axis(x: Float[Tensor, "b 2*d"], y: Float[Tensor, "b d"]) -> None:
    a, gate = x.chunk(2, dim=0)
    a + y  # E: [broadcast_error_incompatible_dimensions] "got 2*d and d"


def unbound_beyond(x: Float[Tensor, "b t"]) -> None:
    x.unbind(2)  # E: [unbind_error_dim_out_of_range] "2"


def unbound_into_too_many(x: Float[Tensor, "b t 2"]) -> None:
    a, b, c = x.unbind(-1)  # E: [unpack_error_count_mismatch]


def unpacked_into_too_few(x: Float[Tensor, "3 b"]) -> None:
    a, b = x  # E: [unpack_error_count_mismatch]


def rows_into_too_many(x: Float[Tensor, "2 b"]) -> None:
    a, b, c, *rest = x  # E: [unpack_error_count_mismatch] "2 rows"


def sizes_into_too_few(x: Float[Tensor, "b t d"]) -> None:
    b, t = x.shape  # E: [unpack_error_count_mismatch]


def chunks_into_too_many(x: Float[Tensor, "b 4"]) -> None:
    a, b, c = x.chunk(3, dim=1)  # E: [unpack_error_count_mismatch]


def halves_of_an_odd_size(x: Float[Tensor, "b 5"]) -> None:
    torch.hsplit(x, 2)  # E: [split_error_sum_mismatch] "2 and 5"


def split_of_a_scalar(x: Float[Tensor, ""]) -> None:
    torch.unbind(x)  # E: [unbind_error_dim_out_of_range]


def grid_of_matrices(x: Float[Tensor, "n d"]) -> None:
    torch.meshgrid(x, x, indexing="ij")  # E: [rank_error_mismatch]
