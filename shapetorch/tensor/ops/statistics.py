"""Spread and order statistics."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import is_number, tensor_argument
from shapetorch.tensor.dtypes import FLOATING, NARROW
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import masked
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.extremes import refuse, selected, shared_backward
from shapetorch.tensor.picking import pick
from shapetorch.tensor.reducing import count_of, place_of, places, spread
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.shortcuts import Shortcut
from shapetorch.tensor.sums import SMALL, sum_along
from shapetorch.tensor.tape import record, record_rows
from shapetorch.tensor.tensors import Array, Tensor, wrap

# -- variance -----------------------------------------------------------------------------------------


def var_backward(node: Any, grad: Tensor) -> Tensor:
    """``2 * (x - mean) / (n - correction)``."""
    (input,) = node.saved
    if node.whole and input._array.size == node.correction:
        return spread(grad, node) * float("nan")
    mean = input.mean(node.over, keepdim=True) if node.over else input
    return (input - mean) * spread(grad, node) * _inverse_count(node, 2)  # type: ignore[no-any-return]


def _inverse_count(node: Any, factor: float) -> float:
    free = count_of(node.metas[0][0], node.over) - node.correction
    return factor / free if free > 0 else float("nan") if not free else float("inf")


def std_backward(node: Any, grad: Tensor) -> Tensor:
    """As for the variance, by twice the result; zero where that is zero."""

    input, result = node.saved
    scaled = masked(grad / (result * 2), result._array != 0)
    if node.whole and input._array.size == node.correction:
        return spread(scaled, node) * float("nan")
    mean = input.mean(node.over, keepdim=True) if node.over else input
    return (input - mean) * spread(scaled, node) * _inverse_count(node, 2)  # type: ignore[no-any-return]


def variance(array: Array, over: tuple[int, ...], correction: float, keepdim: bool) -> Array:
    """The variances along dims, in two passes, in the dtype of the real part."""
    if array.dtype in NARROW:
        return variance(array.astype(np.float32), over, correction, keepdim).astype(array.dtype)
    count = count_of(array.shape, over)
    with np.errstate(all="ignore"):
        mean = sum_along(array, over, True) / array.real.dtype.type(count)
        centred = array - mean
        total = np.asarray(sum_along(_squares(centred), over, keepdim))
        if np.any(_squares(mean).reshape(total.shape) * count > _FAR * total):
            # a mean far from 0 is rounded by so much that it shows
            rest = _squares(sum_along(centred, over, keepdim)) / total.dtype.type(max(count, 1))
            total = total - rest
        free = np.maximum(total.dtype.type(count - correction), total.dtype.type(0))
        return np.asarray(total / free)


_FAR = 1e4
"""The square of how far, in standard deviations, a mean may be from 0 to be exact enough."""


def _squares(array: Array) -> Array:
    if array.dtype.kind == "c":
        return np.asarray(np.square(array.real) + np.square(array.imag))
    return np.square(array)


def _arguments(dim: Any, unbiased: Any, keepdim: bool, correction: Any) -> tuple[Any, float, bool]:
    """The dim, the correction and keepdim of either signature: ``var(unbiased)``, ``var(dim, …)``."""
    if isinstance(dim, bool):
        if unbiased is not None or correction is not None or keepdim:
            raise TypeError("argument 'dim' must be int or tuple of ints, not bool")
        dim, unbiased = None, dim
    if unbiased is not None:
        if correction is not None:
            raise TypeError("arguments 'unbiased' and 'correction' are two words for one thing")
        correction = int(unbiased)
    return dim, 1 if correction is None else correction, keepdim


_var_at_once = Shortcut("rows", kernel="var_rows", form="mnv", whole=SMALL)
_std_at_once = Shortcut("rows", kernel="var_rows", form="mnv", afterwards="root", whole=SMALL)


def _spread_of(
    name: str, input: Tensor, dim: Any, unbiased: Any, keepdim: bool, correction: Any
) -> Tensor:
    dim, free, keepdim = _arguments(dim, unbiased, keepdim, correction)
    call = (_var_at_once if name == "var" else _std_at_once).call
    if not keepdim and call is not None:
        made: Tensor | None = call(input, dim, free)
        if made is not None and input._meta is None:
            return made
    tensor_argument(name, "input", input)
    if input.dtype.category < FLOATING:
        raise RuntimeError(f"{name} only support floating point dtypes")
    judged(name, input, dim, keepdim=keepdim)
    over = places(dim, input._array.ndim)
    array = input._array
    facts: dict[str, Any] = {"over": over, "keepdim": keepdim, "correction": free}
    facts["whole"] = dim is None or not array.ndim
    if name == "var":
        return record_rows(
            variance(array, over, free, keepdim), (input,), var_backward, (input,), **facts
        )
    wide = array.astype(np.float32) if array.dtype in NARROW else array
    result = np.asarray(np.sqrt(variance(wide, over, free, keepdim)))
    if array.dtype in NARROW:
        result = result.astype(array.dtype)
    return record_rows(result, (input,), std_backward, (input, RESULT), **facts)


@operation(methods=("var",), out=True)
def var(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """The variance along dims or of all elements: the mean square of ``x - mean``, by ``n - correction``.

    Args:
        input: Any shape, floating or complex.
        dim: The dims; all of them if None. A bool here is `unbiased`.
        unbiased: Whether the correction is 1 (true) or 0.
        keepdim: Whether the dims stay, with size 1.
        correction: What is taken from the number of elements; 1 if None.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """
    return _spread_of("var", input, dim, unbiased, keepdim, correction)


@operation(methods=("std",), out=True)
def std(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """The root of the variance; see `var`."""
    return _spread_of("std", input, dim, unbiased, keepdim, correction)


def _mean_beside(input: Tensor, dim: Any, unbiased: Any, keepdim: bool, correction: Any) -> Tensor:
    dim, _, keepdim = _arguments(dim, unbiased, keepdim, correction)
    return input.mean(dim, keepdim)  # type: ignore[no-any-return]


@operation()
def var_mean(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """The variance and the mean; see `var`."""
    call = (input, dim, unbiased, keepdim, correction)
    return _spread_of("var", *call), _mean_beside(*call)


@operation()
def std_mean(
    input: Tensor,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean; see `var`."""
    call = (input, dim, unbiased, keepdim, correction)
    return _spread_of("std", *call), _mean_beside(*call)


