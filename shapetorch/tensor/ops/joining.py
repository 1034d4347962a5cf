"""Several tensors as one: cat, stack and their relatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import require_tensors
from shapetorch.tensor.basic_views import narrowed, sliced
from shapetorch.tensor.dtypes import promote
from shapetorch.tensor.fast import undispatched
from shapetorch.tensor.histories import recording
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import MODES, UNUSUAL
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.shapes import _again
from shapetorch.tensor.shortcuts import Shortcut
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, in_rows, wrap


def cat_backward(node: Any, grad: Tensor) -> list[Tensor | None]:
    """Each operand gets its part."""
    start, found = 0, []
    for (shape, kind), wanted in zip(node.metas, node.needs, strict=True):
        if shape == (0,) and grad._array.ndim > 1:
            found.append(wrap(np.zeros(0, kind)) if wanted else None)
            continue
        length = shape[node.dim]
        found.append(narrowed(grad, node.dim, start, length) if wanted else None)
        start += length
    return found


def common_kind(tensors: Sequence[Tensor]) -> list[Array]:
    """The operands' arrays, of one dtype."""
    arrays = [tensor._array for tensor in tensors]
    kind = arrays[0].dtype
    for array in arrays:
        if array.dtype is not kind and array.dtype != kind:
            common = promote([(item.dtype, item._array.ndim) for item in tensors]).numpy
            return [MODES.quiet(array.astype, common) for array in arrays]
    return arrays


def _check_tensors(name: str, tensors: Any) -> None:
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(
            f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not "
            f"{type(tensors).__name__}"
        )
    for place, item in enumerate(tensors):
        if not isinstance(item, Tensor):
            raise TypeError(
                f"{name}(): argument 'tensors' must be tuple of Tensors, but found element of type "
                f"{type(item).__name__} at pos {place}"
            )


_at_once = Shortcut("joined")


@operation(out="joined", aliases=("concat", "concatenate"))
def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """The tensors one after the other along a dim that they have.

    Args:
        tensors: At least one; all sizes but those at `dim` are equal. A bare ``(0,)`` is skipped.
        dim: Along which dim.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty,
            dimension_error_out_of_range.
    """
    if (call := _at_once.call) is not None:
        found: Tensor | None = call(tensors, dim)
        if found is not None:
            for item in tensors:
                if item._meta is not None:
                    break
            else:
                return found
            if not recording(tensors):
                return found
    arrays = None if UNUSUAL else _plain_arrays(tensors)
    if arrays is not None and dim.__class__ is int and dim > -_MANY:
        try:
            made = _concatenate(arrays, dim)
            return wrap(made if made.flags.c_contiguous else in_rows(made, images=True))
        except (ValueError, IndexError, TypeError):
            pass
    return _joined("cat", tensors, dim)


def _plain_arrays(tensors: Any) -> list[Array] | None:
    """The arrays of tensors of one dtype without gradients; None of anything else, or of a bare ``(0,)``."""
    kind = tensors.__class__
    if (kind is not list and kind is not tuple) or not tensors:
        return None
    arrays = []
    first = None
    for item in tensors:
        if not isinstance(item, Tensor) or item._meta is not None:
            return None
        array = item._array
        if first is None:
            first = array.dtype
        if array.dtype is not first or (array.ndim == 1 and not array.size):
            return None
        arrays.append(array)
    return arrays


_concatenate = undispatched(np.concatenate)
_MANY = 65
"""More dims than an array may have. NumPy means something else by the least integer of C."""


def _joined(name: str, tensors: Sequence[Tensor], dim: int) -> Tensor:
    _check_tensors(name, tensors)
    try:
        arrays = common_kind(tensors)
        result = np.concatenate(arrays, dim if dim > -_MANY else _MANY)
    except (ValueError, IndexError, TypeError):  # or nothing at all, or the bare (0,)
        judged(name, tensors, dim)
        arrays = [array for array in common_kind(tensors) if array.shape != (0,)]
        result = np.concatenate(arrays, int(dim))
    return record(in_rows(result, images=True), tensors, cat_backward, dim=int(dim) % result.ndim)


def stack_backward(node: Any, grad: Tensor) -> list[Tensor | None]:
    """Each operand gets its slice."""
    return [
        sliced(grad, node.dim, place) if wanted else None for place, wanted in enumerate(node.needs)
    ]


