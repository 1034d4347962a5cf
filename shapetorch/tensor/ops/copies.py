"""Copies and aliases of a tensor, also those that ``copy`` and ``pickle`` make."""

from __future__ import annotations

import copy
import mmap
import sys
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.formats import PRESERVE
from shapetorch.tensor.geometry import element_strides, flat_memory_as, strided
from shapetorch.tensor.histories import node_of
from shapetorch.tensor.in_place import write_into
from shapetorch.tensor.nodes import clone_backward
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.ops.conversions import formatted, preserved
from shapetorch.tensor.room import no_room
from shapetorch.tensor.storage import memory_of
from shapetorch.tensor.storage import storage_offset as offset_of
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, alias, meta_of, owner, wrap


@operation(methods=("clone",))
def clone(input: Tensor, *, memory_format: Any = PRESERVE) -> Tensor:
    """A copy, through which gradients flow.

    Args:
        input: What is copied.
        memory_format: The order of dims in memory; that of `input`, if none is given.
    """
    if input.__class__ is not Tensor:
        tensor_argument("clone", "input", input)
    try:
        made = np.array(preserved(input._array), order="K")
    except MemoryError as error:
        raise no_room(error, "clone") from None
    if memory_format is not PRESERVE and memory_format is not None:
        made = formatted(made, memory_format)
    return record(made, (input,), clone_backward)


@operation(methods=("detach",))
def detach(input: Tensor) -> Tensor:
    """The same memory without history."""
    return alias(input if input.__class__ is Tensor else tensor_argument("detach", "input", input))


def zeros_backward(node: Any, grad: Tensor) -> Tensor:
    """What was overwritten has no influence."""
    return wrap(np.zeros(*node.metas[0]))


@operation("zero_", methods=("zero_",))
def zero_(self: Tensor) -> Tensor:
    """Zeros, in place."""
    if self.__class__ is not Tensor:
        tensor_argument("zero_", "input", self)
    return write_into(self, (), lambda array: array.fill(0), zeros_backward, expanded=True)


# -- copy and deepcopy --------------------------------------------------------------------------------


def _blank(like: Tensor, array: Array) -> Tensor:
    """A tensor of the same class and attributes on another array."""
    made: Tensor = object.__new__(type(like))
    made._array, made._meta, made._writes = array, None, 0
    return made


@method("__copy__")
def shallow_copy(self: Tensor) -> Tensor:
    """Another tensor on the same memory, which is a leaf."""
    made = _blank(self, self._stored)
    made.__dict__.update(self.__dict__)
    meta_of(made).root = owner(self)
    if self.requires_grad:
        meta_of(made).requires_grad = True
    return made


@method("__deepcopy__")
def deep_copy(self: Tensor, memo: dict[int, Any]) -> Tensor:
    """A copy of a leaf with its gradient; tensors that shared memory share the copy's.

    Raises:
        RuntimeError: it is no leaf.
    """
    if id(self) in memo:
        return memo[id(self)]  # type: ignore[no-any-return]
    if node_of(self) is not None:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol "
            "at the moment."
        )
    if self._reads_as is not Tensor:  # the copy is none, as in PyTorch
        made, first = wrap(self._array.copy(order="K")), None
    else:
        made = _blank(self, np.empty(0))
        first, made._array = _copied_memory(self, memo)
    memo[id(self)] = made
    if first is not None:
        meta_of(made).root = first
    if self.requires_grad:
        meta_of(made).requires_grad = True
    if self.grad is not None:
        made.grad = copy.deepcopy(self.grad, memo)
    made.__dict__.update(copy.deepcopy(self.__dict__, memo))
    return made


def _copied_memory(tensor: Tensor, memo: dict[int, Any]) -> tuple[Tensor | None, Array]:
    """The copy's array and, if other copies may share it, the tensor that counts writes to it."""
    memory, array = memory_of(tensor), tensor._array
    if not memory.flags.c_contiguous or not array.size:
        return None, np.array(preserved(array), order="K")
    key = id(memory)
    if key not in memo:
        memo[key] = (wrap(memory.copy()), memory)  # the memory lives as long as its id is used
    first = memo[key][0]
    offset = offset_of(tensor) * array.itemsize
    copied = first._array
    if (
        copied.dtype != array.dtype
    ):  # of parts of complex numbers, or other dtypes of the same bytes
        copied = flat_memory_as(copied, array.dtype)
    made = strided(copied, array.shape, array.strides, offset)
    return first, made


