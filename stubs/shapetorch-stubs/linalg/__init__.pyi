"""Linear algebra: factors, systems, norms and functions of matrices, PyTorch's ``torch.linalg``.

Written by ``tools/stubs.py``.
"""

from builtins import bool as _bool
from builtins import float as _float
from builtins import int as _int
from builtins import str as _str
from collections.abc import Sequence as _Sequence
from shapetorch.tensor.dtypes import dtype as _dtype
from shapetorch.tensor.result_types import _linalg_cholesky_ex_result
from shapetorch.tensor.result_types import _linalg_eig_result
from shapetorch.tensor.result_types import _linalg_eigh_result
from shapetorch.tensor.result_types import _linalg_inv_ex_result
from shapetorch.tensor.result_types import _linalg_ldl_factor_ex_result
from shapetorch.tensor.result_types import _linalg_ldl_factor_result
from shapetorch.tensor.result_types import _linalg_lstsq_result
from shapetorch.tensor.result_types import _linalg_lu_factor_ex_result
from shapetorch.tensor.result_types import _linalg_lu_factor_result
from shapetorch.tensor.result_types import _linalg_lu_result
from shapetorch.tensor.result_types import _linalg_qr_result
from shapetorch.tensor.result_types import _linalg_slogdet_result
from shapetorch.tensor.result_types import _linalg_solve_ex_result
from shapetorch.tensor.result_types import _linalg_svd_result

from shapetorch.tensor.matrices import LinAlgError as LinAlgError
from shapetorch.tensor.tensors import Tensor

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The matrix product, batched and broadcast over leading dims.

    Args:
        input: ``(K,)``, ``(M, K)`` or ``(*A, M, K)``.
        other: ``(K,)``, ``(K, N)`` or ``(*B, K, N)``.

    Returns:
        ``(*broadcast(A, B), M, N)``; a vector operand's missing size is left out.

    Raises:
        ShapeError: matmul_error_scalar_operand, matmul_error_inner_dimensions_do_not_match,
            batch_dimensions_do_not_match_error.
        RuntimeError: the dtypes differ, or are bool.
    """

def diagonal(A: Tensor, *, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
    """A view of a diagonal of the last two dims; see `diagonal`."""

def inv(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverses of square matrices.

    Args:
        A: ``(*batch, N, N)``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: a matrix is singular.
    """

def inv_ex(A: Tensor, *, check_errors: _bool = False, out: tuple[Tensor, ...] | None = None) -> _linalg_inv_ex_result:
    """The inverses, and for each the place of the first zero pivot (0: there is none)."""

def tensorinv(A: Tensor, ind: _int = 2, *, out: Tensor | None = None) -> Tensor:
    """The inverse of a map between tensors: of ``A`` as a matrix whose rows are its first `ind` dims."""

def solve(A: Tensor, B: Tensor, *, left: _bool = True, out: Tensor | None = None) -> Tensor:
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

def solve_ex(A: Tensor, B: Tensor, *, left: _bool = True, check_errors: _bool = False, out: tuple[Tensor, ...] | None = None) -> _linalg_solve_ex_result:
    """As `solve`, and for each matrix the place of the first zero pivot (0: there is none)."""

def tensorsolve(A: Tensor, B: Tensor, dims: _int | _Sequence[_int] | _Sequence[_Sequence[_int]] | None = None, *, out: Tensor | None = None) -> Tensor:
    """The tensor ``X`` with ``tensordot(A, X, X.ndim) = B``; `dims` of `A` are moved to its end first."""

def solve_triangular(A: Tensor, B: Tensor, *, upper: _bool, left: _bool = True, unitriangular: _bool = False, out: Tensor | None = None) -> Tensor:
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

def lu_solve(LU: Tensor, pivots: Tensor, B: Tensor, *, left: _bool = True, adjoint: _bool = False, out: Tensor | None = None) -> Tensor:
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

def cholesky(A: Tensor, *, upper: _bool = False, out: Tensor | None = None) -> Tensor:
    """The Cholesky factors: lower triangular ``L`` with ``A = L @ L^H``, or upper ``U`` with ``U^H @ U``.

    Args:
        A: ``(*batch, N, N)``, Hermitian and positive-definite; only one triangle is read.
        upper: Whether to give ``U``, made from the upper triangle.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: a matrix is not positive-definite.
    """

def cholesky_ex(A: Tensor, *, upper: _bool = False, check_errors: _bool = False, out: tuple[Tensor, ...] | None = None) -> _linalg_cholesky_ex_result:
    """The Cholesky factors, and for each the order of the first minor that is not positive (0: none)."""

