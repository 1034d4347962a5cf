"""Matrix and vector products."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.array_gradients import kept_arrays, on_arrays, refused
from shapetorch.tensor.histories import recording, records
from shapetorch.tensor.judging import judged
from shapetorch.tensor.matrix_arrays import check_product_dtypes, matrix_product, saved_factors
from shapetorch.tensor.modes import INFERENCE
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.quiet import quietly, run
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.tape import attach, attach_two, record_rows
from shapetorch.tensor.tensors import Array, Tensor, in_rows, wrap

_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_dot = np.dot


# -- gradients --------------------------------------------------------------------------------------


def matmul_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """``dA = dC @ B^H`` and ``dB = A^H @ dC``; a vector is a row on the left, a column on the right."""
    a, b = node.saved
    return product_gradients(grad, a, b, *node.metas[:2])


@on_arrays(matmul_backward)
def _matmul_backward(node: Any, grad: Array) -> tuple[Any, ...]:
    a, b = kept_arrays(node, grad.dtype)
    of_a, of_b = node.metas[0][0], node.metas[1][0]
    if len(of_a) == 2 and len(of_b) == 2:
        return None if b is None else _dot(grad, b.T), None if a is None else _dot(a.T, grad)
    if len(of_a) < 3 or of_a[:-2] != of_b[:-2] or not grad.size:
        raise refused()
    return (
        None if b is None else np.matmul(grad, b.swapaxes(-2, -1)),
        None if a is None else np.matmul(a.swapaxes(-2, -1), grad),
    )


def product_gradients(
    grad: Tensor, a: Tensor | None, b: Tensor | None, of_a: Any, of_b: Any
) -> tuple[Tensor | None, Tensor | None]:
    """The gradients of both factors of ``a @ b``; not of the one whose other factor is None.

    Args:
        grad: Of the product.
        a: The left factor, if the right one's gradient is wanted.
        b: The right factor, if the left one's gradient is wanted.
        of_a: Shape and dtype of the left factor.
        of_b: Shape and dtype of the right factor.
    """
    row, column = len(of_a[0]) == 1, len(of_b[0]) == 1
    if row and column:
        return (
            None if b is None else grad * conjugate(b),
            None if a is None else grad * conjugate(a),
        )
    if column:
        left = None if b is None else grad.unsqueeze(-1) * conjugate(b)
        right = None if a is None else _column_gradient(a, grad)
        return left, right
    if row:
        left = None if b is None else matmul(conjugate(b), grad.unsqueeze(-1)).squeeze(-1)
        right = None if a is None else conjugate(a).unsqueeze(-1) * grad.unsqueeze(-2)
        return left, right
    left = None if b is None else matmul(grad, adjoint(b))
    if a is None:
        return left, None
    if len(of_b[0]) == 2 and len(of_a[0]) > 2:  # one product of all rows, not a sum of products
        size = of_a[0][-1]
        return left, matmul(adjoint(_rows(a, size)), _rows(grad, of_b[0][1]))
    return left, matmul(adjoint(a), grad)


def _column_gradient(a: Tensor, grad: Tensor) -> Tensor:
    size = a._stored.shape[-1]
    return matmul(grad.reshape(-1), _rows(a, size).conj_physical())


def _rows(tensor: Tensor, size: int) -> Tensor:
    """All rows of a batch of matrices below each other."""
    if tensor._stored.ndim == 2:
        return tensor
    rows = 1
    for other in tensor._stored.shape[:-1]:
        rows *= other
    return tensor.reshape(rows, size)  # type: ignore[no-any-return]


def adjoint(tensor: Tensor) -> Tensor:
    """The conjugate transpose of matrices."""
    return conjugate(tensor.transpose(-2, -1))  # type: ignore[no-any-return]


# -- products of two --------------------------------------------------------------------------------


def at_once(a: Any, b: Any, rank: int) -> Tensor | None:
    """The product of two float tensors; None if they are something else.

    Args:
        a: The left factor.
        b: The right one.
        rank: Of both; 0 if it may be any from 2 on, the same for both, or a matrix and a vector.
    """
    if not isinstance(a, Tensor) or not isinstance(b, Tensor) or INFERENCE:
        return None
    left, right = a._array, b._array
    kind = left.dtype
    if (
        kind is not right.dtype
        or (kind is not _FLOAT32 and kind is not _FLOAT64)
        or not _is_of_rank(dims := left.ndim, right.ndim, rank)
    ):
        return None
    if dims == 2:
        if left.shape[1] != right.shape[0]:
            return None
        value = quietly(_dot, left, right)
    elif dims == 1:
        if left.shape != right.shape:
            return None
        value = np.asarray(quietly(_dot, left, right), kind)
    else:
        if left.shape[:-2] != right.shape[:-2] or left.shape[-1] != right.shape[-2]:
            return None
        value = in_rows(quietly(np.matmul, left, right))
    made = wrap(value)
    return made if a._meta is None and b._meta is None else _recorded(made, a, b)


def _is_of_rank(left: int, right: int, rank: int) -> bool:
    if rank:
        return left == rank and right == rank
    return left > 1 and (left == right or (left == 2 and right == 1))


def _recorded(made: Tensor, a: Tensor, b: Tensor) -> Tensor:
    if records(a, b):
        attach_two(made, a, b, matmul_backward, saved_factors(a, b))
    return made


def _product(rule: str, a: Tensor, b: Tensor) -> Tensor:
    check_product_dtypes(rule, a, b)
    return record_rows(
        matrix_product(a._array, b._array), (a, b), matmul_backward, saved_factors(a, b)
    )


@operation(methods=("matmul",), out="same dtype", aliases=("linalg.matmul",))
def matmul(input: Tensor, other: Tensor) -> Tensor:
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
    made = at_once(input, other, 0)
    if made is not None:
        return made
    judged("matmul", input, other)
    return _product("matmul", input, other)


@method("__matmul__")
def matmul_operator(self: Tensor, other: Any) -> Any:
    """``self @ other``, see `matmul`."""
    if isinstance(other, Tensor) and not INFERENCE:
        left, right = self._array, other._array
        kind = left.dtype
        if (
            kind is right.dtype
            and (kind is _FLOAT32 or kind is _FLOAT64)
            and left.ndim == 2
            and right.ndim == 2
        ):
            try:
                made = wrap(run(_dot, left, right))
            except (RuntimeError, ValueError, MemoryError):
                pass  # sizes that do not fit, or are too large, are told below
            else:
                if self._meta is None and other._meta is None:
                    return made
                return _recorded(made, self, other)
    return matmul(self, other) if isinstance(other, Tensor) else NotImplemented


@method("__rmatmul__")
def reflected_matmul(self: Tensor, other: Any) -> Any:
    """``other @ self``, see `matmul`."""
    return matmul(other, self) if isinstance(other, Tensor) else NotImplemented


@operation(methods=("mm",), out="same dtype")
def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices."""
    made = at_once(input, mat2, 2)
    if made is not None:
        return made
    judged("mm", input, mat2)
    return _product("mm", input, mat2)


