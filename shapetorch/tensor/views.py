"""Making views: tensors that share the memory of another one, their root.

A view carries the functions that make it anew from its root, for when the root has got another history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.tensor.dtypes import OF_NUMPY
from shapetorch.tensor.histories import needs_grad, rebased, refresh, stale
from shapetorch.tensor.modes import MODES, UNUSUAL
from shapetorch.tensor.nodes import Backward, Node, node_for, numbers
from shapetorch.tensor.tape import attach
from shapetorch.tensor.tensors import Array, Meta, Tensor, wrap

_new: Any = object.__new__


def view(
    source: Tensor,
    array: Array,
    replay: Callable[[Tensor], Tensor],
    backward: Backward,
    *,
    several: bool = False,
    **facts: Any,
) -> Tensor:
    """The tensor of a view: `array` shares the memory of `source`.

    Args:
        source: What is viewed.
        array: The view, of ``source._stored``.
        replay: Makes the same view of any tensor of the source's shape.
        backward: As in `record`, of the one input.
        several: Whether it is one of several views of one operation, which may not be written to
            while gradients flow.
        facts: Attributes of the node.
    """
    made = view_by(source, array, replay, (), backward)
    meta = made._meta
    assert meta is not None, "a view has a root"
    if several:
        meta.made = "several"
    if facts and meta.node is not None:
        meta.node.__dict__.update(facts)
    return made


def view_by(
    source: Tensor,
    array: Array,
    function: Callable[..., Tensor],
    args: tuple[Any, ...],
    backward: Backward,
) -> Tensor:
    """As `view`, for views that are made often: the same view is ``function(source, *args)``.

    The node has `function` and `args` as attributes.
    """
    made: Tensor = _new(Tensor)
    made._array = array
    made._writes = 0
    made._meta = meta = Meta()
    above = source._meta
    if above is None:  # as of no tensor of `marks`
        meta.root = source
        meta.replay = (function, args, None)
        if not UNUSUAL:
            return made
    elif above.replay is None:
        meta.root = source
        meta.replay = (function, args, None)
        meta.epoch, meta.inference = above.epoch, above.inference
    else:
        _on_view(meta, above, source, (function, args))
    if above is not None and source.__class__ is not Tensor:
        made.__class__ = source._reads_as
    if UNUSUAL and not MODES.grad:
        meta.made = "no_grad"
        meta.writes = meta.root._writes  # type: ignore[union-attr]
        return made
    if above is not None and needs_grad(source):
        kind = array.dtype
        if UNUSUAL:
            node = node_for(backward, (source,))
        else:  # what `node_for` does for one input
            node = Node()
            node.backward = backward
            below = above.node
            if below is None:
                node.edges = (source if above.requires_grad else None,)
            else:
                node.edges = ((below, above.output),)
            first = source._stored
            node.metas = ((first.shape, first.dtype),)
            node.sequence = next(numbers)
            node._saved = node._marks = ()
        node.function, node.args = function, args
        node.outputs = ((array.shape, OF_NUMPY[kind]),)
        if kind.kind in "fcV":
            meta.node = node
    return made


def _on_view(meta: Meta, above: Meta, source: Tensor, step: tuple[Any, Any]) -> None:
    """Note of a view that it is one of `source`, which is a view itself."""
    below, meta.epoch = above.replay, above.epoch
    if stale(above):
        if MODES.grad:
            refresh(source, above)
        below, meta.epoch = rebased(above)
    meta.root, meta.inference = above.root, above.inference
    meta.replay = (*step, below)
    if above.made != "single":
        meta.made = above.made
        meta.writes = meta.root._writes  # type: ignore[union-attr]


def views_by(
    source: Tensor,
    arrays: Sequence[Array],
    function: Callable[..., Tensor],
    args: Sequence[tuple[Any, ...]],
    backward: Backward,
    **facts: Any,
) -> tuple[Tensor, ...]:
    """The views of one operation that gives several, none of which may be written to with gradients.

    Args:
        source: What is viewed.
        arrays: The views, of ``source._stored``.
        function: Makes one of them.
        args: What else it needs, for each view.
        backward: ``backward(node, *grads)``, None for a view without gradient.
        facts: Attributes of the node.
    """
    below, kind = source._meta, source._reads_as
    made = []
    for array, item in zip(arrays, args, strict=True):
        view = wrap(array)
        if kind is not Tensor:
            view.__class__ = kind
        view._meta = meta = Meta()
        if below is None or below.replay is None:
            meta.root = source
            meta.replay = (function, item, None)
            if below is not None:
                meta.epoch, meta.inference = below.epoch, below.inference
        else:
            _on_view(meta, below, source, (function, item))
        meta.made = "several"
        meta.writes = meta.root._writes  # type: ignore[union-attr]
        if UNUSUAL and not MODES.grad:
            meta.made = "no_grad"
        made.append(view)
    if UNUSUAL and not MODES.grad:
        return tuple(made)
    if made and below is not None and needs_grad(source):
        attach(made, (source,), backward, (), facts).materialize = False
    return tuple(made)
