"""``Dim[N]``: the annotation of an ``int`` whose value is a size.

``def f(n: Dim[N]) -> Tensor[N]`` says that the number given is the size `N`. At run time it is
``Annotated[int, DimOf(size)]``, an ordinary ``int`` to everybody who reads annotations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from shapetorch.annotations.objects import sizes_of
from shapetorch.dim import Size, Variadic


@dataclass(frozen=True)
class DimOf:
    """What ``Dim[N]`` adds to ``int``: the size, and the item as it was written."""

    size: Size
    item: Any = None


class _AnyInt(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)


class Dim(metaclass=_AnyInt):
    """An ``int`` that is a size; ``Dim[N]`` is the one called `N`."""

    def __class_getitem__(cls, item: Any) -> Any:
        sizes = sizes_of(item)
        if len(sizes) != 1 or isinstance(sizes[0], Variadic):
            raise TypeError(f"Dim[{item!r}]: one size is expected")
        return Annotated[int, DimOf(sizes[0], item)]
