"""Cross entropy with labels in one pass: the loss and its gradient from the same exponentials."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.array_gradients import MOST, is_kept, on_arrays, refused
from shapetorch.tensor.entries import Entries
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap

INT64 = np.dtype(np.int64)
_ENTRIES = Entries("cross_entropy_rows", 2, "labels", "integer", 1, 2)
_SUM = Entries("sum_flat", 1)


def fused_cross_entropy(
    input: Any, target: Any, ignore_index: int, reduction: str
) -> Tensor | None:
    """The loss of logits ``(N, C)`` against labels ``(N,)``, by a kernel.

    Returns:
        None if something is otherwise, a label is no class, or NumPy is to compute.
    """
    if not isinstance(input, Tensor) or not isinstance(target, Tensor):
        return None
    array, labels = input._array, target._array
    if array.ndim != 2 or labels.shape != array.shape[:1] or labels.dtype is not INT64:
        return None
    if not array.size or reduction not in ("mean", "sum") or ignore_index.__class__ is not int:
        return None
    kernel = kernels.find("cross_entropy_rows", array, 1)
    if kernel is None or not array.flags.c_contiguous or not labels.flags.c_contiguous:
        return None
    kind = array.dtype
    losses, slope = np.empty(len(labels), kind), np.empty(array.shape, kind)
    entry, add = _ENTRIES[kind], _SUM[kind]
    if entry is None or add is None or not array.flags.carray or not labels.flags.carray:
        counted, total = kernel(array, labels, ignore_index, losses, slope), None
    else:
        counted, total = entry(array, labels, ignore_index, losses, slope), add(losses)
    if counted < 0:
        return None
    divisor = counted if reduction == "mean" else 1
    if total is None:
        total = losses.sum(dtype=np.float64)
    value = quietly(np.array, total / divisor if divisor else np.nan, kind)
    return record(
        value,
        (input,),
        cross_entropy_loss_backward,
        (input,),
        slope=slope,
        labels=labels,
        ignored=ignore_index,
        divisor=divisor,
    )


def cross_entropy_loss_backward(node: Any, grad: Tensor) -> Tensor:
    """``(softmax(x) - one_hot) / n`` times the gradient of the loss."""
    (input,) = node.saved
    if MODES.grad:
        return _differentiable(node, input, grad)
    slope: Array = node.slope
    if not node.divisor:
        return wrap(np.zeros_like(slope))
    return wrap(slope * slope.dtype.type(grad._array.item() / node.divisor))


@on_arrays(cross_entropy_loss_backward)
def _gradient(node: Any, grad: Array) -> Array:
    slope: Array = node.slope
    if slope.size > MOST or not node.divisor or not is_kept(node):
        raise refused()
    made: Array = slope * np.array(grad.item() / node.divisor, slope.dtype)
    return made


def _differentiable(node: Any, input: Tensor, grad: Tensor) -> Tensor:
    """The same in operations of tensors."""
    counted = node.labels != node.ignored
    constant = np.zeros_like(node.slope)
    constant[np.flatnonzero(counted), node.labels[counted]] = 1
    weights = wrap(counted[:, None].astype(constant.dtype))
    slope = input.softmax(1) * weights - wrap(constant)
    return slope * (grad / max(node.divisor, 1))  # type: ignore[no-any-return]


cross_entropy_loss_backward.__name__ = "nll_loss_backward"  # as PyTorch names the node
