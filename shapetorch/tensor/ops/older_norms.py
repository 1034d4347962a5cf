"""Norms under older names; `linalg` has newer ones."""

from __future__ import annotations

from typing import Any

from shapetorch.rules.axes import axis
from shapetorch.tensor.arguments import integer, integers, tensor_argument
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.norms import matrix_norm, vector_norm
from shapetorch.tensor.tensors import Tensor


@operation(out=True)
def frobenius_norm(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    """The square root of the sum of squares over up to two dims, of all elements if there are none."""
    tensor_argument("frobenius_norm", "input", input)
    dims = (dim,) if isinstance(dim, int) else integers("frobenius_norm", "dim", dim)
    if len(dims) > 2:
        raise RuntimeError(
            f"Expected at most 2 dimensions, but got {len(dims)} dimensions instead."
        )
    return vector_norm(input, 2, dims or None, keepdim)


@operation(out=True)
def nuclear_norm(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """The sum of the singular values of matrices, whose dims are given or the last two."""
    tensor_argument("nuclear_norm", "input", input)
    if isinstance(dim, bool):
        dim, keepdim = None, dim
    dims = (-2, -1) if dim is None else integers("nuclear_norm", "dim", dim)
    return matrix_norm(input, "nuc", dims, keepdim)


@operation()
def norm_except_dim(v: Tensor, pow: int = 2, dim: int = 0) -> Tensor:
    """The norms of the parts along a dim, in a shape that broadcasts with the tensor.

    Args:
        v: Any shape.
        pow: The exponent.
        dim: The dim, the first or the last; -1 for the norm of all elements.
    """
    tensor_argument("norm_except_dim", "v", v)
    norm = OPERATIONS["norm"].function
    if dim == -1:
        return norm(v, pow)  # type: ignore[no-any-return]
    place = axis(
        "norm_except_dim", integer("norm_except_dim", "dim", dim), v._array.shape, scalar=True
    )
    return norm(v, pow, [at for at in range(v.ndim) if at != place], True)  # type: ignore[no-any-return]
