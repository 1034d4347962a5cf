"""Axis names that an enumeration of strings gives, and a string made of them."""

from enum import StrEnum, auto

from jaxtyping import Float
from torch import Tensor, randn


class Axis(StrEnum):
    BATCH = auto()
    FEATURE = auto()
    COMPONENT_OPTIONAL = "*component"

    @staticmethod
    def names(*axis: "Axis") -> str:
        return " ".join(a.value for a in axis)


def total(
    x: Float[Tensor, Axis.names(Axis.BATCH, Axis.COMPONENT_OPTIONAL, Axis.FEATURE)],
) -> Float[Tensor, Axis.names(Axis.BATCH, Axis.COMPONENT_OPTIONAL)]:
    return x.sum(dim=-1)


def example() -> None:
    assert total(randn(2, 3, 4)).shape == (2, 3)


if __name__ == "__main__":
    example()
