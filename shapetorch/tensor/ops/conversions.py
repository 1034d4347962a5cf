"""Other dtypes, other orders of dims in memory, and the devices that there are not."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from shapetorch.tensor.devices import check_device, device
from shapetorch.tensor.dtypes import DTYPES, dtype
from shapetorch.tensor.formats import PRESERVE, dims_in_memory, order_of_copy, repeats
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.ops.creation_data import TYPE_NAMES, TYPED
from shapetorch.tensor.options import dtype_argument
from shapetorch.tensor.room import no_room
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor

FORMS = (
    "(device=None, dtype=None, non_blocking=False, copy=False, *, memory_format=None), "
    "(dtype, non_blocking=False, copy=False, *, memory_format=None), "
    "(other, non_blocking=False, copy=False, *, memory_format=None)"
)
_TYPES = {name: kind for kind, name in TYPE_NAMES.items()}


def cast(array: Array, kind: np.dtype[Any]) -> Array:
    """A copy of the elements in another dtype, as PyTorch converts them.

    Complex numbers lose their imaginary part, floating numbers are cut off towards zero and
    integers wrap around. What no integer can hold becomes what the processor makes of it.
    """
    if array.dtype.kind == "c" and kind.kind not in "cb":
        array = array.real
    if array.dtype.kind in "fV" and kind.kind in "iu" and kind.itemsize < 4:
        # by way of int32, so that what does not fit wraps around instead of being undefined
        return MODES.quiet(array.astype, np.int32).astype(kind)
    return MODES.quiet(array.astype, kind)


def to_copy_backward(node: Any, grad: Tensor) -> Tensor:
    """The engine gives the gradient the input's dtype."""
    return grad


def converted(
    self: Tensor, found: dtype, copy: bool = False, memory_format: Any = PRESERVE
) -> Tensor:
    """The tensor in another dtype; itself if nothing changes and no copy is asked for."""
    array = self._stored
    keeps_order = memory_format is PRESERVE or memory_format is None
    if not copy and found.numpy == array.dtype and (keeps_order or in_format(array, memory_format)):
        return self
    try:
        made = cast(preserved(self._array), found.numpy)
    except MemoryError as error:
        raise no_room(error, "to") from None
    if not keeps_order:
        made = formatted(made, memory_format)
    return record(made, (self,), to_copy_backward)


def preserved(array: Array) -> Array:
    """The array; if it repeats elements, a copy with its dims in the order that PyTorch gives a copy."""
    if not repeats(array):
        return array
    order = order_of_copy(array)
    return np.ascontiguousarray(array.transpose(order)).transpose(np.argsort(order))


def in_format(array: Array, memory_format: Any) -> bool:
    """Whether an array's dims lie in memory as the format says."""
    return bool(array.transpose(dims_in_memory(memory_format, array.ndim)).flags.c_contiguous)


def formatted(array: Array, memory_format: Any) -> Array:
    """The array, copied if its dims do not lie in memory as the format says."""
    if in_format(array, memory_format):
        return array
    order = dims_in_memory(memory_format, array.ndim)
    return np.ascontiguousarray(array.transpose(order)).transpose(np.argsort(order))


@method()
def to(
    self: Tensor,
    *args: Any,
    device: Any = None,
    dtype: dtype | None = None,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: Any = PRESERVE,
) -> Tensor:
    """The tensor in another dtype, on a device or in another order in memory.

    Args:
        self: The tensor, which is what comes back if nothing changes.
        args: A dtype, a device with or without a dtype, or a tensor to be like; then
            `non_blocking` and `copy`.
        device: The CPU.
        dtype: The dtype.
        non_blocking: Has no effect on the CPU.
        copy: Whether it is a copy in any case.
        memory_format: The order of dims in memory.

    Raises:
        RuntimeError: the device is not there.
        TypeError: an argument is none of these.
    """
    is_plain = device is None and dtype is None and (copy is False or copy is True)
    if is_plain and len(args) == 1 and args[0].__class__ is _dtype:
        return converted(self, args[0], copy, memory_format)
    where, kind, rest = _read(args)
    if (device is not None and where is not None) or (dtype is not None and kind is not None):
        raise _no_such_call(args)
    where, kind = device if where is None else where, dtype if kind is None else kind
    if len(rest) > 2 or not all(isinstance(item, bool) for item in rest):
        raise _no_such_call(args)
    if len(rest) == 2:
        if copy is not False:
            raise _no_such_call((*args, copy))
        copy = rest[1]
    if copy.__class__ is not bool:
        raise _no_such_call(args)
    if where is not None:
        check_device(where)
    found = self.dtype if kind is None else _wanted(kind, args)
    return converted(self, found, copy, memory_format)


