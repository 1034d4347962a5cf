"""Factors of matrices: Cholesky, LU, QR, LDL."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.histories import recording
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import diagonal_part, lower_part, upper_part
from shapetorch.tensor.matrices import (
    LinAlgError,
    adjoint_array,
    batches,
    check_matrix_dtype,
    check_positive,
    cholesky_arrays,
    lapack,
    lu_arrays,
    lu_without_pivots,
    permutation_matrix,
    vectors,
    where_in_batch,
)
from shapetorch.tensor.memory_order import rows_of
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.linear_solving import triangular
from shapetorch.tensor.ops.products import adjoint, matmul
from shapetorch.tensor.reducing import constant, without_derivative
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.tape import record, record_all
from shapetorch.tensor.tensors import Array, Tensor, wrap

# -- Cholesky -----------------------------------------------------------------------------------------


def cholesky_backward(node: Any, grad: Tensor) -> Tensor:
    """``L^-H @ S @ L^-1``, where S is Hermitian and below as ``L^H @ g / 2``."""
    (factor,) = node.saved
    if node.upper:
        factor, grad = adjoint(factor), adjoint(grad)
    inner = matmul(adjoint(factor), grad)
    inner = (lower_part(inner) + adjoint(lower_part(inner, -1))) * 0.5
    left = triangular(adjoint(factor), inner, True)
    return adjoint(triangular(adjoint(factor), adjoint(left), True))


def _cholesky(name: str, A: Tensor, upper: bool, check: bool) -> tuple[Tensor, Array]:
    check_matrix_dtype(name, A)
    array = A._array
    factor, info = cholesky_arrays(adjoint_array(array) if upper else array)
    if check:
        check_positive(name, info)
    if upper:
        factor = np.ascontiguousarray(adjoint_array(factor))
    return record(factor, (A,), cholesky_backward, (RESULT,), upper=upper), info


@operation("linalg.cholesky", out="same dtype")
def linalg_cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """The Cholesky factors: lower triangular ``L`` with ``A = L @ L^H``, or upper ``U`` with ``U^H @ U``.

    Args:
        A: ``(*batch, N, N)``, Hermitian and positive-definite; only one triangle is read.
        upper: Whether to give ``U``, made from the upper triangle.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: a matrix is not positive-definite.
    """
    judged("linalg.cholesky", A, upper=upper)
    return _cholesky("linalg.cholesky", A, bool(upper), True)[0]


@operation(methods=("cholesky",), out=True)
def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """The Cholesky factors, see `linalg.cholesky`."""
    judged("cholesky", input, upper)
    return _cholesky("cholesky", input, bool(upper), True)[0]


CholeskyEx = result_type("linalg_cholesky_ex", "L", "info")


@operation("linalg.cholesky_ex", out="same dtype")
def cholesky_ex(A: Tensor, *, upper: bool = False, check_errors: bool = False) -> ResultType:
    """The Cholesky factors, and for each the order of the first minor that is not positive (0: none)."""
    judged("linalg.cholesky_ex", A, upper=upper, check_errors=check_errors)
    factor, info = _cholesky("linalg.cholesky_ex", A, bool(upper), check_errors)
    return CholeskyEx((factor, wrap(info)))


# -- LU -----------------------------------------------------------------------------------------------


def lu_factor_backward(node: Any, grad: Tensor, *_: Any) -> Tensor:
    """Of both factors in one matrix."""
    (packed,) = node.saved
    rows, columns = packed._array.shape[-2:]
    count = min(rows, columns)
    lower, upper = _unpacked(packed)
    to_lower = lower_part(grad.narrow(-1, 0, count), -1)
    to_upper = upper_part(grad.narrow(-2, 0, count))
    swaps = wrap(permutation_matrix(node.pivots, rows, packed._array.dtype))
    return matmul(swaps, _lu_gradient(lower, upper, to_lower, to_upper))


def _lu_gradient(lower: Tensor, upper: Tensor, to_lower: Tensor, to_upper: Tensor) -> Tensor:
    """Of ``L @ U``; what is beyond the square of a matrix that is not square is solved for first."""
    cat = OPERATIONS["cat"].function
    rows, count = lower._array.shape[-2:]
    columns = upper._array.shape[-1]
    square_lower, square_upper = lower.narrow(-2, 0, count), upper.narrow(-1, 0, count)
    right = below = None
    if columns > count:
        far = to_upper.narrow(-1, count, columns - count)
        to_upper = to_upper.narrow(-1, 0, count)
        right = triangular(adjoint(square_lower), far, True, True)
        past = upper.narrow(-1, count, columns - count)
        to_lower = to_lower - lower_part(matmul(right, adjoint(past)), -1)
    if rows > count:
        far = to_lower.narrow(-2, count, rows - count)
        to_lower = to_lower.narrow(-2, 0, count)
        below = adjoint(triangular(square_upper, adjoint(far), True))
        past = lower.narrow(-2, count, rows - count)
        to_upper = to_upper - upper_part(matmul(adjoint(past), below))
    inner = lower_part(matmul(adjoint(square_lower), to_lower), -1)
    inner = inner + upper_part(matmul(to_upper, adjoint(square_upper)))
    inner = triangular(adjoint(square_lower), inner, True, True)
    inner = adjoint(triangular(square_upper, adjoint(inner), True))
    if right is not None:
        inner = cat((inner, right), -1)
    return inner if below is None else cat((inner, below), -2)


def _unpacked(packed: Tensor) -> tuple[Tensor, Tensor]:
    """The unit lower and the upper factor."""
    rows, columns = packed._array.shape[-2:]
    count = min(rows, columns)
    unit = wrap(np.eye(rows, count, dtype=packed._array.dtype))
    lower = lower_part(packed.narrow(-1, 0, count), -1) + unit
    return rows_of(lower), rows_of(upper_part(packed.narrow(-2, 0, count)))


def _lu(name: str, A: Tensor, pivot: bool) -> tuple[Tensor, Array, Array]:
    check_matrix_dtype(name, A)
    packed, pivots, info = lu_arrays(A._array) if pivot else lu_without_pivots(A._array)
    made = record(packed, (A,), lu_factor_backward, (RESULT,), pivots=pivots)
    return made, pivots, info


LuFactor = result_type("linalg_lu_factor", "LU", "pivots")
LuFactorEx = result_type("linalg_lu_factor_ex", "LU", "pivots", "info")
Lu = result_type("linalg_lu", "P", "L", "U")
LuUnpack = result_type("lu_unpack", "P", "L", "U")


def _check_factor(name: str, info: Array) -> None:
    if info.any():
        place, element = where_in_batch(info)
        raise RuntimeError(
            f"{name}: {place}U[{element},{element}] is zero and using it on lu_solve would result in a division "
            "by zero. If you still want to perform the factorization, consider calling "
            "linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)"
        )


@operation("linalg.lu_factor", out=True)
def lu_factor(A: Tensor, *, pivot: bool = True) -> ResultType:
    """The factors of ``A = P @ L @ U`` in one matrix (L below the diagonal), and the row swaps, from 1."""
    judged("linalg.lu_factor", A, pivot=pivot)
    packed, pivots, info = _lu("linalg.lu_factor", A, pivot)
    _check_factor("torch.linalg.lu_factor", info)
    return LuFactor((packed, wrap(pivots)))


@operation("linalg.lu_factor_ex", out=True)
def lu_factor_ex(A: Tensor, *, pivot: bool = True, check_errors: bool = False) -> ResultType:
    """As `lu_factor`, and for each matrix the place of the first zero pivot (0: there is none)."""
    judged("linalg.lu_factor_ex", A, pivot=pivot, check_errors=check_errors)
    packed, pivots, info = _lu("linalg.lu_factor_ex", A, pivot)
    if check_errors:
        _check_factor("torch.linalg.lu_factor_ex", info)
    return LuFactorEx((packed, wrap(pivots), wrap(info)))


@operation(methods=("lu",), out=True)
def lu(A: Tensor, pivot: bool = True, get_infos: bool = False) -> tuple[Tensor, ...]:
    """As `linalg.lu_factor`; with `get_infos` as `linalg.lu_factor_ex`."""
    judged("lu", A, pivot, bool(get_infos))
    packed, pivots, info = _lu("torch.lu", A, pivot)
    if get_infos:
        return LuFactorEx((packed, wrap(pivots), wrap(info)))
    _check_factor("torch.lu", info)
    return packed, wrap(pivots)


@operation("linalg.lu", out=True)
def linalg_lu(A: Tensor, *, pivot: bool = True) -> ResultType:
    """The factors of ``A = P @ L @ U``; without `pivot`, P is empty.

    Args:
        A: ``(*batch, M, N)``.
        pivot: Whether rows are swapped.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """
    judged("linalg.lu", A, pivot=pivot)
    packed, pivots, _ = _lu("linalg.lu", A, pivot)
    kind = A._array.dtype
    swaps = permutation_matrix(pivots, A._array.shape[-2], kind) if pivot else np.empty((0,), kind)
    return Lu((wrap(swaps), *_unpacked(packed)))


@operation(out=True)
def lu_unpack(
    LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True
) -> ResultType:
    """``P``, ``L`` and ``U`` from what `linalg.lu_factor` gives; what is not unpacked is empty."""
    judged("lu_unpack", LU_data, LU_pivots, unpack_data, unpack_pivots)
    kind = LU_data._array.dtype
    if unpack_pivots and LU_pivots._array.dtype != np.int32:
        raise RuntimeError(
            "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype."
        )
    rows = LU_data._array.shape[-2]
    places = LU_pivots._array
    if unpack_pivots and places.size and not (places.min() >= 1 and places.max() <= rows):
        raise RuntimeError(f"lu_unpack: LU_pivots must be in 1..{rows}, got {places.tolist()}")
    swaps = (
        permutation_matrix(LU_pivots._array, rows, kind) if unpack_pivots else np.empty((0,), kind)
    )
    factors = _unpacked(LU_data) if unpack_data else (_nothing(LU_data), _nothing(LU_data))
    return LuUnpack((wrap(swaps), *factors))


def _nothing(tensor: Tensor) -> Tensor:
    """An empty tensor in the history of another."""
    return tensor.reshape(-1).narrow(0, 0, 0).clone()  # type: ignore[no-any-return]


# -- QR -----------------------------------------------------------------------------------------------

Qr = result_type("linalg_qr", "Q", "R")
OldQr = result_type("qr", "Q", "R")


def qr_backward(node: Any, to_q: Tensor, to_r: Tensor) -> Tensor:
    """Of both factors; of a wide matrix, the columns beyond the square are ``Q @ R2``."""
    q, r = node.saved
    if node.mode == "r":
        raise RuntimeError(
            "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use "
            "linalg.qr(A, mode='reduced') if you are going to require gradients."
        )
    rows, columns = q._array.shape[-2], r._array.shape[-1]
    if node.mode == "complete" and rows > columns:
        raise RuntimeError(
            "The QR decomposition is not differentiable when mode='complete' and nrows > ncols."
        )
    if columns <= rows:
        return _qr_gradient(q, r, to_q, to_r)
    past, far = r.narrow(-1, rows, columns - rows), to_r.narrow(-1, rows, columns - rows)
    to_q = to_q + matmul(matmul(q, past), adjoint(far))
    near = _qr_gradient(q, r.narrow(-1, 0, rows), to_q, to_r.narrow(-1, 0, rows))
    return OPERATIONS["cat"].function((near, matmul(q, far)), -1)  # type: ignore[no-any-return]


def _qr_gradient(q: Tensor, r: Tensor, to_q: Tensor, to_r: Tensor) -> Tensor:
    inner = upper_part(matmul(to_r, adjoint(r)) - matmul(adjoint(q), to_q))
    both = inner + adjoint(inner)
    half = both - diagonal_part(both) * 0.5
    outer = to_q + matmul(q, half)
    return adjoint(triangular(r, adjoint(outer), True))


def _qr(A: Tensor, mode: str, kind: type[ResultType]) -> ResultType:
    check_matrix_dtype("linalg.qr", A)
    array = A._array
    if mode == "r":
        q = np.empty((0,), array.dtype)
        r = np.linalg.qr(array, mode="r") if array.size else _reduced_qr(array)[1]
    elif array.size:
        q, r = np.linalg.qr(array, mode=mode)  # type: ignore[call-overload]
    else:
        q, r = _reduced_qr(array) if mode == "reduced" else _complete_qr(array)
    factors = (q, np.ascontiguousarray(r))
    return kind(record_all(factors, (A,), qr_backward, keep_results=True, mode=mode))


def _reduced_qr(array: Array) -> tuple[Array, Array]:
    rows, columns = array.shape[-2:]
    count = min(rows, columns)
    batch = array.shape[:-2]
    return (
        np.zeros((*batch, rows, count), array.dtype),
        np.zeros((*batch, count, columns), array.dtype),
    )


def _complete_qr(array: Array) -> tuple[Array, Array]:
    rows, columns = array.shape[-2:]
    batch = array.shape[:-2]
    q = np.zeros((*batch, rows, rows), array.dtype)
    q[...] = np.eye(rows)
    return q, np.zeros((*batch, rows, columns), array.dtype)


@operation("linalg.qr", out=True)
def linalg_qr(A: Tensor, mode: str = "reduced") -> ResultType:
    """The factors of ``A = Q @ R``.

    Args:
        A: ``(*batch, M, N)``.
        mode: "reduced" (Q has as many columns as R has rows, the lesser of M and N), "complete" (Q is
            square) or "r" (Q is empty).

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, argument_error_value.
    """
    judged("linalg.qr", A, mode)
    return _qr(A, mode, Qr)


@operation(methods=("qr",), out=True)
def qr(input: Tensor, some: bool = True) -> ResultType:
    """The factors of ``input = Q @ R``; without `some`, Q is square."""
    judged("qr", input, some)
    return _qr(input, "reduced" if some else "complete", OldQr)


Geqrf = result_type("geqrf", "a", "tau")


@operation(methods=("geqrf",), out=True)
def geqrf(input: Tensor) -> ResultType:
    """The QR factors as LAPACK packs them: R above, the reflectors below the diagonal; and their factors."""
    judged("geqrf", input)
    check_matrix_dtype("geqrf", input)
    array = input._array
    rows, columns = array.shape[-2:]
    packed = np.empty(array.shape, array.dtype)
    tau = np.empty((*array.shape[:-2], min(rows, columns)), array.dtype)
    if array.size:
        routine = lapack("geqrf", array.dtype)
        flat, factors = batches(packed), vectors(tau)
        for place, matrix in enumerate(batches(array)):
            flat[place], factors[place], _, _ = routine(matrix)
        packed, tau = flat.reshape(packed.shape), factors.reshape(tau.shape)
    if array.dtype.kind == "c" and recording((input,)):
        raise RuntimeError(
            "geqrf does not support automatic differentiation for outputs with complex dtype."
        )
    return Geqrf(record_all((packed, tau), (input,), without_derivative("geqrf")))


@operation("linalg.householder_product", methods=("orgqr",), out=True, aliases=("orgqr",))
def householder_product(A: Tensor, tau: Tensor) -> Tensor:
    """The first columns of a product of reflections ``1 - tau v v^H``, whose ``v`` are columns.

    Args:
        A: ``(*batch, M, N)``; ``v`` of column i is 1 at i, and what the column holds below.
        tau: ``(*batch, K)``.

    Returns:
        ``(*batch, M, N)``.

    Raises:
        ShapeError: rank_error_mismatch and others.
    """
    judged("linalg.householder_product", A, tau)
    check_matrix_dtype("linalg.householder_product", A, tau)
    rows, columns = A._array.shape[-2:]
    count = tau._array.shape[-1]
    unit = np.eye(rows, columns, dtype=A._array.dtype)
    result = constant(np.broadcast_to(unit, A._array.shape).copy(), (A, tau))
    vectors = lower_part(A, -1) + wrap(unit)
    for place in range(count - 1, -1, -1):
        v = vectors.narrow(-1, place, 1)
        factor = tau.narrow(-1, place, 1).unsqueeze(-1)
        result = result - factor * matmul(v, matmul(adjoint(v), result))
    return result


# -- LDL ----------------------------------------------------------------------------------------------

LdlFactor = result_type("linalg_ldl_factor", "LD", "pivots")
LdlFactorEx = result_type("linalg_ldl_factor_ex", "LD", "pivots", "info")


def _ldl(name: str, A: Tensor, hermitian: bool) -> tuple[Array, Array, Array]:
    check_matrix_dtype(name, A)
    array = A._array
    packed = np.empty(array.shape, array.dtype)
    pivots = np.empty(array.shape[:-1], np.int32)
    info = np.zeros(array.shape[:-2], np.int32)
    if not array.size:
        return packed, pivots, info
    routine = "hetrf" if hermitian and array.dtype.kind == "c" else "sytrf"
    factor = lapack(routine, array.dtype)
    flat, swaps, verdicts = batches(packed), vectors(pivots), info.reshape(-1)
    for place, matrix in enumerate(batches(array)):
        found, swaps[place], verdicts[place] = factor(matrix, lower=1)
        flat[place] = np.tril(found)
    return (
        flat.reshape(array.shape),
        swaps.reshape(pivots.shape),
        verdicts.reshape(info.shape),
    )


@operation("linalg.ldl_factor", out=True)
def ldl_factor(A: Tensor, *, hermitian: bool = False) -> ResultType:
    """The factors of ``A = L @ D @ L^T`` (of ``L @ D @ L^H`` if `hermitian`) as LAPACK packs them, and the swaps."""
    judged("linalg.ldl_factor", A, hermitian=hermitian)
    packed, pivots, info = _ldl("torch.linalg.ldl_factor", A, hermitian)
    if info.any():
        place, element = where_in_batch(info)
        raise LinAlgError(
            f"torch.linalg.ldl_factor: {place}the diagonal element {element} of D is zero"
        )
    none = without_derivative("linalg_ldl_factor_ex")
    return LdlFactor(record_all((packed, pivots), (A,), none))


@operation("linalg.ldl_factor_ex", out=True)
def ldl_factor_ex(A: Tensor, *, hermitian: bool = False, check_errors: bool = False) -> ResultType:
    """As `ldl_factor`, and for each matrix the place of the first zero of D (0: there is none)."""
    judged("linalg.ldl_factor_ex", A, hermitian=hermitian, check_errors=check_errors)
    packed, pivots, info = _ldl("torch.linalg.ldl_factor_ex", A, hermitian)
    if check_errors and info.any():
        place, element = where_in_batch(info)
        raise LinAlgError(
            f"torch.linalg.ldl_factor_ex: {place}the diagonal element {element} of D is zero"
        )
    none = without_derivative("linalg_ldl_factor_ex")
    return LdlFactorEx(record_all((packed, pivots, info), (A,), none))


def ldl_solve_backward(node: Any, grad: Tensor) -> tuple[None, None, Tensor]:
    """Of the right side, by the adjoint system; the factors have no derivative, as in PyTorch."""
    LD, pivots = node.saved
    turned = grad if node.hermitian else conjugate(grad)
    made = _ldl_solved(LD, pivots, turned, node.hermitian)
    return None, None, made if node.hermitian else conjugate(made)


def _ldl_solved(LD: Tensor, pivots: Tensor, B: Tensor, hermitian: bool) -> Tensor:
    factor, right = LD._array, B._array
    batch = np.broadcast_shapes(factor.shape[:-2], right.shape[:-2])
    result = np.empty((*batch, *right.shape[-2:]), right.dtype)
    if result.size:
        routine = "hetrs" if hermitian and right.dtype.kind == "c" else "sytrs"
        solve = lapack(routine, right.dtype)
        left = batches(np.broadcast_to(factor, (*batch, *factor.shape[-2:])))
        swaps = vectors(np.broadcast_to(pivots._array, (*batch, pivots._array.shape[-1])))
        columns = batches(np.broadcast_to(right, result.shape))
        flat = batches(result)
        for place in range(len(flat)):
            flat[place], _ = solve(left[place], swaps[place], columns[place], lower=1)
        result = flat.reshape(result.shape)
    saved, facts = (LD, pivots), {"hermitian": hermitian}
    return record(result, (LD, pivots, B), ldl_solve_backward, saved, **facts)


@operation("linalg.ldl_solve", out="same dtype")
def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: bool = False) -> Tensor:
    """The solutions of ``A @ X = B``, of which `ldl_factor` is given.

    Args:
        LD: ``(*batch, N, N)``.
        pivots: ``(*batch, N)``.
        B: ``(*batch, N, K)``.
        hermitian: As it was for `ldl_factor`.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix,
            linalg_error_size_mismatch, broadcast_error_incompatible_dimensions.
    """
    judged("linalg.ldl_solve", LD, pivots, B, hermitian=hermitian)
    check_matrix_dtype("torch.linalg.ldl_solve", LD, B)
    if pivots._array.dtype.kind not in "iu":
        raise RuntimeError(
            f"torch.linalg.ldl_solve: Expected pivots to be integers. Got {pivots.dtype}"
        )
    rows = LD._array.shape[-1]
    places = np.abs(pivots._array)
    if places.size and (places.min() < 1 or places.max() > rows):
        raise RuntimeError(
            f"torch.linalg.ldl_solve: pivots must be in 1..{rows}, or their negatives"
        )
    return _ldl_solved(LD, pivots, B, hermitian)
