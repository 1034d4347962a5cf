"""Reductions that select an element and tell where it was: extremes, median, mode.

``max`` and ``min`` have three signatures: of all elements, along a dim (values and indices), and
elementwise of two tensors.
"""

from __future__ import annotations

from shapetorch.dim import Shape
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.reductions import (
    ValuesIndices,
    empty_dim,
    reduced,
    require_not_empty,
)
from shapetorch.rules.registry import rule

BOTH = ("same", "int64")


def along(operation: str, input: Shape, dim: int, keepdim: bool) -> ValuesIndices:
    """Values and indices along a dim that must not be empty.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty.
    """
    result = reduced(operation, input, dim, keepdim)
    require_not_empty(operation, input, dim)
    return ValuesIndices(result, result)


def _all_elements(operation: str, input: Shape) -> Shape:
    require_not_empty(operation, input)
    return ()


@rule("max", functions=("max",), methods=("max",), dtype="same")
def max_shape(input: Shape) -> Shape:
    """Shape of the largest of all elements: none."""
    return _all_elements("max", input)


@rule("max", functions=("max",), methods=("max",), dtype=BOTH)
def max_dim_shape(input: Shape, dim: int, keepdim: bool = False) -> ValuesIndices:
    """Shapes of the largest elements along a dim and of their indices."""
    return along("max", input, dim, keepdim)


@rule("max", functions=("max",), methods=("max",))
def max_other_shape(input: Shape, other: Shape) -> Shape:
    """Shape that two tensors broadcast to."""
    return broadcast_all("max", input, other)


@rule("min", functions=("min",), methods=("min",), dtype="same")
def min_shape(input: Shape) -> Shape:
    """Shape of the smallest of all elements: none."""
    return _all_elements("min", input)


@rule("min", functions=("min",), methods=("min",), dtype=BOTH)
def min_dim_shape(input: Shape, dim: int, keepdim: bool = False) -> ValuesIndices:
    """Shapes of the smallest elements along a dim and of their indices."""
    return along("min", input, dim, keepdim)


@rule("min", functions=("min",), methods=("min",))
def min_other_shape(input: Shape, other: Shape) -> Shape:
    """Shape that two tensors broadcast to."""
    return broadcast_all("min", input, other)


def _arg(operation: str, input: Shape, dim: int | None, keepdim: bool) -> Shape:
    result = reduced(operation, input, dim, keepdim)
    if dim is None and any(size == 0 for size in input):
        raise empty_dim(operation, None, input)
    require_not_empty(operation, input, dim)
    return result


@rule("argmax", functions=("argmax",), methods=("argmax",), dtype="int64")
def argmax_shape(input: Shape, dim: int | None = None, keepdim: bool = False) -> Shape:
    """Shape without the dim searched; without a dim the flattened tensor is searched."""
    return _arg("argmax", input, dim, keepdim)


@rule("argmin", functions=("argmin",), methods=("argmin",), dtype="int64")
def argmin_shape(input: Shape, dim: int | None = None, keepdim: bool = False) -> Shape:
    """Shape without the dim searched; without a dim the flattened tensor is searched."""
    return _arg("argmin", input, dim, keepdim)


@rule("median", functions=("median", "nanmedian"), methods=("median", "nanmedian"), dtype="same")
def median_shape(input: Shape) -> Shape:
    """Shape of the median of all elements: none (NaN if there are none)."""
    return ()


@rule("median", functions=("median", "nanmedian"), methods=("median", "nanmedian"), dtype=BOTH)
def median_dim_shape(input: Shape, dim: int, keepdim: bool = False) -> ValuesIndices:
    """Shapes of the medians along a dim and of their indices."""
    return along("median", input, dim, keepdim)


@rule("mode", functions=("mode",), methods=("mode",), dtype=BOTH)
def mode_shape(input: Shape, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    """Shapes of the most frequent elements along a dim and of their indices."""
    return along("mode", input, dim, keepdim)
