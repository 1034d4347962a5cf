"""Dtypes, and which one an operation computes in.

Promotion is PyTorch's: of Python numbers, 0-D tensors and other tensors, a lower kind only counts
where its category (bool, integer, floating, complex) is the higher one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ml_dtypes
import numpy as np

BOOL, INTEGER, FLOATING, COMPLEX = range(4)
_CATEGORIES = {"b": BOOL, "i": INTEGER, "u": INTEGER, "f": FLOATING, "c": COMPLEX, "V": FLOATING}


class dtype:  # noqa: N801 - PyTorch's name
    """An element type; `name` is its last word, ``float32``.

    Attributes:
        numpy: The NumPy dtype of its arrays.
        category: 0 for bool, 1 for integers, 2 for floating, 3 for complex.
        itemsize: Bytes of one element.
        is_floating_point: Whether it is a floating dtype.
        is_complex: Whether it is a complex dtype.
        is_signed: Whether it has negative numbers.
    """

    __slots__ = (
        "category",
        "is_complex",
        "is_floating_point",
        "is_signed",
        "itemsize",
        "name",
        "numpy",
    )

    def __init__(self, name: str, array_type: np.dtype[Any]) -> None:
        self.name = name
        self.numpy = array_type
        self.category = _CATEGORIES[array_type.kind]
        self.itemsize = array_type.itemsize
        self.is_floating_point = self.category == FLOATING
        self.is_complex = self.category == COMPLEX
        self.is_signed = array_type.kind not in "ub"

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str | tuple[Any, ...]:
        return (_of_name, (self.name,))

    def to_real(self) -> dtype:
        """The dtype of the real part: ``complex64`` gives ``float32``."""
        return REAL_OF.get(self, self)

    def to_complex(self) -> dtype:
        """The complex dtype with such parts: ``float64`` gives ``complex128``."""
        return self if self.is_complex else COMPLEX_OF.get(self, DTYPES["complex64"])


DTYPES = {
    name: dtype(name, np.dtype(name))
    for name in "bool uint8 int8 int16 int32 int64 float16 float32 float64 complex64 complex128".split()
}
DTYPES["bfloat16"] = dtype("bfloat16", np.dtype(ml_dtypes.bfloat16))
OF_NUMPY = {found.numpy: found for found in DTYPES.values()}
REAL_OF = {DTYPES["complex64"]: DTYPES["float32"], DTYPES["complex128"]: DTYPES["float64"]}
COMPLEX_OF = {real: found for found, real in REAL_OF.items()}
ALIASES = {
    "half": "float16",
    "float": "float32",
    "double": "float64",
    "short": "int16",
    "int": "int32",
}
ALIASES |= {"long": "int64", "cfloat": "complex64", "cdouble": "complex128"}
DEFAULTS = [DTYPES["bool"], DTYPES["int64"], DTYPES["float32"], DTYPES["complex64"]]
"""The dtype of a Python number, by category; the last two follow `set_default_dtype`."""

NARROW = frozenset((DTYPES["float16"].numpy, DTYPES["bfloat16"].numpy))
"""Dtypes that are computed in float32 and rounded, as PyTorch does."""


def _of_name(name: str) -> dtype:
    return DTYPES[name]


def get_default_dtype() -> dtype:
    """The dtype of floating numbers that name none."""
    return DEFAULTS[FLOATING]


def set_default_dtype(d: dtype) -> None:
    """Choose the dtype of floating numbers that name none.

    Raises:
        TypeError: it is not a floating dtype.
    """
    if not isinstance(d, dtype) or not d.is_floating_point:
        raise TypeError(f"set_default_dtype: d must be a floating-point dtype, got {d!r}")
    DEFAULTS[FLOATING] = d
    DEFAULTS[COMPLEX] = d.to_complex()


def as_dtype(value: Any) -> dtype:
    """The dtype meant by a dtype, a Python type or a NumPy dtype.

    Raises:
        TypeError: there is none.
    """
    if isinstance(value, dtype):
        return value
    if value is float:
        return DTYPES["float64"]
    if value is complex:
        return DTYPES["complex128"]
    try:
        return OF_NUMPY[np.dtype(value)]
    except (KeyError, TypeError):
        raise TypeError(f"dtype: {value!r} is not a dtype of this library") from None


def of_number(value: complex) -> dtype:
    """The dtype of a Python number."""
    if isinstance(value, (bool, np.bool_)):
        return DEFAULTS[BOOL]
    if isinstance(value, (int, np.integer)):
        return DEFAULTS[INTEGER]
    return DEFAULTS[FLOATING] if isinstance(value, (float, np.floating)) else DEFAULTS[COMPLEX]


def promote(tensors: Iterable[tuple[dtype, int]], numbers: Iterable[complex] = ()) -> dtype:
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
            common = promote_types(common, other)
        if result is None:
            result = common
        elif common.category > result.category:
            is_wider = common.category == COMPLEX and result.category == FLOATING
            result = result.to_complex() if is_wider else common
    assert result is not None, "an operation has an operand"
    return result


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest dtype that holds the elements of both."""
    return _PROMOTED[type1, type2]


