"""Tensors of data: numbers, nested lists, arrays, buffers."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import nested
from shapetorch.tensor.arguments import flag, integer
from shapetorch.tensor.devices import CPU, device
from shapetorch.tensor.dtypes import DEFAULTS, DTYPES, FLOATING, dtype
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.options import (
    allocated,
    check_placement,
    dtype_argument,
    element_type,
    finished,
)
from shapetorch.tensor.scalars import stored
from shapetorch.tensor.signatures import is_scalar, type_name
from shapetorch.tensor.tensors import Array, Tensor, wrap


@operation()
def tensor(
    data: Any,
    *,
    dtype: dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor of a copy of the data.

    Args:
        data: A number, nested lists of numbers, an array, a tensor.
        dtype: If None, that of the data; floating numbers have the default floating dtype.
        device: The CPU.
        requires_grad: Whether its gradient is wanted.
        pin_memory: False.

    Raises:
        ShapeError: creation_error_ragged, creation_error_depth.
        TypeError: there is something that is no number, or of a dtype that tensors do not have.
        RuntimeError: the dtype does not hold a number.
    """
    wanted = None if dtype is None else dtype_argument("tensor", dtype)
    check_placement("tensor", device, pin_memory=pin_memory)
    return finished(_copied(data, wanted), requires_grad)


_NUMBERS_AND_LISTS = frozenset((bool, int, float, complex, list, tuple))


def _copied(data: Any, wanted: dtype | None) -> Array:
    """The elements of the data in memory of their own."""
    if data.__class__ in _NUMBERS_AND_LISTS:
        return nested.read(data, wanted)
    found = _array_of(data)
    if found is None:
        return nested.read(data, wanted)
    kind = (wanted or nested.of_array_dtype(found)).numpy
    with np.errstate(all="ignore"):
        if found.dtype.kind == "c" and kind.kind not in "cb":
            found = found.real
        return np.array(found, kind, order="K")


def _array_of(data: Any) -> Array | None:
    """What is an array already, None for numbers and lists."""
    if isinstance(data, Tensor):
        return data._array
    if isinstance(data, (np.ndarray, np.generic)):
        return shared(np.asarray(data))
    if isinstance(data, (int, float, complex, list, tuple, str, bytes)):
        return None
    if hasattr(data, "__array_interface__") and not hasattr(data, "__array__"):
        return np.asarray(data)
    if hasattr(data, "__dlpack__"):
        return np.from_dlpack(data)
    return None


