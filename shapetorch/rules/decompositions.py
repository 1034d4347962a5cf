"""Decompositions of batches of matrices, ``(*batch, M, N)``.

A factor that PyTorch leaves out because it was not asked for has the shape ``(0,)``, as in PyTorch.
"""

from __future__ import annotations

from typing import NamedTuple

from shapetorch.dim import Shape, Truth, at_most, check_equal, minimum, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.linalg import EMPTY, require_matrix, require_not_scalar, require_square
from shapetorch.rules.registry import rule


class Svd(NamedTuple):
    """Singular value decomposition, the right factor transposed."""

    U: Shape
    S: Shape
    Vh: Shape


class OldSvd(NamedTuple):
    """Singular value decomposition, the right factor not transposed."""

    U: Shape
    S: Shape
    V: Shape


class Eigen(NamedTuple):
    """Eigenvalues and eigenvectors."""

    eigenvalues: Shape
    eigenvectors: Shape


class Qr(NamedTuple):
    """Orthogonal and triangular factor."""

    Q: Shape
    R: Shape


class Lu(NamedTuple):
    """Permutation, lower and upper factor."""

    P: Shape
    L: Shape
    U: Shape


@rule("svd", functions=("linalg.svd",), dtype=("same", "same", "same"))
def svd_shape(A: Shape, full_matrices: bool = True, *, driver: object = None) -> Svd:
    """Shapes of ``U (M, M)``, ``S (K,)``, ``Vh (N, N)`` for ``(M, N)``, ``K = min(M, N)``.

    Args:
        A: ``(*batch, M, N)``.
        full_matrices: If false, ``U`` is ``(M, K)`` and ``Vh`` is ``(K, N)``.
        driver: Which algorithm.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """
    require_matrix("svd", A)
    batch, (m, n) = A[:-2], A[-2:]
    k = minimum(m, n)
    if full_matrices:
        return Svd((*batch, m, m), (*batch, k), (*batch, n, n))
    return Svd((*batch, m, k), (*batch, k), (*batch, k, n))


@rule("svd", functions=("svd",), methods=("svd",), dtype=("same", "same", "same"))
def old_svd_shape(input: Shape, some: bool = True, compute_uv: bool = True) -> OldSvd:
    """Shapes of ``U (M, K)``, ``S (K,)``, ``V (N, K)``; square ``U`` and ``V`` unless `some`."""
    u, s, vh = svd_shape(input, full_matrices=not (some and compute_uv))
    return OldSvd(u, s, (*vh[:-2], vh[-1], vh[-2]))


@rule("eig", functions=("linalg.eig",), dtype=("Complex", "Complex"))
def eig_shape(A: Shape) -> Eigen:
    """Shapes ``(*batch, N)`` and ``(*batch, N, N)`` of eigenvalues and eigenvectors."""
    require_square("eig", A)
    return Eigen(A[:-1], A)


@rule("eigh", functions=("linalg.eigh",), dtype=("same", "same"))
def eigh_shape(A: Shape, UPLO: object = "L") -> Eigen:
    """Shapes ``(*batch, N)`` and ``(*batch, N, N)`` of eigenvalues and eigenvectors."""
    require_square("eigh", A)
    return Eigen(A[:-1], A)


@rule("eigvals", functions=("linalg.eigvals",), dtype="Complex")
def eigvals_shape(A: Shape) -> Shape:
    """Shape ``(*batch, N)`` of the eigenvalues."""
    require_square("eigvals", A)
    return A[:-1]


@rule("eigvalsh", functions=("linalg.eigvalsh",), dtype="same")
def eigvalsh_shape(A: Shape, UPLO: object = "L") -> Shape:
    """Shape ``(*batch, N)`` of the eigenvalues."""
    require_square("eigvalsh", A)
    return A[:-1]


@rule("qr", functions=("linalg.qr",), dtype=("same", "same"))
def qr_shape(A: Shape, mode: str = "reduced") -> Qr:
    """Shapes of ``Q (M, K)`` and ``R (K, N)`` for ``(M, N)``, ``K = min(M, N)``.

    Args:
        A: ``(*batch, M, N)``.
        mode: ``reduced``, ``complete`` (``Q`` is square) or ``r`` (``Q`` is empty).

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, argument_error_value.
    """
    require_matrix("qr", A)
    batch, (m, n) = A[:-2], A[-2:]
    k = minimum(m, n)
    if mode == "complete":
        return Qr((*batch, m, m), (*batch, m, n))
    if mode == "r":
        return Qr(EMPTY, (*batch, k, n))
    if mode != "reduced":
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("mode", mode),
            f"qr: mode must be reduced, complete or r, got {mode}",
        )
    return Qr((*batch, m, k), (*batch, k, n))


@rule("qr", functions=("qr",), methods=("qr",), dtype=("same", "same"))
def old_qr_shape(input: Shape, some: bool = True) -> Qr:
    """Shapes of the orthogonal and the triangular factor; see `qr_shape`."""
    return qr_shape(input, "reduced" if some else "complete")


@rule("lu", functions=("linalg.lu",), dtype=("same", "same", "same"))
def lu_shape(A: Shape, *, pivot: bool = True) -> Lu:
    """Shapes of ``P (M, M)``, ``L (M, K)``, ``U (K, N)``; without `pivot` P is empty.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """
    require_matrix("lu", A)
    batch, (m, n) = A[:-2], A[-2:]
    k = minimum(m, n)
    return Lu((*batch, m, m) if pivot else EMPTY, (*batch, m, k), (*batch, k, n))


class LuFactor(NamedTuple):
    """Both factors in one matrix, and the order of rows."""

    LU: Shape
    pivots: Shape


