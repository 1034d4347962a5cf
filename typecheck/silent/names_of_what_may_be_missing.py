"""A name that only a parameter has which may be None: without it, the result binds the name."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


def step(
    cell: nn.GRUCell, x: Float[Tensor, "b d"], state: Float[Tensor, "b h"] | None = None
) -> Float[Tensor, "b h"]:
    if state is None:
        return torch.zeros(x.shape[0], cell.hidden_size)
    return cell(x, state)


def halves(
    x: Float[Tensor, "b t d"],
    state: tuple[Float[Tensor, "b h"], Float[Tensor, "b h"]] | None = None,
) -> tuple[Float[Tensor, "b h"], Float[Tensor, "b h"]]:
    if state is None:
        zero = torch.zeros(x.shape[0], 7)
        return zero, zero
    h, c = state
    return h, c


def rows(x: Float[Tensor, "n d"] | None = None, n: int = 3) -> Float[Tensor, "n d"]:
    if x is None:
        x = torch.zeros(n, 5)
    assert x.shape[0] == n
    return x


def weighted(x: Float[Tensor, "b c"], by: float | Float[Tensor, "k c"] = 1.0) -> Float[Tensor, "k c"]:
    if isinstance(by, float):
        return x * by
    return by


def batch(x: Float[Tensor, "b d"], like: Float[Tensor, "*s"] | None = None) -> Float[Tensor, "*s"]:
    return x.sum(1) if like is None else like


def example() -> None:
    x = torch.ones(2, 5)
    cell = nn.GRUCell(5, 7)
    assert step(cell, x, step(cell, x)).shape == (2, 7)
    assert halves(x[:, None])[0].shape == (2, 7)
    assert halves(x[:, None], (x, x))[0].shape == (2, 5)
    assert rows().shape == (3, 5)
    assert rows(x, 2).shape == (2, 5)
    assert weighted(x).shape == weighted(x, torch.ones(2, 5)).shape
    assert batch(x).shape == (2,)
    assert batch(x, torch.ones(3, 4)).shape == (3, 4)


if __name__ == "__main__":
    example()
