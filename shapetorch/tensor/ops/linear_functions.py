"""Determinants, traces, powers and exponentials of matrices, and products of several."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.dtypes import DTYPES, FLOATING, NARROW
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import diagonal_part
from shapetorch.tensor.matrices import check_matrix_dtype
from shapetorch.tensor.matrix_arrays import check_product_dtypes
from shapetorch.tensor.memory_order import rows_of
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.linear_spectra import linalg_svd
from shapetorch.tensor.ops.products import adjoint, matmul
from shapetorch.tensor.ops.reductions import others_product
from shapetorch.tensor.reducing import constant
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.tape import record, record_all, record_rows
from shapetorch.tensor.tensors import Tensor, wrap

# -- determinants -------------------------------------------------------------------------------------


def _per_matrix(values: Tensor) -> Tensor:
    """Numbers of a batch as matrices of size 1."""
    return values.unsqueeze(-1).unsqueeze(-1)  # type: ignore[no-any-return]


def det_backward(node: Any, grad: Tensor) -> Tensor:
    """``g * det * A^-H``; of a singular matrix, by its singular values."""
    A, result = node.saved
    inverse, info = OPERATIONS["linalg.inv_ex"].function(A)
    if not info._array.any():
        return _per_matrix(grad * conjugate(result)) * adjoint(inverse)
    u, s, vh = linalg_svd(A)
    phase = det(u) * det(vh)
    others = others_product(s, s._array.ndim - 1)
    scaled = (grad * conjugate(phase)).unsqueeze(-1) * others
    return matmul(u * scaled.unsqueeze(-2), vh)


def _det(name: str, A: Tensor) -> Tensor:
    check_matrix_dtype(name, A)
    result = np.asarray(MODES.quiet(np.linalg.det, A._array)).astype(A._array.dtype, copy=False)
    return record_rows(result, (A,), det_backward, (A, RESULT))


@operation(methods=("det",))
def det(A: Tensor) -> Tensor:
    """The determinants of square matrices.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """
    judged("linalg.det", A)
    return _det("linalg.det", A)


linalg_det = operation("linalg.det", out="same dtype")(det)


def slogdet_backward(node: Any, to_sign: Tensor, to_log: Tensor) -> Tensor:
    """``g * A^-H``; the phase of a complex determinant adds its share."""
    sign, _, A = node.saved
    grad = to_log
    if A.dtype.is_complex:
        turned = (conjugate(to_sign) * sign).imag
        grad = OPERATIONS["complex"].function(to_log, turned * -1)
    inverse, _ = OPERATIONS["linalg.inv_ex"].function(A)
    return _per_matrix(grad) * adjoint(inverse)


SlogDet = result_type("linalg_slogdet", "sign", "logabsdet")
OldSlogDet = result_type("slogdet", "sign", "logabsdet")


def _slogdet(name: str, A: Tensor) -> list[Tensor]:
    check_matrix_dtype(name, A)
    sign, logarithm = MODES.quiet(np.linalg.slogdet, A._array)
    sign = np.where(np.isnan(logarithm), 0, sign)
    kind = A._array.dtype
    arrays = (np.asarray(sign, kind, "C"), np.asarray(logarithm, kind.type(0).real.dtype, "C"))
    return record_all(arrays, (A,), slogdet_backward, (A,), keep_results=True)


@operation("linalg.slogdet", out=True)
def linalg_slogdet(A: Tensor) -> ResultType:
    """The signs (complex: the phases) of the determinants and the logarithms of their absolute values.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """
    judged("linalg.slogdet", A)
    return SlogDet(_slogdet("linalg.slogdet", A))


@operation(methods=("slogdet",), out=True)
def slogdet(input: Tensor) -> ResultType:
    """See `linalg.slogdet`."""
    judged("slogdet", input)
    return OldSlogDet(_slogdet("linalg.slogdet", input))


@operation(methods=("logdet",))
def logdet(input: Tensor) -> Tensor:
    """The logarithms of the determinants of square matrices: NaN of a negative one."""
    judged("logdet", input)
    sign, logarithm = _slogdet("logdet", input)
    if input.dtype.is_complex:
        return sign.log() + logarithm  # type: ignore[no-any-return]
    negative = wrap(sign._array == -1)
    return logarithm.masked_fill(negative, float("nan"))  # type: ignore[no-any-return]


# -- traces -----------------------------------------------------------------------------


def trace_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient along the diagonal."""
    return diagonal_part(grad.expand(node.metas[0][0]))