@operation(out="joined")
def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Tensors of one shape one after the other along a new dim.

    Args:
        tensors: At least one.
        dim: Where the new dim goes, in ``-(rank+1)..rank``.

    Raises:
        ShapeError: stack_error_shape_mismatch, cat_error_empty, dimension_error_out_of_range.
    """
    _check_tensors("stack", tensors)
    place = _new_dim(tensors, dim)
    key = (*(slice(None),) * place, None)
    result = np.concatenate([array[key] for array in common_kind(tensors)], place)
    return record(in_rows(result), tensors, stack_backward, dim=place)


def _new_dim(tensors: Sequence[Tensor], dim: Any) -> int:
    if tensors and dim.__class__ is int:
        shape = tensors[0]._array.shape
        rank = len(shape) + 1
        if -rank <= dim < rank and all(item._array.shape == shape for item in tensors):
            return dim % rank
    found = judged("stack", tensors, dim)
    return int(dim) % len(found)


# -- by the number of dims ---------------------------------------------------------------------------


def _at_least(name: str, tensor: Any, rank: int) -> Tensor:
    shape = judged(name, tensor)
    return tensor if shape == tensor._array.shape else _again(tensor, shape)


def _each(name: str, tensors: tuple[Any, ...], rank: int) -> Any:
    if len(tensors) == 1 and not isinstance(tensors[0], (list, tuple)):
        return _at_least(name, tensors[0], rank)
    given = tensors[0] if len(tensors) == 1 else tensors
    require_tensors(given)
    return tuple(_at_least(name, item, rank) for item in given)


@operation()
def atleast_1d(*tensors: Any) -> Any:
    """A tensor with at least one dim; of several tensors a tuple."""
    return _each("atleast_1d", tensors, 1)


@operation()
def atleast_2d(*tensors: Any) -> Any:
    """A tensor with at least two dims, new ones in front; of several tensors a tuple."""
    return _each("atleast_2d", tensors, 2)


@operation()
def atleast_3d(*tensors: Any) -> Any:
    """A tensor with at least three dims, a vector in the middle; of several tensors a tuple."""
    return _each("atleast_3d", tensors, 3)


@operation(out="joined")
def hstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors side by side: joined along dim 1, vectors along dim 0.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """
    _check_tensors("hstack", tensors)
    judged("hstack", tensors)
    rows = [_at_least("atleast_1d", item, 1) for item in tensors]
    return _joined("cat", rows, 0 if rows[0]._array.ndim == 1 else 1)


@operation(out="joined", aliases=("row_stack",))
def vstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors one above the other: joined along dim 0, vectors as rows.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """
    _check_tensors("vstack", tensors)
    judged("vstack", tensors)
    return _joined("cat", [_at_least("atleast_2d", item, 2) for item in tensors], 0)


@operation(out="joined")
def dstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors one behind the other: joined along dim 2.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """
    _check_tensors("dstack", tensors)
    judged("dstack", tensors)
    return _joined("cat", [_at_least("atleast_3d", item, 3) for item in tensors], 2)


@operation(out="joined")
def column_stack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors side by side, vectors as columns.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """
    _check_tensors("column_stack", tensors)
    judged("column_stack", tensors)
    columns = [
        item if item._array.ndim > 1 else _again(item, (item._array.size, 1)) for item in tensors
    ]
    return _joined("cat", columns, 1)


def block_diag_backward(node: Any, grad: Tensor) -> list[Tensor | None]:
    """Each operand gets its block."""
    row = column = 0
    found: list[Tensor | None] = []
    for (shape, _), wanted in zip(node.metas, node.needs, strict=True):
        height, width = (1,) * (2 - len(shape)) + shape
        block = narrowed(narrowed(grad, 0, row, height), 1, column, width) if wanted else None
        found.append(None if block is None else block.reshape(shape))
        row, column = row + height, column + width
    return found


@operation()
def block_diag(*tensors: Any) -> Tensor:
    """A matrix with the operands along its diagonal, zeros elsewhere.

    Args:
        tensors: Matrices; vectors count as rows.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    require_tensors(tensors)
    given = tensors
    shape = judged("block_diag", *given)
    if not given:
        return wrap(np.zeros(shape, np.float32))
    arrays = common_kind(given)
    result = np.zeros(shape, arrays[0].dtype)
    row = column = 0
    for array in arrays:
        block = array.reshape((1,) * (2 - array.ndim) + array.shape)
        height, width = block.shape
        result[row : row + height, column : column + width] = block
        row, column = row + height, column + width
    return record(result, given, block_diag_backward)
