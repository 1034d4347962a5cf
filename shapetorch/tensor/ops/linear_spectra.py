"""Eigenvalues and singular values."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import diagonal_part, masked
from shapetorch.tensor.matrices import LinAlgError, check_matrix_dtype
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.linear_solving import solved
from shapetorch.tensor.ops.products import adjoint, matmul
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.tape import record_all
from shapetorch.tensor.tensors import Array, Tensor, in_rows, wrap

Eig = result_type("linalg_eig", "eigenvalues", "eigenvectors")
Eigh = result_type("linalg_eigh", "eigenvalues", "eigenvectors")
Svd = result_type("linalg_svd", "U", "S", "Vh")
OldSvd = result_type("svd", "U", "S", "V")

PHASE = (
    "The specified loss function depends on this quantity, so it is ill-defined: the vectors in the complex "
    "case are specified up to multiplication by e^(i phi)."
)


def _diagonal(tensor: Tensor) -> Tensor:
    """The diagonals of matrices as vectors."""
    return diagonal_part(tensor).sum(-2)  # type: ignore[no-any-return]


def _differences(values: Tensor) -> Tensor:
    """``E[i, j] = values[j] - values[i]``, ones on the diagonal."""
    size = values._array.shape[-1]
    gaps = values.unsqueeze(-2) - values.unsqueeze(-1)
    return gaps + wrap(np.eye(size, dtype=gaps._array.dtype))  # type: ignore[no-any-return]


def _off_diagonal(tensor: Tensor) -> Tensor:
    return masked(tensor, ~np.eye(*tensor._array.shape[-2:], dtype=np.bool_))


def _on_diagonal(values: Tensor) -> Tensor:
    """Matrices with these diagonals."""
    size = values._array.shape[-1]
    return values.unsqueeze(-1) * wrap(np.eye(size, dtype=values._array.dtype))  # type: ignore[no-any-return]


# -- eigenvalues --------------------------------------------------------------------------------------


def eigh_backward(node: Any, to_values: Tensor, to_vectors: Tensor) -> Tensor:
    """``V @ (diag(gL) + (V^H @ gV) / E) @ V^H`` of which the
    product counts by its skew part; ``E[i, j] = L[j] - L[i]``."""
    values, vectors = node.saved
    inner = _on_diagonal(to_values)
    if to_vectors._array.any() or to_vectors.requires_grad:
        turned = matmul(adjoint(vectors), to_vectors)
        _check_phase("linalg_eigh_backward", turned)
        inner = inner + _off_diagonal(_skew(turned)) * 0.5 / _differences(values)
    return matmul(matmul(vectors, inner.to(vectors.dtype)), adjoint(vectors))


def _check_phase(name: str, turned: Tensor) -> None:
    """Raise if a gradient depends on the phases of complex vectors."""
    if turned._array.dtype.kind != "c":
        return
    imaginary = np.diagonal(turned._array, axis1=-2, axis2=-1).imag
    if not np.allclose(imaginary, 0, rtol=1e-2, atol=1e-2):
        raise RuntimeError(f"{name}: {PHASE}")


def _eigh(A: Tensor, UPLO: str) -> tuple[Array, Array]:
    check_matrix_dtype("linalg.eigh", A)
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    array = A._array
    if not array.size:
        return np.zeros(array.shape[:-1], array.real.dtype), np.zeros(array.shape, array.dtype)
    try:
        values, vectors = np.linalg.eigh(array, UPLO.upper())  # type: ignore[call-overload]
    except np.linalg.LinAlgError:
        raise _no_convergence("linalg.eigh") from None
    if np.isnan(array).any():
        raise _no_convergence("linalg.eigh")
    return values, vectors


def _no_convergence(name: str) -> LinAlgError:
    return LinAlgError(
        f"{name}: The algorithm failed to converge because the input matrix is ill-conditioned or has too "
        "many repeated eigenvalues."
    )


@operation("linalg.eigh", out=True)
def eigh(A: Tensor, UPLO: str = "L") -> ResultType:
    """The eigenvalues, in order, and eigenvectors (columns) of Hermitian matrices.

    Args:
        A: ``(*batch, N, N)``, of which one triangle is read.
        UPLO: Which: "L" or "U".

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: the algorithm did not converge.
    """
    judged("linalg.eigh", A, UPLO)
    return Eigh(record_all([*map(in_rows, _eigh(A, UPLO))], (A,), eigh_backward, keep_results=True))


@operation("linalg.eigvalsh", out="same dtype")
def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of Hermitian matrices, in order; see `eigh`."""
    judged("linalg.eigvalsh", A, UPLO)
    return record_all([*map(in_rows, _eigh(A, UPLO))], (A,), eigh_backward, keep_results=True)[0]


