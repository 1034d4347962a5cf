"""Running element-wise functions over arrays: NumPy, or a compiled kernel where that is faster.

The kernels are another matter (`kernels`); this is the one place that chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.tensors import Array


def elementwise(name: str, function: Callable[..., Any], *arrays: Array) -> Array:
    """``function(*arrays)``, where the arrays are of one dtype and broadcast.

    Args:
        name: The operation; a kernel of that name is used for large arrays.
        function: A NumPy function.
        arrays: The operands. Float16 and bfloat16 are computed in float32 and rounded.
    """
    kind = arrays[0].dtype
    with np.errstate(all="ignore"):
        if kind in NARROW:
            result = np.asarray(function(*(array.astype(np.float32) for array in arrays)))
            return result.astype(kind) if result.dtype == np.float32 else result
        return np.asarray(function(*arrays))
