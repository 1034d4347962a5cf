"""What the gradients of element-wise operations have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.tape import Backward, record
from shapetorch.tensor.tensors import Array, Tensor, wrap


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


def gate_backward(node: Any, grad: Tensor) -> Tensor:
    """The same elements let through."""
    return gate(grad, node.open)


def gate(grad: Tensor, open: Array) -> Tensor:
    """The gradient where `open` is true, 0 elsewhere (also where the gradient is not finite)."""
    zero = grad._array.dtype.type(0)
    result = np.asarray(np.where(open, grad._array, zero))
    return record(result, (grad,), gate_backward, open=open)
