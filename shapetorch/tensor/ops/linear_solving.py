"""Inverses and systems of linear equations."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integers
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import lower_part, upper_part
from shapetorch.tensor.matrices import (
    LinAlgError,
    adjoint_array,
    check_matrix_dtype,
    check_singular,
    lu_arrays,
    permutation_of,
    solve_arrays,
    solve_triangular_arrays,
    where_in_batch,
)
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.products import adjoint, matmul
from shapetorch.tensor.picking import pick
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.tape import record, record_rows
from shapetorch.tensor.tensors import Array, Tensor, wrap

# -- inverses -----------------------------------------------------------------------------------------


def inv_backward(node: Any, grad: Tensor, _: Any = None) -> Tensor:
    """``-A^-H @ g @ A^-H``."""
    turned = adjoint(node.saved[0])
    return -matmul(turned, matmul(grad, turned))


def _inverse(array: Array) -> tuple[Array, Array]:
    info = np.zeros(array.shape[:-2], np.int32)
    try:
        return np.linalg.inv(array), info
    except np.linalg.LinAlgError:
        info = lu_arrays(array)[2]
    result = np.full(array.shape, np.nan, array.dtype)
    good = info == 0
    if good.any():
        result[good] = np.linalg.inv(array[good])
    return result, info


@operation("linalg.inv", methods=("inverse",), out="same dtype", aliases=("inverse",))
def inv(A: Tensor) -> Tensor:
    """The inverses of square matrices.

    Args:
        A: ``(*batch, N, N)``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: a matrix is singular.
    """
    judged("linalg.inv", A)
    check_matrix_dtype("linalg.inv", A)
    result, info = _inverse(A._array)
    check_singular("linalg.inv", info)
    return record(result, (A,), inv_backward, (RESULT,))


InvEx = result_type("linalg_inv_ex", "inverse", "info")


@operation("linalg.inv_ex", out=True)
def inv_ex(A: Tensor, *, check_errors: bool = False) -> ResultType:
    """The inverses, and for each the place of the first zero pivot (0: there is none)."""
    judged("linalg.inv_ex", A)
    check_matrix_dtype("linalg.inv_ex", A)
    result, info = _inverse(A._array)
    if check_errors:
        check_singular("linalg.inv_ex", info)
    return InvEx((record(result, (A,), inv_backward, (RESULT,)), wrap(info)))


@operation("linalg.tensorinv", out=True)
def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """The inverse of a map between tensors: of ``A`` as a matrix whose rows are its first `ind` dims."""
    shape = judged("linalg.tensorinv", A, ind)
    size = 1
    for item in A._array.shape[:ind]:
        size *= item
    return inv(A.reshape(size, size)).reshape(shape)  # type: ignore[no-any-return]


# -- systems ------------------------------------------------------------------------------------------


def solve_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """``gB = A^-H @ g`` and ``gA = -gB @ X^H``."""
    A, result = node.saved
    to_b = solved(adjoint(A), grad, True)
    if not node.needs[0]:
        return None, to_b
    return -matmul(to_b, adjoint(result)), to_b


def solved(A: Tensor, B: Tensor, check: bool) -> Tensor:
    """``A^-1 @ B`` of matrices that broadcast."""
    result, info = solve_arrays(A._array, B._array)
    if check and info.any():
        place, _ = where_in_batch(info)
        raise LinAlgError(
            f"torch.linalg.solve: {place}The solver failed because the input matrix is singular."
        )
    return record_rows(result, (A, B), solve_backward, (A, RESULT))


def is_vector(A: Tensor, B: Tensor) -> bool:
    """Whether the right side of a system is a vector, or one for each matrix."""
    a, b = A._array.shape, B._array.shape
    return len(b) == 1 or (len(a) - 1 == len(b) and a[:-1] == b)


def _solve(A: Tensor, B: Tensor, left: bool, check: bool) -> Tensor:
    if is_vector(A, B):
        return solved(A, B.unsqueeze(-1), check).squeeze(-1)  # type: ignore[no-any-return]
    if left:
        return solved(A, B, check)
    turned = solved(A.transpose(-2, -1), B.transpose(-2, -1), check)
    return turned.transpose(-2, -1)  # type: ignore[no-any-return]


@operation("linalg.solve", out="same dtype")
def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The solutions ``X`` of ``A @ X = B``.

    Args:
        A: ``(*batch, N, N)``.
        B: ``(*batch, N, K)``, ``(N,)``, or ``(*batch, N)`` with the batch of `A`.
        left: Otherwise of ``X @ A = B``, with B ``(*batch, K, N)``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix,
            matmul_error_inner_dimensions_do_not_match, batch_dimensions_do_not_match_error.
        LinAlgError: a matrix is singular.
    """
    judged("linalg.solve", A, B, left=left)
    check_matrix_dtype("linalg.solve", A, B)
    return _solve(A, B, left, True)


