"""Selecting elements: by dim and place, by tensors of indices, by masks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor.accumulating import add_at, along_kernel, taken
from shapetorch.tensor.arguments import integer, tensor_argument
from shapetorch.tensor.basic_views import narrowed, sliced
from shapetorch.tensor.index_checks import alike, checked_index, in_bounds
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import title
from shapetorch.tensor.memory_order import rows_of
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.indexing import check_bounds, gather_at, scattered
from shapetorch.tensor.tape import record, record_rows
from shapetorch.tensor.tensors import Array, Tensor, in_rows, wrap


@operation(methods=("select",))
def select(input: Tensor, dim: int, index: int) -> Tensor:
    """A view of one slice along a dim, which goes away.

    Raises:
        ShapeError: dimension_error_out_of_range, select_error_index_out_of_bounds.
    """
    shape = input._stored.shape
    rank = len(shape)
    if (
        dim.__class__ is not int
        or index.__class__ is not int
        or not -rank <= dim < rank
        or not -shape[dim] <= index < shape[dim]
    ):
        judged("select", input, dim, index)
    return sliced(input, int(dim) % rank, int(index))


@operation(methods=("narrow",))
def narrow(input: Tensor, dim: int, start: int | Tensor, length: int) -> Tensor:
    """A view of `length` slices along a dim, from `start` on.

    Raises:
        ShapeError: dimension_error_out_of_range, rank_error_mismatch,
            narrow_error_start_out_of_bounds, narrow_error_length_exceeds_bounds.
    """
    shape = input._stored.shape
    if dim.__class__ is int and start.__class__ is int and length.__class__ is int:
        if 0 <= dim < len(shape) and length >= 0 and 0 <= start <= shape[dim] - length:
            return narrowed(input, dim, start, length)
    place, first, count = _narrow(input, dim, start, length)
    return narrowed(input, place, first, count)


def _narrow(input: Tensor, dim: Any, start: Any, length: Any) -> tuple[int, int, int]:
    if isinstance(start, Tensor):
        if start._stored.ndim or start.dtype.category != 1:
            raise RuntimeError("start must be an 0-dim integral Tensor.")
        start = int(start._array)
    judged("narrow", input, dim, start, length)
    place = int(dim) % input._stored.ndim
    first = int(start)
    return place, first + input._stored.shape[place] if first < 0 else first, int(length)


@operation(methods=("narrow_copy",), out="same dtype")
def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """A copy of what `narrow` gives."""
    given: Any = start  # a tensor is an index of `narrow` alone
    if isinstance(given, Tensor):
        raise TypeError("narrow_copy(): argument 'start' (position 3) must be int, not Tensor")
    return rows_of(narrow(input, dim, start, length).clone())


# -- indices along a dim --------------------------------------------------------------------------------


def along(index: Array, dim: int) -> tuple[Array, ...]:
    """The key that selects, for each element of `index`, that place along `dim`."""
    rank = index.ndim
    key = [_counting(size, rank - place) for place, size in enumerate(index.shape)]
    key[dim] = index
    return tuple(key)


@lru_cache(256)
def _counting(size: int, rank: int) -> Array:
    """``0..size-1`` along the first of `rank` dims."""
    made = np.arange(size).reshape((size,) + (1,) * (rank - 1))
    made.flags.writeable = False
    return made


def gather_backward(node: Any, grad: Tensor) -> Tensor:
    """Zeros, to which the gradient is added at the places selected."""
    (index,) = node.saved
    return spread_along(grad, index._array, node.dim, node.metas[0][0])


def spread_along(grad: Tensor, index: Array, dim: int, shape: tuple[int, ...]) -> Tensor:
    """Zeros of a shape, to which `grad` is added at the places of an index along a dim."""
    result = np.zeros(shape, grad._stored.dtype)
    if index.size:
        add_along(result, index, dim, grad._array)
    return record(result, (grad,), spread_along_backward, index=index, dim=dim)


def add_along(target: Array, index: Array, dim: int, values: Array) -> None:
    """Add values at the places of an index along a dim; 0-D arrays count as vectors."""
    if not target.ndim or not index.ndim:
        rows = target.reshape(-1) if target.flags.c_contiguous else target
        add_at(rows.reshape(-1), (index.reshape(-1),), values.reshape(-1))
        return
    values = values[tuple(slice(0, size) for size in index.shape)]
    add = along_kernel("add_along", target, index, dim)
    if add is not None and values.dtype == target.dtype:
        add(np.ascontiguousarray(values))
    else:
        add_at(target, along(index, dim), values)


def spread_along_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient's elements at those places."""
    return _gather(grad, wrap(node.index), node.dim)


