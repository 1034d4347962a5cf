"""Tensors of given sizes: filled, or left as the memory is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import is_number, spread
from shapetorch.tensor.dtypes import dtype, of_number
from shapetorch.tensor.formats import CONTIGUOUS, PRESERVE, dims_in_memory, order_of_copy, repeats
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.options import (
    allocated,
    check_placement,
    element_type,
    finished,
    plain_sizes,
    size_keyword,
    sizes,
    written,
)
from shapetorch.tensor.scalars import scalar
from shapetorch.tensor.tensors import Array, Tensor


def _ones(name: str, shape: Sequence[int], kind: np.dtype[Any]) -> Array:
    array = allocated(name, shape, kind)
    array.fill(1)
    return array


@operation()
def zeros(
    *size: Any,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **keyword: Any,
) -> Tensor:
    """A tensor of zeros.

    Args:
        size: The sizes, one by one or as one sequence.
        out: Where to write it.
        dtype: The default floating dtype if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.
        keyword: ``size=`` instead of positional sizes.

    Raises:
        ShapeError: creation_error_negative_size.
        RuntimeError: there is not that much memory.
    """
    shape = sizes("zeros", size, size_keyword("zeros", keyword))
    check_placement("zeros", device, layout, pin_memory)
    array = allocated("zeros", shape, _kind_for("zeros", dtype, out), zeroed=True)
    return written("zeros", out, finished(array, requires_grad), dtype)


@operation()
def ones(
    *size: Any,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **keyword: Any,
) -> Tensor:
    """A tensor of ones; see `zeros`."""
    shape = sizes("ones", size, size_keyword("ones", keyword))
    check_placement("ones", device, layout, pin_memory)
    array = _ones("ones", shape, _kind_for("ones", dtype, out))
    return written("ones", out, finished(array, requires_grad), dtype)


@operation()
def empty(
    *size: Any,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = CONTIGUOUS,
    **keyword: Any,
) -> Tensor:
    """A tensor whose elements are not set; see `zeros`."""
    shape = sizes("empty", size, size_keyword("empty", keyword))
    check_placement("empty", device, layout, pin_memory)
    array = _in_format("empty", shape, _kind_for("empty", dtype, out), memory_format)
    return written("empty", out, finished(array, requires_grad), dtype)


def _kind_for(
    name: str, given: Any, out: Tensor | None, default: np.dtype[Any] | None = None
) -> np.dtype[Any]:
    """The dtype asked for; else that of `out`, else the default."""
    if given is None and isinstance(out, Tensor):
        return out._array.dtype
    return element_type(name, given, default)


def _in_format(name: str, shape: Sequence[int], kind: np.dtype[Any], wanted: Any) -> Array:
    if wanted is CONTIGUOUS or wanted is None:
        return allocated(name, shape, kind)
    if wanted is PRESERVE:
        raise RuntimeError(f"{name}: unsupported memory format {wanted}: there is none to preserve")
    order = dims_in_memory(wanted, len(shape))
    array = allocated(name, [shape[dim] for dim in order], kind)
    return array.transpose(np.argsort(order))


@operation()
def full(
    size: Any,
    fill_value: Any,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor with the same number everywhere; its dtype is the number's if none is given.

    Args:
        size: The sizes, as one sequence.
        fill_value: The number, or a 0-D tensor.
        out: Where to write it.
        dtype: That of the number if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: creation_error_negative_size.
        RuntimeError: the dtype does not hold the number.
    """
    number = fill_number("full", fill_value)
    kind = _kind_for("full", dtype, out, of_number(number).numpy)
    check_placement("full", device, layout, pin_memory)
    array = _filled("full", plain_sizes(size) or judged("full", size, number), number, kind)
    return written("full", out, finished(array, requires_grad), dtype)


def _filled(name: str, shape: Sequence[int], number: Any, kind: np.dtype[Any]) -> Array:
    value = scalar(number, kind)
    array = allocated(name, shape, kind)
    array.fill(value)
    return array


