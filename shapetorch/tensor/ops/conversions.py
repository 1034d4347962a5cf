"""Other dtypes, NumPy arrays, Python numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.devices import CPU, check_device
from shapetorch.tensor.dtypes import DTYPES, dtype
from shapetorch.tensor.formats import PRESERVE, dims_in_memory
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import method
from shapetorch.tensor.options import dtype_argument
from shapetorch.tensor.printing import text_of
from shapetorch.tensor.tape import needs_grad, record
from shapetorch.tensor.tensors import Array, Tensor

BFLOAT16 = DTYPES["bfloat16"].numpy


# -- dtypes -------------------------------------------------------------------------------------------


def cast(array: Array, kind: np.dtype[Any], order: Any = "K") -> Array:
    """A copy of the elements in another dtype, as PyTorch converts them.

    Complex numbers lose their imaginary part, floating numbers are cut off towards zero and
    integers wrap around.
    """
    if array.dtype.kind == "c" and kind.kind not in "cb":
        array = array.real
    with np.errstate(all="ignore"):
        if array.dtype.kind in "fV" and kind.kind in "iu" and kind.itemsize < 8:
            # by way of int64, so that what does not fit wraps around instead of being undefined
            return array.astype(np.int64, order=order).astype(kind)
        return array.astype(kind, order=order)


def to_copy_backward(node: Any, grad: Tensor) -> Tensor:
    """The engine gives the gradient the input's dtype."""
    return grad


def converted(
    self: Tensor, found: dtype, copy: bool = False, memory_format: Any = PRESERVE
) -> Tensor:
    """The tensor in another dtype; itself if nothing changes and no copy is asked for."""
    array = self._array
    if found.numpy == array.dtype and not copy:
        wanted = memory_format is not PRESERVE and memory_format is not None
        if not wanted or in_format(array, memory_format):
            return self
    made = cast(array, found.numpy)
    return record(formatted(made, memory_format), (self,), to_copy_backward)


def in_format(array: Array, memory_format: Any) -> bool:
    """Whether an array's dims lie in memory as the format says."""
    return bool(array.transpose(dims_in_memory(memory_format, array.ndim)).flags.c_contiguous)


def formatted(array: Array, memory_format: Any) -> Array:
    """The array, copied if its dims do not lie in memory as the format says."""
    if memory_format is PRESERVE or memory_format is None or in_format(array, memory_format):
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
    **keyword: Any,
) -> Tensor:
    """The tensor in another dtype, device or order in memory; itself if nothing changes.

    Args:
        args: A dtype, a device, both, or a tensor to be like; then `non_blocking` and `copy`.
        device: The CPU.
        dtype: The dtype.
        non_blocking: Without effect.
        copy: Whether it is a copy in any case.
        memory_format: The order of dims in memory.
        keyword: ``other=``, a tensor to be like.

    Raises:
        RuntimeError: the device is not there.
        TypeError: an argument is none of these.
    """
    rest = list(args)
    other = keyword.pop("other", None)
    if keyword:
        raise TypeError(f"to() got an unexpected keyword argument '{next(iter(keyword))}'")
    if rest and isinstance(rest[0], Tensor):
        other = rest.pop(0)
    if other is not None:
        dtype = other.dtype
    elif (
        rest
        and (rest[0] is None or isinstance(rest[0], (str, int, type(CPU))))
        and not isinstance(rest[0], bool)
    ):
        device = rest.pop(0)
        if rest and not isinstance(rest[0], bool):
            dtype = rest.pop(0)
    elif rest and not isinstance(rest[0], bool):
        dtype = dtype_argument("to", rest.pop(0))
    if rest:
        rest.pop(0)  # non_blocking has no effect on the CPU
    if rest:
        copy = rest.pop(0)
    if rest:
        raise TypeError(f"to() received an invalid combination of arguments - got {args!r}")
    if device is not None:
        check_device(device)
    found = self.dtype if dtype is None else dtype_argument("to", dtype)
    return converted(self, found, bool(copy), memory_format)


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


# -- arrays -------------------------------------------------------------------------------------------


@method()
def numpy(self: Tensor, *, force: bool = False) -> Array:
    """The elements as an array that shares the tensor's memory.

    Args:
        self: The tensor.
        force: Whether it is detached first.

    Raises:
        RuntimeError: the tensor needs a gradient.
        TypeError: it is bfloat16, which NumPy does not have.
    """
    if self._meta is not None and not force and needs_grad(self):
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        )
    if self._array.dtype == BFLOAT16:
        raise TypeError("numpy: NumPy has no dtype bfloat16; convert with tensor.float() first")
    return self._array


# -- Python -------------------------------------------------------------------------------------------


@method()
def item(self: Tensor) -> Any:
    """The one element as a Python number.

    Raises:
        ShapeError: item_error_not_scalar.
    """
    array = self._array
    if array.size != 1:
        judged("item", self)
    found = array.item()
    return found if array.dtype != BFLOAT16 else float(found)


@method()
def tolist(self: Tensor) -> Any:
    """The elements as nested lists of Python numbers; of a 0-D tensor, the number."""
    array = self._array
    return array.astype(np.float32).tolist() if array.dtype == BFLOAT16 else array.tolist()


@method("__repr__")
def text(self: Tensor, *, tensor_contents: str | None = None) -> str:
    """The elements, and what else is to be known: see `printing`."""
    return text_of(self, tensor_contents)
