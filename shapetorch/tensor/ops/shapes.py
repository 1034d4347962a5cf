"""The same elements in other sizes: view, reshape, flatten, squeeze, expand and the like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import (
    integer,
    integers,
    require_sequence,
    require_tensors,
    spread,
    tensor_argument,
)
from shapetorch.tensor.array_gradients import on_arrays
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.engine import sum_to
from shapetorch.tensor.formats import CONTIGUOUS, PRESERVE, dims_in_memory
from shapetorch.tensor.geometry import reshaped_view, strided
from shapetorch.tensor.in_place import require_writable
from shapetorch.tensor.judging import judged
from shapetorch.tensor.nodes import clone_backward
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.relabelling import relabel
from shapetorch.tensor.room import too_large, within_memory
from shapetorch.tensor.sizes import Size
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, alias
from shapetorch.tensor.views import view_by


def view_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient in the sizes of the input."""
    return grad.reshape(node.metas[0][0])  # type: ignore[no-any-return]


@on_arrays(view_backward)
def _view_backward(node: Any, grad: Array) -> Array:
    return grad.reshape(node.metas[0][0])


def _again(source: Tensor, shape: tuple[int, ...]) -> Tensor:
    """`source` under another shape of as many elements, as a view if memory allows it."""
    array = reshaped_view(source._stored, shape)
    if array is None:
        kind = source._array.dtype
        made = within_memory("reshape", shape, kind, lambda: source._array.reshape(shape))
        return record(made, (source,), view_backward)
    return view_by(source, array, _again, (shape,), view_backward)


def plain_view(array: Array, sizes: Any) -> Array | None:
    """Elements in order under other sizes, given as a call's arguments; None if anything is unusual."""
    if not array.flags.c_contiguous or not sizes:
        return None
    if len(sizes) == 1:
        if sizes[0].__class__ is not int:
            sizes = sizes[0]
        elif sizes[0] == -1:
            return array.reshape(-1)
    if sizes.__class__ is not tuple:
        return None
    try:
        made = array.reshape(sizes)
    except (ValueError, TypeError):
        return None
    return made if made.shape == sizes or min(sizes) >= -1 else None


_INTEGERS = frozenset((int,))


def _not_viewable(input: Tensor) -> RuntimeError:
    return RuntimeError(
        "view size is not compatible with input tensor's size and stride (at least one dimension spans "
        f"across two contiguous subspaces): the sizes are {list(input._stored.shape)}, the strides "
        f"{list(input.stride())}. Use .reshape(...) instead."
    )


@operation(methods=("view",))
def view(self: Tensor, *sizes: Any, size: Any = None, dtype: dtype | None = None) -> Tensor:
    """A view in other sizes, one of which may be -1, or of the same bytes in another dtype.

    Args:
        self: Any shape.
        sizes: The sizes, of as many elements; or a dtype.
        size: The sizes by name.
        dtype: Instead of sizes.

    Raises:
        ShapeError: reshape_error_element_count, reshape_error_invalid_size.
        RuntimeError: the strides do not allow a view.
    """
    made = plain_view(self._stored, sizes)
    if made is not None and size is None and dtype is None:
        return view_by(self, made, _again, (made.shape,), view_backward)
    given = () if dtype is not None and not sizes else spread("view", "size", sizes, size)
    return _view(self, given, dtype)


def _view(self: Tensor, size: tuple[Any, ...], kind: Any) -> Tensor:
    if kind is None and len(size) == 1 and isinstance(size[0], (dtype, str)):
        kind, size = size[0], ()
    if kind is not None:
        if size:
            raise TypeError("view() takes sizes or a dtype, not both")
        return view_dtype(self, kind)
    if len(size) == 1:
        check = integers if isinstance(size[0], (list, tuple)) else integer
        check("view", "size", size[0])
    shape = judged("view", self, *size)
    array = reshaped_view(self._stored, shape)
    if array is None:
        raise _not_viewable(self)
    return view_by(self, array, _again, (shape,), view_backward)


