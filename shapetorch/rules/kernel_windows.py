"""Sliding windows: parameters given once or per axis, and how often a window fits along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from shapetorch.dim import Dim, Shape, Size, Truth, at_most, ceildiv, minimum, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.registry import PerAxis


def per_axis(
    operation: str, argument: str, value: PerAxis, count: int, *, exact: bool = False
) -> tuple[Size, ...]:
    """`value` for each of `count` axes: one number serves all of them.

    Args:
        operation: The name for the message.
        argument: The parameter's name for the message.
        value: The number or numbers.
        count: How many axes there are.
        exact: Whether a list must have `count` numbers; otherwise one will do.

    Raises:
        ShapeError: argument_error_value, when there are several numbers, but not `count`.
    """
    if isinstance(value, (int, Dim)):
        return (value,) * count
    given = tuple(value)
    if len(given) == 1 and not exact:
        return given * count
    if len(given) != count:
        raise value_error(operation, argument, given, f"one number or {count}")
    return given


def value_error(operation: str, argument: str, value: object, wanted: str) -> ShapeError:
    """The error of an argument with a value it cannot have."""
    shown = render_shape(value) if isinstance(value, (tuple, list)) else value
    return ShapeError(
        ErrorKind.argument_error_value,
        (argument, value),
        f"{operation}: {argument} must be {wanted}, got {shown}",
    )


def require_at_least(operation: str, argument: str, values: Sequence[Size], least: int) -> None:
    """Raise argument_error_value unless each of `values` may be `least` or more."""
    for value in values:
        if at_most(least, value) is Truth.NO:
            raise value_error(operation, argument, value, f"at least {least}")


def require_some(operation: str, sizes: Sequence[Size], input: Shape, kind: ErrorKind) -> None:
    """Raise `kind` (size, kernel, shape) if one of `sizes` is certainly 0."""
    for size in sizes:
        if at_most(1, size) is Truth.NO:
            raise ShapeError(
                kind,
                (size, 1, input),
                f"{operation}: sizes must be at least 1, got {size} from {render_shape(input)}",
            )


def reach(kernel: Size, dilation: Size) -> Size:
    """From the first to the last tap of a kernel, in elements: ``dilation*(kernel - 1) + 1``."""
    return dilation * (kernel - 1) + 1


def window_count(size: Size, span: Size, stride: Size, padding: Size) -> Size:
    """How many windows of `span` elements fit: ``(size + 2*padding - span)//stride + 1``."""
    return (size + 2 * padding - span) // stride + 1


def window_count_ceil(size: Size, span: Size, stride: Size, padding: Size) -> Size:
    """As `window_count`, with a last window that may reach over the end but starts inside."""
    fitting = ceildiv(size + 2 * padding - span, stride) + 1
    starting = ceildiv(size + padding, stride)
    order = at_most(stride + padding, span)
    if order is Truth.YES:
        return fitting
    return starting if order is Truth.NO else minimum(fitting, starting)


def split_batch(
    operation: str, input: Shape, axes: int, kind: ErrorKind
) -> tuple[Shape, Size, Shape]:
    """`input` as batch (nothing or one size), channels, and `axes` more sizes.

    Raises:
        ShapeError: `kind` (expected, rank, shape), for any other rank.
    """
    if len(input) not in (axes + 1, axes + 2):
        raise ShapeError(
            kind,
            (f"{axes + 1} or {axes + 2}", len(input), input),
            f"{operation}: input must have {axes + 1} or {axes + 2} dimensions, "
            f"got {len(input)} from {render_shape(input)}",
        )
    return input[: -axes - 1], input[-axes - 1], input[-axes:]
