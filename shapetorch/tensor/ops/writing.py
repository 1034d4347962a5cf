"""Writing whole tensors: copy_, fill_, and what gives a tensor other memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integers, is_number, spread, tensor_argument
from shapetorch.tensor.formats import CONTIGUOUS, check_format
from shapetorch.tensor.geometry import address, contiguous_strides, numel, span, strided
from shapetorch.tensor.in_place import require_writable, write_into, zeros_for
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import check_overlap, method, operation
from shapetorch.tensor.ops.storages import TypedStorage, UntypedStorage
from shapetorch.tensor.room import within_memory
from shapetorch.tensor.scalars import element, is_small_number
from shapetorch.tensor.storage import memory_of
from shapetorch.tensor.tensors import Array, Meta, Tensor, meta_of, owner, wrap


def copy_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; the engine sums over what was broadcast."""
    return zeros_for(node), grad if node.needs[1] else None


@method()
def copy_(self: Tensor, src: Tensor, non_blocking: bool = False) -> Tensor:
    """Write the elements of another tensor, which broadcast to it, in place; any dtype is taken.

    Raises:
        ShapeError: expand_error_incompatible.
    """
    if self._meta is None and src.__class__ is Tensor and src._meta is None:
        array, source = self._array, src._array
        if array.shape == source.shape and array.dtype is source.dtype and array.flags.carray:
            np.copyto(array, source)
            self._writes += 1
            return self
    if is_number(src):
        return fill_(self, src)
    tensor_argument("copy_", "other", src)
    check_overlap(self, src)
    source = src._array
    if source.shape != self._array.shape:
        judged("copy_", self, src)
    if source.dtype.kind == "c" and self._array.dtype.kind != "c":
        source = source.real

    def write(array: Array) -> None:
        MODES.quiet(np.copyto, array, source, "unsafe")

    return write_into(self, (src,), write, copy_backward)


