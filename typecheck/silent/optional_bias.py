"""Parameters that may be None, and layers that may be missing."""

import math
from typing import Optional

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Linear(nn.Module):
    """Has the name of PyTorch's layer but takes its sizes the other way round."""

    bias: Optional[nn.Parameter]

    def __init__(self, out_features: int, in_features: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))
        else:
            self.register_parameter("bias", None)
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))

    def forward(self, x: Float[Tensor, "*b in_features"]) -> Float[Tensor, "*b out_features"]:
        y = x @ self.weight.t()
        if self.bias is not None:
            y = y + self.bias
        return y


class Norm(nn.Module):
    def __init__(self, dim: int, affine: bool) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(dim)) if affine else None
        self.project = nn.Linear(dim, dim) if affine else None

    def forward(self, x: Float[Tensor, "b dim"]) -> Float[Tensor, "b dim"]:
        x = x / x.norm(dim=-1, keepdim=True)
        if self.gamma is not None:
            x = x * self.gamma
        return self.project(x) if self.project else x


def example() -> None:
    assert Linear(3, 5)(torch.randn(2, 5)).shape == (2, 3)
    assert Linear(3, 5, bias=False)(torch.randn(7, 2, 5)).shape == (7, 2, 3)
    for affine in (True, False):
        assert Norm(5, affine)(torch.randn(2, 5)).shape == (2, 5)


if __name__ == "__main__":
    example()