class LuFactorInfo(NamedTuple):
    """Both factors in one matrix, the order of rows, and whether it worked."""

    LU: Shape
    pivots: Shape
    info: Shape


@rule("lu_factor", functions=("linalg.lu_factor",), dtype=("same", "int32"))
def lu_factor_shape(A: Shape, *, pivot: object = True) -> LuFactor:
    """Shapes ``(*batch, M, N)`` and ``(*batch, min(M, N))`` of the factors and of the pivots."""
    require_matrix("lu_factor", A)
    return LuFactor(A, (*A[:-2], minimum(A[-2], A[-1])))


@rule("lu_factor_ex", functions=("linalg.lu_factor_ex",), dtype=("same", "int32", "int32"))
def lu_factor_ex_shape(
    A: Shape, *, pivot: object = True, check_errors: object = False
) -> LuFactorInfo:
    """Shapes of factors, pivots, and ``(*batch)`` of the error numbers."""
    return LuFactorInfo(*lu_factor_shape(A), A[:-2])


@rule("lu", functions=("lu",), methods=("lu",), dtype=("same", "int32", "int32"))
def old_lu_shape(
    A: Shape, pivot: object = True, get_infos: bool = False
) -> LuFactor | LuFactorInfo:
    """Shapes of factors, pivots and, if asked for, error numbers."""
    factors = lu_factor_shape(A)
    return LuFactorInfo(*factors, A[:-2]) if get_infos else factors


@rule("lu_unpack", functions=("lu_unpack",), dtype=("same", "same", "same"))
def lu_unpack_shape(
    LU_data: Shape, LU_pivots: Shape, unpack_data: bool = True, unpack_pivots: bool = True
) -> Lu:
    """Shapes of ``P``, ``L`` and ``U`` of a factored matrix; what is not unpacked is empty."""
    full = lu_shape(LU_data)
    return Lu(
        full.P if unpack_pivots else EMPTY,
        full.L if unpack_data else EMPTY,
        full.U if unpack_data else EMPTY,
    )


class CholeskyInfo(NamedTuple):
    """A triangular factor and whether it worked."""

    L: Shape
    info: Shape


class InverseInfo(NamedTuple):
    """An inverse and whether it worked."""

    inverse: Shape
    info: Shape


@rule("cholesky_ex", functions=("linalg.cholesky_ex",), dtype=("same", "int32"))
def cholesky_ex_shape(
    A: Shape, *, upper: object = False, check_errors: object = False
) -> CholeskyInfo:
    """Shapes of the triangular factor and ``(*batch)`` of the error numbers."""
    require_square("cholesky_ex", A)
    return CholeskyInfo(A, A[:-2])


@rule("inv_ex", functions=("linalg.inv_ex",), dtype=("same", "int32"))
def inv_ex_shape(A: Shape, *, check_errors: object = False) -> InverseInfo:
    """Shapes of the inverse and ``(*batch)`` of the error numbers."""
    require_square("inv_ex", A)
    return InverseInfo(A, A[:-2])


class LdlFactor(NamedTuple):
    """Both factors in one matrix, and the order of rows."""

    LD: Shape
    pivots: Shape


@rule("ldl_factor", functions=("linalg.ldl_factor",), dtype=("same", "int32"))
def ldl_factor_shape(A: Shape, *, hermitian: object = False) -> LdlFactor:
    """Shapes ``(*batch, N, N)`` and ``(*batch, N)`` of the factors and of the pivots."""
    require_square("ldl_factor", A)
    return LdlFactor(A, A[:-1])


class LdlFactorInfo(NamedTuple):
    """Both factors in one matrix, the order of rows, and whether it worked."""

    LD: Shape
    pivots: Shape
    info: Shape


@rule("ldl_factor_ex", functions=("linalg.ldl_factor_ex",), dtype=("same", "int32", "int32"))
def ldl_factor_ex_shape(
    A: Shape, *, hermitian: object = False, check_errors: object = False
) -> LdlFactorInfo:
    """Shapes of factors, pivots, and ``(*batch)`` of the error numbers."""
    return LdlFactorInfo(*ldl_factor_shape(A), A[:-2])


class Reflections(NamedTuple):
    """A triangular factor with reflections below it, and their factors."""

    a: Shape
    tau: Shape


@rule("geqrf", functions=("geqrf",), methods=("geqrf",), dtype=("same", "same"))
def geqrf_shape(input: Shape) -> Reflections:
    """Shapes ``(*batch, M, N)`` and ``(*batch, min(M, N))`` of a QR decomposition as LAPACK has it."""
    require_matrix("geqrf", input)
    return Reflections(input, (*input[:-2], minimum(input[-2], input[-1])))


@rule(
    "householder_product",
    functions=("linalg.householder_product", "orgqr"),
    methods=("orgqr",),
    dtype="same",
)
def householder_product_shape(A: Shape, tau: Shape) -> Shape:
    """Shape of the first columns of a product of reflections: that of ``A (*batch, M, N)``.

    Args:
        A: ``(*batch, M, N)`` with ``M >= N``.
        tau: ``(*batch, K)`` with ``K <= N``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_size_mismatch.
    """
    require_matrix("householder_product", A)
    last = tau[-1] if tau else 0

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.linalg_error_size_mismatch,
            (A[-1], last, A, tau),
            f"householder_product: rows must be at least columns, and columns at least factors, "
            f"got {render_shape(A)} and {render_shape(tau)}",
        )

    if at_most(A[-1], A[-2]) is Truth.NO:
        raise error()
    require_not_scalar("householder_product", tau)
    if len(tau) != len(A) - 1 or at_most(last, A[-1]) is Truth.NO:
        raise error()
    for own, other in zip(A[:-2], tau[:-1], strict=True):
        check_equal(own, other, error)
    return A
