"""Linear algebra over batches of matrices: ``(*batch, M, N)``, or ``(*batch, N, N)`` where it must be square.

Solvers are in `solving`; the products are in `products`. A result that PyTorch leaves empty because it
was not asked for has the shape ``(0,)``, as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from shapetorch.dim import Shape, Size, check_equal, minimum, product, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axes, axis
from shapetorch.rules.reductions import require_norm
from shapetorch.rules.registry import Dims, IfKnown, rule

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
def vector_norm_shape(x: Shape, ord: IfKnown = 2, dim: Dims = None, keepdim: bool = False) -> Shape:
    """Shape without the dims of the vectors, all of them by default; see `require_norm`."""
    result = _without("vector_norm", x, dim, keepdim)
    require_norm("vector_norm", x, ord, dim)
    return result


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
