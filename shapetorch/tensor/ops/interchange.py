"""Memory shared with NumPy and, by DLPack, with every other array library."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import dlpack
from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.histories import needs_grad
from shapetorch.tensor.marks import marking_of
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.ops.creation_data import shared
from shapetorch.tensor.options import finished
from shapetorch.tensor.tensors import Array, Tensor

BFLOAT16 = DTYPES["bfloat16"].numpy


@method()
def numpy(self: Tensor, *, force: bool = False) -> Array:
    """The elements as an array that shares the tensor's memory.

    Args:
        self: The tensor.
        force: Whether it is detached first.

    Raises:
        RuntimeError: the tensor needs a gradient, or is a conjugate, which lies nowhere in memory.
        TypeError: it is bfloat16, which NumPy does not have.
    """
    if self._meta is not None and not force and needs_grad(self):
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        )
    if self._stored.dtype == BFLOAT16:
        raise TypeError("numpy: NumPy has no dtype bfloat16; convert with tensor.float() first")
    if self._reads_as is not Tensor:
        if force:
            return self._array.copy(order="K")
        bit, resolve = marking_of(self)
        raise RuntimeError(
            f"Can't call numpy() on Tensor that has {bit} bit set. Use tensor.{resolve}().numpy() instead."
        )
    return self._array


@method("__array__")
def to_array(self: Tensor, dtype: Any = None, copy: bool | None = None) -> Array:
    """What ``numpy.asarray`` gives: the same memory, if the dtype is the same."""
    array = numpy(self)
    wanted = array.dtype if dtype is None else np.dtype(dtype)
    if copy:
        return np.array(array, wanted)
    if copy is False and wanted != array.dtype:
        raise ValueError(f"Unable to avoid copy: the tensor is {array.dtype}, not {wanted}")
    return array.astype(wanted, copy=False)


@method("__array_wrap__")
def of_array(
    self: Tensor, array: Array, context: Any = None, return_scalar: bool = False
) -> Tensor:
    """The tensor of what a NumPy function made of this one."""
    return finished(shared(np.asarray(array)))


@property  # type: ignore[misc]
def array_interface(self: Tensor) -> dict[str, Any]:
    """NumPy's description of the memory.

    Raises:
        AttributeError: NumPy has no such dtype, or may not see the memory.
    """
    if (
        self._stored.dtype == BFLOAT16
        or (self._meta is not None and needs_grad(self))
        or self._reads_as is not Tensor
    ):
        raise AttributeError(
            "a tensor of bfloat16, one that requires grad or a conjugate has no array interface"
        )
    return self._array.__array_interface__


Tensor.__array_interface__ = array_interface  # type: ignore[attr-defined]


# -- DLPack -------------------------------------------------------------------------------------------


@method("__dlpack__")
def to_capsule(
    self: Tensor,
    *,
    stream: Any = -1,
    max_version: tuple[int, int] | None = None,
    dl_device: Any = None,
    copy: bool | None = None,
) -> Any:
    """A capsule that shares the tensor's memory.

    Raises:
        BufferError: the tensor needs a gradient or is a conjugate, or the memory cannot be described.
    """
    if needs_grad(self):
        raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
    if self._reads_as is not Tensor:
        raise BufferError(f"Can't export tensors with the {marking_of(self)[0]} bit set")
    if stream is not None and stream != -1:
        raise BufferError("stream should be None on cpu.")
    options: dict[str, Any] = {"max_version": max_version, "copy": copy}
    if dl_device is not None:
        options["dl_device"] = dl_device
    return dlpack.exported(self._array, **options)


@method("__dlpack_device__")
def dlpack_device(self: Tensor) -> tuple[int, int]:
    """The CPU, as DLPack writes it."""
    return dlpack.CPU_DEVICE


@operation()
def from_dlpack(ext_tensor: Any, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor of another library's array, or of a capsule; it shares the memory.

    Args:
        ext_tensor: What has ``__dlpack__``, or a capsule that has not been used.
        device: The CPU.
        copy: Whether the memory is copied; None and False share it.

    Raises:
        RuntimeError: it is neither.
        BufferError: the memory is not on the CPU, or of a dtype that tensors do not have.
    """
    from shapetorch.tensor.options import check_placement

    check_placement("from_dlpack", device)
    try:
        return finished(shared(dlpack.imported(ext_tensor, copy)))
    except TypeError as error:
        raise BufferError(f"from_dlpack: {error}") from None


@operation("to_dlpack")
def to_dlpack(tensor: Tensor) -> Any:
    """A capsule that shares a tensor's memory; it can be used once."""
    return to_capsule(tensor)
