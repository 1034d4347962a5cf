"""The largest and smallest elements, and where they are.

NaN counts as larger and smaller than everything, so it is always found. Of equal elements the
first is chosen where an index is given; where none is, they share the gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.arguments import single, tensor_argument
from shapetorch.tensor.compute import small_ends
from shapetorch.tensor.dtypes import COMPLEX, NARROW
from shapetorch.tensor.histories import recording
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import INFERENCE, MODES
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import OPERATIONS, operation, write_all, write_out
from shapetorch.tensor.picking import place, take_along
from shapetorch.tensor.reducing import dims_of, kept, place_of, spread
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.shortcuts import Shortcut
from shapetorch.tensor.sums import kept_shape
from shapetorch.tensor.tape import attach, record_rows
from shapetorch.tensor.tensors import Array, Tensor, in_rows, meta_of, wrap

_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
SMALL = 1 << 13
"""Elements up to which looking for the place of an extreme is cheaper than reducing to it."""


def refuse(name: str, input: Tensor, kinds: str) -> None:
    """Raise for dtypes in which an operation has no meaning.

    Args:
        name: The operation.
        input: Its operand.
        kinds: Of these: "b" for bool, "c" for complex.
    """
    category = input.dtype.category
    if (category == COMPLEX and "c" in kinds) or (category == 0 and "b" in kinds):
        raise NotImplementedError(f'"{name}" not implemented for {input.dtype}')


# -- values -------------------------------------------------------------------------------------------


def shared_backward(node: Any, grad: Tensor) -> Tensor:
    """Equal elements share the gradient."""
    input, result = node.saved
    value = kept(result, input._array.shape, node.over, node.keepdim)._array
    found = input._array == value
    if np.isnan(value).any() if value.dtype.kind == "f" else False:
        found |= np.isnan(input._array) & np.isnan(value)
    count = np.add.reduce(found, axis=node.over, keepdims=True, dtype=grad._array.dtype)
    with np.errstate(all="ignore"):
        weights = found / count
    return spread(grad, node) * wrap(np.asarray(weights, grad._array.dtype))


def _extreme(
    name: str, function: Any, input: Tensor, dim: Any, keepdim: bool, over: tuple[int, ...]
) -> Tensor:
    array = input._array
    if array.size:  # of nothing, nothing is compared
        refuse(name, input, "c")
    if (made := _of_rows(function, array, over)) is not None:
        result = made.reshape(kept_shape(array.shape, over)) if keepdim else made
    elif array.dtype in NARROW:
        result = function(array.astype(np.float32), axis=over, keepdims=keepdim).astype(array.dtype)
    else:
        result = function(array, axis=over, keepdims=keepdim)
    facts = {"called": name, "over": over, "keepdim": keepdim}
    return record_rows(np.asarray(result), (input,), shared_backward, (input, RESULT), **facts)


_most_at_once = Shortcut("rows", kernel="max_rows", whole=SMALL)
_least_at_once = Shortcut("rows", kernel="min_rows", whole=SMALL)


def _small(largest: bool, array: Array, dim: Any) -> Array | None:
    """The extremes of a small float array, of all elements or along a dim of a matrix; None otherwise."""
    kind = array.dtype
    if (kind is not _FLOAT32 and kind is not _FLOAT64) or not 0 < array.size <= SMALL:
        return None
    if dim is None:
        return np.asarray(array.item(array.argmax() if largest else array.argmin()), kind)
    if dim.__class__ is not int or array.ndim != 2 or not -3 < dim < 2:
        return None
    return np.asarray((np.maximum if largest else np.minimum).reduce(array, dim))


def _of_rows(function: Any, array: Array, over: tuple[int, ...]) -> Array | None:
    """The extremes along the last dims by a kernel; None if there is none to use."""
    first = array.ndim - len(over)
    if over != tuple(range(first, array.ndim)) or not array.flags.c_contiguous:
        return None
    kernel = kernels.find("max_rows" if function == np.maximum.reduce else "min_rows", array)
    if kernel is None:
        return None
    result = np.empty(array.shape[:first], array.dtype)
    kernel(array.reshape(result.size, -1), result.reshape(-1))
    return result


def amax_backward(node: Any, grad: Tensor) -> Tensor:
    """Equal elements share the gradient."""
    return shared_backward(node, grad)


@operation(methods=("amax",), out="same dtype")
def amax(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The largest elements along dims; see `max`."""
    if keepdim is False and (call := _most_at_once.call) is not None:
        found: Tensor | None = call(input, dim)
        if found is not None and input._meta is None:
            return found
    if isinstance(input, Tensor) and input._meta is None and not keepdim and not INFERENCE:
        made = _small(True, input._array, dim)
        if made is not None:
            return wrap(made)
    if not keepdim and (quick := small_ends("max_rows", input, dim)) is not None:
        return quick
    judged("amax", input, dim, keepdim)
    return _extreme("amax", np.maximum.reduce, input, dim, keepdim, dims_of("amax", input, dim))