@operation()
def from_numpy(ndarray: Any) -> Tensor:
    """A tensor that shares an array's memory.

    Raises:
        TypeError: it is no array, or of a dtype that tensors do not have.
        ValueError: a stride is negative, or its bytes are in the other order.
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    return finished(shared(ndarray))


def shared(array: Array) -> Array:
    """An array as a tensor may have it, with the same memory.

    Raises:
        TypeError: of a dtype that tensors do not have.
        ValueError: a stride is negative, or no multiple of the element's bytes, or its bytes are in the other order.
    """
    nested.of_array_dtype(array)
    for step in array.strides:
        if step < 0:
            raise ValueError(
                "At least one stride in the given numpy array is negative, and tensors with negative strides "
                "are not supported. Make a copy of the array with array.copy()."
            )
        if step % array.itemsize:
            raise ValueError(
                "given numpy array strides not a multiple of the element byte size. "
                "Copy the numpy array to reallocate the memory."
            )
    if type(array) is not np.ndarray:  # a subclass would not behave as an array does
        return array.view(np.ndarray)
    return array


@operation()
def as_tensor(data: Any, dtype: dtype | None = None, device: Any = None) -> Tensor:
    """A tensor of the data; it shares the memory of a tensor or array of the wanted dtype."""
    wanted = None if dtype is None else dtype_argument("as_tensor", dtype)
    check_placement("as_tensor", device)
    if isinstance(data, Tensor):
        return data if wanted is None or wanted is data.dtype else data.to(wanted)
    found = _array_of(data)
    if found is None or (wanted is not None and wanted.numpy != found.dtype):
        return finished(_copied(data, wanted))
    return finished(shared(found))


@operation()
def asarray(
    obj: Any,
    *,
    dtype: dtype | None = None,
    device: Any = None,
    copy: bool | None = None,
    requires_grad: bool | None = None,
) -> Tensor:
    """A tensor of an object.

    Args:
        obj: A tensor, an array, a buffer, a number, nested lists, or what supports DLPack.
        dtype: That of the object if None.
        device: The CPU.
        copy: True for memory of its own, False for shared memory, None for shared where possible.
        requires_grad: Whether its gradient is wanted; a tensor is detached if not, and goes on as it
            is if nothing is said.

    Raises:
        ValueError: memory cannot be shared and `copy` is False.
    """
    if requires_grad is not None:
        flag("asarray", "requires_grad", requires_grad)
    wanted = None if dtype is None else dtype_argument("asarray", dtype)
    check_placement("asarray", device)
    found = _array_of(obj)
    if found is None and isinstance(obj, (bytes, bytearray, memoryview)):
        found = _of_buffer("asarray", obj, wanted)
    if found is None:
        if copy is False:
            raise ValueError("asarray: can't alias arbitrary sequence")
        return finished(nested.read(obj, wanted), bool(requires_grad))
    converts = wanted is not None and wanted.numpy != found.dtype
    if converts and copy is False:
        raise ValueError(
            f"asarray: can't alias tensor with dtype '{found.dtype}' into dtype '{wanted}'"
        )
    if not isinstance(obj, Tensor):
        array = _copied(found, wanted) if converts or copy else found
        return finished(array, bool(requires_grad))
    made = obj
    if converts or copy:
        made = obj.clone() if wanted is None else obj.to(wanted, copy=True)
    if made.requires_grad and requires_grad is False:
        return made.detach()  # type: ignore[no-any-return]
    return made.requires_grad_() if requires_grad else made


def _of_buffer(name: str, buffer: Any, wanted: dtype | None) -> Array:
    kind = (wanted or DEFAULTS[FLOATING]).numpy
    return _elements(name, buffer, kind, -1, 0)


@operation()
def frombuffer(
    buffer: Any,
    *,
    dtype: dtype,
    count: int = -1,
    offset: int = 0,
    requires_grad: bool = False,
) -> Tensor:
    """A vector that shares the memory of a buffer.

    Args:
        buffer: What has Python's buffer interface: ``bytearray``, ``array.array``, ``mmap``.
        dtype: Of the elements.
        count: How many elements; all that there are if negative.
        offset: How many bytes to skip.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ValueError: it is no buffer, is too short, or does not hold whole elements.
    """
    kind = element_type("frombuffer", dtype)
    return finished(_elements("frombuffer", buffer, kind, count, offset), requires_grad)


def _elements(name: str, buffer: Any, kind: np.dtype[Any], count: int, offset: int) -> Array:
    try:
        length = memoryview(buffer).nbytes
    except TypeError:
        raise ValueError(
            f"{name}: argument 'buffer' does not implement Python buffer protocol: {type_name(buffer)}"
        ) from None
    count, offset = integer(name, "count", count), integer(name, "offset", offset)
    if not length or not count:
        raise ValueError(f"both buffer length ({length}) and count ({count}) must not be 0")
    if not 0 <= offset < length:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater than buffer length ({length} bytes) minus 1"
        )
    rest = length - offset
    if count < 0 and rest % kind.itemsize:
        raise ValueError(
            f"buffer length ({rest} bytes) after offset ({offset} bytes) must be a multiple of element size "
            f"({kind.itemsize})"
        )
    if count > 0 and count * kind.itemsize > rest:
        raise ValueError(
            f"requested buffer length ({count} * {kind.itemsize} bytes) after offset ({offset} bytes) must not be "
            f"greater than actual buffer length ({length} bytes)"
        )
    return np.frombuffer(buffer, kind, count if count > 0 else -1, offset)


@operation()
def scalar_tensor(
    s: Any,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A 0-D tensor of a number, of the default floating dtype."""
    if not is_scalar(s):
        raise TypeError(f"scalar_tensor(): argument 's' must be Number, not {type_name(s)}")
    check_placement("scalar_tensor", device, layout, pin_memory)
    value = s._array.item() if isinstance(s, Tensor) else s
    kind = element_type("scalar_tensor", dtype)
    return finished(stored(value, kind), requires_grad)


