"""Questions about dtypes."""

from __future__ import annotations

from typing import Any

from shapetorch.tensor import dtypes
from shapetorch.tensor.arguments import is_number, tensor_argument
from shapetorch.tensor.dtypes import COMPLEX, FLOATING, dtype
from shapetorch.tensor.operations import operation
from shapetorch.tensor.pointwise import common_dtype
from shapetorch.tensor.tensors import Tensor


def _dtype_argument(name: str, argument: str, value: Any, position: int) -> dtype:
    if not isinstance(value, dtype):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be torch.dtype, "
            f"not {type(value).__name__}"
        )
    return value


@operation()
def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest dtype that holds the elements of both."""
    return dtypes.promote_types(
        _dtype_argument("promote_types", "type1", type1, 1),
        _dtype_argument("promote_types", "type2", type2, 2),
    )


@operation()
def result_type(tensor1: Tensor | complex, tensor2: Tensor | complex) -> dtype:
    """The dtype that an operation on both has; each is a tensor or a number."""
    for place, value in enumerate((tensor1, tensor2), 1):
        if not is_number(value):
            tensor_argument("result_type", f"tensor{place}", value, place)
    return common_dtype((tensor1, tensor2))


@operation()
def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether elements of a dtype may be written in place into another: never into a lower kind."""
    return dtypes.can_cast(
        _dtype_argument("can_cast", "from_", from_, 1), _dtype_argument("can_cast", "to", to, 2)
    )


@operation(methods=("is_floating_point",))
def is_floating_point(input: Tensor) -> bool:
    """Whether the elements are floating numbers."""
    return tensor_argument("is_floating_point", "input", input).dtype.category == FLOATING


@operation(methods=("is_complex",))
def is_complex(input: Tensor) -> bool:
    """Whether the elements are complex numbers."""
    return tensor_argument("is_complex", "input", input).dtype.category == COMPLEX


@operation(methods=("is_signed",))
def is_signed(input: Tensor) -> bool:
    """Whether the elements can be negative."""
    return tensor_argument("is_signed", "input", input).dtype.is_signed


@operation(methods=("is_nonzero",))
def is_nonzero(input: Tensor) -> bool:
    """Whether the one element is not 0.

    Raises:
        RuntimeError: there is not just one.
    """
    array = tensor_argument("is_nonzero", "input", input)._array
    if array.size != 1:
        raise RuntimeError(
            "Boolean value of Tensor with no values is ambiguous"
            if not array.size
            else "Boolean value of Tensor with more than one value is ambiguous"
        )
    return bool(array.reshape(())[()])


@operation(methods=("is_same_size",))
def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same sizes."""
    a, b = (
        tensor_argument("is_same_size", "input", input),
        tensor_argument("is_same_size", "other", other, 2),
    )
    return bool(a._array.shape == b._array.shape)


@operation()
def is_floating_point_dtype(dtype: dtype) -> bool:
    """Whether a dtype is of floating numbers."""
    return _dtype_argument("is_floating_point_dtype", "dtype", dtype, 1).is_floating_point


@operation()
def is_complex_dtype(dtype: dtype) -> bool:
    """Whether a dtype is of complex numbers."""
    return _dtype_argument("is_complex_dtype", "dtype", dtype, 1).is_complex