def lu_factor(A: Tensor, *, pivot: _bool = True, out: tuple[Tensor, ...] | None = None) -> _linalg_lu_factor_result:
    """The factors of ``A = P @ L @ U`` in one matrix (L below the diagonal), and the row swaps, from 1."""

def lu_factor_ex(A: Tensor, *, pivot: _bool = True, check_errors: _bool = False, out: tuple[Tensor, ...] | None = None) -> _linalg_lu_factor_ex_result:
    """As `lu_factor`, and for each matrix the place of the first zero pivot (0: there is none)."""

def lu(A: Tensor, *, pivot: _bool = True, out: tuple[Tensor, ...] | None = None) -> _linalg_lu_result:
    """The factors of ``A = P @ L @ U``; without `pivot`, P is empty.

    Args:
        A: ``(*batch, M, N)``.
        pivot: Whether rows are swapped.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """

def qr(A: Tensor, mode: _str = 'reduced', *, out: tuple[Tensor, ...] | None = None) -> _linalg_qr_result:
    """The factors of ``A = Q @ R``.

    Args:
        A: ``(*batch, M, N)``.
        mode: "reduced" (Q has as many columns as R has rows, the lesser of M and N), "complete" (Q is
            square) or "r" (Q is empty).

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, argument_error_value.
    """

