"""Parts of decompositions: approximate singular values, extreme eigenvalues, products with reflections."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.dtypes import DEFAULTS, FLOATING
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import lower_part
from shapetorch.tensor.matrices import check_matrix_dtype
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.linear_factors import linalg_qr
from shapetorch.tensor.ops.linear_spectra import eigh, linalg_svd
from shapetorch.tensor.ops.products import adjoint, matmul
from shapetorch.tensor.ops.random import randn
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.tensors import Tensor, wrap

# -- singular values ----------------------------------------------------------------------------------


def _approximate(
    input: Tensor, rank: int, rounds: int, mean: Tensor | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Singular vectors and values of ``input - mean`` within the range of its products with random vectors.

    Source: Halko, Martinsson, Tropp 2009, algorithms 4.4 and 5.1.
    """
    rows, columns = input.shape[-2:]
    if rows < columns:
        turned = None if mean is None else adjoint(mean)
        left, values, right = _approximate(adjoint(input), rank, rounds, turned)
        return right, values, left
    kind = input.dtype if input.dtype.category >= FLOATING else DEFAULTS[FLOATING]

    def times(vectors: Tensor) -> Tensor:
        made = matmul(input, vectors)
        return made if mean is None else made - matmul(mean, vectors)

    def turned_times(vectors: Tensor) -> Tensor:
        made = matmul(adjoint(input), vectors)
        return made if mean is None else made - matmul(adjoint(mean), vectors)

    basis = linalg_qr(times(randn(columns, rank, dtype=kind)))[0]
    for _ in range(rounds):
        basis = linalg_qr(times(linalg_qr(turned_times(basis))[0]))[0]
    left, values, right = linalg_svd(adjoint(turned_times(basis)), False)
    return matmul(basis, left), values, adjoint(right)


