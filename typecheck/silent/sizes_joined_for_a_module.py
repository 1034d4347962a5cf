"""A module from elsewhere whose one size is the sum of two names here."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Conditioner(nn.Module):
    def __init__(self, dim_single: int = 384) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dim_single)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x)


class Diffusion(nn.Module):
    def __init__(self, net: Conditioner) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, trunk: Float[Tensor, "b n dst"], inputs: Float[Tensor, "b n dsi"]
    ) -> Float[Tensor, "b n dst+dsi"]:
        return self.net(torch.cat((trunk, inputs), dim=-1))


def example() -> None:
    diffusion = Diffusion(Conditioner(dim_single=12))
    assert diffusion(torch.ones(2, 3, 7), torch.ones(2, 3, 5)).shape == (2, 3, 12)
