"""Nested lists, tuples and dicts of tensors as flat lists, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def children(value: Any) -> list[Any] | None:
    """The items of a list, tuple or dict; None of anything else, which is a leaf."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else None


def rebuilt(value: Any, items: list[Any]) -> Any:
    """A list, tuple or dict like `value` with other items."""
    if isinstance(value, dict):
        return type(value)(zip(value, items, strict=True))
    if hasattr(value, "_make"):
        return value._make(items)
    return type(value)(items)


def leaves(value: Any) -> Iterator[Any]:
    """What is no list, tuple or dict, from left to right."""
    items = children(value)
    if items is None:
        yield value
    else:
        for item in items:
            yield from leaves(item)


def mapped(function: Callable[[Any], Any], value: Any) -> Any:
    """The structure with each leaf replaced."""
    items = children(value)
    if items is None:
        return function(value)
    return rebuilt(value, [mapped(function, item) for item in items])


def unflatten(value: Any, flat: Iterator[Any]) -> Any:
    """The structure with its leaves taken from `flat`."""
    return mapped(lambda _: next(flat), value)


def spread(prefix: Any, value: Any) -> list[Any]:
    """For each leaf of `value`, the leaf of `prefix` that stands for it.

    Raises:
        ValueError: they are not alike.
    """
    items = children(value)
    above = children(prefix)
    if items is None:
        if above is not None:
            raise ValueError(f"expected one value for a leaf, got {prefix!r}")
        return [prefix]
    if above is None:
        return [prefix for item in items for _ in leaves(item)]
    if len(above) != len(items) or isinstance(prefix, dict) != isinstance(value, dict):
        raise ValueError(f"expected a structure of {len(items)} items, got {prefix!r}")
    return [found for one, item in zip(above, items, strict=True) for found in spread(one, item)]
