"""Sums, means and products of all elements along dims, and what is counted or tested there."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.array_gradients import on_arrays
from shapetorch.tensor.compute import small_ends
from shapetorch.tensor.dtypes import DEFAULTS, FLOATING, NARROW, dtype
from shapetorch.tensor.fast import constant
from shapetorch.tensor.histories import records
from shapetorch.tensor.modes import INFERENCE, MODES
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import operation
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.reducing import accumulated, count_of, dims_of, kept, spread, spread_array
from shapetorch.tensor.shortcuts import Shortcut
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.sums import SMALL, kept_shape, small_sums, sum_along
from shapetorch.tensor.tape import attach_one, record_rows
from shapetorch.tensor.tensors import Array, Tensor, in_rows, wrap


def converted(array: Array, kind: dtype) -> Array:
    """The elements in another dtype, as ``to`` converts them."""
    if array.dtype == kind.numpy:
        return array
    if array.dtype.kind == "c" and kind.numpy.kind not in "cb":
        array = array.real
    return MODES.quiet(array.astype, kind.numpy)


# -- sums --------------------------------------------------------------------------------------------


def sum_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element counts once."""
    return spread(grad, node)


@on_arrays(sum_backward)
def _sum_backward(node: Any, grad: Array) -> Array:
    return spread_array(grad, node)


_sum_at_once = Shortcut("rows", kernel="sum_rows", columns="sum_columns", whole=SMALL)
_mean_at_once = Shortcut(
    "rows", kernel="sum_rows", columns="sum_columns", afterwards="mean", whole=SMALL
)


@operation(methods=("sum",), out="dtype")
def sum(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtype | None = None
) -> Tensor:
    """The sum of the elements, along dims or of all.

    Args:
        input: Any shape.
        dim: The dims that are summed over; all of them if None or empty.
        keepdim: Whether they stay, with size 1.
        dtype: Of the result, and of the elements before they are added; int64 for integers if None.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """
    if dtype is None and keepdim is False and (call := _sum_at_once.call) is not None:
        found: Tensor | None = call(input, dim)
        if found is not None:
            if input._meta is not None:
                _record_quick(found, input, sum_backward, dim, keepdim)
            return found
    if dtype is None and isinstance(input, Tensor) and not INFERENCE:
        made = small_sums(input._array, dim, keepdim)
        if made is not None:
            total = wrap(made)
            if input._meta is not None:
                _record_quick(total, input, sum_backward, dim, keepdim)
            return total
    if dtype is None and not keepdim and (quick := small_ends("sum_rows", input, dim)) is not None:
        return quick
    over = dims_of("sum", input, dim, keepdim)
    array = converted(input._array, accumulated(input, dtype))
    return record_rows(
        _summed(array, over, keepdim), (input,), sum_backward, over=over, keepdim=keepdim
    )


def _record_quick(made: Tensor, input: Tensor, backward: Any, dim: Any, keepdim: bool) -> None:
    """Record a sum or mean of all elements or along a dim, if it is wanted."""
    if records(input):
        node = attach_one(made, input, backward, False, False)
        node.__dict__.update(over=dims_of("sum", input, dim), keepdim=keepdim)


def _summed(array: Array, over: tuple[int, ...], keepdim: bool) -> Array:
    if array.dtype.kind == "b":
        return np.asarray(np.logical_or.reduce(array, axis=over, keepdims=keepdim))  # type: ignore[call-overload]
    return sum_along(array, over, keepdim)


def nansum_backward(node: Any, grad: Tensor) -> Tensor:
    """NaN counts nothing."""
    (input,) = node.saved
    return spread(grad, node) * wrap(~np.isnan(input._array))


@operation(methods=("nansum",), out="dtype")
def nansum(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtype | None = None
) -> Tensor:
    """The sum of the elements that are not NaN; see `sum`."""
    over = dims_of("sum", input, dim, keepdim)
    _refuse_complex("nansum", input)
    kind = accumulated(input, dtype)
    array = input._array
    if input.dtype.category >= FLOATING:
        array = np.where(np.isnan(array), np.zeros((), array.dtype), array)
    result = _summed(converted(array, kind), over, keepdim)
    return record_rows(result, (input,), nansum_backward, (input,), over=over, keepdim=keepdim)


def _refuse_complex(name: str, input: Tensor) -> None:
    if input.dtype.is_complex:
        raise RuntimeError(f"{name} does not support complex inputs")


# -- means -------------------------------------------------------------------------------------------


