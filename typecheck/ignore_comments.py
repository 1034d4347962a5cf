"""`# type: ignore[kind]` silences an error; one for another kind does not."""

import torch
from jaxtyping import Float
from torch import Tensor


def bare(x: Float[Tensor, "3 5"]) -> None:
    x @ x  # type: ignore


def of_the_kind(x: Float[Tensor, "3 5"]) -> None:
    x @ x  # type: ignore[matmul_error_inner_dimensions_do_not_match]


def with_others(x: Float[Tensor, "3 5"]) -> None:
    x @ x  # type: ignore[misc, matmul_error_inner_dimensions_do_not_match]


def several_lines(x: Float[Tensor, "3 5"]) -> None:
    y = (  # type: ignore[matmul_error_inner_dimensions_do_not_match]
        x
        @ x
    )
    y.sum()


def of_another_kind(x: Float[Tensor, "3 5"]) -> None:
    x + x.T  # type: ignore[matmul_error_inner_dimensions_do_not_match] # E: [broadcast_error_incompatible_dimensions]


def on_another_line(x: Float[Tensor, "3 5"]) -> None:
    y = x.T  # type: ignore[unused-ignore]
    x + y  # E: [broadcast_error_incompatible_dimensions]


def not_needed(x: Float[Tensor, "3 5"]) -> None:
    x @ x.T  # type: ignore
