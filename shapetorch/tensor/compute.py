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
from shapetorch.tensor.fast import FLOAT32, FLOAT64, SMALL
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.tensors import Array
from shapetorch.tensor.threads import GRAIN, split

LARGE = 1 << 18
"""Elements from which a result is worth a buffer of its own and several threads."""


def elementwise(
    name: str, function: Callable[..., Any], *arrays: Array, out: Array | None = None
) -> Array:
    """``function(*arrays)``, where the arrays are of one dtype and broadcast.

    Args:
        name: The operation; a kernel of that name is used for large arrays.
        function: A NumPy function.
        arrays: The operands. Float16 and bfloat16 are computed in float32 and rounded; a number
            beside them is given as float32.
        out: Where the result goes, of its shape and dtype. It may be one of the operands, or
            overlap them.
    """
    first, last = arrays[0], arrays[-1]
    kind = first.dtype
    if (
        (kind is FLOAT32 or kind is FLOAT64)
        and last.dtype is kind
        and out is None
        and first.size <= SMALL
        and last.size <= SMALL
    ):
        return np.asarray(quietly(function, *arrays))
    for array in arrays:
        if array.dtype in NARROW:
            return _in_float32(function, arrays, array.dtype, out)
    if len(arrays) == 1:
        kernel = kernels.find(name, first)
        if kernel is not None and first.flags.c_contiguous and (out is None or out is first):
            return flat(kernel, first, out=out)
    with np.errstate(all="ignore"):
        if out is None:
            if first.size >= LARGE and isinstance(function, np.ufunc):
                return _large(function, arrays)
            return np.asarray(function(*arrays))
        if isinstance(function, np.ufunc):
            function(*arrays, out=out)
        else:
            out[...] = function(*arrays)
    return out


def flat(kernel: Callable[..., Any], *arrays: Array, out: Array | None = None) -> Array:
    """The result of a kernel ``kernel(*arrays, out)`` over flat arrays; all contiguous, of one shape."""
    first = arrays[0]
    made = buffers.empty(first.shape, first.dtype) if out is None else out
    rows = [array.reshape(-1) for array in (*arrays, made)]
    if first.size < 2 * GRAIN:
        kernel(*rows)
    else:
        split(lambda start, end: kernel(*[row[start:end] for row in rows]), first.size, GRAIN)
    return made


def _large(function: np.ufunc, arrays: tuple[Array, ...]) -> Array:
    """A NumPy function whose result goes into memory that is used again, cut along the first dim."""
    shape = arrays[0].shape
    for array in arrays[1:]:
        if array.shape != shape:
            shape = np.broadcast_shapes(shape, array.shape)
    made = buffers.empty(shape, _result_kind(function, arrays[0].dtype))
    if made.size < 2 * GRAIN or shape[0] == 1:
        function(*arrays, out=made)
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
