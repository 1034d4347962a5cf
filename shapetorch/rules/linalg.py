"""Linear algebra over batches of matrices: ``(*batch, M, N)``, or ``(*batch, N, N)`` where it must be square.

Solvers are in `solving`; the products are in `products`. A result that PyTorch leaves empty because it
was not asked for has the shape ``(0,)``, as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from shapetorch.dim import Shape, Size, Truth, at_most, check_equal, minimum, product, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axes, axis
from shapetorch.rules.registry import Dims, rule

EMPTY: Shape = (0,)


def require_matrix(operation: str, shape: Shape) -> None:
    """Raise linalg_error_requires_at_least_2d for a scalar or a vector."""
    if len(shape) < 2:
        raise ShapeError(
            ErrorKind.linalg_error_requires_at_least_2d,
            (len(shape), shape),
            f"{operation}: the tensor must have rank 2 or more, got {render_shape(shape)}",
        )


def require_square(operation: str, shape: Shape) -> None:
    """Raise unless the last two sizes are equal.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """
    require_matrix(operation, shape)
    check_equal(
        shape[-2],
        shape[-1],
        lambda: ShapeError(
            ErrorKind.linalg_error_not_square_matrix,
            (shape[-2], shape[-1], shape),
            f"{operation}: the matrix must be square, got {shape[-2]} and {shape[-1]} "
            f"from {render_shape(shape)}",
        ),
    )


def require_not_scalar(operation: str, shape: Shape) -> None:
    """Raise rank_error_missing_dim for a 0-D tensor where PyTorch asks for its last dim."""
    if not shape:
        raise ShapeError(
            ErrorKind.rank_error_missing_dim,
            (1, 0, shape),
            f"{operation}: the tensor must have rank 1 or more, got {render_shape(shape)}",
        )


def _is_empty(shape: Shape) -> bool:
    """Whether there are certainly no elements; some functions then skip their checks."""
    return any(size == 0 for size in shape)


# -- one result, square matrices -----------------------------------------------------------------------


@rule("det", functions=("det", "linalg.det"), methods=("det",), dtype="same")
def det_shape(input: Shape) -> Shape:
    """Shape ``(*batch)`` of the determinants of ``(*batch, N, N)``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.

    Source: PyTorch ``torch.linalg.det``.
    """
    require_square("det", input)
    return input[:-2]


@rule("det", functions=("linalg.det",), dtype="same")
def linalg_det_shape(A: Shape) -> Shape:
    """Shape ``(*batch)`` of the determinants of ``(*batch, N, N)``."""
    return det_shape(A)


@rule("logdet", functions=("logdet",), methods=("logdet",), dtype="same")
def logdet_shape(input: Shape) -> Shape:
    """Shape ``(*batch)`` of the logarithms of the determinants."""
    require_square("logdet", input)
    return input[:-2]


class SignAndLog(NamedTuple):
    """A determinant as its sign and its logarithm."""

    sign: Shape
    logabsdet: Shape


@rule("slogdet", functions=("slogdet",), methods=("slogdet",), dtype=("same", "same"))
def slogdet_shape(input: Shape) -> SignAndLog:
    """Shapes ``(*batch)`` of the signs and of the logarithms of the determinants."""
    require_square("slogdet", input)
    return SignAndLog(input[:-2], input[:-2])


@rule("slogdet", functions=("linalg.slogdet",), dtype=("same", "same"))
def linalg_slogdet_shape(A: Shape) -> SignAndLog:
    """Shapes ``(*batch)`` of the signs and of the logarithms of the determinants."""
    return slogdet_shape(A)


def _square_to_square(operation: str) -> Callable[[Shape], Shape]:
    def shape(A: Shape) -> Shape:
        require_square(operation, A)
        return A

    return shape


def _square_to_square_input(operation: str) -> Callable[[Shape], Shape]:
    def shape(input: Shape) -> Shape:
        require_square(operation, input)
        return input

    return shape


for _name in ("inv", "matrix_exp"):
    rule(_name, functions=(f"linalg.{_name}",), dtype="same")(_square_to_square(_name))
for _name in ("inverse", "matrix_exp"):
    rule(_name, functions=(_name,), methods=(_name,), dtype="same")(_square_to_square_input(_name))


@rule("cholesky", functions=("cholesky",), methods=("cholesky",), dtype="same")
def cholesky_shape(input: Shape, upper: object = False) -> Shape:
    """Shape of the triangular factor: the tensor's, which must be square unless it is empty.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """
    return input if _is_empty(input) else linalg_cholesky_shape(input)


