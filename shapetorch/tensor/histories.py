"""The history of a tensor: what made it, and whether gradients flow to it.

A view's history is made anew, by `refresh`, once its root has got another one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from shapetorch.tensor.dtypes import FLOATING
from shapetorch.tensor.modes import MODES, UNUSUAL, grad_mode
from shapetorch.tensor.tensors import Meta, Replay, Tensor, alias, meta_of

if TYPE_CHECKING:
    from shapetorch.tensor.nodes import Node


def stale(meta: Meta) -> bool:
    """Whether a view's root has got another history since the view's node was made."""
    root = meta.root
    assert root is not None, "only a view can be stale"
    if meta.made != "single" and root._writes != meta.writes:
        return True
    return root._meta is not None and root._meta.epoch != meta.epoch


def refresh(view: Tensor, meta: Meta) -> None:
    """Give a stale view the history that its root has now."""
    assert meta.root is not None and meta.replay is not None
    if meta.made != "single":
        if meta.node is not None or needs_grad(meta.root):
            raise not_writable(meta, "its base or another view of its base has been ")
        meta.writes = meta.root._writes
    meta.replay, epoch = rebased(meta)
    root = meta.root
    if (node := _since_written(meta)) is not None:  # the root was detached, which views do not see
        root = alias(root)
        meta_of(root).node = node
    with grad_mode(True):
        again = replayed(meta.replay, root)
    made = again._meta
    meta.node, meta.output = (made.node, made.output) if made is not None else (None, 0)
    meta.epoch = epoch


def _since_written(meta: Meta) -> Node | None:
    """The root's node when a view was last written to, if the root has had no other since."""
    if meta.written is None or meta.root is None or meta.root._meta is None:
        return None
    epoch, node = meta.written
    return node if meta.root._meta.epoch == epoch else None


def rebased(meta: Meta) -> tuple[Replay, int]:
    """How a view is made of its root as it is now, and the root's epoch."""
    assert meta.root is not None and meta.replay is not None, "only a view has a root"
    replay, root = meta.replay, meta.root._meta
    if root is None:
        return replay, 0
    if root.undo is not None:
        for epoch in range(meta.epoch + 1, root.epoch + 1):
            if epoch in root.undo:
                replay = _on_top(replay, *root.undo[epoch])
    return replay, root.epoch


def _on_top(replay: Replay, function: Callable[..., Any], args: tuple[Any, ...]) -> Replay:
    """`replay` of what a function gives."""
    above = replay[2]
    below = (function, args, None) if above is None else _on_top(above, function, args)
    return (*replay[:2], below)


def node_of(tensor: Tensor) -> Node | None:
    """What made it, as things stand now."""
    meta = tensor._meta
    if meta is None:
        return None
    if meta.root is not None and meta.replay is not None and stale(meta):
        refresh(tensor, meta)
    return meta.node


def needs_grad(tensor: Tensor) -> bool:
    """Whether gradients flow to it."""
    meta = tensor._meta
    if meta is None:
        return False
    if meta.requires_grad or meta.node is not None:
        return True
    # PyTorch counts a view as its root, even one made without recording, which leads nowhere
    if meta.replay is None:
        return False
    return needs_grad(meta.root) or _since_written(meta) is not None  # type: ignore[arg-type]


def records(input: Any, other: Any = None) -> bool:
    """As `recording`, of one or two operands."""
    if UNUSUAL and not MODES.grad:
        return False
    if isinstance(input, Tensor) and (meta := input._meta) is not None:
        if meta.node is not None or meta.requires_grad or needs_grad(input):
            return True
    if isinstance(other, Tensor) and (meta := other._meta) is not None:
        return meta.node is not None or meta.requires_grad or needs_grad(other)
    return False


def recording(inputs: Sequence[Any]) -> bool:
    """Whether an operation on `inputs` is to be recorded."""
    if UNUSUAL and not MODES.grad:
        return False
    for item in inputs:
        if isinstance(item, Tensor) and item._meta is not None and needs_grad(item):
            return True
    return False


def set_requires_grad(tensor: Tensor, value: bool) -> None:
    """Have a leaf's gradient accumulated, or not.

    Raises:
        RuntimeError: it is not a leaf, or not of a floating or complex dtype.
    """
    if node_of(tensor) is not None:
        if value:
            return
        raise RuntimeError(
            "you can only change requires_grad flags of leaf variables. If you want to use a computed "
            "variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
        )
    if value and tensor.is_inference() and not MODES.inference:
        raise RuntimeError(
            "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed."
        )
    if value and tensor.dtype.category < FLOATING:
        raise RuntimeError(
            f"only Tensors of floating point dtype can require gradients, got {tensor.dtype.name}"
        )
    if value or tensor._meta is not None:
        meta_of(tensor).requires_grad = bool(value)


def set_grad(tensor: Tensor, value: Tensor | None) -> None:
    """Put a gradient in place.

    Raises:
        TypeError: it is no tensor.
        RuntimeError: its shape or dtype is not the tensor's.
    """
    if value is not None:
        if not isinstance(value, Tensor):
            raise TypeError(f"assigned grad expected to be a Tensor or None but got {type(value)}")
        if value is tensor:
            raise RuntimeError("can't assign Variable as its own grad")
        if value._array.shape != tensor._array.shape:
            raise RuntimeError(
                f"assigned grad has data of a different size: expected {list(tensor._array.shape)}, "
                f"got {list(value._array.shape)}"
            )
        if value._array.dtype != tensor._array.dtype:
            raise RuntimeError(
                f"assigned grad has data of a different type: expected {tensor.dtype}, got {value.dtype}"
            )
    if value is not None or tensor._meta is not None:
        meta_of(tensor).grad = value


def replayed(replay: Replay, root: Tensor) -> Tensor:
    """The view of `root` that a chain of views gives."""
    steps = []
    above: Replay | None = replay
    while above is not None:
        steps.append(above)
        above = above[2]
    for function, args, _ in reversed(steps):
        root = function(root, *args)
    return root


def not_writable(meta: Meta, what: str) -> RuntimeError:
    """The error of writing to a view that came about in a way that forbids it."""
    if meta.made == "several":
        return RuntimeError(
            f"A view, output {meta.output} of a function that returns multiple views, {what}modified "
            "inplace. Such functions do not allow the output views to be modified inplace. You should "
            "replace the inplace operation by an out-of-place one."
        )
    return RuntimeError(
        f"A view was created in no_grad mode and {what}modified inplace with grad mode enabled."
    )
