"""The operands of an operation as arrays of the dtype that they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import as_number, is_number
from shapetorch.tensor.dtypes import DEFAULTS, FLOATING, NARROW, OF_NUMPY, dtype, promote
from shapetorch.tensor.fast import FLOAT32, FLOAT64
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.scalars import require_64_bits
from shapetorch.tensor.tensors import Array, Tensor

_FINITE = 3.4e38
"""Below it, a float64 is finite as float32."""
_UNROUNDED = {"mul": (0, 1), "div": (1,), "floor_divide": (1,), "lerp": (2,)}
"""Of functions, the operands that stay as they are if they are numbers (or
0-D) beside float16 or bfloat16."""


def refuse(name: str, kind: dtype, categories: str) -> None:
    """Raise if an operation is not defined for a dtype.

    Args:
        name: The operation.
        kind: The dtype.
        categories: Of the dtypes for which it is not: b(ool), i(nteger), f(loating), c(omplex).

    Raises:
        NotImplementedError: as PyTorch; it is a RuntimeError.
    """
    if categories and "bifc"[kind.category] in categories:
        raise NotImplementedError(f"\"{name}\" not implemented for '{kind.name}'")


def common_dtype(operands: Sequence[Any]) -> dtype:
    """The dtype that tensors and numbers have in common."""
    tensors = [item for item in operands if isinstance(item, Tensor)]
    if len(tensors) == len(operands) and len({item._stored.dtype for item in tensors}) == 1:
        return OF_NUMPY[tensors[0]._stored.dtype]
    return promote(
        [(OF_NUMPY[item._stored.dtype], item._stored.ndim) for item in tensors],
        [item for item in operands if not isinstance(item, Tensor)],
    )


def common_arrays(
    name: str, operands: Sequence[Any], floating: bool = False, refuses: str = ""
) -> list[Array]:
    """The operands as arrays of their common dtype; a number becomes a 0-D array.

    A number beside float16 or bfloat16 is given as float32 where PyTorch does not round it.

    Args:
        name: The operation.
        operands: Tensors and numbers.
        floating: Whether integers and bool are computed as the default floating dtype.
        refuses: See `refuse`.

    Raises:
        NotImplementedError: the operation is not defined for that dtype.
    """
    if len(operands) == 2 and "f" not in refuses:
        quick = _quick_pair(*operands)
        if quick is not None:
            return quick
    common = common_dtype(operands)
    refuse(name, common, refuses)
    if floating and common.category < FLOATING:
        common = DEFAULTS[FLOATING]
    kind = common.numpy
    kinds = [kind] * len(operands)
    if kind in NARROW and name in _UNROUNDED and _has_tensor(operands):
        for place in _UNROUNDED[name]:
            item = operands[place]
            if not isinstance(item, Tensor) or not (
                item._stored.ndim or item._stored.dtype is kind
            ):
                kinds[place] = FLOAT32
    return [
        converted(item._array, own) if isinstance(item, Tensor) else number_array(item, own)
        for item, own in zip(operands, kinds, strict=True)
    ]


def _quick_pair(input: Any, other: Any) -> list[Array] | None:
    """The arrays, where both are of one common floating dtype as they are."""
    if input.__class__ is Tensor:
        a = input._array
        kind = a.dtype
        if kind is FLOAT32 or kind is FLOAT64:
            if other.__class__ is Tensor and other._stored.dtype is kind:
                return [a, other._array]
            if other.__class__ is float and abs(other) < _FINITE:
                return [a, np.asarray(other, kind)]
    return None


def _has_tensor(operands: Sequence[Any]) -> bool:
    return any(isinstance(item, Tensor) for item in operands)


def converted(array: Array, kind: np.dtype[Any]) -> Array:
    """The array in a dtype; itself if it has it."""
    if array.dtype is kind:
        return array
    return quietly(array.astype, kind)  # type: ignore[no-any-return]


def number_array(number: complex, kind: np.dtype[Any]) -> Array:
    """A 0-D array of a number; integers wrap around, as PyTorch's do.

    Raises:
        OverflowError: an integer has more than 64 bits.
    """
    if isinstance(number, int):
        require_64_bits(number)
    return quietly(np.asarray(number).astype, kind)  # type: ignore[no-any-return]


def scale(input: Any, other: Any, alpha: Any) -> Any:
    """The second operand times `alpha`, in the dtype it has in common with the first.

    Raises:
        RuntimeError: `alpha` is not of that dtype's kind.
        TypeError: it is no number.
    """
    if alpha.__class__ is float and isinstance(input, Tensor) and isinstance(other, Tensor):
        kind = other._stored.dtype
        if kind is input._stored.dtype and (kind is FLOAT32 or kind is FLOAT64):
            return other * alpha
    alpha = as_number(alpha)
    if not is_number(alpha):
        raise TypeError(f"argument 'alpha' must be Number, not {type(alpha).__name__}")
    if not isinstance(other, Tensor) and not is_number(other):
        return other  # the operation will say so
    common = common_dtype((input, other))
    if isinstance(alpha, bool) and common.category:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if common.category < FLOATING and isinstance(alpha, (float, complex)):
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number."
        )
    if not common.is_complex and isinstance(alpha, complex):
        raise RuntimeError(
            "For non-complex input tensors, argument alpha must not be a complex number."
        )
    if alpha == 1:
        return other
    return other.to(common) * alpha if isinstance(other, Tensor) else other * alpha
