"""DLPack capsules: how array libraries hand each other memory.

NumPy makes and reads the capsules. What NumPy has no dtype for, bfloat16, travels as 16-bit integers
whose dtype code is set in the capsule's header.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.tensors import Array

BFLOAT16 = DTYPES["bfloat16"].numpy
CPU_DEVICE = (1, 0)
"""The CPU, as DLPack writes it."""
_UINT, _BFLOAT = 1, 4


class _Tensor(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
    )


class _Versioned(ctypes.Structure):
    _fields_ = (
        ("major", ctypes.c_uint32),
        ("minor", ctypes.c_uint32),
        ("manager", ctypes.c_void_p),
        ("deleter", ctypes.c_void_p),
        ("flags", ctypes.c_uint64),
        ("tensor", _Tensor),
    )


def _header(capsule: Any) -> _Tensor:
    """The description at the head of a capsule that has not been used.

    Raises:
        RuntimeError: it is no capsule, or a used one.
    """
    api = ctypes.pythonapi
    valid, pointer = api.PyCapsule_IsValid, api.PyCapsule_GetPointer
    valid.argtypes = pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    valid.restype, pointer.restype = ctypes.c_int, ctypes.c_void_p
    for name, kind in ((b"dltensor", _Tensor), (b"dltensor_versioned", _Versioned)):
        if valid(capsule, name):
            found = kind.from_address(pointer(capsule, name))
            return found.tensor if isinstance(found, _Versioned) else found
    raise RuntimeError(
        "from_dlpack received an invalid capsule: a capsule can be consumed only once"
    )


def exported(array: Array, **options: Any) -> Any:
    """A capsule of an array; `options` are those of NumPy's ``__dlpack__``."""
    if array.dtype != BFLOAT16:
        return array.__dlpack__(**options)
    capsule = array.view(np.uint16).__dlpack__(**options)
    _header(capsule).code = _BFLOAT
    return capsule


class _Capsule:
    """What `numpy.from_dlpack` asks for a capsule."""

    def __init__(self, capsule: Any) -> None:
        self.capsule = capsule

    def __dlpack__(self, **options: Any) -> Any:
        return self.capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return CPU_DEVICE


def imported(source: Any, copy: bool | None = None) -> Array:
    """The array of a capsule, or of what gives one; it shares the memory.

    Raises:
        RuntimeError: there is no capsule, or a used one.
        BufferError: its memory is not on the CPU, or of a dtype that tensors do not have.
    """
    if hasattr(source, "__dlpack__"):
        device = tuple(map(int, source.__dlpack_device__()))
        if device[0] not in (1, 3, 13):
            raise BufferError(f"from_dlpack: the memory must be on the CPU, got device {device}")
        try:
            capsule = source.__dlpack__(max_version=(1, 0))
        except TypeError:  # written before there were versions
            capsule = source.__dlpack__()
    else:
        capsule = source
    header = _header(capsule)
    if header.device_type not in (1, 3, 13):
        raise BufferError("from_dlpack: the memory must be on the CPU")
    narrow = header.code == _BFLOAT and header.bits == 16
    if narrow:
        header.code = _UINT
    array = np.from_dlpack(_Capsule(capsule))
    array = _writable(array.view(BFLOAT16) if narrow else array)
    return array.copy() if copy else array


def _writable(array: Array) -> Array:
    """The array of an unversioned capsule: NumPy reads only, DLPack means to share."""
    if array.flags.writeable or not array.size or min(array.strides, default=0) < 0:
        return array  # a tensor does not take negative strides
    from shapetorch.tensor.geometry import span

    begin, end = span(array)
    kind: Any = type("Holder", (ctypes.Array,), {"_type_": ctypes.c_char, "_length_": end - begin})
    memory: Any = kind.from_address(begin)
    memory.holder = array
    return np.ndarray(array.shape, array.dtype, memory, 0, array.strides)
