"""Random numbers written into the memory of an array, in the order in which it lies there."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np

from shapetorch.tensor import sampling
from shapetorch.tensor.generators import Generator
from shapetorch.tensor.tensors import Array

_PARTS: dict[int, np.dtype[Any]] = {8: np.dtype(np.float32), 16: np.dtype(np.float64)}


def in_memory_order(array: Array, values: Array) -> None:
    """Write values of a row into an array, the first to the first place in memory."""
    if array.flags.c_contiguous:
        array[...] = values.reshape(array.shape)
        return
    order = sorted(range(array.ndim), key=lambda dim: -array.strides[dim])
    target = array.transpose(order)
    target[...] = values.reshape(target.shape)


def _parts(array: Array) -> Array:
    """The real and imaginary parts of complex memory, as a view with one more dim."""
    kind = _PARTS[array.itemsize]
    return np.lib.stride_tricks.as_strided(
        array.view(kind) if array.flags.c_contiguous and array.ndim else array.real,
        (*array.shape, 2),
        (*array.strides, kind.itemsize),
    )


def fill_uniform(
    name: str, array: Array, source: Generator, start: float = 0.0, end: float = 1.0
) -> None:
    """Numbers of the uniform distribution over ``[start, end)``.

    Raises:
        NotImplementedError: the dtype is integer or bool.
        RuntimeError: the bounds are in the wrong order, or do not fit into the dtype.
    """
    if array.dtype.kind == "c":
        fill_uniform(name, _parts(array), source, start, end)
        return
    if array.dtype not in sampling.DIGITS:
        raise NotImplementedError(f'"{name}" not implemented for {array.dtype.name}')
    _check_range(name, array.dtype, start, end)
    in_memory_order(array, sampling.uniform_between(source, array.size, array.dtype, start, end))


def _check_range(name: str, kind: np.dtype[Any], start: float, end: float) -> None:
    with np.errstate(over="ignore"):
        for word, value in (("from", start), ("to", end), ("to - from", end - start)):
            if not np.isfinite(np.asarray(value).astype(kind)):
                raise RuntimeError(f"{name}: {word} is out of bounds for {kind.name}: {value}")
    if start > end:
        raise RuntimeError(
            f"{name} expects to return a [from, to) range, but found from={start} > to={end}"
        )


def fill_normal(
    name: str, array: Array, source: Generator, mean: float = 0.0, std: float = 1.0
) -> None:
    """Numbers of a normal distribution; the parts of complex numbers share the variance.

    Raises:
        NotImplementedError: the dtype is integer or bool.
        RuntimeError: `std` is negative.
    """
    if not std >= 0:
        raise RuntimeError(f"{name} expects std >= 0.0, but found std {std}")
    if array.dtype.kind == "c":
        fill_normal(name, _parts(array), source, mean, std * 0.5**0.5)
        return
    if not array.size:
        return
    if array.dtype not in sampling.DIGITS:
        raise NotImplementedError(f'"{name}" not implemented for {array.dtype.name}')
    drawn = sampling.normal(source, array.size, array.dtype, array.flags.c_contiguous)
    if mean != 0 or std != 1:
        drawn *= drawn.dtype.type(std)
        drawn += drawn.dtype.type(mean)
    in_memory_order(array, drawn)


def integer_bounds(name: str, low: int, high: int, kind: np.dtype[Any]) -> None:
    """Whether integers from `low` to below `high` can be drawn.

    Raises:
        RuntimeError: `low` is not below `high`, or the dtype does not hold them.
    """
    if low >= high:
        raise RuntimeError(
            f"{name} expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    if kind.char in "lq" and low >= -(2**63) and high <= 2**63:
        return
    if kind.kind == "c":
        raise RuntimeError(f"{name}: integers are not drawn for {kind.name}")
    if kind.kind == "b":
        lowest, largest = 0, 1
    elif kind.kind in "iu":
        limits = np.iinfo(kind)
        lowest, largest = int(limits.min), int(limits.max)
    else:
        largest = int(float(ml_dtypes.finfo(kind).max))  # type: ignore[no-untyped-call]
        lowest = -largest
    for word, value in (("from", low), ("to - 1", high - 1)):
        if not lowest <= value <= largest:
            raise RuntimeError(f"{name}: {word} is out of bounds for {kind.name}: {value}")
