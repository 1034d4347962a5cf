"""Rows of a table looked up by indices: one by one, or summed in bags."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import buffers, kernels
from shapetorch.tensor.accumulating import add_rows
from shapetorch.tensor.arguments import flag, integer, tensor_argument
from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.index_checks import OutOfBounds, within
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import (
    narrowed,
    require_integers,
    require_kind,
    require_same_kind,
    title,
    widened,
)
from shapetorch.tensor.linear_maps import linear_map
from shapetorch.tensor.marks import change
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.operations import operation
from shapetorch.tensor.options import allocated
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap
from shapetorch.tensor.writes import check_writable, wrote

# -- rows -------------------------------------------------------------------------------------------


def look_up(weight: Tensor, places: Array, padding: int, by_frequency: bool) -> Tensor:
    """The rows of a table, as a recorded operation.

    Args:
        weight: ``(num, dim)``.
        places: Which rows, all in range.
        padding: The row that gets no gradient; -1 for none.
        by_frequency: Whether a row's gradient is divided by how often it is looked up.
    """
    shape = weight._array.shape
    flat = places.reshape(-1)

    def forward(array: Array) -> Array:
        made = buffers.empty((*places.shape, shape[1]), array.dtype)
        # the places are in range, and only this mode writes where it is told without a copy
        return array.take(places, 0, made, "clip") if made.size else made

    def adjoint(grad: Array) -> Array:
        rows = grad.reshape(flat.size, shape[1])
        chosen = flat
        if padding >= 0:
            used = flat != padding
            rows, chosen = rows[used], flat[used]
        made: Array = buffers.empty(shape, grad.dtype)
        made[...] = 0
        add_rows(made, chosen, rows)
        if by_frequency and chosen.size:
            counts = np.bincount(chosen, minlength=shape[0])
            made /= np.maximum(counts, 1).astype(made.dtype)[:, None]
        return made

    if padding < 0 and not by_frequency:
        return linear_map("embedding", weight, forward, adjoint)

    def forward_again(array: Array) -> Array:
        """The adjoint of `adjoint`, which is not `forward` where rows count less."""
        found = array[places]
        if by_frequency:
            counts = np.maximum(np.bincount(flat, minlength=shape[0]), 1)
            found = found / counts[places].astype(found.dtype)[..., None]
        if padding >= 0:
            found[places == padding] = 0
        return found

    return _look_up_once(weight, forward, adjoint, forward_again)


def _look_up_once(weight: Tensor, forward: Any, adjoint: Any, again: Any) -> Tensor:
    """`linear_map` whose adjoint has an adjoint of its own."""
    made = narrowed(forward(widened(weight._array)), weight._array.dtype)
    return record(made, (weight,), embedding_backward, adjoint=adjoint, again=again)


def embedding_backward(node: Any, grad: Tensor) -> Tensor:
    """Each row's gradients added up, those of the padding left out."""
    return linear_map("embedding_dense", grad, node.adjoint, node.again)


def _check_range(name: str, places: Array, rows: int) -> None:
    if not within(places, 0, rows):
        wrong = int(places.min() if places.min() < 0 else places.max())
        raise OutOfBounds(f"{name}: index out of range in self, got {wrong} for {rows} rows")


def _padding_row(padding_idx: int | None, rows: int) -> int:
    if padding_idx is None:
        return -1
    if not -rows <= padding_idx < rows and padding_idx != 0:
        raise AssertionError(f"padding_idx must be within num_embeddings={rows}, got {padding_idx}")
    return padding_idx % rows if rows else 0


def renormalize(weight: Tensor, places: Array, max_norm: float, norm_type: float) -> None:
    """Shorten the rows that are looked up to `max_norm`, in place and unseen by autograd."""
    with grad_mode(False):
        check_writable(weight)
    used = np.unique(places)
    rows = widened(weight._array[used])
    with np.errstate(all="ignore"):
        norms = np.linalg.norm(rows, norm_type, axis=1, keepdims=True)
        factors = np.where(norms > max_norm, max_norm / (norms + 1e-7), 1.0)
        shorter = (rows * factors.astype(rows.dtype)).astype(weight._stored.dtype)
    change(weight, lambda array: array.__setitem__(used, shorter))
    wrote(weight)


