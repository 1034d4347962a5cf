"""A number as an element of a tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.tensors import Array


def number_array(value: Any, kind: np.dtype[Any]) -> Array:
    """A number as a 0-D array of a dtype.

    Raises:
        RuntimeError: the dtype cannot hold it.
    """
    if kind.kind == "b":
        return np.asarray(bool(value))
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        raise ValueError("Overflow when unpacking long long")
    if isinstance(value, complex) and kind.kind != "c":
        if value.imag:
            raise RuntimeError(f"value cannot be converted to type {kind.name} without overflow")
        value = value.real
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        whole = int(value) if np.isfinite(value) else None
        low = -limits.max - 1 if kind.kind == "u" else limits.min
        if whole is None or not low <= whole <= limits.max:
            raise RuntimeError(f"value cannot be converted to type {kind.name} without overflow")
        return np.array(whole, np.int64).astype(kind)
    with np.errstate(all="ignore"):
        return np.asarray(value).astype(kind)