@operation(methods=("amin",), out="same dtype")
def amin(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The smallest elements along dims; see `min`."""
    if keepdim is False and (call := _least_at_once.call) is not None:
        found: Tensor | None = call(input, dim)
        if found is not None and input._meta is None:
            return found
    if isinstance(input, Tensor) and input._meta is None and not keepdim and not INFERENCE:
        made = _small(False, input._array, dim)
        if made is not None:
            return wrap(made)
    if not keepdim and (quick := small_ends("min_rows", input, dim)) is not None:
        return quick
    judged("amin", input, dim, keepdim)
    return _extreme("amin", np.minimum.reduce, input, dim, keepdim, dims_of("amin", input, dim))


AMinMax = result_type("aminmax", "min", "max")


@operation(methods=("aminmax",), out=True)
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> ResultType:
    """Both extremes, along a dim or of all elements: ``(min, max)``."""
    judged("aminmax", input, dim=dim, keepdim=keepdim)
    over = dims_of("aminmax", input, dim)
    least = _extreme("aminmax", np.minimum.reduce, input, dim, keepdim, over)
    most = _extreme("aminmax", np.maximum.reduce, input, dim, keepdim, over)
    return AMinMax((least, most))


# -- places -------------------------------------------------------------------------------------------


def _comparable(array: Array) -> Array:
    return array.astype(np.float32) if array.dtype in NARROW else array


def _argument(name: str, method: str, input: Tensor, dim: int | None, keepdim: bool) -> Tensor:
    tensor_argument(name, "input", input)
    array = input._array
    kind = array.dtype
    if (kind is _FLOAT32 or kind is _FLOAT64) and array.size and not keepdim:
        if dim is None:
            return wrap(np.asarray(getattr(array, method)()))
        if dim.__class__ is int and -array.ndim <= dim < array.ndim and array.ndim > 1:
            return wrap(getattr(array, method)(dim))
    refuse(f"{name}_cpu", input, "bc")
    if dim is not None or not array.size:
        judged(name, input, dim, keepdim)
    find = getattr(_comparable(array), method)
    if dim is None:
        result = np.asarray(find())
        return wrap(result.reshape((1,) * array.ndim) if keepdim else result)
    if not array.ndim:
        return wrap(np.zeros((), np.int64))
    return wrap(np.asarray(find(axis=dim, keepdims=keepdim)))


@operation(methods=("argmax",), out="same dtype")
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The index of the first largest element along a dim, or in the flattened tensor."""
    return _argument("argmax", "argmax", input, dim, keepdim)


@operation(methods=("argmin",), out="same dtype")
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The index of the first smallest element along a dim, or in the flattened tensor."""
    return _argument("argmin", "argmin", input, dim, keepdim)


# -- values and places --------------------------------------------------------------------------------


def value_backward(node: Any, grad: Tensor, _: Any = None) -> Tensor:
    """The gradient goes to the element that was chosen."""
    grad = grad if node.keepdim or not node.metas[0][0] else grad.unsqueeze(node.axis)
    return place(grad, node.indices, node.axis, node.metas[0][0])


def selected(
    kind: type[ResultType], input: Tensor, indices: Array, axis: int, keepdim: bool
) -> ResultType:
    """The elements at `indices` (size 1 at `axis`) and the indices, as a result with names."""
    array = take_along(input._array, indices, axis)
    shown = indices
    if not keepdim and input._array.ndim:
        array = array.reshape(array.shape[:axis] + array.shape[axis + 1 :])
        shown = indices.reshape(array.shape)
    made = [wrap(in_rows(array)), wrap(in_rows(shown))]
    if input._meta is not None and recording((input,)):
        called = kind.__name__.rpartition(".")[2]
        facts = {"called": called, "axis": axis, "keepdim": keepdim, "indices": indices}
        node = attach(made, (input,), value_backward, (), facts)
        node.backward = value_backward
    elif INFERENCE and MODES.inference:
        for item in made:
            meta_of(item).inference = True
    return kind(made)


def _along(
    name: str, method: str, kind: type[ResultType], input: Tensor, dim: int, keepdim: bool
) -> ResultType:
    array = input._array
    if input._meta is None and not INFERENCE and not keepdim:
        made = _small(name == "max", array, dim)
        if made is not None:
            return kind((wrap(made), wrap(getattr(array, method)(dim))))
    judged(name, input, dim, keepdim)
    refuse(name, input, "c")
    axis = place_of(dim, input)
    if not array.ndim:
        return selected(kind, input, np.zeros((), np.int64), 0, keepdim)
    indices = getattr(_comparable(array), method)(axis=axis, keepdims=True)
    return selected(kind, input, indices, axis, keepdim)


def _all(name: str, function: Any, input: Tensor) -> Tensor:
    array = input._array
    if not array.size:
        judged(name, input)
    return _extreme(name, function, input, None, False, tuple(range(array.ndim)))


def max_backward(node: Any, grad: Tensor) -> Tensor:
    """Equal elements share the gradient."""
    return shared_backward(node, grad)


Max = result_type("max", "values", "indices")
Min = result_type("min", "values", "indices")


def _dispatch(
    name: str,
    elementwise: str,
    function: Any,
    kind: type[ResultType],
    call: tuple[Any, Any, Any, Any],
    out: Any,
) -> Any:
    input, dim, keepdim, other = call
    tensor_argument(name, "input", input)
    if other is not None:
        single(name, dim=dim, other=other)
    elif isinstance(dim, Tensor):
        dim, other = None, dim
    if other is not None and keepdim:
        raise TypeError(f"{name}(): argument 'keepdim' has no meaning for two tensors")
    result: Any
    if other is not None:
        binary: Callable[..., Any] = OPERATIONS[elementwise].function
        result = binary(input, other)
    elif dim is None:
        if keepdim:
            raise TypeError(f"{name}(): argument 'dim' is missing beside 'keepdim'")
        result = _all(name, function, input)
    else:
        result = _along(name, f"arg{name}", kind, input, dim, keepdim)
        if out is not None:
            return write_all(name, out, result, (input,))
    return result if out is None else write_out(name, out, result, (input, other))


@operation(methods=("max",))
def max(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None, out: Any = None
) -> Any:
    """The largest element; or those along a dim, with their indices; or the larger of two tensors'.

    Args:
        input: Any shape, not empty.
        dim: A dim, or a second tensor (then the result is ``maximum(input, dim)``).
        keepdim: Whether the dim stays, with size 1.
        other: The second tensor, by name.
        out: Where the result is written to: a tensor, or two.

    Returns:
        A 0-D tensor; with a dim ``(values, indices)``, the first index of equal elements. NaN counts
        as the largest.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty, reduction_error_no_elements.
    """
    if (
        dim is None
        and other is None
        and out is None
        and not keepdim
        and input.__class__ is Tensor
        and input._meta is None
        and not INFERENCE
    ):
        made = _small(True, input._array, None)
        return wrap(made) if made is not None else _all("max", np.maximum.reduce, input)
    call = (input, dim, keepdim, other)
    return _dispatch("max", "maximum", np.maximum.reduce, Max, call, out)


@operation(methods=("min",))
def min(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None, out: Any = None
) -> Any:
    """The smallest element; or those along a dim, with their indices; or the smaller of two tensors'.

    See `max`.
    """
    if (
        dim is None
        and other is None
        and out is None
        and not keepdim
        and input.__class__ is Tensor
        and input._meta is None
        and not INFERENCE
    ):
        made = _small(False, input._array, None)
        return wrap(made) if made is not None else _all("min", np.minimum.reduce, input)
    call = (input, dim, keepdim, other)
    return _dispatch("min", "minimum", np.minimum.reduce, Min, call, out)
