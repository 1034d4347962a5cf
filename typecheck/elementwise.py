"""Element-wise operations, comparisons and in-place forms: the result broadcasts, in place it must not grow."""
# judge: torch

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from shapetorch import reveal_shape


def arithmetic(x: Float[Tensor, "b t"], y: Float[Tensor, "b t"], v: Float[Tensor, "t"]) -> None:
    reveal_shape(x + y)  # R: [b, t]
    reveal_shape(x - v)  # R: [b, t]
    reveal_shape(v * x)  # R: [b, t]
    reveal_shape(2 / x)  # R: [b, t]
    reveal_shape(x**2 % 3 // 2)  # R: [b, t]
    reveal_shape(-x.abs())  # R: [b, t]
    reveal_shape(torch.add(x, y, alpha=2))  # R: [b, t]
    reveal_shape(x.sub(1).mul(v).div(y).pow(2))  # R: [b, t]
    reveal_shape(torch.rsub(v, x))  # R: [b, t]


def sizes_differ(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    x + y  # E: [broadcast_error_incompatible_dimensions] "got t and s from [b, t] and [b, s]"


def method_sizes_differ(x: Float[Tensor, "b t"], y: Float[Tensor, "s t"]) -> None:
    x.mul(y)  # E: [broadcast_error_incompatible_dimensions] "got b and s from [b, t]"


def wrong_side(x: Float[Tensor, "b t"], row: Float[Tensor, "b"]) -> None:
    x / row  # E: [broadcast_error_incompatible_dimensions] "got t and b"


def name_against_number(x: Float[Tensor, "b t"], y: Float[Tensor, "512"]) -> None:
    torch.sub(x, y)  # E: [broadcast_error_incompatible_dimensions] "got t and 512"


def augmented(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    x *= y  # E: [broadcast_error_incompatible_dimensions]


def grows_in_place(x: Float[Tensor, "t"], y: Float[Tensor, "b t"]) -> None:
    x += y  # E: [inplace_error_shape_changed] "+=: the result must have the shape"


def grows_by_a_method(x: Float[Tensor, "b 1"], y: Float[Tensor, "b t"]) -> None:
    x.add_(y)  # E: [inplace_error_shape_changed] "[b, t]"


def masked_in_place_grows(x: Float[Tensor, "t"], m: Bool[Tensor, "b t"]) -> None:
    x.masked_fill_(m, 0.0)  # E: [inplace_error_shape_changed]


def in_place(x: Float[Tensor, "b t"], v: Float[Tensor, "t"]) -> None:
    x += v
    x.mul_(v).clamp_(0, 1)
    x.relu_().exp_()
    reveal_shape(x)  # R: [b, t]
    reveal_shape(x.zero_())  # R: [b, t]
    reveal_shape(x.fill_(1.0).normal_())  # R: [b, t]
    reveal_shape(x.copy_(v))  # R: [b, t]
    reveal_shape(x.uniform_(0, 1))  # R: [b, t]


def copied_from_another_size(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    x.copy_(y)  # E: [broadcast_error_incompatible_dimensions]


def comparisons(x: Float[Tensor, "b t"], v: Float[Tensor, "t"]) -> None:
    reveal_shape(x > v)  # R: [b, t]
    reveal_shape((x == 0) | (x >= v))  # R: [b, t]
    reveal_shape(~(x != v))  # R: [b, t]
    reveal_shape(torch.lt(v, x))  # R: [b, t]
    reveal_shape(torch.logical_and(x > 0, v > 0))  # R: [b, t]
    reveal_shape(torch.isclose(x, v))  # R: [b, t]
    reveal_shape(x.isnan() ^ x.isinf())  # R: [b, t]
    reveal_shape(torch.maximum(x, v))  # R: [b, t]


def compared_sizes_differ(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    x < y  # E: [broadcast_error_incompatible_dimensions]


def masks_of_other_sizes(x: Bool[Tensor, "b t"], y: Bool[Tensor, "b s"]) -> None:
    x & y  # E: [broadcast_error_incompatible_dimensions]


def chosen(c: Bool[Tensor, "b 1"], x: Float[Tensor, "t"], y: Float[Tensor, "b t"]) -> None:
    reveal_shape(torch.where(c, x, y))  # R: [b, t]
    reveal_shape(torch.where(c, x, 0.0))  # R: [b, t]
    reveal_shape(x.where(c, y))  # R: [b, t]
    reveal_shape(y.masked_fill(c, -1e9))  # R: [b, t]
    reveal_shape(torch.lerp(y, y, 0.5))  # R: [b, t]
    reveal_shape(torch.clamp(y, min=0))  # R: [b, t]
    reveal_shape(y.clamp(min=x))  # R: [b, t]
    reveal_shape(torch.addcmul(y, x, x, value=2))  # R: [b, t]
    reveal_shape(torch.addcdiv(x, y, y))  # R: [b, t]


def chosen_from_other_sizes(
    c: Bool[Tensor, "b t"], x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]
) -> None:
    torch.where(c, x, y)  # E: [broadcast_error_incompatible_dimensions]


def mask_of_another_size(x: Float[Tensor, "b t"], m: Bool[Tensor, "b s"]) -> None:
    x.masked_fill(m, 0.0)  # E: [broadcast_error_incompatible_dimensions]


def interpolated_between_other_sizes(x: Float[Tensor, "b t"], y: Float[Tensor, "s t"]) -> None:
    torch.lerp(x, y, 0.5)  # E: [broadcast_error_incompatible_dimensions]


def functions_of_one(x: Float[Tensor, "*batch d"]) -> None:
    reveal_shape(torch.exp(x).log().sqrt())  # R: [*batch, d]
    reveal_shape(x.sigmoid().tanh().sin())  # R: [*batch, d]
    reveal_shape(torch.sign(x.neg().floor()))  # R: [*batch, d]
    reveal_shape(x.to(torch.float64).half().float())  # R: [*batch, d]
    reveal_shape(x.detach().clone().contiguous())  # R: [*batch, d]
    reveal_shape(x.type(torch.long).int().bool())  # R: [*batch, d]
    reveal_shape(x.cpu().requires_grad_())  # R: [*batch, d]
    reveal_shape(torch.special.erf(x))  # R: [*batch, d]


def integers(i: Int[Tensor, "b t"], j: Int[Tensor, "t"]) -> None:
    reveal_shape(i << 2)  # R: [b, t]
    reveal_shape(torch.bitwise_or(i, j))  # R: [b, t]
    reveal_shape(torch.gcd(i, j))  # R: [b, t]
    reveal_shape(i.fmod(3))  # R: [b, t]
    reveal_shape(torch.isin(i, j))  # R: [b, t]
    reveal_shape(torch.polygamma(1, i.float()))  # R: [b, t]


def two_numbers_of_other_sizes(i: Int[Tensor, "b t"], j: Int[Tensor, "b"]) -> None:
    torch.gcd(i, j)  # E: [broadcast_error_incompatible_dimensions]


def to_a_smaller_size(x: Float[Tensor, "a b t"]) -> None:
    reveal_shape(x.sum_to_size(1, x.size(2)))  # R: [1, t]
    reveal_shape(torch.dist(x, x))  # R: []
    reveal_shape(torch.frexp(x).mantissa)  # R: [a, b, t]


def to_a_size_that_does_not_fit(x: Float[Tensor, "b t"]) -> None:
    x.sum_to_size(7)  # E: [expand_error_incompatible]