def mean_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element counts as one of so many."""
    return spread(grad, node) / max(count_of(node.metas[0][0], node.over), 1)


@on_arrays(mean_backward)
def _mean_backward(node: Any, grad: Array) -> Array:
    made = spread_array(grad, node)
    made /= max(count_of(node.metas[0][0], node.over), 1)
    return made


@operation(methods=("mean",), out=True)
def mean(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtype | None = None
) -> Tensor:
    """The mean of the elements, along dims or of all.

    Args:
        input: Any shape.
        dim: The dims; all of them if None or empty.
        keepdim: Whether they stay, with size 1.
        dtype: Of the result, and of the elements before they are added.

    Returns:
        The sum by the number of elements: NaN if there are none.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
        RuntimeError: the dtype is not floating or complex.
    """
    if dtype is None and keepdim is False and (call := _mean_at_once.call) is not None:
        found: Tensor | None = call(input, dim)
        if found is not None:
            if input._meta is not None:
                _record_quick(found, input, mean_backward, dim, keepdim)
            return found
    if dtype is None and isinstance(input, Tensor) and not INFERENCE:
        array = input._array
        made = small_sums(array, dim, keepdim) if array.size else None
        if made is not None:
            count = constant(made.dtype, array.size if dim is None else array.shape[dim])
            quietly(np.true_divide, made, count, made)
            average = wrap(made)
            if input._meta is not None:
                _record_quick(average, input, mean_backward, dim, keepdim)
            return average
        if not keepdim and (quick := small_ends("sum_rows", input, dim)) is not None:
            sums = quick._array
            quietly(np.true_divide, sums, array.shape[dim], sums)
            return quick
    kind = dtype or tensor_argument("mean", "input", input).dtype
    _require_floating("mean", input, dtype)
    over = dims_of("mean", input, dim, keepdim)
    result = _mean(converted(input._array, kind), over, keepdim)
    return record_rows(result, (input,), mean_backward, over=over, keepdim=keepdim)


def _require_floating(name: str, input: Tensor, wanted: dtype | None) -> None:
    if (wanted or input.dtype).category < FLOATING:
        told = f"Optional dtype {wanted}" if wanted is not None else f"Input dtype {input.dtype}"
        raise RuntimeError(
            f"{name}(): could not infer output dtype. {told} must be either a floating point or complex dtype"
        )


def _mean(array: Array, over: tuple[int, ...], keepdim: bool) -> Array:
    kind = array.dtype
    if kind in NARROW:
        return _mean(array.astype(np.float32), over, keepdim).astype(kind)
    total = sum_along(array, over, keepdim)
    return np.asarray(MODES.quiet(np.true_divide, total, count_of(array.shape, over)))


@operation(methods=("nanmean",), out=True)
def nanmean(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: dtype | None = None
) -> Tensor:
    """The mean of the elements that are not NaN; see `mean`."""
    own = tensor_argument("nanmean", "input", input).dtype
    if (dtype or own).category < FLOATING or own.category < FLOATING:
        raise RuntimeError(
            f"nanmean(): expected input to have floating point or complex dtype but got {own}"
        )
    over = dims_of("mean", input, dim, keepdim)
    counts = np.add.reduce(~np.isnan(input._array), axis=over, keepdims=keepdim, dtype=np.int64)  # type: ignore[call-overload]
    total = nansum(input, list(over), keepdim, dtype=dtype) if over else nansum(input, dtype=dtype)
    return total / wrap(np.asarray(counts))


# -- products ----------------------------------------------------------------------------------------


def prod_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element's factor is the product of the others, also where some are zero."""
    input, result = node.saved
    shape = node.metas[0][0]
    over, keepdim = node.over, node.keepdim
    if not np.any(input._array == 0):
        return spread(grad * conjugate(result), node) / conjugate(input)  # type: ignore[no-any-return]
    grad = kept(grad, shape, over, keepdim)
    if len(over) != len(shape):
        return grad * others_product(input, over[0]).conj_physical()  # type: ignore[no-any-return]
    flat = others_product(input.reshape(-1), 0) if shape else input * 0 + 1
    return grad * conjugate(flat).reshape(shape)  # type: ignore[no-any-return]


def others_product(input: Tensor, dim: int) -> Tensor:
    """For each element the product of the others along a dim."""
    from shapetorch.tensor.operations import OPERATIONS

    cumprod, flip = OPERATIONS["cumprod"].function, OPERATIONS["flip"].function
    before = _shifted(cumprod, input, dim)
    after = flip(_shifted(cumprod, flip(input, (dim,)), dim), (dim,))
    return before * after  # type: ignore[no-any-return]


def _shifted(cumprod: Any, input: Tensor, dim: int) -> Tensor:
    """The running product of what comes before each element: 1 for the first."""
    from shapetorch.tensor.operations import OPERATIONS

    count = input._array.shape[dim]
    first = input.narrow(dim, 0, 1)
    one = wrap(np.ones_like(first._array))
    if count == 1:
        return one
    running = cumprod(input.narrow(dim, 0, count - 1), dim)
    return OPERATIONS["cat"].function((one, running), dim)  # type: ignore[no-any-return]


_WIDE = 256
"""Columns of a product of all elements."""


