"""Running sums, products and extremes along a dim."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import NARROW, dtype
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.reductions import converted
from shapetorch.tensor.reducing import accumulated, one_dim
from shapetorch.tensor.tape import MODES, RESULT, record
from shapetorch.tensor.tensors import Array, Tensor, wrap


def _scan(function: Any, array: Array, axis: int) -> Array:
    if not array.ndim:
        return array.copy()
    kind = array.dtype
    if kind in NARROW:
        return np.asarray(MODES.quiet(function, array.astype(np.float32), axis)).astype(kind)
    return np.asarray(MODES.quiet(function, array, axis, kind))


def cumsum_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element counts in all later sums."""
    return reversed_cumsum(grad, node.axis)


def reversed_cumsum(tensor: Tensor, axis: int) -> Tensor:
    """For each place the sum from there to the end."""
    array = tensor._array
    if not array.ndim:
        return tensor
    turned = np.flip(array, axis)
    result = np.ascontiguousarray(np.flip(_scan(np.cumsum, turned, axis), axis))
    return record(result, (tensor,), reversed_cumsum_backward, axis=axis)


def reversed_cumsum_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element counts in all earlier sums."""
    return cumsum(grad, node.axis)


@operation(methods=("cumsum",), inplace=True, out=True)
def cumsum(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The sums of the elements up to each place of a dim.

    Args:
        input: Any shape.
        dim: The dim.
        dtype: Of the result, and of the elements before they are added; int64 for integers if None.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    axis = one_dim("cumsum", input, dim)
    array = converted(input._array, accumulated(input, dtype))
    return record(_scan(np.cumsum, array, axis), (input,), cumsum_backward, axis=axis)


def cumprod_backward(node: Any, grad: Tensor) -> Tensor:
    """Each element is a factor of all later products; where some are zero, the long way round."""
    input, result = node.saved
    axis = node.axis
    if not input._array.ndim:
        return grad
    if not np.any(input._array == 0):
        return reversed_cumsum(grad * result.conj(), axis) / input.conj()
    return _cumprod_gradient_with_zeros(input, grad, axis)


def _cumprod_gradient_with_zeros(input: Tensor, grad: Tensor, axis: int) -> Tensor:
    """``dx[i] = sum over j >= i of dy[j] * product of x[k], k <= j, k != i``, place by place."""
    from shapetorch.tensor.operations import OPERATIONS

    cat = OPERATIONS["cat"].function
    count = input._array.shape[axis]
    parts = []
    before: Any = None  # the product of what comes before i
    for i in range(count):
        one = wrap(np.ones_like(input._array.take([0], axis)))
        rest = input.narrow(axis, i + 1, count - i - 1)
        products = cat((one, rest), axis).cumprod(axis)
        if before is not None:
            products = products * before
        from_here = grad.narrow(axis, i, count - i)
        parts.append((from_here * products.conj()).sum(axis, keepdim=True))
        here = input.narrow(axis, i, 1)
        before = here if before is None else before * here
    return cat(tuple(parts), axis)  # type: ignore[no-any-return]


@operation(methods=("cumprod",), inplace=True, out=True)
def cumprod(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The products of the elements up to each place of a dim; see `cumsum`."""
    axis = one_dim("cumprod", input, dim)
    array = converted(input._array, accumulated(input, dtype))
    return record(
        _scan(np.cumprod, array, axis), (input,), cumprod_backward, (input, RESULT), axis=axis
    )
