"""Softmax and its logarithm along a dim."""

from __future__ import annotations

import warnings
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import buffers, kernels
from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.array_gradients import kept_array, on_arrays, refused
from shapetorch.tensor.compute import by_rows, elementwise
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.entries import Entries
from shapetorch.tensor.histories import records
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import operation
from shapetorch.tensor.pointwise import refuse
from shapetorch.tensor.shortcuts import Shortcut
from shapetorch.tensor.slopes import kept
from shapetorch.tensor.tape import attach_one, record
from shapetorch.tensor.tensors import Array, Tensor, wrap
from shapetorch.tensor.threads import GRAIN, split


def softmax_backward(node: Any, grad: Tensor) -> Tensor:
    """``d softmax(x) = s * (dx - sum(s * dx))``."""
    result = kept(node)
    made = _at_once("softmax_rows_backward", node, grad, result)
    if made is not None:
        return made
    weighted = grad * result
    total: Tensor = weighted.sum(node.dim, True)
    return weighted - result * total


def log_softmax_backward(node: Any, grad: Tensor) -> Tensor:
    """``d log_softmax(x) = dx - softmax(x) * sum(dx)``."""
    result = kept(node)
    made = _at_once("log_softmax_rows_backward", node, grad, result)
    if made is not None:
        return made
    total: Tensor = result.exp() * grad.sum(node.dim, True)
    return grad - total


def _at_once(kernel: str, node: Any, grad: Tensor, result: Tensor) -> Tensor | None:
    """The gradient by a kernel, where it need not itself be differentiated and the dim is the last."""
    if MODES.grad:
        return None
    arrays = grad._array, result._array
    if node.dim in (-1, arrays[1].ndim - 1):
        made = by_rows(kernel, *arrays)
    else:
        is_log = kernel.startswith("log")
        made = _by_columns("softmax_columns_backward", arrays, node.dim, is_log)
    return None if made is None else wrap(made)


