"""Optional values and unions of shapes: an error only when every member fails."""

from typing import Optional, Union

import torch
from jaxtyping import Float, Int
from shapetorch import reveal_shape
from torch import Tensor


def maybe(x: Float[Tensor, "b d"], mask: Optional[Float[Tensor, "b d"]] = None) -> Float[Tensor, "b d"]:
    if mask is not None:
        x = x * mask
    return x


def maybe_wrong(x: Float[Tensor, "b d"], mask: Float[Tensor, "b t"] | None) -> None:
    if mask is not None:
        x * mask  # E: [broadcast_error_incompatible_dimensions] "d and t"


def default(x: Float[Tensor, "b d"], bias: Float[Tensor, "d"] | None = None) -> Float[Tensor, "b d"]:
    bias = torch.zeros(x.shape[1]) if bias is None else bias
    reveal_shape(bias)  # R: [d]
    return x + bias


def early(x: Float[Tensor, "b d"], bias: Float[Tensor, "b"] | None) -> Float[Tensor, "b d"]:
    if bias is None:
        return x
    return x + bias  # E: [broadcast_error_incompatible_dimensions] "d and b"


def passes(x: Float[Tensor, "3 5"]) -> None:
    maybe(x)
    maybe(x, None)
    maybe(x, x)
    maybe(x, x.T)  # E: [argument_error_shape_mismatch] "argument 'mask': axis 0 (b) must be 3, got 5"


def one_of(x: Union[Float[Tensor, "b d"], Float[Tensor, "b t d"]]) -> None:
    reveal_shape(x)  # R: [b, d] | [b, t, d]
    x @ x.new_zeros(x.shape[-1], 3)
    reveal_shape(x.sum(-1))  # R: [b] | [b, t]
    x.transpose(2, 3)  # E: [transpose_dims_error_out_of_range]


def passes_one_of(x: Float[Tensor, "3 5"], y: Float[Tensor, "2 3 5"]) -> None:
    one_of(x)
    one_of(y)
    one_of(x[0])  # E: [argument_error_shape_mismatch] "rank must be 2, got 1"


def branches(x: Float[Tensor, "3 5"], turn: bool) -> None:
    y = x.T if turn else x
    reveal_shape(y)  # R: [5, 3] | [3, 5]
    y @ x
    y.reshape(15)
    y @ torch.zeros(7, 2)  # E: [matmul_error_inner_dimensions_do_not_match]


def result(x: Float[Tensor, "3 5"], turn: bool) -> Float[Tensor, "3 5"] | Float[Tensor, "5 3"]:
    return x.T if turn else x


def result_wrong(x: Float[Tensor, "3 5"]) -> Float[Tensor, "3 7"] | None:
    return x  # E: [return_error_shape_mismatch] "axis 1 must be 7, got 5"


def result_may_be_none(x: Float[Tensor, "3 5"], go: bool) -> Float[Tensor, "3 5"] | None:
    if go:
        return x
    return None


def uses_result(x: Float[Tensor, "3 5"]) -> None:
    y = result_may_be_none(x, True)
    if y is None:
        return
    reveal_shape(y)  # R: [3, 5]
    y @ x  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"


def tensor_or_number(x: Float[Tensor, "b d"], scale: float | Float[Tensor, "d"]) -> Float[Tensor, "b d"]:
    return x * scale


def tensor_or_tuple(x: Float[Tensor, "b d"] | tuple[Float[Tensor, "b d"], int]) -> Float[Tensor, "b d"]:
    if isinstance(x, tuple):
        x = x[0]
    return x


def tensor_or_list(xs: Tensor | list[Float[Tensor, "b d"]]) -> Float[Tensor, "n d"]:
    if isinstance(xs, list):
        return torch.cat(xs)
    return xs


def by_or(x: Float[Tensor, "3 5"], y: Optional[Float[Tensor, "3 5"]]) -> Float[Tensor, "3 5"]:
    return x if y is None or y.shape[0] == 0 else x + y


def its_names_are_bound(
    x: Float[Tensor, "b d"], state: Float[Tensor, "b h"] | None = None
) -> Float[Tensor, "b h"]:
    if state is not None:
        return x  # E: [return_error_shape_mismatch] "must be h, got d"
    return x


def the_other_names_are(
    x: Float[Tensor, "b d"], state: Float[Tensor, "b h"] | None = None
) -> Float[Tensor, "b h"]:
    if state is None:
        return x.T  # E: [return_error_shape_mismatch] "axis 0 must be b, got d"
    return state
