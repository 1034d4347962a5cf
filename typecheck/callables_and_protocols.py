"""Callables, protocols, lambdas and functions as values."""

from collections.abc import Callable
from typing import Protocol

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor

Activation = Callable[[Float[Tensor, "b d"]], Float[Tensor, "b d"]]


def applies(f: Callable[[Float[Tensor, "b d"]], Float[Tensor, "b n"]], x: Float[Tensor, "3 5"]) -> None:
    y = f(x)
    y + x
    y @ x.T
    torch.cat([y, x], dim=1)
    f(x[0])  # E: [argument_error_shape_mismatch] "rank must be 2, got 1"
    f(x).transpose(1, 2)  # E: [transpose_dims_error_out_of_range]


def of_an_alias(f: Activation, x: Float[Tensor, "3 5"]) -> Float[Tensor, "3 5"]:
    reveal_shape(f(x))  # R: [3, 5]
    return f(x)


def of_an_alias_wrong(f: Activation, x: Float[Tensor, "3 5"]) -> Float[Tensor, "5 3"]:
    return f(x)  # E: [return_error_shape_mismatch] "axis 0 must be 5, got 3"


def without_parameters(f: Callable[..., Float[Tensor, "3 5"]], x: Float[Tensor, "b 7"]) -> None:
    f(1, 2, x) @ f(x)  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"


def unknown(f: Callable[..., Tensor], g: Callable, x: Float[Tensor, "3 5"]) -> None:
    f(x) @ x
    g(x) @ x
    f(x) @ g(x)


class Encoder(Protocol):
    def __call__(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b k"]: ...

    def encode(self, tokens: Float[Tensor, "n t"]) -> Float[Tensor, "n t 7"]: ...


def of_a_protocol(encoder: Encoder, x: Float[Tensor, "3 5"]) -> None:
    encoder(x) + encoder(x)
    reveal_shape(encoder.encode(x))  # R: [3, 5, 7]
    encoder.encode(x) @ x  # E: [matmul_error_inner_dimensions_do_not_match] "7 and 3"
    encoder.encode(x[0])  # E: [argument_error_shape_mismatch]


class Mine:
    """Keeps the protocol with names of its own."""

    def __call__(self, x: Float[Tensor, "batch width"]) -> Float[Tensor, "batch kinds"]:
        return x

    def encode(self, tokens: Float[Tensor, "rows columns"]) -> Float[Tensor, "rows columns 7"]:
        return tokens[:, :, None].expand(-1, -1, 7)


def passes_mine(x: Float[Tensor, "3 5"]) -> None:
    of_a_protocol(Mine(), x)


def lambdas(x: Float[Tensor, "3 5"]) -> None:
    turn = lambda y: y.T
    reveal_shape(turn(x))  # R: [5, 3]
    twice = lambda y, n=2: torch.cat([y] * n)
    reveal_shape(twice(x))  # R: [6, 5]
    turn(x) + x  # E: [broadcast_error_incompatible_dimensions] "3 and 5"


def chosen(x: Float[Tensor, "3 5"], deep: bool) -> None:
    f = torch.relu if deep else torch.tanh
    reveal_shape(f(x))  # R: [3, 5]
    f(x) @ x  # E: [matmul_error_inner_dimensions_do_not_match]


def from_a_dict(x: Float[Tensor, "3 5"], kind: str) -> None:
    f = {"relu": torch.relu, "gelu": torch.nn.functional.gelu}[kind]
    f(x) @ x  # E: [matmul_error_inner_dimensions_do_not_match]


def inner_functions(x: Float[Tensor, "3 5"]) -> None:
    def turn(y: Tensor) -> Tensor:
        return (x @ y.T).T

    reveal_shape(turn(x))  # R: [3, 3]