SolveEx = result_type("linalg_solve_ex", "result", "info")


@operation("linalg.solve_ex", out=True)
def solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False) -> ResultType:
    """As `solve`, and for each matrix the place of the first zero pivot (0: there is none)."""
    judged("linalg.solve_ex", A, B, left=left, check_errors=check_errors)
    check_matrix_dtype("linalg.solve", A, B)
    result = _solve(A, B, left, check_errors)
    with np.errstate(all="ignore"):
        info = lu_arrays(A._array)[2]
    return SolveEx((result, wrap(info)))


@operation("linalg.tensorsolve", out=True)
def tensorsolve(A: Tensor, B: Tensor, dims: Any = None) -> Tensor:
    """The tensor ``X`` with ``tensordot(A, X, X.ndim) = B``; `dims` of `A` are moved to its end first."""
    shape = judged("linalg.tensorsolve", A, B, dims)
    if dims is not None:
        rank = A._array.ndim
        moved = [dim % rank for dim in integers("linalg.tensorsolve", "dims", dims)]
        A = A.permute([place for place in range(rank) if place not in moved] + moved)
    rows = B._array.size
    solution = solve(A.reshape(rows, rows), B.reshape(rows))
    return solution.reshape(shape)  # type: ignore[no-any-return]


# -- triangular systems -------------------------------------------------------------------------------


def solve_triangular_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """As for `solve`; only the triangle that was read has a gradient."""
    A, result = node.saved
    to_b = triangular(adjoint(A), grad, not node.upper, node.unitriangular)
    if not node.needs[0]:
        return None, to_b
    to_a = -matmul(to_b, adjoint(result))
    offset = int(node.unitriangular)
    return (upper_part(to_a, offset) if node.upper else lower_part(to_a, -offset)), to_b


def triangular(A: Tensor, B: Tensor, upper: bool, unitriangular: bool = False) -> Tensor:
    """``A^-1 @ B`` for triangular `A`; batches broadcast."""
    result = solve_triangular_arrays(A._array, B._array, upper=upper, unitriangular=unitriangular)
    return record(
        result,
        (A, B),
        solve_triangular_backward,
        (A, RESULT),
        upper=upper,
        unitriangular=unitriangular,
    )