def _by_columns(name: str, arrays: tuple[Array, ...], dim: int, logs: bool) -> Array | None:
    """The result of a kernel along a dim that is not the last; None if there is none to use."""
    first = arrays[0]
    kernel = kernels.find(name, first, 1)
    if kernel is None or first.ndim < 2 or not all(item.flags.c_contiguous for item in arrays):
        return None
    if any(item.dtype != first.dtype or item.shape != first.shape for item in arrays):
        return None
    place = dim % first.ndim
    made = buffers.empty(first.shape, first.dtype)
    threes = (prod(first.shape[:place]), first.shape[place], prod(first.shape[place + 1 :]))
    columns = [item.reshape(threes) for item in (*arrays, made)]

    def part(start: int, end: int) -> None:
        room = np.empty((2, threes[2]), first.dtype)
        given = [item[start:end] for item in columns]
        kernel(*given[:-1], logs, room, given[-1])

    split(part, threes[0], max(1, GRAIN // max(threes[1] * threes[2], 1)))
    return made


@on_arrays(softmax_backward)
def _softmax_backward(node: Any, grad: Array) -> Array:
    return _small_gradient(_SOFTMAX_BACKWARD, node, grad)


@on_arrays(log_softmax_backward)
def _log_softmax_backward(node: Any, grad: Array) -> Array:
    return _small_gradient(_LOG_SOFTMAX_BACKWARD, node, grad)


def _small_gradient(entries: Entries, node: Any, grad: Array) -> Array:
    kind = grad.dtype
    result = kept_array(node, kind)
    entry = entries[kind]
    if entry is None or node.dim not in (-1, grad.ndim - 1) or not grad.flags.carray:
        raise refused()
    if not grad.size or not grad.ndim or not result.flags.carray:
        raise refused()
    made = np.empty(grad.shape, kind)
    if grad.ndim == 2:
        entry(grad, result, made)
    else:
        width = grad.shape[-1]
        entry(*[array.reshape(-1, width) for array in (grad, result, made)])
    return made


_softmax_at_once = Shortcut("rows", kernel="softmax_rows", form="mm")
_log_softmax_at_once = Shortcut("rows", kernel="log_softmax_rows", form="mm")
_SOFTMAX_BACKWARD = Entries("softmax_rows_backward", 2, 2, 2)
_LOG_SOFTMAX_BACKWARD = Entries("log_softmax_rows_backward", 2, 2, 2)


def _recorded(made: Tensor, input: Tensor, backward: Any, dim: int) -> Tensor:
    """The result that a kernel made, recorded if it is wanted."""
    if records(input):
        attach_one(made, input, backward, False, True).__dict__["dim"] = dim
    return made


def normalised(name: str, input: Tensor, dim: Any, kind: dtype | None) -> Tensor:
    """Softmax or log_softmax along a dim, of the tensor in another dtype if one is given."""
    tensor_argument(name, "input", input)
    if isinstance(dim, bool) or not hasattr(dim, "__index__"):
        raise TypeError(
            f"{name}(): argument 'dim' (position 2) must be int, not {type(dim).__name__}"
        )
    judged(name, input, int(dim))
    if kind is not None and kind is not input.dtype:
        input = input.to(kind)
    if input._array.size:
        refuse(name, input.dtype, "bic")
    compute = _softmax if name == "softmax" else _log_softmax
    backward = softmax_backward if name == "softmax" else log_softmax_backward
    place = dim if input._array.ndim else None
    array = np.asarray(input._array, order="C")  # as PyTorch's results lie in memory
    value = elementwise(lambda values: compute(values, place), array)
    return record(value, (input,), backward, (RESULT,), dim=dim)


def _softmax(values: Array, axis: int | None) -> Array:
    if not values.size:
        return values.copy()
    if axis in (-1, values.ndim - 1) and (rows := by_rows("softmax_rows", values)) is not None:
        return rows
    by_columns = None if axis is None else _by_columns("softmax_columns", (values,), axis, False)
    if by_columns is not None:
        return by_columns
    made = np.exp(values - values.max(axis=axis, keepdims=True))
    made /= made.sum(axis=axis, keepdims=True)
    return np.asarray(made)


def _log_softmax(values: Array, axis: int | None) -> Array:
    if not values.size:
        return values.copy()
    if axis in (-1, values.ndim - 1) and (rows := by_rows("log_softmax_rows", values)) is not None:
        return rows
    by_columns = None if axis is None else _by_columns("softmax_columns", (values,), axis, True)
    if by_columns is not None:
        return by_columns
    shifted = values - values.max(axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


@operation(methods=("softmax",), out="same dtype", aliases=("special.softmax",))
def softmax(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """``exp(input)`` divided by its sum along a dim.

    Args:
        input: The tensor.
        dim: The dim whose elements sum to 1.
        dtype: In which it is converted first.

    Raises:
        ShapeError: softmax_error_dim_out_of_range.
    """
    if dtype is None and (call := _softmax_at_once.call) is not None:
        made: Tensor | None = call(input, dim)
        if made is not None:
            return made if input._meta is None else _recorded(made, input, softmax_backward, dim)
    return normalised("softmax", input, dim, dtype)


@operation(methods=("log_softmax",), out="same dtype", aliases=("special.log_softmax",))
def log_softmax(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """The logarithm of `softmax`, without overflow.

    Raises:
        ShapeError: softmax_error_dim_out_of_range.
    """
    if dtype is None and (call := _log_softmax_at_once.call) is not None:
        made: Tensor | None = call(input, dim)
        if made is not None:
            if input._meta is None:
                return made
            return _recorded(made, input, log_softmax_backward, dim)
    return normalised("log_softmax", input, dim, dtype)


def _implicit_dim(name: str, input: Tensor) -> int:
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include "
        "dim=X as an argument.",
        UserWarning,
        stacklevel=3,
    )
    return 0 if tensor_argument(name, "input", input).ndim in (0, 1, 3) else 1


@operation("nn.functional.softmax")
def functional_softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: dtype | None = None
) -> Tensor:
    """``exp(input)`` divided by its sum along a dim."""
    if dim is None:
        dim = _implicit_dim("softmax", input)
    return softmax(input, dim, dtype)


@operation("nn.functional.log_softmax")
def functional_log_softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: dtype | None = None
) -> Tensor:
    """The logarithm of `softmax`, without overflow."""
    if dim is None:
        dim = _implicit_dim("log_softmax", input)
    return log_softmax(input, dim, dtype)


@operation(aliases=("nn.functional.softmin",))
def softmin(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: dtype | None = None
) -> Tensor:
    """`softmax` of the negative."""
    if dim is None:
        dim = _implicit_dim("softmin", input)
    return softmax(-input, dim, dtype)
