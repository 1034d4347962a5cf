"""Shapes that must be the same, or must fit into one another."""

from __future__ import annotations

from collections.abc import Callable

from shapetorch.dim import UNKNOWN_DIM, Shape, Size, as_name, check_equal
from shapetorch.errors import ShapeError


def require_same(a: Shape, b: Shape, error: Callable[[], ShapeError]) -> None:
    """Raise `error` unless the two shapes are equal, size for size."""
    if len(a) != len(b):
        raise error()
    for left, right in zip(a, b, strict=True):
        check_equal(left, right, error)


def require_expandable(shape: Shape, target: Shape, error: Callable[[], ShapeError]) -> None:
    """Raise `error` unless `shape` can be expanded to `target`: sizes equal or 1."""
    lead = len(target) - len(shape)
    if lead < 0:
        raise error()
    for size, wanted in zip(shape, target[lead:], strict=True):
        if size != 1:
            check_equal(size, wanted, error)


def certain(size: Size, equal: Size) -> Size:
    """`size`, or what it must equal, when that says more."""
    single = None if isinstance(size, int) or size is UNKNOWN_DIM else as_name(size)
    return equal if size is UNKNOWN_DIM or (single is not None and single.opaque) else size
