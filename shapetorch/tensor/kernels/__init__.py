"""Compiled kernels, and when they are used.

A program starts on NumPy. Compiling, or loading compiled code, costs half a second, so numba is
loaded only once enough work has been done that it will pay (`PAYS`), or when `warmup` is called or the
environment variable ``SHAPETORCH_KERNELS`` is ``1`` (``0`` keeps to NumPy).

An operation asks `find` for the kernel of its name; the answer is None as long as NumPy is to
compute. Kernels take and give arrays, contiguous and of float32 or float64, and trust that shapes
were checked.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

PAYS = 40_000_000
"""Elements that have gone through operations with a kernel before numba is loaded."""
SMALLEST = 1 << 12
"""Elements below which NumPy computes in any case."""

_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_setting = os.environ.get("SHAPETORCH_KERNELS", "")
_lock = threading.Lock()
_work = 0
TABLE: dict[str, Callable[..., Any]] = {}
"""The kernels by name; empty as long as NumPy computes. For small arrays this is asked directly."""
KNOWN: list[dict[Any, Any]] = []
"""What others remember of the kernels."""
LOADED: list[Callable[[], None]] = []
UNLOADED: list[Callable[[], None]] = []
"""What is to be done when kernels are loaded, and when they are no longer used."""
_float32_only: frozenset[str] = frozenset()


def find(name: str, array: Any, smallest: int = SMALLEST) -> Callable[..., Any] | None:
    """The kernel of an operation for such an array; None if NumPy is to compute.

    Args:
        name: The operation.
        array: Its first operand.
        smallest: Elements from which the kernel is worth its call.
    """
    if array.size < smallest:
        return None
    kind = array.dtype
    if kind is not _FLOAT32 and kind is not _FLOAT64:
        return None
    if not TABLE:
        _count(array.size)
    if kind is _FLOAT64 and name in _float32_only:
        return None
    return TABLE.get(name)


def compiled(name: str, work: int) -> Callable[..., Any] | None:
    """A kernel that is used for its own sake, once so much work would pay; None if Python is to compute.

    Args:
        name: The kernel.
        work: What computing without it costs, as elements of an element-wise operation.
    """
    if not TABLE:
        _count(work)
    return TABLE.get(name)


def worked(work: int) -> None:
    """Say that work was done of which kernels would have saved a part, as elements of an operation."""
    if not TABLE:
        _count(work)


def _count(size: int) -> None:
    """So much work was done by NumPy; load the kernels when it has been enough."""
    global _work  # noqa: PLW0603 - the one counter of the process
    _work += size
    if _setting == "1" or (_work >= PAYS and _setting != "0"):
        warmup()


def warmup() -> None:
    """Load the kernels now; those that are not in the cache are compiled at their first call."""
    global _float32_only  # noqa: PLW0603
    with _lock:
        if not TABLE:
            from shapetorch.tensor.kernels.elementwise import FLOAT32_ONLY
            from shapetorch.tensor.kernels.table import KERNELS

            _float32_only = FLOAT32_ONLY
            TABLE.update(KERNELS)
            for tell in LOADED:
                tell()


def unload() -> None:
    """Have NumPy compute again, until the next `warmup`: for comparing."""
    with _lock:
        TABLE.clear()
        for known in KNOWN:
            known.clear()
        for tell in UNLOADED:
            tell()


def loaded() -> bool:
    """Whether kernels are in use."""
    return bool(TABLE)
