"""Similarities and distances of vectors."""

from __future__ import annotations

from shapetorch.dim import Shape
from shapetorch.rules.axes import axis
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.registry import rule


@rule("cosine_similarity", functions=("nn.functional.cosine_similarity", "cosine_similarity"))
def cosine_similarity_shape(x1: Shape, x2: Shape, dim: int = 1, eps: object = 1e-08) -> Shape:
    """The broadcast shape of both, without `dim`.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, dimension_error_out_of_range.
    """
    return cosine("cosine_similarity", x1, x2, dim)


def cosine(operation: str, x1: Shape, x2: Shape, dim: int) -> Shape:
    """The rule of cosine_similarity under another name."""
    shape = broadcast_all(operation, x1, x2)
    place = axis(operation, dim, shape)
    return shape[:place] + shape[place + 1 :]


@rule("pairwise_distance", functions=("nn.functional.pairwise_distance", "pairwise_distance"))
def pairwise_distance_shape(
    x1: Shape, x2: Shape, p: object = 2.0, eps: object = 1e-06, keepdim: bool = False
) -> Shape:
    """The broadcast shape of both, without the last size, or with 1 in its place.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    return distance("pairwise_distance", x1, x2, keepdim)


def distance(operation: str, x1: Shape, x2: Shape, keepdim: bool) -> Shape:
    """The rule of pairwise_distance under another name."""
    shape = broadcast_all(operation, x1, x2)
    return shape[:-1] + ((1,) if keepdim and shape else ())