def householder_product(A: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first columns of a product of reflections ``1 - tau v v^H``, whose ``v`` are columns.

    Args:
        A: ``(*batch, M, N)``; ``v`` of column i is 1 at i, and what the column holds below.
        tau: ``(*batch, K)``.

    Returns:
        ``(*batch, M, N)``.

    Raises:
        ShapeError: rank_error_mismatch and others.
    """

def ldl_factor(A: Tensor, *, hermitian: _bool = False, out: tuple[Tensor, ...] | None = None) -> _linalg_ldl_factor_result:
    """The factors of ``A = L @ D @ L^T`` (of ``L @ D @ L^H`` if `hermitian`) as LAPACK packs them, and the swaps."""

def ldl_factor_ex(A: Tensor, *, hermitian: _bool = False, check_errors: _bool = False, out: tuple[Tensor, ...] | None = None) -> _linalg_ldl_factor_ex_result:
    """As `ldl_factor`, and for each matrix the place of the first zero of D (0: there is none)."""

def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: _bool = False, out: Tensor | None = None) -> Tensor:
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

def eigh(A: Tensor, UPLO: _str = 'L', *, out: tuple[Tensor, ...] | None = None) -> _linalg_eigh_result:
    """The eigenvalues, in order, and eigenvectors (columns) of Hermitian matrices.

    Args:
        A: ``(*batch, N, N)``, of which one triangle is read.
        UPLO: Which: "L" or "U".

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: the algorithm did not converge.
    """

def eigvalsh(A: Tensor, UPLO: _str = 'L', *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of Hermitian matrices, in order; see `eigh`."""

def eig(A: Tensor, *, out: tuple[Tensor, ...] | None = None) -> _linalg_eig_result:
    """The eigenvalues and eigenvectors (columns of length 1) of square matrices, complex.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        RuntimeError: an element is not finite.
    """

def eigvals(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of square matrices, complex; see `eig`."""

def svd(A: Tensor, full_matrices: _bool = True, *, driver: _str | None = None, out: tuple[Tensor, ...] | None = None) -> _linalg_svd_result:
    """The factors of ``A = U @ diag(S) @ Vh``, the singular values from the largest to the smallest.

    Args:
        A: ``(*batch, M, N)``.
        full_matrices: Whether U and Vh are square.
        driver: Only for other devices than the CPU.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
        LinAlgError: an element is not finite.
    """

def svdvals(A: Tensor, *, driver: _str | None = None, out: Tensor | None = None) -> Tensor:
    """The singular values of matrices, from the largest to the smallest; see `linalg.svd`."""

def det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The determinants of square matrices.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """

def slogdet(A: Tensor, *, out: tuple[Tensor, ...] | None = None) -> _linalg_slogdet_result:
    """The signs (complex: the phases) of the determinants and the logarithms of their absolute values.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """

def matrix_power(A: Tensor, n: _int, *, out: Tensor | None = None) -> Tensor:
    """The product of `n` times the same matrix, of its inverse for negative `n`.

    Args:
        A: ``(*batch, N, N)``.
        n: Any integer.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: `n` is negative and a matrix is singular.
    """

def matrix_exp(A: Tensor) -> Tensor:
    """The exponentials of square matrices: ``sum over k of A^k / k!``."""

def vander(x: Tensor, *, N: _int | None = None) -> Tensor:
    """The powers ``0 … N - 1`` of the numbers of vectors: ``(*batch, n, N)``."""

def multi_dot(tensors: Tensor | _Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """The product of two or more matrices, in the cheapest order; the first and the last may be vectors.

    Raises:
        ShapeError: argument_error_value, linalg_error_requires_2d,
            matmul_error_inner_dimensions_do_not_match.
    """

def vecdot(x: Tensor, y: Tensor, *, dim: _int = -1, out: Tensor | None = None) -> Tensor:
    """The products along a dim, the first factor conjugated: ``sum(conj(x) * y, dim)``."""

def pinv(A: Tensor, rcond: _float | Tensor | None = None, hermitian: _bool = False, *, atol: _float | Tensor | None = None, rtol: _float | Tensor | None = None, out: Tensor | None = None) -> Tensor:
    """The pseudo-inverses (Moore and Penrose) of matrices.

    Args:
        A: ``(*batch, M, N)``.
        rcond: The old name of `rtol`.
        hermitian: Whether the matrices are Hermitian; only the lower triangle is read then.
        atol: Singular values up to this count as zero.
        rtol: Or up to this part of the largest one; ``max(M, N)`` times the dtype's epsilon if both are
            None.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """

def matrix_rank(A: Tensor, tol: _float | Tensor | None = None, hermitian: _bool = False, *, atol: _float | Tensor | None = None, rtol: _float | Tensor | None = None, out: Tensor | None = None) -> Tensor:
    """The ranks of matrices: how many singular values are larger than ``max(atol, rtol * largest)``.

    See `pinv` for the arguments; `tol` is an absolute one.
    """

def cond(A: Tensor, p: _float | _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The condition numbers of matrices: ``norm(A) * norm(inv(A))``; infinity if there is no inverse.

    Args:
        A: ``(*batch, N, N)``; any matrices for the orders None, 2 and -2.
        p: An order of `linalg.matrix_norm`; 2 if None.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """

def lstsq(A: Tensor, B: Tensor, rcond: _float | None = None, *, driver: _str | None = None, out: tuple[Tensor, ...] | None = None) -> _linalg_lstsq_result:
    """The ``X`` for which ``A @ X - B`` is smallest: ``(solution, residuals, rank, singular_values)``.

    Args:
        A: ``(*batch, M, N)``.
        B: ``(*batch, M, K)``, or ``(*batch, M)``.
        rcond: Singular values up to this part of the largest one count as zero; ``max(M, N)`` times the
            dtype's epsilon if None.
        driver: "gelsy" (the rank is given too), "gels" (A has full rank), "gelsd" or "gelss" (the singular
            values are given too).

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, matmul_error_inner_dimensions_do_not_match and
            others.
    """

def vector_norm(x: Tensor, ord: _float = 2, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """``sum(|x|^ord)^(1/ord)``: the norm of all elements, or along dims.

    Args:
        x: Any shape, floating or complex.
        ord: Any number; infinity gives the largest absolute value, minus infinity the smallest, 0 the
            number of elements that are not zero.
        dim: The dims; all of them if None.
        keepdim: Whether they stay, with size 1.
        dtype: In which it is computed, not narrower than the input's.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
            reduction_error_no_elements.
    """

def matrix_norm(A: Tensor, ord: _float | _str = 'fro', dim: _int | _Sequence[_int] = (-2, -1), keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The norm of each matrix of a batch.

    Args:
        A: ``(*batch, M, N)``, floating or complex.
        ord: "fro" (root of the sum of squares), "nuc" (sum of the singular values), 2 and -2 (largest and
            smallest singular value), 1 and -1 (of the sums of columns), infinity (of the sums of rows).
        dim: The two dims of the matrices.
        keepdim: Whether they stay, with size 1.
        dtype: In which it is computed.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, dimension_error_out_of_range,
            dimension_error_duplicate, argument_error_value.
    """

def norm(A: Tensor, ord: _float | _str | None = None, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The norm of a vector or matrix, by the number of dims.

    Args:
        A: Any shape, floating or complex.
        ord: Of `linalg.vector_norm` for one dim, of `linalg.matrix_norm` for two; None is the root of the sum of
            squares.
        dim: One dim or two; all of them if None.
        keepdim: Whether they stay, with size 1.
        dtype: In which it is computed.

    Raises:
        ShapeError: dimension_error_out_of_range, argument_error_value.
    """

def cross(input: Tensor, other: Tensor, *, dim: _int = -1, out: Tensor | None = None) -> Tensor:
    """The vector products along a dim of size 3."""