@operation(methods=("trace",))
def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix."""
    judged("trace", input)
    array = input._array
    if array.dtype.kind == "b":
        raise NotImplementedError("\"trace\" not implemented for 'Bool'")
    wide = array.astype(np.float32) if array.dtype in NARROW else array
    kind = np.int64 if array.dtype.kind in "iu" else wide.dtype
    result = np.asarray(np.trace(wide, dtype=kind))
    result = result.astype(array.dtype) if array.dtype in NARROW else result
    return record(result, (input,), trace_backward)


# -- powers -------------------------------------------------------------------------------------------


@operation(
    "linalg.matrix_power", methods=("matrix_power",), out="same dtype", aliases=("matrix_power",)
)
def matrix_power(A: Tensor, n: int) -> Tensor:
    """The product of `n` times the same matrix, of its inverse for negative `n`.

    Args:
        A: ``(*batch, N, N)``.
        n: Any integer.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: `n` is negative and a matrix is singular.
    """
    judged("linalg.matrix_power", A, n)
    if isinstance(n, bool) or not isinstance(n, int):
        raise TypeError(
            f"linalg_matrix_power(): argument 'n' (position 2) must be int, not {type(n).__name__}"
        )
    if n == 0:
        unit = np.zeros(A._array.shape, A._array.dtype)
        unit[...] = np.eye(A._array.shape[-1])
        return constant(unit, (A,))
    if n < 0:
        A = OPERATIONS["linalg.inv"].function(A)
        n = -n
    if n == 1:
        return rows_of(A.clone())
    result: Tensor | None = None
    while n:
        if n & 1:
            result = A if result is None else matmul(result, A)
        n >>= 1
        if n:
            A = matmul(A, A)
    assert result is not None, "a positive number has a bit"
    return result


def matrix_exp_backward(node: Any, grad: Tensor) -> Tensor:
    """The upper right block of ``exp([[A^H, g], [0, A^H]])``."""
    (A,) = node.saved
    cat = OPERATIONS["cat"].function
    turned = adjoint(A)
    size = A._array.shape[-1]
    above = cat((turned, grad), -1)
    below = cat((wrap(np.zeros_like(turned._array)), turned), -1)
    whole = _matrix_exp(cat((above, below), -2))
    return whole.narrow(-2, 0, size).narrow(-1, size, size)  # type: ignore[no-any-return]


def _matrix_exp(A: Tensor) -> Tensor:
    import scipy.linalg

    array = A._array
    wide = array.astype(np.float32) if array.dtype in NARROW else array
    result = scipy.linalg.expm(wide) if wide.size else wide.copy()
    return record(result.astype(array.dtype, copy=False), (A,), matrix_exp_backward, (A,))


@operation("linalg.matrix_exp", methods=("matrix_exp",), aliases=("matrix_exp",))
def matrix_exp(A: Tensor) -> Tensor:
    """The exponentials of square matrices: ``sum over k of A^k / k!``."""
    judged("linalg.matrix_exp", A)
    if A.dtype.category < FLOATING:
        raise RuntimeError(
            f"linalg.matrix_exp: Expected a floating point or complex tensor as input. Got {A.dtype}"
        )
    return _matrix_exp(A)


@operation("linalg.vander")
def linalg_vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """The powers ``0 … N - 1`` of the numbers of vectors: ``(*batch, n, N)``."""
    tensor_argument("linalg.vander", "x", x)
    if x.dtype.category == 0 or x._array.dtype in NARROW:
        raise RuntimeError(
            f"linalg.vander supports floating point, complex, and integer tensors, but got {x.dtype}"
        )
    shape = judged("linalg.vander", x, N=N)
    return _powers(x if x._array.ndim else x.reshape(1), shape[-1])


def _powers(x: Tensor, count: int) -> Tensor:
    """``x^0 … x^(count - 1)`` along a new last dim; integers stay integers."""
    kind = DTYPES["int64"] if x.dtype.category < FLOATING else x.dtype
    ones = wrap(np.ones((*x._array.shape, min(count, 1)), kind.numpy))
    if count <= 1:
        return ones
    rest = x.unsqueeze(-1).expand(*x._array.shape, count - 1).cumprod(-1)
    return OPERATIONS["cat"].function((ones, rest), -1)  # type: ignore[no-any-return]


# -- several matrices ---------------------------------------------------------------------------------


def _chain(tensors: list[Tensor]) -> Tensor:
    """A product of matrices in the cheapest order."""
    sizes = (tensors[0]._array.shape[0], *(item._array.shape[1] for item in tensors))
    splits = _splits(sizes)

    def product(first: int, last: int) -> Tensor:
        if first == last:
            return tensors[first]
        middle = splits[first, last]
        return matmul(product(first, middle), product(middle + 1, last))

    return product(0, len(tensors) - 1)


@lru_cache(maxsize=256)
def _splits(sizes: tuple[int, ...]) -> dict[tuple[int, int], int]:
    """For each row of neighbours, behind which matrix the last of its products divides it."""
    count = len(sizes) - 1
    costs = {(place, place): 0 for place in range(count)}
    splits = {}
    for length in range(1, count):
        for first in range(count - length):
            last = first + length
            ends = sizes[first] * sizes[last + 1]
            costs[first, last], splits[first, last] = min(
                (costs[first, at] + costs[at + 1, last] + ends * sizes[at + 1], at)
                for at in range(first, last)
            )
    return splits


@operation("linalg.multi_dot", out="same dtype")
def multi_dot(tensors: Any) -> Tensor:
    """The product of two or more matrices, in the cheapest order; the first and the last may be vectors.

    Raises:
        ShapeError: argument_error_value, linalg_error_requires_2d,
            matmul_error_inner_dimensions_do_not_match.
    """
    shape = judged("linalg.multi_dot", tensors)
    check_product_dtypes("multi_dot", *tensors)
    matrices = list(tensors)
    if matrices[0]._array.ndim == 1:
        matrices[0] = matrices[0].unsqueeze(0)
    if matrices[-1]._array.ndim == 1:
        matrices[-1] = matrices[-1].unsqueeze(1)
    return _chain(matrices).reshape(shape)  # type: ignore[no-any-return]


@operation(out="same dtype")
def chain_matmul(*matrices: Any) -> Tensor:
    """The product of matrices, in the cheapest order."""
    given = (
        matrices[0] if len(matrices) == 1 and isinstance(matrices[0], (list, tuple)) else matrices
    )
    judged("chain_matmul", *given)
    if len(given) == 1:
        return given[0]  # type: ignore[no-any-return]
    check_product_dtypes("chain_matmul", *given)
    return _chain(list(given))


@operation("linalg.vecdot", out="same dtype")
def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """The products along a dim, the first factor conjugated: ``sum(conj(x) * y, dim)``."""
    for item in (x, y):
        if isinstance(item, Tensor) and item.dtype.category < FLOATING:
            raise RuntimeError(
                f"linalg.vecdot: Expected a floating point or complex tensor as input. Got {item.dtype}"
            )
    judged("linalg.vecdot", x, y, dim=dim)
    if x._array.ndim == y._array.ndim == 1:
        return OPERATIONS["vdot"].function(x, y)  # type: ignore[no-any-return]
    check_product_dtypes("linalg.vecdot", x, y)
    product = conjugate(x) * y
    return product.sum(dim, dtype=product.dtype)  # type: ignore[no-any-return]
