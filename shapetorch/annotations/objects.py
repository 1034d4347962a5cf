"""``Shape[2, B, *A]`` as an object, and what type parameters mean in one.

Items are kept as they were written, so that a shape over type parameters can be given others:
``Shape[B, 3][2] == Shape[2, 3]``. `sizes_of` is their meaning: a type parameter is the size of its
name, an unpacked tuple of them a row, a string is read as in an annotation.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, TypeVarTuple, get_args, get_origin

from shapetorch.annotations.spec import VariadicAxis
from shapetorch.annotations.subscripts import Part, axes_of, parse_string
from shapetorch.dim import (
    ELLIPSIS,
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Dim,
    Size,
    Variadic,
    name,
    render,
)


def unpacked(item: Any) -> Any:
    """The type parameter in ``*A`` or ``Unpack[A]``, None if it is neither.

    Known by its name, because typing_extensions may have an ``Unpack`` of its own.
    """
    is_unpack = getattr(get_origin(item), "_name", None) == "Unpack"
    return get_args(item)[0] if is_unpack else None


class Shape(tuple[Any, ...]):
    """A shape as a type: ``Shape[2, 3]``, equal to the tuple ``(2, 3)``.

    Items may be integers, type parameters (``Shape[B, T]``, ``Shape[*A]``), strings
    (``Shape["batch", ...]``) and other shapes, whose sizes are put in their place.
    """

    __slots__ = ()

    def __class_getitem__(cls, items: Any) -> Shape:  # type: ignore[override]
        return cls.of(items if isinstance(items, tuple) else (items,))

    @classmethod
    def of(cls, items: Iterable[Any]) -> Shape:
        """The shape with these items."""
        return tuple.__new__(cls, (part for item in items for part in _parts(item)))

    @property
    def sizes(self) -> AnyShape:
        """The sizes as `dim` has them."""
        return tuple(part for item in self for part in sizes_of(item))

    @property
    def __parameters__(self) -> tuple[Any, ...]:
        return parameters_of(self)

    def substitute(self, values: Mapping[Any, Any]) -> Shape:
        """This shape with type parameters replaced."""
        return Shape.of(part for item in self for part in substitute(item, values))

    def __getitem__(self, key: Any) -> Any:
        if self.__parameters__:
            return self.substitute(match_parameters(self.__parameters__, key))
        found = super().__getitem__(key)
        return Shape.of(found) if isinstance(key, slice) else found

    def __repr__(self) -> str:
        return f"Shape[{', '.join(render_item(item) for item in self) or '()'}]"


def _parts(item: Any) -> Sequence[Any]:
    """An item of a subscript as items of a shape; type parameters stay what they are."""
    if isinstance(item, (TypeVar, TypeVarTuple)) or unpacked(item) is not None:
        return (item,)
    if isinstance(item, (tuple, list)):
        return tuple(part for inner in item for part in _parts(inner))
    if hasattr(item, "substitute"):
        return (item,)
    return sizes_of(item)


def sizes_of(item: Any) -> AnyShape:
    """The sizes that an item of a subscript stands for.

    Raises:
        TypeError: it is none of the things an item may be.
    """
    return tuple(
        Variadic(axis.name) if isinstance(axis, VariadicAxis) else axis.size
        for axis in axes_of_item(item)
    )


def axes_of_item(item: Any) -> list[Part]:
    """The axes that an item of a subscript stands for; see `sizes_of`."""
    if isinstance(item, (int, Dim)) and not isinstance(item, bool):
        return axes_of((item,))
    if isinstance(item, str):
        return parse_string(item)
    if isinstance(item, Variadic):
        return axes_of((item,))
    if item is Ellipsis:
        return axes_of((ELLIPSIS,))
    if isinstance(item, TypeVar):
        return axes_of((name(item.__name__),))
    if isinstance(item, TypeVarTuple):
        return axes_of((Variadic(item.__name__),))
    if unpacked(item) is not None:
        return axes_of_item(unpacked(item))
    if isinstance(item, (tuple, list)):
        return [axis for inner in item for axis in axes_of_item(inner)]
    if hasattr(item, "substitute"):  # a helper over type parameters
        return [VariadicAxis(None, text=repr(item), helper=partial(_shape_of_helper, item))]
    return axes_of((_size_of_type(item),))


def _shape_of_helper(item: Any, values: Mapping[str, Any] | None) -> AnyShape:
    """The shape of a deferred helper when names are bound, as far as all of them are."""
    known = {label.removeprefix("*"): value for label, value in (values or {}).items()}
    found = item.substitute(known)
    return found.sizes if isinstance(found, Shape) else UNKNOWN


def _size_of_type(item: Any) -> Size:
    """The size a type stands for: ``Literal[3]``, ``Dim[N]``, or one that says nothing."""
    if get_origin(item) is typing.Literal:
        return int(get_args(item)[0])
    marked = getattr(item, "__metadata__", ())
    if marked and isinstance(getattr(marked[0], "size", None), (int, Dim)):
        return marked[0].size  # type: ignore[no-any-return]
    if item is Any or item is int or getattr(item, "__name__", None) == "Dim":
        return UNKNOWN_DIM
    raise TypeError(f"Shape[...]: {item!r} is not a size")


def parameters_of(items: Iterable[Any]) -> tuple[Any, ...]:
    """The type parameters in `items`, each once, in order."""
    found: dict[Any, None] = {}
    for item in items:
        if isinstance(item, (TypeVar, TypeVarTuple)):
            found[item] = None
        elif unpacked(item) is not None:
            found[unpacked(item)] = None
        elif isinstance(item, Shape) or hasattr(item, "substitute"):
            found.update(dict.fromkeys(item.__parameters__))
        elif isinstance(item, (tuple, list)):
            found.update(dict.fromkeys(parameters_of(item)))
    return tuple(found)


def match_parameters(parameters: Sequence[Any], key: Any) -> dict[Any, Any]:
    """Which parameter gets which of the items in ``[key]``.

    Raises:
        TypeError: their number does not fit.
    """
    items = key if isinstance(key, tuple) and not isinstance(key, Shape) else (key,)
    rows = [place for place, item in enumerate(parameters) if isinstance(item, TypeVarTuple)]
    extra = len(items) - len(parameters)
    if extra < (-1 if rows else 0) or (extra > 0 and not rows):
        raise TypeError(f"{len(parameters)} type arguments expected, got {len(items)}")
    if not rows:
        return dict(zip(parameters, items, strict=True))
    first, end = rows[0], rows[0] + 1 + extra
    return {
        **dict(zip(parameters[:first], items[:first], strict=True)),
        parameters[first]: Shape.of(items[first:end]),
        **dict(zip(parameters[first + 1 :], items[end:], strict=True)),
    }


def substitute(item: Any, values: Mapping[Any, Any]) -> tuple[Any, ...]:
    """`item` with type parameters replaced, by themselves or by name, as a row of items."""
    parameter = unpacked(item) or item
    if isinstance(parameter, (TypeVar, TypeVarTuple)):
        value = values.get(parameter, values.get(parameter.__name__, item))
        return value if isinstance(value, (tuple, list)) else (value,)  # type: ignore[return-value]
    if hasattr(item, "substitute"):
        return (item.substitute(values),)
    if isinstance(item, (tuple, list)):
        return (type(item)(part for inner in item for part in substitute(inner, values)),)
    return (item,)


def render_item(item: Any) -> str:
    """An item as it was written."""
    if isinstance(item, (TypeVar, TypeVarTuple)):
        return item.__name__
    if unpacked(item) is not None:
        return f"*{unpacked(item).__name__}"
    if isinstance(item, (int, Dim)):
        return render(item)
    return str(item) if isinstance(item, Variadic) else repr(item)
