"""Reshape, view, flatten, unflatten: the number of elements stays."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor, nn

from shapetorch import reveal_shape


def merged_and_split(x: Float[Tensor, "b t 8*d"]) -> None:
    b, t, c = x.shape
    reveal_shape(x.view(b, t, 8, c // 8))  # R: [b, t, 8, d]
    reveal_shape(x.reshape(b * t, c))  # R: [b*t, 8*d]
    reveal_shape(x.reshape(-1))  # R: [8*b*d*t]
    reveal_shape(x.view(b, -1))  # R: [b, 8*d*t]
    reveal_shape(x.view(b, t, -1, 8))  # R: [b, t, d, 8]
    reveal_shape(torch.reshape(x, (-1, c)))  # R: [b*t, 8*d]
    reveal_shape(x.view(*x.shape[:-1], 8, -1))  # R: [b, t, 8, d]
    reveal_shape(x.reshape((t, b, 1, c)))  # R: [t, b, 1, 8*d]
    reveal_shape(x.view(x.size()))  # R: [b, t, 8*d]
    reveal_shape(x.view(torch.int32))  # R: [b, t, ?]
    reveal_shape(x.view_as(x))  # R: [b, t, 8*d]
    reveal_shape(x.reshape_as(x[None]))  # R: [1, b, t, 8*d]


def flattened(x: Float[Tensor, "b c h w"], s: Float[Tensor, ""]) -> None:
    reveal_shape(x.flatten())  # R: [b*c*h*w]
    reveal_shape(x.flatten(1))  # R: [b, c*h*w]
    reveal_shape(torch.flatten(x, 2, 3))  # R: [b, c, h*w]
    reveal_shape(x.flatten(start_dim=1, end_dim=-2))  # R: [b, c*h, w]
    reveal_shape(x.flatten(-2))  # R: [b, c, h*w]
    reveal_shape(s.flatten())  # R: [1]
    reveal_shape(x.ravel())  # R: [b*c*h*w]
    reveal_shape(nn.Flatten()(x))  # R: [b, c*h*w]
    reveal_shape(nn.Flatten(0, 1)(x))  # R: [b*c, h, w]


def unflattened(x: Float[Tensor, "b 4*d"]) -> None:
    reveal_shape(x.unflatten(1, (4, -1)))  # R: [b, 4, d]
    reveal_shape(x.unflatten(-1, (-1, 4)))  # R: [b, d, 4]
    reveal_shape(torch.unflatten(x, 1, (2, 2, -1)))  # R: [b, 2, 2, d]
    reveal_shape(nn.Unflatten(1, (4, -1))(x))  # R: [b, 4, d]


def rows(x: Float[Tensor, "*batch 2*d"]) -> None:
    reveal_shape(x.reshape(*x.shape[:-1], 2, -1))  # R: [*batch, 2, d]
    reveal_shape(x.unflatten(-1, (2, -1)))  # R: [*batch, 2, d]
    reveal_shape(x.reshape(-1, x.shape[-1]).shape[1] + torch.zeros(3))  # R: [3]


def another_number_of_elements(x: Float[Tensor, "b t d"]) -> None:
    b, t, d = x.shape
    x.view(b, d, d)  # E: [reshape_error_element_count] "[b, d, d]"


def batch_forgotten(x: Float[Tensor, "b c h w"]) -> None:
    x.reshape(x.size(1) * x.size(2) * x.size(3))  # E: [reshape_error_element_count]


def numbers(x: Float[Tensor, "b 28 28"]) -> None:
    x.view(x.size(0), 748)  # E: [reshape_error_element_count] "784"


def rest_not_whole(x: Float[Tensor, "6"]) -> None:
    x.view(4, -1)  # E: [reshape_error_element_count]


def two_inferred_sizes(x: Float[Tensor, "b t d"]) -> None:
    x.view(-1, -1, 2)  # E: [reshape_error_invalid_size]


def negative_size(x: Float[Tensor, "b t"]) -> None:
    x.reshape(x.size(0), -2)  # E: [reshape_error_invalid_size]


def another_tensors_shape(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    x.view_as(y)  # E: [reshape_error_element_count]


def flattened_backwards(x: Float[Tensor, "b c h w"]) -> None:
    x.flatten(2, 1)  # E: [flatten_error_dim_order]


def flattened_beyond(x: Float[Tensor, "b c"]) -> None:
    torch.flatten(x, 1, 2)  # E: [dimension_error_out_of_range] "got 2"


def flattened_layer_beyond(x: Float[Tensor, "b"]) -> None:
    nn.Flatten(2)(x)  # E: [dimension_error_out_of_range]


def unflattened_into_another_product(x: Float[Tensor, "b 12"]) -> None:
    x.unflatten(1, (5, 2))  # E: [unflatten_error_sizes] "12"


def unflattened_beyond(x: Float[Tensor, "b 12"]) -> None:
    x.unflatten(2, (3, 4))  # E: [dimension_error_out_of_range]


def sizes_swapped_then_used(x: Float[Tensor, "b t d"], y: Float[Tensor, "b t d"]) -> None:
    z = x.reshape(x.size(0), x.size(2), x.size(1))
    z + y  # E: [broadcast_error_incompatible_dimensions] "got t and d"