def fill_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; the number is everywhere."""
    return zeros_for(node), grad.sum() if node.needs[1] else None


@operation(methods=("fill_",))
def fill_(self: Tensor, value: Any) -> Tensor:
    """Write one number into all elements, in place.

    Raises:
        RuntimeError: the value is a tensor with dims.
    """
    if self.__class__ is not Tensor:
        tensor_argument("fill_", "input", self)
    if self._meta is None and is_small_number(value) and self._array.flags.carray:
        if self._array.dtype.kind == "f":
            self._array.fill(value)
            self._writes += 1
            return self
    number = _one_number("fill_", self, value)
    return write_into(
        self,
        (value,),
        lambda array: np.copyto(array, number, "unsafe"),
        fill_backward,
        expanded=not isinstance(value, Tensor),
    )


def _one_number(name: str, self: Tensor, value: Any) -> Array:
    if isinstance(value, Tensor):
        if value._array.ndim:
            raise RuntimeError(
                f"{name} only supports 0-dimension value tensor but got tensor with "
                f"{value._array.ndim} dimensions."
            )
        with np.errstate(all="ignore"):
            return value._array.copy()
    if not is_number(value):
        raise TypeError(f"{name}(): argument 'value' must be Number, not {type(value).__name__}")
    return element(value, self._array.dtype)


@operation("fill", methods=("fill",))
def fill(input: Tensor, value: Tensor | complex) -> Tensor:
    """A tensor of the same sizes with one number everywhere."""
    return fill_(tensor_argument("fill", "input", input).clone(), value)


# -- other memory ---------------------------------------------------------------------------------------


def _require_plain(name: str, self: Tensor) -> None:
    if self.requires_grad and MODES.grad:
        raise RuntimeError(f"cannot {name} variables that require grad")


@method()
def resize_(self: Tensor, *sizes: Any, size: Any = None, memory_format: Any = CONTIGUOUS) -> Tensor:
    """Give the tensor itself other sizes, in place; elements that it had stay, new ones are anything.

    Raises:
        RuntimeError: it requires a gradient, or a size is negative.
    """
    given: Any = spread("resize_", "size", sizes, size)
    given = given[0] if len(given) == 1 and isinstance(given[0], (tuple, list)) else given
    shape = integers("resize_", "size", given)
    if memory_format is not None:
        check_format(memory_format)
    _require_plain("resize", self)
    if any(size < 0 for size in shape):
        raise RuntimeError(f"resize_: sizes must not be negative, got {list(shape)}")
    if shape == self._stored.shape:
        return self
    array = self._stored
    memory = memory_of(self)
    count, itemsize = numel(shape), array.itemsize
    room = _room(self, memory)
    if count > room:
        larger = within_memory("resize_", shape, array.dtype, lambda: np.empty(count, array.dtype))
        kept = _row(array, room)
        larger[: kept.size] = kept
        self._stored = larger.reshape(shape)
        if self._meta is not None:
            self._meta.root = self._meta.replay = None
            self._meta.memory = None
    else:
        meta = meta_of(self)
        if meta.root is None and meta.memory is None:
            meta.memory = memory
        offset = address(array) - address(memory)
        self._stored = strided(memory, shape, contiguous_strides(shape, itemsize), offset)
    owner(self)._writes += 1
    return self


def _room(self: Tensor, memory: Array) -> int:
    """How many elements lie in memory from the first one on."""
    _, end = span(memory)
    return (end - address(self._stored)) // self._stored.itemsize if memory.size else 0


def _row(array: Array, room: int) -> Array:
    return strided(array, (room,), (array.itemsize,)) if room else array.reshape(-1)[:0]


@operation(methods=("resize_as_",))
def resize_as_(self: Tensor, the_template: Tensor, memory_format: Any = None) -> Tensor:
    """`resize_` to the sizes of another tensor."""
    tensor_argument("resize_as_", "input", self)
    tensor_argument("resize_as_", "the_template", the_template)
    if memory_format is not None:
        check_format(memory_format)
    return resize_(self, the_template._array.shape)


def _elements(storage: UntypedStorage | TypedStorage, kind: np.dtype[Any]) -> Tensor:
    """All elements of a storage, as a dtype."""
    if isinstance(storage, TypedStorage):
        return wrap(storage.elements)
    whole = storage.nbytes() - storage.nbytes() % kind.itemsize
    return wrap(storage.bytes[:whole].view(kind))


@method()
def set_(
    self: Tensor,
    source: Tensor | UntypedStorage | TypedStorage | None = None,
    storage_offset: int = 0,
    size: Sequence[int] | None = None,
    stride: Sequence[int] | None = None,
) -> Tensor:
    """Make the tensor itself a view of what another one is a view of.

    Args:
        self: Any tensor.
        source: Of the same dtype, or a storage; without it, the tensor gets no elements.
        storage_offset: With `size`: the first element.
        size: Other sizes than those of `source`.
        stride: Other strides; in order if None.

    Raises:
        RuntimeError: it requires a gradient, or the dtypes differ.
    """
    require_writable(self)
    if source is None:
        self._stored = np.empty(0, self._stored.dtype)
        self._meta = None if self._reads_as is Tensor else Meta()
        self._writes += 1
        return self
    if isinstance(source, (UntypedStorage, TypedStorage)):
        source = _elements(source, self._array.dtype)
    tensor_argument("set_", "source", source)
    if source._array.dtype != self._array.dtype:
        raise RuntimeError(
            f"set_: the source must have the dtype of the tensor, got {source.dtype} and {self.dtype}"
        )
    if size is None and (storage_offset != 0 or stride is not None):
        raise TypeError("set_(): argument 'size' is missing beside an offset or strides")
    made = source.detach()
    if size is not None:
        sizes = tuple(size)
        steps = contiguous_strides(sizes, 1) if stride is None else tuple(stride)
        made = made.as_strided(sizes, steps, storage_offset)
    writes = self._version
    self._stored, self._meta = made._stored, Meta()
    self._meta.memory = memory_of(source)  # each counts its own writes, as in PyTorch
    self._writes = writes + 1
    return self
