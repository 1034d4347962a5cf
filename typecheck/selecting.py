"""Selecting and scattering by dim: select, narrow, gather, scatter, index_*, take, masked_*."""
# judge: torch

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from shapetorch import reveal_shape


def selected(x: Float[Tensor, "b t d"]) -> None:
    reveal_shape(x.select(1, 0))  # R: [b, d]
    reveal_shape(torch.select(x, -1, 2))  # R: [b, t]
    reveal_shape(x.narrow(1, 2, 5))  # R: [b, 5, d]
    reveal_shape(torch.narrow(x, 1, 0, x.size(1) - 1))  # R: [b, t - 1, d]
    reveal_shape(x.narrow(2, 1, x.size(2) // 2))  # R: [b, t, d//2]


def selected_beyond(x: Float[Tensor, "b 3"]) -> None:
    x.select(1, 3)  # E: [select_error_index_out_of_bounds] "3"


def selected_axis_beyond(x: Float[Tensor, "b t"]) -> None:
    x.select(2, 0)  # E: [dimension_error_out_of_range]


def narrowed_too_far(x: Float[Tensor, "b 10"]) -> None:
    x.narrow(1, 8, 3)  # E: [narrow_error_length_exceeds_bounds]


def narrowed_from_beyond(x: Float[Tensor, "b 10"]) -> None:
    x.narrow(1, 11, 0)  # E: [narrow_error_start_out_of_bounds]


def narrowed_by_one_too_many(x: Float[Tensor, "b t"]) -> None:
    x.narrow(1, 1, x.size(1))  # E: [narrow_error_length_exceeds_bounds]


def indices(x: Float[Tensor, "b t d"], i: Int[Tensor, "k"]) -> None:
    reveal_shape(x.index_select(1, i))  # R: [b, k, d]
    reveal_shape(torch.index_select(x, 0, i))  # R: [k, t, d]
    reveal_shape(torch.take(x, i))  # R: [k]
    reveal_shape(x.index_add(1, i, x.index_select(1, i)))  # R: [b, t, d]
    reveal_shape(x.index_copy(0, i, x.index_select(0, i)))  # R: [b, t, d]
    reveal_shape(x.index_fill(2, i, 0.0))  # R: [b, t, d]
    reveal_shape(x.index_put((i, i), x[i, i]))  # R: [b, t, d]
    reveal_shape(x.index_reduce(0, i, x.index_select(0, i), "amax"))  # R: [b, t, d]


def index_of_rank_two(x: Float[Tensor, "b t"], i: Int[Tensor, "k l"]) -> None:
    x.index_select(1, i)  # E: [index_error_shape_mismatch]


def index_axis_beyond(x: Float[Tensor, "b t"], i: Int[Tensor, "k"]) -> None:
    x.index_select(2, i)  # E: [index_select_error_dim_out_of_range]


def source_of_another_size(
    x: Float[Tensor, "b t"], i: Int[Tensor, "k"], y: Float[Tensor, "b t"]
) -> None:
    x.index_add(1, i, y)  # E: [source_error_shape_mismatch]


def source_of_another_shape(
    x: Float[Tensor, "b t"], i: Int[Tensor, "k"], y: Float[Tensor, "k k"]
) -> None:
    x.index_copy(0, i, y)  # E: [source_error_shape_mismatch]


def gathered(x: Float[Tensor, "b t v"], i: Int[Tensor, "b t 1"], j: Int[Tensor, "b t k"]) -> None:
    reveal_shape(x.gather(2, i))  # R: [b, t, 1]
    reveal_shape(torch.gather(x, -1, j))  # R: [b, t, k]
    reveal_shape(x.gather(dim=2, index=i).squeeze(-1))  # R: [b, t]
    reveal_shape(torch.take_along_dim(x, i, dim=2))  # R: [b, t, 1]
    reveal_shape(x.take_along_dim(x.argsort(dim=1), 1))  # R: [b, t, v]


def gathered_without_an_axis(x: Float[Tensor, "b t v"], i: Int[Tensor, "b t"]) -> None:
    x.gather(2, i)  # E: [gather_error_index_shape]


def gathered_beyond(x: Float[Tensor, "b t"], i: Int[Tensor, "b t"]) -> None:
    x.gather(2, i)  # E: [gather_error_dim_out_of_range]


def gathered_more_rows_than_there_are(x: Float[Tensor, "3 v"], i: Int[Tensor, "5 1"]) -> None:
    x.gather(1, i)  # E: [gather_error_index_shape]


def along_an_axis_that_does_not_broadcast(x: Float[Tensor, "b t"], i: Int[Tensor, "s 1"]) -> None:
    torch.take_along_dim(x, i, dim=1)  # E: [broadcast_error_incompatible_dimensions]


def scattered(x: Float[Tensor, "b v"], i: Int[Tensor, "b k"], s: Float[Tensor, "b k"]) -> None:
    reveal_shape(x.scatter(1, i[:, :1], 1.0))  # R: [b, v]
    reveal_shape(torch.zeros(x.shape).scatter_(1, i, s))  # R: [b, v]
    reveal_shape(torch.scatter(x, 1, i, s))  # R: [b, v]
    reveal_shape(x.scatter_add(1, i, s))  # R: [b, v]
    reveal_shape(x.scatter_reduce(1, i, s, "sum"))  # R: [b, v]


def scattered_beyond(x: Float[Tensor, "b v"], i: Int[Tensor, "b k"]) -> None:
    x.scatter(2, i, 1.0)  # E: [scatter_error_dim_out_of_range]


def scattered_with_another_rank(x: Float[Tensor, "b v"], i: Int[Tensor, "b"]) -> None:
    x.scatter(1, i, 1.0)  # E: [scatter_error_index_shape]


def scattered_from_too_small_a_source(
    x: Float[Tensor, "b v"], i: Int[Tensor, "b 5"], s: Float[Tensor, "b 3"]
) -> None:
    x.scatter(1, i, s)  # E: [scatter_error_index_shape]


def masked(x: Float[Tensor, "b t"], m: Bool[Tensor, "b t"], s: Float[Tensor, "n"]) -> None:
    reveal_shape(x.masked_select(m))  # R: [?]
    reveal_shape(torch.masked_scatter(x, m, torch.zeros_like(x)))  # R: [b, t]
    reveal_shape(x.nonzero())  # R: [?, 2]
    reveal_shape(m.nonzero(as_tuple=True)[0])  # R: [?]
    reveal_shape(torch.argwhere(x))  # R: [?, 2]
    reveal_shape(torch.where(m)[1])  # R: [?]


def masked_by_another_size(x: Float[Tensor, "b t"], m: Bool[Tensor, "b s"]) -> None:
    x.masked_select(m)  # E: [broadcast_error_incompatible_dimensions]


def parts_replaced(
    x: Float[Tensor, "b t d"], y: Float[Tensor, "b d"], z: Float[Tensor, "b 2 d"]
) -> None:
    reveal_shape(x.select_scatter(y, 1, 0))  # R: [b, t, d]
    reveal_shape(torch.slice_scatter(x, z, 1, 0, 2))  # R: [b, t, d]
    reveal_shape(torch.diagonal_scatter(torch.zeros(5, 5), torch.zeros(5)))  # R: [5, 5]
    reveal_shape(x.put(torch.tensor([0, 1]), torch.tensor([1.0, 2.0])))  # R: [b, t, d]


def part_of_another_size(x: Float[Tensor, "b t d"], y: Float[Tensor, "b t"]) -> None:
    x.select_scatter(y, 1, 0)  # E: [source_error_shape_mismatch]


def one_number(x: Float[Tensor, "1 1"], y: Float[Tensor, "b t"]) -> None:
    x.item()
    y.mean().item()
    y[0, 0].item()


def several_numbers(x: Float[Tensor, "2 3"]) -> None:
    x.item()  # E: [item_error_not_scalar] "[2, 3]"
