"""Writing elements one after the other: put, at places of the flattened tensor, and masked_scatter."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.accumulating import add_at
from shapetorch.tensor.in_place import refuse_overlap, require_writable, write_into
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import title
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.ops.indexing import check_bounds, gather_at, scattered
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


def put_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; the source has the gradient of its places."""
    (index,) = node.saved
    rest = None
    if node.needs[0]:
        rest = grad
        if not node.accumulate:
            rest = put(grad, index, wrap(np.zeros(index._array.shape, grad._array.dtype)))
    part = grad.take(index).reshape(node.metas[1][0]) if node.needs[1] else None
    return rest, part


def _put(
    input: Tensor, target: Tensor | None, index: Tensor, source: Tensor, accumulate: bool
) -> Tensor:
    require_writable(target)
    if index._array.dtype != np.int64:
        raise RuntimeError(f"put_(): Expected a long tensor for index, but got {title(index)}")
    if source._array.dtype != input._array.dtype:
        raise RuntimeError(
            f"put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{input.dtype} and source.dtype = {source.dtype}"
        )
    refuse_overlap(target, index, source)
    judged("put", input, index, source, accumulate)
    places = index._array.reshape(-1)
    check_bounds((input._array.size,), (places,))
    values = source._array.reshape(-1).copy()
    if target is None:
        target = input.clone()

    def write(array: Array) -> None:
        in_order = array.flags.c_contiguous
        flat = array.reshape(-1) if in_order else array.reshape(-1).copy()
        if accumulate:
            add_at(flat, (places,), values)
        else:
            flat[places] = values
        if not in_order:
            array[...] = flat.reshape(array.shape)

    return write_into(target, (source,), write, put_backward, (index,), accumulate=accumulate)


@method()
def put_(self: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """`put` in place."""
    return _put(self, self, index, source, accumulate)


@operation(methods=("put",))
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """The tensor with the elements of `source` written, or added, at places of its flattened form.

    Raises:
        ShapeError: index_error_shape_mismatch.
        IndexError: an index is out of range.
    """
    return _put(input, None, index, source, accumulate)


def masked_scatter_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; the source has the gradient of its places, in order."""
    (mask,) = node.saved
    shape = node.metas[0][0]
    chosen = np.broadcast_to(mask._array, shape)
    rest = None
    if node.needs[0]:
        rest = grad * wrap((~chosen).astype(grad._array.real.dtype))
    if not node.needs[1]:
        return rest, None
    source = node.metas[1][0]
    taken = gather_at(grad.reshape(-1), (chosen.reshape(-1).nonzero()[0],), True)
    count = int(np.prod(source))
    row = scattered(taken, (count,), (np.arange(taken._array.size),), True)
    return rest, row.reshape(source)


def _masked_scatter(input: Tensor, target: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    shape = target._array.shape
    chosen = np.broadcast_to(mask._array, shape)
    count = int(np.count_nonzero(chosen))
    if count > source._array.size:
        raise RuntimeError(
            "masked_scatter: the source must have as many elements as the mask has true ones, got "
            f"{source._array.size} and {count}"
        )
    values = source._array.reshape(-1)[:count].copy()

    def write(array: Array) -> None:
        array[chosen] = values

    return write_into(target, (source,), write, masked_scatter_backward, (mask,))


def _check_masked(input: Tensor, mask: Tensor, source: Tensor) -> None:
    if mask._array.dtype != np.bool_:
        raise RuntimeError(
            f"masked_scatter_ only supports boolean masks, but got mask with dtype {title(mask)}"
        )
    if source._array.dtype != input._array.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got "
            f"{title(input)} and {title(source)}"
        )


@method()
def masked_scatter_(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """`masked_scatter` in place."""
    require_writable(self)
    judged("masked_scatter_", self, mask, source)
    _check_masked(self, mask, source)
    return _masked_scatter(self, self, mask, source)


@operation(methods=("masked_scatter",))
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The tensor with the elements of `source` written, in order, where a mask is true.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: the source has too few elements.
    """
    shape = judged("masked_scatter", input, mask, source)
    _check_masked(input, mask, source)
    wide = input if input._array.shape == shape else input.expand(shape)
    whole = record(np.array(wide._array, order="C"), (wide,), masked_copy_backward)
    return _masked_scatter(input, whole, mask, source)


def masked_copy_backward(node: Any, grad: Tensor) -> Tensor:
    """A copy's gradient is the gradient."""
    return grad
