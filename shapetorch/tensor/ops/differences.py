"""Differences of neighbours, integrals and derivatives of samples."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integer, is_number
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.reducing import place_of
from shapetorch.tensor.tensors import Tensor, wrap


@operation(methods=("diff",), out=True)
def diff(
    input: Tensor,
    n: int = 1,
    dim: int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
) -> Tensor:
    """The differences of neighbours along a dim; of bool, whether they differ.

    Args:
        input: At least one dim.
        n: How many times differences are taken.
        dim: The dim.
        prepend: Put before the input along `dim`.
        append: Put after it.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_out_of_range, argument_error_value,
            cat_error_rank_mismatch, cat_error_size_mismatch.
    """
    judged("diff", input, n, dim, prepend, append)
    parts = [part for part in (prepend, input, append) if part is not None]
    if n == 0:
        return input.clone()  # type: ignore[no-any-return]
    axis = place_of(dim, input)
    result = OPERATIONS["cat"].function(parts, axis) if len(parts) > 1 else input
    for _ in range(min(n, result._array.shape[axis])):
        count = result._array.shape[axis]
        later, earlier = result.narrow(axis, 1, count - 1), result.narrow(axis, 0, count - 1)
        is_bool = result._array.dtype.kind == "b"
        result = later.logical_xor(earlier) if is_bool else later - earlier
    return result


# -- integrals ----------------------------------------------------------------------------------------


def _refuse_bool(name: str, y: Any, x: Any) -> None:
    for item in (y, x):
        if isinstance(item, Tensor) and item._array.dtype.kind == "b":
            raise RuntimeError(
                f"{name}: received a bool input for `x` or `y`, but bool is not supported"
            )


def _areas(name: str, y: Tensor, x: Any, dx: Any, dim: int) -> tuple[Tensor, int]:
    """Twice the areas between neighbours, and the dim."""
    if isinstance(dx, bool):
        raise RuntimeError(f"{name}: dx must be a real number, got a bool")
    if name == "cumulative_trapezoid":  # PyTorch looks at the dtype before it looks at the sizes
        rank = max(y._array.ndim, 1)
        if x is None or -rank <= dim < rank:
            _refuse_bool(name, y, x)
    if x is not None:
        judged(name, y, x, dim=dim)
    else:
        judged(name, y, dx=dx, dim=dim)
    axis = place_of(dim, y)
    count = y._array.shape[axis]
    if not count:
        return y, axis
    _refuse_bool(name, y, x)
    heights = y.narrow(axis, 1, count - 1) + y.narrow(axis, 0, count - 1)
    if x is None:
        return heights * dx, axis
    if x._array.ndim == 1:
        widths = diff(x)
        return heights * widths.reshape(
            [-1 if place == axis else 1 for place in range(y._array.ndim)]
        ), axis
    if x._array.ndim < y._array.ndim:
        x = x.reshape((1,) * (y._array.ndim - x._array.ndim) + x._array.shape)
    return heights * diff(x, 1, axis), axis


@operation(aliases=("trapz",))
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float = 1, dim: int = -1) -> Tensor:
    """The integral of samples along a dim, by trapezoids.

    Args:
        y: The samples.
        x: Where they are: as many numbers as samples, or a shape that broadcasts.
        dx: How far apart they are, without `x`.
        dim: The dim, which is left out of the result.

    Raises:
        ShapeError: dimension_error_out_of_range, weights_error_shape,
            broadcast_error_incompatible_dimensions.
    """
    if x is not None and dx != 1:
        raise TypeError("trapezoid() takes x or dx, not both")
    areas, axis = _areas("trapezoid", y, x, dx, dim)
    if not y._array.shape[axis]:
        shape = y._array.shape
        return wrap(np.zeros(shape[:axis] + shape[axis + 1 :], y._array.dtype))
    return areas.sum(axis) / 2  # type: ignore[no-any-return]


@operation()
def cumulative_trapezoid(
    y: Tensor, x: Tensor | None = None, *, dx: float = 1, dim: int = -1
) -> Tensor:
    """The integrals up to each sample but the first; see `trapezoid`."""
    if x is not None and dx != 1:
        raise TypeError("cumulative_trapezoid() takes x or dx, not both")
    areas, axis = _areas("cumulative_trapezoid", y, x, dx, dim)
    return areas.cumsum(axis) / 2  # type: ignore[no-any-return]


# -- derivatives --------------------------------------------------------------------------------------


@operation()
def gradient(
    input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """The derivatives of samples along dims, by central differences.

    Args:
        input: The samples.
        spacing: How far apart they are: a number, one for each dim, or a tensor for each dim that says where
            they are.
        dim: The dims; all of them if None.
        edge_order: 1 or 2: how the ends are estimated.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate, gradient_error_size.
    """
    if isinstance(input, Tensor) and input._array.dtype == np.uint8:
        raise RuntimeError("torch.gradient does not support uint8 input.")
    if integer("gradient", "edge_order", edge_order) not in (1, 2):
        raise RuntimeError(f"gradient: edge_order must be 1 or 2, got {edge_order}")
    if spacing is None:
        spacing = 1
    for item in spacing if isinstance(spacing, (list, tuple)) else (spacing,):
        _check_step(item)
    if isinstance(spacing, Tensor) and spacing._array.ndim:
        raise TypeError("gradient(): argument 'spacing' must be a number or a list, not Tensor")
    judged("gradient", input, spacing=spacing, dim=dim, edge_order=edge_order)
    rank = input._array.ndim
    if dim is None:
        dims: tuple[int, ...] = tuple(range(rank))
    else:
        given = dim if isinstance(dim, (list, tuple)) else (dim,)
        dims = tuple(int(item) % rank for item in given)
    steps = spacing if isinstance(spacing, (list, tuple)) else [spacing] * len(dims)
    if len(steps) != len(dims):
        raise RuntimeError(
            f"torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to "
            f"'self.dim() = {rank}', but got a list of length {len(steps)}"
        )
    return tuple(
        _derivative(input, step, place, edge_order) for step, place in zip(steps, dims, strict=True)
    )


def _check_step(step: Any) -> None:
    if not is_number(step) and not isinstance(step, Tensor):
        raise TypeError(
            f"gradient(): argument 'spacing' must be a number or Tensors, not {type(step).__name__}"
        )


def _derivative(input: Tensor, step: Any, axis: int, edge_order: int) -> Tensor:
    count = input._array.shape[axis]
    _check_step(step)
    if is_number(step):
        widths: Any = None
    else:
        if step._array.ndim != 1 or step._array.shape[0] != count:
            raise RuntimeError(
                f"torch.gradient expected each element of spacing to have one coordinate for each of the "
                f"{count} samples, got {list(step._array.shape)}"
            )
        widths = diff(step)

    def at(first: int, number: int) -> Tensor:
        return input.narrow(axis, first, number)  # type: ignore[no-any-return]

    def width(first: int, number: int) -> Any:
        if widths is None:
            return step
        shape = [-1 if place == axis else 1 for place in range(input._array.ndim)]
        return widths.narrow(0, first, number).reshape(shape)

    inner = count - 2
    before, after = width(0, inner), width(1, inner)
    if widths is None:
        middle = (at(2, inner) - at(0, inner)) / (2 * step)
    else:
        middle = (
            at(0, inner) * (-after / (before * (before + after)))
            + at(1, inner) * ((after - before) / (before * after))
            + at(2, inner) * (before / (after * (before + after)))
        )
    if edge_order == 1:
        first = (at(1, 1) - at(0, 1)) / width(0, 1)
        last = (at(count - 1, 1) - at(count - 2, 1)) / width(count - 2, 1)
    else:
        first = _second_order_end(at(0, 1), at(1, 1), at(2, 1), width(0, 1), width(1, 1))
        last = -_second_order_end(
            at(count - 1, 1),
            at(count - 2, 1),
            at(count - 3, 1),
            width(count - 2, 1),
            width(count - 3, 1),
        )
    return OPERATIONS["cat"].function((first, middle, last), axis)  # type: ignore[no-any-return]


def _second_order_end(y0: Tensor, y1: Tensor, y2: Tensor, h1: Any, h2: Any) -> Tensor:
    """The derivative at the first of three samples, by a parabola."""
    return (  # type: ignore[no-any-return]
        y0 * (-(2 * h1 + h2) / (h1 * (h1 + h2)))
        + y1 * ((h1 + h2) / (h1 * h2))
        + y2 * (-h1 / (h2 * (h1 + h2)))
    )