def _gather(input: Tensor, index: Tensor, dim: int) -> Tensor:
    array, places = input._array, index._array
    if not places.size:
        result = np.empty(places.shape, array.dtype)
    elif not array.ndim or not places.ndim:
        result = array.reshape(-1)[places.reshape(-1)].reshape(places.shape)
    elif (read := along_kernel("gather_along", array, places, dim)) is not None:
        result = np.empty(places.shape, array.dtype)
        read(result)
    else:
        result = array[along(places, dim)]
    return record_rows(result, (input,), gather_backward, (index,), dim=dim)


@operation(methods=("gather",), out="same dtype")
def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
    """The elements that an index names along a dim.

    Args:
        input: Any shape.
        dim: The dim the indices count in.
        index: Of the same rank; along other dims not larger than `input`.
        sparse_grad: Without effect: gradients are dense.

    Returns:
        ``input[i][index[i][j]][k]`` at ``[i][j][k]`` for ``dim = 1``, of the shape of `index`.

    Raises:
        ShapeError: gather_error_dim_out_of_range, gather_error_index_shape.
        RuntimeError: an index is out of range or not of an integer dtype.
    """
    if not alike(input, dim, index):
        judged("gather", input, dim, index)
        checked_index("gather", index, "int32/int64")
    place = int(dim) % max(input._stored.ndim, 1)
    in_bounds(index._array, input._stored.shape[place] if input._stored.ndim else 1, place)
    return _gather(input, index, place)


@operation(methods=("index_select",), out="same dtype")
def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices along a dim that a vector of indices names.

    Raises:
        ShapeError: index_select_error_dim_out_of_range, index_error_shape_mismatch,
            gather_error_index_shape.
        IndexError: an index is out of range.
    """
    array = input._array
    is_plain = (
        dim.__class__ is int and index.__class__ is Tensor and -array.ndim <= dim < array.ndim
    )
    if not is_plain or index._stored.ndim != 1 or not array.size or index._stored.dtype != np.int64:
        judged("index_select", input, dim, index)
        checked_index("index_select", index, "int32 or int64")
    place = int(dim) % max(array.ndim, 1)
    places = index._array.reshape(-1)
    in_bounds(places, array.shape[place] if array.ndim else 1, place)
    if not array.ndim:
        return _gather(input, wrap(places[0].reshape(())), 0)
    return record(taken(array, places, place), (input,), index_select_backward, (index,), dim=place)


def index_select_backward(node: Any, grad: Tensor) -> Tensor:
    """Zeros, to which the slices of the gradient are added."""
    places = node.saved[0]._array.reshape(-1)
    return scattered(grad, node.metas[0][0], (*(None,) * node.dim, places), False)


def take_backward(node: Any, grad: Tensor) -> Tensor:
    """Zeros, to which the gradient is added at the places selected."""
    shape = node.metas[0][0]
    places = node.saved[0]._array.reshape(-1)
    flat = scattered(grad.reshape(-1), (prod(shape),), (places,), False)
    return flat.reshape(shape)  # type: ignore[no-any-return]


@operation(methods=("take",), out="same dtype")
def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements of the flattened tensor that an index names, in its shape.

    Raises:
        ShapeError: index_error_shape_mismatch.
        IndexError: an index is out of range.
    """
    judged("take", input, index)
    if index._stored.dtype != np.int64:
        raise RuntimeError(f"take(): Expected a long tensor for index, but got {title(index)}")
    flat = input._array.reshape(-1)
    if index._stored.size:
        _check_flat(index._array, flat.size)
    result = flat[index._array] if index._stored.size else np.empty(index._stored.shape, flat.dtype)
    return record_rows(np.asarray(result), (input,), take_backward, (index,))


def _check_flat(index: Array, size: int) -> None:
    low, high = int(index.min()), int(index.max())
    if low < -size or high >= size:
        raise IndexError(
            f"out of range: tried to access index {high if high >= size else low} on a tensor of "
            f"{size} elements"
        )


