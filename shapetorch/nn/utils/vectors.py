"""Parameters as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapetorch.tensor.operations import OPERATIONS
from shapetorch.tensor.tensors import Tensor


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """The elements of all parameters, one after the other."""
    return OPERATIONS["cat"].function([item.reshape(-1) for item in parameters])  # type: ignore[no-any-return]


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Make parts of a vector the elements of the parameters: they are views of it from now on.

    Raises:
        TypeError: `vec` is no tensor.
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {type(vec).__name__}")
    start = 0
    item: Any
    for item in parameters:
        count = item.numel()
        item.data = vec[start : start + count].view_as(item).data
        start += count
