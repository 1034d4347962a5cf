"""The memory behind a tensor: what PyTorch calls its storage."""

from __future__ import annotations

from shapetorch.tensor.geometry import address, span
from shapetorch.tensor.tensors import Array, Tensor, owner


def memory_of(tensor: Tensor) -> Array:
    """The array whose elements are all of the memory that a tensor and its views share."""
    first = owner(tensor)
    meta = first._meta
    if meta is not None and meta.memory is not None:  # its own sizes have been changed
        return meta.memory
    return first._stored


def storage_offset(tensor: Tensor) -> int:
    """How many elements the first one lies behind the beginning of the memory."""
    array = tensor._stored
    begin, end = span(memory_of(tensor))
    first = address(array)
    return (first - begin) // array.itemsize if begin <= first <= end else 0