def view_dtype(self: Tensor, kind: dtype) -> Tensor:
    """The same bytes as elements of another dtype, without history.

    Raises:
        TypeError: it is no dtype.
        RuntimeError: the last dim does not divide into such elements, or it is a conjugate.
    """
    if not isinstance(kind, dtype):
        raise TypeError(f"view(): argument 'dtype' must be torch.dtype, not {type(kind).__name__}")
    if self._reads_as is not Tensor:
        title = (
            "conjugate view tensors" if self.dtype.is_complex else "tensors with negative bit set"
        )
        raise RuntimeError(
            f"torch.Tensor.view is not supported for {title} when converting to a different dtype."
        )
    made = alias(self)
    array = self._stored
    before, after = array.dtype.itemsize, kind.itemsize
    if before != after:
        _check_bytes(self, before, after)
    if array.size:
        made._stored = array.view(kind.numpy)
    else:
        last = array.shape[-1:] and (array.shape[-1] * before // after,)
        made._stored = np.empty((*array.shape[:-1], *last), kind.numpy)
    return made


def _check_bytes(self: Tensor, before: int, after: int) -> None:
    shape, strides = self._stored.shape, self.stride()
    must = None
    if not shape:
        must = "a 0-D tensor can only be viewed as a dtype of the same element size"
    elif strides[-1] != 1:
        must = f"self.stride(-1) must be 1, got {strides[-1]}"
    elif after > before and shape[-1] * before % after:
        must = (
            f"self.size(-1) must be divisible by {after // before}, got {shape[-1]} "
            f"from {list(shape)}"
        )
    elif after > before and any(step * before % after for step in strides[:-1]):
        must = f"the strides must be divisible by {after // before}, got {list(strides)}"
    if must is not None:
        raise RuntimeError(
            f"view: {must}, to view {self.dtype} (element size {before}) as another dtype "
            f"(element size {after})"
        )


@operation()
def reshape(input: Tensor, shape: Sequence[int]) -> Tensor:
    """The same elements in other sizes, one of which may be -1; a view where memory allows it.

    Args:
        input: Any shape.
        shape: The sizes, of as many elements.

    Raises:
        ShapeError: reshape_error_element_count, reshape_error_invalid_size.
    """
    require_sequence("reshape", "shape", shape)
    return _again(input, judged("reshape", input, shape))


@method("reshape")
def reshape_method(self: Tensor, *sizes: Any, shape: Any = None) -> Tensor:
    """See `reshape`; the sizes may also be single arguments."""
    made = plain_view(self._stored, sizes)
    if made is not None and shape is None:
        return view_by(self, made, _again, (made.shape,), view_backward)
    return _again(self, judged("reshape", self, *spread("reshape", "shape", sizes, shape)))


@method()
def view_as(self: Tensor, other: Tensor) -> Tensor:
    """A view in the sizes of `other`."""
    judged("view_as", self, other)
    return view(self, other._stored.shape)


@method()
def reshape_as(self: Tensor, other: Tensor) -> Tensor:
    """The same elements in the sizes of `other`."""
    return _again(self, judged("view_as", self, other))


@operation(methods=("flatten",))
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The dims from `start_dim` to `end_dim`, both included, as one; the tensor itself if it is one.

    Raises:
        ShapeError: dimension_error_out_of_range, flatten_error_dim_order.
    """
    if input.__class__ is not Tensor:
        tensor_argument("flatten", "input", input)
    is_plain = start_dim.__class__ is end_dim.__class__ is int
    if is_plain and start_dim == 0 and end_dim == -1 and input._stored.ndim > 1:
        return _again(input, (input._stored.size,))
    shape = judged("flatten", input, start_dim, end_dim)
    return input if shape == input._stored.shape else _again(input, shape)


@operation(methods=("unflatten",))
def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """A view with one dim split into `sizes`, one of which may be -1.

    Raises:
        ShapeError: dimension_error_out_of_range, unflatten_error_sizes, reshape_error_invalid_size.
    """
    return _again(input, judged("unflatten", input, dim, sizes))


@operation(methods=("ravel",))
def ravel(input: Tensor) -> Tensor:
    """All elements in one dim; a view if they lie in memory in their order."""
    shape = judged("ravel", input)
    return _again(input if input._stored.flags.c_contiguous else input.contiguous(), shape)


# -- sizes of 1 -------------------------------------------------------------------------------------


def squeeze_backward(node: Any, grad: Tensor) -> Tensor:
    """The sizes of 1 again."""
    return view_backward(node, grad)


def unsqueeze_backward(node: Any, grad: Tensor) -> Tensor:
    """Without the size of 1."""
    return view_backward(node, grad)


@operation(methods=("squeeze",))
def squeeze(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """A view without the sizes of 1, all of them or those at `dim`.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """
    shape = _squeezed(input, dim)
    made = input._stored.reshape(shape)  # never copies
    return view_by(input, made, _again, (shape,), squeeze_backward)


def _squeezed(input: Tensor, dim: Any) -> tuple[int, ...]:
    shape = input._stored.shape
    if dim.__class__ is int and -len(shape) <= dim < len(shape):
        place = dim % len(shape)
        short: tuple[int, ...] = shape[:place] + shape[place + 1 :]
        return short if shape[place] == 1 else shape
    if dim is None:
        return tuple(size for size in shape if size != 1)
    found: tuple[int, ...] = judged("squeeze", input, dim)
    return found


@operation(methods=("unsqueeze",))
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A view with a size of 1 inserted at `dim`, in ``-(rank+1)..rank``.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    array = input._stored
    shape, rank = array.shape, array.ndim + 1
    if dim.__class__ is int and -rank <= dim < rank:
        place = dim if dim >= 0 else dim + rank
        shape = (*shape[:place], 1, *shape[place:])
    else:
        shape = judged("unsqueeze", input, dim)
    made = array.reshape(shape)  # never copies
    return view_by(input, made, _again, (shape,), unsqueeze_backward)


@method()
def squeeze_(self: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """`squeeze` in place: the tensor itself gets the sizes."""
    require_writable(self)
    return relabel(self, squeeze(self, dim), _again, (self._stored.shape,))


@method()
def unsqueeze_(self: Tensor, dim: int) -> Tensor:
    """`unsqueeze` in place: the tensor itself gets the sizes."""
    require_writable(self)
    return relabel(self, unsqueeze(self, dim), _again, (self._stored.shape,))


# -- broadcasting -----------------------------------------------------------------------------------


def expand_backward(node: Any, grad: Tensor) -> Tensor:
    """The engine sums over what was broadcast."""
    return grad


@on_arrays(expand_backward)
def _expand_backward(node: Any, grad: Array) -> Array:
    return grad


def expanded(array: Array, sizes: tuple[int, ...]) -> Array:
    """An array as if its sizes of 1 were repeated, without a copy."""
    extra = len(sizes) - array.ndim
    strides = [0] * extra
    strides += [
        step if size == target else 0
        for size, target, step in zip(array.shape, sizes[extra:], array.strides, strict=True)
    ]
    return strided(array, sizes, tuple(strides))


def _expand(source: Tensor, sizes: tuple[int, ...]) -> Tensor:
    array = source._stored
    made = within_memory("expand", sizes, array.dtype, lambda: expanded(array, sizes))
    return view_by(source, made, _expand, (sizes,), expand_backward)


@operation(methods=("expand",))
def expand(self: Tensor, *given: Any, size: Any = None, implicit: bool = False) -> Tensor:
    """A view in larger sizes, in which sizes of 1 are repeated; -1 keeps a size.

    Raises:
        ShapeError: expand_error_incompatible.
    """
    given = spread("expand", "size", given, size)
    sizes = given if len(given) != 1 or given[0].__class__ is int else given[0]
    array = self._stored
    lead = len(sizes) - array.ndim if sizes.__class__ is tuple else -1
    if lead >= 0 and _INTEGERS.issuperset(map(type, sizes)) and sizes[lead:] == array.shape:
        if min(sizes, default=1) > 0:
            strides = (0,) * lead + array.strides
            try:
                made = strided(array, sizes, strides)
            except OverflowError:
                judged("expand", self, *given)  # says which size is too wide
                raise
            except ValueError:
                raise too_large("expand", sizes, array.dtype) from None
            return view_by(self, made, _expand, (sizes,), expand_backward)
    return _expand(self, judged("expand", self, *given))


@method("broadcast_to")
def broadcast_to_method(self: Tensor, *sizes: Any, size: Any = None) -> Tensor:
    """See `broadcast_to`; the sizes may also be single arguments."""
    return _expand(self, judged("broadcast_to", self, *spread("broadcast_to", "size", sizes, size)))


@operation()
def broadcast_to(input: Tensor, size: Sequence[int]) -> Tensor:
    """A view in the sizes given, in which sizes of 1 are repeated; -1 keeps a size.

    Raises:
        ShapeError: expand_error_incompatible.
    """
    require_sequence("broadcast_to", "size", size)
    return _expand(input, judged("broadcast_to", input, size))


@operation(methods=("expand_as",))
def expand_as(self: Tensor, other: Tensor) -> Tensor:
    """A view in the sizes of `other`, in which sizes of 1 are repeated."""
    return _expand(self, judged("expand_as", self, other))


@method()
def sum_to_size(self: Tensor, *given: Any, size: Any = None) -> Tensor:
    """The sum over the dims along which a tensor of the given sizes would be broadcast to this one.

    Raises:
        RuntimeError: such a tensor would not.
    """
    sizes = spread("sum_to_size", "size", given, size)
    is_one = len(sizes) == 1 and isinstance(sizes[0], (tuple, list))
    wanted = integers("sum_to_size", "size", sizes[0] if is_one else sizes)
    if not can_broadcast_to(wanted, self):
        raise RuntimeError(
            f"size {{{list(wanted)}}} is not expandable to size {{{list(self._stored.shape)}}}."
        )
    if not wanted:
        return self.sum()  # type: ignore[no-any-return]
    return self if wanted == self._stored.shape else sum_to(self, wanted)


@operation()
def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """Views of all tensors in the sizes that they broadcast to.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    require_tensors(tensors)
    if not tensors:
        return ()
    sizes = judged("broadcast_tensors", *tensors)[0]
    return tuple(_expand(item, sizes) for item in tensors)


@operation(aliases=("broadcastShapes",))
def broadcast_shapes(*shapes: Any) -> Size:
    """The sizes that all sizes broadcast to.

    Args:
        shapes: Tuples of sizes; one number is the size of a vector.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    given = [
        (shape,) if isinstance(shape, int) else integers("broadcast_shapes", "shapes", shape)
        for shape in shapes
    ]
    for shape in given:
        if any(size < 0 for size in shape):
            raise ValueError(f"broadcast_shapes: sizes must not be negative, got {list(shape)}")
    return Size(judged("broadcast_shapes", *given) if given else ())


def _sizes(value: Any) -> tuple[int, ...]:
    return value._stored.shape if isinstance(value, Tensor) else tuple(value)


@operation(aliases=("canBroadcastTo",))
def can_broadcast_to(shape: Any, target: Any) -> bool:
    """Whether a tensor of the one shape can be expanded to the other.

    Args:
        shape: Sizes, or a tensor that has them.
        target: Sizes, or a tensor that has them.
    """
    own, wanted = _sizes(shape), _sizes(target)
    extra = len(wanted) - len(own)
    return extra >= 0 and all(
        size in (1, other) for size, other in zip(own, wanted[extra:], strict=True)
    )


@operation(aliases=("needsBroadcast",))
def needs_broadcast(a: Any, b: Any) -> bool:
    """Whether two shapes differ, so that an element-wise operation would have to broadcast.

    Args:
        a: Sizes, or a tensor that has them.
        b: Sizes, or a tensor that has them.
    """
    return _sizes(a) != _sizes(b)


# -- order in memory --------------------------------------------------------------------------------


@operation(methods=("contiguous",))
def contiguous(self: Tensor, memory_format: Any = CONTIGUOUS) -> Tensor:
    """The tensor itself if its elements lie in order, else a copy in which they do."""
    if memory_format is PRESERVE and not self._stored.flags.c_contiguous:
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    array = self._stored
    if memory_format is CONTIGUOUS or memory_format is PRESERVE:
        if array.flags.c_contiguous:
            return self
        array = self._array
        made = within_memory(
            "contiguous", array.shape, array.dtype, lambda: np.ascontiguousarray(array)
        )
        return record(made, (self,), clone_backward)
    order = dims_in_memory(memory_format, array.ndim)
    if array.transpose(order).flags.c_contiguous:
        return self
    back = tuple(np.argsort(order))
    copied = np.ascontiguousarray(self._array.transpose(order)).transpose(back)
    return record(copied, (self,), clone_backward)
