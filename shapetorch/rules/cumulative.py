"""Running sums, products and extremes along one dim, which keep the shape."""

from __future__ import annotations

from shapetorch.dim import Shape
from shapetorch.rules.axes import axis
from shapetorch.rules.reductions import ValuesIndices
from shapetorch.rules.registry import rule


@rule("cumsum", functions=("cumsum",), methods=("cumsum",), dtype="accumulate", inplace=True)
def cumsum_shape(input: Shape, dim: int) -> Shape:
    """Shape as before; `dim` must exist."""
    axis("cumsum", dim, input)
    return input


@rule("cumprod", functions=("cumprod",), methods=("cumprod",), dtype="accumulate", inplace=True)
def cumprod_shape(input: Shape, dim: int) -> Shape:
    """Shape as before; `dim` must exist."""
    axis("cumprod", dim, input)
    return input


@rule("logcumsumexp", functions=("logcumsumexp",), methods=("logcumsumexp",), dtype="same")
def logcumsumexp_shape(input: Shape, dim: int) -> Shape:
    """Shape as before; `dim` must exist."""
    axis("logcumsumexp", dim, input)
    return input


@rule("cummax", functions=("cummax",), methods=("cummax",), dtype=("same", "int64"))
def cummax_shape(input: Shape, dim: int) -> ValuesIndices:
    """Shapes of the running maxima and of their indices."""
    return _running("cummax", input, dim)


@rule("cummin", functions=("cummin",), methods=("cummin",), dtype=("same", "int64"))
def cummin_shape(input: Shape, dim: int) -> ValuesIndices:
    """Shapes of the running minima and of their indices."""
    return _running("cummin", input, dim)


def _running(operation: str, input: Shape, dim: int) -> ValuesIndices:
    """Both shapes; PyTorch does not look at the dim of a tensor without elements."""
    if not any(size == 0 for size in input):
        axis(operation, dim, input)
    return ValuesIndices(input, input)
