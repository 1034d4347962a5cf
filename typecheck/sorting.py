"""Sorting, selecting the largest, counting and searching."""
# judge: torch

import torch
from jaxtyping import Float, Int
from torch import Tensor

from shapetorch import reveal_shape


def largest(x: Float[Tensor, "b t"], k: int) -> None:
    values, indices = x.topk(5, dim=-1)
    reveal_shape(values)  # R: [b, 5]
    reveal_shape(indices)  # R: [b, 5]
    reveal_shape(torch.topk(x, 3, 0).values)  # R: [3, t]
    reveal_shape(x.gather(1, x.topk(2).indices))  # R: [b, 2]
    reveal_shape(x.kthvalue(2, dim=1).values)  # R: [b]
    reveal_shape(torch.kthvalue(x, 2, 0, True)[1])  # R: [1, t]


def sorted_rows(x: Float[Tensor, "b t"]) -> None:
    values, indices = x.sort(dim=1, descending=True)
    reveal_shape(values)  # R: [b, t]
    reveal_shape(indices)  # R: [b, t]
    reveal_shape(torch.sort(x).indices)  # R: [b, t]
    reveal_shape(x.argsort(-1))  # R: [b, t]
    reveal_shape(torch.msort(x))  # R: [b, t]
    reveal_shape(torch.sort(x, stable=True, dim=0)[0])  # R: [b, t]


def counted(x: Float[Tensor, "n"], i: Int[Tensor, "n"]) -> None:
    reveal_shape(torch.bincount(i, minlength=10))  # R: [?]
    reveal_shape(torch.histc(x, bins=20))  # R: [20]
    reveal_shape(torch.histogram(x, 7).bin_edges)  # R: [8]
    reveal_shape(torch.unique(i))  # R: [?]
    values, inverse, counts = torch.unique(i, return_inverse=True, return_counts=True)
    reveal_shape(inverse)  # R: [n]
    reveal_shape(counts)  # R: [?]
    reveal_shape(i.unique_consecutive())  # R: [?]


def unique_rows(x: Float[Tensor, "n d"]) -> None:
    reveal_shape(torch.unique(x, dim=0))  # R: [?, d]
    reveal_shape(x.unique(dim=1))  # R: [n, ?]


def searched(
    edges: Float[Tensor, "m"], x: Float[Tensor, "b t"], rows: Float[Tensor, "b m"]
) -> None:
    reveal_shape(torch.bucketize(x, edges))  # R: [b, t]
    reveal_shape(torch.searchsorted(edges, x))  # R: [b, t]
    reveal_shape(torch.searchsorted(rows, x))  # R: [b, t]


def more_than_there_are(x: Float[Tensor, "b 3"]) -> None:
    x.topk(4)  # E: [selection_error_k_out_of_range] "4"


def one_more_than_there_are(x: Float[Tensor, "b t"]) -> None:
    x.topk(x.size(1) + 1, dim=1)  # E: [selection_error_k_out_of_range]


def largest_beyond(x: Float[Tensor, "b t"]) -> None:
    x.topk(1, dim=2)  # E: [dimension_error_out_of_range]


def sorted_beyond(x: Float[Tensor, "b t"]) -> None:
    x.sort(dim=2)  # E: [dimension_error_out_of_range]


def argsort_beyond(x: Float[Tensor, "b t"]) -> None:
    torch.argsort(x, dim=-3)  # E: [dimension_error_out_of_range]


def kth_of_too_few(x: Float[Tensor, "b 3"]) -> None:
    x.kthvalue(4, dim=1)  # E: [selection_error_k_out_of_range]


def counted_matrix(i: Int[Tensor, "b t"]) -> None:
    torch.bincount(i)  # E: [rank_error_mismatch]


def weights_of_another_size(i: Int[Tensor, "n"], w: Float[Tensor, "m"]) -> None:
    torch.bincount(i, weights=w)  # E: [weights_error_shape]


def searched_in_other_rows(rows: Float[Tensor, "b m"], x: Float[Tensor, "a t"]) -> None:
    torch.searchsorted(rows, x)  # E: [searchsorted_error_shape]


def edges_of_rank_two(edges: Float[Tensor, "b m"], x: Float[Tensor, "t"]) -> None:
    torch.bucketize(x, edges)  # E: [rank_error_mismatch]


def largest_then_used(x: Float[Tensor, "b t"], y: Float[Tensor, "b t"]) -> None:
    x.topk(5).values + y  # E: [broadcast_error_incompatible_dimensions] "got 5 and t"
