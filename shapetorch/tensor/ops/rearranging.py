"""Copies with the elements in another order, or several times: flip, roll, repeat, meshgrid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations_with_replacement
from itertools import combinations as plain_combinations
from math import comb
from typing import Any

import numpy as np

from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.tensor.arguments import integer, require_sequence, require_tensors, spread
from shapetorch.tensor.dtypes import OF_NUMPY
from shapetorch.tensor.formats import CONTIGUOUS
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import INDEX_KINDS
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.ops.indexing import gather_at
from shapetorch.tensor.ops.joining import stack
from shapetorch.tensor.ops.permuting import transpose
from shapetorch.tensor.room import no_room, too_large, within_memory
from shapetorch.tensor.tape import record, record_rows
from shapetorch.tensor.tensors import Array, Tensor, wrap


def flip_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient reversed again."""
    return _flipped(grad, node.dims)


def _flipped(input: Tensor, dims: tuple[int, ...]) -> Tensor:
    array = input._array
    key = [slice(None)] * array.ndim
    for dim in dims:
        if array.ndim:
            key[dim] = slice(None, None, -1)
    made = within_memory("flip", array.shape, array.dtype, lambda: np.empty_like(array))
    made[...] = array[tuple(key)]
    return record(made, (input,), flip_backward, dims=dims)


def _dims(dims: Any) -> tuple[int, ...]:
    return tuple(map(int, dims)) if isinstance(dims, (tuple, list)) else (int(dims),)


@operation()
def flip(input: Tensor, dims: int | Sequence[int]) -> Tensor:
    """A copy with the elements reversed along some dims.

    Raises:
        ShapeError: flip_error_dim_out_of_range, dimension_error_duplicate.
    """
    require_sequence("flip", "dims", dims)
    judged("flip", input, dims)
    return _flipped(input, _dims(dims))


@method("flip")
def flip_method(self: Tensor, *given: Any, dims: Any = None) -> Tensor:
    """See `flip`; the dims may also be single arguments."""
    given = spread("flip", "dims", given, dims)
    judged("flip", self, *given)
    return _flipped(self, _dims(given[0] if len(given) == 1 else given))


@operation(methods=("fliplr",))
def fliplr(input: Tensor) -> Tensor:
    """A copy with dim 1 reversed.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    judged("fliplr", input)
    return _flipped(input, (1,))


@operation(methods=("flipud",))
def flipud(input: Tensor) -> Tensor:
    """A copy with dim 0 reversed.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    judged("flipud", input)
    return _flipped(input, (0,))


