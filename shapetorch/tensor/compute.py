"""Running element-wise functions over arrays: NumPy, or a compiled kernel where that is faster.

The kernels are another matter (`kernels`); this is the one place that chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.tensors import Array


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
    for array in arrays:
        if array.dtype in NARROW:
            return _in_float32(function, arrays, array.dtype, out)
    with np.errstate(all="ignore"):
        if out is None:
            return np.asarray(function(*arrays))
        if isinstance(function, np.ufunc):
            function(*arrays, out=out)
        else:
            out[...] = function(*arrays)
    return out


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
