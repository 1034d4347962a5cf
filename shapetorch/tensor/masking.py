"""Elements kept where a fixed mask says so, zero elsewhere; the gradient is kept alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.compute import flat
from shapetorch.tensor.fast import SMALL
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor


def chosen(keep: Array, a: Array, b: Array) -> Array:
    """``np.where(keep, a, b)``, or a kernel, where it does not guess what comes next."""
    if a.size > SMALL and keep.shape == a.shape and (b.shape == a.shape or not b.ndim):
        kernel = kernels.find("where", a)
        if kernel is not None and all(array.flags.c_contiguous for array in (keep, a, b)):
            return flat(kernel, keep, a, b)
    return np.where(keep, a, b)


def masked(tensor: Tensor, keep: Array) -> Tensor:
    """The tensor where `keep` is true (both broadcast), zero elsewhere, even of NaN and infinity."""
    array = tensor._array
    result = chosen(keep, array, np.zeros((), array.dtype))
    return record(result, (tensor,), masked_backward, keep=keep)


def masked_backward(node: Any, grad: Tensor) -> Tensor:
    """What was dropped has no influence."""
    return masked(grad, node.keep)


def lower_part(tensor: Tensor, offset: int = 0) -> Tensor:
    """Matrices on and below a diagonal, zero above it."""
    rows, columns = tensor._array.shape[-2:]
    return masked(tensor, np.tri(rows, columns, offset, dtype=np.bool_))


def upper_part(tensor: Tensor, offset: int = 0) -> Tensor:
    """Matrices on and above a diagonal, zero below it."""
    rows, columns = tensor._array.shape[-2:]
    return masked(tensor, ~np.tri(rows, columns, offset - 1, dtype=np.bool_))


def diagonal_part(tensor: Tensor) -> Tensor:
    """Matrices on the diagonal, zero elsewhere."""
    rows, columns = tensor._array.shape[-2:]
    return masked(tensor, np.eye(rows, columns, dtype=np.bool_))
