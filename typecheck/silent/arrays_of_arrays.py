"""NumPy stacks the arrays of a list, and einops sums booleans to integers."""

import numpy as np
from einops import reduce
from jaxtyping import Bool, Int, Shaped
from torch import Tensor, ones
from torch import bool as bool_


def stacked(count: int) -> Shaped[np.ndarray, "count 47 3"]:
    rows = [np.zeros((47, 3)) for _ in range(count)]
    return np.array(rows)


def counted(mask: Bool[Tensor, "b n"]) -> Int[Tensor, "b"]:
    return reduce(mask, "b n -> b", "sum")


def example() -> None:
    assert stacked(2).shape == (2, 47, 3)
    assert counted(ones(2, 3, dtype=bool_)).tolist() == [3, 3]


if __name__ == "__main__":
    example()
