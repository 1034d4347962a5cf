"""Dtypes, and which one an operation computes in.

Promotion is PyTorch's: of Python numbers, 0-D tensors and other tensors, a lower kind only counts
where its category (bool, integer, floating, complex) is the higher one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class dtype:  # noqa: N801 - PyTorch's name
    """An element type; `name` is its last word, ``float32``."""

    name: str
    numpy: np.dtype[Any]

    def __repr__(self) -> str:
        return f"shapetorch.{self.name}"

    @property
    def category(self) -> int:
        """0 for bool, 1 for integers, 2 for floating, 3 for complex."""
        return {"b": BOOL, "i": INTEGER, "u": INTEGER, "f": FLOATING, "c": COMPLEX}[self.numpy.kind]

    @property
    def is_floating_point(self) -> bool:
        """Whether it is a floating dtype."""
        return self.category == FLOATING


BOOL, INTEGER, FLOATING, COMPLEX = range(4)
DTYPES = {
    name: dtype(name, np.dtype(name))
    for name in "bool uint8 int8 int16 int32 int64 float16 float32 float64 complex64 complex128".split()
}
OF_NUMPY = {found.numpy: found for found in DTYPES.values()}
DEFAULTS = (DTYPES["bool"], DTYPES["int64"], DTYPES["float32"], DTYPES["complex64"])
"""The dtype of a Python number, by category."""


def as_dtype(value: Any) -> dtype:
    """The dtype meant by a dtype, a Python type or a NumPy dtype.

    Raises:
        TypeError: there is none.
    """
    if isinstance(value, dtype):
        return value
    if value is float:
        return DTYPES["float64"]
    try:
        return OF_NUMPY[np.dtype(value)]
    except (KeyError, TypeError):
        raise TypeError(f"dtype: {value!r} is not a dtype of this library") from None


def of_number(value: complex) -> dtype:
    """The dtype of a Python number."""
    kinds = (bool, int, float, complex)
    return DEFAULTS[next(place for place, kind in enumerate(kinds) if isinstance(value, kind))]


def promote(tensors: Iterable[tuple[dtype, int]], numbers: Iterable[complex]) -> dtype:
    """The dtype that operands have in common.

    Args:
        tensors: The dtype and rank of each tensor.
        numbers: The Python numbers among the operands.
    """
    tiers: tuple[list[dtype], ...] = ([], [], [])
    for found, rank in tensors:
        tiers[0 if rank else 1].append(found)
    tiers[2].extend(of_number(number) for number in numbers)
    result: dtype | None = None
    for tier in tiers:
        if not tier:
            continue
        common = tier[0]
        for other in tier[1:]:
            common = _common(common, other)
        if result is None or common.category > result.category:
            result = common
    assert result is not None, "an operation has an operand"
    return result


def _common(a: dtype, b: dtype) -> dtype:
    if a.category != b.category:  # float32 and int64 are float32, unlike in NumPy
        return max(a, b, key=lambda found: found.category)
    return OF_NUMPY[np.promote_types(a.numpy, b.numpy)]