@rule("cholesky", functions=("linalg.cholesky",), dtype="same")
def linalg_cholesky_shape(A: Shape, *, upper: object = False) -> Shape:
    """Shape of the triangular factor: the tensor's, which must be square."""
    require_square("cholesky", A)
    return A


@rule(
    "cholesky_inverse", functions=("cholesky_inverse",), methods=("cholesky_inverse",), dtype="same"
)
def cholesky_inverse_shape(L: Shape, upper: object = False) -> Shape:
    """Shape of the inverse of the matrix with the factor `L`: the factor's."""
    require_square("cholesky_inverse", L)
    return L


@rule(
    "matrix_power",
    functions=("matrix_power", "linalg.matrix_power"),
    methods=("matrix_power",),
    dtype="same",
)
def matrix_power_shape(input: Shape, n: object) -> Shape:
    """Shape of the power of a square matrix: the tensor's."""
    require_square("matrix_power", input)
    return input


@rule("matrix_power", functions=("linalg.matrix_power",), dtype="same")
def linalg_matrix_power_shape(A: Shape, n: object) -> Shape:
    """Shape of the power of a square matrix: the tensor's."""
    return matrix_power_shape(A, n)


@rule("trace", functions=("trace",), methods=("trace",), dtype="accumulate")
def trace_shape(input: Shape) -> Shape:
    """``()``: the sum of the diagonal of one matrix.

    Raises:
        ShapeError: linalg_error_requires_2d.
    """
    if len(input) != 2:
        raise ShapeError(
            ErrorKind.linalg_error_requires_2d,
            (len(input), input),
            f"trace: the tensor must have rank 2, got {render_shape(input)}",
        )
    return ()


# -- one result, any matrices ---------------------------------------------------------------------------


@rule("pinv", functions=("linalg.pinv",), dtype="same")
def pinv_shape(
    A: Shape, *, atol: object = None, rtol: object = None, hermitian: bool = False
) -> Shape:
    """Shape ``(*batch, N, M)`` of the pseudo-inverses of ``(*batch, M, N)``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix if `hermitian`.
    """
    square = hermitian and not _is_empty(A)
    (require_square if square else require_matrix)("pinv", A)
    return (*A[:-2], A[-1], A[-2])


@rule("pinverse", functions=("pinverse",), methods=("pinverse",), dtype="same")
def pinverse_shape(input: Shape, rcond: object = 1e-15) -> Shape:
    """Shape ``(*batch, N, M)`` of the pseudo-inverses of ``(*batch, M, N)``."""
    return pinv_shape(input)


@rule("svdvals", functions=("linalg.svdvals",), dtype="same")
def svdvals_shape(A: Shape, *, driver: object = None) -> Shape:
    """Shape ``(*batch, min(M, N))`` of the singular values."""
    require_matrix("svdvals", A)
    return (*A[:-2], minimum(A[-2], A[-1]))


@rule("matrix_rank", functions=("linalg.matrix_rank",), dtype="int64")
def matrix_rank_shape(
    A: Shape,
    tol: object = None,
    *,
    atol: object = None,
    rtol: object = None,
    hermitian: bool = False,
) -> Shape:
    """Shape ``(*batch)`` of the ranks."""
    square = hermitian and not _is_empty(A)
    (require_square if square else require_matrix)("matrix_rank", A)
    return A[:-2]


@rule("cond", functions=("linalg.cond",), dtype="same")
def cond_shape(A: Shape, p: int | float | str | None = None) -> Shape:
    """Shape ``(*batch)`` of the condition numbers; square matrices but for the spectral norm.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """
    (require_matrix if p in (None, 2, -2) else require_square)("cond", A)
    return A[:-2]


@rule("matrix_norm", functions=("linalg.matrix_norm",), dtype="same")
def matrix_norm_shape(
    A: Shape, ord: object = "fro", dim: Sequence[int] = (-2, -1), keepdim: bool = False
) -> Shape:
    """Shape without the two dims of the matrices.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, dimension_error_out_of_range,
            dimension_error_duplicate, argument_error_value.
    """
    require_matrix("matrix_norm", A)
    if len(dim) != 2:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("dim", dim),
            f"matrix_norm: dim must name 2 dims, got {list(dim)}",
        )
    return _without("matrix_norm", A, dim, keepdim)


