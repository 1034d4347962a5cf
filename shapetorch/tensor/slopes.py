"""What the gradients of element-wise operations have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from shapetorch.tensor.array_gradients import kept_array, on_arrays
from shapetorch.tensor.nodes import Backward
from shapetorch.tensor.tensors import Array, Tensor, wrap

T = TypeVar("T")


def slope(derivative: Callable[[Any], Any], of_arrays: bool = False) -> Backward:
    """The backward of a function, from its derivative as a function of the one tensor it keeps.

    Args:
        derivative: The function.
        of_arrays: Whether it is made of operators alone, and so right for a real array as well.
    """

    def backward(node: Any, grad: Tensor) -> Tensor:
        factor: Tensor = conjugate(derivative(kept(node)))
        return grad * factor

    if of_arrays:

        @on_arrays(backward)
        def backward_on_arrays(node: Any, grad: Array) -> Any:
            return grad * derivative(kept_array(node, grad.dtype))

    return backward


def kept(node: Any) -> Tensor:
    """The one tensor that a node keeps."""
    (found,) = node.saved
    return found  # type: ignore[no-any-return]


def kept_pair(node: Any) -> tuple[Tensor, Tensor]:
    """The two tensors that a node keeps."""
    first, second = node.saved
    return first, second


def zero_slope(node: Any, grad: Tensor) -> Tensor:
    """The backward of a step function."""
    return wrap(np.zeros(grad._array.shape, grad._array.dtype))


def conjugate(value: T) -> T:
    """The complex conjugate of a tensor or number; itself if it is real."""
    if isinstance(value, Tensor):
        return value.conj_physical() if value._array.dtype.kind == "c" else value
    return value.conjugate() if isinstance(value, complex) else value  # type: ignore[return-value]