# -- pickle -------------------------------------------------------------------------------------------


@method("__reduce_ex__")
def reduced(self: Tensor, protocol: Any) -> tuple[Any, ...]:
    """How ``pickle`` writes it: tensors that share memory share it again if they are read together."""
    memory, array = memory_of(self), self._stored
    offset, steps = offset_of(self), element_strides(array)
    if not memory.flags.c_contiguous:
        order = sorted(range(array.ndim), key=lambda dim: -steps[dim])
        memory = np.ascontiguousarray(preserved(array).transpose(order))
        dense = memory.transpose(np.argsort(order)) if array.ndim else memory
        offset, steps = 0, element_strides(dense)
    elif memory.dtype != array.dtype:
        memory = flat_memory_as(memory, array.dtype)
    facts = (self.requires_grad, dict(self.__dict__))
    return (restored, (type(self), memory, offset, array.shape, steps, *facts))


def restored(
    cls: type[Tensor],
    memory: Array,
    offset: int,
    shape: tuple[int, ...],
    steps: tuple[int, ...],
    requires_grad: bool,
    attributes: dict[str, Any],
) -> Tensor:
    """The tensor that `reduced` described.

    Raises:
        ValueError: it would reach outside of its memory.
    """
    reach = offset + sum((size - 1) * step for size, step in zip(shape, steps, strict=True))
    if 0 not in shape and (min(offset, *steps, 0) < 0 or reach >= memory.size):
        raise ValueError(f"a tensor of {list(shape)} does not fit into {memory.size} elements")
    size = memory.itemsize
    made: Tensor = object.__new__(cls)
    array = np.empty(shape, memory.dtype)
    if array.size:
        array = strided(memory, tuple(shape), tuple(step * size for step in steps), offset * size)
    made._array, made._meta, made._writes = array, None, 0
    if made._reads_as is not Tensor:
        meta_of(made)
    if memory.size != array.size:
        meta_of(made).memory = memory
    if requires_grad:
        meta_of(made).requires_grad = True
    made.__dict__.update(attributes)
    return made


# -- memory that processes share ----------------------------------------------------------------------


class _SharedMemory(mmap.mmap):
    """Memory of a process and its children."""


@method()
def share_memory_(self: Tensor) -> Tensor:
    """Move the elements to memory that child processes made by fork share with this one.

    Raises:
        RuntimeError: other tensors or arrays see the memory, and would be left behind.
    """
    if is_shared(self):
        return self
    array = self._stored
    if owner(self) is not self or _seen_elsewhere(array):
        raise RuntimeError(
            "share_memory_: other tensors or arrays share this memory; share it before making views"
        )
    if not array.size:
        return self
    order = sorted(range(array.ndim), key=lambda dim: -array.strides[dim])
    dense = array.transpose(order)
    memory = _SharedMemory(-1, array.nbytes)
    moved = np.frombuffer(memory, array.dtype).reshape(dense.shape)
    moved[...] = dense
    self._array = moved.transpose(np.argsort(order)) if array.ndim else moved
    return self


_REFERENCES = 3
"""Of what one other thing refers to: by that, by a local name and by the call that counts."""


def _seen_elsewhere(array: Array) -> bool:
    """Whether anything but one tensor refers to the memory of its array."""
    if sys.getrefcount(array) > _REFERENCES + 1:  # the caller has a name for it, too
        return True
    below: Any = array.base
    while below is not None:
        if sys.getrefcount(below) > _REFERENCES:
            return True
        below = getattr(below, "base", getattr(below, "holder", None))
    return False


@method()
def is_shared(self: Tensor) -> bool:
    """Whether the elements lie in memory that processes share."""
    base: Any = self._stored
    while isinstance(base, np.ndarray):
        base = base.base
    found = base.obj if isinstance(base, memoryview) else base
    return isinstance(found, _SharedMemory)
