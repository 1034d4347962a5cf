"""Running sums, products and extremes along a dim."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.compute import by_rows
from shapetorch.tensor.dtypes import FLOATING, NARROW, dtype
from shapetorch.tensor.histories import records
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.extremes import refuse
from shapetorch.tensor.ops.reductions import converted
from shapetorch.tensor.picking import place
from shapetorch.tensor.reducing import accumulated, one_dim, place_of
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.shortcuts import Shortcut
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.tape import attach_one, record, record_all, record_rows
from shapetorch.tensor.tensors import Array, Tensor, in_rows, wrap


def _scan(function: Any, array: Array, axis: int) -> Array:
    if not array.ndim:
        return array.copy()
    kind = array.dtype
    if kind == np.bool_ and array.size:
        raise NotImplementedError(f"\"{function.__name__}\" not implemented for 'Bool'")
    if kind in NARROW:
        return np.asarray(MODES.quiet(function, array.astype(np.float32), axis)).astype(kind)
    found = MODES.quiet(function, array, axis, _WIDER.get(kind.char, kind))
    return np.asarray(MODES.quiet(found.astype, kind, copy=False))


_WIDER = {"f": np.float64, "F": np.complex128}
"""In which dtype results are added up, whose errors would grow with the number of elements."""


def cumsum_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element counts in all later sums."""
    return reversed_cumsum(grad, node.axis)


def reversed_cumsum(tensor: Tensor, axis: int) -> Tensor:
    """For each place the sum from there to the end."""
    array = tensor._array
    if not array.ndim:
        return tensor
    turned = np.flip(array, axis)
    result = np.ascontiguousarray(np.flip(_scan(np.cumsum, turned, axis), axis))
    return record(result, (tensor,), reversed_cumsum_backward, axis=axis)


def reversed_cumsum_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element counts in all earlier sums."""
    return cumsum(grad, node.axis)


_at_once = Shortcut("rows", kernel="cumsum_rows", form="mm")


@operation(methods=("cumsum",), inplace=True, out="dtype")
def cumsum(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The sums of the elements up to each place of a dim.

    Args:
        input: Any shape.
        dim: The dim.
        dtype: Of the result, and of the elements before they are added; int64 for integers if None.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    if dtype is None and (call := _at_once.call) is not None:
        made: Tensor | None = call(input, dim)
        if made is not None:
            if input._meta is not None and records(input):
                node = attach_one(made, input, cumsum_backward, False, False)
                node.__dict__["axis"] = made.ndim - 1
            return made
    axis = one_dim("cumsum", input, dim)
    array = converted(input._array, accumulated(input, dtype))
    if axis == array.ndim - 1 and (rows := by_rows("cumsum_rows", array)) is not None:
        return record_rows(rows, (input,), cumsum_backward, axis=axis)
    return record_rows(_scan(np.cumsum, array, axis), (input,), cumsum_backward, axis=axis)


def cumprod_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element is a factor of all later products; where some are zero, the long way round."""
    input, result = node.saved
    axis = node.axis
    if not input._array.ndim:
        return grad
    if not np.any(input._array == 0):
        return reversed_cumsum(grad * conjugate(result), axis) / conjugate(input)  # type: ignore[no-any-return]
    return _cumprod_gradient_with_zeros(input, grad, axis)


def _cumprod_gradient_with_zeros(input: Tensor, grad: Tensor, axis: int) -> Tensor:
    """``dx[i] = sum over j >= i of dy[j] * product of x[k], k <= j, k != i``, place by place."""
    cat = OPERATIONS["cat"].function
    count = input._array.shape[axis]
    parts = []
    before: Any = None  # the product of what comes before i
    for i in range(count):
        one = wrap(np.ones_like(input._array.take([0], axis)))
        rest = input.narrow(axis, i + 1, count - i - 1)
        products = cat((one, rest), axis).cumprod(axis)
        if before is not None:
            products = products * before
        from_here = grad.narrow(axis, i, count - i)
        parts.append((from_here * conjugate(products)).sum(axis, keepdim=True))
        here = input.narrow(axis, i, 1)
        before = here if before is None else before * here
    return cat(tuple(parts), axis)  # type: ignore[no-any-return]


