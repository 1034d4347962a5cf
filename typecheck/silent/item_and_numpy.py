"""Values that leave tensors: item, tolist, numpy, int, and sizes made from them."""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor


def trim(x: Float[Tensor, "b t d"], lengths: Int[Tensor, "b"]) -> Float[Tensor, "b longest d"]:
    return x[:, : int(lengths.max())]


def mask(lengths: Int[Tensor, "b"]) -> Tensor:
    longest = lengths.max().item()
    return torch.arange(longest)[None, :] < lengths[:, None]


def one_hot(labels: Int[Tensor, "n"]) -> Float[Tensor, "n classes"]:
    classes = int(labels.max().item()) + 1
    return torch.eye(classes)[labels]


def pieces(x: Float[Tensor, "n d"], sizes: Int[Tensor, "k"]) -> list[Float[Tensor, "_ d"]]:
    return list(x.split(sizes.tolist()))


def sorted_by_numpy(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    order = np.argsort(x.detach().cpu().numpy()[:, 0])
    return x[torch.from_numpy(order)]


def scalar_branch(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    if x.sum() > 0:
        x = x.abs()
    elif x.mean().item() < -1:
        x = x[0].expand_as(x)
    return x if float(x.max()) > 0 else -x


def normalized(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    scale = x.std().item()
    lo, hi = x.min().item(), x.max().item()
    return (x - lo) / (hi - lo + scale)


def example() -> None:
    lengths = torch.tensor([2, 5])
    assert trim(torch.randn(2, 7, 3), lengths).shape == (2, 5, 3)
    assert mask(lengths).shape == (2, 5)
    assert one_hot(lengths).shape == (2, 6)
    assert len(pieces(torch.randn(7, 3), lengths)) == 2
    assert sorted_by_numpy(torch.randn(5, 2)).shape == (5, 2)
    assert scalar_branch(torch.randn(5, 2)).shape == (5, 2)
    assert normalized(torch.randn(5, 2)).shape == (5, 2)


if __name__ == "__main__":
    example()
