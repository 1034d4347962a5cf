"""Broadcasting: the one place where two sizes may differ because one of them is 1."""

from __future__ import annotations

from collections.abc import Callable

from shapetorch.dim import (
    UNKNOWN_DIM,
    Dim,
    Shape,
    Size,
    Truth,
    check_equal,
    compare,
    names,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError

Clash = Callable[[Size, Size], ShapeError]


def broadcast_size(a: Size, b: Size, clash: Clash) -> Size:
    """The size two aligned sizes broadcast to; raises `clash(a, b)` if they do not."""
    if a is b or a == b:
        return a
    if isinstance(a, int) and a == 1:
        return b
    if isinstance(b, int) and b == 1:
        return a
    if isinstance(a, int) and isinstance(b, int):
        raise clash(a, b)
    truth = compare(a, b).truth
    if truth in (Truth.NO, Truth.CONDITIONAL):
        check_equal(a, b, lambda: clash(a, b))
    return _more_certain(a, b)


def _more_certain(a: Size, b: Size) -> Size:
    """Of two sizes that may be equal or 1, the one that is surely not 1."""
    for size in (a, b):
        if isinstance(size, int) and size != 1:
            return size
    for size in (a, b):
        if (
            isinstance(size, Dim)
            and size is not UNKNOWN_DIM
            and not any(n.soft for n in names(size))
        ):
            return size
    return a if a is b else UNKNOWN_DIM


def broadcast(a: Shape, b: Shape, clash: Clash) -> Shape:
    """The shape two shapes broadcast to, aligned at the last dim."""
    if len(a) < len(b):
        a, b = b, a
        swapped = clash

        def clash(left: Size, right: Size) -> ShapeError:
            return swapped(right, left)

    lead = len(a) - len(b)
    pairs = zip(reversed(a), reversed(b), strict=False)  # the last dim is compared first
    sizes = [broadcast_size(x, y, clash) for x, y in pairs]
    return (*a[:lead], *reversed(sizes))


def broadcast_all(operation: str, *shapes: Shape) -> Shape:
    """The shape all of `shapes` broadcast to.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    result: Shape = ()
    for shape in shapes:
        before = result
        result = broadcast(before, shape, lambda x, y: clash_of(operation, x, y, shapes))
    return result


def clash_of(operation: str, left: Size, right: Size, shapes: tuple[Shape, ...]) -> ShapeError:
    """The error of two sizes that do not broadcast, in the words of `operation`."""
    return ShapeError(
        ErrorKind.broadcast_error_incompatible_dimensions,
        (left, right),
        f"{operation}: sizes must be equal or 1, got {left} and {right} "
        f"from {' and '.join(render_shape(shape) for shape in shapes)}",
    )
