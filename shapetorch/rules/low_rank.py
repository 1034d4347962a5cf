"""Parts of decompositions: the largest singular values, the extreme eigenvalues, products with reflections."""

from __future__ import annotations

from shapetorch.dim import Shape, Size, check_equal, minimum, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.decompositions import OldSvd
from shapetorch.rules.linalg import require_matrix, require_not_scalar, require_square
from shapetorch.rules.matching import require_expandable
from shapetorch.rules.registry import Result, rule


@rule("svd_lowrank", functions=("svd_lowrank",), dtype=("same", "same", "same"))
def svd_lowrank_shape(
    A: Shape, q: Size | None = 6, niter: object = 2, M: Shape | None = None
) -> OldSvd:
    """Shapes of ``U (M, K)``, ``S (K,)``, ``V (N, K)`` for ``(M, N)``, ``K = min(q, M, N)``.

    Args:
        A: ``(*batch, M, N)``.
        q: The rank that is looked for.
        niter: Does not bear on the shape.
        M: What is subtracted; expands to the shape of `A`.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, expand_error_incompatible.
    """
    require_matrix("svd_lowrank", A)
    if M is not None:
        require_expandable(M, A, lambda: _mean_error(M, A))
    return _largest(A, 6 if q is None else q)


def _mean_error(mean: Shape, input: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.expand_error_incompatible,
        (mean, input),
        f"svd_lowrank: M must expand to the shape of A, got {render_shape(mean)} for {render_shape(input)}",
    )


def _largest(input: Shape, q: Size) -> OldSvd:
    batch, (m, n) = input[:-2], input[-2:]
    k = minimum(q, minimum(m, n))
    return OldSvd((*batch, m, k), (*batch, k), (*batch, n, k))


@rule("pca_lowrank", functions=("pca_lowrank",), dtype=("same", "same", "same"))
def pca_lowrank_shape(
    A: Shape, q: Size | None = None, center: object = True, niter: object = 2
) -> OldSvd:
    """Shapes of ``U (M, q)``, ``S (q,)``, ``V (N, q)`` for ``(M, N)``; `q` is at most 6 if it is not given."""
    require_matrix("pca_lowrank", A)
    return _largest(A, 6 if q is None else q)


@rule("lobpcg", functions=("lobpcg",), dtype=("same", "same"))
def lobpcg_shape(
    A: Shape,
    k: Size | None = None,
    B: Shape | None = None,
    X: Shape | None = None,
    n: Size | None = None,
    iK: object = None,
    niter: object = None,
    tol: object = None,
    largest: object = None,
    method: object = None,
    tracker: object = None,
    ortho_iparams: object = None,
    ortho_fparams: object = None,
    ortho_bparams: object = None,
) -> Result:
    """Shapes ``(*batch, k)`` and ``(*batch, N, k)`` of eigenvalues and eigenvectors.

    Args:
        A: ``(*batch, N, N)``.
        k: How many; as many as `X` has columns, or 1.
        B: ``(*batch, N, N)``.
        X: ``(*batch, N, n)``.
        n: How many columns `X` would have.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """
    require_square("lobpcg", A)
    if k is None:
        k = X[-1] if X else 1
    return ((*A[:-2], k), (*A[:-1], k))


@rule("ormqr", functions=("ormqr",), methods=("ormqr",), dtype="same")
def ormqr_shape(
    input: Shape, tau: Shape, other: Shape, left: bool = True, transpose: object = False
) -> Shape:
    """Shape of `other`, which is multiplied by a product of reflections.

    Args:
        input: ``(*batch, M, N)``; the reflections.
        tau: ``(*batch, min(M, N))``.
        other: ``(*batch, M, P)``, or ``(*batch, P, M)`` from the right.
        left: From which side.
        transpose: Does not bear on the shape.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_size_mismatch.
    """
    require_matrix("ormqr", input)
    require_matrix("ormqr", other)

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.linalg_error_size_mismatch,
            (input[-2], tau, other),
            "ormqr: rows of input, factors and sizes of other must belong together, "
            f"got {render_shape(input)}, {render_shape(tau)} and {render_shape(other)}",
        )

    rows = other[-2] if left else other[-1]
    check_equal(rows, input[-2], error)
    require_not_scalar("ormqr", tau)
    check_equal(tau[-1], minimum(rows, input[-1]), error)
    if len(tau) != len(input) - 1 or len(other) != len(input):
        raise error()
    for own, first, second in zip(input[:-2], tau[:-1], other[:-2], strict=True):
        check_equal(own, first, error)
        check_equal(own, second, error)
    return other
