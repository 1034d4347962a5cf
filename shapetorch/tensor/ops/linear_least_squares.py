"""What singular values tell: pseudo-inverse, rank, condition and least squares."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import FLOATING, NARROW
from shapetorch.tensor.judging import judged
from shapetorch.tensor.matrices import check_matrix_dtype
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.linear_solving import is_vector
from shapetorch.tensor.ops.linear_spectra import empty_svd, svd_arrays, svdvals
from shapetorch.tensor.ops.products import adjoint, matmul
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.signatures import is_real, type_name
from shapetorch.tensor.tape import record_all
from shapetorch.tensor.tensors import Array, Tensor, in_rows, wrap

# -- pseudo-inverses ----------------------------------------------------------------------------------


def pinv_gradient(grad: Tensor, inverse: Tensor, A: Tensor) -> Tensor:
    """The gradient of a pseudo-inverse (Golub and Pereyra), of matrices of constant rank."""
    turned, inverse_turned = adjoint(grad), adjoint(inverse)
    if A._array.shape[-2] <= A._array.shape[-1]:
        k = matmul(turned, inverse)
        k_inverse = matmul(k, inverse_turned)
        return (
            -adjoint(matmul(inverse, k))
            + k_inverse
            - matmul(matmul(A, inverse), k_inverse)
            + matmul(matmul(inverse_turned, inverse), turned - matmul(k, A))
        )
    k = matmul(inverse, turned)
    inverse_k = matmul(inverse_turned, k)
    return (
        -adjoint(matmul(k, inverse))
        + matmul(matmul(turned - matmul(A, k), inverse), inverse_turned)
        + inverse_k
        - matmul(matmul(inverse_k, inverse), A)
    )


def pinv_backward(node: Any, grad: Tensor, *_: Any) -> tuple[Tensor, ...]:
    """See `pinv_gradient`."""
    inverse, A = node.saved
    return (pinv_gradient(grad, inverse, A),)


def _tolerance(
    A: Tensor, largest: Array, atol: Any, rtol: Any, rcond_default: float | None = None
) -> Array:
    """Below which singular values count as zero: ``max(atol, rtol * largest)``."""
    rows, columns = A._array.shape[-2:]
    real = largest.dtype
    absolute = np.asarray(0.0 if atol is None else _value(atol), real)
    if rtol is None:
        relative = max(rows, columns) * np.finfo(real).eps
        relative_array = np.where(absolute > 0, 0.0, relative)
    else:
        relative_array = np.asarray(_value(rtol), real)
    try:
        cut = np.maximum(absolute[..., None], relative_array[..., None] * largest)
    except ValueError:
        raise RuntimeError(
            f"tolerances must broadcast with the batch: got {list(absolute.shape)} and "
            f"{list(relative_array.shape)} for {list(A._array.shape)}"
        ) from None
    return cut.astype(real)  # type: ignore[no-any-return]


def _value(value: Any) -> Any:
    return value._array if isinstance(value, Tensor) else value


def _pinv(A: Tensor, atol: Any, rtol: Any, hermitian: bool) -> Tensor:
    array = A._array
    if not array.size:
        shape = (*array.shape[:-2], array.shape[-1], array.shape[-2])
        result = np.zeros(shape, array.dtype)
    elif hermitian:
        values, vectors = np.linalg.eigh(array)
        sizes = np.abs(values)
        cut = _tolerance(A, sizes.max(axis=-1, keepdims=True), atol, rtol)
        inverse = np.divide(1, values, out=np.zeros_like(values), where=sizes > cut)
        result = (vectors * inverse[..., None, :]) @ np.swapaxes(vectors, -2, -1).conj()
    else:
        u, s, vh = svd_arrays(array, False)
        cut = _tolerance(A, s[..., :1], atol, rtol)
        inverse = np.divide(1, s, out=np.zeros_like(s), where=s > cut)
        result = (np.swapaxes(vh, -2, -1).conj() * inverse[..., None, :]) @ np.swapaxes(
            u, -2, -1
        ).conj()
    made = record_all(
        (in_rows(result.astype(array.dtype, copy=False)),),
        (A,),
        pinv_backward,
        (A,),
        keep_results=True,
    )
    return made[0]


def _check_tolerances(name: str, **given: Any) -> None:
    for argument, value in given.items():
        if value is not None and not isinstance(value, Tensor) and not is_real(value):
            raise TypeError(
                f"{name}(): argument '{argument}' must be Tensor or float, not {type_name(value)}"
            )


def _check_pinv(A: Tensor) -> None:
    if A.dtype.category < FLOATING or A._array.dtype in NARROW:
        raise RuntimeError(
            f"linalg.pinv({A.dtype}{{{list(A._array.shape)}}}): expected a tensor with 2 or more dimensions of "
            "float, double, cfloat or cdouble types"
        )


@operation("linalg.pinv", out=True)
def pinv(
    A: Tensor,
    rcond: Any = None,
    hermitian: bool = False,
    *,
    atol: Any = None,
    rtol: Any = None,
) -> Tensor:
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
    _check_pinv(A)
    _check_tolerances("linalg.pinv", rcond=rcond, atol=atol, rtol=rtol)
    judged("linalg.pinv", A, hermitian=hermitian)
    return _pinv(A, atol, rcond if rtol is None else rtol, hermitian)


@operation(methods=("pinverse",))
def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """The pseudo-inverses of matrices; see `linalg.pinv`."""
    _check_pinv(input)
    judged("pinverse", input, rcond)
    return _pinv(input, 0.0, rcond, False)


@operation("linalg.matrix_rank", out=True)
def matrix_rank(
    A: Tensor, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None
) -> Tensor:
    """The ranks of matrices: how many singular values are larger than ``max(atol, rtol * largest)``.

    See `pinv` for the arguments; `tol` is an absolute one.
    """
    _check_tolerances("linalg.matrix_rank", tol=tol, atol=atol, rtol=rtol)
    judged("linalg.matrix_rank", A, hermitian=hermitian)
    check_matrix_dtype("linalg.matrix_rank", A)
    array = A._array
    if not array.size:
        return wrap(np.zeros(array.shape[:-2], np.int64))
    if hermitian:
        s = np.sort(np.abs(np.linalg.eigvalsh(array)), axis=-1)[..., ::-1]
    else:
        s = svd_arrays(array, False)[1]
    if tol is not None:
        atol, rtol = tol, 0.0
    cut = _tolerance(A, s[..., :1], atol, rtol)
    return wrap(np.asarray(np.add.reduce(s > cut, axis=-1, dtype=np.int64), order="C"))


@operation("linalg.cond", out=True)
def cond(A: Tensor, p: Any = None) -> Tensor:
    """The condition numbers of matrices: ``norm(A) * norm(inv(A))``; infinity if there is no inverse.

    Args:
        A: ``(*batch, N, N)``; any matrices for the orders None, 2 and -2.
        p: An order of `linalg.matrix_norm`; 2 if None.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """
    judged("linalg.cond", A, p)
    check_matrix_dtype("linalg.cond", A)
    if p is None or p in (2, -2):
        values = svdvals(A)
        first, last = values.select(-1, 0), values.select(-1, -1)
        return last / first if p == -2 else first / last  # type: ignore[no-any-return]
    if isinstance(p, str) and p not in ("fro", "nuc"):
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p}")
    inverse, info = OPERATIONS["linalg.inv_ex"].function(A)
    norm = OPERATIONS["linalg.matrix_norm"].function
    result = norm(A, p) * norm(inverse, p)
    bad = (info._array != 0) | np.isnan(result._array)
    return result.masked_fill(wrap(bad), float("inf")) if bad.any() else result  # type: ignore[no-any-return]


# -- least squares ------------------------------------------------------------------------------------

Lstsq = result_type("linalg_lstsq", "solution", "residuals", "rank", "singular_values")
DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


def lstsq_backward(
    node: Any, grad: Tensor, to_residuals: Tensor, *_: Any
) -> tuple[Tensor | None, Tensor | None]:
    """Of ``pinv(A) @ B``, and of the sums of squares of ``A @ X - B``."""
    solution, _, A, B = node.saved
    inverse = _pinv(A, None, None, False)
    as_vector = is_vector(A, B)
    if as_vector:
        grad, B, solution = grad.unsqueeze(-1), B.unsqueeze(-1), solution.unsqueeze(-1)
    to_a = pinv_gradient(matmul(grad, adjoint(B)), inverse, A) if node.needs[0] else None
    to_b = matmul(adjoint(inverse), grad)
    if to_residuals._array.size:
        left = (matmul(A, solution) - B) * to_residuals.unsqueeze(-2) * 2
        to_b = to_b - left
        if to_a is not None:
            to_a = to_a + matmul(left, adjoint(solution))
    return to_a, to_b.squeeze(-1) if as_vector else to_b


@operation("linalg.lstsq", out=True)
def lstsq(
    A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None
) -> ResultType:
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
    shape = judged("linalg.lstsq", A, B, rcond, driver=driver)[0]
    driver = driver or "gelsy"
    if driver not in DRIVERS:
        raise RuntimeError(
            "torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)"
        )
    check_matrix_dtype("torch.linalg.lstsq", A, B)
    a, b = A._array, B._array
    rows, columns = a.shape[-2:]
    as_vector = is_vector(A, B)
    right = b[..., None] if as_vector else b
    if a.size:
        u, s, vh = svd_arrays(a, False)
        cut = _tolerance(A, s[..., :1], None, rcond)
        keep = np.ones(s.shape, np.bool_) if driver == "gels" else s > cut
    else:
        u, s, vh = empty_svd(a, False)
        keep = np.zeros(s.shape, np.bool_)
    inverse = np.divide(1, s, out=np.zeros_like(s), where=keep)
    solution = np.swapaxes(vh, -2, -1).conj() @ (
        inverse[..., None] * (np.swapaxes(u, -2, -1).conj() @ right)
    )
    rank = np.add.reduce(keep, axis=-1, dtype=np.int64)
    kind = a.real.dtype
    residuals = np.empty((0,), kind)
    if rows > columns and driver != "gelsy" and (rank == columns).all():
        left = a @ solution - right if a.size or driver != "gels" else np.zeros_like(right)
        residuals = np.add.reduce(left.real**2 + left.imag**2, axis=-2).astype(kind)
    solution = (solution[..., 0] if as_vector else solution).astype(a.dtype, copy=False)
    # PyTorch counts the rows of a B of lower rank as a batch
    solution = np.broadcast_to(solution, shape)
    results = (np.ascontiguousarray(solution), in_rows(np.asarray(residuals)))
    made = record_all(results, (A, B), lstsq_backward, (A, B), keep_results=True)
    return Lstsq(
        (
            *made,
            wrap(np.asarray(rank) if driver != "gels" else np.empty((0,), np.int64)),
            wrap(s if driver in ("gelsd", "gelss") else np.empty((0,), kind)),
        )
    )
