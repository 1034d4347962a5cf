"""Annotations that mean nothing: reported where they stand, and unknown shapes after that."""

from __future__ import annotations

from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def parenthesis_open(x: Float[Tensor, "b (t"]) -> None:  # E: [annotation_error_invalid]
    reveal_shape(x)  # R: [...]


def two_rows(x: Float[Tensor, "*a b *c"]) -> None:  # E: [annotation_error_invalid]
    reveal_shape(x)  # R: [...]
