"""Views with strides of one's own: as_strided, and the windows of unfold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integer, integers, tensor_argument
from shapetorch.tensor.geometry import (
    address,
    element_strides,
    places,
    span,
    strided,
)
from shapetorch.tensor.in_place import require_writable
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.relabelling import relabel
from shapetorch.tensor.room import within_memory
from shapetorch.tensor.storage import memory_of
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor
from shapetorch.tensor.views import view_by


@operation("as_strided", methods=("as_strided",))
def as_strided(
    input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Tensor:
    """A view of the memory that a tensor lies in, under sizes and strides of one's own.

    Args:
        input: Any shape.
        size: The sizes.
        stride: For each dim, the elements from one place to the next.
        storage_offset: The first element, counted from the beginning of the memory; that of
            `input` if None.

    Raises:
        RuntimeError: it would reach out of the memory, or a stride is negative.
    """
    if tensor_argument("as_strided", "input", input)._meta is None and storage_offset is None:
        plain = _plain_view(input._stored, size, stride)
        if plain is not None:
            array = input._stored
            args = (tuple(size), tuple(stride), 0, array.shape, element_strides(array))
            return view_by(input, plain, _restrided, args, as_strided_backward)
    sizes, steps = _checked("as_strided", input, size, stride)
    array = input._stored
    first = _offset_in_bytes(input, sizes, steps, storage_offset)
    layout = (sizes, steps, first // array.itemsize, array.shape, element_strides(array))
    made = _restrided(input, *layout)
    _of_the_root(made, input, sizes, steps)
    return made


def _of_the_root(
    made: Tensor, input: Tensor, sizes: tuple[int, ...], steps: tuple[int, ...]
) -> None:
    """Have a view of a view made anew from the root: it may show what the view below does not."""
    meta = made._meta
    assert meta is not None, "a view has a root"
    root = meta.root
    if root is None or root is input or meta.replay is None or 0 in sizes:
        return
    array, whole = made._stored, root._stored
    if array.dtype == whole.dtype:
        offset = (address(array) - address(whole)) // array.itemsize
        args = (sizes, steps, offset, whole.shape, element_strides(whole))
        meta.replay = (_restrided, args, None)


_INTEGERS = frozenset((int,))


def _plain_view(array: Array, size: Any, stride: Any) -> Array | None:
    """The view of elements in order, for plain integers; None if anything is unusual, or wrong."""
    if not isinstance(size, (list, tuple)) or not isinstance(stride, (list, tuple)):
        return None
    if not array.flags.c_contiguous or not _INTEGERS.issuperset(map(type, (*size, *stride))):
        return None
    if len(size) != len(stride) or min(stride, default=0) < 0 or min(size, default=1) < 1:
        return None
    itemsize = array.itemsize
    try:  # NumPy looks whether it stays inside
        return np.ndarray(size, array.dtype, array, 0, [step * itemsize for step in stride])
    except (ValueError, TypeError):
        return None


def _checked(
    name: str, input: Tensor, size: Sequence[int], stride: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    sizes, steps = integers(name, "size", size), integers(name, "stride", stride)
    if len(sizes) != len(steps):
        judged("as_strided", input, sizes, steps)
        raise RuntimeError(
            f"{name}: sizes and strides must be as many, got {list(sizes)} and {list(steps)}"
        )
    for word, values in (("sizes", sizes), ("strides", steps)):
        if any(value < 0 for value in values):
            raise RuntimeError(f"{name}: {word} must not be negative, got {list(values)}")
    return sizes, steps


def _offset_in_bytes(
    input: Tensor, sizes: tuple[int, ...], steps: tuple[int, ...], storage_offset: int | None
) -> int:
    """How far the first element lies behind that of `input`; raises if a place is outside."""
    array = input._stored
    begin, end = span(memory_of(input))
    own = address(array)
    itemsize = array.itemsize
    first = own
    if storage_offset is not None:
        storage_offset = integer("as_strided", "storage_offset", storage_offset)
        first = begin + storage_offset * itemsize
    if storage_offset is not None and storage_offset < 0:
        raise RuntimeError(f"as_strided: storage_offset must not be negative, got {storage_offset}")
    reach = sum((size - 1) * step for size, step in zip(sizes, steps, strict=True))
    if 0 not in sizes and first + (reach + 1) * itemsize > end:
        if storage_offset is None and memory_of(input) is array:
            judged("as_strided", input, sizes, steps)
        raise RuntimeError(
            f"setStorage: sizes {list(sizes)}, strides {list(steps)}, storage offset "
            f"{(first - begin) // itemsize}, and itemsize {itemsize} requiring a storage size of "
            f"{first - begin + (reach + 1) * itemsize} are out of bounds for storage of size {end - begin}"
        )
    return first - own


def _restrided(
    source: Tensor,
    sizes: tuple[int, ...],
    steps: tuple[int, ...],
    offset: int,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
) -> Tensor:
    """The view, of a tensor of the shape and strides of the one that it was first made of.

    Of a tensor with other strides (a gradient), it is the same selection of elements, as a copy.
    """
    array = source._stored
    args = (sizes, steps, offset, shape, strides)
    if 0 in sizes:
        made = np.empty(sizes, array.dtype)
        return view_by(source, made, _restrided, args, as_strided_backward)
    if element_strides(array) == strides or not array.size:
        itemsize = array.itemsize
        made = within_memory(
            "as_strided",
            sizes,
            array.dtype,
            lambda: strided(
                array, sizes, tuple(step * itemsize for step in steps), offset * itemsize
            ),
        )
        return view_by(source, made, _restrided, args, as_strided_backward)
    return record(_selected(source._array, args), (source,), as_strided_copy_backward, args=args)


def _extent(args: tuple[Any, ...]) -> tuple[Array, Array, int]:
    """The places of the view's and of the source's elements in a row of memory, and its length."""
    sizes, steps, offset, shape, strides = args
    ours, theirs = places(sizes, steps, offset), places(shape, strides, 0)
    low = min(ours.min(initial=0), 0)
    length = 1 + max(ours.max(initial=0), theirs.max(initial=0)) - low
    return ours - low, theirs - low, int(length)


def _selected(array: Array, args: tuple[Any, ...]) -> Array:
    ours, theirs, length = _extent(args)
    memory = np.zeros(length, array.dtype)
    memory[theirs] = array
    return memory[ours]


def as_strided_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element's gradient is the sum over the places of the view that it is seen at."""
    return _collected(grad, node.args)


