"""Elements in order along a dim, and the first few of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.fast import FLOAT32, FLOAT64
from shapetorch.tensor.judging import judged
from shapetorch.tensor.memory_order import laid_out_as
from shapetorch.tensor.modes import INFERENCE
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.extremes import refuse
from shapetorch.tensor.picking import place, take_along
from shapetorch.tensor.reducing import place_of
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.tape import record_all
from shapetorch.tensor.tensors import Array, Tensor, wrap

Sort = result_type("sort", "values", "indices")
TopK = result_type("topk", "values", "indices")


def chosen_backward(node: Any, grad: Tensor, _: Any = None) -> Tensor:
    """The gradients go to where the elements came from."""
    return place(grad, node.indices, node.axis, node.metas[0][0])


def order(array: Array, axis: int, descending: bool) -> Array:
    """The indices that sort an array along a dim, equal elements as they come; NaN is the largest."""
    if not array.ndim:
        return np.zeros((), np.int64)
    if array.dtype in NARROW:
        array = array.astype(np.float32)
    if descending:  # turned twice, so that equal elements keep their order
        turn = (*(slice(None),) * axis, slice(None, None, -1))
        last = array.shape[axis] - 1
        return np.ascontiguousarray((last - _ascending(array[turn], axis))[turn])
    return _ascending(array, axis)


def _ascending(array: Array, axis: int) -> Array:
    """As NumPy's stable sort, which is several times as slow as the other if no elements are equal."""
    if array.size <= FEW or array.dtype.kind != "f":
        return array.argsort(axis, "stable")
    rows = np.ascontiguousarray(np.moveaxis(array, axis, -1))
    indices = np.argsort(rows, axis=-1)
    values = take_along(rows, indices, rows.ndim - 1)
    if not (values[..., 1:] > values[..., :-1]).all():  # equal ones, or NaN
        indices = np.argsort(rows, axis=-1, kind="stable")
    return np.moveaxis(indices, -1, axis)


FEW = 256
"""Elements up to which any sort is quick."""


def _chosen(kind: type[ResultType], input: Tensor, indices: Array, axis: int) -> ResultType:
    indices = laid_out_as(indices, input._array)
    values = laid_out_as(take_along(input._array, indices, axis), input._array)
    facts: dict[str, Any] = {
        "called": kind.__name__.rpartition(".")[2],
        "indices": indices,
        "axis": axis,
    }
    made = record_all((values, indices), (input,), chosen_backward, **facts)
    return kind(made)


def _sorted_at_once(input: Tensor, dim: Any) -> ResultType | None:
    """The elements of a small floating tensor in ascending order along its last dim; None otherwise."""
    if input._meta is not None or INFERENCE or dim.__class__ is not int:
        return None
    array = input._array
    kind, rank = array.dtype, array.ndim
    if kind is not FLOAT32 and kind is not FLOAT64:
        return None
    if array.size > FEW or not array.flags.c_contiguous or not rank:
        return None
    if dim != -1 and dim != rank - 1:
        return None
    indices = array.argsort(-1, "stable")
    values = array.copy()
    values.sort(-1, "stable")
    return Sort((wrap(values), wrap(indices)))


@operation(methods=("sort",), out=True)
def sort(
    input: Tensor, dim: int = -1, descending: bool = False, *, stable: bool | None = False
) -> ResultType:
    """The elements in order along a dim, and their indices: ``(values, indices)``.

    Args:
        input: Any shape.
        dim: The dim.
        descending: Whether the largest comes first.
        stable: Equal elements always keep their order here.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    if not descending and isinstance(input, Tensor) and (quick := _sorted_at_once(input, dim)):
        return quick
    judged("sort", input, dim)
    refuse("sort", input, "c")
    axis = place_of(dim, input)
    return _chosen(Sort, input, order(input._array, axis, bool(descending)), axis)


@operation(methods=("argsort",))
def argsort(
    input: Tensor, dim: int = -1, descending: bool = False, *, stable: bool = False
) -> Tensor:
    """The indices that sort a tensor along a dim; see `sort`."""
    judged("argsort", input, dim)
    refuse("sort", input, "c")
    axis = place_of(dim, input)
    return wrap(laid_out_as(order(input._array, axis, bool(descending)), input._array))


@operation(methods=("msort",), out="same dtype")
def msort(input: Tensor) -> Tensor:
    """The elements in order along the first dim."""
    judged("msort", input)
    return sort(input, 0)[0]  # type: ignore[no-any-return]


@operation(methods=("topk",), out=True)
def topk(
    input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True
) -> ResultType:
    """The `k` largest elements along a dim and their indices: ``(values, indices)``.

    Args:
        input: Any shape; a 0-D tensor counts as one element.
        k: How many.
        dim: The dim.
        largest: Whether the largest rather than the smallest.
        sorted: The elements always come in order here.

    Raises:
        ShapeError: dimension_error_out_of_range, selection_error_k_out_of_range.
    """
    judged("topk", input, k, dim)
    refuse("topk", input, "bc")
    axis = place_of(dim, input)
    array = input._array
    if not array.ndim:
        return _chosen(TopK, input, np.zeros((), np.int64), axis)
    return _chosen(TopK, input, first_in_order(array, int(k), axis, bool(largest)), axis)


def first_in_order(array: Array, k: int, axis: int, largest: bool) -> Array:
    """The indices of the `k` first elements in order along a dim."""
    count = array.shape[axis]
    if array.dtype in NARROW:
        array = array.astype(np.float32)
    if k <= FIRST and count >= 64 and (found := _one_by_one(array, k, axis, largest)) is not None:
        return found
    if k * 4 > count or count < 64:
        first = (*(slice(None),) * axis, slice(k))
        return np.ascontiguousarray(order(array, axis, largest)[first])
    split = count - k if largest else max(k - 1, 0)
    parted = np.argpartition(array, split, axis=axis)
    some = parted.take(range(count - k, count) if largest else range(k), axis)
    some.sort(axis=axis)  # so that equal elements come as they lie
    within = order(np.take_along_axis(array, some, axis), axis, largest)
    return np.take_along_axis(some, within, axis)


FIRST = 8
"""So many elements are found quicker one by one than by sorting."""


def _one_by_one(array: Array, k: int, axis: int, largest: bool) -> Array | None:
    """The indices of the first few elements, each looked for among the others; None if that fails."""
    if array.dtype.kind != "f" or not k:
        return None
    rows = np.array(np.moveaxis(array, axis, -1), order="C")
    width = rows.shape[-1]
    flat = rows.reshape(-1)
    starts = np.arange(0, flat.size, width)
    found = np.empty((k, len(starts)), np.int64)
    taken = -np.inf if largest else np.inf
    for number in range(k):
        best = rows.argmax(-1) if largest else rows.argmin(-1)
        found[number] = best.reshape(-1)
        at = starts + found[number]
        value = flat[at]
        if np.isnan(value).any() or (value == taken).any():
            return None
        flat[at] = taken
    shape = (k, *rows.shape[:-1])
    return np.ascontiguousarray(np.moveaxis(found.reshape(shape), 0, axis))