@operation("nn.functional.embedding")
def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Rows of a table.

    Args:
        input: Indices, ``(*)``.
        weight: ``(num, dim)``.
        padding_idx: A row that gets no gradient.
        max_norm: Rows that are looked up are shortened to it, in place.
        norm_type: The exponent of that norm.
        scale_grad_by_freq: Whether a row's gradient is divided by how often it is looked up.
        sparse: Gradients are dense all the same.

    Returns:
        ``(*, dim)``.

    Raises:
        ShapeError: embedding_error_shape.
        IndexError: an index is out of range.
        RuntimeError: the indices are not int32 or int64.
    """
    tensor_argument("embedding", "weight", weight, 2)
    rows = weight._array.shape[0] if weight.ndim else 0
    padding = _padding_row(padding_idx, rows)
    judged("nn.functional.embedding", input, weight)
    require_integers("embedding", "indices", input)
    places = input._array
    _check_range("embedding", places, rows)
    if max_norm is not None:
        renormalize(weight, places, max_norm, norm_type)
    return look_up(weight, places, padding, scale_grad_by_freq)


@operation("embedding")
def _embedding(
    weight: Tensor,
    indices: Tensor,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """See `nn.functional.embedding`; the table comes first."""
    judged("embedding", weight, indices)
    require_integers("embedding", "indices", indices)
    _check_range("embedding", indices._array, weight._array.shape[0])
    padding = integer("embedding", "padding_idx", padding_idx)
    return look_up(weight, indices._array, padding, scale_grad_by_freq)


# -- bags -------------------------------------------------------------------------------------------


def _bags_of(offsets: Array, count: int, include_last: bool) -> tuple[Array, int]:
    """For each index the bag it is in (-1 for none), and the number of bags."""
    if offsets.size and offsets[0] != 0:
        raise RuntimeError(f"embedding_bag: offsets[0] has to be 0, got {offsets[0]}")
    if offsets.size and offsets[-1] > count:
        raise RuntimeError(
            f"embedding_bag: offsets[-1] can not be greater than input's length {count}, "
            f"got {offsets[-1]}"
        )
    if (np.diff(offsets) < 0).any():
        raise RuntimeError("embedding_bag: offsets must not decrease")
    found = np.searchsorted(offsets, np.arange(count), side="right") - 1
    bags = len(offsets) - 1 if include_last else len(offsets)
    return np.where(found < bags, found, -1), bags


def _summed(rows: Tensor, bags: Array, count: int) -> Tensor:
    """The sum of the rows of each bag."""

    def forward(array: Array) -> Array:
        made = np.zeros((count, array.shape[1]), array.dtype)
        add_rows(made, bags, array)
        return made

    return linear_map("embedding_bag", rows, forward, lambda grad: grad[bags])


def _largest(rows: Tensor, bags: Array, count: int) -> Tensor:
    """The maximum of each column over the rows of each bag; 0 for an empty one."""
    array = widened(rows._array)
    width = array.shape[1]
    best = np.full((count, width), -1, np.int64)
    kernel = kernels.find("largest_of_bags", array, 1)
    if kernel is not None and within(bags, 0, count):
        kernel(*(np.ascontiguousarray(item) for item in (array, bags)), best)
    else:
        for place, bag in enumerate(bags.tolist()):  # one row after the other, all columns at once
            before = best[bag]
            better = (before < 0) | (array[place] > array[before, np.arange(width)])
            best[bag] = np.where(better, place, before)
    filled = best[:, 0] >= 0 if width else np.zeros(count, bool)
    columns = np.arange(width)

    def forward(given: Array) -> Array:
        made = np.zeros((count, width), given.dtype)
        made[filled] = given[best[filled], columns]
        return made

    def adjoint(grad: Array) -> Array:
        made = np.zeros(array.shape, grad.dtype)
        made[best[filled], np.broadcast_to(columns, best[filled].shape)] = grad[filled]
        return made

    return linear_map("embedding_bag", rows, forward, adjoint)


@operation("nn.functional.embedding_bag")
def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Sums, means or maxima of rows of a table.

    Args:
        input: Indices ``(bags, n)``, or ``(n,)`` with `offsets`.
        weight: ``(num, dim)``.
        offsets: Where each bag starts, ``(bags,)``; only for an input of rank 1.
        max_norm: Rows that are looked up are shortened to it, in place.
        norm_type: The exponent of that norm.
        scale_grad_by_freq: Whether a row's gradient is divided by how often it is looked up.
        mode: sum, mean or max.
        sparse: Gradients are dense all the same.
        per_sample_weights: A factor for each index, in mode sum.
        include_last_offset: Whether `offsets` has one more item, the length of `input`.
        padding_idx: A row that counts nothing.

    Returns:
        ``(bags, dim)``; zeros for empty bags.

    Raises:
        ShapeError: embedding_bag_error_requires_2d_input, embedding_error_shape,
            rank_error_mismatch, embedding_bag_error_sample_weights.
        RuntimeError: an index or an offset is out of range, or a dtype is wrong.
    """
    if offsets is not None:
        flag("embedding_bag", "include_last_offset", include_last_offset)
    judged(
        "nn.functional.embedding_bag",
        *(input, weight, offsets, max_norm, norm_type, scale_grad_by_freq, mode, sparse),
        per_sample_weights=per_sample_weights,
        include_last_offset=bool(include_last_offset),
    )
    _check_mode(mode, scale_grad_by_freq, sparse, per_sample_weights)
    require_integers("embedding_bag", "indices", input)
    require_kind("embedding_bag", weight)
    require_same_kind("embedding_bag", weight, per_sample_weights)
    places = input._array.reshape(-1)
    rows = weight._array.shape[0]
    _check_range("embedding_bag", places, rows)
    if offsets is None:
        count, length = input._array.shape
        bags = np.repeat(np.arange(count), length)
    else:
        require_integers("embedding_bag", "offsets", offsets)
        bags, count = _bags_of(offsets._array, places.size, include_last_offset)
    padding = -1
    if padding_idx is not None:
        padding = integer("embedding_bag", "padding_idx", padding_idx) % max(rows, 1)
    if max_norm is not None:
        renormalize(weight, places, max_norm, norm_type)
    chosen = np.flatnonzero((bags >= 0) & (places != padding))
    places, bags = places[chosen], bags[chosen]
    found = look_up(weight, places, -1, scale_grad_by_freq)
    if per_sample_weights is not None:
        found = found * _picked(per_sample_weights.reshape(-1), chosen).unsqueeze(1)
    if mode == "max":
        return _largest(found, bags, count)
    made = _summed(found, bags, count)
    if mode == "mean":
        sizes = np.maximum(np.bincount(bags, minlength=count), 1).reshape(-1, 1)
        made = made / wrap(sizes.astype(made._array.dtype))
    return made


