"""Facts from `assert` and `if`: equal sizes, ranks, bounds, and preconditions nobody wrote down."""

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def equal_sizes(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> Float[Tensor, "b t"]:
    assert x.shape[1] == y.shape[1]
    return x + y


def equal_shapes(x: Float[Tensor, "a b"], y: Float[Tensor, "c d"]) -> Float[Tensor, "a d"]:
    assert x.shape == y.shape, "shapes differ"
    return x * y


def not_before_the_assert(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    x + y  # E: [broadcast_error_incompatible_dimensions] "t and s"
    assert x.shape[1] == y.shape[1]


def not_the_right_one(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    assert x.shape[0] == y.shape[1]
    x + y  # E: [broadcast_error_incompatible_dimensions]


def a_number(x: Float[Tensor, "b c h w"], w: Float[Tensor, "3 5"]) -> None:
    assert x.shape[1] == 3
    reveal_shape(x.mean((2, 3)) @ w)  # R: [b, 5]


def another_number(x: Float[Tensor, "b c"], w: Float[Tensor, "3 5"]) -> None:
    assert x.shape[1] == 7
    x @ w  # E: [matmul_error_inner_dimensions_do_not_match] "3"


def rank(x: Tensor) -> None:
    assert x.ndim == 3
    b, t, d = x.shape
    x.transpose(1, 2)
    x.transpose(2, 3)  # E: [transpose_dims_error_out_of_range]


def rank_by_length(x: Tensor) -> None:
    assert len(x.shape) == 2
    b, c, h = x.shape  # E: [unpack_error_count_mismatch] # M: [misc]


def whole_shape(x: Tensor) -> None:
    assert x.shape == (3, 5)
    reveal_shape(x)  # R: [3, 5]
    x @ x  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"


def expression(x: Float[Tensor, "b t"], n: int) -> Float[Tensor, "b n"]:
    assert x.shape[1] == 2 * n
    return x[:, :n] + x[:, n:]


def expression_wrong(x: Float[Tensor, "b t"], n: int) -> Float[Tensor, "b n"]:
    assert x.shape[1] == 3 * n
    return x[:, :n] + x[:, n:]  # E: [broadcast_error_incompatible_dimensions]


def both(x: Float[Tensor, "b t"], y: Float[Tensor, "c s"]) -> Float[Tensor, "b t"]:
    assert x.shape[0] == y.shape[0] and x.shape[1] == y.shape[1]
    return x + y


def chained(x: Float[Tensor, "a b"], y: Float[Tensor, "c"], z: Float[Tensor, "d"]) -> None:
    assert x.shape[1] == y.shape[0] == z.shape[0]
    x + y + z


class Mlp(nn.Module):
    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        assert d_in == d_out
        self.fc = nn.Linear(d_in, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_in"]:
        return x + self.fc(x)


class NoAssert(nn.Module):
    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        self.fc = nn.Linear(d_in, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_in"]:
        return x + self.fc(x)  # E: [broadcast_error_incompatible_dimensions] "d_in and d_out"


class Guarded(nn.Module):
    """The two may be equal by a rule that nobody wrote: a guard mentions them."""

    def __init__(self, d_in: int, d_out: int, residual: bool = True) -> None:
        super().__init__()
        self.residual = residual and d_in == d_out
        self.fc = nn.Linear(d_in, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        y = self.fc(x)
        return x + y if self.residual else y


def is_a_tensor(x: Float[Tensor, "3 5"] | list[Tensor]) -> None:
    if isinstance(x, Tensor):
        reveal_shape(x)  # R: [3, 5]
        x @ x  # E: [matmul_error_inner_dimensions_do_not_match]


def is_not_none(x: Float[Tensor, "3 5"] | None) -> None:
    assert x is not None
    reveal_shape(x)  # R: [3, 5]
    x @ x  # E: [matmul_error_inner_dimensions_do_not_match]


def at_least(x: Float[Tensor, "b t"]) -> Float[Tensor, "b 2"]:
    assert x.shape[1] >= 2
    return x[:, :2]


def at_least_wrong(x: Float[Tensor, "b t"]) -> Float[Tensor, "b 2"]:
    assert x.shape[1] >= 3
    return x[:, :3]  # E: [return_error_shape_mismatch] "axis 1 must be 2, got 3"


def an_order_is_no_equation(n: int, c: int, most: int) -> None:
    if n + c > most:
        raise ValueError
    torch.arange(n)[:, None] + torch.arange(c)
    torch.arange(n) + torch.arange(c)  # E: [broadcast_error_incompatible_dimensions] "got n and c"


def of_nothing(x: Float[Tensor, "n d"]) -> Float[Tensor, "n 2"]:
    if x.shape[0] == 0:
        return torch.zeros(0, 3)  # E: [return_error_shape_mismatch] "axis 1 must be 2, got 3"
    return torch.stack([x.sum(1), x.amax(1)], 1)
