"""Tensors that are read as the conjugates, or the negatives, of what lies in memory.

``z.conj()`` shares the memory of ``z``, as in PyTorch, and so do its views; PyTorch marks them with a
bit, here their class is the mark. ``_stored`` is what lies in memory, as of every tensor. ``_array``
is computed whenever it is asked for, and is read-only: whoever writes to a tensor's elements does it
by `change`, and what does not fails instead of writing to a copy. A tensor with a mark has a `_meta`,
so that views of other tensors need not ask.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.fast import LARGE
from shapetorch.tensor.geometry import address, span
from shapetorch.tensor.tensors import Array, Tensor, unintercepted


class Marked(Tensor):
    """A tensor whose elements are not what lies in memory."""

    __slots__ = ()
    __torch_function__: Any = unintercepted
    _marking: Any
    """The NumPy function that makes the elements of what lies in memory, and the other way round."""

    @property
    def _array(self) -> Array:
        stored = self._stored
        marking = self._marking
        made = elementwise(marking, stored) if stored.size >= LARGE else marking(stored)
        if made.__class__ is not np.ndarray or made.strides != stored.strides:
            given, made = made, _laid_out_as(stored)
            made[...] = given
        made.setflags(write=False)
        return made

    @_array.setter
    def _array(self, stored: Array) -> None:
        self._stored = stored


class Conjugate(Marked):
    """A complex tensor that is read as the conjugate of what lies in memory."""

    __slots__ = ()
    _marking = np.conjugate


class Negative(Marked):
    """A real tensor that is read as the negative of what lies in memory: imaginary parts of conjugates."""

    __slots__ = ()

    _marking = np.negative


Conjugate._reads_as = Conjugate
Negative._reads_as = Negative


def _laid_out_as(stored: Array) -> Array:
    """An array with the same strides, gaps included: operations ask them whether they have to copy."""
    made = np.empty_like(stored)
    if made.strides == stored.strides or not stored.size or min(stored.strides) < 0:
        return made
    _, behind = span(stored)
    room = np.empty(behind - address(stored), np.uint8)
    return np.ndarray(stored.shape, stored.dtype, room, 0, stored.strides)


def change(tensor: Tensor, write: Callable[[Array], object]) -> None:
    """Have ``write(array)`` change the elements of a tensor, which autograd is not told."""
    array = writable(tensor)
    write(array)
    store(tensor, array)


def writable(tensor: Tensor) -> Array:
    """The elements of a tensor, to be changed and handed to `store`."""
    array = tensor._array
    if tensor._reads_as is not Tensor:
        array.setflags(write=True)
    return array


def store(tensor: Tensor, array: Array) -> None:
    """Have a tensor consist of what `writable` gave."""
    if isinstance(tensor, Marked):
        tensor._stored[...] = tensor._marking(array)  # NumPy's negative with `out` may be wrong


def marking_of(tensor: Tensor) -> tuple[str, str]:
    """How PyTorch calls the mark of a tensor that has one, and the method that gives it without."""
    if isinstance(tensor, Conjugate):
        return "conjugate", "resolve_conj"
    return "negative", "resolve_neg"


__all__ = ["Conjugate", "Marked", "Negative", "change", "marking_of", "store", "writable"]
