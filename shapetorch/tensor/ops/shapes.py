"""The same elements in other sizes."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.tape import record, view
from shapetorch.tensor.tensors import Tensor


def view_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient in the sizes of the input."""
    return grad.reshape(node.metas[0][0])


@operation(methods=("reshape",))
def reshape(input: Tensor, *shape: Any) -> Tensor:
    """The same elements in other sizes, one of which may be -1; a view where the memory allows it."""
    sizes = judged("reshape", input, *shape)
    array = input._array.reshape(sizes)
    if np.may_share_memory(array, input._array):
        return view(input, array, lambda source: source.reshape(sizes), view_backward)
    return record(array, (input,), view_backward)


def expand_backward(node: Any, grad: Tensor) -> Tensor:
    """The engine sums over what was broadcast."""
    return grad


@operation("broadcast_to", methods=("expand",))
def expand(input: Tensor, *size: Any) -> Tensor:
    """A view in larger sizes, in which sizes of 1 are repeated; -1 keeps a size."""
    sizes = judged("expand", input, *size)
    old = input._array
    extra = len(sizes) - old.ndim
    strides = [0] * extra
    strides += [
        step if size == target else 0
        for size, target, step in zip(old.shape, sizes[extra:], old.strides, strict=True)
    ]
    array = np.lib.stride_tricks.as_strided(old, sizes, strides)
    return view(input, array, lambda source: source.expand(sizes), expand_backward)