def roll_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient shifted back."""
    return _rolled(grad, tuple(-shift for shift in node.shifts), node.dims)


def _shifted(array: Array, shift: int, dim: int) -> Array:
    shift %= array.shape[dim]
    before = (slice(None),) * (dim % array.ndim)
    head, tail = array[(*before, slice(-shift, None))], array[(*before, slice(None, -shift))]
    return np.concatenate((head, tail), dim) if shift else array.copy()


def _rolled(input: Tensor, shifts: tuple[int, ...], dims: tuple[int, ...] | None) -> Tensor:
    array = input._array
    try:
        if not array.size:
            result = array.copy()
        elif dims is None:
            result = _shifted(array.reshape(-1), shifts[0], 0).reshape(array.shape)
        else:
            result = array
            for shift, dim in zip(shifts, dims, strict=True):
                result = _shifted(result, shift, dim)
    except MemoryError as error:
        raise no_room(error, "roll") from None
    return record_rows(result, (input,), roll_backward, shifts=shifts, dims=dims)


@operation(methods=("roll",))
def roll(
    input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None
) -> Tensor:
    """A copy with the elements shifted along some dims, what falls out entering at the other end.

    Raises:
        ShapeError: argument_error_value, dimension_error_out_of_range.
    """
    judged("roll", input, shifts, dims)
    along = None if dims is None or dims in ((), []) else _dims(dims)
    return _rolled(input, _dims(shifts), along)


@operation(methods=("rot90",))
def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """A copy after `k` quarter turns in the plane of two dims.

    Raises:
        ShapeError: argument_error_value, rank_error_mismatch, dimension_error_out_of_range.
    """
    judged("rot90", input, k, dims)
    first, second = map(int, dims)
    turns = int(k) % 4
    if turns == 0:
        return input.clone(memory_format=CONTIGUOUS)  # type: ignore[no-any-return]
    if turns == 2:
        return _flipped(input, (first, second))
    return transpose(_flipped(input, (second if turns == 1 else first,)), first, second)


# -- several times -------------------------------------------------------------------------------------------


def repeat_backward(node: Any, grad: Tensor) -> Tensor:
    """The sum over all copies."""
    shape, counts = node.metas[0][0], node.counts
    extra = len(counts) - len(shape)
    sizes: list[int] = [*counts[:extra]]
    over = list(range(extra))
    for count, size in zip(counts[extra:], shape, strict=True):
        over.append(len(sizes))
        sizes += [count, size]
    return grad.reshape(sizes).sum(over) if over else grad


def _repeated(input: Tensor, counts: tuple[int, ...]) -> Tensor:
    array = input._array
    sizes = (1,) * (len(counts) - array.ndim) + array.shape
    shape = [count * size for count, size in zip(counts, sizes, strict=True)]
    made = within_memory("repeat", shape, array.dtype, lambda: np.tile(array, counts))
    return record_rows(made, (input,), repeat_backward, counts=counts)


@method()
def repeat(self: Tensor, *given: Any, repeats: Any = None) -> Tensor:
    """A copy laid out several times along each dim; more counts than dims add dims in front.

    Raises:
        ShapeError: argument_error_value and others.
    """
    given = spread("repeat", "repeats", given, repeats)
    judged("repeat", self, *given)
    counts = given[0] if len(given) == 1 and isinstance(given[0], (tuple, list)) else given
    return _repeated(self, tuple(map(int, counts)))


def _tiled(input: Tensor, dims: Any) -> Tensor:
    counts = tuple(map(int, dims))
    return _repeated(input, (1,) * (input._array.ndim - len(counts)) + counts)


@operation()
def tile(input: Tensor, dims: Sequence[int]) -> Tensor:
    """A copy laid out several times; missing counts on the left are 1.

    Raises:
        ShapeError: argument_error_value.
    """
    require_sequence("tile", "dims", dims)
    judged("tile", input, dims)
    return _tiled(input, dims)


@method("tile")
def tile_method(self: Tensor, *given: Any, dims: Any = None) -> Tensor:
    """See `tile`; the counts may also be single arguments."""
    given = spread("tile", "dims", given, dims)
    judged("tile", self, *given)
    counts = given[0] if len(given) == 1 and isinstance(given[0], (tuple, list)) else given
    return _tiled(self, counts)


@operation()
def repeat_interleave(
    input: Tensor,
    repeats: int | Tensor | None = None,
    dim: int | None = None,
    *,
    output_size: int | None = None,
) -> Tensor:
    """A copy with each element repeated.

    Args:
        input: Any shape; or, if it is the only argument, a vector of counts.
        repeats: How often, one number or one for each element along `dim`.
        dim: Along which dim; None flattens first.
        output_size: The sum of the repeats, if it is known.

    Raises:
        ShapeError: dimension_error_out_of_range, argument_error_value, rank_error_mismatch.
        RuntimeError: a count is negative or no integer, or `output_size` is not the sum.
    """
    known = {} if output_size is None else {"output_size": output_size}
    if output_size is not None:
        output_size = integer("repeat_interleave", "output_size", output_size)
    if repeats is None:
        if dim is not None:
            raise TypeError(
                "repeat_interleave(): argument 'repeats' must be int or Tensor, not None"
            )
        judged("repeat_interleave", input, **known)
        counts = _counts(input)
        return wrap(_places(counts, output_size).astype(counts.dtype, copy=False))
    judged("repeat_interleave", input, repeats, dim, **known)
    source = input.reshape(-1) if dim is None else input
    place = 0 if dim is None else int(dim) % source._array.ndim
    size = source._array.shape[place]
    if repeats.__class__ is int and output_size is None:
        array = source._array
        shape = [*array.shape[:place], size * repeats, *array.shape[place + 1 :]]
        made = within_memory(
            "repeat_interleave", shape, array.dtype, lambda: array.repeat(repeats, place)
        )
        return record(made, (source,), repeat_interleave_backward, dim=place, count=repeats)
    if isinstance(repeats, Tensor):
        counts = np.broadcast_to(_counts(repeats).reshape(-1), (size,))
    else:
        counts = np.full(size, int(repeats))
    index = _places(counts, output_size)
    return gather_at(source, (*(None,) * place, index), False)


@method("repeat_interleave")
def repeat_interleave_method(
    self: Tensor, repeats: int | Tensor, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """See `repeat_interleave`, whose first argument the tensor is."""
    if repeats is None:
        raise TypeError("repeat_interleave(): argument 'repeats' must be int or Tensor, not None")
    return repeat_interleave(self, repeats, dim, output_size=output_size)


def repeat_interleave_backward(node: Any, grad: Tensor) -> Tensor:
    """The sum over all copies."""
    shape = node.metas[0][0]
    parts = grad.reshape((*shape[: node.dim + 1], node.count, *shape[node.dim + 1 :]))
    return parts.sum(node.dim + 1)  # type: ignore[no-any-return]


def _counts(repeats: Tensor) -> Any:
    if repeats._array.dtype not in INDEX_KINDS:
        raise NotImplementedError("repeat_interleave: repeats has to be Long or Int tensor")
    return repeats._array


_ADDRESSABLE = 1 << 60
_WIDE = 1 << 32  # as many counts as fit into memory, none above this, add up to 64 bits


def _places(counts: Any, output_size: int | None) -> Any:
    """Each place as often as its count says."""
    total = _checked_sum(counts, output_size)
    places = np.arange(counts.size)
    if total > _ADDRESSABLE:  # NumPy would add the counts up to a small number
        raise too_large("repeat_interleave", (total,), places.dtype)
    return within_memory(
        "repeat_interleave", (total,), places.dtype, lambda: np.repeat(places, counts)
    )


def _checked_sum(counts: Any, output_size: int | None) -> int:
    if counts.size and counts.min() < 0:
        raise RuntimeError("repeats can not be negative")
    wide = counts.size and counts.max() > _WIDE
    total = sum(counts.reshape(-1).tolist()) if wide else int(counts.sum())
    if output_size is not None and output_size != total:
        raise RuntimeError(
            f"allocated size does not match required size: got {output_size} and {total}"
        )
    return total


# -- products of vectors --------------------------------------------------------------------------------------


@operation()
def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """Views of the coordinates that some vectors span, one for each vector.

    Args:
        tensors: Vectors, or 0-D tensors, which count as vectors of one element.
        indexing: ``"ij"``, or ``"xy"``, which exchanges the first two dims.

    Raises:
        ShapeError: rank_error_mismatch, argument_error_value.
        RuntimeError: the dtypes differ.
    """
    given = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else tensors
    if not given:
        raise ShapeError(
            ErrorKind.cat_error_empty, (), "meshgrid: at least one tensor must be given"
        )
    judged("meshgrid", *given, **({} if indexing is None else {"indexing": indexing}))
    _same_dtype("meshgrid", given)
    swapped = indexing == "xy" and len(given) > 1
    order = list(given)
    if swapped:
        order[:2] = order[1::-1]
    sizes = [item._array.size for item in order]
    rank = len(order)
    found = []
    for place, item in enumerate(order):
        beside = [1] * rank
        beside[place] = sizes[place]
        grid = item.reshape(beside).expand(sizes)
        found.append(grid)
    if swapped:
        found[:2] = found[1::-1]
    return tuple(found)


def _same_dtype(name: str, tensors: Sequence[Tensor]) -> None:
    if len({OF_NUMPY[item._array.dtype] for item in tensors}) > 1:
        raise RuntimeError(f"torch.{name} expects all tensors to have the same dtype")


@operation()
def cartesian_prod(*tensors: Any) -> Tensor:
    """All rows with one element of each vector: ``(product of the sizes, number of vectors)``.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    if not tensors:
        raise RuntimeError("cartesian_prod: there must be at least one tensor, got none")
    require_tensors(tensors)
    given = tensors
    judged("cartesian_prod", *given)
    if len(given) == 1:
        return given[0]  # type: ignore[no-any-return]
    grids = [grid.reshape(-1) for grid in meshgrid(*given, indexing="ij")]
    return stack(grids, 1)


@operation()
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All choices of `r` elements of a vector, in order: ``(number of choices, r)``.

    Raises:
        ShapeError: rank_error_mismatch, argument_error_value.
    """
    judged("combinations", input, r, with_replacement)
    if not r:
        return wrap(np.empty(0, input._array.dtype))
    choose = combinations_with_replacement if with_replacement else plain_combinations
    size, kind = input._array.size, np.dtype(np.int64)
    count = comb(size + r - 1 if with_replacement and size else size, r)
    places = chain.from_iterable(choose(range(size), r) if count else ())
    rows = within_memory(
        "combinations", (count, r), kind, lambda: np.fromiter(places, kind, count * r)
    ).reshape(count, r)
    return gather_at(input, (rows,), False)
