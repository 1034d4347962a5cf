"""Matrix products of arrays: BLAS where it can, with transposed matrices passed as they lie."""

from __future__ import annotations

import numpy as np

from shapetorch.tensor.dtypes import NARROW, OF_NUMPY
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.room import no_room
from shapetorch.tensor.tensors import Array, Tensor


def matrix_product(a: Array, b: Array) -> Array:
    """``a @ b`` of arrays of one dtype; float16 and bfloat16 are added up in float32, rounded once."""
    kind = a.dtype
    if kind in NARROW:
        return matrix_product(a.astype(np.float32), b.astype(np.float32)).astype(kind)
    try:
        if b.ndim <= 2 and a.ndim <= 2:
            return np.asarray(MODES.quiet(np.dot, a, b))
        if b.ndim == 2 and a.ndim > 2 and a.flags.c_contiguous:
            flat = MODES.quiet(np.dot, _flat(a), b)
            return flat.reshape(  # type: ignore[no-any-return]
                *a.shape[:-1], b.shape[1]
            )
        return np.asarray(MODES.quiet(np.matmul, a, b))
    except MemoryError as error:
        raise no_room(error, "matmul") from None


def _flat(array: Array) -> Array:
    rows = 1
    for size in array.shape[:-1]:
        rows *= size
    return array.reshape(rows, array.shape[-1])


def check_product_dtypes(name: str, *operands: Tensor) -> None:
    """Whether all operands have one dtype, and it is not bool; see `check_one_dtype`."""
    check_one_dtype(name, *(item._array for item in operands))


def check_one_dtype(name: str, *arrays: Array) -> None:
    """Whether all arrays have one dtype, and it is not bool.

    Raises:
        RuntimeError: they have not, or it is.
    """
    first = arrays[0].dtype
    for other in arrays[1:]:
        if other.dtype != first:
            raise RuntimeError(
                f"{name}: expected all operands to have the same dtype, but got: "
                + " and ".join(OF_NUMPY[item.dtype].name for item in arrays)
            )
    if first.kind == "b" and all(item.size for item in arrays):
        raise NotImplementedError(f"\"{name}\" not implemented for 'Bool'")


def saved_factors(a: Tensor, b: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """Of two factors those that a wanted gradient needs: each for the other's sake."""
    return (a if b.requires_grad else None, b if a.requires_grad else None)
