"""Small arrays into kernels by the shortest way: the compiled code itself, which asks for no types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.kernels import KNOWN, TABLE, find

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


class Entries(dict[Any, Any]):
    """Where the compiled code of a kernel begins, by the dtype of its arrays; None if NumPy is to compute.

    A call trusts its arguments: arrays of that dtype and of the declared ranks, in order and aligned
    (``flags.carray``), and Python's or NumPy's numbers.

    Args:
        name: Of the kernel.
        arguments: For each argument the rank of the array, or one of `_OTHERS`.
    """

    def __init__(self, name: str, *arguments: int | str) -> None:
        super().__init__()
        self.name = name
        self.arguments = arguments
        KNOWN.append(self)

    def __missing__(self, kind: Any) -> Callable[..., Any] | None:
        if not TABLE:
            return None  # kernels may be loaded later
        made = None
        if kind is FLOAT32 or kind is FLOAT64:
            kernel: Any = find(self.name, np.empty(1, kind), 1)
            if hasattr(kernel, "compile"):  # it is a plain function where numba is switched off
                examples = [_example(item, kind) for item in self.arguments]
                made = kernel.compile(tuple([kernel.typeof_pyval(item) for item in examples]))
        self[kind] = made
        return made


def _example(argument: int | str, kind: Any) -> Any:
    if isinstance(argument, int):
        return np.empty((1,) * argument, kind)
    return _OTHERS[argument]


_OTHERS = {"integer": 0, "labels": np.empty(1, np.int64)}
"""Arguments that are no such arrays, with examples: Python's integer, a vector of int64."""