@operation(methods=("bmm",), out="same dtype")
def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products ``(B, M, N)`` of the matrices of two batches."""
    made = at_once(input, mat2, 3)
    if made is not None:
        return made
    judged("bmm", input, mat2)
    return _product("bmm", input, mat2)


@operation(methods=("mv",), out="same dtype")
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """The product of a matrix and a vector."""
    if vec.__class__ is Tensor and vec._stored.ndim == 1:
        made = at_once(input, vec, 0)
        if made is not None:
            return made
    judged("mv", input, vec)
    return _product("mv", input, vec)


@operation(methods=("dot",), out="same dtype")
def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """The product of two vectors of one length, a number."""
    made = at_once(input, tensor, 1)
    if made is not None:
        return made
    judged("dot", input, tensor)
    return _product("dot", input, tensor)


@operation(methods=("vdot",), out="same dtype")
def vdot(input: Tensor, other: Tensor) -> Tensor:
    """The product of two vectors of one length, the first conjugated."""
    judged("vdot", input, other)
    return _product("vdot", conjugate(input), other)


@operation(methods=("inner",), out="same dtype")
def inner(input: Tensor, other: Tensor) -> Tensor:
    """The products over the last dims of ``(*A, K)`` and ``(*B, K)``: ``(*A, *B)``; a number multiplies."""
    judged("inner", input, other)
    if not input._stored.ndim or not other._stored.ndim:
        return input * other
    check_product_dtypes("inner", input, other)
    size = input._stored.shape[-1]
    result = matmul(_rows_of(input, size), _rows_of(other, size).transpose(0, 1))
    return result.reshape(input._stored.shape[:-1] + other._stored.shape[:-1])  # type: ignore[no-any-return]


def _rows_of(tensor: Tensor, size: int) -> Tensor:
    return tensor.unsqueeze(0) if tensor._stored.ndim == 1 else _rows(tensor, size)


@operation(methods=("outer", "ger"), out=True, aliases=("ger",))
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products ``(M, N)`` of the elements of two vectors."""
    if (
        input.__class__ is Tensor
        and vec2.__class__ is Tensor
        and input._meta is None
        and vec2._meta is None
        and not INFERENCE
    ):
        a, b = input._array, vec2._array
        kind = a.dtype
        is_plain = kind is b.dtype and (kind is _FLOAT32 or kind is _FLOAT64)
        if is_plain and a.ndim == b.ndim == 1:
            return wrap(quietly(np.multiply, a[:, None], b))
    judged("outer", input, vec2)
    return input.unsqueeze(1) * vec2  # type: ignore[no-any-return]