@operation(methods=("take_along_dim",), out="same dtype")
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """The elements that indices name along a dim; other dims broadcast.

    Args:
        input: Any shape.
        indices: Of the same rank.
        dim: The dim the indices count in; None flattens both.

    Raises:
        ShapeError: dimension_error_out_of_range, gather_error_index_shape,
            broadcast_error_incompatible_dimensions.
    """
    shape = judged("take_along_dim", input, indices, dim)
    if indices._stored.dtype != np.int64:
        raise RuntimeError(
            f"torch.take_along_dim(): dtype of indices should be Long but got {title(indices)}"
        )
    if dim is None:
        flat, places = input.view(-1), indices.view(-1)  # PyTorch refuses strided ones, too
        in_bounds(places._array, flat._stored.size, 0)
        return _gather(flat, places, 0)
    place = int(dim) % max(input._stored.ndim, 1)
    if not input._stored.ndim:
        check_bounds((1,), (indices._array,))
        return _gather(input, wrap(np.zeros_like(indices._array)), 0)
    size = input._stored.shape[place]
    wide = (*shape[:place], size, *shape[place + 1 :])
    index = np.mod(indices._array, size) if indices._stored.size else indices._array  # as PyTorch
    places = np.broadcast_to(index, shape)
    return _gather(input.expand(wide), wrap(places), place)


# -- by values ------------------------------------------------------------------------------------------


@operation(methods=("masked_select",), out="same dtype")
def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where a mask is true, in one dim; both broadcast.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    judged("masked_select", input, mask)
    if mask._stored.dtype != np.bool_:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    shape = np.broadcast_shapes(input._stored.shape, mask._stored.shape)
    wide = input if input._stored.shape == shape else input.expand(shape)
    chosen = np.broadcast_to(mask._array, shape).reshape(shape or (1,)).nonzero()
    if not shape:
        wide = wide.reshape(1)
    return gather_at(wide, chosen, True)


@operation(methods=("nonzero",), out="same dtype")
def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The places of the elements that are not 0.

    Args:
        input: Any shape.
        as_tuple: Whether to give one vector of indices for each dim, as indexing takes them.

    Returns:
        ``(number of such elements, rank)``, or a tuple of vectors.
    """
    array = tensor_argument("nonzero", "input", input)._array
    if as_tuple:
        rows = array if array.ndim else array.reshape(1)
        return tuple(wrap(in_rows(item)) for item in rows.nonzero())
    return wrap(_places(array))


def _places(array: Array) -> Array:
    if not array.ndim:
        return np.zeros((int(bool(array)), 0), np.int64)
    return np.stack(array.nonzero(), axis=1)


@operation(methods=("nonzero_static",))
def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1) -> Tensor:
    """The places of the first `size` elements that are not 0, filled up if there are fewer."""
    if integer("nonzero_static", "size", size) < 0:
        raise RuntimeError(f"nonzero_static: size must not be negative, got {size}")
    found = _places(tensor_argument("nonzero_static", "input", input)._array)[:size]
    rows = np.full((size, found.shape[1]), fill_value, np.int64)
    rows[: len(found)] = found
    return wrap(rows)


@operation(methods=("argwhere",))
def argwhere(input: Tensor) -> Tensor:
    """The places of the elements that are not 0: ``(number of such elements, rank)``."""
    return wrap(_places(tensor_argument("argwhere", "input", input)._array))


@operation()
def unravel_index(indices: Tensor, shape: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Indices of the flattened tensor as indices along each dim of a shape.

    Raises:
        TypeError: the indices are not integers, or the shape is not.
        ValueError: a size is negative.
    """
    if indices.dtype.category != 1:
        raise TypeError(f"expected 'indices' to be integer dtype, but got {indices.dtype}")
    if not isinstance(shape, (int, tuple, list)):
        raise TypeError(f"expected 'shape' to be int or sequence of ints, but got {type(shape)}")
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    if any(not isinstance(size, int) for size in sizes):
        raise TypeError(f"expected 'shape' sequence to only contain ints, but got {sizes}")
    if any(size < 0 for size in sizes):
        raise ValueError(f"'shape' cannot have negative values, but got {sizes}")
    if 0 in [integer("unravel_index", "shape", int(size)) for size in sizes]:
        raise RuntimeError(f"unravel_index: 'shape' cannot have sizes of 0, but got {sizes}")
    rest = indices._array.astype(np.int64)
    found = []
    for size in reversed(sizes):
        with np.errstate(all="ignore"):
            rest, place = np.divmod(rest, size)
        found.append(wrap(np.asarray(place)))
    return tuple(reversed(found))