def fill_number(name: str, value: Any, position: int = 2) -> Any:
    """The number that a tensor is filled with.

    Raises:
        TypeError: it is no number.
    """
    if isinstance(value, Tensor) and not value.ndim:
        return value._array.item()
    if not is_number(value):
        raise TypeError(
            f"{name}(): argument 'fill_value' (position {position}) must be Number, "
            f"not {type(value).__name__}"
        )
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        raise OverflowError(f"{name}: int too big to convert: {value}")
    return value


# -- like another tensor ----------------------------------------------------------------------------


def array_like(
    name: str, input: Any, dtype: Any, device: Any, layout: Any, memory_format: Any
) -> Array:
    """New memory with another tensor's sizes, and its order of dims in memory.

    Raises:
        TypeError: `input` is no tensor.
    """
    if not isinstance(input, Tensor):
        raise TypeError(
            f"{name}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}"
        )
    check_placement(name, device, layout)
    kind = element_type(name, dtype, input._array.dtype)
    if memory_format is not PRESERVE and memory_format is not None:
        return _in_format(name, input._array.shape, kind, memory_format)
    return like_in_memory(input._array, kind)


def like_in_memory(array: Array, kind: np.dtype[Any]) -> Array:
    """New memory with an array's sizes and, if it has no gaps or overlaps, its strides."""
    if array.flags.c_contiguous:
        return np.empty(array.shape, kind)
    if repeats(array):
        order = order_of_copy(array)
        return np.empty([array.shape[dim] for dim in order], kind).transpose(np.argsort(order))
    return np.empty_like(array, kind, order="K")


@operation()
def zeros_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = PRESERVE,
) -> Tensor:
    """Zeros in the sizes, the dtype and the order in memory of another tensor."""
    check_placement("zeros_like", pin_memory=pin_memory)
    array = array_like("zeros_like", input, dtype, device, layout, memory_format)
    array.fill(0)
    return finished(array, requires_grad)


@operation()
def ones_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = PRESERVE,
) -> Tensor:
    """Ones in the sizes, the dtype and the order in memory of another tensor."""
    check_placement("ones_like", pin_memory=pin_memory)
    array = array_like("ones_like", input, dtype, device, layout, memory_format)
    array.fill(1)
    return finished(array, requires_grad)


@operation()
def empty_like(
    input: Tensor,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = PRESERVE,
) -> Tensor:
    """Elements that are not set, in the sizes, the dtype and the order in memory of another tensor."""
    check_placement("empty_like", pin_memory=pin_memory)
    array = array_like("empty_like", input, dtype, device, layout, memory_format)
    return finished(array, requires_grad)


@operation()
def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = PRESERVE,
) -> Tensor:
    """One number everywhere, in the sizes, the dtype and the order in memory of another tensor."""
    check_placement("full_like", pin_memory=pin_memory)
    number = fill_number("full_like", fill_value)
    array = array_like("full_like", input, dtype, device, layout, memory_format)
    array[...] = scalar(number, array.dtype)
    return finished(array, requires_grad)


# -- methods: like the tensor, but for what is said ---------------------------------------------------


@operation(methods=("new_zeros",), function=False)
def new_zeros(
    self: Tensor,
    *size: Any,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **keyword: Any,
) -> Tensor:
    """Zeros of the tensor's dtype in other sizes."""
    shape = _new_sizes("new_zeros", self, size, keyword)
    check_placement("new_zeros", device, layout, pin_memory)
    kind = element_type("new_zeros", dtype, self._array.dtype)
    return finished(allocated("new_zeros", shape, kind, zeroed=True), requires_grad)


@operation(methods=("new_ones",), function=False)
def new_ones(
    self: Tensor,
    *size: Any,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **keyword: Any,
) -> Tensor:
    """Ones of the tensor's dtype in other sizes."""
    shape = _new_sizes("new_ones", self, size, keyword)
    check_placement("new_ones", device, layout, pin_memory)
    kind = element_type("new_ones", dtype, self._array.dtype)
    return finished(_ones("new_ones", shape, kind), requires_grad)