_dtype = dtype


def _read(args: tuple[Any, ...]) -> tuple[Any, Any, tuple[Any, ...]]:
    """The device, the dtype and what follows them."""
    if not args:
        return None, None, ()
    first = args[0]
    if isinstance(first, Tensor):
        return None, first.dtype, args[1:]
    if isinstance(first, (dtype, type)):
        return None, first, args[1:]
    if first is None or (isinstance(first, (str, int, device)) and not isinstance(first, bool)):
        if len(args) > 1 and not isinstance(args[1], bool):
            return first, args[1], args[2:]
        return first, None, args[1:]
    raise _no_such_call(args)


def _wanted(kind: Any, args: tuple[Any, ...]) -> dtype:
    try:
        return dtype_argument("to", kind)
    except TypeError:
        raise _no_such_call(args or (kind,)) from None


def _no_such_call(args: tuple[Any, ...]) -> TypeError:
    given = ", ".join(type(item).__name__ for item in args)
    return TypeError(
        f"to() received an invalid combination of arguments - got ({given}), "
        f"but expected one of: {FORMS}"
    )


def _conversion(name: str, to_name: str) -> None:
    found = DTYPES[to_name]

    def convert(self: Tensor, memory_format: Any = PRESERVE) -> Tensor:
        return converted(self, found, memory_format=memory_format)

    convert.__name__ = convert.__qualname__ = name
    convert.__doc__ = f"The tensor as {to_name}; itself if it is."
    method(name)(convert)


for _name, _to in {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "bfloat16": "bfloat16",
    "int": "int32",
    "long": "int64",
    "short": "int16",
    "char": "int8",
    "byte": "uint8",
    "bool": "bool",
    "cfloat": "complex64",
    "cdouble": "complex128",
}.items():
    _conversion(_name, _to)


@method("type")
def type_(self: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """The name of the tensor's type (``"torch.FloatTensor"``), or the tensor as another type.

    Args:
        self: The tensor.
        dtype: A dtype, a name such as ``"torch.LongTensor"``, or a class such as ``LongTensor``.
        non_blocking: Has no effect on the CPU.

    Raises:
        ValueError: there is no type of that name.
        RuntimeError: it lives on a device that is not there.
    """
    if dtype is None:
        return TYPE_NAMES[self.dtype]
    if isinstance(dtype, type) and dtype in TYPED.values():
        return converted(self, dtype.held)  # type: ignore[attr-defined]
    if isinstance(dtype, str):
        elsewhere = re.fullmatch(r"torch\.(\w+)\.\w+Tensor", dtype)
        if elsewhere:
            check_device(elsewhere[1])
        if dtype not in _TYPES:
            raise ValueError(f"invalid type: '{dtype}'")
        return converted(self, _TYPES[dtype])
    return converted(self, dtype_argument("type", dtype))


@method()
def type_as(self: Tensor, other: Tensor) -> Tensor:
    """The tensor in another tensor's dtype."""
    if not isinstance(other, Tensor):
        raise TypeError(
            f"type_as(): argument 'other' (position 1) must be Tensor, not {type(other).__name__}"
        )
    return converted(self, other.dtype)


# -- devices ------------------------------------------------------------------------------------------


@method()
def cpu(self: Tensor, memory_format: Any = PRESERVE) -> Tensor:
    """The tensor itself: it lives on the CPU."""
    return converted(self, self.dtype, memory_format=memory_format)


def _elsewhere(name: str) -> None:
    def move(
        self: Tensor, device: Any = None, non_blocking: bool = False, memory_format: Any = PRESERVE
    ) -> Tensor:
        check_device(name if device is None or isinstance(device, int) else device)
        return converted(self, self.dtype, memory_format=memory_format)

    move.__name__ = move.__qualname__ = name
    move.__doc__ = f"The tensor on a device of type {name}, of which there is none: RuntimeError."
    method(name)(move)


for _name in ("cuda", "xpu", "mtia", "ipu", "hpu"):
    _elsewhere(_name)


@operation(methods=("get_device",))
def get_device(self: Tensor) -> int:
    """The index of the device, -1 for the CPU."""
    return -1


@method()
def is_pinned(self: Tensor, device: Any = None) -> bool:
    """Whether it lies in pinned memory; there is none."""
    return False


@method()
def pin_memory(self: Tensor, device: Any = None) -> Tensor:
    """A copy in pinned memory, which needs an accelerator: RuntimeError."""
    raise RuntimeError("pin_memory: there is no accelerator that could use pinned memory")
