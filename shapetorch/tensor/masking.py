"""Elements kept where a fixed mask says so, zero elsewhere; the gradient is kept alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor


def masked(tensor: Tensor, keep: Array) -> Tensor:
    """The tensor where `keep` is true (both broadcast), zero elsewhere, even of NaN and infinity."""
    array = tensor._array
    result = np.where(keep, array, np.zeros((), array.dtype))
    return record(result, (tensor,), masked_backward, keep=keep)


def masked_backward(node: Any, grad: Tensor) -> Tensor:
    """What was dropped has no influence."""
    return masked(grad, node.keep)
