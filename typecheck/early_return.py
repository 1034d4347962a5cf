"""Early returns, raises and guards: what they leave to the rest of a function."""

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def none(x: Float[Tensor, "b d"] | None) -> Float[Tensor, "d b"] | None:
    if x is None:
        return None
    reveal_shape(x)  # R: [b, d]
    return x.T


def none_inverted(x: Float[Tensor, "b d"] | None) -> Float[Tensor, "b d"]:
    if x is not None:
        return x.T  # E: [return_error_shape_mismatch]
    raise ValueError


def rank(x: Tensor) -> Float[Tensor, "n d"]:
    if x.ndim == 1:
        return x[None]
    if x.ndim == 2:
        return x
    return x.flatten(0, -2)


def rank_wrong(x: Float[Tensor, "d"] | Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    if x.ndim == 1:
        return x  # E: [return_error_shape_mismatch] "rank must be 2, got 1"
    return x


def equal(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n d"]:
    if x.shape[0] != y.shape[0]:
        return x
    return x + y


def not_equal(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n d"]:
    if x.shape[0] == y.shape[0]:
        return x
    return x + y  # E: [broadcast_error_incompatible_dimensions] "n and m"


def raises(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n n"]:
    if len(x) != len(y):
        raise ValueError("lengths differ")
    return x @ y.T


def after_a_return(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    return x
    return x @ x


def in_a_loop(x: Float[Tensor, "n d"], k: int) -> Float[Tensor, "n d"]:
    for i in range(k):
        if i == 2:
            return x.T  # E: [return_error_shape_mismatch]
    return x


def in_both(x: Float[Tensor, "n d"], turn: bool) -> Float[Tensor, "d n"]:
    if turn:
        return x  # E: [return_error_shape_mismatch] "axis 0 must be d, got n"
    else:
        return x.T


def several_guards(x: Tensor, y: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
    if x.dim() != 3 or x.shape != y.shape:
        return y
    return x + y


def numel(x: Float[Tensor, "n d"]) -> Float[Tensor, ""]:
    if x.numel() == 0:
        return torch.zeros(())
    return x.sum()


def training(x: Float[Tensor, "b d"], target: Float[Tensor, "b d"] | None = None):
    if target is None:
        return x, None
    return x, ((x - target) ** 2).mean()


def uses_training(x: Float[Tensor, "3 5"]) -> None:
    out, loss = training(x, x)
    reveal_shape(out)  # R: [3, 5]
    reveal_shape(loss)  # R: []
    out, loss = training(x)
    out @ out  # E: [matmul_error_inner_dimensions_do_not_match]
