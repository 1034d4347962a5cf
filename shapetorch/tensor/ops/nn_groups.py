"""Products of groups of rows, losses of a linear map, and bags with their bookkeeping."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import flag, integer, tensor_argument
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_integers, require_kind, title
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.joining import cat, stack
from shapetorch.tensor.ops.nn_embedding import embedding_bag, renormalize
from shapetorch.tensor.ops.nn_label_losses import cross_entropy
from shapetorch.tensor.ops.products import matmul
from shapetorch.tensor.options import dtype_argument
from shapetorch.tensor.tensors import Array, Tensor, wrap

_NARROW = ("float32", "bfloat16", "float16")


@operation("nn.functional.grouped_mm")
def grouped_mm(
    mat_a: Tensor,
    mat_b: Tensor,
    *,
    offs: Tensor | None = None,
    bias: Tensor | None = None,
    out_dtype: dtype | None = None,
) -> Tensor:
    """The products of several pairs of matrices, whose rows or columns lie behind one another.

    Args:
        mat_a: ``(G, M, K)``, or ``(M, K)`` whose rows (or columns, if `mat_b` has 2 dims) are groups.
        mat_b: ``(G, K, N)``, or ``(K, N)`` whose columns (or rows) are groups.
        offs: Where each group of a matrix ends, int32 ``(G,)``.
        bias: Must be None, as in PyTorch.
        out_dtype: That of `mat_a`.

    Returns:
        ``(M, N)`` if one has 2 dims and the other 3, otherwise ``(G, M, N)``.

    Raises:
        ShapeError: rank_error_mismatch, matmul_error_inner_dimensions_do_not_match,
            batch_dimensions_do_not_match_error.
        RuntimeError: a dtype is not float32, bfloat16 or float16, or rows are no multiple of 16 bytes.
    """
    tensor_argument("grouped_mm", "mat_a", mat_a)
    tensor_argument("grouped_mm", "mat_b", mat_b, 2)
    for name, item in (("mat_a", mat_a), ("mat_b", mat_b)):
        if item.dtype.name not in _NARROW:
            raise RuntimeError(
                f"Expected {name} to be Float32, BFloat16 or Float16 matrix, got {title(item)}"
            )
    judged("nn.functional.grouped_mm", mat_a, mat_b, offs=offs, bias=bias, out_dtype=out_dtype)
    for item in (mat_a, mat_b):
        _check_strides(item._array)
    if offs is not None and offs.dtype.name != "int32":
        raise RuntimeError("Offsets have to be int32")
    if bias is not None:
        tensor_argument("grouped_mm", "bias", bias, 4)
        raise RuntimeError("Bias not supported yet")
    if out_dtype is not None and dtype_argument("grouped_mm", out_dtype) is not mat_a.dtype:
        raise RuntimeError("Grouped gemm output dtype must match `mat_a` dtype")
    if offs is None:
        return matmul(mat_a, mat_b)
    ends = [int(end) for end in offs._array]
    whole = (mat_a if mat_a.ndim == 2 else mat_b)._array.shape[1 if mat_b.ndim == 2 else 0]
    if any(low > high for low, high in pairwise([0, *ends, whole])):
        raise RuntimeError(f"grouped_mm: offs must rise from 0 to {whole}, got {ends}")
    bounds = list(zip([0, *ends[:-1]], ends, strict=True))
    if mat_a.ndim == 2 and mat_b.ndim == 2:
        return stack([matmul(mat_a[:, low:high], mat_b[low:high]) for low, high in bounds])
    flat = mat_a if mat_a.ndim == 2 else mat_b
    dim = 0 if mat_a.ndim == 2 else 1
    parts = [
        matmul(mat_a[low:high], mat_b[place])
        if not dim
        else matmul(mat_a[place], mat_b[:, low:high])
        for place, (low, high) in enumerate(bounds)
    ]
    rest = flat.shape[dim] - (ends[-1] if ends else 0)
    if rest:  # rows behind the last group: PyTorch leaves them as they are in memory
        shape = (rest, mat_b.shape[-1]) if not dim else (mat_a.shape[-2], rest)
        parts.append(wrap(np.zeros(shape, mat_a._array.dtype)))
    return cat(parts, dim)


def _check_strides(array: Array) -> None:
    """Rows or columns must begin at multiples of 16 bytes."""
    steps = array.strides[-2:]
    if not any(
        step == array.itemsize and other >= array.shape[-1 - place] * array.itemsize
        for place, (step, other) in enumerate(((steps[1], steps[0]), (steps[0], steps[1])))
    ):
        raise RuntimeError("Invalid strides/sizes, got matrices whose rows are not dense")
    wide = steps[0] if steps[1] == array.itemsize else steps[1]
    if wide % 16:
        raise RuntimeError("strides should be multiple of 16 bytes")


@operation("nn.functional.linear_cross_entropy")
def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: Any = None,
) -> Tensor:
    """`cross_entropy` of ``input @ linear_weight.T + linear_bias``.

    Args:
        input: ``(K,)`` or ``(N, K)``.
        linear_weight: ``(C, *, K)``.
        target: Labels ``()``, ``(N,)`` or ``(N, *)``; or probabilities of the shape of the logits.
        linear_bias: ``(C, *)``.
        weight: Of each class, ``(C,)``.
        reduction: none, mean or sum.
        ignore_index: A label that counts nothing.
        label_smoothing: The share of the target that is spread over all classes.
        options: What tunes PyTorch's memory; it has no influence here.

    Raises:
        ShapeError: rank_error_mismatch, matmul_error_inner_dimensions_do_not_match, and those of
            `cross_entropy`.
        RuntimeError: `ignore_index` is given with probabilities.
    """
    tensor_argument("linear_cross_entropy", "input", input)
    tensor_argument("linear_cross_entropy", "linear_weight", linear_weight, 2)
    tensor_argument("linear_cross_entropy", "target", target, 3)
    if target.ndim != input.ndim + linear_weight.ndim - 2:  # labels
        require_kind("log_softmax", input)
    judged(
        "nn.functional.linear_cross_entropy",
        *(input, linear_weight, target),
        linear_bias=linear_bias,
        weight=weight,
        reduction=reduction,
    )
    inner = linear_weight.shape[-1]
    logits = matmul(input, linear_weight.reshape(-1, inner).t())
    logits = logits.reshape(*input.shape[:-1], *linear_weight.shape[:-1])
    if linear_bias is not None:
        logits = logits + linear_bias
    if ignore_index is not None and target.shape == logits.shape:
        raise RuntimeError("ignore_index cannot be specified when target contains probabilities")
    return cross_entropy(
        logits,
        target,
        weight,
        ignore_index=-100 if ignore_index is None else ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )


# -- bags ---------------------------------------------------------------------------------------------

_MODES = ("sum", "mean", "max")


@operation("embedding_bag")
def embedding_bag_parts(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: bool = False,
    mode: int = 0,
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """`nn.functional.embedding_bag` with its bookkeeping: ``(output, offset2bag, bag_size, max_indices)``.

    Args:
        weight: ``(num, dim)``.
        indices: ``(n,)``.
        offsets: Where each bag starts, ``(bags,)``.
        scale_grad_by_freq: Whether a row's gradient is divided by how often it is looked up.
        mode: 0 sum, 1 mean, 2 max.
        sparse: Gradients are dense all the same.
        per_sample_weights: A factor for each index, in mode 0.
        include_last_offset: Whether `offsets` has one more item, the length of `indices`.
        padding_idx: A row that counts nothing.

    Returns:
        The output ``(bags, dim)``; the bag of each index, empty where no gradient needs it; how many
        indices each bag has, zeros for sums; for maxima the indices that they come from.
    """
    tensor_argument("embedding_bag", "weight", weight)
    tensor_argument("embedding_bag", "indices", indices, 2)
    tensor_argument("embedding_bag", "offsets", offsets, 3)
    if per_sample_weights is not None:
        tensor_argument("embedding_bag", "per_sample_weights", per_sample_weights, 7)
    if integer("embedding_bag", "mode", mode) not in (0, 1, 2):
        raise RuntimeError(f"embedding_bag: mode must be 0 (sum), 1 (mean) or 2 (max), got {mode}")
    if per_sample_weights is not None and mode:
        raise RuntimeError("embedding_bag: per_sample_weights only supported with mode='sum'")
    named = {
        "per_sample_weights": per_sample_weights,
        "include_last_offset": flag("embedding_bag", "include_last_offset", include_last_offset),
    }
    judged("embedding_bag", weight, indices, offsets, scale_grad_by_freq, mode, sparse, **named)
    padding = None if padding_idx in (None, -1) else padding_idx
    output = embedding_bag(
        indices,
        weight,
        offsets,
        scale_grad_by_freq=scale_grad_by_freq,
        mode=_MODES[mode],
        padding_idx=padding,
        **named,  # type: ignore[arg-type]
    )
    kind = np.result_type(indices._array.dtype, offsets._array.dtype)
    places = indices._array
    bags = np.searchsorted(offsets._array, np.arange(places.size), side="right") - 1
    bags = np.minimum(bags, len(output) - 1) if include_last_offset else bags
    counted = np.ones(places.size, bool) if padding is None else places != padding % len(weight)
    count = offsets._array.size if mode != 2 else len(output)
    sizes = np.zeros(count, kind)
    if mode:
        sizes += np.bincount(bags[counted], minlength=count).astype(kind)
    quick = not mode and padding is None and _is_quick(weight._array)
    largest = _sources(weight._array, places, bags, counted, len(output)) if mode == 2 else sizes
    noted = np.zeros(0, kind) if quick else bags.astype(kind)
    return (output, wrap(noted), wrap(sizes), wrap(np.array(largest, kind)))


def _is_quick(array: Array) -> bool:
    """Whether PyTorch adds up without noting which bag an index is in."""
    return array.dtype != np.float64 and array.strides[1] == array.itemsize


def _sources(table: Array, places: Array, bags: Array, counted: Array, count: int) -> Array:
    """For each bag and column the index whose row has the largest element, 0 of an empty bag."""
    made = np.zeros((count, table.shape[1]), np.int64)
    seen = np.zeros(count, bool)
    columns = np.arange(table.shape[1])
    for place, bag in zip(places[counted].tolist(), bags[counted].tolist(), strict=True):
        better = table[place] > table[made[bag], columns] if seen[bag] else True
        made[bag] = np.where(better, place, made[bag])
        seen[bag] = True
    return made


@operation("embedding_renorm_")
def embedding_renorm_(input: Tensor, indices: Tensor, max_norm: float, norm_type: float) -> Tensor:
    """Shorten the rows of a table that are looked up to a norm, in place.

    Args:
        input: ``(num, dim)``.
        indices: Which rows.
        max_norm: The largest norm.
        norm_type: Its exponent.
    """
    tensor_argument("embedding_renorm_", "input", input)
    require_integers("embedding_renorm_", "indices", indices)
    if input.ndim != 2:
        raise RuntimeError(
            f"Expected 2-dimensional tensor, but got {input.ndim}-dimensional tensor"
        )
    places = indices._array
    if places.size and not 0 <= places.min() <= places.max() < input.shape[0]:
        raise IndexError(
            f"embedding_renorm_: indices must be in 0..{input.shape[0] - 1}, got "
            f"{places.min()}..{places.max()}"
        )
    renormalize(input, places, float(max_norm), float(norm_type))
    return input
