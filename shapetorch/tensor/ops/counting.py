"""Different elements, how many there are of each, and where elements stand among others."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.dtypes import COMPLEX, FLOATING, INTEGER, NARROW
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.reducing import place_of, without_derivative
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.room import within_memory
from shapetorch.tensor.signatures import is_real, type_name
from shapetorch.tensor.tape import record, record_all
from shapetorch.tensor.tensors import Array, Tensor, wrap

# -- different elements -------------------------------------------------------------------------------


def _results(
    input: Tensor,
    arrays: tuple[Array, Array, Array],
    return_inverse: bool,
    return_counts: bool,
) -> Any:
    found, inverse, counts = arrays
    made = [record(found, (input,), without_derivative("unique"))]
    if return_inverse:
        made.append(wrap(np.asarray(inverse, dtype=np.int64)))
    if return_counts:
        made.append(wrap(np.asarray(counts, dtype=np.int64)))
    return made[0] if len(made) == 1 else tuple(made)


@operation(methods=("unique",))
def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The different elements in order, or the different slices along a dim.

    Args:
        input: Any shape.
        sorted: They always come in order here.
        return_inverse: Whether to tell which of them each element is.
        return_counts: Whether to tell how many there are of each.
        dim: The dim whose slices are compared; single elements are if None.

    Returns:
        What was asked for, a tuple if more than the elements; a NaN is equal to nothing.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_no_elements.
    """
    tensor_argument("unique", "input", input)
    if input.dtype.category == COMPLEX:
        raise NotImplementedError(f'"unique" not implemented for {input.dtype}')
    judged("unique", input, bool(sorted), bool(return_inverse), bool(return_counts), dim)
    array = input._array
    wide = array.astype(np.float32) if array.dtype in NARROW else array
    axis = None if dim is None else place_of(dim, input)
    if not array.size:
        return _unique_of_nothing(input, axis, return_inverse, return_counts)
    found, inverse, counts = np.unique(
        wide, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )
    shape = array.shape if axis is None else array.shape[axis : axis + 1]
    found = found.astype(array.dtype, copy=False)
    arrays = (found, inverse.reshape(shape), counts)
    return _results(input, arrays, return_inverse, return_counts)


def _unique_of_nothing(
    input: Tensor, axis: int | None, return_inverse: bool, return_counts: bool
) -> Any:
    array = input._array
    if axis is None:
        found, inverse = np.empty((0,), array.dtype), np.empty(array.shape, np.int64)
    else:
        found = np.empty(array.shape, array.dtype)
        inverse = np.empty(array.shape[axis], np.int64)
    arrays = (found, inverse, np.empty((0,), np.int64))
    return _results(input, arrays, return_inverse, return_counts)


