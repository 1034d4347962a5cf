"""Memory for large results, used again once nobody refers to it.

The operating system gives fresh memory page by page, and that takes longer than most element-wise
operations. So a buffer of a mebibyte or more stays with the pool, which hands it out again when no
array refers to it any longer: the only references left are then the pool's own. No array is ever
told that it is free.
"""

from __future__ import annotations

import threading
from collections import deque
from math import prod
from sys import getrefcount
from typing import Any

import numpy as np

from shapetorch.tensor.room import too_large
from shapetorch.tensor.tensors import Array

SMALLEST = 1 << 20
"""Bytes below which NumPy's own memory is as fast."""
MOST_KEPT = 1 << 30
"""Bytes that the pool keeps; beyond it, buffers nobody refers to are let go."""
_LOOKS = 8
_lock = threading.Lock()
_free: dict[int, deque[Array]] = {}
_kept = 0
_REFERENCES = (
    2  # a buffer's references while it is looked at: the local name and getrefcount's argument
)


class Statistics:
    """What the pool has done so far.

    Attributes:
        requests: Results it was asked for.
        reused: Of them, those that took a buffer again.
        peak: The most bytes that it kept at a time.
    """

    requests = 0
    reused = 0
    peak = 0


def empty(shape: tuple[int, ...], kind: np.dtype[Any]) -> Array:
    """An array that is not initialised, contiguous."""
    size = prod(shape) * kind.itemsize
    if size < SMALLEST:
        return np.empty(shape, kind)
    Statistics.requests += 1
    rounded = _rounded(size)
    buffer = _take(rounded)
    if buffer is None:
        try:
            buffer = np.empty(rounded, np.uint8)
        except MemoryError:
            raise too_large("a result", shape, kind) from None
        _grown(rounded)
    else:
        Statistics.reused += 1
    made: Array = np.ndarray(shape, kind, buffer)
    _free.setdefault(rounded, deque()).append(buffer)
    return made


def _rounded(size: int) -> int:
    """Sizes are rounded to an eighth of their power of two, so that similar results share buffers."""
    step = 1 << max(size.bit_length() - 4, 12)
    return -(-size // step) * step


def _take(rounded: int) -> Array | None:
    """A buffer of a size that nobody refers to; it is out of the pool until it is put back."""
    waiting = _free.get(rounded)
    if not waiting:
        return None
    for _ in range(min(_LOOKS, len(waiting))):
        try:
            buffer = waiting.popleft()  # another thread cannot take the same one
        except IndexError:
            return None
        if getrefcount(buffer) == _REFERENCES:
            return buffer
        waiting.append(buffer)
    return None


def _grown(size: int) -> None:
    global _kept  # noqa: PLW0603 - the one counter of the process
    with _lock:
        _kept += size
        Statistics.peak = max(Statistics.peak, _kept)
        if _kept > MOST_KEPT:
            _kept -= _let_go()


def _let_go() -> int:
    """Forget the buffers that nobody refers to, and as many of the others as there are; their bytes."""
    freed = 0
    for size, waiting in list(_free.items()):
        for _ in range(len(waiting)):
            try:
                waiting.popleft()  # one in use lives on with the arrays that refer to it
            except IndexError:
                break
            freed += size
    return freed


def empty_cache() -> None:
    """Let go of all buffers that nobody refers to."""
    global _kept  # noqa: PLW0603
    with _lock:
        _kept -= _let_go()


def held() -> tuple[int, int]:
    """Bytes of the pool's buffers, and of those that arrays refer to."""
    total = used = 0
    for size, waiting in list(_free.items()):
        for buffer in list(waiting):
            total += size
            # referred to here by two lists, the local name and the argument
            used += size if getrefcount(buffer) > 4 else 0
    return total, used
