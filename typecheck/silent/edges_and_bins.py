"""Two names of which one is one more than the other: edges, and the bins between them."""

import torch
from jaxtyping import Float
from torch import Tensor


def covered(
    starts: Float[Tensor, "*batch bins"],
    ends: Float[Tensor, "*batch bins"],
    weights: Float[Tensor, "*batch bins"],
) -> Float[Tensor, "*batch bins"]:
    return (ends - starts) * weights


def excess(
    edges: Float[Tensor, "*batch n_edges"], weights: Float[Tensor, "*batch n"]
) -> Float[Tensor, "*batch n"]:
    return weights - covered(edges[..., :-1], edges[..., 1:], weights)


def example() -> None:
    assert excess(torch.arange(6.0).view(2, 3), torch.ones(2, 2)).shape == (2, 2)
