"""Writing into tensors, as far as autograd goes.

A tensor that is written to gets the history of what is written; a view hands it to its root, as
`wrote` says.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.histories import needs_grad, not_writable, refresh, replayed, stale
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.nodes import Node, clone_backward, node_for
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Meta, Tensor, meta_of, owner


def check_writable(tensor: Tensor, grad_flows: bool = False, *, expanded: bool = False) -> None:
    """Whether a tensor may be written to.

    Args:
        tensor: The tensor.
        grad_flows: Whether what is written needs a gradient.
        expanded: Whether several elements may be one place in memory.

    Raises:
        RuntimeError: autograd forbids it, or several elements are one place in memory.
    """
    meta = tensor._meta
    if meta is not None:
        if meta.inference and not MODES.inference:
            raise RuntimeError(
                "Inplace update to inference tensor outside InferenceMode is not allowed."
            )
        if MODES.grad:
            check_history(tensor, meta, grad_flows)
    check_memory(tensor._stored, expanded=expanded)


def check_memory(array: Array, *, expanded: bool = False) -> None:
    """Whether an array may be written to; see `check_writable`."""
    if (
        0 in array.strides
        and not expanded
        and array.size
        and any(
            not step and size > 1 for step, size in zip(array.strides, array.shape, strict=True)
        )
    ):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single "
            "memory location. Please clone() the tensor before performing the operation."
        )
    if not array.flags.writeable:
        raise RuntimeError(
            "the tensor shares the memory of a read-only array: clone() it before writing"
        )


def check_history(tensor: Tensor, meta: Meta, grad_flows: bool) -> None:
    """Whether autograd lets a tensor be written to; see `check_writable`."""
    if meta.requires_grad:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )
    if meta.root is None or meta.replay is None:
        return
    above = meta.root._meta
    if above is not None and above.requires_grad and above.node is None:
        raise RuntimeError(
            "a view of a leaf Variable that requires grad is being used in an in-place operation."
        )
    if meta.made != "single" and (grad_flows or needs_grad(tensor)):
        raise not_writable(meta, "is being ")


def wrote(tensor: Tensor, result: Tensor | None = None) -> None:
    """A tensor's elements were written: `result` has the history that it has from now on."""
    owner(tensor)._writes += 1
    if result is None or result._meta is None or result._meta.node is None:
        return
    made, meta = result._meta, meta_of(tensor)
    if meta.root is None or meta.replay is None:
        _keep_retained(meta, made.node, made.output)
        meta.node, meta.output = made.node, made.output
        meta.epoch += 1
        return
    root = meta.root
    if stale(meta):
        refresh(tensor, meta)
    node = node_for(copy_slices_backward, (root, result))
    node.title = "torch::autograd::CopySlices"
    node.__dict__["replay"] = meta.replay
    node.__dict__["order"] = _memory_order(root._stored)
    node.outputs = [(root._stored.shape, root.dtype)]
    above = meta_of(root)
    _keep_retained(above, node, 0)
    above.node, above.output = node, 0
    above.epoch += 1
    meta.written = (above.epoch, node)


def _keep_retained(meta: Meta, node: Node | None, output: int) -> None:
    """A tensor that wants to see its gradient wants that of what it is from now on."""
    if (
        node is None
        or meta.node is None
        or meta.node.retained is None
        or meta.output not in meta.node.retained
    ):
        return
    node.retained = node.retained if node.retained is not None else {}
    node.retained[output] = meta.node.retained.pop(meta.output)


def copy_slices_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """Of a root that was written to through a view: the rest of it, and what was written."""
    grad = _ordered(grad, node.order)
    needs = node.needs
    written = replayed(node.replay, grad)
    check_memory(written._stored)  # else one place in memory would have several gradients
    if not needs[0]:
        return None, written
    rest = _ordered(grad, node.order, copy=True)
    replayed(node.replay, rest).zero_()
    return rest, written if needs[1] else None


def _memory_order(array: Array) -> tuple[int, ...]:
    """The dims from the slowest to the fastest in memory."""
    if array.flags.c_contiguous:
        return tuple(range(array.ndim))
    return tuple(sorted(range(array.ndim), key=lambda dim: -array.strides[dim]))


def _ordered(tensor: Tensor, order: tuple[int, ...], copy: bool = False) -> Tensor:
    """The tensor with its elements in memory as a view that is replayed on it expects them."""
    array = tensor._array.transpose(order)
    if array.flags.c_contiguous and not copy:
        return tensor
    back = tuple(order.index(dim) for dim in range(len(order)))
    return record(np.array(array, order="C").transpose(back), (tensor,), clone_backward)
