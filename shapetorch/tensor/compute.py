"""Running element-wise functions over arrays: NumPy, or a compiled kernel where that is faster.

The kernels are another matter (`kernels`); this is the one place that chooses. Large results go
into memory that is used again (`buffers`), and are computed by several threads (`threads`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from shapetorch.tensor import buffers, kernels
from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.fast import FLOAT32, FLOAT64, KERNELS_OF, LARGE, SMALL
from shapetorch.tensor.kernels import TABLE
from shapetorch.tensor.modes import INFERENCE
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.tensors import Array, Tensor, wrap
from shapetorch.tensor.threads import GRAIN, split


def elementwise(function: Callable[..., Any], *arrays: Array, out: Array | None = None) -> Array:
    """``function(*arrays)``, where the arrays are of one dtype and broadcast.

    Args:
        function: A NumPy function, or one of `compiled`: its kernel computes large arrays.
        arrays: The operands. Float16 and bfloat16 are computed in float32 and rounded; a number
            beside them is given as float32.
        out: Where the result goes, of its shape and dtype. It may be one of the operands, or
            overlap them.
    """
    first, last = arrays[0], arrays[-1]
    kind = first.dtype
    is_float = (kind is FLOAT32 or kind is FLOAT64) and getattr(last, "dtype", kind) is kind
    if is_float and out is None and first.size <= SMALL and np.size(last) <= SMALL:
        return np.asarray(quietly(function, *arrays))
    if not is_float:
        for array in arrays:
            if array.dtype in NARROW:
                return _in_float32(function, arrays, array.dtype, out)
    if (name := KERNELS_OF.get(function)) is not None and (out is None or out is first):
        value = _by_kernel(name, arrays, out)
        if value is not None:
            return value
    if out is None:
        if first.size >= LARGE and isinstance(function, np.ufunc):
            return _large(function, arrays)
        return np.asarray(quietly(function, *arrays))
    # NumPy's own negative of elements with gaps is wrong on some processors if the result has gaps, too
    if isinstance(function, np.ufunc) and (function is not np.negative or out.flags.c_contiguous):
        quietly(function, *arrays, out)
    else:
        out[...] = quietly(function, *arrays)
    return out


def _by_kernel(name: str, arrays: tuple[Array, ...], out: Array | None) -> Array | None:
    """What a kernel makes of one array, or of two that broadcast; None if there is none to use."""
    first, last = arrays[0], arrays[-1]
    kernel = kernels.find(name, first if first.size >= last.size else last)
    if kernel is None:
        return None
    if first is last:
        return flat(kernel, first, out=out) if first.flags.c_contiguous else None
    shape = np.broadcast_shapes(first.shape, last.shape)
    if out is not None and out.shape != shape:
        return None
    spread = [
        array if not array.ndim or array.shape == shape else np.broadcast_to(array, shape)
        for array in arrays
    ]
    return flat(kernel, *(np.ascontiguousarray(array) for array in spread), out=out)


def compiled(
    name: str, function: Callable[[Array], Any], smallest: int = 1
) -> Callable[[Array], Any]:
    """A function of NumPy calls, or its kernel: one call, which pays for small arrays too.

    Args:
        name: Of the kernel.
        function: The function by NumPy.
        smallest: Elements from which the kernel is faster.
    """

    def compute(array: Array) -> Any:
        if array.size < smallest:
            return function(array)
        kernel = TABLE.get(name)
        if kernel is None or array.dtype is not FLOAT32 or not array.flags.c_contiguous:
            kernel = kernels.find(name, array, 1)
            if kernel is None or not array.flags.c_contiguous:
                return function(array)
        out = np.empty(array.shape, array.dtype)
        kernel(array.ravel(), out.ravel())
        return out

    KERNELS_OF[compute] = name
    return compute


def small_ends(name: str, input: Any, dim: Any, *numbers: float) -> Tensor | None:
    """One number for each row (or, with dim 0, column) of a matrix without gradient, by a kernel.

    Args:
        name: Of the kernel for rows; that for columns ends in ``_columns``.
        input: The tensor.
        dim: The dim that is reduced.
        numbers: Further arguments of the kernel.

    Returns:
        None if something is otherwise, or there is no kernel.
    """
    if input.__class__ is not Tensor or input._meta is not None or INFERENCE:
        return None
    array = input._array
    if array.ndim != 2 or dim.__class__ is not int:
        return None
    kind = array.dtype
    is_rows = dim in (1, -1)
    if not is_rows:
        name = f"{name.removesuffix('_rows')}_columns"
    kernel = TABLE.get(name)
    if (
        kernel is None
        or dim not in (0, 1, -1, -2)
        or (kind is not FLOAT32 and kind is not FLOAT64)
        or not array.size
        or not array.flags.c_contiguous
    ):
        return None
    made = np.empty(array.shape[0 if is_rows else 1], kind)
    if numbers:
        kernel(array, *[kind.type(number) for number in numbers], made)
    else:
        kernel(array, made)
    return wrap(made)


def by_rows(name: str, *arrays: Array, smallest: int = 1) -> Array | None:
    """The result of a kernel over rows, ``kernel(*arrays, out)``; None if there is none to use.

    Args:
        name: Of the kernel.
        arrays: Operands of one shape and dtype; their last dim is the row.
        smallest: Elements from which the kernel is faster than NumPy.
    """
    first = arrays[0]
    kernel = kernels.find(name, first, smallest)
    if kernel is None or not first.ndim or not all(array.flags.c_contiguous for array in arrays):
        return None
    width = first.shape[-1]
    made = buffers.empty(first.shape, first.dtype)
    rows = [array.reshape(-1, width) for array in (*arrays, made)]
    split(
        lambda start, end: kernel(*[row[start:end] for row in rows]),
        len(rows[0]),
        max(1, GRAIN // width),
    )
    return made


def flat(
    kernel: Callable[..., Any],
    *arrays: Array,
    numbers: tuple[Any, ...] = (),
    out: Array | None = None,
) -> Array:
    """The result of a kernel ``kernel(*arrays, *numbers, out)``.

    All are contiguous and of one shape, or single elements; the last is of the result's dtype.
    """
    model = max(arrays, key=np.size) if len(arrays) > 1 else arrays[0]
    made = buffers.empty(model.shape, arrays[-1].dtype) if out is None else out
    rows, target = [array.reshape(-1) for array in arrays], made.reshape(-1)
    size = model.size
    if size < 2 * GRAIN:
        kernel(*rows, *numbers, target)
    else:

        def part(start: int, end: int) -> None:
            parts = [row if row.size < size else row[start:end] for row in rows]
            kernel(*parts, *numbers, target[start:end])

        split(part, size, GRAIN)
    return made


def _large(function: np.ufunc, arrays: tuple[Array, ...]) -> Array:
    """A NumPy function whose result goes into memory that is used again, cut along the first dim."""
    shape = arrays[0].shape
    for array in arrays[1:]:
        if array.shape != shape:
            shape = np.broadcast_shapes(shape, array.shape)
    made = buffers.empty(shape, _result_kind(function, arrays[0].dtype))
    if made.size < 2 * GRAIN or shape[0] == 1:
        quietly(function, *arrays, made)
        return made
    rank = len(shape)
    cut = [array.ndim == rank and array.shape[0] == shape[0] for array in arrays]

    def part(start: int, end: int) -> None:
        with np.errstate(all="ignore"):  # each thread has its own
            pieces = [
                array[start:end] if is_cut else array
                for array, is_cut in zip(arrays, cut, strict=True)
            ]
            function(*pieces, out=made[start:end])

    split(part, shape[0], max(1, GRAIN * shape[0] // made.size))
    return made


@cache
def _result_kind(function: np.ufunc, kind: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype that a NumPy function gives of operands of one dtype."""
    return function.resolve_dtypes((*[kind] * function.nin, *[None] * function.nout))[-1]


def _in_float32(
    function: Callable[..., Any],
    arrays: tuple[Array, ...],
    kind: np.dtype[Any],
    out: Array | None,
) -> Array:
    with np.errstate(all="ignore"):
        result = np.asarray(function(*(array.astype(np.float32, copy=False) for array in arrays)))
        if out is None:
            return result.astype(kind) if result.dtype == np.float32 else result
        out[...] = result
    return out