def eig_backward(node: Any, to_values: Tensor, to_vectors: Tensor) -> Tensor:
    """As for `eigh`, of vectors that are of length 1 but not orthogonal."""
    values, vectors = node.saved
    turned_back = adjoint(vectors)
    inner = _on_diagonal(to_values)
    if to_vectors._array.any() or to_vectors.requires_grad:
        turned = matmul(turned_back, to_vectors)
        _check_phase("linalg_eig_backward", turned)
        lengths = _diagonal(turned).real.to(turned.dtype)
        turned = turned - matmul(turned_back, vectors) * lengths.unsqueeze(-2)
        inner = inner + _off_diagonal(turned) / _differences(values).conj_physical()
    return solved(turned_back, matmul(inner, turned_back), False)


def _eig(A: Tensor) -> tuple[Array, Array]:
    check_matrix_dtype("linalg.eig", A)
    array = A._array
    kind = A.dtype.to_complex().numpy
    if not np.isfinite(array).all():
        raise RuntimeError("torch.linalg.eig: input tensor should not contain infs or NaNs.")
    if not array.size:
        return np.zeros(array.shape[:-1], kind), np.zeros(array.shape, kind)
    try:
        values, vectors = np.linalg.eig(array)
    except np.linalg.LinAlgError:
        raise _no_convergence("linalg.eig") from None
    return values.astype(kind, copy=False), vectors.astype(kind, copy=False)


@operation("linalg.eig", out=True)
def eig(A: Tensor) -> ResultType:
    """The eigenvalues and eigenvectors (columns of length 1) of square matrices, complex.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        RuntimeError: an element is not finite.
    """
    judged("linalg.eig", A)
    return Eig(record_all([*map(in_rows, _eig(A))], (A,), eig_backward, keep_results=True))


@operation("linalg.eigvals", out=True)
def eigvals(A: Tensor) -> Tensor:
    """The eigenvalues of square matrices, complex; see `eig`."""
    judged("linalg.eigvals", A)
    return record_all([*map(in_rows, _eig(A))], (A,), eig_backward, keep_results=True)[0]


# -- singular values ----------------------------------------------------------------------------------


def svd_backward(node: Any, to_u: Tensor, to_s: Tensor, to_v: Tensor) -> Tensor:
    """``U @ ((skew(U^H gU) / E) S + S (skew(V^H gV) / E) + diag(gS)) @ V^H``, and what of gU and gV is
    orthogonal to U and V; ``E[i, j] = S[j]^2 - S[i]^2``."""
    u, s, vh = node.saved
    count = s._array.shape[-1]
    if node.full:  # the vectors beyond the singular values count nothing
        u, to_u = u.narrow(-1, 0, count), to_u.narrow(-1, 0, count)
        vh, to_v = vh.narrow(-2, 0, count), to_v.narrow(-2, 0, count)
    v = adjoint(vh)
    middle = _on_diagonal(to_s).to(u.dtype)
    only_values = not (to_u._array.any() or to_v._array.any())
    if only_values and not (to_u.requires_grad or to_v.requires_grad):
        return matmul(matmul(u, middle), vh)
    left = _skew(matmul(adjoint(u), to_u))
    right = _skew(matmul(adjoint(v), adjoint(to_v)))
    if u.dtype.is_complex:
        _check_phase("svd_backward", (left + right) * 0.5)
    gaps = _differences(s * s)
    row = s.unsqueeze(-2)
    inner = _off_diagonal(left) / gaps * row + s.unsqueeze(-1) * (_off_diagonal(right) / gaps)
    if u.dtype.is_complex:
        inner = inner + _on_diagonal(_diagonal(left) / (s * 2))
    whole = matmul(matmul(u, inner + middle), vh)
    rows, columns = u._array.shape[-2], v._array.shape[-2]
    if rows > count:
        rest = to_u / row
        rest = rest - matmul(u, matmul(adjoint(u), rest))
        whole = whole + matmul(rest, vh)
    if columns > count:
        rest = to_v / s.unsqueeze(-1)
        rest = rest - matmul(matmul(rest, v), vh)
        whole = whole + matmul(u, rest)
    return whole


