"""``tensor.untyped_storage()`` and ``tensor.storage()``: the memory of a tensor as an object."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.devices import CPU, device
from shapetorch.tensor.dtypes import OF_NUMPY, dtype
from shapetorch.tensor.geometry import address, flat_memory
from shapetorch.tensor.operations import method
from shapetorch.tensor.storage import memory_of
from shapetorch.tensor.tensors import Array, Tensor, owner


class UntypedStorage:
    """The bytes that a tensor and its views share.

    Args:
        data: How many bytes, or the bytes.
    """

    def __init__(self, data: Any = 0) -> None:
        self.bytes: Array = (
            np.array(data, np.uint8) if not isinstance(data, int) else np.zeros(data, np.uint8)
        )
        self._owner: Tensor | None = None

    @property
    def device(self) -> device:
        """The CPU."""
        return CPU

    def nbytes(self) -> int:
        """The number of bytes."""
        return self.bytes.size

    size = nbytes
    __len__ = nbytes

    def element_size(self) -> int:
        """The bytes of an element: 1."""
        return 1

    def data_ptr(self) -> int:
        """The address of the first byte."""
        return address(self.bytes) if self.bytes.size else 0

    def __getitem__(self, place: Any) -> Any:
        found = self.bytes[place]
        return found.tolist() if isinstance(found, np.ndarray) else int(found)

    def __setitem__(self, place: Any, value: Any) -> None:
        self.bytes[place] = value
        self._wrote()

    def _wrote(self) -> None:
        if self._owner is not None:
            self._owner._writes += 1

    def fill_(self, value: int) -> UntypedStorage:
        """Set every byte."""
        self.bytes[...] = value
        self._wrote()
        return self

    def copy_(self, source: UntypedStorage) -> UntypedStorage:
        """Copy another storage of the same size into this one."""
        if source.nbytes() != self.nbytes():
            raise RuntimeError(f"copy_: expected {self.nbytes()} bytes, got {source.nbytes()}")
        self.bytes[...] = source.bytes
        self._wrote()
        return self

    def clone(self) -> UntypedStorage:
        """A copy."""
        return UntypedStorage(self.bytes)

    def tolist(self) -> list[int]:
        """The bytes."""
        return self.bytes.tolist()  # type: ignore[no-any-return]

    def cpu(self) -> UntypedStorage:
        """The storage itself."""
        return self

    def is_shared(self) -> bool:
        """Whether processes share it."""
        return self._owner is not None and bool(self._owner.is_shared())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UntypedStorage) and self.data_ptr() == other.data_ptr()

    def __hash__(self) -> int:
        return hash(self.data_ptr())

    def __repr__(self) -> str:
        rows = "".join(f" {byte}\n" for byte in self.bytes[:1000])
        return f"{rows}[torch.storage.UntypedStorage(device=cpu) of size {self.nbytes()}]"


class TypedStorage:
    """The elements that a tensor and its views share."""

    def __init__(self, elements: Array, untyped: UntypedStorage) -> None:
        self.elements = elements
        self._untyped = untyped

    @property
    def dtype(self) -> dtype:
        """The element type."""
        return OF_NUMPY[self.elements.dtype]

    @property
    def device(self) -> device:
        """The CPU."""
        return CPU

    def untyped(self) -> UntypedStorage:
        """The same memory as bytes."""
        return self._untyped

    def size(self) -> int:
        """The number of elements."""
        return self.elements.size

    __len__ = size

    def nbytes(self) -> int:
        """The number of bytes."""
        return self.elements.nbytes

    def element_size(self) -> int:
        """The bytes of an element."""
        return self.elements.itemsize

    def data_ptr(self) -> int:
        """The address of the first element."""
        return self._untyped.data_ptr()

    def __getitem__(self, place: Any) -> Any:
        return self.elements[place].tolist()

    def __setitem__(self, place: Any, value: Any) -> None:
        self.elements[place] = value
        self._untyped._wrote()

    def tolist(self) -> list[Any]:
        """The elements."""
        return self.elements.tolist()  # type: ignore[no-any-return]

    def is_shared(self) -> bool:
        """Whether processes share it."""
        return self._untyped.is_shared()

    def __repr__(self) -> str:
        rows = "".join(f" {item}\n" for item in self.elements[:1000].tolist())
        return f"{rows}[torch.storage.TypedStorage(dtype={self.dtype}, device=cpu) of size {self.size()}]"


@method()
def untyped_storage(self: Tensor) -> UntypedStorage:
    """The memory that the tensor shares with its views, as bytes."""
    flat = flat_memory(memory_of(self))
    made = UntypedStorage()
    made.bytes = flat.view(np.uint8)
    made._owner = owner(self)
    return made


@method()
def storage(self: Tensor) -> TypedStorage:
    """The memory that the tensor shares with its views, as elements."""
    return TypedStorage(flat_memory(memory_of(self)), untyped_storage(self))
