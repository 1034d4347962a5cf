"""Python numbers, lists and text of tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import COMPLEX, DTYPES, FLOATING
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import method
from shapetorch.tensor.printing import text_of
from shapetorch.tensor.tensors import Tensor

BFLOAT16 = DTYPES["bfloat16"].numpy


@method()
def item(self: Tensor) -> Any:
    """The one element as a Python number.

    Raises:
        ShapeError: item_error_not_scalar.
    """
    array = self._array
    if array.size != 1:
        judged("item", self)
    return array.item()


@method()
def tolist(self: Tensor) -> Any:
    """The elements as nested lists of Python numbers; of a 0-D tensor, the number."""
    array = self._array
    return array.astype(np.float32).tolist() if array.dtype == BFLOAT16 else array.tolist()


@method("__bool__")
def to_bool(self: Tensor) -> bool:
    """Whether the one element is not zero.

    Raises:
        RuntimeError: there is not exactly one.
    """
    array = self._array
    if array.size != 1:
        how = "more than one value" if array.size else "no values"
        raise RuntimeError(f"Boolean value of Tensor with {how} is ambiguous")
    return bool(array.item())


def _real(self: Tensor, target: str) -> Any:
    found = item(self)
    if isinstance(found, complex):
        if found.imag:
            raise RuntimeError(f"value cannot be converted to type {target} without overflow")
        return found.real
    return found


@method("__int__")
def to_int(self: Tensor) -> int:
    """The one element, cut off towards zero."""
    return int(_real(self, "int64_t"))


@method("__float__")
def to_float(self: Tensor) -> float:
    """The one element."""
    return float(_real(self, "double"))


@method("__complex__")
def to_complex(self: Tensor) -> complex:
    """The one element."""
    return complex(item(self))


@method("__index__")
def to_index(self: Tensor) -> int:
    """The one element of an integer tensor.

    Raises:
        TypeError: it is not one integer.
    """
    if self._array.size != 1 or self.dtype.category >= FLOATING:
        raise TypeError("only integer tensors of a single element can be converted to an index")
    return int(self._array.item())


@method("__repr__")
def text(self: Tensor, *, tensor_contents: str | None = None) -> str:
    """The elements, and what else is to be known: see `printing`."""
    return text_of(self, tensor_contents)


@method("__format__")
def formatted_text(self: Tensor, format_spec: str) -> str:
    """A 0-D tensor is formatted as its number; others only have their text."""
    is_plain = type(self) in (Tensor, self._reads_as)
    if is_plain and not self._stored.ndim and self.dtype.category <= COMPLEX:
        return format(item(self), format_spec)
    return object.__format__(self, format_spec)