def _skew(tensor: Tensor) -> Tensor:
    return tensor - adjoint(tensor)


def svd_arrays(array: Array, full: bool) -> tuple[Array, Array, Array]:
    """``U``, ``S`` and ``V^H`` of matrices.

    Raises:
        LinAlgError: an element is not finite, or the algorithm did not converge.
    """
    if not array.size:
        return empty_svd(array, full)
    try:
        u, s, vh = np.linalg.svd(array, full_matrices=full)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.svd: The algorithm failed to converge because the input matrix contained non-finite values."
        ) from None
    return u, s, vh


def empty_svd(array: Array, full: bool) -> tuple[Array, Array, Array]:
    """The factors of matrices without elements."""
    rows, columns = array.shape[-2:]
    batch, kind = array.shape[:-2], array.dtype
    count = min(rows, columns)
    u = np.zeros((*batch, rows, rows if full else count), kind)
    vh = np.zeros((*batch, columns if full else count, columns), kind)
    u[...], vh[...] = np.eye(*u.shape[-2:]), np.eye(*vh.shape[-2:])
    return u, np.zeros((*batch, count), array.real.dtype), vh


def _svd(name: str, A: Tensor, full: bool) -> list[Tensor]:
    check_matrix_dtype(name, A)
    arrays = [*map(in_rows, svd_arrays(A._array, full))]
    return record_all(arrays, (A,), svd_backward, keep_results=True, full=full)


@operation("linalg.svd", out=True)
def linalg_svd(A: Tensor, full_matrices: bool = True, *, driver: str | None = None) -> ResultType:
    """The factors of ``A = U @ diag(S) @ Vh``, the singular values from the largest to the smallest.

    Args:
        A: ``(*batch, M, N)``.
        full_matrices: Whether U and Vh are square.
        driver: Only for other devices than the CPU.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
        LinAlgError: an element is not finite.
    """
    judged("linalg.svd", A, bool(full_matrices))
    _check_driver("linalg.svd", driver)
    return Svd(_svd("linalg.svd", A, bool(full_matrices)))


def _check_driver(name: str, driver: str | None) -> None:
    if driver is not None:
        raise RuntimeError(
            f"torch.{name}: keyword argument `driver=` is only supported on CUDA inputs"
        )


@operation("linalg.svdvals", out="same dtype")
def svdvals(A: Tensor, *, driver: str | None = None) -> Tensor:
    """The singular values of matrices, from the largest to the smallest; see `linalg.svd`."""
    judged("linalg.svdvals", A)
    _check_driver("linalg.svdvals", driver)
    return _svd("linalg.svdvals", A, False)[1]


@operation(methods=("svd",), out=True)
def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> ResultType:
    """``U``, ``S`` and ``V`` with ``input = U @ diag(S) @ V^H``; without `compute_uv`, U and V are zeros."""
    judged("svd", input, some, compute_uv)
    if compute_uv:
        u, s, vh = _svd("linalg.svd", input, not some)
        return OldSvd((u, s, adjoint(vh)))
    batch, (rows, columns) = input._array.shape[:-2], input._array.shape[-2:]
    kind = input._array.dtype
    s = _svd("linalg.svd", input, False)[1]
    u = wrap(np.zeros((*batch, rows, rows), kind))
    return OldSvd((u, s, wrap(np.zeros((*batch, columns, columns), kind))))