@operation(methods=("new_tensor",), function=False)
def new_tensor(
    self: Tensor,
    data: Any,
    *,
    dtype: dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor of a copy of the data, of this tensor's dtype."""
    wanted = self.dtype if dtype is None else dtype_argument("new_tensor", dtype)
    check_placement("new_tensor", device, layout, pin_memory)
    return finished(_copied(data, wanted), requires_grad)


# -- the constructors ---------------------------------------------------------------------------------


def legacy_tensor(cls: type[Tensor], data: tuple[Any, ...], where: Any) -> Tensor:
    """What the constructor of `Tensor` gives: sizes make an uninitialised tensor, data a copy."""
    return typed_tensor(cls, data, where, DEFAULTS[FLOATING])


def typed_tensor(cls: type[Tensor], data: tuple[Any, ...], where: Any, found: dtype) -> Tensor:
    """What the constructor of a type of tensors gives: of sizes, of data, of a tensor, of nothing."""
    if where is not None and (type_of := device(where).type) != CPU.type:
        raise RuntimeError(
            f"legacy constructor expects device type: cpu but device type: {type_of} was passed"
        )
    if len(data) == 1 and isinstance(data[0], Tensor):
        made = wrap(data[0]._array)
    else:
        made = wrap(_legacy_array(data, found))
    if cls is Tensor:
        return made
    typed: Tensor = object.__new__(cls)
    typed._array, typed._meta, typed._writes = made._array, None, 0
    return typed


def _legacy_array(data: tuple[Any, ...], found: dtype) -> Array:
    from shapetorch.tensor.sizes import Size

    if not data:
        return np.empty(0, found.numpy)
    first = data[0]
    if len(data) == 1 and isinstance(first, Size):
        return allocated("Tensor", first, found.numpy)
    if first.__class__ is not bool and all(isinstance(item, (int, np.integer)) for item in data):
        return allocated("Tensor", judged("zeros", *data), found.numpy)
    if len(data) > 1:
        raise TypeError(f"new() received an invalid combination of arguments - got {data!r}")
    if isinstance(first, (bool, float, complex)) or first is None:
        raise TypeError(f"new(): data must be a sequence (got {type(first).__name__})")
    return _copied(first, found)


class _Typed(type):
    """``isinstance(x, FloatTensor)`` asks for the dtype."""

    held: dtype

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor) and instance.dtype is cls.held

    def __call__(cls, *data: Any, device: Any = None) -> Any:
        if len(data) == 1 and isinstance(data[0], Tensor) and data[0].dtype is not cls.held:
            raise TypeError(f"{cls.__name__}: expected a tensor of {cls.held}, got {data[0].dtype}")
        return typed_tensor(Tensor, data, device, cls.held)


_NAMES = {
    "FloatTensor": "float32",
    "DoubleTensor": "float64",
    "HalfTensor": "float16",
    "BFloat16Tensor": "bfloat16",
    "LongTensor": "int64",
    "IntTensor": "int32",
    "ShortTensor": "int16",
    "CharTensor": "int8",
    "ByteTensor": "uint8",
    "BoolTensor": "bool",
    "ComplexFloatTensor": "complex64",
    "ComplexDoubleTensor": "complex128",
}
TYPED: dict[str, type] = {
    name: _Typed(
        name,
        (),
        {
            "held": DTYPES[of],
            "__module__": "torch",
            "__doc__": f"The constructor of {of} tensors: sizes, or data.",
        },
    )
    for name, of in _NAMES.items()
}
TYPE_NAMES = {DTYPES[of]: f"torch.{name}" for name, of in _NAMES.items()}
"""What ``x.type()`` says of a dtype."""
