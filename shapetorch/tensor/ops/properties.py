"""What a tensor says of itself: sizes, strides, where it lies in memory."""

from __future__ import annotations

from typing import Any

from shapetorch.rules.axes import axis
from shapetorch.tensor.arguments import integer, single, tensor_argument
from shapetorch.tensor.formats import CONTIGUOUS, STRIDED, dims_in_memory, layout
from shapetorch.tensor.geometry import address, element_strides
from shapetorch.tensor.operations import attribute, method, operation
from shapetorch.tensor.sizes import plain_size
from shapetorch.tensor.storage import memory_of
from shapetorch.tensor.storage import storage_offset as offset_of
from shapetorch.tensor.tensors import Tensor


@operation(methods=("numel", "nelement"))
def numel(input: Tensor) -> int:
    """The number of elements."""
    return tensor_argument("numel", "input", input)._stored.size


@method()
def dim(self: Tensor) -> int:
    """The number of dims."""
    return self._stored.ndim


@method()
def ndimension(self: Tensor) -> int:
    """The number of dims."""
    return self._stored.ndim


@method()
def size(self: Tensor, dim: int | None = None, *, axis: int | None = None) -> Any:
    """The sizes, or the size of one dim.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    shape = self._stored.shape
    if axis is not None:
        dim = single("size", dim=dim, axis=axis)
    if dim is None:
        return plain_size(shape)
    if dim.__class__ is int and -len(shape) <= dim < len(shape):
        return shape[dim]
    return judged_size(self, dim)


def judged_size(self: Tensor, dim: Any) -> int:
    """The size of a dim that is no plain integer in range."""
    size: int = self._stored.shape[_place("size", self, dim)]
    return size


def _place(name: str, self: Tensor, dim: Any) -> int:
    return axis(name, integer(name, "dim", dim), self._stored.shape, scalar=False)


@method()
def stride(self: Tensor, dim: int | None = None, *, axis: int | None = None) -> Any:
    """How many elements lie between neighbours along each dim, or along one."""
    steps = element_strides(self._stored)
    if axis is not None:
        dim = single("stride", dim=dim, axis=axis)
    if dim is None:
        return steps
    if dim.__class__ is int and -len(steps) <= dim < len(steps):
        return steps[dim]
    return steps[_place("stride", self, dim)]


@method()
def element_size(self: Tensor) -> int:
    """The bytes of one element."""
    return self._stored.itemsize


@method()
def is_contiguous(self: Tensor, memory_format: Any = CONTIGUOUS) -> bool:
    """Whether the elements lie in memory one after the other, in order."""
    array = self._stored
    if memory_format is CONTIGUOUS:
        return bool(array.flags.c_contiguous)
    if array.ndim != {"channels_last": 4, "channels_last_3d": 5}.get(
        getattr(memory_format, "name", ""), array.ndim
    ):
        return False
    return bool(array.transpose(dims_in_memory(memory_format, array.ndim)).flags.c_contiguous)


@method()
def data_ptr(self: Tensor) -> int:
    """The address of the first element; 0 of a tensor without elements."""
    return address(self._stored) if self._stored.size else 0


@method()
def storage_offset(self: Tensor) -> int:
    """How many elements of the memory lie before the first one."""
    return offset_of(self)


@method()
def is_set_to(self: Tensor, tensor: Tensor) -> bool:
    """Whether both are the same view of the same memory."""
    tensor_argument("is_set_to", "tensor", tensor)
    return (
        memory_of(self) is memory_of(tensor)
        and self.storage_offset() == tensor.storage_offset()
        and self._stored.shape == tensor._stored.shape
        and self.stride() == tensor.stride()
        and self._reads_as is tensor._reads_as is Tensor  # PyTorch denies it of conjugates
    )


@method("_is_view")
def is_view(self: Tensor) -> bool:
    """Whether it is a view of another tensor."""
    return self._base is not None


def _itemsize(self: Tensor) -> int:
    """The bytes of one element."""
    return self._stored.itemsize


def _nbytes(self: Tensor) -> int:
    """The bytes of all elements."""
    return self._stored.size * self._stored.itemsize


def _layout(self: Tensor) -> layout:
    """How the elements are stored: `strided`."""
    return STRIDED


# they know NumPy's word themselves, and are called too often for a layer that does
Tensor.size = size  # type: ignore[attr-defined]
Tensor.stride = stride  # type: ignore[attr-defined]
attribute("itemsize", _itemsize)
attribute("nbytes", _nbytes)
attribute("layout", _layout)
