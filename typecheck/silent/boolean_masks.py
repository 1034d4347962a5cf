"""Masks and index tensors: sizes that depend on values."""

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor


def masked_loss(
    logits: Float[Tensor, "b t v"], targets: Int[Tensor, "b t"], mask: Bool[Tensor, "b t"]
) -> Float[Tensor, ""]:
    return F.cross_entropy(logits[mask], targets[mask])


def top_rows(x: Float[Tensor, "n d"], keep: Bool[Tensor, "n"]) -> Float[Tensor, "n d"]:
    out = torch.zeros_like(x)
    out[keep] = x[keep]
    out[~keep] = x[~keep].mean(0)
    return out


def positives(x: Float[Tensor, "n d"]) -> Float[Tensor, "m"]:
    return x[x > 0]


def pairs(adj: Bool[Tensor, "n n"], x: Float[Tensor, "n d"]) -> Float[Tensor, "edges 2*d"]:
    row, col = adj.nonzero(as_tuple=True)
    return torch.cat([x[row], x[col]], dim=-1)


def last_steps(x: Float[Tensor, "b t d"], lengths: Int[Tensor, "b"]) -> Float[Tensor, "b d"]:
    return x[torch.arange(len(x)), lengths - 1]


def beams(x: Float[Tensor, "b k d"], index: Int[Tensor, "b j"]) -> Float[Tensor, "b j d"]:
    rows = torch.arange(x.shape[0])[:, None]
    return x[rows, index]


def replace_class(x: Float[Tensor, "b d"], labels: Int[Tensor, "b"]) -> Float[Tensor, "b d"]:
    for c in labels.unique():
        members = labels == c
        x = torch.where(members[:, None], x - x[members].mean(dim=0), x)
    return x


def take(x: Float[Tensor, "n d"], index: Int[Tensor, "*i"]) -> Float[Tensor, "*i d"]:
    return x[index]


def example() -> None:
    mask = torch.rand(2, 7) > 0.3
    mask[0, 0] = True
    targets = torch.zeros(2, 7, dtype=torch.long)
    assert masked_loss(torch.randn(2, 7, 5), targets, mask).ndim == 0
    assert top_rows(torch.randn(7, 3), mask[0]).shape == (7, 3)
    assert positives(torch.randn(3, 5)).ndim == 1
    assert pairs(torch.eye(5, dtype=torch.bool), torch.randn(5, 3)).shape == (5, 6)
    assert last_steps(torch.randn(2, 7, 3), torch.tensor([4, 7])).shape == (2, 3)
    assert beams(torch.randn(2, 5, 3), torch.zeros(2, 4, dtype=torch.long)).shape == (2, 4, 3)
    assert replace_class(torch.randn(5, 3), torch.arange(5) % 2).shape == (5, 3)
    assert take(torch.randn(5, 3), targets).shape == (2, 7, 3)


if __name__ == "__main__":
    example()