as_strided_copy_backward = as_strided_backward


def _collected(grad: Tensor, args: tuple[Any, ...]) -> Tensor:
    ours, theirs, length = _extent(args)
    memory = np.zeros(length, grad._array.dtype)
    np.add.at(memory, ours, grad._array)
    if theirs.size:
        seen = np.bincount(theirs.ravel(), minlength=length)
        if (seen > 1).any():  # of an element that the source shows several times, each has a part
            memory = memory / np.maximum(seen, 1).astype(memory.real.dtype)
    return record(memory[theirs], (grad,), collected_backward, args=args)


def collected_backward(node: Any, grad: Tensor) -> Tensor:
    """What was summed is selected again."""
    _, _, offset, _, _ = node.args
    sizes, steps, _, shape, strides = node.args
    ours, theirs, length = _extent(node.args)
    memory = np.zeros(length, grad._array.dtype)
    memory[theirs] = grad._array
    args = (sizes, steps, offset, shape, strides)
    return record(memory[ours], (grad,), as_strided_copy_backward, args=args)


@operation(methods=("as_strided_",))
def as_strided_(
    self: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Tensor:
    """`as_strided` in place: the tensor itself gets the sizes and strides."""
    require_writable(tensor_argument("as_strided_", "input", self))
    array = self._stored
    made = as_strided(self, size, stride, storage_offset)
    back = (address(array) - address(made._stored)) // array.itemsize
    old = (array.shape, element_strides(array), back, made._stored.shape)
    return relabel(self, made, _restrided, (*old, element_strides(made._stored)))


# -- windows ----------------------------------------------------------------------------------------


def unfold_backward(node: Any, grad: Tensor) -> Tensor:
    """An element's gradient is the sum over all windows that it is in."""
    (place, size, step), shape = node.args, node.metas[0][0]
    whole = np.zeros(shape, grad._array.dtype)
    given = grad._array
    if not shape:
        return grad.sum(-1)  # type: ignore[no-any-return]
    count = given.shape[place]
    for inside in range(size):  # one pass for each place in a window: windows do not meet there
        where = [slice(None)] * len(shape)
        where[place] = slice(inside, inside + (count - 1) * step + 1, step)
        if count:
            whole[tuple(where)] += given[..., inside]
    return record(whole, (grad,), unfolded_backward, args=node.args)


def unfolded_backward(node: Any, grad: Tensor) -> Tensor:
    """The windows of the gradient's gradient."""
    return _unfolded(grad, *node.args)


def _unfolded(source: Tensor, place: int, size: int, step: int) -> Tensor:
    array = source._stored
    if not array.ndim:
        made = array.reshape((1,))[:size]
    else:
        count = max((array.shape[place] - size) // step + 1, 0)
        sizes = (*array.shape[:place], count, *array.shape[place + 1 :], size)
        strides = array.strides
        apart = strides[place] * step if count > 1 else strides[place]
        steps = (*strides[:place], apart, *strides[place + 1 :], strides[place])
        made = strided(array, sizes, steps)
    return view_by(source, made, _unfolded, (place, size, step), unfold_backward)


@method()
def unfold(self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """A view of all windows of `size` along a dim, every `step`; they lie along a new last dim.

    Raises:
        ShapeError: dimension_error_out_of_range, unfold_error_size, argument_error_value.
    """
    shape = self._stored.shape
    if (
        not _INTEGERS.issuperset((dimension.__class__, size.__class__, step.__class__))
        or not 0 <= dimension < len(shape)
        or not 0 < size <= shape[dimension]
        or step <= 0
    ):
        judged("unfold", self, dimension, size, step)
    rank = max(self._stored.ndim, 1)
    return _unfolded(self, int(dimension) % rank, int(size), int(step))