@operation(methods=("cumprod",), inplace=True, out="dtype")
def cumprod(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The products of the elements up to each place of a dim; see `cumsum`."""
    axis = one_dim("cumprod", input, dim)
    array = converted(input._array, accumulated(input, dtype))
    return record_rows(
        _scan(np.cumprod, array, axis), (input,), cumprod_backward, (input, RESULT), axis=axis
    )


# -- extremes so far ----------------------------------------------------------------------------------

CumMax = result_type("cummax", "values", "indices")
CumMin = result_type("cummin", "values", "indices")


def running_backward(node: Any, grad: Tensor, _: Any = None) -> Tensor:
    """The gradients go to the elements that were the extreme."""
    return place(grad, node.indices, node.axis, node.metas[0][0], unique=False)


def _running(
    name: str, function: Any, kind: type[ResultType], input: Tensor, dim: int
) -> ResultType:
    judged(name, input, dim)
    axis = place_of(dim, input)
    array = input._array
    if not array.ndim or not array.size:
        indices = np.zeros(array.shape, np.int64)
        facts: dict[str, Any] = {"called": name, "indices": indices, "axis": axis}
        return kind(record_all((array.copy(), indices), (input,), running_backward, **facts))
    refuse(f"{name}_cpu", input, "c")
    wide = array.astype(np.float32) if array.dtype in NARROW else array
    values = function.accumulate(wide, axis=axis)
    numbers = np.arange(array.shape[axis]).reshape([-1] + [1] * (array.ndim - 1 - axis))
    is_extreme = wide == values
    if wide.dtype.kind == "f":
        is_extreme |= np.isnan(wide)
    indices = np.maximum.accumulate(np.where(is_extreme, numbers, 0), axis=axis)
    values, indices = in_rows(values.astype(array.dtype, copy=False)), in_rows(indices)
    facts = {"called": name, "indices": indices, "axis": axis}
    return kind(record_all((values, indices), (input,), running_backward, **facts))


@operation(methods=("cummax",), out=True)
def cummax(input: Tensor, dim: int) -> ResultType:
    """The largest elements up to each place of a dim, and the indices of the last of equal ones."""
    return _running("cummax", np.maximum, CumMax, input, dim)


@operation(methods=("cummin",), out=True)
def cummin(input: Tensor, dim: int) -> ResultType:
    """The smallest elements up to each place of a dim, and the indices of the last of equal ones."""
    return _running("cummin", np.minimum, CumMin, input, dim)


# -- logarithms of sums -------------------------------------------------------------------------------


def logcumsumexp_backward(node: Any, grad: Tensor) -> Tensor:
    """``sum over i >= j of g[i] * exp(x[j] - result[i])``."""
    input, result = node.saved
    return _sums_after(grad, input, result, node.axis) if input._array.size else grad


def _sums_after(grad: Tensor, input: Tensor, result: Tensor, axis: int) -> Tensor:
    """The gradient of ``logcumsumexp``, with its own: it is linear in `grad`, whose elements may be 0."""
    start, end = np.conj(-result._array), np.conj(input._array)
    value = _weighted(grad._array, start, end, axis, True)
    inputs = (grad, input, result)
    return record(value, inputs, sums_after_backward, (*inputs, RESULT), axis=axis)


def sums_after_backward(node: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The adjoint sums; ``exp`` of each place is in all of its sums."""
    before, input, result, sums = node.saved
    back = _sums_before(grad, input, result, node.axis)
    return back, conjugate(grad) * sums, -before * conjugate(back)


def _sums_before(grad: Tensor, input: Tensor, result: Tensor, axis: int) -> Tensor:
    """``sum over j <= i of g[j] * exp(x[j] - result[i])``: the adjoint of `_sums_after`."""
    value = _weighted(grad._array, input._array, -result._array, axis, False)
    inputs = (grad, input, result)
    return record(value, inputs, sums_before_backward, (*inputs, RESULT), axis=axis)


def sums_before_backward(node: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See `sums_after_backward`."""
    before, input, result, sums = node.saved
    back = _sums_after(grad, input, result, node.axis)
    return back, conjugate(before) * back, -grad * conjugate(sums)


def _weighted(values: Array, start: Array, end: Array, axis: int, from_the_end: bool) -> Array:
    """``cumsum(values * exp(start)) * exp(end)``, in logarithms so that nothing overflows."""
    kind = values.dtype
    if kind in NARROW:
        values, start, end = (array.astype(np.float32) for array in (values, start, end))
    if not values.ndim:
        return np.asarray(values * np.exp(start + end)).astype(kind, copy=False)
    if from_the_end:
        values, start = np.flip(values, axis), np.flip(start, axis)

    add_up = (
        _complex_logcumsumexp
        if kind.kind == "c"
        else lambda array, axis: np.logaddexp.accumulate(array, axis=axis)
    )

    def sums(logarithms: Array) -> Array:
        found = add_up(logarithms + start, axis)
        made: Array = np.exp((np.flip(found, axis) if from_the_end else found) + end)
        return made

    with np.errstate(all="ignore"):
        if kind.kind == "c":
            return sums(np.log(values))
        size, least = np.log(np.abs(values)), np.finfo(values.dtype).min
        up, down = np.where(values > 0, size, least), np.where(values < 0, size, least)
        return (sums(up) - sums(down)).astype(kind, copy=False)


@operation(methods=("logcumsumexp",), out="same dtype")
def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """``log(cumsum(exp(input)))`` along a dim, without overflow.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    axis = one_dim("logcumsumexp", input, dim)
    array = input._array
    if input.dtype.category < FLOATING:
        raise NotImplementedError(f'"logcumsumexp_out_cpu" not implemented for {input.dtype}')
    if not array.ndim or not array.size:
        result = array.copy()
    else:
        wide = array.astype(
            np.float32 if array.dtype in NARROW else _WIDER.get(array.dtype.char, array.dtype)
        )
        with np.errstate(all="ignore"):
            if wide.dtype.kind == "c":
                result = _complex_logcumsumexp(wide, axis)
            else:
                result = np.logaddexp.accumulate(wide, axis=axis)
    result = result.astype(array.dtype, copy=False)
    return record_rows(result, (input,), logcumsumexp_backward, (input, RESULT), axis=axis)


def _complex_logcumsumexp(array: Array, axis: int) -> Array:
    rows = np.moveaxis(array, axis, 0)
    result = np.empty_like(rows)
    result[0] = rows[0]
    for number in range(1, len(rows)):
        before, here = result[number - 1], rows[number]
        larger = np.where(before.real >= here.real, before, here)
        smaller = np.where(before.real >= here.real, here, before)
        both = larger + np.log1p(np.exp(smaller - larger))
        result[number] = np.where(np.isneginf(larger.real), larger, both)
    return np.ascontiguousarray(np.moveaxis(result, 0, axis))
