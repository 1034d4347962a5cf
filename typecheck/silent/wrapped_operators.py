"""Names in the annotation of something that is no tensor are not bound: its own class keeps them equal."""

import torch
from jaxtyping import Float
from torch import Tensor


class Operator:
    def __init__(self, values: Tensor) -> None:
        self.values = values

    def dense(self: "Float[Operator, '*batch M N']") -> Float[Tensor, "*batch M N"]:
        return torch.diag_embed(self.values)
