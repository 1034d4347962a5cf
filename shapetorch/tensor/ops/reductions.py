"""Sums, means and other values of all elements along dims."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import DTYPES, dtype
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Tensor


def axes(dim: Any, rank: int) -> tuple[int, ...]:
    """The dims that are reduced, in order and not negative: all of them for None and ``()``."""
    if dim is None or (isinstance(dim, (list, tuple)) and not dim):
        return tuple(range(rank))
    dims = dim if isinstance(dim, (list, tuple)) else (dim,)
    return tuple(sorted(item % rank if rank else 0 for item in dims)) if rank else ()


def spread(grad: Tensor, node: Any) -> Tensor:
    """A reduction's gradient in the shape of its input."""
    shape = node.metas[0][0]
    if not node.keepdim:
        kept = tuple(1 if place in node.axes else size for place, size in enumerate(shape))
        grad = grad.reshape(kept)
    return grad.expand(shape)  # type: ignore[no-any-return]


def sum_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element counts once."""
    return spread(grad, node)


@operation(methods=("sum",), out=True)
def sum(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtype | None = None
) -> Tensor:
    """The sum of the elements, along dims or of all."""
    judged("sum", input, dim, keepdim)
    over = axes(dim, input.ndim)
    array = input._array
    kind = dtype or (DTYPES["int64"] if array.dtype.kind in "biu" else input.dtype)
    result = np.asarray(np.sum(array, axis=over, keepdims=keepdim, dtype=kind.numpy))
    return record(result, (input,), sum_backward, axes=over, keepdim=keepdim)
