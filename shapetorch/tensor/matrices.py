"""Linear algebra on arrays: LAPACK through NumPy and SciPy, over batches, with PyTorch's errors."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import FLOATING, NARROW, OF_NUMPY
from shapetorch.tensor.tensors import Array, Tensor


class LinAlgError(RuntimeError):
    """A matrix that an operation cannot do its work on: singular, not positive-definite, not finite."""


def check_matrix_dtype(name: str, *operands: Tensor) -> None:
    """Whether operands are of one floating or complex dtype that LAPACK has.

    Raises:
        RuntimeError: they are not.
        NotImplementedError: they are of half precision.
    """
    first = operands[0].dtype
    if first.category < FLOATING:
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got {first}"
        )
    if first.numpy in NARROW:
        raise NotImplementedError(f"{name}: Low precision dtypes not supported. Got {first}")
    for other in operands[1:]:
        if other.dtype is not first:
            raise RuntimeError(
                f"{name}: Expected A and B to have the same dtype, but found A of type {first} and B of "
                f"type {other.dtype} instead"
            )


def lapack(routine: str, kind: np.dtype[Any]) -> Callable[..., Any]:
    """A LAPACK routine by its name without the letter of the dtype."""
    import scipy.linalg.lapack

    return getattr(scipy.linalg.lapack, _LETTERS[kind.char] + routine)  # type: ignore[no-any-return]


_LETTERS = {"f": "s", "d": "d", "F": "c", "D": "z"}


def batches(array: Array) -> Array:
    """The matrices of an array of any rank, one below the other: ``(B, M, N)``."""
    return array.reshape(prod(array.shape[:-2]), *array.shape[-2:])


def vectors(array: Array) -> Array:
    """The vectors of an array of any rank, one below the other: ``(B, N)``."""
    return array.reshape(prod(array.shape[:-1]), array.shape[-1])


def adjoint_array(array: Array) -> Array:
    """The conjugate transpose of matrices."""
    turned = np.swapaxes(array, -2, -1)
    return turned.conj() if array.dtype.kind == "c" else turned


def where_in_batch(info: Array) -> tuple[str, int]:
    """Of LAPACK's verdicts the first bad one: where it is, for messages, and the verdict."""
    bad = np.flatnonzero(info.reshape(-1))
    first = int(bad[0])
    place = f"(Batch element {first}): " if info.ndim else ""
    return place, int(info.reshape(-1)[first])


def check_singular(name: str, info: Array) -> None:
    """Raise `LinAlgError` for an inverse that does not exist."""
    if info.any():
        place, element = where_in_batch(info)
        raise LinAlgError(
            f"{name}: {place}The diagonal element {element} is zero, the inversion could not be completed "
            "because the input matrix is singular."
        )


def check_positive(name: str, info: Array) -> None:
    """Raise `LinAlgError` for a Cholesky factor that does not exist."""
    if info.any():
        place, order = where_in_batch(info)
        raise LinAlgError(
            f"{name}: {place}The factorization could not be completed because the input is not "
            f"positive-definite (the leading minor of order {order} is not positive-definite)."
        )


# -- factors ------------------------------------------------------------------------------------------


def lu_arrays(array: Array) -> tuple[Array, Array, Array]:
    """``P @ L @ U`` of matrices: both factors in one, the row swaps (from 1), LAPACK's verdicts."""
    rows, columns = array.shape[-2:]
    batch = array.shape[:-2]
    packed = np.empty((*batch, rows, columns), array.dtype)
    pivots = np.empty((*batch, min(rows, columns)), np.int32)
    info = np.zeros(batch, np.int32)
    if array.size:
        getrf = lapack("getrf", array.dtype)
        flat, swaps = batches(packed), vectors(pivots)
        verdicts = info.reshape(-1)
        for place, matrix in enumerate(batches(array)):
            flat[place], found, verdicts[place] = getrf(matrix)
            swaps[place] = found + 1
        return flat.reshape(packed.shape), swaps.reshape(pivots.shape), verdicts.reshape(batch)
    pivots[...] = np.arange(1, pivots.shape[-1] + 1)
    return packed, pivots, info


def lu_without_pivots(array: Array) -> tuple[Array, Array, Array]:
    """As `lu_arrays`, without swapping rows."""
    packed = array.copy()
    rows, columns = array.shape[-2:]
    count = min(rows, columns)
    info = np.zeros(array.shape[:-2], np.int32)
    with np.errstate(all="ignore"):
        for place in range(count):
            pivot = packed[..., place, place]
            info[...] = np.where((pivot == 0) & (info == 0), place + 1, info)
            packed[..., place + 1 :, place] /= pivot[..., None]
            below, right = packed[..., place + 1 :, place], packed[..., place, place + 1 :]
            packed[..., place + 1 :, place + 1 :] -= below[..., :, None] * right[..., None, :]
    pivots = np.empty((*array.shape[:-2], count), np.int32)
    pivots[...] = np.arange(1, count + 1)
    return packed, pivots, info


