"""Sums along dims: cheap for small arrays, accurate for long ones.

NumPy adds in pairs only along the axis that lies densest in memory; along any other axis, or over
several that do not lie together, it adds one after the other and rounding errors grow with the
number of elements. Long sums are therefore made in two levels of about ``sqrt(n)`` each.
"""

from __future__ import annotations

from math import isqrt, prod
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.entries import Entries
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.tensors import Array

SMALL = 1 << 13
"""Elements up to which a product with ones (BLAS, in one thread) is cheaper than NumPy's reduction."""
LEVEL = 128
"""Elements that may be added one after the other."""
_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_ONES: dict[tuple[int, bool], Array] = {}
_dot = np.dot


def ones(count: int, single: bool) -> Array:
    """So many ones in float32, or in float64; kept for the next time."""
    made = _ONES.get((count, single))
    if made is not None:
        return made
    kind = _FLOAT32 if single else _FLOAT64
    if count > SMALL:
        return np.ones(count, kind)
    whole = _ONES.setdefault((SMALL, single), np.ones(SMALL, kind))
    return _ONES.setdefault((count, single), whole[:count])  # views: one memory for all of them


_SUM = Entries("sum_flat", 1)


def small_sums(array: Array, dim: Any, keepdim: bool) -> Array | None:
    """The sums of a small float array, of all elements or along a dim of a matrix, with no detour.

    All elements are added so in an array of any size, if there is a kernel.

    Returns:
        None if it is something else.
    """
    kind = array.dtype
    if kind is not _FLOAT32 and kind is not _FLOAT64:
        return None
    if dim is None and not keepdim:
        entry = _SUM[kind]
        if entry is not None and array.flags.carray:
            return np.array(entry(array.ravel()), kind)
    if array.size > SMALL:
        return None
    if dim is None:
        if keepdim:
            return None
        flat = array.ravel()
        return np.asarray(quietly(_dot, flat, ones(flat.size, kind is _FLOAT32)))
    if dim.__class__ is not int or array.ndim != 2 or not -3 < dim < 2:
        return None
    rows, columns = array.shape
    along_rows = dim == 1 or dim == -1  # noqa: PLR1714 - a set costs more
    made: Array
    if along_rows:
        made = quietly(_dot, array, ones(columns, kind is _FLOAT32))
    else:
        made = quietly(_dot, ones(rows, kind is _FLOAT32), array)
    if keepdim:
        return made.reshape((rows, 1) if along_rows else (1, columns))
    return made


def sum_all(array: Array) -> Any:
    """The sum of all elements, as a NumPy scalar."""
    kind = array.dtype
    if (kind is _FLOAT32 or kind is _FLOAT64) and array.size <= SMALL:
        return MODES.quiet(np.dot, array.ravel(), ones(array.size, kind is _FLOAT32))
    kernel = kernels.find("sum_flat", array)
    if kernel is not None and array.flags.c_contiguous:
        return kind.type(kernel(array.reshape(-1)))
    if array.flags.forc or kind.kind in "biu":
        return MODES.quiet(np.add.reduce, array, None, kind if kind.kind != "b" else np.int64)
    return sum_along(array, tuple(range(array.ndim)))


def sum_along(array: Array, over: tuple[int, ...], keepdim: bool = False) -> Array:
    """The sums along the dims `over`, which are in order and not negative, in the array's dtype.

    Bool counts as int64; float16 and bfloat16 are added in float32 and rounded once.
    """
    kind = array.dtype
    if kind in NARROW:
        return sum_along(array.astype(np.float32), over, keepdim).astype(kind)
    rank = array.ndim
    if len(over) == rank and array.flags.forc:
        total = np.asarray(sum_all(array))
        return total.reshape((1,) * rank) if keepdim else total
    if kind.kind in "biu":
        wide = kind if kind.kind != "b" else np.dtype(np.int64)
        return np.asarray(np.add.reduce(array, axis=over, dtype=wide, keepdims=keepdim))  # type: ignore[call-overload]
    small = array.size <= SMALL and rank == 2 and (kind is _FLOAT32 or kind is _FLOAT64)
    if small and over == (1,):
        result = MODES.quiet(np.dot, array, ones(array.shape[1], kind is _FLOAT32))
    elif (made := _by_kernel(array, over)) is not None:
        result = made
    elif small and over == (0,):
        result = MODES.quiet(np.dot, ones(array.shape[0], kind is _FLOAT32), array)
    elif prod([array.shape[place] for place in over]) <= LEVEL:
        return np.asarray(MODES.quiet(np.add.reduce, array, over, None, None, keepdim))  # type: ignore[arg-type]
    else:
        result = np.asarray(MODES.quiet(_long_sum, array, over))
    if keepdim:
        return result.reshape(kept_shape(array.shape, over))  # type: ignore[no-any-return]
    return result  # type: ignore[no-any-return]


def _by_kernel(array: Array, over: tuple[int, ...]) -> Array | None:
    """Sums of a large array, over one run of neighbouring dims after the other, the last first."""
    if not over or kernels.find("sum_rows", array, SMALL) is None or not array.flags.c_contiguous:
        return None
    end = over[-1] + 1
    first = end - 1
    while first - 1 in over:
        first -= 1
    shape, rank = array.shape, array.ndim
    outer, count, inner = prod(shape[:first]), prod(shape[first:end]), prod(shape[end:])
    result = np.empty((*shape[:first], *shape[end:]), array.dtype)
    if end == rank:
        kernels.TABLE["sum_rows"](array.reshape(outer, count), result.reshape(-1))
    elif not first:
        kernels.TABLE["sum_columns"](array.reshape(count, inner), result.reshape(-1))
    else:
        made = (array.reshape(outer, count, inner), result.reshape(outer, inner))
        kernels.TABLE["sum_middle"](*made)
    left = tuple([place for place in over if place < first])
    return sum_along(result, left) if left else result


def kept_shape(shape: tuple[int, ...], over: tuple[int, ...]) -> tuple[int, ...]:
    """A shape with size 1 at the dims `over`."""
    return tuple([1 if place in over else size for place, size in enumerate(shape)])


def _long_sum(array: Array, over: tuple[int, ...]) -> Array:
    """The sum over several dims, one run of neighbours after the other, the last first."""
    left = list(over)
    while left:
        last = left.pop()
        first = last
        while left and left[-1] == first - 1 and _together(array, left[-1]):
            first = left.pop()
        if first != last:
            shape = array.shape
            array = array.reshape(*shape[:first], prod(shape[first : last + 1]), *shape[last + 1 :])
        array = _sum_axis(array, first)
    return array


def _together(array: Array, place: int) -> bool:
    """Whether a dim and the next one are one run of memory."""
    return array.strides[place] == array.strides[place + 1] * array.shape[place + 1]  # type: ignore[no-any-return]


def _sum_axis(array: Array, axis: int) -> Array:
    count = array.shape[axis]
    if count <= LEVEL or array.strides[axis] == array.itemsize:  # NumPy adds in pairs
        return np.add.reduce(array, axis=axis)  # type: ignore[no-any-return]
    width = isqrt(count)
    whole = count - count % width
    before, after = array.shape[:axis], array.shape[axis + 1 :]
    head: tuple[Any, ...] = (slice(None),) * axis
    blocks = array[(*head, slice(whole))].reshape(*before, count // width, width, *after)
    result = np.add.reduce(np.add.reduce(blocks, axis=axis + 1), axis=axis)
    if whole < count:
        result = result + np.add.reduce(array[(*head, slice(whole, None))], axis=axis)
    return result  # type: ignore[no-any-return]