# -- layers --------------------------------------------------------------------------------------------


def linear_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``dx = dy @ W``, ``dW = dy^T @ x`` over all rows, ``db`` the sum of the rows."""
    input, weight = node.saved
    to_input: Tensor | None = None
    if weight is not None:
        if len(node.metas[1][0]) == 1:
            to_input = grad.unsqueeze(-1) * conjugate(weight)
        else:
            to_input = matmul(grad, conjugate(weight))
    to_weight = None
    if input is not None:
        if len(node.metas[1][0]) == 1:
            rows = _rows_of(input, node.metas[1][0][0])
            to_weight = matmul(grad.reshape(-1), conjugate(rows))
        else:
            rows = _rows_of(input, node.metas[1][0][1])
            to_weight = matmul(_rows_of(grad, node.metas[1][0][0]).transpose(0, 1), conjugate(rows))
    return to_input, to_weight, grad


@on_arrays(linear_backward)
def _linear_backward(node: Any, grad: Array) -> tuple[Any, ...]:
    x, weight = kept_arrays(node, grad.dtype)
    if grad.ndim < 2 or len(node.metas[1][0]) != 2 or not grad.size:
        raise refused()
    rows = grad if grad.ndim == 2 else grad.reshape(-1, grad.shape[-1])
    to_input = None if weight is None else _dot(rows, weight)
    if grad.ndim > 2:
        to_input = None if to_input is None else to_input.reshape(node.metas[0][0])
        x = None if x is None else x.reshape(len(rows), -1)
    return to_input, None if x is None else _dot(rows.T, x), grad


def _linear_at_once(input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor | None:
    """The linear map of rows; None if something else is to be done."""
    if not isinstance(input, Tensor) or not isinstance(weight, Tensor) or INFERENCE:
        return None
    x, w = input._array, weight._array
    kind = x.dtype
    if (
        kind is not w.dtype
        or (kind is not _FLOAT32 and kind is not _FLOAT64)
        or x.ndim < 2
        or w.ndim != 2
        or x.shape[-1] != w.shape[1]
    ):
        return None
    shape = x.shape
    if len(shape) > 2:
        if not x.flags.c_contiguous or not x.size:
            return None
        x = x.reshape(-1, shape[-1])
    is_plain = input._meta is None and weight._meta is None
    if bias is None:
        result = quietly(_dot, x, w.T)
    else:
        b = getattr(bias, "_array", None)
        if b is None or b.dtype is not kind or b.shape != w.shape[:1]:
            return None
        result = quietly(_dot, x, w.T)
        quietly(np.add, result, b, result)
        is_plain = is_plain and bias._meta is None
    made = wrap(result if len(shape) == 2 else result.reshape(*shape[:-1], w.shape[0]))
    if not is_plain and recording((input, weight, bias)):
        saved = saved_factors(input, weight)
        attach((made,), (input, weight, bias), linear_backward, saved, {})
    return made


@operation("nn.functional.linear")
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input @ weight.T + bias``.

    Args:
        input: ``(*batch, in_features)``.
        weight: ``(out_features, in_features)``, or ``(in_features,)``.
        bias: ``(out_features,)``, or ``()``.

    Returns:
        ``(*batch, out_features)``, or ``(*batch)``.

    Raises:
        ShapeError: matmul_error_inner_dimensions_do_not_match and others.
    """
    made = _linear_at_once(input, weight, bias)
    if made is not None:
        return made
    judged("nn.functional.linear", input, weight, bias)
    operands = (input, weight) if bias is None else (input, weight, bias)
    check_product_dtypes("linear", *operands)
    result = matrix_product(input._array, weight._array.T)
    if bias is not None:
        fits = bias._stored.shape == result.shape[-1:] and result.ndim > 1
        result = np.asarray(quietly(np.add, result, bias._array, *((result,) if fits else ())))
    return record_rows(result, (input, weight, bias), linear_backward, saved_factors(input, weight))
