"""`Size`: what ``x.shape`` is, a tuple that counts elements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod
from operator import index
from types import MethodType
from typing import Any


class Size(tuple[int, ...]):
    """The sizes of a tensor, a tuple of integers."""

    __slots__ = ()

    def __new__(cls, sizes: Iterable[Any] = ()) -> Size:
        made = tuple.__new__(cls, sizes)
        for item in made:
            if item.__class__ is not int:
                return tuple.__new__(cls, map(_size, range(len(made)), made))
        return made

    def numel(self) -> int:
        """The number of elements: the product of the sizes."""
        return prod(self)

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def __getitem__(self, key: Any) -> Any:
        found = tuple.__getitem__(self, key)
        return plain_size(found) if type(key) is slice else found

    def __add__(self, other: Any) -> Size:
        return Size(tuple.__add__(self, other))

    def __radd__(self, other: Any) -> Any:
        return Size(tuple.__add__(other, self)) if isinstance(other, tuple) else NotImplemented

    def __mul__(self, count: Any) -> Size:
        return Size(tuple.__mul__(self, count))

    __rmul__ = __mul__

    def __reduce__(self) -> tuple[Any, ...]:
        return (Size, (tuple(self),))


def _size(place: int, item: Any) -> int:
    try:
        return int(index(item))
    except TypeError:
        raise TypeError(
            f"torch.Size() takes an iterable of 'int' (item {place} is '{type(item).__name__}')"
        ) from None


plain_size: Callable[[tuple[int, ...]], Size] = MethodType(tuple.__new__, Size)
"""A `Size` of what is known to be integers, in the time that a tuple takes."""