def permutation_of(pivots: Array, rows: int) -> Array:
    """The order of rows that row swaps (from 1) lead to."""
    order = np.empty((*pivots.shape[:-1], rows), np.int64)
    order[...] = np.arange(rows)
    flat, swaps = vectors(order), vectors(pivots)
    for own, swap in zip(flat, swaps, strict=True):
        for place, other in enumerate(swap):
            own[place], own[other - 1] = own[other - 1], own[place]
    return flat.reshape(order.shape)


def permutation_matrix(pivots: Array, rows: int, kind: np.dtype[Any]) -> Array:
    """``P`` with ``A = P @ L @ U``."""
    order = permutation_of(pivots, rows)
    matrix = np.zeros((*order.shape, rows), kind)
    np.put_along_axis(matrix, order[..., None], 1, -1)
    return np.ascontiguousarray(np.swapaxes(matrix, -2, -1))


def cholesky_arrays(array: Array) -> tuple[Array, Array]:
    """The lower Cholesky factors of matrices, whose lower halves are read, and LAPACK's verdicts."""
    factor = np.empty(array.shape, array.dtype)
    info = np.zeros(array.shape[:-2], np.int32)
    if array.size:
        potrf = lapack("potrf", array.dtype)
        flat, verdicts = batches(factor), info.reshape(-1)
        for place, matrix in enumerate(batches(array)):
            made, verdict = potrf(matrix, lower=1, clean=1)
            if (
                not verdict and made[-1, -1] != made[-1, -1]
            ):  # NaN, of which some LAPACKs say nothing
                verdict = 1 + int(np.isnan(made.diagonal()).argmax())
            flat[place], verdicts[place] = made, verdict
        return flat.reshape(factor.shape), verdicts.reshape(info.shape)
    return factor, info


# -- systems ------------------------------------------------------------------------------------------


def solve_arrays(a: Array, b: Array) -> tuple[Array, Array]:
    """The solutions of ``a @ x = b`` for matrices `b`, and where a matrix was singular (as `lu_arrays`)."""
    info = np.zeros(a.shape[:-2], np.int32)
    try:
        return np.linalg.solve(a, b), info
    except np.linalg.LinAlgError:
        info = lu_arrays(a)[2]
    shape = (*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), *b.shape[-2:])
    result = np.full(shape, np.nan, a.dtype)
    good = np.broadcast_to(info == 0, shape[:-2])
    if good.any():
        left = np.broadcast_to(a, (*shape[:-2], *a.shape[-2:]))[good]
        result[good] = np.linalg.solve(left, np.broadcast_to(b, shape)[good])
    return result, info


def solve_triangular_arrays(
    a: Array, b: Array, *, upper: bool, unitriangular: bool = False
) -> Array:
    """The solutions of ``a @ x = b`` for triangular matrices `a` and matrices `b`, which broadcast.

    A zero on the diagonal gives infinity and NaN.
    """
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    result = np.empty((*batch, *b.shape[-2:]), b.dtype)
    if not result.size:
        return result
    if not batch or result.size <= 4096:
        left = batches(np.broadcast_to(a, (*batch, *a.shape[-2:])))
        right = batches(np.broadcast_to(b, result.shape))
        flat = batches(result)
        trtrs = lapack("trtrs", b.dtype)
        for place in range(len(flat)):
            found, info = trtrs(left[place], right[place], lower=not upper, unitdiag=unitriangular)
            if info:
                found = _substituted(left[place], right[place], upper, unitriangular)
            flat[place] = found
        return flat.reshape(result.shape)
    return _substituted(a, np.broadcast_to(b, result.shape), upper, unitriangular)


def _substituted(a: Array, b: Array, upper: bool, unitriangular: bool) -> Array:
    """Row by row, for all matrices of a batch at once."""
    result = b.copy()
    count = a.shape[-1]
    places = range(count - 1, -1, -1) if upper else range(count)
    with np.errstate(all="ignore"):
        for place in places:
            known = slice(place + 1, None) if upper else slice(None, place)
            if place != places[0]:
                factors = a[..., place, None, known]
                result[..., place, None, :] -= np.matmul(factors, result[..., known, :])
            if not unitriangular:
                result[..., place, :] /= a[..., place, place, None]
    return result


def dtype_title(array: Array) -> str:
    """The dtype of an array, for messages."""
    return repr(OF_NUMPY[array.dtype])