@rule("vector_norm", functions=("linalg.vector_norm",), dtype="same")
def vector_norm_shape(x: Shape, ord: object = 2, dim: Dims = None, keepdim: bool = False) -> Shape:
    """Shape without the dims of the vectors, all of them by default."""
    return _without("vector_norm", x, dim, keepdim)


@rule("norm", functions=("linalg.norm",), dtype="same")
def linalg_norm_shape(
    A: Shape, ord: int | float | str | None = None, dim: Dims = None, keepdim: bool = False
) -> Shape:
    """Shape without the dims of the vectors or matrices, all of them by default.

    Raises:
        ShapeError: dimension_error_out_of_range, argument_error_value.
    """
    few = len(A) not in (1, 2) if dim is None else not isinstance(dim, int) and len(dim) > 2
    if ord is not None and few:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("dim", dim),
            f"norm: with an order there must be 1 or 2 dims, got {render_shape(A)}",
        )
    return _without("norm", A, dim, keepdim)


def _without(operation: str, shape: Shape, dim: Dims, keepdim: bool) -> Shape:
    if isinstance(dim, int):
        gone: tuple[int, ...] = (axis(operation, dim, shape),)
    else:
        gone = axes(operation, dim, shape) if dim else tuple(range(len(shape)))
    if keepdim:
        return tuple(1 if place in gone else size for place, size in enumerate(shape))
    return tuple(size for place, size in enumerate(shape) if place not in gone)


# -- decompositions ---------------------------------------------------------------------------------------


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


@rule("eig", functions=("linalg.eig",), dtype=("complex", "complex"))
def eig_shape(A: Shape) -> Eigen:
    """Shapes ``(*batch, N)`` and ``(*batch, N, N)`` of eigenvalues and eigenvectors."""
    require_square("eig", A)
    return Eigen(A[:-1], A)


@rule("eigh", functions=("linalg.eigh",), dtype=("same", "same"))
def eigh_shape(A: Shape, UPLO: object = "L") -> Eigen:
    """Shapes ``(*batch, N)`` and ``(*batch, N, N)`` of eigenvalues and eigenvectors."""
    require_square("eigh", A)
    return Eigen(A[:-1], A)


@rule("eigvals", functions=("linalg.eigvals",), dtype="complex")
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


@rule("householder_product", functions=("linalg.householder_product", "orgqr"), dtype="same")
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


@rule("tensorinv", functions=("linalg.tensorinv",), dtype="same")
def tensorinv_shape(A: Shape, ind: int = 2) -> Shape:
    """Shape ``A[ind:] + A[:ind]`` of the inverse of a map between tensors.

    Raises:
        ShapeError: linalg_error_not_square_matrix, argument_error_value.
    """
    if not 0 < ind <= len(A):
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("ind", ind),
            f"tensorinv: ind must be in 1..{len(A)}, got {ind} for {render_shape(A)}",
        )
    rows, columns = product(A[:ind]), product(A[ind:])
    _require_equal_products("tensorinv", rows, columns, A)
    return A[ind:] + A[:ind]


def _require_equal_products(operation: str, rows: Size, columns: Size, shape: Shape) -> None:
    check_equal(
        rows,
        columns,
        lambda: ShapeError(
            ErrorKind.linalg_error_not_square_matrix,
            (rows, columns, shape),
            f"{operation}: both parts must have equally many elements, got {rows} and {columns} "
            f"from {render_shape(shape)}",
        ),
    )


@rule("vander", functions=("linalg.vander",), dtype="same")
def linalg_vander_shape(x: Shape, *, N: Size | None = None) -> Shape:
    """Shape ``(*batch, n, N)`` of the powers of ``(*batch, n)``; N is n by default.

    Raises:
        ShapeError: argument_error_value.
    """
    x = x or (1,)
    count = x[-1] if N is None else N
    if isinstance(count, int) and count < 2:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("N", count),
            f"vander: N must be greater than 1, got {count} for {render_shape(x)}",
        )
    return (*x, count)


@rule("vander", functions=("vander",), dtype="same")
def vander_shape(x: Shape, N: Size | None = None, increasing: object = False) -> Shape:
    """Shape ``(n, N)`` of the powers of a vector; N is n by default.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    if len(x) != 1:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (1, len(x), x),
            f"vander: the tensor must have rank 1, got {render_shape(x)}",
        )
    return (x[0], x[0] if N is None else N)
