"""Operations that write into their tensor themselves, without a result to copy from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.histories import needs_grad, recording
from shapetorch.tensor.marks import change, store, writable
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.nodes import Backward
from shapetorch.tensor.tape import attach, record
from shapetorch.tensor.tensors import Array, Tensor, owner, wrap
from shapetorch.tensor.writes import check_history, check_writable, wrote


def write_into(
    tensor: Tensor,
    operands: Sequence[Any],
    write: Callable[[Array], object],
    backward: Backward,
    saved: Sequence[Any] = (),
    *,
    expanded: bool = False,
    **facts: Any,
) -> Tensor:
    """Write into a tensor, and record it.

    Args:
        tensor: What is written to; the first input of the node.
        operands: The further inputs.
        write: ``write(array)`` changes the tensor's array; it raises before it changes anything.
        backward: As in `tape.record`.
        saved: As in `tape.record`.
        expanded: Whether several elements may be one place in memory.
        facts: As in `tape.record`.

    Returns:
        `tensor`.

    Raises:
        RuntimeError: the tensor may not be written to.
    """
    if tensor._meta is None and not any(
        isinstance(item, Tensor) and item._meta is not None for item in operands
    ):
        check_writable(tensor, expanded=expanded)
        change(tensor, write)
        tensor._writes += 1
        return tensor
    flows = any(isinstance(item, Tensor) and needs_grad(item) for item in operands)
    check_writable(tensor, flows, expanded=expanded)
    inputs = (tensor, *operands)
    if not recording(inputs):
        change(tensor, write)
        wrote(tensor)
        return tensor
    array = writable(tensor)
    result = wrap(array)
    attach([result], inputs, backward, saved, facts)  # may raise: before anything is written
    write(array)
    store(tensor, array)
    wrote(tensor, result)
    return tensor


def write_anew(
    input: Tensor,
    operands: Sequence[Any],
    write: Callable[[Array], object],
    backward: Backward,
    saved: Sequence[Any] = (),
    **facts: Any,
) -> Tensor:
    """As `write_into`, into a copy of a tensor, in order in memory; the tensor is the first input."""
    array = np.array(input._array)
    if not array.flags.c_contiguous:
        array = np.ascontiguousarray(array).reshape(array.shape)
    write(array)
    return record(array, (input, *operands), backward, saved, **facts)


def require_writable(target: Tensor | None) -> None:
    """Raise what autograd says of writing to a tensor, before anything else is looked at."""
    if target is not None and target._meta is not None and MODES.grad:
        check_history(target, target._meta, False)


def refuse_overlap(target: Tensor | None, *sources: Any) -> None:
    """Raise if what is written to and what is read are dense and share memory, even the same."""
    if target is None:
        return
    array = target._array
    for source in sources:
        if not isinstance(source, Tensor) or owner(source) is not owner(target):
            continue
        other = source._array
        if array.flags.forc and other.flags.forc and np.may_share_memory(array, other):
            raise RuntimeError(
                "unsupported operation: some elements of the input tensor and the written-to tensor refer "
                "to a single memory location. Please clone() the tensor before performing the operation."
            )


def zeros_for(node: Any, place: int = 0) -> Tensor | None:
    """The gradient of an input that was overwritten; None if it is not wanted."""
    if not node.needs[place]:
        return None
    return wrap(np.zeros(*node.metas[place]))
