"""A dataclass that broadcasts its fields in the end: the arguments need not have one batch shape."""

from dataclasses import dataclass, fields

import torch
from jaxtyping import Float
from torch import Tensor


class Broadcast:
    def __post_init__(self) -> None:
        values = {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]
        shape = torch.broadcast_shapes(*(v.shape[:-1] for v in values.values()))
        for name, value in values.items():
            object.__setattr__(self, name, value.expand(*shape, value.shape[-1]))


@dataclass
class Samples(Broadcast):
    centers: Float[Tensor, "*bs 3"]
    widths: Float[Tensor, "*bs 1"]


def sample(
    centers: Float[Tensor, "n 1 3"], widths: Float[Tensor, "n k 1"]
) -> Float[Tensor, "..."]:
    return Samples(centers, widths).centers


def example() -> None:
    assert sample(torch.randn(2, 1, 3), torch.randn(2, 4, 1)).shape == (2, 4, 3)


if __name__ == "__main__":
    example()