@operation("linalg.solve_triangular", out="same dtype")
def solve_triangular(
    A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Tensor:
    """The solutions ``X`` of ``A @ X = B`` for triangular ``A``.

    Args:
        A: ``(*batch, N, N)``, of which only one triangle is read.
        B: ``(*batch, N, K)``.
        upper: Whether it is the upper one.
        left: Otherwise of ``X @ A = B``, with B ``(*batch, K, N)``.
        unitriangular: Whether the diagonal is taken to be all ones.

    Raises:
        ShapeError: as for `solve`.
    """
    judged("linalg.solve_triangular", A, B, upper=upper, left=left, unitriangular=unitriangular)
    check_matrix_dtype("linalg.solve_triangular", A)
    B = B.to(A.dtype)
    if left:
        return triangular(A, B, upper, unitriangular)
    turned = triangular(A.transpose(-2, -1), B.transpose(-2, -1), not upper, unitriangular)
    return turned.transpose(-2, -1)  # type: ignore[no-any-return]


TriangularSolve = result_type("triangular_solve", "solution", "cloned_coefficient")


@operation(methods=("triangular_solve",), out=True)
def triangular_solve(
    b: Tensor, A: Tensor, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> ResultType:
    """The solutions of ``A @ X = b`` for triangular ``A``, and a copy of ``A``."""
    judged("triangular_solve", b, A, upper, transpose, unitriangular)
    check_matrix_dtype("triangular_solve", A, b)
    if transpose:
        solution = triangular(A.transpose(-2, -1), b, not upper, unitriangular)
    else:
        solution = triangular(A, b, upper, unitriangular)
    batch = solution._array.shape[:-2]
    return TriangularSolve((solution, A.expand(*batch, *A._array.shape[-2:]).clone()))


# -- systems of factored matrices -----------------------------------------------------------------------


def cholesky_solve_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """``gB = A^-1 @ g``; of the factor, both triangles count, as PyTorch has it."""
    L, result = node.saved
    to_b = _cholesky_solved(grad, L, node.upper)
    if not node.needs[1]:
        return to_b, None
    inner = matmul(to_b, adjoint(result))
    inner = inner + adjoint(inner)
    return to_b, -(matmul(L, inner) if node.upper else matmul(inner, L))


def _cholesky_solved(B: Tensor, L: Tensor, upper: bool) -> Tensor:
    factor = L._array
    turned = adjoint_array(factor)
    first, second = (turned, factor) if upper else (factor, turned)
    inner = solve_triangular_arrays(first, B._array, upper=False)
    result = solve_triangular_arrays(second, inner, upper=True)
    return record(result, (B, L), cholesky_solve_backward, (L, RESULT), upper=upper)


@operation(methods=("cholesky_solve",), out=True)
def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """The solutions of ``A @ X = B``, of which the Cholesky factor ``L`` (or ``U``) is given."""
    judged("cholesky_solve", B, L, upper)
    check_matrix_dtype("cholesky_solve", B, L)
    return _cholesky_solved(B, L, bool(upper))


def cholesky_inverse_backward(node: Any, grad: Tensor) -> Tensor:
    """Of ``(L @ L^H)^-1``; both triangles of the factor count, as PyTorch has it."""
    L, result = node.saved
    inner = matmul(result, matmul(grad + adjoint(grad), result))
    return -(matmul(L, inner) if node.upper else matmul(inner, L))


@operation(methods=("cholesky_inverse",), out=True)
def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    """The inverses of matrices of which the Cholesky factors are given."""
    judged("cholesky_inverse", L, upper)
    check_matrix_dtype("cholesky_inverse", L)
    unit = wrap(np.eye(L._array.shape[-1], dtype=L._array.dtype))
    result = _cholesky_solved(unit, wrap(L._array), bool(upper))._array
    return record(result, (L,), cholesky_inverse_backward, (L, RESULT), upper=bool(upper))


def _swapped(tensor: Tensor, pivots: Array, back: bool) -> Tensor:
    """Rows in the order that the pivots lead to, or back."""
    rows = tensor._array.shape[-2]
    order = permutation_of(pivots, rows)
    if back:
        order = np.argsort(order, axis=-1)
    shape = (*np.broadcast_shapes(order.shape[:-1], tensor._array.shape[:-2]), rows)
    wide = tensor.expand(*shape, tensor._array.shape[-1])
    indices = np.broadcast_to(np.broadcast_to(order, shape)[..., None], wide._array.shape)

    return pick(wide, indices, wide._array.ndim - 2)


@operation("linalg.lu_solve", out="same dtype")
def linalg_lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False
) -> Tensor:
    """The solutions of ``A @ X = B``, of which `linalg.lu_factor` is given.

    Args:
        LU: ``(*batch, N, N)``.
        pivots: ``(*batch, N)``.
        B: ``(*batch, N, K)``.
        left: Otherwise of ``X @ A = B``, with B ``(*batch, K, N)``.
        adjoint: Whether ``A^H`` stands for ``A``.

    Raises:
        ShapeError: as for `solve`.
    """
    _check_pivot_dtype("linalg.lu_solve", pivots)
    judged("linalg.lu_solve", LU, pivots, B, left=left, adjoint=adjoint)
    check_matrix_dtype("linalg.lu_solve", LU, B)
    _check_pivots("linalg.lu_solve", pivots, LU)
    if left:
        return _lu_solved(LU, pivots._array, B, adjoint)
    # X A = B is A^T X^T = B^T, and A^T the adjoint of the conjugate
    made = _lu_solved(conjugate(LU), pivots._array, B.transpose(-2, -1), not adjoint)
    return made.transpose(-2, -1)  # type: ignore[no-any-return]


def _check_pivot_dtype(name: str, pivots: Any) -> None:
    if isinstance(pivots, Tensor) and pivots._array.dtype != np.int32:
        raise RuntimeError(
            f"{name}: Expected pivots to be of dtype torch.int32 but got {pivots.dtype}"
        )


def _check_pivots(name: str, pivots: Tensor, LU: Tensor) -> None:
    rows = LU._array.shape[-2]
    if pivots._array.size and (pivots._array.min() < 1 or pivots._array.max() > rows):
        raise RuntimeError(
            f"{name}: pivots given to lu_solve must all be greater or equal to 1 and at most {rows}"
        )


def _lu_solved(LU: Tensor, pivots: Array, B: Tensor, transposed: bool) -> Tensor:
    if transposed:  # A^H = U^H L^H P^T
        inner = triangular(adjoint(LU), B, False)
        return _swapped(triangular(adjoint(LU), inner, True, True), pivots, True)
    return triangular(LU, triangular(LU, _swapped(B, pivots, False), False, True), True)


@operation(methods=("lu_solve",), out="same dtype")
def lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """The solutions of ``A @ X = b``, of which the LU factors are given."""
    _check_pivot_dtype("lu_solve", LU_pivots)
    judged("lu_solve", b, LU_data, LU_pivots)
    check_matrix_dtype("linalg.lu_solve", LU_data, b)
    _check_pivots("lu_solve", LU_pivots, LU_data)
    return _lu_solved(LU_data, LU_pivots._array, b, False)