@operation(methods=("unique_consecutive",))
def unique_consecutive(
    input: Tensor,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """As `unique`, but only elements that follow each other are compared; the order stays."""
    tensor_argument("unique_consecutive", "input", input)
    if dim is not None and input.dtype.category == COMPLEX:
        raise NotImplementedError(f'"unique_dim" not implemented for {input.dtype}')
    judged("unique_consecutive", input, bool(return_inverse), bool(return_counts), dim)
    array = input._array
    axis = None if dim is None else place_of(dim, input)
    if not array.size:
        return _unique_of_nothing(input, axis, return_inverse, return_counts)
    rows = array.reshape(-1, 1) if axis is None else np.moveaxis(array, axis, 0)
    count = len(rows)
    begins = np.ones(count, np.bool_)
    differs = rows[1:] != rows[:-1]
    begins[1:] = differs.any(axis=tuple(range(1, rows.ndim)))
    starts = np.flatnonzero(begins)
    inverse = np.cumsum(begins) - 1
    counts = np.diff(starts, append=count)
    if axis is None:
        found = array.reshape(-1)[starts]
        inverse = inverse.reshape(array.shape)
    else:
        found = array.take(starts, axis)
    return _results(input, (found, inverse, counts), return_inverse, return_counts)


# -- counts -------------------------------------------------------------------------------------------


@operation(methods=("bincount",))
def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each integer from 0 on occurs, or the sum of the weights where it does.

    Args:
        input: ``(N,)``, integers that are not negative.
        weights: ``(N,)``.
        minlength: The least size of the result.

    Raises:
        ShapeError: rank_error_mismatch, weights_error_shape, argument_error_value.
        RuntimeError: a number is negative, or the dtype is not an integer's.
    """
    judged("bincount", input, weights, minlength)
    if input.dtype.category != INTEGER:
        raise NotImplementedError(f'"bincount_cpu" not implemented for {input.dtype}')
    array = input._array
    if array.size and array.min() < 0:
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if not array.size:
        return wrap(np.zeros(minlength, np.int64))
    numbers = array.astype(np.int64, copy=False)
    if weights is None:
        return wrap(_counted(numbers, None, minlength))
    kind = np.float32 if weights._array.dtype == np.float32 else np.float64
    found = _counted(numbers, weights._array.astype(np.float64), minlength)
    return record(found.astype(kind), (weights,), without_derivative("bincount"))


def _counted(numbers: Array, weights: Array | None, least: int) -> Array:
    size = max(int(numbers.max()) + 1, least)
    kind = np.dtype(np.int64)
    return within_memory("bincount", (size,), kind, lambda: np.bincount(numbers, weights, least))


def _range_of(name: str, array: Array, low: float, high: float) -> tuple[float, float]:
    """The ends of the bins: those of the data if both are equal."""
    if low == high and array.size:
        low, high = float(array.min()), float(array.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise RuntimeError(f"{name}: range of [{low:g}, {high:g}] is not finite")
    if low > high:
        raise RuntimeError(f"{name}: max must be larger than min")
    return (low - 1, high + 1) if low == high else (low, high)


def _wide(array: Array) -> Array:
    return array.astype(np.float32) if array.dtype in NARROW else array


def _require_floating(name: str, *operands: Tensor) -> None:
    for item in operands:
        if item.dtype.category != FLOATING:
            raise NotImplementedError(f'"{name}" not implemented for {item.dtype}')
        if item.dtype is not operands[0].dtype:
            raise RuntimeError(
                f"{name}: expected all tensors to have the same dtype, got {operands[0].dtype} and {item.dtype}"
            )


@operation(methods=("histc",), out="same dtype")
def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements are in each of equal bins; what is outside of them does not count.

    Args:
        input: Any shape, floating.
        bins: How many bins.
        min: Where they begin, at the smallest element if `min` and `max` are equal.
        max: Where they end; this very number is in the last bin.

    Raises:
        ShapeError: argument_error_value.
        RuntimeError: the ends are not finite or in the wrong order.
    """
    judged("histc", input, bins, min, max)
    _require_floating("histogram_cpu", input)
    array = input._array.reshape(-1)
    low, high = _range_of("torch.histc", array, float(min), float(max))
    kind = array.dtype.type
    inside = array[(array >= kind(low)) & (array <= kind(high))]
    place = ((inside - kind(low)) * kind(bins) / (kind(high) - kind(low))).astype(np.int64)
    place = np.minimum(place, bins - 1)
    counts = np.bincount(place, minlength=bins).astype(input._array.dtype)
    return wrap(counts)


Histogram = result_type("histogram", "hist", "bin_edges")


@operation(methods=("histogram",), out=True)
def histogram(
    input: Tensor,
    bins: Any = 100,
    *,
    range: tuple[float, float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> ResultType:
    """How many elements are in each bin, and where the bins are: ``(hist, bin_edges)``.

    Args:
        input: Any shape, float32 or float64.
        bins: How many equal bins; or their edges, in order.
        range: Where equal bins begin and end; the smallest and the largest element if None.
        weight: How much each element counts.
        density: Whether the result is divided by its integral.

    Raises:
        ShapeError: argument_error_value, rank_error_mismatch, weights_error_shape.
    """
    named = {"weight": weight, "density": density}
    if range is not None and not (isinstance(range, (list, tuple)) and all(map(is_real, range))):
        raise TypeError(f"histogram(): argument 'range' must be two floats, not {type_name(range)}")
    if range is not None and len(range) != 2:
        raise RuntimeError(f"histogram: range must have 2 elements, got {len(range)}")
    judged("histogram", input, bins, **(named if range is None else {"range": range, **named}))
    operands = [input, *(item for item in (bins, weight) if isinstance(item, Tensor))]
    _require_floating("histogramdd", *operands)
    array = _wide(input._array.reshape(-1))
    kind = input._array.dtype
    edges = (
        _wide(bins._array.copy())
        if isinstance(bins, Tensor)
        else equal_edges("torch.histogramdd", array, int(bins), range)
    )
    inside = (array >= edges[0]) & (array <= edges[-1])
    place = np.minimum(np.searchsorted(edges, array[inside], side="right") - 1, len(edges) - 2)
    weights = None if weight is None else weight._array.reshape(-1)[inside].astype(np.float64)
    hist = np.bincount(place, weights, len(edges) - 1).astype(kind)
    if density:
        with np.errstate(all="ignore"):
            hist = (hist / np.diff(edges) / hist.sum(dtype=np.float64)).astype(kind)
    arrays = (hist, edges.astype(kind, copy=False))
    return Histogram(record_all(arrays, operands, without_derivative("histogram")))


def equal_edges(name: str, array: Array, bins: int, ends: tuple[float, float] | None) -> Array:
    """The edges of equal bins."""
    if ends is not None:
        low, high = float(ends[0]), float(ends[1])
        if not (np.isfinite(low) and np.isfinite(high)):
            raise RuntimeError(f"{name}: dimension 0's range [{low}, {high}] is not finite")
        if low > high:
            raise RuntimeError(
                f"{name}: min should not exceed max, but got min {low} max {high} for dimension 0"
            )
    elif array.size:
        low, high = float(array.min()), float(array.max())
        if not (np.isfinite(low) and np.isfinite(high)):
            raise RuntimeError(f"{name}: dimension 0's range [{low}, {high}] is not finite")
    else:
        low, high = 0.0, 1.0
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, bins + 1, dtype=array.dtype)


# -- searching ----------------------------------------------------------------------------------------


def _search(
    sequence: Array, values: Array, right: bool, out_int32: bool, name: str = "searchsorted"
) -> Tensor:
    common = np.result_type(sequence, values) if sequence.dtype != values.dtype else sequence.dtype
    if sequence.dtype in NARROW or values.dtype in NARROW:
        sequence, values = sequence.astype(np.float64), values.astype(np.float64)
    elif common.kind == "c" and sequence.size and values.size:
        raise NotImplementedError(f'"{name}_out_cpu" not implemented for complex dtypes')
    side: Any = "right" if right else "left"
    kind = np.int32 if out_int32 else np.int64
    if sequence.ndim == 1:
        return wrap(np.asarray(np.searchsorted(sequence, values, side=side), kind))
    return wrap(_search_rows(sequence, values, right).astype(kind))


def _search_rows(sequence: Array, values: Array, right: bool) -> Array:
    """Of many rows at once, halving where each value can be."""
    low = np.zeros(values.shape, np.int64)
    high = np.full(values.shape, sequence.shape[-1])
    while (low < high).any():
        middle = (low + high) // 2
        there = np.take_along_axis(sequence, np.minimum(middle, sequence.shape[-1] - 1), -1)
        is_after = ~(there > values) if right else ~(there >= values)
        is_after &= low < high
        low = np.where(is_after, middle + 1, low)
        high = np.where(is_after, high, np.minimum(middle, high))
    return low


def _as_array(value: Any) -> Array:
    return value._array if isinstance(value, Tensor) else np.asarray(value)


@operation(out="same dtype")
def searchsorted(
    sorted_sequence: Tensor,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Tensor | None = None,
) -> Tensor:
    """Where values would be put into sorted sequences so that they stay sorted.

    Args:
        sorted_sequence: ``(B,)``, or ``(*A, B)``.
        input: Any shape, or ``(*A, N)``; or a number.
        out_int32: Whether the result is int32 and not int64.
        right: Whether the last of equal places is meant rather than the first.
        side: The same as "left" or "right".
        sorter: Indices that sort `sorted_sequence`, of its shape.

    Raises:
        ShapeError: searchsorted_error_shape, rank_error_mismatch.
        RuntimeError: `side` contradicts `right`, or an index of `sorter` is out of range.
    """
    judged("searchsorted", sorted_sequence, input, sorter=sorter)
    if side is not None and side not in ("left", "right"):
        raise RuntimeError(
            f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}"
        )
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left while right "
            "was True"
        )
    sequence = sorted_sequence._array
    if sorter is not None:
        order = sorter._array
        if order.dtype != np.int64:
            raise RuntimeError(
                f"torch.searchsorted(): sorter must be a tensor of long dtype but got dtype {sorter.dtype}"
            )
        if order.size and (order.min() < 0 or order.max() >= sequence.shape[-1]):
            raise RuntimeError("torch.searchsorted(): sorter index out of range")
        sequence = np.take_along_axis(sequence, order, -1)
    values = _as_array(input)
    return _search(sequence, values, right or side == "right", out_int32)


@operation(out="same dtype")
def bucketize(
    input: Any, boundaries: Tensor, *, out_int32: bool = False, right: bool = False
) -> Tensor:
    """Between which of the sorted `boundaries` each value is, as an index; see `searchsorted`."""
    judged("bucketize", input, boundaries)
    values = _as_array(input)
    return _search(boundaries._array, values, right, out_int32)
