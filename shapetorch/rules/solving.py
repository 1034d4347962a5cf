"""Systems of linear equations over batches: ``A X = B`` with several forms of ``A``."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from shapetorch.dim import (
    UNKNOWN,
    AnyShape,
    Shape,
    Size,
    Truth,
    at_most,
    check_equal,
    equal,
    minimum,
    product,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.broadcasting import broadcast_all, clash_of
from shapetorch.rules.linalg import EMPTY, require_matrix, require_not_scalar, require_square
from shapetorch.rules.registry import rule


def check_rows(operation: str, left: Size, right: Size, a: Shape, b: Shape) -> None:
    """Raise linalg_error_size_mismatch if the equations have other sizes than the right side."""
    check_equal(
        left,
        right,
        lambda: ShapeError(
            ErrorKind.linalg_error_size_mismatch,
            (left, right, a, b),
            f"{operation}: sizes must be equal, got {left} and {right} "
            f"from {render_shape(a)} and {render_shape(b)}",
        ),
    )


def is_vector(A: Shape, B: Shape) -> bool | None:
    """Whether PyTorch takes `B` for a batch of vectors: one vector, or exactly the rows of `A`.

    None if that depends on sizes that are not known.
    """
    if len(B) == 1:
        return True
    if len(A) - 1 != len(B):
        return False
    pairs = list(zip(A[:-1], B, strict=True))
    if any(isinstance(x, int) and isinstance(y, int) and x != y for x, y in pairs):
        return False
    return True if all(equal(x, y) is Truth.YES for x, y in pairs) else None


@rule("solve", functions=("linalg.solve",), dtype="promote")
def solve_shape(A: Shape, B: Shape, *, left: bool = True) -> AnyShape:
    """Shape of X in ``A X = B``, or ``X A = B`` unless `left`.

    Args:
        A: ``(*batch, N, N)``.
        B: ``(N,)``, the rows of A ``(*batch, N)``, or ``(*other, N, K)``; ``(*other, K, N)``.
        left: On which side A stands.

    Returns:
        The shape of B, its batch broadcast with that of A.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix,
            linalg_error_size_mismatch, broadcast_error_incompatible_dimensions.
    """
    require_square("solve", A)
    vector = is_vector(A, B)
    if vector is None:
        return UNKNOWN
    return (_solve_vector if vector else _solve_matrix)("solve", A, B, left)


def _solve_vector(operation: str, A: Shape, B: Shape, left: bool) -> Shape:
    if not left:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("left", left),
            f"{operation}: with left=False the right side must be a matrix, "
            f"got {render_shape(A)} and {render_shape(B)}",
        )
    check_rows(operation, A[-1], B[-1], A, B)
    return broadcast_all(operation, A[:-1], B)


def _solve_matrix(operation: str, A: Shape, B: Shape, left: bool) -> Shape:
    require_matrix(operation, B)
    check_rows(operation, A[-1], B[-2] if left else B[-1], A, B)
    return broadcast_all(operation, A[:-2], B[:-2]) + B[-2:]


class SolveInfo(NamedTuple):
    """A solution and whether it worked."""

    result: AnyShape
    info: Shape


@rule("solve_ex", functions=("linalg.solve_ex",), dtype=("promote", "int32"))
def solve_ex_shape(
    A: Shape, B: Shape, *, left: bool = True, check_errors: object = False
) -> SolveInfo:
    """Shapes of the solution and ``(*batch)`` of the error numbers; see `solve_shape`."""
    return SolveInfo(solve_shape(A, B, left=left), A[:-2])


@rule("solve_triangular", functions=("linalg.solve_triangular",), dtype="promote")
def solve_triangular_shape(
    A: Shape, B: Shape, *, upper: object, left: bool = True, unitriangular: object = False
) -> Shape:
    """Shape of X in ``A X = B`` for a triangular A: that of B with the batches broadcast.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix,
            linalg_error_size_mismatch, broadcast_error_incompatible_dimensions.
    """
    require_square("solve_triangular", A)
    return _solve_matrix("solve_triangular", A, B, left)


class Triangular(NamedTuple):
    """A solution and a copy of the coefficients."""

    solution: Shape
    cloned_coefficient: Shape


@rule(
    "triangular_solve",
    functions=("triangular_solve",),
    methods=("triangular_solve",),
    dtype=("same", "same"),
)
def triangular_solve_shape(
    b: Shape,
    A: Shape,
    upper: object = True,
    transpose: object = False,
    unitriangular: object = False,
) -> Triangular:
    """Shapes of the solution and of the coefficients, with the batches broadcast."""
    require_matrix("triangular_solve", b)
    require_square("triangular_solve", A)
    solution = _solve_matrix("triangular_solve", A, b, True)
    return Triangular(solution, solution[:-2] + A[-2:])


@rule("cholesky_solve", functions=("cholesky_solve",), methods=("cholesky_solve",), dtype="promote")
def cholesky_solve_shape(B: Shape, L: Shape, upper: object = False) -> Shape:
    """Shape of the solution for a matrix with the triangular factor `L`.

    Args:
        B: ``(*batch, N, K)``.
        L: ``(*other, N, N)``.
        upper: Which triangle.
    """
    require_matrix("cholesky_solve", B)
    require_matrix("cholesky_solve", L)
    require_square("cholesky_solve", L)
    return _solve_matrix("cholesky_solve", L, B, True)


@rule("lu_solve", functions=("linalg.lu_solve",), dtype="promote")
def lu_solve_shape(
    LU: Shape, pivots: Shape, B: Shape, *, left: bool = True, adjoint: object = False
) -> Shape:
    """Shape of the solution for a factored matrix.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix,
            linalg_error_size_mismatch, broadcast_error_incompatible_dimensions.
    """
    require_square("lu_solve", LU)
    require_matrix("lu_solve", B)
    check_rows("lu_solve", LU[-1], B[-2] if left else B[-1], LU, B)
    require_not_scalar("lu_solve", pivots)
    if len(pivots) != len(LU) - 1:
        raise ShapeError(
            ErrorKind.linalg_error_size_mismatch,
            (len(LU) - 1, len(pivots), LU, pivots),
            f"lu_solve: the pivots must be one for each row, "
            f"got {render_shape(pivots)} for {render_shape(LU)}",
        )
    for own, other in zip(LU[:-1], pivots, strict=True):
        check_rows("lu_solve", own, other, LU, pivots)
    return _solve_matrix("lu_solve", LU, B, left)


@rule("lu_solve", functions=("lu_solve",), methods=("lu_solve",), dtype="promote")
def old_lu_solve_shape(b: Shape, LU_data: Shape, LU_pivots: Shape) -> Shape:
    """Shape of the solution for a factored matrix; see `lu_solve_shape`."""
    return lu_solve_shape(LU_data, LU_pivots, b)


@rule("ldl_solve", functions=("linalg.ldl_solve",), dtype="promote")
def ldl_solve_shape(LD: Shape, pivots: Shape, B: Shape, *, hermitian: object = False) -> Shape:
    """Shape of the solution for a matrix of which `linalg.ldl_factor` is given.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix,
            linalg_error_size_mismatch, broadcast_error_incompatible_dimensions.
    """
    require_square("ldl_solve", LD)
    require_matrix("ldl_solve", B)

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.linalg_error_size_mismatch,
            (len(LD) - 1, len(pivots), LD, pivots),
            f"ldl_solve: the pivots must be one for each row, "
            f"got {render_shape(pivots)} for {render_shape(LD)}",
        )

    check_rows("ldl_solve", B[-2], LD[-1], LD, B)
    if len(pivots) != len(LD) - 1:
        raise error()
    for own, other in zip(LD[:-1], pivots, strict=True):
        check_equal(own, other, error)
    return _solve_matrix("ldl_solve", LD, B, True)


class LeastSquares(NamedTuple):
    """What a least-squares driver gives; what it does not compute is empty."""

    solution: AnyShape
    residuals: AnyShape
    rank: Shape
    singular_values: AnyShape


@rule("lstsq", functions=("linalg.lstsq",), dtype=("promote", "same", "int64", "same"))
def lstsq_shape(
    A: Shape, B: Shape, rcond: object = None, *, driver: str | None = None
) -> LeastSquares:
    """Shapes of the solution of ``min |A X - B|``, its residuals, the ranks and singular values.

    Args:
        A: ``(*batch, M, N)``.
        B: ``(*batch, M)`` or ``(*batch, M, K)``.
        rcond: Which singular values count as 0.
        driver: Which algorithm: ``gelsy`` (the default), ``gels``, ``gelsd`` or ``gelss``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_size_mismatch,
            broadcast_error_incompatible_dimensions, rank_error_mismatch.
    """
    require_matrix("lstsq", A)
    if not B or not 0 <= len(A) - len(B) <= 1:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (len(A), len(B), B),
            f"lstsq: the right side must have the rank of the left or one less, "
            f"got {render_shape(A)} and {render_shape(B)}",
        )
    vector = is_vector(A, B)
    if vector is None:
        return LeastSquares(UNKNOWN, UNKNOWN, A[:-2] if driver != "gels" else EMPTY, UNKNOWN)
    check_rows("lstsq", A[-2], B[-1] if vector else B[-2], A, B)
    batch = broadcast_all("lstsq", A[:-2], B[: len(A) - 2])
    if not vector and len(B) < len(A):  # PyTorch lets the rows of a matrix be part of the batch
        joint = broadcast_all("lstsq", batch, B[:-2])
        for size, wider in zip(batch, joint, strict=True):
            check_equal(size, wider, partial(clash_of, "lstsq", size, wider, (A, B)))
    columns = () if vector else B[-1:]
    spectral = driver in ("gelsd", "gelss")
    return LeastSquares(
        (*batch, A[-1], *columns),
        _residuals(A, (*batch, *(columns or (1,))), driver),
        A[:-2] if driver != "gels" else EMPTY,
        (*A[:-2], minimum(A[-2], A[-1])) if spectral else EMPTY,
    )


def _residuals(A: Shape, full: Shape, driver: str | None) -> AnyShape:
    """Only of more equations than unknowns, and not with every driver."""
    if driver in (None, "gelsy"):
        return EMPTY
    known = isinstance(A[-2], int) and isinstance(A[-1], int)
    if not known:
        return UNKNOWN
    return full if at_most(A[-2], A[-1]) is Truth.NO else EMPTY


@rule("tensorsolve", functions=("linalg.tensorsolve",), dtype="promote")
def tensorsolve_shape(A: Shape, B: Shape, dims: object = None) -> Shape:
    """Shape ``A[B.ndim:]`` of X in ``tensordot(A, X, X.ndim) = B``.

    Raises:
        ShapeError: linalg_error_size_mismatch.
    """
    rest = A[len(B) :]
    if product(rest) == 0:  # PyTorch asks whether A has as many elements as a square of such rows
        check_rows("tensorsolve", product(B), 0, A, B)
        return rest
    check_rows("tensorsolve", product(A[: len(B)]), product(rest), A, B)
    check_rows("tensorsolve", product(B), product(A[: len(B)]), A, B)
    return rest
