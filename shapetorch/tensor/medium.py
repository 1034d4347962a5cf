"""The way of tensors that are not small, but too small for several threads: a kernel, into fresh memory.

It stands between the fast way (`fast`), which leaves such tensors to what is made here where there is a
kernel, and the general one, which it asks in all other cases.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.fast import FLOAT32, FLOAT64, INT64, LARGE, ROW_KERNELS
from shapetorch.tensor.kernels import find
from shapetorch.tensor.modes import INFERENCE
from shapetorch.tensor.quiet import run
from shapetorch.tensor.tensors import Array, Tensor, wrap

empty = np.empty


def medium_binary(
    compute: Any, general: Callable[..., Any], recorded: Callable[..., Any], integers: bool
) -> Callable[..., Any]:
    """`general`, with a shorter way for a matrix and a row or column; see `fast.fast_binary`.

    NumPy adds those row by row. Operands of other shapes, and numbers, are left to it.
    """
    name = ROW_KERNELS.get(compute)
    if name is None:
        return general
    also = INT64 if integers else FLOAT32

    def function(input: Any, other: Any, *, out: Tensor | None = None) -> Any:
        if out is not None:
            return general(input, other, out=out)
        found = None if INFERENCE else _computed(compute, name, also, input, other)
        if found is None:
            return general(input, other)
        made = wrap(found)
        if input._meta is None and (other.__class__ is float or other._meta is None):
            return made
        return recorded(made, input, other)

    return function


def _computed(compute: Any, name: str, also: Any, input: Any, other: Any) -> Array | None:
    """The result for two tensors, or a tensor and a number; None if one is large, or anything else.

    Both are of float32, float64 or the dtype `also`.
    """
    if input.__class__ is not Tensor or input._stored.size >= LARGE:
        return None
    array = input._array
    kind = array.dtype
    if kind is not FLOAT32 and kind is not FLOAT64 and kind is not also:
        return None
    value: Any = other
    if other.__class__ is Tensor:
        value = other._array
        if value.dtype is not kind or value.size >= LARGE:
            return None
        if array.shape != value.shape:
            made = _with_line(name, array, value)
            if made is not None:
                return made
    elif other.__class__ is not float or kind is INT64:
        return None
    try:
        return run(compute, array, value)  # type: ignore[no-any-return]
    except (RuntimeError, ValueError):
        return None


def _with_line(name: str, array: Array, value: Array) -> Array | None:
    """What a kernel makes of a matrix and a row or column; None if they are not."""
    if array.size < value.size:
        if name not in ("add", "mul"):
            return None
        array, value = value, array
    shape, width = array.shape, array.shape[-1] if array.ndim > 1 else 0
    if value.size == width and value.ndim and value.shape[-1] == width:
        form = "row"
    elif value.ndim == array.ndim and width and value.shape == (*shape[:-1], 1):
        form = "column"
    else:
        return None
    if name == "sub":
        name, value = "add", np.negative(value)
    kernel = find(f"{name}_{form}", array)
    if kernel is None or not (array.flags.c_contiguous and value.flags.c_contiguous):
        return None
    made = empty(shape, array.dtype)
    kernel(array.reshape(-1, width), value.ravel(), made.reshape(-1, width))
    return made
