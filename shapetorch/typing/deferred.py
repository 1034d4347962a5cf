"""Helper types: evaluated when they are subscripted, or kept until their parameters are known.

``MatmulShape[Shape[2, 3], Shape[3, 4]]`` is ``Shape[2, 4]``. Over type parameters it is a `Deferred`,
which is evaluated once they have values: ``deferred[...]`` gives them in order, ``substitute`` by
name. Names written as strings are sizes like any others, and do not defer anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapetorch.annotations.objects import (
    Shape,
    match_parameters,
    parameters_of,
    render_item,
    substitute,
)
from shapetorch.typing.helpers import evaluate


@dataclass(frozen=True)
class Deferred:
    """A helper over type parameters.

    Attributes:
        name: The helper, ``MatmulShape``.
        args: Its arguments as they were written.
    """

    name: str
    args: tuple[Any, ...]

    @property
    def __parameters__(self) -> tuple[Any, ...]:
        return parameters_of(self.args)

    def __getitem__(self, key: Any) -> Any:
        return self.substitute(match_parameters(self.__parameters__, key))

    def substitute(self, values: Mapping[Any, Any]) -> Any:
        """The helper with type parameters replaced, evaluated if none is left."""
        args = tuple(part for item in self.args for part in substitute(item, values))
        return apply(self.name, args)

    def __repr__(self) -> str:
        return f"{self.name}[{', '.join(render_item(item) for item in self.args)}]"

    def __or__(self, other: Any) -> Any:
        return Any

    __ror__ = __or__


def apply(name: str, args: tuple[Any, ...]) -> Any:
    """What the helper stands for, as types; a `Deferred` while type parameters are open."""
    if parameters_of(args):
        return Deferred(name, args)
    return as_type(evaluate(name, args))


def as_type(result: Any) -> Any:
    """The result of a helper with shapes as `Shape`."""
    if isinstance(result, list):
        return tuple(as_type(item) for item in result)
    if not isinstance(result, tuple):
        return result
    if any(isinstance(item, (tuple, list)) for item in result):
        parts = [as_type(item) for item in result]
        return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)
    return Shape.of(result)


class ShapeType:
    """Base of the helper types; see the module."""

    def __class_getitem__(cls, items: Any) -> Any:
        grouped = isinstance(items, tuple) and not isinstance(items, Shape)
        return apply(cls.__name__, items if grouped else (items,))