@operation(methods=("new_empty",), function=False)
def new_empty(
    self: Tensor,
    *size: Any,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **keyword: Any,
) -> Tensor:
    """Elements of the tensor's dtype that are not set, in other sizes."""
    shape = _new_sizes("new_empty", self, size, keyword)
    check_placement("new_empty", device, layout, pin_memory)
    kind = element_type("new_empty", dtype, self._array.dtype)
    return finished(allocated("new_empty", shape, kind), requires_grad)


def _new_sizes(
    name: str, self: Tensor, size: tuple[Any, ...], keyword: dict[str, Any]
) -> tuple[int, ...]:
    given = spread(name, "size", size, size_keyword(name, keyword))
    return tuple(judged(name, self, *given))


@operation(methods=("new_full",), function=False)
def new_full(
    self: Tensor,
    size: Any,
    fill_value: Any,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """One number everywhere, of the tensor's dtype, in other sizes."""
    number = fill_number("new_full", fill_value)
    check_placement("new_full", device, layout, pin_memory)
    kind = element_type("new_full", dtype, self._array.dtype)
    array = _filled("new_full", judged("new_full", self, size, number), number, kind)
    return finished(array, requires_grad)


# -- strides ------------------------------------------------------------------------------------------


@operation()
def empty_strided(
    size: Any,
    stride: Any,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Elements that are not set, with given steps in memory from one index to the next."""
    check_placement("empty_strided", device, layout, pin_memory)
    kind = element_type("empty_strided", dtype)
    return finished(
        _strided("empty_strided", judged("empty_strided", size, stride), stride, kind),
        requires_grad,
    )


@operation(methods=("new_empty_strided",), function=False)
def new_empty_strided(
    self: Tensor,
    size: Any,
    stride: Any,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """As `empty_strided`, of the tensor's dtype."""
    check_placement("new_empty_strided", device, layout, pin_memory)
    kind = element_type("new_empty_strided", dtype, self._array.dtype)
    shape = judged("empty_strided", size, stride)
    return finished(_strided("new_empty_strided", shape, stride, kind), requires_grad)


def _strided(name: str, shape: tuple[int, ...], stride: Any, kind: np.dtype[Any]) -> Array:
    steps = [int(step) for step in stride]
    if any(step < 0 for step in steps):
        raise RuntimeError(f"{name}: strides must not be negative, got {steps}")
    span = 0 if 0 in shape else 1 + sum((n - 1) * s for n, s in zip(shape, steps, strict=True))
    flat = allocated(name, (span,), kind)
    in_bytes = [step * kind.itemsize for step in steps]
    return np.lib.stride_tricks.as_strided(flat, shape, in_bytes)


@operation()
def empty_permuted(
    size: Any,
    physical_layout: Any,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Elements that are not set, whose dims lie in memory in the given order, the slowest first."""
    shape = judged("empty_strided", size, physical_layout)
    check_placement("empty_permuted", device, layout, pin_memory)
    order = [int(dim) for dim in physical_layout]
    if sorted(order) != list(range(len(shape))):
        raise RuntimeError(
            f"empty_permuted: physical_layout must name each dim once, got {order} for {list(shape)}"
        )
    array = allocated(
        "empty_permuted", [shape[dim] for dim in order], element_type("empty_permuted", dtype)
    )
    return finished(array.transpose(np.argsort(order)), requires_grad)


@operation()
def eye(
    n: Any,
    m: Any = None,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Ones on the diagonal of a matrix, zeros elsewhere: ``(n, m)``, square without `m`."""
    shape = judged("eye", n) if m is None else judged("eye", n, m)
    check_placement("eye", device, layout, pin_memory)
    array = allocated("eye", shape, _kind_for("eye", dtype, out), zeroed=True)
    np.fill_diagonal(array[: shape[1]], 1)
    return written("eye", out, finished(array, requires_grad), dtype)
