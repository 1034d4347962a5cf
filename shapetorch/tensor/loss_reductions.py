"""How a loss for each element becomes one number."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integer
from shapetorch.tensor.tensors import Array, Tensor

NAMES = ("none", "mean", "sum")
"""By PyTorch's numbers for them."""


class UnknownReduction(ValueError, TypeError):
    """What is no word cannot say how losses are reduced.

    PyTorch raises ValueError, or TypeError where it joins words before it knows.
    """


def chosen(reduction: str, size_average: bool | None = None, reduce: bool | None = None) -> str:
    """The reduction; `size_average` and `reduce` are its older form, and win.

    Raises:
        UnknownReduction: it is no word.
    """
    if size_average is None and reduce is None:
        if not isinstance(reduction, str):
            raise UnknownReduction(
                f"reduction must be one of {', '.join(NAMES)}, got {reduction!r}"
            )
        return "mean" if reduction == "elementwise_mean" else reduction
    is_mean = size_average is None or bool(size_average)
    is_reduced = reduce is None or bool(reduce)
    found = "none" if not is_reduced else "mean" if is_mean else "sum"
    warnings.warn(
        f"size_average and reduce args will be deprecated, please use reduction='{found}' instead.",
        UserWarning,
        stacklevel=4,
    )
    return found


def numbered(name: str, reduction: Any) -> str:
    """The reduction that a number stands for; all but three of them mean that there is none.

    Raises:
        TypeError: it is no integer.
    """
    number = integer(name, "reduction", reduction)
    return NAMES[number] if 0 <= number < len(NAMES) else "none"


def reduced(loss: Tensor, reduction: str) -> Tensor:
    """The loss of each element, their mean, or their sum."""
    if reduction == "none":
        return loss
    return loss.mean() if reduction == "mean" else loss.sum()  # type: ignore[no-any-return]


def reduced_array(loss: Array, reduction: str) -> Any:
    """As `reduced`, of an array."""
    if reduction == "none":
        return loss
    with np.errstate(all="ignore"):
        return np.asarray(loss.sum() / np.float64(loss.size) if reduction == "mean" else loss.sum())


def each_gradient(grad: Tensor, reduction: str, count: int) -> Tensor:
    """The gradient of each element's loss, given that of the reduced one (it broadcasts)."""
    return grad / count if reduction == "mean" else grad


def side_by_side(input: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Both, in one shape where that decides which dtype they have in common.

    Warns if the sizes differ, which is rarely meant.
    """
    if input._stored.shape == target._stored.shape:
        return input, target
    warnings.warn(
        f"Using a target size ({target.shape}) that is different to the input size ({input.shape}). "
        "This will likely lead to incorrect results due to broadcasting. "
        "Please ensure they have the same size.",
        UserWarning,
        stacklevel=4,
    )
    if input.dtype is target.dtype:
        return input, target
    shape = np.broadcast_shapes(input._stored.shape, target._stored.shape)
    return input.expand(shape), target.expand(shape)
