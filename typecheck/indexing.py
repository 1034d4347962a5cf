"""Indexing: integers, slices, None, ellipses, masks, integer tensors, and assignment to an index."""
# judge: torch

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from shapetorch import reveal_shape


def integers(x: Float[Tensor, "b t d"], i: int) -> None:
    reveal_shape(x[0])  # R: [t, d]
    reveal_shape(x[-1, 2])  # R: [d]
    reveal_shape(x[:, -1])  # R: [b, d]
    reveal_shape(x[0, 0, 0])  # R: []
    reveal_shape(x[..., 0])  # R: [b, t]
    reveal_shape(x[:, i % 2])  # R: [b, d]


def slices(x: Float[Tensor, "b t d"]) -> None:
    reveal_shape(x[:])  # R: [b, t, d]
    reveal_shape(x[1:])  # R: [b - 1, t, d]
    reveal_shape(x[:, :-1])  # R: [b, t - 1, d]
    reveal_shape(x[:, -1:])  # R: [b, 1, d]
    reveal_shape(x[:, 1:-1])  # R: [b, t - 2, d]
    reveal_shape(x[..., ::2])  # R: [b, t, (d + 1)//2]
    reveal_shape(x[..., 1::2])  # R: [b, t, d//2]
    reveal_shape(x[:, : x.size(1) // 2])  # R: [b, t//2, d]
    reveal_shape(x[:, 0:1])  # R: [b, 1, d]
    reveal_shape(x[:, :5])  # R: [b, min(5, t), d]


def symbolic_slices(x: Float[Tensor, "b 2*n"], y: Float[Tensor, "b n"]) -> None:
    n = y.shape[1]
    reveal_shape(x[:, :n])  # R: [b, n]
    reveal_shape(x[:, n:])  # R: [b, n]
    reveal_shape(x[:, :n] + y)  # R: [b, n]
    reveal_shape(x[:, -n:] * y)  # R: [b, n]
    reveal_shape(x[:, :-n])  # R: [b, n]


def new_axes(x: Float[Tensor, "b d"]) -> None:
    reveal_shape(x[None])  # R: [1, b, d]
    reveal_shape(x[:, None])  # R: [b, 1, d]
    reveal_shape(x[..., None])  # R: [b, d, 1]
    reveal_shape(x[None, ..., None, None])  # R: [1, b, d, 1, 1]
    reveal_shape(x[:, None, 0])  # R: [b, 1]


def masks(x: Float[Tensor, "b t d"], m: Bool[Tensor, "b t"], r: Bool[Tensor, "b"]) -> None:
    reveal_shape(x[m])  # R: [?, d]
    reveal_shape(x[r])  # R: [?, t, d]
    reveal_shape(x[x > 0])  # R: [?]
    reveal_shape(x[:, m[0]])  # R: [b, ?, d]
    reveal_shape(x[r, 0])  # R: [?, d]


def tensors(
    x: Float[Tensor, "n t d"], i: Int[Tensor, "k"], j: Int[Tensor, "k"], m: Int[Tensor, "a b"]
) -> None:
    reveal_shape(x[i])  # R: [k, t, d]
    reveal_shape(x[i, j])  # R: [k, d]
    reveal_shape(x[:, i])  # R: [n, k, d]
    reveal_shape(x[m])  # R: [a, b, t, d]
    reveal_shape(x[i, :, j])  # R: [k, t]
    reveal_shape(x[:, i, j])  # R: [n, k]
    reveal_shape(x[i[:, None], j])  # R: [k, k, d]
    reveal_shape(x[torch.arange(x.size(0)), 0])  # R: [n, d]
    reveal_shape(x[[0, 2, 4]])  # R: [3, t, d]
    reveal_shape(x[:, [0, 1]])  # R: [n, 2, d]
    reveal_shape(x[0][..., i])  # R: [t, k]
    reveal_shape(x[i, 0])  # R: [k, d]


def of_rows(x: Float[Tensor, "*batch t d"]) -> None:
    reveal_shape(x[..., 0])  # R: [*batch, t]
    reveal_shape(x[..., 1:, :])  # R: [*batch, t - 1, d]
    reveal_shape(x[..., None, :, :])  # R: [*batch, 1, t, d]
    reveal_shape(x[..., : x.shape[-1] // 2])  # R: [*batch, t, d//2]


def too_many(x: Float[Tensor, "b t"]) -> None:
    x[0, 0, 0]  # E: [index_error_too_many] "got 3"


def too_many_with_ellipsis(x: Float[Tensor, "b t"]) -> None:
    x[..., 0, :, 0]  # E: [index_error_too_many]


def number_too_large(x: Float[Tensor, "b 3"]) -> None:
    x[:, 3]  # E: [index_error_out_of_bounds] "3"


def number_too_small(x: Float[Tensor, "b 3"]) -> None:
    x[:, -4]  # E: [index_error_out_of_bounds]


def the_size_itself(x: Float[Tensor, "b t"]) -> None:
    x[:, x.size(1)]  # E: [index_error_out_of_bounds] "t"


def backward_slice(x: Float[Tensor, "b t"]) -> None:
    x[:, ::-1]  # E: [index_error_step]


def mask_of_another_size(x: Float[Tensor, "b t"], m: Bool[Tensor, "b s"]) -> None:
    x[m]  # E: [index_error_mask_shape]


def mask_of_the_wrong_axis(x: Float[Tensor, "b t"], m: Bool[Tensor, "t"]) -> None:
    x[m]  # E: [index_error_mask_shape]


def indices_that_do_not_broadcast(
    x: Float[Tensor, "n t"], i: Int[Tensor, "k"], j: Int[Tensor, "l"]
) -> None:
    x[i, j]  # E: [index_error_shape_mismatch]


def scalar_indexed(x: Float[Tensor, ""]) -> None:
    x[0]  # E: [index_error_too_many]


def shifted_target(x: Float[Tensor, "b t v"], y: Int[Tensor, "b t"]) -> None:
    x[:, :-1].argmax(-1) == y[:, 1:]
    x[:, :-1].argmax(-1) == y  # E: [broadcast_error_incompatible_dimensions] "got t - 1 and t"


def assigned(x: Float[Tensor, "b t d"], row: Float[Tensor, "d"], m: Bool[Tensor, "b t"]) -> None:
    x[0] = row
    x[:, 0] = 0.0
    x[:, 1:] = x[:, :-1].clone()
    x[m] = row
    x[m] = 0
    x[..., 0] += 1
    x[torch.arange(x.size(0)), 0] = row
    reveal_shape(x)  # R: [b, t, d]


def assigned_another_size(x: Float[Tensor, "b t d"], row: Float[Tensor, "e"]) -> None:
    x[0] = row  # E: [broadcast_error_incompatible_dimensions] "[e]"


def assigned_the_whole(x: Float[Tensor, "b t"], y: Float[Tensor, "b t"]) -> None:
    x[:, 1:] = y  # E: [broadcast_error_incompatible_dimensions]


def assigned_more_dims(x: Float[Tensor, "b t"], y: Float[Tensor, "b t"]) -> None:
    x[0] = y  # E: [broadcast_error_incompatible_dimensions]


def assigned_out_of_bounds(x: Float[Tensor, "b 3"]) -> None:
    x[:, 3] = 0.0  # E: [index_error_out_of_bounds]


def added_at_an_index(x: Float[Tensor, "b t"], y: Float[Tensor, "t"]) -> None:
    x[:, 0] += y  # E: [broadcast_error_incompatible_dimensions]
