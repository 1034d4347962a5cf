"""Copies in which one part is replaced: select_scatter, slice_scatter and their relatives."""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.basic_views import at_key
from shapetorch.tensor.indices import read_slice
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.strides import as_strided
from shapetorch.tensor.tensors import Tensor


@operation(methods=("select_scatter",))
def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """A copy in which one slice along a dim is `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, select_error_index_out_of_bounds,
            source_error_shape_mismatch.
    """
    judged("select_scatter", input, src, dim, index)
    made = input.clone()
    made.select(dim, index).copy_(src)
    return made  # type: ignore[no-any-return]


@operation(methods=("slice_scatter",))
def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    """A copy in which a range of the slices along a dim is `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, source_error_shape_mismatch, argument_error_value.
    """
    judged("slice_scatter", input, src, dim, start, end, step)
    made = input.clone()
    place = int(dim) % input._array.ndim
    part = read_slice(slice(start, end, step))
    at_key(made, (*(slice(None),) * place, part, ...)).copy_(src)
    return made  # type: ignore[no-any-return]


@operation(methods=("diagonal_scatter",))
def diagonal_scatter(
    input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Tensor:
    """A copy in which a diagonal is `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
            source_error_shape_mismatch.
    """
    judged("diagonal_scatter", input, src, offset, dim1, dim2)
    made = input.clone()
    made.diagonal(offset, dim1, dim2).copy_(src)
    return made  # type: ignore[no-any-return]


@operation(methods=("as_strided_scatter",))
def as_strided_scatter(
    input: Tensor, src: Tensor, size: Any, stride: Any, storage_offset: int | None = None
) -> Tensor:
    """A copy in which what `as_strided` would show is `src`."""
    made = input.clone()
    part = as_strided(made, size, stride, storage_offset)
    if part._array.shape != src._array.shape:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. src size = "
            f"{list(src._array.shape)}, slice size = {list(part._array.shape)}"
        )
    part.copy_(src)
    return made  # type: ignore[no-any-return]
