"""Products over chosen dims, vector products, and distances between rows."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import as_number, is_number
from shapetorch.tensor.contraction import contract
from shapetorch.tensor.dtypes import FLOATING, NARROW
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import masked
from shapetorch.tensor.matrix_arrays import check_product_dtypes, saved_factors
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.einsum import einsum_of
from shapetorch.tensor.ops.norms import norm_of, p_norm
from shapetorch.tensor.ops.products import matmul
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.reducing import place_of
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.sums import SMALL
from shapetorch.tensor.tape import record, record_rows
from shapetorch.tensor.tensors import Array, Tensor, wrap

# -- products over dims -------------------------------------------------------------------------------


@operation(out="same dtype")
def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """The products of two tensors, summed over pairs of dims: the other dims of `a`, then those of `b`.

    Args:
        a: The left tensor.
        b: The right tensor.
        dims: How many dims, the last of `a` with the first of `b`; or the dims of each.

    Raises:
        ShapeError: tensordot_error_dimension_mismatch, dimension_error_out_of_range,
            dimension_error_duplicate, argument_error_value.
        RuntimeError: the dtypes differ.
    """
    if isinstance(dims, Tensor):
        dims = dims.tolist()
    judged("tensordot", a, b, dims)
    left_rank, right_rank = a._array.ndim, b._array.ndim
    if isinstance(dims, int):
        left, right = list(range(left_rank - dims, left_rank)), list(range(dims))
    else:
        left = [int(dim) % left_rank for dim in dims[0]]
        right = [int(dim) % right_rank for dim in dims[1]]
    for i, j in zip(left, right, strict=True):  # a size of 1 counts as often as the other size
        if a._array.shape[i] != b._array.shape[j]:
            if a._array.shape[i] == 1:
                b = b.sum(j, keepdim=True, dtype=b.dtype)
            else:
                a = a.sum(i, keepdim=True, dtype=a.dtype)
    if len(left) == left_rank and len(right) == right_rank and a.dtype.category < FLOATING:
        order = [right[left.index(place)] for place in range(left_rank)]
        product = a * b.permute(order)
        return product.sum(dtype=product.dtype)  # type: ignore[no-any-return]
    check_product_dtypes("tensordot", a, b)
    a_term = list(range(left_rank))
    b_term = list(range(left_rank, left_rank + right_rank))
    for i, j in zip(left, right, strict=True):
        b_term[j] = a_term[i]
    output = [item for item in a_term if item not in b_term]
    output += [item for place, item in enumerate(b_term) if place not in right]
    return contract((tuple(a_term), tuple(b_term)), (a, b), tuple(output))


@operation(methods=("kron",), out=True)
def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product: each element of `input` times all of `other`, side by side."""
    shape = judged("kron", input, other)
    rank = len(shape)
    a = (1,) * (rank - input._array.ndim) + input._array.shape
    b = (1,) * (rank - other._array.ndim) + other._array.shape
    left = input.reshape([size for item in a for size in (item, 1)])
    right = other.reshape([size for item in b for size in (1, item)])
    return (left * right).reshape(shape)  # type: ignore[no-any-return]


def cross_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """``da = b x g`` and ``db = g x a``."""
    a, b = node.saved
    return (
        None if b is None else _cross(conjugate(b), grad, node.axis),
        None if a is None else _cross(grad, conjugate(a), node.axis),
    )


def _cross(a: Tensor, b: Tensor, axis: int) -> Tensor:
    x, y = a._array, b._array
    if x.shape != y.shape:
        x, y = np.broadcast_arrays(x, y)
    kind = x.dtype
    if kind in NARROW:
        x, y = x.astype(np.float32), y.astype(np.float32)
    result = np.empty(x.shape, x.dtype)
    quietly(_vector_products, x, y, axis, result)
    saved = saved_factors(a, b)
    return record_rows(result.astype(kind, copy=False), (a, b), cross_backward, saved, axis=axis)


def _vector_products(x: Array, y: Array, axis: int, out: Array) -> None:
    whole: tuple[Any, ...] = (slice(None),) * axis
    for place in range(3):
        after, last = (*whole, (place + 1) % 3), (*whole, (place + 2) % 3)
        out[(*whole, place)] = x[after] * y[last] - x[last] * y[after]


def _checked_cross(input: Tensor, other: Tensor, axis: int) -> Tensor:
    if input.dtype is not other.dtype:
        raise RuntimeError(
            f"cross: expected both operands to have the same dtype, got {input.dtype} and {other.dtype}"
        )
    if input._array.dtype.kind == "b":
        raise NotImplementedError("\"cross\" not implemented for 'Bool'")
    return _cross(input, other, axis)


@operation(methods=("cross",), out="same dtype")
def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The vector products along a dim of size 3, the first such dim by default.

    Raises:
        ShapeError: rank_error_mismatch, cross_error_dimension_size,
            broadcast_error_incompatible_dimensions, dimension_error_out_of_range.
    """
    judged("cross", input, other, dim)
    axis = input._array.shape.index(3) if dim is None else place_of(dim, input)
    return _checked_cross(input, other, axis)


@operation("linalg.cross", out="same dtype")
def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """The vector products along a dim of size 3."""
    judged("linalg.cross", input, other, dim=dim)
    return _checked_cross(input, other, place_of(dim, input))


@operation("nn.functional.bilinear", aliases=("bilinear",))
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input1 @ weight[k] @ input2 + bias`` for each output feature k.

    Args:
        input1: ``(*batch, in1)``.
        input2: ``(*batch, in2)``.
        weight: ``(out, in1, in2)``.
        bias: ``(out,)``.

    Returns:
        ``(*batch, out)``.
    """
    judged("nn.functional.bilinear", input1, input2, weight, bias)
    operands = (input1, input2, weight) + (() if bias is None else (bias,))
    check_product_dtypes("bilinear", *operands)
    result = einsum_of("...i,oij,...j->...o", input1, weight, input2)
    return result if bias is None else result + bias


