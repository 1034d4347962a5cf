"""A number as an element of a tensor, as PyTorch converts one that stands for an element."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.signatures import TooWide
from shapetorch.tensor.tensors import Array

_FINITE = 3.4e38
"""Below it, a float64 is finite as float32."""
_SMALL = 65504.0
"""The largest float16."""


def element(value: Any, kind: np.dtype[Any]) -> Array:
    """A number as a 0-D array of a dtype; raises what `scalar` raises."""
    return np.asarray(scalar(value, kind), kind)


def stored(value: Any, kind: np.dtype[Any]) -> Array:
    """The same where PyTorch goes by way of a tensor: a float beyond a narrow dtype is infinite."""
    if kind not in NARROW:
        return element(value, kind)
    if isinstance(value, int):
        require_64_bits(value)
    if isinstance(value, (complex, np.complexfloating)) and not value.imag:
        value = value.real
    if isinstance(value, (complex, np.complexfloating)):
        raise _overflow(kind)
    with np.errstate(all="ignore"):
        return np.asarray(value).astype(kind)


def scalar(value: Any, kind: np.dtype[Any]) -> Any:
    """A number as an array takes it.

    Raises:
        RuntimeError: the dtype does not hold it. Negative integers wrap around in unsigned dtypes.
        TooWide: an integer of more than 64 bits.
    """
    if value.__class__ is float and (
        kind.char == "d" or (kind.char == "f" and abs(value) < _FINITE)
    ):
        return value
    if isinstance(value, int):
        require_64_bits(value)
    elif not isinstance(value, (float, complex, np.number, np.bool_)):
        raise TypeError(f"a value must be Number, not {type(value).__name__}")
    if kind.kind == "b":
        return np.asarray(bool(value))
    if isinstance(value, (complex, np.complexfloating)) and kind.kind != "c":
        if value.imag:
            raise _overflow(kind)
        value = value.real
    if kind.kind in "iu":
        return _integer(value, kind)
    with np.errstate(all="ignore"):
        made = np.asarray(value).astype(kind)
    if not np.isfinite(made) and np.isfinite(value):
        raise _overflow(kind)
    return made


def is_small_number(value: Any) -> bool:
    """Whether it is a float or an integer that every floating dtype holds."""
    kind = value.__class__
    return (kind is float or kind is int) and -_SMALL <= value <= _SMALL


def require_64_bits(value: int) -> None:
    """Raise TooWide for an integer that 64 bits hold neither with a sign nor without one."""
    if not -(1 << 63) <= value < 1 << 64:
        raise TooWide(f"a number must fit into 64 bits: int too big to convert, got {value}")


def _integer(value: Any, kind: np.dtype[Any]) -> Any:
    limits = np.iinfo(kind)
    wraps = not limits.min and isinstance(value, (int, np.integer))
    lowest = -limits.max if wraps else limits.min
    if not lowest <= value <= limits.max:  # NaN, too
        raise _overflow(kind)
    return np.asarray(int(value)).astype(kind)


def _overflow(kind: np.dtype[Any]) -> RuntimeError:
    return RuntimeError(f"value cannot be converted to type {kind.name} without overflow")
