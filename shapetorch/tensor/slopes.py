"""What the gradients of element-wise operations have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.tape import Backward
from shapetorch.tensor.tensors import Tensor, wrap


def slope(derivative: Callable[[Tensor], Any]) -> Backward:
    """The backward of a function, from its derivative as a function of the one tensor it keeps."""

    def backward(node: Any, grad: Tensor) -> Tensor:
        (kept,) = node.saved
        return grad * conjugate(derivative(kept))

    return backward


def zero_slope(node: Any, grad: Tensor) -> Tensor:
    """The backward of a step function."""
    return wrap(np.zeros(grad._array.shape, grad._array.dtype))


def conjugate(value: Any) -> Any:
    """The complex conjugate of a tensor or number; itself if it is real."""
    if isinstance(value, Tensor):
        return value.conj() if value._array.dtype.kind == "c" else value
    return value.conjugate() if isinstance(value, complex) else value