@operation(methods=("prod",), out="dtype")
def prod(
    input: Tensor, dim: int | None = None, keepdim: bool = False, *, dtype: dtype | None = None
) -> Tensor:
    """The product of the elements, along a dim or of all.

    Args:
        input: Any shape.
        dim: The dim; all elements are multiplied if None.
        keepdim: Whether it stays, with size 1.
        dtype: Of the result, and of the elements before they are multiplied; int64 for integers if
            None.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    if dim is None and keepdim:
        raise TypeError("prod(): argument 'dim' is missing beside 'keepdim'")
    over = dims_of("prod", input, dim, keepdim)
    array = converted(input._array, accumulated(input, dtype))
    kind = array.dtype
    if kind.kind == "b":
        result = np.logical_and.reduce(array, axis=over, keepdims=keepdim)  # type: ignore[call-overload]
    else:
        wide = array.astype(np.float32) if kind in NARROW else array
        if len(over) == wide.ndim and wide.size > _WIDE and wide.flags.c_contiguous:
            flat = wide.reshape(-1)  # many products side by side first
            whole = flat.size - flat.size % _WIDE
            rows = MODES.quiet(np.multiply.reduce, flat[:whole].reshape(-1, _WIDE))
            parts = np.concatenate((rows, flat[whole:]))
            result = MODES.quiet(np.multiply.reduce, parts, None)
            result = np.reshape(result, (1,) * wide.ndim if keepdim else ())
        else:
            result = MODES.quiet(np.multiply.reduce, wide, over, wide.dtype, None, keepdim)  # type: ignore[arg-type]
    saved = (input, RESULT)
    result = np.asarray(result).astype(kind, copy=False)
    return record_rows(result, (input,), prod_backward, saved, over=over, keepdim=keepdim)


# -- tests and counts --------------------------------------------------------------------------------


def _tested(name: str, function: Any, input: Tensor, dim: Any, keepdim: bool) -> Tensor:
    tensor_argument(name, "input", input)
    is_none = isinstance(dim, (tuple, list)) and not dim
    over = () if is_none else dims_of(name, input, dim, keepdim)
    array = input._array
    if dim is None and not keepdim and array.dtype != np.uint8:
        found = np.count_nonzero(array)
        return wrap(np.asarray(found > 0 if name == "any" else found == array.size))
    found = function(array if array.dtype.kind == "b" else array != 0, axis=over, keepdims=keepdim)
    result = in_rows(np.asarray(found))
    return wrap(
        np.asarray(result, np.uint8) if array.dtype == np.uint8 else np.asarray(result, np.bool_)
    )


@operation(methods=("any",), out="truth")
def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether any element is not zero, along dims or of all; NaN is not zero."""
    return _tested("any", np.logical_or.reduce, input, dim, keepdim)


@operation(methods=("all",), out="truth")
def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether all elements are not zero, along dims or of all; NaN is not zero."""
    return _tested("all", np.logical_and.reduce, input, dim, keepdim)


@operation(methods=("count_nonzero",))
def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """The number of elements that are not zero, along dims or of all."""
    over = dims_of("count_nonzero", input, dim)
    counts = np.add.reduce(input._array != 0, axis=over, dtype=np.int64)
    return wrap(in_rows(np.asarray(counts)))


# -- logarithms of sums ------------------------------------------------------------------------------


def logsumexp_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element counts as its share of the sum: ``exp(x - result)``."""
    input, result = node.saved
    return spread(grad, node) * (input - spread(result, node)).exp().conj_physical()  # type: ignore[no-any-return]


@operation(methods=("logsumexp",), out=True, aliases=("special.logsumexp",))
def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    """``log(sum(exp(input)))`` along dims, without overflow.

    Args:
        input: Any shape; integers are taken as floating numbers.
        dim: The dims.
        keepdim: Whether they stay, with size 1.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate, argument_error_value.
    """
    over = dims_of("logsumexp", input, dim, keepdim)
    if input.dtype.category < FLOATING:
        input = input.to(DEFAULTS[FLOATING])
    array = input._array
    kind = array.dtype
    wide = array.astype(np.float32) if kind in NARROW else array
    with np.errstate(all="ignore"):
        result = _log_of_sum(wide, over)
    if not keepdim:
        result = result.reshape(
            [size for place, size in enumerate(array.shape) if place not in over]
        )
    result = result.astype(kind, copy=False)
    return record_rows(
        result, (input,), logsumexp_backward, (input, RESULT), over=over, keepdim=keepdim
    )


def _log_of_sum(array: Array, over: tuple[int, ...]) -> Array:
    if not array.size:
        return np.full(kept_shape(array.shape, over), -np.inf, array.dtype)
    most = np.maximum.reduce(array.real, axis=over, keepdims=True)
    most = np.where(np.isinf(most), most.dtype.type(0), most)
    return np.log(sum_along(np.exp(array - most), over, True)) + most
