"""A variable annotated inside of a helper: its names stand for the sizes of the call."""

import numpy as np
from jaxtyping import Float
from torch import Tensor, rand


def histograms(x: Float[Tensor, "component batch"]) -> list[str]:
    array: Float[np.ndarray, "component batch"] = x.numpy()
    return [str(row) for row in array]


def of_six() -> list[str]:
    return histograms(rand(6, 10))


def example() -> None:
    assert len(of_six()) == 6


if __name__ == "__main__":
    example()
