"""Branches: what holds in each, and what is left where they meet."""

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def both_assign(x: Float[Tensor, "b t"], turn: bool) -> None:
    if turn:
        y = x.T
    else:
        y = x
    reveal_shape(y)  # R: [t, b] | [b, t]
    y.sum(1)
    y @ y.T
    torch.cat([y, y])


def one_fits(x: Float[Tensor, "b 3"], w: Float[Tensor, "3 5"], turn: bool) -> None:
    if turn:
        x = x.T
    x @ w


def none_fits(x: Float[Tensor, "2 3"], w: Float[Tensor, "5 7"], turn: bool) -> None:
    if turn:
        x = x.T
    x @ w  # E: [matmul_error_inner_dimensions_do_not_match]


def same_in_both(x: Float[Tensor, "b t"], kind: str) -> Float[Tensor, "b t"]:
    if kind == "relu":
        x = torch.relu(x)
    elif kind == "softmax":
        x = x.softmax(-1)
    else:
        raise ValueError(kind)
    reveal_shape(x)  # R: [b, t]
    return x


def error_in_a_branch(x: Float[Tensor, "b t"], turn: bool) -> None:
    if turn:
        x @ x  # E: [matmul_error_inner_dimensions_do_not_match] "t and b"
    else:
        x @ x.T


def rank(x: Tensor) -> None:
    if x.ndim == 2:
        x = x.unsqueeze(0)
    if x.ndim == 3:
        b, t, d = x.shape
        x @ torch.zeros(d, 3)
        x.transpose(0, 3)  # E: [transpose_dims_error_out_of_range]


def rank_of_a_union(x: Float[Tensor, "b d"] | Float[Tensor, "b t d"]) -> Float[Tensor, "b d"]:
    if x.ndim == 3:
        reveal_shape(x)  # R: [b, t, d]
        x = x.mean(1)
    reveal_shape(x)  # R: [b, d]
    return x


def rank_of_a_union_wrong(x: Float[Tensor, "b d"] | Float[Tensor, "b t d"]) -> Float[Tensor, "b d"]:
    if x.dim() == 3:
        return x  # E: [return_error_shape_mismatch] "rank must be 2, got 3"
    return x


def never(x: Float[Tensor, "b t"]) -> None:
    if x.ndim == 3:
        x.transpose(1, 2)
    if False:
        x @ x


def of_a_constant(x: Float[Tensor, "b t"], mode: str = "a") -> None:
    if mode == "a":
        y = x
    elif mode == "b":
        y = x.T
    else:
        return
    y.sum(-1)


def equal_sizes(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    if x.shape[1] == y.shape[1]:
        x + y
    else:
        torch.cat([x, y], dim=1)
    x + y  # E: [broadcast_error_incompatible_dimensions]


def equal_shapes(x: Float[Tensor, "b t"], y: Float[Tensor, "c s"]) -> Float[Tensor, "b t"]:
    if x.shape != y.shape:
        raise ValueError
    return x + y


def size_is_a_number(x: Float[Tensor, "b c h w"], w: Float[Tensor, "3 5"]) -> None:
    if x.shape[1] == 3:
        x.mean((2, 3)) @ w
    elif x.shape[1] == 1:
        x.expand(-1, 3, -1, -1)
    else:
        x.expand(-1, 3, -1, -1)  # E: [expand_error_incompatible] "[b, c, h, w]"


def matched(x: Float[Tensor, "b t"], kind: int) -> None:
    match kind:
        case 0:
            y = x
        case 1:
            y = x.T
        case _:
            y = x[0]
    y.sum()
    y @ torch.zeros(0, 3, 3, 3)  # E: [matmul_error_inner_dimensions_do_not_match]


def conditional_expression(x: Float[Tensor, "2 3"], turn: bool) -> None:
    reveal_shape(x if turn else x[:1])  # R: [2, 3] | [1, 3]
    (x if turn else x[:1]) @ x  # E: [matmul_error_inner_dimensions_do_not_match]


def tries(x: Float[Tensor, "2 3"]) -> None:
    try:
        y = x.view(3, 2)
    except RuntimeError:
        y = x.reshape(3, 2)
    reveal_shape(y)  # R: [3, 2]
    y @ y  # E: [matmul_error_inner_dimensions_do_not_match] "2 and 3"


def with_block(x: Float[Tensor, "2 3"]) -> None:
    with torch.no_grad():
        y = x.T
    reveal_shape(y)  # R: [3, 2]
    with torch.autocast("cpu"):
        y @ y  # E: [matmul_error_inner_dimensions_do_not_match] "2 and 3"


def one_of_several_numbers(x: Float[Tensor, "b h w"], shift: int, still: bool) -> None:
    if still:
        shift = 0
    reveal_shape(torch.roll(x, shifts=(-shift, -shift), dims=(1, 2)))  # R: [b, h, w]
    reveal_shape(torch.zeros((shift + 1, 3)))  # R: [1, 3] | [shift + 1, 3]
    reveal_shape(torch.zeros([2 if still else 5, 3]).T)  # R: [3, 2] | [3, 5]
    torch.zeros((2 if still else 5, 3)) @ torch.zeros(4, 7)  # E: [matmul_error_inner_dimensions_do_not_match]
