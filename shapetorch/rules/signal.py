"""Differences, integrals and statistics along a dim, and products of vectors as sets."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, factorial

from shapetorch.dim import (
    UNKNOWN,
    AnyShape,
    Shape,
    Size,
    Truth,
    at_most,
    check_equal,
    maximum,
    product,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.reductions import positions
from shapetorch.rules.registry import Dims, Shapes, rule
from shapetorch.rules.reshaping import may_be_one
from shapetorch.rules.sorting import with_size


def at_least_zero(size: Size) -> Size:
    """`size`, or 0 if it is less."""
    return size if at_most(0, size) is Truth.YES else maximum(size, 0)


def _require_rank(operation: str, shape: Shape, least: int, most: int, text: str) -> None:
    if not least <= len(shape) <= most:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (most if len(shape) > most else least, len(shape), shape),
            f"{operation}: input must have {text}, got {len(shape)} from {render_shape(shape)}",
        )


@rule("diff", functions=("diff",), methods=("diff",), dtype="same")
def diff_shape(
    input: Shape,
    n: int = 1,
    dim: int = -1,
    prepend: Shape | None = None,
    append: Shape | None = None,
) -> Shape:
    """Shape with `n` less at `dim`.

    Args:
        input: At least one dim.
        n: How many times neighbours are subtracted.
        dim: Where neighbours are.
        prepend: Put before the input along `dim`; other sizes must be the same.
        append: Put after it.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_out_of_range, argument_error_value,
            cat_error_rank_mismatch, cat_error_size_mismatch.

    Source: PyTorch ``torch.diff``.
    """
    _require_rank("diff", input, 1, 99, "at least 1 dim")
    if n < 0:
        raise ShapeError(
            ErrorKind.argument_error_value, ("n", n), f"diff: n must not be negative, got {n}"
        )
    if n == 0 and prepend is None and append is None:
        return input
    place = axis("diff", dim, input)
    size = input[place]
    for part in (prepend, append):
        if part is not None:
            _check_joined(input, part, place)
            size = size + part[place]
    if n == 0:
        return input
    return with_size(input, place, at_least_zero(size - n))


def _check_joined(input: Shape, part: Shape, place: int) -> None:
    if len(part) != len(input):
        raise ShapeError(
            ErrorKind.cat_error_rank_mismatch,
            (len(input), len(part)),
            f"diff: ranks must be equal, got {len(input)} and {len(part)} "
            f"from {render_shape(input)} and {render_shape(part)}",
        )
    for at, (ours, theirs) in enumerate(zip(input, part, strict=True)):
        if at != place:
            check_equal(
                ours,
                theirs,
                _sizes_differ(ours, theirs, place, input, part),
            )


def _sizes_differ(
    ours: Size, theirs: Size, place: int, input: Shape, part: Shape
) -> Callable[[], ShapeError]:
    return lambda: ShapeError(
        ErrorKind.cat_error_size_mismatch,
        (ours, theirs, place, input, part),
        f"diff: sizes must be equal except in dim {place}, got {ours} and {theirs} "
        f"from {render_shape(input)} and {render_shape(part)}",
    )


@rule("cov", functions=("cov",), methods=("cov",), dtype="same")
def cov_shape(
    input: Shape,
    *,
    correction: object = 1,
    fweights: Shape | None = None,
    aweights: Shape | None = None,
) -> AnyShape:
    """``(N, N)`` for ``(N, observations)``; no dims for one row, so unknown if N may be 1."""
    _require_rank("cov", input, 0, 2, "at most 2 dims")
    seen = input[-1] if input else 1
    for weights in (fweights, aweights):
        if weights is not None:
            _check_observations(weights, seen, input)
    return _row_pairs(input)


def _row_pairs(input: Shape) -> AnyShape:
    if len(input) < 2 or input[0] == 1:
        return ()
    return UNKNOWN if may_be_one(input[0]) else (input[0], input[0])


def _check_observations(weights: Shape, seen: Size, input: Shape) -> None:
    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.weights_error_shape,
            (weights, input),
            f"cov: there must be one weight for each of {seen} observations, "
            f"got {render_shape(weights)} for {render_shape(input)}",
        )

    if len(weights) > 1:
        raise error()
    check_equal(product(weights), seen, error)


@rule("corrcoef", functions=("corrcoef",), methods=("corrcoef",), dtype="same")
def corrcoef_shape(input: Shape) -> AnyShape:
    """See `cov_shape`."""
    _require_rank("corrcoef", input, 0, 2, "at most 2 dims")
    return _row_pairs(input)


def _areas(operation: str, y: Shape, x: Shape | None, dim: int) -> Shape:
    """Shape of the areas between neighbours."""
    place = axis(operation, dim, y, scalar=False)
    areas = with_size(y, place, at_least_zero(y[place] - 1))
    if x is None:
        return areas
    if len(x) == 1:
        check_equal(
            x[0],
            y[place],
            lambda: ShapeError(
                ErrorKind.weights_error_shape,
                (x, y),
                f"{operation}: there must be one x for each sample, "
                f"got {render_shape(x)} for dim {place} of {render_shape(y)}",
            ),
        )
        return areas
    aligned = (1,) * (len(y) - len(x)) + x
    widths = with_size(aligned, place, at_least_zero(aligned[place] - 1))
    return broadcast_all(operation, areas, widths)


def _integral(y: Shape, x: Shape | None, dim: int) -> Shape:
    place = axis("trapezoid", dim, y, scalar=False)
    areas = y if y[place] == 0 else _areas("trapezoid", y, x, dim)
    return areas[:place] + areas[place + 1 :]


@rule("trapezoid", functions=("trapezoid", "trapz"), dtype="promote")
def trapezoid_x_shape(y: Shape, x: Shape, *, dim: int = -1) -> Shape:
    """Shape without the dim integrated over.

    Args:
        y: At least one dim.
        x: Where the samples are: as many numbers as samples, or a shape that broadcasts.
        dim: Where neighbours are.

    Raises:
        ShapeError: dimension_error_out_of_range, weights_error_shape,
            broadcast_error_incompatible_dimensions.

    Source: PyTorch ``torch.trapezoid``.
    """
    return _integral(y, x, dim)


@rule("trapezoid", functions=("trapezoid", "trapz"), dtype="same")
def trapezoid_shape(y: Shape, *, dx: object = 1, dim: int = -1) -> Shape:
    """See `trapezoid_x_shape`; samples are `dx` apart."""
    return _integral(y, None, dim)


@rule("cumulative_trapezoid", functions=("cumulative_trapezoid",), dtype="promote")
def cumulative_trapezoid_x_shape(y: Shape, x: Shape, *, dim: int = -1) -> Shape:
    """Shape with 1 less at `dim`; see `trapezoid_x_shape`."""
    return _areas("cumulative_trapezoid", y, x, dim)


@rule("cumulative_trapezoid", functions=("cumulative_trapezoid",), dtype="same")
def cumulative_trapezoid_shape(y: Shape, *, dx: object = 1, dim: int = -1) -> Shape:
    """Shape with 1 less at `dim`."""
    return _areas("cumulative_trapezoid", y, None, dim)


@rule("gradient", functions=("gradient",), dtype="same")
def gradient_shape(
    input: Shape, *, spacing: object = 1, dim: Dims = None, edge_order: int = 1
) -> list[Shape]:
    """The input's shape, once for each dim.

    Args:
        input: Any shape; the dims used must be longer than `edge_order`.
        spacing: How far apart samples are.
        dim: The dims differentiated along; all of them if None.
        edge_order: 1 or 2.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate, gradient_error_size.

    Source: PyTorch ``torch.gradient``.
    """
    found = positions("gradient", input, dim, none_is_all=False)
    if found and not input:
        axis("gradient", 0, input, scalar=False)
    for place in found:
        if input and at_most(edge_order + 1, input[place]) is Truth.NO:
            raise ShapeError(
                ErrorKind.gradient_error_size,
                (input[place], edge_order, input),
                f"gradient: sizes must be at least {edge_order + 1}, got {input[place]} "
                f"from {render_shape(input)}",
            )
    return [input for _ in found]


@rule("combinations", functions=("combinations",), dtype="same")
def combinations_shape(input: Shape, r: int = 2, with_replacement: bool = False) -> Shape:
    """``(number of combinations, r)``; ``(0,)`` if r is 0."""
    _require_rank("combinations", input, 1, 1, "1 dim")
    if r < 0:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("r", r),
            f"combinations: r must not be negative, got {r}",
        )
    if r == 0:
        return (0,)
    count = input[0] + r - 1 if with_replacement and input[0] != 0 else input[0]
    if isinstance(count, int):
        return (comb(count, r), r)
    return (product(count - place for place in range(r)) // factorial(r), r)


@rule("cartesian_prod", functions=("cartesian_prod",), spread="tensors", dtype="promote")
def cartesian_prod_shape(tensors: Shapes) -> Shape:
    """``(product of the lengths, number of vectors)``; one vector is given back."""
    for tensor in tensors:
        _require_rank("cartesian_prod", tensor, 1, 1, "1 dim")
    if len(tensors) == 1:
        return tensors[0]
    return (product(tensor[0] for tensor in tensors), len(tensors))
