"""Code that is right because two conditions go together."""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Pool(nn.Module):
    def __init__(self, dim: int, mode: Literal["cls", "mean", "cat"], bidirectional: bool) -> None:
        super().__init__()
        self.mode = mode
        self.bidirectional = bidirectional
        factor = 2 if bidirectional else 1
        self.rnn = nn.GRU(dim, dim, batch_first=True, bidirectional=bidirectional)
        width = dim * factor
        if mode == "cat":
            width *= 2
        self.out = nn.Linear(width, 3)

    def forward(self, x: Float[Tensor, "b t dim"]) -> Float[Tensor, "b 3"]:
        states, _ = self.rnn(x)
        if self.mode == "cls":
            pooled = states[:, 0]
        elif self.mode == "mean":
            pooled = states.mean(1)
        else:
            pooled = torch.cat([states[:, 0], states[:, -1]], dim=-1)
        return self.out(pooled)


def transform(
    x: Float[Tensor, "b t c"], channels_first: bool, weight: Float[Tensor, "c d"]
) -> Float[Tensor, "b t d"]:
    if channels_first:
        x = x.transpose(1, 2)
        weight = weight.t()
    x = weight @ x if channels_first else x @ weight
    return x.transpose(1, 2) if channels_first else x


def norm(x: Float[Tensor, "b d"], keepdim: bool = False) -> Tensor:
    n = x.norm(dim=1, keepdim=keepdim)
    if not keepdim:
        n = n.unsqueeze(1)
    return x / n


def concat(x: Float[Tensor, "b n d"], extra: Float[Tensor, "b d"] | None) -> Float[Tensor, "b m d"]:
    use_extra = extra is not None
    if use_extra:
        x = torch.cat([extra.unsqueeze(1), x], dim=1)  # type: ignore[union-attr]
    y = x * 2
    return y[:, 1:] if use_extra else y


def example() -> None:
    for mode in ("cls", "mean", "cat"):
        for bidirectional in (True, False):
            assert Pool(5, mode, bidirectional)(torch.randn(2, 7, 5)).shape == (2, 3)
    x, w = torch.randn(2, 7, 5), torch.randn(5, 3)
    assert transform(x, True, w).shape == transform(x, False, w).shape == (2, 7, 3)
    assert norm(torch.randn(2, 5)).shape == norm(torch.randn(2, 5), True).shape
    assert concat(x, None).shape == concat(x, torch.randn(2, 5)).shape == (2, 7, 5)


if __name__ == "__main__":
    example()
