"""Parameters and variables that may have one of several shapes."""

from typing import Union

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

Image = Union[Float[Tensor, "c h w"], Float[Tensor, "b c h w"]]
Mask = Float[Tensor, "n n"] | Float[Tensor, "b n n"]


def batched(x: Image) -> Float[Tensor, "b c h w"]:
    return x.unsqueeze(0) if x.ndim == 3 else x


def masked(scores: Float[Tensor, "b n n"], mask: Mask | None) -> Float[Tensor, "b n n"]:
    return scores if mask is None else scores + mask


def pooled(x: Float[Tensor, "b t d"], how: str) -> Float[Tensor, "b d"]:
    if how == "mean":
        y = x.mean(1)
    elif how == "max":
        y, _ = x.max(1)
    elif how == "none":
        y = x
    else:
        y = x[:, -1:]
    if y.ndim == 3:
        y = y.sum(dim=1)
    return y


def as_float(x: Union[Float[Tensor, "n d"], Int[Tensor, "n"]]) -> Float[Tensor, "n d"]:
    if x.is_floating_point():
        return x
    return torch.nn.functional.one_hot(x, 5).float()


class Flexible(nn.Module):
    def __init__(self, dim: int, conv: bool) -> None:
        super().__init__()
        self.is_conv = conv
        self.layer = nn.Conv1d(dim, 3, 1) if conv else nn.Linear(dim, 3)

    def forward(self, x: Float[Tensor, "b t dim"]) -> Float[Tensor, "b t 3"]:
        if self.is_conv:
            x = x.transpose(1, 2)
        x = self.layer(x)
        if self.is_conv:
            x = x.transpose(1, 2)
        return x


def scalar_or_vector(x: float | Float[Tensor, "n"], n: int) -> Float[Tensor, "n"]:
    return torch.as_tensor(x).expand(n)


def example() -> None:
    assert batched(torch.randn(3, 5, 7)).shape == batched(torch.randn(1, 3, 5, 7)).shape
    scores = torch.randn(2, 3, 3)
    for mask in (None, torch.zeros(3, 3), torch.zeros(2, 3, 3)):
        assert masked(scores, mask).shape == (2, 3, 3)
    for how in ("mean", "max", "none", "last"):
        assert pooled(torch.randn(2, 3, 5), how).shape == (2, 5)
    assert as_float(torch.tensor([1, 2])).shape == (2, 5)
    for conv in (True, False):
        assert Flexible(5, conv)(torch.randn(2, 7, 5)).shape == (2, 7, 3)
    assert scalar_or_vector(1.0, 3).shape == scalar_or_vector(torch.ones(3), 3).shape


if __name__ == "__main__":
    example()