@operation()
def svd_lowrank(
    A: Tensor, q: int | None = 6, niter: int | None = 2, M: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """The `q` largest singular values of ``A - M`` and their vectors, approximately: ``(U, S, V)``.

    Args:
        A: ``(*, m, n)``.
        q: How many; somewhat more than are wanted.
        niter: How often the guess is improved.
        M: What is subtracted, without computing the difference.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, expand_error_incompatible.
    """
    tensor_argument("svd_lowrank", "A", A)
    judged("svd_lowrank", A, q, niter, M)
    mean = None if M is None else M.broadcast_to(tuple(A.shape))
    return _approximate(A, 6 if q is None else q, 2 if niter is None else niter, mean)


@operation()
def pca_lowrank(
    A: Tensor, q: int | None = None, center: bool = True, niter: int = 2
) -> tuple[Tensor, Tensor, Tensor]:
    """The principal components of the rows of matrices, approximately: ``(U, S, V)``.

    Args:
        A: ``(*, m, n)``, m points.
        q: How many; the least of 6, m and n if None.
        center: Whether the mean of the points is subtracted first.
        niter: How often the guess is improved.

    Raises:
        ValueError: `q` or `niter` is negative, or `q` is larger than both sizes allow.
    """
    tensor_argument("pca_lowrank", "A", A)
    judged("pca_lowrank", A, q, center, niter)
    least = min(A.shape[-2:])
    if q is not None and not 0 <= q <= least:
        raise ValueError(f"pca_lowrank: q must be in 0..{least}, got {q}")
    if niter < 0:
        raise ValueError(f"pca_lowrank: niter must not be negative, got {niter}")
    rank = min(6, least) if q is None else q
    return _approximate(A - A.mean(-2, keepdim=True) if center else A, rank, niter, None)


# -- eigenvalues --------------------------------------------------------------------------------------


@operation()
def lobpcg(
    A: Tensor,
    k: int | None = None,
    B: Tensor | None = None,
    X: Tensor | None = None,
    n: int | None = None,
    iK: Tensor | None = None,
    niter: int | None = None,
    tol: float | None = None,
    largest: bool | None = None,
    method: str | None = None,
    tracker: Any = None,
    ortho_iparams: dict[str, int] | None = None,
    ortho_fparams: dict[str, float] | None = None,
    ortho_bparams: dict[str, bool] | None = None,
) -> tuple[Tensor, Tensor]:
    """The `k` largest (or smallest) eigenvalues of symmetric matrices, and their vectors.

    They are computed exactly, with all others; what steers an iteration (`X` but for its columns, `n`,
    `iK`, `niter`, `tol`, `method`, `tracker` and the rest) has no influence.

    Args:
        A: ``(*, m, m)``.
        k: How many; as many as `X` has columns, or 1.
        B: Positive-definite, ``(*, m, m)``: the problem is ``A x = e B x``.
        X: First guesses, ``(*, m, n)``.
        n: See above, as the rest.
        iK: See above.
        niter: See above.
        tol: See above.
        largest: Whether the largest are wanted, the default.
        method: See above.
        tracker: See above.
        ortho_iparams: See above.
        ortho_fparams: See above.
        ortho_bparams: See above.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        ValueError: the matrices have fewer than ``3 * k`` rows.
    """
    tensor_argument("lobpcg", "A", A)
    judged("lobpcg", A, k, B, X)
    check_matrix_dtype("lobpcg", A)
    if A.is_complex():
        raise RuntimeError(f"lobpcg: expected real matrices, got {A.dtype}")
    rows = A.shape[-1]
    count = k if k is not None else 1 if X is None else X.shape[-1]
    if count == 0:
        raise ZeroDivisionError("lobpcg: k must not be 0")
    if rows < 3 * count:
        raise ValueError(
            f"LOBPCG algorithm is not applicable when the number of A rows (={rows}) is smaller than 3 x "
            f"the number of requested eigenpairs (={count})"
        )
    factor = None if B is None else OPERATIONS["linalg.cholesky"].function(B)
    values, vectors = eigh(A if factor is None else _between(A, factor))
    if largest is None or largest:
        values, vectors = values.flip(-1), vectors.flip(-1)
    values, vectors = values.narrow(-1, 0, count), vectors.narrow(-1, 0, count)
    if factor is not None:
        solve = OPERATIONS["linalg.solve_triangular"].function
        vectors = solve(adjoint(factor), vectors, upper=True)
    return values, vectors


def _between(input: Tensor, factor: Tensor) -> Tensor:
    """``L^-1 A L^-H``, whose eigenvalues are those of ``A x = e L L^H x``."""
    solve = OPERATIONS["linalg.solve_triangular"].function
    half = solve(factor, input, upper=False)
    return adjoint(solve(factor, adjoint(half), upper=False))


# -- reflections --------------------------------------------------------------------------------------


@operation(methods=("ormqr",), out=True)
def ormqr(
    input: Tensor, tau: Tensor, other: Tensor, left: bool = True, transpose: bool = False
) -> Tensor:
    """``Q @ other`` or ``other @ Q``, Q being a product of reflections as `geqrf` gives it.

    Args:
        input: ``(*, m, n)``; below the diagonal the vectors of the reflections.
        tau: Their factors, ``(*, min(m, n))``.
        other: ``(*, m, p)``, or ``(*, p, m)`` from the right.
        left: From which side.
        transpose: Whether Q is transposed (and conjugated) first.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_size_mismatch.
        RuntimeError: the dtypes differ.
    """
    for place, (name, item) in enumerate((("input", input), ("tau", tau), ("other", other))):
        tensor_argument("ormqr", name, item, place + 1)
    judged("ormqr", input, tau, other, left)
    check_matrix_dtype("ormqr", input, tau, other)
    if not left:  # X Q = (Q^H X^H)^H
        return adjoint(_reflected(input, tau, adjoint(other), not transpose))
    return _reflected(input, tau, other, transpose)


def _reflected(input: Tensor, tau: Tensor, other: Tensor, turned: bool) -> Tensor:
    rows, columns = input._array.shape[-2:]
    vectors = lower_part(input, -1) + wrap(np.eye(rows, columns, dtype=input._array.dtype))
    factors = conjugate(tau) if turned else tau
    places = range(tau._array.shape[-1])
    if not places:
        return other.clone()  # type: ignore[no-any-return]
    for place in places if turned else reversed(places):
        v = vectors.narrow(-1, place, 1)
        factor = factors.narrow(-1, place, 1).unsqueeze(-1)
        other = other - factor * matmul(v, matmul(adjoint(v), other))
    return other
