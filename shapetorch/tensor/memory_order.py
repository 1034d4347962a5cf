"""In which order elements lie in memory, as far as it shows in results.

Functions of images compute in the order of the dims. Where an operand's channels lie next to each other,
which PyTorch calls ``channels_last``, so do the result's: code may rely on how a permuted result can be
viewed.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from shapetorch.tensor.tensors import Array, Tensor, in_rows

R = TypeVar("R")


def has_channels_last(array: Array) -> bool:
    """Whether the channels of images or volumes lie next to each other, perhaps with gaps."""
    if array.flags.c_contiguous or array.ndim not in (4, 5) or not array.size:
        return False
    least = 0
    for dim in (1, *range(array.ndim - 1, 1, -1), 0):
        step, size = array.strides[dim], array.shape[dim]
        if step < least or not step or (dim == 0 and least == array.strides[1]):
            return False
        least = step * size if size > 1 else step
    return True


def in_order_of(made: R, *models: Any) -> R:
    """Fresh results, whose channels lie next to each other if those of an operand do.

    Args:
        made: A tensor, or several.
        models: Operands; the first that lies so decides.
    """
    for model in models:
        if isinstance(model, Tensor) and has_channels_last(model._array):
            several: Any = (made,) if isinstance(made, Tensor) else made
            for item in several:
                array = item._array
                if array.ndim == model._array.ndim:
                    rows = np.ascontiguousarray(np.moveaxis(array, 1, -1))
                    item._array = np.moveaxis(rows, -1, 1)
            break
    return made


def laid_out_as(array: Array, model: Array) -> Array:
    """The array, or a copy whose dims lie in memory in the order of another array of its shape."""
    if model.flags.c_contiguous or array.shape != model.shape:
        return array
    made = np.empty_like(model, array.dtype)
    made[...] = array
    return made


def rows_of(made: Tensor) -> Tensor:
    """A fresh result, whose elements lie in memory in the order of its dims."""
    made._array = in_rows(made._array)
    return made
