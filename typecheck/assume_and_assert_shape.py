"""`assume` and `assert_shape`: believed by the checker, checked at run time."""

import torch
from jaxtyping import Float
from shapetorch import assert_shape, assume, reveal_shape
from torch import Tensor


def equal(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> Float[Tensor, "b t"]:
    assume(x.shape[1] == y.shape[1])
    return x + y


def equal_wrong(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    assume(x.shape[1] >= y.shape[1])
    x + y  # E: [broadcast_error_incompatible_dimensions] "t and s"


def divisible(x: Float[Tensor, "b d"], h: int) -> Float[Tensor, "b d"]:
    assume(x.shape[1] % h == 0)
    return x.view(-1, h, x.shape[1] // h).flatten(1)


def rank(x: Tensor) -> None:
    assume(x.ndim == 2)
    x.transpose(1, 2)  # E: [transpose_dims_error_out_of_range]


def loaded(path: str) -> Float[Tensor, "b 5"]:
    x = torch.load(path)
    assert_shape(x, "b t 5")
    reveal_shape(x)  # R: [b, t, 5]
    return x.mean(1)


def loaded_wrong(path: str) -> None:
    x = torch.load(path)
    assert_shape(x, "b t 5")
    x @ torch.zeros(7, 3)  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 7"


def learnt(x: Float[Tensor, "b t"]) -> None:
    assert_shape(x, "b 7")
    x @ torch.zeros(7, 3)
    x @ torch.zeros(5, 3)  # E: [matmul_error_inner_dimensions_do_not_match]


def cannot_be(x: Float[Tensor, "3 5"]) -> None:
    assert_shape(x, "a b")
    assert_shape(x, "3 _")
    assert_shape(x, "...")
    assert_shape(x, "a a")  # E: [assert_error_shape_mismatch] "axis 1 (a) must be 3, got 5 from [3, 5]"


def cannot_be_of_that_rank(x: Float[Tensor, "3 5"]) -> None:
    assert_shape(x, "a b c")  # E: [assert_error_shape_mismatch] "rank must be 3, got 2"


def gives_it_back(path: str) -> Float[Tensor, "b"]:
    return assert_shape(torch.load(path), "b t").sum(1)
