"""Changing the sizes and strides of a tensor itself: what ``t_``, ``squeeze_`` and ``resize_`` do.

A view is made anew from its root. A root whose own sizes change therefore remembers how to get back
to those that its views were made from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapetorch.tensor.modes import MODES
from shapetorch.tensor.tensors import Tensor, meta_of, owner
from shapetorch.tensor.writes import check_history


def relabel(
    tensor: Tensor, made: Tensor, undo: Callable[..., Tensor], args: tuple[Any, ...]
) -> Tensor:
    """Give a tensor the sizes, strides and history of a view of it.

    Args:
        tensor: The tensor.
        made: The view.
        undo: ``undo(made, *args)`` is what `tensor` was.
        args: See `undo`.

    Raises:
        RuntimeError: autograd forbids writing to it.
    """
    meta = meta_of(tensor)
    if MODES.grad:
        check_history(tensor, meta, False)
    above = made._meta
    assert above is not None, "a view has a root"
    if meta.replay is not None:
        meta.replay = above.replay
    else:
        if meta.memory is None:
            meta.memory = tensor._stored
        meta.epoch += 1
        meta.undo = {**(meta.undo or {}), meta.epoch: (undo, args)}
    if MODES.grad:
        meta.node, meta.output = above.node, above.output
    tensor._stored = made._stored
    owner(tensor)._writes += 1
    return tensor