# -- distances ----------------------------------------------------------------------------------------

MODES = {
    None: 0,
    "use_mm_for_euclid_dist_if_necessary": 0,
    "use_mm_for_euclid_dist": 1,
    "donot_use_mm_for_euclid_dist": 2,
}
MANY_ROWS = 25
"""Rows from which Euclidean distances are made from a matrix product, as in PyTorch."""


def cdist_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """Of each distance ``grad * sgn(d) * |d|^(p-1) / distance^(p-1)``; none where it is zero."""
    x1, x2, distances = node.saved
    p = node.p
    if p == 2:
        weight = masked(grad / distances, distances._array != 0)
        return (
            x1 * weight.sum(-1, keepdim=True) - matmul(weight, x2),
            x2 * weight.sum(-2).unsqueeze(-1) - matmul(weight.transpose(-2, -1), x1),
        )
    gaps = x1.unsqueeze(-2) - x2.unsqueeze(-3)
    grad, far = grad.unsqueeze(-1), distances.unsqueeze(-1)
    if p == 0:
        parts = gaps * 0
    elif p == 1:
        parts = gaps.sgn() * grad
    elif p == inf:
        parts = masked(gaps.sgn() * grad, np.abs(gaps._array) == far._array)
    else:
        inner = gaps.sgn() * gaps.abs().pow(p - 1)
        keep = (far._array != 0) & ((p >= 1) | (gaps._array != 0))
        parts = masked(inner * (grad / far.pow(p - 1)), keep)
    return parts.sum(-2), -parts.sum(-3)


def _distances(x1: Array, x2: Array, p: float, mode: int) -> Array:
    rows, others = x1.shape[-2], x2.shape[-2]
    if p == 2 and (mode == 1 or (mode == 0 and max(rows, others) > MANY_ROWS)):
        squares = (
            np.square(x1).sum(-1)[..., :, None]
            + np.square(x2).sum(-1)[..., None, :]
            - 2 * np.matmul(x1, np.swapaxes(x2, -2, -1))
        )
        return np.sqrt(np.maximum(squares, 0))  # type: ignore[no-any-return]
    batch = np.broadcast_shapes(x1.shape[:-2], x2.shape[:-2])
    result = np.empty((*batch, rows, others), x1.dtype)
    step = max(1, (1 << 7) * SMALL // max(1, others * x1.shape[-1] * int(np.prod(batch))))
    for first in range(0, rows, step):
        part = slice(first, first + step)
        gaps = x1[..., part, None, :] - x2[..., None, :, :]
        result[..., part, :] = norm_of(gaps, p, (gaps.ndim - 1,), False) if gaps.size else 0
    return result


def _check_power(name: str, p: Any) -> float:
    if not is_number(p):
        raise TypeError(f"{name}(): argument 'p' must be float, not {type(p).__name__}")
    if p < 0:
        raise RuntimeError(f"{name} only supports non-negative p values")
    return float(p)


@operation()
def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: str | None = None) -> Tensor:
    """The p-norm distances between each row of `x1` and each of `x2`.

    Args:
        x1: ``(*A, P, M)``, float32 or float64.
        x2: ``(*B, R, M)``.
        p: The norm, at least 0.
        compute_mode: "use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist" or
            "donot_use_mm_for_euclid_dist": whether Euclidean distances are made from a matrix product.

    Returns:
        ``(*batch, P, R)``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, matmul_error_inner_dimensions_do_not_match,
            batch_dimensions_do_not_match_error.
    """
    if compute_mode is not None and (
        not isinstance(compute_mode, str) or compute_mode not in MODES
    ):
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    p = as_number(p)
    judged("cdist", x1, x2, p)
    for item in (x1, x2):
        if item.dtype.category != FLOATING:
            raise RuntimeError(f"cdist only supports floating-point dtypes, got {item.dtype}")
    if x1.dtype is not x2.dtype:
        raise RuntimeError(
            f"cdist: expected both tensors to have the same dtype, got {x1.dtype} and {x2.dtype}"
        )
    power = _check_power("cdist", p)
    kind = x1._array.dtype
    wide = np.float32 if kind in NARROW else kind
    with np.errstate(all="ignore"):
        result = _distances(
            x1._array.astype(wide, copy=False),
            x2._array.astype(wide, copy=False),
            power,
            MODES[compute_mode],
        )
    saved = (x1, x2, RESULT)
    return record(result.astype(kind, copy=False), (x1, x2), cdist_backward, saved, p=power)


@operation("nn.functional.pdist", aliases=("pdist",))
def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The p-norm distances between each two of the rows of ``(N, M)``: ``(N * (N - 1) / 2,)``."""
    judged("pdist", input, p)
    if input.dtype.category != FLOATING:
        raise RuntimeError("pdist only supports floating-point dtypes")
    power = _check_power("pdist", p)
    first, second = np.triu_indices(input._array.shape[0], 1)
    gaps = input.index_select(0, wrap(first)) - input.index_select(0, wrap(second))
    return p_norm("pdist", gaps, power, -1, False, None)


@operation("nn.functional.pairwise_distance", aliases=("pairwise_distance",))
def pairwise_distance(
    x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-06, keepdim: bool = False
) -> Tensor:
    """The p-norms of ``x1 - x2 + eps`` along the last dim; both broadcast."""
    judged("nn.functional.pairwise_distance", x1, x2, p, eps, keepdim)
    gaps = x1 - x2 + eps
    return p_norm("pairwise_distance", gaps, p, -1, keepdim, None)