# -- medians ------------------------------------------------------------------------------------------

Median = result_type("median", "values", "indices")
NanMedian = result_type("nanmedian", "values", "indices")
Mode = result_type("mode", "values", "indices")
KthValue = result_type("kthvalue", "values", "indices")


def median_backward(node: Any, grad: Tensor) -> Tensor:
    """Elements equal to the median share the gradient."""
    return shared_backward(node, grad)


def _middle(array: Array, axis: int, ignore_nan: bool) -> Array:
    """The index of the lower of the middle elements along a dim; size 1 there."""
    wide = array.astype(np.float32) if array.dtype in NARROW else array
    order = np.argsort(wide, axis=axis, kind="stable")
    count = array.shape[axis]
    if wide.dtype.kind != "f":
        return order.take([(count - 1) // 2], axis)
    numbers = np.add.reduce(~np.isnan(wide), axis=axis, keepdims=True, dtype=np.int64)
    if ignore_nan:
        middle = np.maximum(numbers - 1, 0) // 2
    else:  # NaN comes last: the first one, if there is one
        middle = np.where(numbers < count, numbers, (count - 1) // 2)
    return np.take_along_axis(order, middle, axis)


def _middle_value(flat: Array, ignore_nan: bool) -> Array:
    """The lower of the middle elements of a vector; NaN if there is one, or these are left out."""
    wide = flat.astype(np.float32) if flat.dtype in NARROW else flat
    count = len(flat)
    if wide.dtype.kind == "f":
        missing = int(np.count_nonzero(np.isnan(wide)))
        count -= missing
        if not count or (missing and not ignore_nan):
            return np.array(np.nan, flat.dtype)
    place = (count - 1) // 2
    return np.asarray(np.partition(wide, place)[place]).astype(flat.dtype, copy=False)


_NAN = {kind.dtype.char: kind.min for kind in (np.iinfo(np.int32), np.iinfo(np.int64))}
"""What the machine makes of NaN as an integer; 0 in narrower ones."""


def _median(name: str, kind: type[ResultType], input: Tensor, dim: Any, keepdim: bool) -> Any:
    tensor_argument(name, "input", input)
    if dim is not None:
        judged(name, input, dim, keepdim)
    elif keepdim:
        raise TypeError(f"{name}() missing 1 required argument: 'dim', which 'keepdim' needs")
    else:
        judged(name, input)
    array = input._array
    if array.size or dim is not None:
        refuse(name, input, "bc")
    ignore_nan = name == "nanmedian"
    if dim is not None:
        axis = place_of(dim, input)
        if not array.ndim:
            return selected(kind, input, np.zeros((), np.int64), 0, keepdim)
        return selected(kind, input, _middle(array, axis, ignore_nan), axis, keepdim)
    over = tuple(range(array.ndim))
    if not array.size:
        return record(
            np.asarray(
                _NAN.get(array.dtype.char, 0 if array.dtype.kind in "iu" else np.nan)
            ).astype(array.dtype),
            (input,),
            median_backward,
            (input, RESULT),
            over=over,
            keepdim=False,
        )
    flat = array.reshape(-1)
    value = _middle_value(flat, ignore_nan)
    return record(value, (input,), median_backward, (input, RESULT), over=over, keepdim=False)


@operation(methods=("median",), out=True)
def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The lower of the middle elements: of all elements, or along a dim as ``(values, indices)``.

    NaN if there is one.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty.
    """
    return _median("median", Median, input, dim, keepdim)


@operation(methods=("nanmedian",), out=True)
def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """As `median`, of the elements that are not NaN."""
    return _median("nanmedian", NanMedian, input, dim, keepdim)


@operation(methods=("mode",), out=True)
def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> ResultType:
    """The most frequent elements along a dim, the smallest of several, and the index of the last such.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty.
    """
    judged("mode", input, dim, keepdim)
    axis = place_of(dim, input)
    array = input._array
    if not array.ndim:
        return selected(Mode, input, np.zeros((), np.int64), 0, keepdim)
    if array.size:
        refuse("mode", input, "c")
    wide = array.astype(np.float32) if array.dtype in NARROW else array
    order = np.argsort(wide, axis=axis, kind="stable")
    inner = np.moveaxis(np.take_along_axis(wide, order, axis), axis, -1)
    last = _last_of_longest_run(inner)
    where = np.take_along_axis(np.moveaxis(order, axis, -1), last[..., None], -1)
    return selected(Mode, input, np.moveaxis(where, -1, axis), axis, keepdim)


def _last_of_longest_run(ordered: Array) -> Array:
    """In each row of sorted elements, where the (first) longest run of equal ones ends."""
    count = ordered.shape[-1]
    places_ = np.arange(count)
    begins = np.ones(ordered.shape, np.bool_)
    begins[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    started = np.maximum.accumulate(np.where(begins, places_, 0), axis=-1)
    return np.argmax(places_ - started, axis=-1)  # type: ignore[no-any-return]


@operation(methods=("kthvalue",), out=True)
def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> ResultType:
    """The `k`-th smallest elements along a dim, and their indices; NaN is the largest.

    Raises:
        ShapeError: dimension_error_out_of_range, selection_error_k_out_of_range.
    """
    judged("kthvalue", input, k, dim, keepdim)
    axis = place_of(dim, input)
    array = input._array
    if not array.ndim:
        return selected(KthValue, input, np.zeros((), np.int64), 0, keepdim)
    refuse("kthvalue", input, "bc")
    wide = array.astype(np.float32) if array.dtype in NARROW else array
    if array.shape[axis] < 64:
        order = np.argsort(wide, axis=axis, kind="stable")
    else:
        order = np.argpartition(wide, int(k) - 1, axis=axis)
    return selected(KthValue, input, order.take([int(k) - 1], axis), axis, keepdim)


# -- quantiles ----------------------------------------------------------------------------------------

INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _quantile(
    name: str, input: Tensor, q: Any, dim: Any, keepdim: bool, interpolation: str
) -> Tensor:
    tensor_argument(name, "input", input)
    _check_quantile(name, input, q, interpolation)
    judged(name, input, q, dim, keepdim)
    kind = input._array.dtype
    wanted: Tensor = q if isinstance(q, Tensor) else wrap(np.asarray(q, kind))
    if not (np.all(wanted._array >= 0) and np.all(wanted._array <= 1)):
        raise RuntimeError(f"{name}() q values must be in the range [0, 1]")
    rank = input._array.ndim
    axis = place_of(dim, input) if dim is not None else None
    source = input.reshape(-1) if axis is None or not rank else input.movedim(axis, -1)
    ordered = OPERATIONS["sort"].function(source, -1)[0]
    result = _interpolated(ordered, wanted.reshape(-1), name == "nanquantile", interpolation)
    shape = input._array.shape
    if keepdim and rank:
        gone = range(rank) if axis is None else (axis,)
        result = result.reshape(
            (-1, *(1 if place in gone else size for place, size in enumerate(shape)))
        )
    return result if wanted._array.ndim else result.squeeze(0)


def _check_quantile(name: str, input: Tensor, q: Any, interpolation: str) -> None:
    if input.dtype.name not in ("float32", "float64"):
        raise RuntimeError(f"{name}() input tensor must be either float or double dtype")
    if isinstance(q, Tensor) and q.dtype is not input.dtype:
        raise RuntimeError(f"{name}() q tensor must be same dtype as the input tensor")
    if not isinstance(q, Tensor) and not is_number(q):
        raise TypeError(f"{name}(): argument 'q' must be Tensor or float, not {type(q).__name__}")
    if interpolation not in INTERPOLATIONS:
        raise RuntimeError(
            f"{name}() interpolation must be one of linear, lower, higher, midpoint or nearest, "
            f"but got {interpolation}"
        )


def _interpolated(ordered: Tensor, q: Tensor, ignore_nan: bool, interpolation: str) -> Tensor:
    """The quantiles of sorted rows: ``(Q, *rows)``."""
    array = ordered._array
    kind = array.dtype
    axis = array.ndim - 1
    last = np.add.reduce(~np.isnan(array), axis=-1, dtype=np.int64)
    has_nan = last < array.shape[-1]
    last = np.maximum(last - 1, 0) if ignore_nan else np.full_like(last, array.shape[-1] - 1)
    ranks = q.unsqueeze(-1) if not axis else q.reshape((1,) * axis + (-1,))
    ranks = ranks * wrap(np.asarray(last[..., None] if axis else last, kind))
    if not axis:
        ranks = ranks.reshape(-1)
    if not ignore_nan and has_nan.any():  # the last element of such a row is NaN
        past = np.broadcast_to(has_nan[..., None], ranks._array.shape)
        ranks = masked(ranks, ~past) + wrap(past * kind.type(array.shape[-1] - 1))
    if interpolation in _TO_WHOLE:
        ranks = wrap(_TO_WHOLE[interpolation](ranks._array))
    below = np.floor(ranks._array)
    low = pick(ordered, below.astype(np.int64), axis, unique=False)
    if interpolation in ("linear", "midpoint"):
        above = np.ceil(ranks._array).astype(np.int64)
        weight = ranks - wrap(below)
        if interpolation == "midpoint":
            weight = wrap(np.full_like(below, 0.5))
        low = low.lerp(pick(ordered, above, axis, unique=False), weight)
    return low.movedim(-1, 0)  # type: ignore[no-any-return]


_TO_WHOLE: dict[str, Any] = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint}


@operation(methods=("quantile",), out="same dtype")
def quantile(
    input: Tensor,
    q: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
) -> Tensor:
    """The q-th quantiles along a dim or of all elements; NaN where there is one.

    Args:
        input: Any shape that is not empty, float32 or float64.
        q: A number, or ``(Q,)``, from 0 to 1.
        dim: The dim; all elements are taken together if None.
        keepdim: Whether the dim stays, with size 1.
        interpolation: Between two elements: "linear", "lower", "higher", "midpoint" or "nearest".

    Returns:
        The shape of `q`, then the shape without the dim.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_out_of_range, reduction_error_no_elements.
    """
    return _quantile("quantile", input, q, dim, keepdim, interpolation)


@operation(methods=("nanquantile",), out="same dtype")
def nanquantile(
    input: Tensor,
    q: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
) -> Tensor:
    """As `quantile`, of the elements that are not NaN."""
    return _quantile("nanquantile", input, q, dim, keepdim, interpolation)