def _check_mode(mode: str, by_frequency: bool, sparse: bool, weights: Tensor | None) -> None:
    if mode not in ("sum", "mean", "max"):
        raise ValueError(f"embedding_bag: mode has to be one of sum, mean or max, got {mode!r}")
    if mode == "max" and (by_frequency or sparse):
        raise ValueError("embedding_bag: mode max takes no scale_grad_by_freq and no sparse")
    if weights is not None and mode != "sum":
        raise NotImplementedError(
            f"embedding_bag: per_sample_weights is only supported for mode='sum', got {mode!r}"
        )


def _picked(vector: Tensor, places: Array) -> Tensor:
    size = vector._array.shape[0]

    def adjoint(grad: Array) -> Array:
        made = np.zeros(size, grad.dtype)
        made[places] = grad  # each place once
        return made

    return linear_map("index", vector, lambda array: array[places], adjoint)


# -- one-hot ----------------------------------------------------------------------------------------


@operation("nn.functional.one_hot")
def one_hot(input: Tensor, num_classes: int = -1) -> Tensor:
    """1 at the place of each class, 0 elsewhere: ``(*)`` as ``(*, num_classes)``.

    Args:
        input: Classes, int64.
        num_classes: How many there are; -1 for one more than the largest.

    Raises:
        RuntimeError: a class is out of range, or the dtype is not int64.
    """
    judged("nn.functional.one_hot", input, num_classes)
    array = input._array
    if array.dtype != np.int64:
        raise RuntimeError(
            f"one_hot is only applicable to index tensor of type LongTensor, got {title(input)}"
        )
    if not array.size and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if array.size and array.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    classes = int(array.max()) + 1 if num_classes == -1 else num_classes
    if array.size and array.max() >= classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    made = allocated("one_hot", (*array.shape, classes), DTYPES["int64"].numpy, zeroed=True)
    np.put_along_axis(made, array[..., None], 1, -1)
    return wrap(made)
