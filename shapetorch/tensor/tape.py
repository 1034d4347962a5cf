"""The tape: what autograd records while operations run.

An operation computes an array and calls `record` (or `record_all`; `views.view` for a view), which
makes the tensor and, if any input needs a gradient, a `Node`. A node's ``backward(node, grad)`` gives
a gradient for each input, in tensor operations, so that it can be differentiated again. `engine` runs
the nodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapetorch.tensor.dtypes import FLOATING, OF_NUMPY
from shapetorch.tensor.histories import recording
from shapetorch.tensor.modes import MODES, UNUSUAL
from shapetorch.tensor.nodes import RESULT, Backward, Kept, KeptResult, Node, keep
from shapetorch.tensor.tensors import Array, Meta, Tensor, in_rows, meta_of, wrap


def record(
    array: Array, inputs: Sequence[Any], backward: Backward, saved: Sequence[Any] = (), **facts: Any
) -> Tensor:
    """The tensor of an operation's result, recorded if an input needs a gradient.

    Args:
        array: The result, in memory of its own.
        inputs: The operands; what is no tensor (numbers, None) gets no gradient.
        backward: ``backward(node, grad)`` gives the gradient of the one input, or one for each
            (None where there is none). A gradient of a broadcast operand need not be summed
            to its shape, nor cast to its dtype: the engine does that.
        saved: Tensors (and other values) that backward finds in ``node.saved``; `RESULT` stands
            for the result itself. Keep only what a wanted gradient needs.
        facts: Attributes of the node.
    """
    made = wrap(array)
    if recording(inputs):
        attach([made], inputs, backward, saved, facts)
    elif UNUSUAL and MODES.inference:
        meta_of(made).inference = True
    return made


def record_rows(
    array: Array, inputs: Sequence[Any], backward: Backward, saved: Sequence[Any] = (), **facts: Any
) -> Tensor:
    """As `record`, of a result that lies in memory in the order of its dims, however operands lie."""
    return record(in_rows(array), inputs, backward, saved, **facts)


def record_all(
    arrays: Sequence[Array],
    inputs: Sequence[Any],
    backward: Backward,
    saved: Sequence[Any] = (),
    *,
    keep_results: bool = False,
    **facts: Any,
) -> list[Tensor]:
    """As `record`, for several results: ``backward(node, *grads)``, zeros where a result has none.

    With `keep_results`, ``node.saved`` begins with them.
    """
    made = [wrap(array) for array in arrays]
    if recording(inputs):
        attach(made, inputs, backward, (*made, *saved) if keep_results else saved, facts)
    elif UNUSUAL and MODES.inference:
        for item in made:
            meta_of(item).inference = True
    return made


def attach(
    results: Sequence[Tensor],
    inputs: Sequence[Any],
    backward: Backward,
    saved: Sequence[Any],
    facts: Mapping[str, Any],
) -> Node:
    """Record the operation that made `results`; those of integers and bool stay without history."""
    node = Node(backward, inputs)
    if facts:
        node.__dict__.update(facts)
    node.outputs = [(made._array.shape, OF_NUMPY[made._array.dtype]) for made in results]
    for output, made in enumerate(results):
        if node.outputs[output][1].category >= FLOATING:
            meta = meta_of(made)
            meta.node, meta.output = node, output
    if saved:
        node._saved = tuple([keep(item, results) for item in saved])
    return node


def attach_one(
    made: Tensor, inputs: Sequence[Any], backward: Backward, saved: Sequence[Any]
) -> Tensor:
    """`attach` for one plain result of a floating dtype, at less cost; gives the result."""
    node = Node(backward, inputs)
    array = made._array
    node.outputs = [(array.shape, OF_NUMPY[array.dtype])]
    made._meta = meta = Meta()
    meta.node = node
    if saved:
        if UNUSUAL and MODES.packing is not None:
            node._saved = tuple([keep(item, (made,)) for item in saved])
        else:
            node._saved = tuple(
                [
                    Kept(item)
                    if isinstance(item, Tensor)
                    else KeptResult(made, 0)
                    if item is RESULT
                    else item
                    for item in saved
                ]
            )
    return made
