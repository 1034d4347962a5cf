"""Layouts and memory formats: names of PyTorch for how elements lie in memory."""

from __future__ import annotations

from typing import Any


class layout:  # noqa: N801 - PyTorch's name
    """How a tensor is stored: tensors of this library are ``strided``, the others are names."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_layout, (self.name,))


class memory_format:  # noqa: N801 - PyTorch's name
    """The order of dims in memory that a copy shall have."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_memory_format, (self.name,))


LAYOUTS = {
    name: layout(name)
    for name in "strided sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc jagged".split()
}
MEMORY_FORMATS = {
    name: memory_format(name)
    for name in "contiguous_format preserve_format channels_last channels_last_3d".split()
}
STRIDED = LAYOUTS["strided"]
CONTIGUOUS = MEMORY_FORMATS["contiguous_format"]
PRESERVE = MEMORY_FORMATS["preserve_format"]
CHANNELS_LAST = MEMORY_FORMATS["channels_last"]
CHANNELS_LAST_3D = MEMORY_FORMATS["channels_last_3d"]


def _layout(name: str) -> layout:
    return LAYOUTS[name]


def _memory_format(name: str) -> memory_format:
    return MEMORY_FORMATS[name]


def dims_in_memory(wanted: Any, rank: int) -> tuple[int, ...]:
    """The dims from the slowest to the fastest in memory, for a format that names an order.

    Raises:
        TypeError: `wanted` is no memory format.
        RuntimeError: it is a format for another rank.
    """
    if wanted is CHANNELS_LAST or wanted is CHANNELS_LAST_3D:
        needed = 4 if wanted is CHANNELS_LAST else 5
        if rank != needed:
            raise RuntimeError(
                f"required rank {needed} tensor to use {wanted.name} format, got rank {rank}"
            )
        return (0, *range(2, rank), 1)
    check_format(wanted)
    return tuple(range(rank))


def check_format(wanted: Any) -> None:
    """Raise TypeError if it is no memory format."""
    if not isinstance(wanted, memory_format):
        raise TypeError(
            f"argument 'memory_format' must be torch.memory_format, not {type(wanted).__name__}"
        )


def order_of_copy(array: Any) -> list[int]:
    """The dims from the slowest to the fastest that a copy of an array with repeated elements has.

    A dim of stride 0 goes with any other, so it keeps its place among them.
    """
    shape, strides = array.shape, array.strides
    order = list(range(array.ndim - 1, -1, -1))  # the fastest first
    for end in range(1, len(order)):
        here = end
        for place in range(end - 1, -1, -1):
            first, second = order[place], order[here]
            if not strides[first] or not strides[second]:
                continue
            if (strides[first], shape[first]) > (strides[second], shape[second]):
                order[place], order[here] = second, first
                here = place
            elif strides[first] < strides[second]:
                break
    return order[::-1]


def repeats(array: Any) -> bool:
    """Whether several indices of an array stand for one place in memory, as after `expand`."""
    if 0 not in array.strides or not array.size:
        return False
    return any(not step and size > 1 for step, size in zip(array.strides, array.shape, strict=True))
