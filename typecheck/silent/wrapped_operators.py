"""Names in the annotation of something that is no tensor are not bound: its own class keeps them equal."""

import torch
from jaxtyping import Float
from torch import Tensor


class Operator:
    def __init__(self, values: Tensor) -> None:
        self.values = values
        self.shape, self.dtype = (*values.shape, values.shape[-1]), values.dtype

    def dense(self: "Float[Operator, '*batch M N']") -> Float[Tensor, "*batch M N"]:
        return torch.diag_embed(self.values)


def example() -> None:
    assert Operator(torch.randn(2, 3)).dense().shape == (2, 3, 3)


if __name__ == "__main__":
    example()
