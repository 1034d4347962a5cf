"""Adding, dropping and moving axes: squeeze, unsqueeze, permute, transpose and their relatives."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def squeezed(x: Float[Tensor, "b 1 t 1"], y: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.squeeze())  # R: [b, t]
    reveal_shape(x.squeeze(1))  # R: [b, t, 1]
    reveal_shape(x.squeeze(-1))  # R: [b, 1, t]
    reveal_shape(torch.squeeze(x, (1, 3)))  # R: [b, t]
    reveal_shape(x.squeeze(dim=0))  # R: [b, 1, t, 1]
    reveal_shape(y.squeeze(-1))  # R: [b, t]
    reveal_shape(y.unsqueeze(1))  # R: [b, 1, t]
    reveal_shape(y.unsqueeze(-1))  # R: [b, t, 1]
    reveal_shape(torch.unsqueeze(y, dim=2))  # R: [b, t, 1]
    y.unsqueeze_(0)
    reveal_shape(y)  # R: [1, b, t]
    y.squeeze_(0)
    reveal_shape(y)  # R: [b, t]


def squeezed_beyond(x: Float[Tensor, "b 1"]) -> None:
    x.squeeze(2)  # E: [dimension_error_out_of_range] "got 2"


def unsqueezed_beyond(x: Float[Tensor, "b t"]) -> None:
    x.unsqueeze(3)  # E: [dimension_error_out_of_range] "got 3"


def squeezed_one_too_many(x: Float[Tensor, "b 1 d"], y: Float[Tensor, "b d"]) -> None:
    reveal_shape(x.squeeze(1) + y)  # R: [b, d]
    x.squeeze(1).squeeze(2)  # E: [dimension_error_out_of_range]


def permuted(x: Float[Tensor, "b c h w"]) -> None:
    reveal_shape(x.permute(0, 2, 3, 1))  # R: [b, h, w, c]
    reveal_shape(x.permute((0, -1, 1, 2)))  # R: [b, w, c, h]
    reveal_shape(torch.permute(x, (3, 2, 1, 0)))  # R: [w, h, c, b]
    reveal_shape(x.permute(*range(3, -1, -1)))  # R: [w, h, c, b]


def permuted_with_too_few(x: Float[Tensor, "b c h w"]) -> None:
    x.permute(0, 2, 1)  # E: [permute_error_dimension_count_mismatch] "3"


def permuted_with_the_same_twice(x: Float[Tensor, "b c h"]) -> None:
    x.permute(0, 2, 2)  # E: [permute_error_duplicate_dims]


def permuted_beyond(x: Float[Tensor, "b c h"]) -> None:
    x.permute(0, 2, 3)  # E: [dimension_error_out_of_range]


def transposed(x: Float[Tensor, "b t d"], m: Float[Tensor, "n k"], v: Float[Tensor, "n"]) -> None:
    reveal_shape(x.transpose(1, 2))  # R: [b, d, t]
    reveal_shape(torch.transpose(x, 0, -1))  # R: [d, t, b]
    reveal_shape(x.transpose(dim0=-1, dim1=-2))  # R: [b, d, t]
    reveal_shape(x.mT)  # R: [b, d, t]
    reveal_shape(x.mH)  # R: [b, d, t]
    reveal_shape(m.T)  # R: [k, n]
    reveal_shape(m.H)  # R: [k, n]
    reveal_shape(m.t())  # R: [k, n]
    reveal_shape(torch.t(v))  # R: [n]
    reveal_shape(x.adjoint())  # R: [b, d, t]
    reveal_shape(x.swapaxes(0, 1))  # R: [t, b, d]
    reveal_shape(torch.swapdims(x, 1, 2))  # R: [b, d, t]
    m.t_()
    reveal_shape(m)  # R: [k, n]


def transposed_beyond(x: Float[Tensor, "b t"]) -> None:
    x.transpose(1, 2)  # E: [transpose_dims_error_out_of_range] "2"


def transposed_of_rank_three(x: Float[Tensor, "b t d"]) -> None:
    x.t()  # E: [transpose_error_requires_2d_tensor]


def matrices_of_a_vector(x: Float[Tensor, "n"]) -> None:
    x.mT  # E: [linalg_error_requires_at_least_2d]


def conjugate_of_rank_three(x: Float[Tensor, "b t d"]) -> None:
    x.H  # E: [linalg_error_requires_2d]


def moved(x: Float[Tensor, "a b c d"]) -> None:
    reveal_shape(x.movedim(1, -1))  # R: [a, c, d, b]
    reveal_shape(x.movedim((0, 1), (2, 3)))  # R: [c, d, a, b]
    reveal_shape(torch.moveaxis(x, -1, 0))  # R: [d, a, b, c]


def moved_beyond(x: Float[Tensor, "a b"]) -> None:
    x.movedim(2, 0)  # E: [dimension_error_out_of_range]


def moved_to_the_same_place(x: Float[Tensor, "a b c"]) -> None:
    x.movedim((0, 1), (2, 2))  # E: [dimension_error_duplicate]


def reordered(x: Float[Tensor, "a b c"]) -> None:
    reveal_shape(x.flip(0, 2))  # R: [a, b, c]
    reveal_shape(torch.flip(x, dims=(-1,)))  # R: [a, b, c]
    reveal_shape(x.fliplr().flipud())  # R: [a, b, c]
    reveal_shape(x.roll(1, 0))  # R: [a, b, c]
    reveal_shape(torch.roll(x, shifts=(1, -1), dims=(0, 1)))  # R: [a, b, c]
    reveal_shape(torch.rot90(x, 1, (1, 2)))  # R: [a, c, b]
    reveal_shape(x.rot90(2))  # R: [a, b, c]


def flipped_beyond(x: Float[Tensor, "a b"]) -> None:
    x.flip(2)  # E: [flip_error_dim_out_of_range] "2"


def flipped_twice(x: Float[Tensor, "a b"]) -> None:
    x.flip(0, -2)  # E: [dimension_error_duplicate]


def rolled_beyond(x: Float[Tensor, "a b"]) -> None:
    x.roll(1, 2)  # E: [dimension_error_out_of_range]


def rolled_with_too_few(x: Float[Tensor, "a b"]) -> None:
    x.roll((1, 2), 0)  # E: [argument_error_value]


def turned_around_itself(x: Float[Tensor, "a b"]) -> None:
    torch.rot90(x, 1, (0, 0))  # E: [argument_error_value] "must differ"


def of_rows(x: Float[Tensor, "*batch t d"]) -> None:
    reveal_shape(x.transpose(-1, -2))  # R: [*batch, d, t]
    reveal_shape(x.unsqueeze(-2))  # R: [*batch, t, 1, d]
    reveal_shape(x.movedim(-1, 0))  # R: [d, *batch, t]
    reveal_shape(x.mT @ x)  # R: [*batch, d, d]


def axes_swapped_then_used(x: Float[Tensor, "b t d"]) -> None:
    x.transpose(1, 2) + x  # E: [broadcast_error_incompatible_dimensions] "got t and d"
