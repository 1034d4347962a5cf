"""The tape: what autograd records while operations run.

An operation computes an array and calls `record` (or `record_all`; `views.view` for a view), which
makes the tensor and, if any input needs a gradient, a `Node`. A node's ``backward(node, grad)`` gives
a gradient for each input, in tensor operations, so that it can be differentiated again. `engine` runs
the nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import ref

from shapetorch.tensor.dtypes import FLOATING, OF_NUMPY
from shapetorch.tensor.histories import recording
from shapetorch.tensor.modes import MODES, UNUSUAL
from shapetorch.tensor.nodes import (
    RESULT,
    Backward,
    Node,
    edge_to,
    keep,
    node_for,
    numbers,
    writes_to,
)
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
    facts: dict[str, Any],
) -> Node:
    """Record the operation that made `results`; those of integers and bool stay without history."""
    node = node_for(backward, inputs)
    if facts:
        node.__dict__.update(facts)
    outputs: list[Any] = []
    for output, made in enumerate(results):
        array = made._array
        kind = OF_NUMPY[array.dtype]
        outputs.append((array.shape, kind))
        if kind.category >= FLOATING:
            meta = made._meta
            if meta is None:
                made._meta = meta = Meta()
            meta.node, meta.output = node, output
    node.outputs = outputs
    if saved:
        keep(node, saved, results)
    return node


def attach_one(
    made: Tensor, input: Tensor, backward: Backward, keeps_input: bool, keeps_result: bool
) -> Node:
    """`attach` for one plain result, of a floating dtype, of one operand, at less cost.

    Args:
        made: The result.
        input: The operand.
        backward: See `record`.
        keeps_input: Whether backward needs the operand.
        keeps_result: Whether backward needs the result; it comes after the operand.
    """
    below = input._meta
    if UNUSUAL or below is None:
        saved = ((input,) if keeps_input else ()) + ((RESULT,) if keeps_result else ())
        return attach((made,), (input,), backward, saved, {})
    node = Node()
    node.backward = backward
    first = input._array
    node.metas = ((first.shape, first.dtype),)
    if below.replay is None and below.node is not None:
        node.edges = ((below.node, below.output),)
    else:
        node.edges = (edge_to(input),)
    node.sequence = next(numbers)
    array = made._array
    node.outputs = ((array.shape, OF_NUMPY[array.dtype]),)
    if keeps_result:
        if keeps_input:
            node._saved, node._marks = (input, array), (writes_to(input), (ref(made), 0))
        else:
            node._saved, node._marks = (array,), ((ref(made), 0),)
    elif keeps_input:
        node._saved = (input,)
        node._marks = (writes_to(input),)
    else:
        node._saved = node._marks = ()
    made._meta = meta = Meta()
    meta.node = node
    return node


def attach_two(made: Tensor, a: Any, b: Any, backward: Backward, saved: tuple[Any, ...]) -> Node:
    """`attach` for one plain result, of a floating dtype, of two operands, at less cost.

    Args:
        made: The result.
        a: An operand, perhaps a number.
        b: The other one.
        backward: See `record`.
        saved: See `record`.
    """
    if UNUSUAL:
        return attach((made,), (a, b), backward, saved, {})
    node = Node()
    node.backward = backward
    to_a = to_b = of_a = of_b = None
    if isinstance(a, Tensor):
        array = a._array
        of_a = (array.shape, array.dtype)
        below = a._meta
        if below is not None:
            if below.replay is None and below.node is not None:
                to_a = (below.node, below.output)
            else:
                to_a = edge_to(a)
    if isinstance(b, Tensor):
        array = b._array
        of_b = (array.shape, array.dtype)
        below = b._meta
        if below is not None:
            if below.replay is None and below.node is not None:
                to_b = (below.node, below.output)
            else:
                to_b = edge_to(b)
    node.edges, node.metas = (to_a, to_b), (of_a, of_b)
    node.sequence = next(numbers)
    array = made._array
    node.outputs = ((array.shape, OF_NUMPY[array.dtype]),)
    if not saved:
        node._saved = node._marks = ()
    elif len(saved) == 2 and saved[0] is not RESULT and saved[1] is not RESULT:
        node._saved = saved
        first, second = saved
        node._marks = (
            None if first is None or not isinstance(first, Tensor) else writes_to(first),
            None if second is None or not isinstance(second, Tensor) else writes_to(second),
        )
    else:
        keep(node, saved, (made,))
    made._meta = meta = Meta()
    meta.node = node
    return node
