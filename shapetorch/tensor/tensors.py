"""The tensor: a NumPy array under PyTorch's interface.

Views share the array. Every operation goes through `dispatch.apply`, so its shapes are judged by
the rule of the same name. ``Tensor[B, T, 512]`` is an annotation, not a tensor.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.annotations.tensors import annotate
from shapetorch.tensor.dispatch import apply, judge
from shapetorch.tensor.dtypes import DEFAULTS, OF_NUMPY, dtype
from shapetorch.tensor.operations import Array


class Tensor:
    """A tensor of numbers on the CPU."""

    __slots__ = ("_array",)
    _array: Array
    __array_priority__ = 1000  # so that array + tensor asks the tensor

    def __init__(self, data: Any = ()) -> None:
        from shapetorch.tensor.creation import tensor

        self._array = tensor(data, dtype=DEFAULTS[2])._array

    def __class_getitem__(cls, items: Any) -> Any:
        return annotate(items)

    @classmethod
    def of_numpy(cls, array: Array) -> Tensor:
        """A tensor that shares an array.

        Raises:
            TypeError: of a dtype that tensors do not have.
        """
        if array.dtype not in OF_NUMPY:
            raise TypeError(f"from_numpy: no tensor has elements of dtype {array.dtype}")
        made = object.__new__(cls)
        made._array = array
        return made

    # -- what it is ----------------------------------------------------------------------------
    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes."""
        return tuple(self._array.shape)

    @property
    def dtype(self) -> dtype:
        """The element type."""
        return OF_NUMPY[self._array.dtype]

    @property
    def ndim(self) -> int:
        """The number of dims."""
        return self._array.ndim

    def dim(self) -> int:
        """The number of dims."""
        return self._array.ndim

    def numel(self) -> int:
        """The number of elements."""
        return self._array.size

    def size(self, dim: int | None = None) -> Any:
        """The shape, or one size of it."""
        if dim is None:
            return self.shape
        from shapetorch.rules.axes import axis

        return self.shape[axis("size", dim, self.shape, scalar=False)]

    def numpy(self) -> Array:
        """The array itself, not a copy."""
        return self._array

    def item(self) -> Any:
        """The one element as a Python number.

        Raises:
            ShapeError: item_error_not_scalar.
        """
        judge("item", (self,), {})
        return self._array.item()

    def tolist(self) -> Any:
        """Nested lists of Python numbers."""
        return self._array.tolist()

    def __len__(self) -> int:
        if not self._array.ndim:
            raise TypeError("len() of a 0-d tensor")
        return len(self._array)

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self._array, dtype, copy=copy)

    def __repr__(self) -> str:
        text = np.array2string(self._array, separator=", ", prefix="tensor(")
        return (
            f"tensor({text})" if self.dtype in DEFAULTS else f"tensor({text}, dtype={self.dtype})"
        )

    # -- what one can do with it -----------------------------------------------------------------
    def add(self, other: Tensor | complex, *, alpha: complex = 1) -> Tensor:
        """``self + alpha * other``."""
        return apply("add", self, other, alpha=alpha)

    def sub(self, other: Tensor | complex, *, alpha: complex = 1) -> Tensor:
        """``self - alpha * other``."""
        return apply("sub", self, other, alpha=alpha)

    def mul(self, other: Tensor | complex) -> Tensor:
        """``self * other``."""
        return apply("mul", self, other)

    def div(self, other: Tensor | complex) -> Tensor:
        """``self / other``."""
        return apply("div", self, other)

    def matmul(self, other: Tensor) -> Tensor:
        """``self @ other``."""
        return apply("matmul", self, other)

    def reshape(self, *shape: Any) -> Tensor:
        """The same elements in other sizes, one of which may be -1."""
        return apply("reshape", self, *shape)

    def view(self, *size: Any) -> Tensor:
        """The same memory in other sizes, one of which may be -1."""
        return apply("view", self, *size)

    def at(self, *index: Any) -> Tensor:
        """The part that an index for each dim selects.

        Args:
            index: A number, a range ``(start, end[, step])``, None for a whole dim, ``"..."`` for
                the rest, or a tensor of integers or booleans.

        Raises:
            ShapeError: at_error_index_out_of_bounds, slice_error_out_of_bounds, index_error_too_many.
        """
        from shapetorch.rules.indexing import at_shape, parse_at

        at_shape(self.shape, parse_at(index, _index_element))
        items = index[0] if len(index) == 1 and isinstance(index[0], list) else index
        return Tensor.of_numpy(np.asarray(self._array[tuple(_numpy_index(it) for it in items)]))

    def __add__(self, other: Any) -> Tensor:
        return _operate("add", self, other, "__add__")

    def __radd__(self, other: Any) -> Tensor:
        return _operate("add", other, self)

    def __sub__(self, other: Any) -> Tensor:
        return _operate("sub", self, other, "__sub__")

    def __rsub__(self, other: Any) -> Tensor:
        return _operate("sub", other, self)

    def __mul__(self, other: Any) -> Tensor:
        return _operate("mul", self, other, "__mul__")

    def __rmul__(self, other: Any) -> Tensor:
        return _operate("mul", other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return _operate("div", self, other, "__truediv__")

    def __rtruediv__(self, other: Any) -> Tensor:
        return _operate("div", other, self)

    def __matmul__(self, other: Any) -> Tensor:
        return _operate("matmul", self, other, "__matmul__")

    def __rmatmul__(self, other: Any) -> Tensor:
        return _operate("matmul", other, self)


def _index_element(item: Any) -> Any:
    from shapetorch.rules.indexing import Index, Mask

    array = np.asarray(item)
    is_mask = array.dtype == np.bool_
    return Mask(array.shape, int(array.sum())) if is_mask else Index(array.shape)


def _numpy_index(item: Any) -> Any:
    if item is None:
        return slice(None)
    if isinstance(item, Tensor):
        return item._array
    return ... if item == "..." else slice(*item) if isinstance(item, tuple) else item


def _operate(name: str, left: Any, right: Any, operator: str | None = None) -> Tensor:
    """The result of an operator, whose operands may also be arrays and numbers."""
    operands = [Tensor.of_numpy(x) if isinstance(x, np.ndarray) else x for x in (left, right)]
    if not all(isinstance(operand, (Tensor, int, float, complex)) for operand in operands):
        return NotImplemented  # type: ignore[no-any-return]
    return apply(name, *operands, operator=operator)
