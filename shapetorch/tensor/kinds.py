"""Which dtypes an operation takes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import DTYPES, FLOATING, NARROW
from shapetorch.tensor.histories import needs_grad
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.options import allocated
from shapetorch.tensor.tensors import Array, Tensor

TITLES = {"bool": "Bool", "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int"}
TITLES |= {"int64": "Long", "float16": "Half", "bfloat16": "BFloat16", "float32": "Float"}
TITLES |= {"float64": "Double", "complex64": "ComplexFloat", "complex128": "ComplexDouble"}
INDEX_KINDS = frozenset((DTYPES["int32"].numpy, DTYPES["int64"].numpy))
"""The dtypes of indices."""


def title(tensor: Tensor) -> str:
    """The dtype as PyTorch's messages name it: ``Float``."""
    return TITLES[tensor.dtype.name]


def require_kind(name: str, tensor: Tensor, kinds: str = "f") -> None:
    """Raise RuntimeError unless the dtype's category is one of the letters: b, i, f, c."""
    if "bifc"[tensor.dtype.category] not in kinds:
        raise NotImplementedError(f"\"{name}\" not implemented for '{title(tensor)}'")


def require_same_kind(name: str, first: Tensor, *others: Tensor | None) -> None:
    """Raise RuntimeError unless all tensors have one dtype."""
    for other in others:
        if other is not None and other._stored.dtype != first._stored.dtype:
            raise RuntimeError(
                f"{name}: expected all tensors to have the same dtype, got {title(first)} and {title(other)}"
            )


def require_integers(name: str, argument: str, tensor: Tensor) -> None:
    """Raise RuntimeError unless a tensor of indices has dtype int32 or int64."""
    if tensor._stored.dtype not in INDEX_KINDS:
        raise RuntimeError(
            f"{name}: expected {argument} to have one of the scalar types Long, Int, got {title(tensor)}"
        )


def widened(array: Array) -> Array:
    """Float16 and bfloat16 as float32, in which PyTorch computes them; other arrays as they are."""
    return array.astype(np.float32) if array.dtype in NARROW else array


def narrowed(array: Any, kind: np.dtype[Any]) -> Array:
    """A result in the dtype of the operands."""
    if array.__class__ is np.ndarray and array.dtype == kind:
        return array
    with np.errstate(all="ignore"):
        return np.asarray(array).astype(kind, copy=False)


def require_no_gradient(function: str, **arguments: Tensor | None) -> None:
    """Raise RuntimeError if gradients flow to an argument that has none."""
    for name, tensor in arguments.items():
        if tensor is not None and tensor._meta is not None and MODES.grad and needs_grad(tensor):
            raise RuntimeError(
                f"The function '{function}' is not differentiable with respect to argument '{name}'. "
                "This input cannot have requires_grad True."
            )


_MUCH = 1 << 28


def require_memory(name: str, shape: Sequence[int], kind: np.dtype[Any]) -> None:
    """Raise RuntimeError if there is no memory for a result of this shape."""
    if prod(shape) > _MUCH:
        allocated(name, shape, kind)


def is_floating(tensor: Tensor) -> bool:
    """Whether it is of a floating, not complex, dtype."""
    return tensor.dtype.category == FLOATING
