"""Asking for memory, with PyTorch's kind of error if there is not that much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from shapetorch.tensor.tensors import Array

_ADDRESSABLE = (1 << 63) - 1


def within_memory(
    name: str, shape: Sequence[int], kind: np.dtype[Any], make: Callable[[], Array]
) -> Array:
    """What `make` gives, an array of a shape and dtype.

    Raises:
        RuntimeError: there is not that much memory, or it cannot be addressed.
    """
    if prod(shape) > _ADDRESSABLE // kind.itemsize:  # NumPy's `repeat` would write where nothing is
        raise too_large(name, shape, kind)
    try:
        return make()
    except (MemoryError, ValueError, OverflowError):
        raise too_large(name, shape, kind) from None


def no_room(error: MemoryError, name: str = "") -> RuntimeError:
    """PyTorch's class for NumPy's error, whose words say what was asked for."""
    wanted = str(error).removeprefix("Unable to allocate ")
    if not name:
        return RuntimeError(f"can't allocate memory: you tried to allocate {wanted}")
    return RuntimeError(f"{name}: can't allocate memory: {wanted.partition(' for ')[0]}")


def too_large(name: str, shape: Sequence[int], kind: np.dtype[Any]) -> RuntimeError:
    """The error of asking for so much."""
    wanted = prod(shape) * kind.itemsize
    return RuntimeError(
        f"{name}: can't allocate memory: you tried to allocate {wanted} bytes for {list(shape)}"
    )