def _promoted(a: dtype, b: dtype) -> dtype:
    if a.category == b.category:
        if {a.name, b.name} == {"float16", "bfloat16"}:
            return DTYPES["float32"]
        return OF_NUMPY[np.promote_types(a.numpy, b.numpy)]
    low, high = sorted((a, b), key=lambda found: found.category)
    # float32 and int64 are float32, unlike in NumPy; float64 and complex64 are complex128
    if high.category == COMPLEX and low.category == FLOATING:
        return promote_types_of_complex(low.to_complex(), high)
    return high


def promote_types_of_complex(a: dtype, b: dtype) -> dtype:
    """The wider of two complex dtypes."""
    return max(a, b, key=lambda found: found.itemsize)


_PROMOTED = {(a, b): _promoted(a, b) for a in DTYPES.values() for b in DTYPES.values()}


def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether elements may be written into a tensor of another dtype: never into a lower category."""
    return to.category >= from_.category or (from_.category == INTEGER and to.category == INTEGER)


def _check_dtype(name: str, given: Any) -> None:
    if given.__class__ is not dtype:
        raise TypeError(
            f"{name}(): argument 'type' (position 1) must be torch.dtype, not {given.__class__.__name__}"
        )


class finfo:  # noqa: N801 - PyTorch's name
    """Limits of a floating dtype: ``eps``, ``max``, ``min``, ``tiny``, ``bits``, …."""

    def __init__(self, type: dtype | None = None) -> None:
        if type is not None:
            _check_dtype("finfo", type)
        found = (type or get_default_dtype()).to_real()
        if not found.is_floating_point:
            raise TypeError(
                f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle '{found}'"
            )
        limits: Any = ml_dtypes.finfo(found.numpy)  # type: ignore[no-untyped-call]
        self.bits = int(limits.bits)
        self.eps, self.max, self.min = float(limits.eps), float(limits.max), float(limits.min)
        self.tiny = self.smallest_normal = float(limits.smallest_normal)
        self.resolution = float(f"{float(limits.resolution):.0e}")
        self.dtype = found.name

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, "
            f"eps={self.eps:g}, smallest_normal={self.smallest_normal:g}, tiny={self.tiny:g}, "
            f"dtype={self.dtype})"
        )


class iinfo:  # noqa: N801 - PyTorch's name
    """Limits of an integer dtype: ``max``, ``min``, ``bits``."""

    def __init__(self, type: dtype) -> None:
        _check_dtype("iinfo", type)
        if type.category != INTEGER:
            raise TypeError(
                f"torch.iinfo() requires an integer input type. Use torch.finfo to handle '{type}'"
            )
        limits = np.iinfo(type.numpy)
        self.bits, self.max, self.min = int(limits.bits), int(limits.max), int(limits.min)
        self.dtype = type.name

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
