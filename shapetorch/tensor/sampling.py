"""Arrays of random numbers: how bits become numbers, in PyTorch's way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.generators import Generator
from shapetorch.tensor.tensors import Array

BFLOAT16 = DTYPES["bfloat16"].numpy
_DIGITS = {
    np.dtype(np.float64): 53,
    np.dtype(np.float32): 24,
    np.dtype(np.float16): 11,
    BFLOAT16: 8,
}
_BLOCK = 16
"""Normal numbers are made in blocks: eight pairs of uniform numbers."""


def uniform(source: Generator, count: int, kind: np.dtype[Any]) -> Array:
    """Numbers in ``[0, 1)``, as many bits as the dtype has digits; in float32 for narrower dtypes."""
    digits = _DIGITS[kind]
    if kind.itemsize == 8:
        bits = source.long_words(count) & np.uint64((1 << digits) - 1)
        return bits.astype(np.float64) * 2.0**-digits
    bits = source.words(count) & np.uint32((1 << digits) - 1)
    return bits.astype(np.float32) * np.float32(2.0**-digits)


def normal(source: Generator, shape: Sequence[int], kind: np.dtype[Any]) -> Array:
    """Numbers of the standard normal distribution, C-contiguous."""
    count = math.prod(shape)
    flat = _in_blocks(source, count, kind) if count >= _BLOCK else one_by_one(source, count)
    return flat.astype(kind, copy=False).reshape(shape)


def _in_blocks(source: Generator, count: int, kind: np.dtype[Any]) -> Array:
    """The pairs of a block of 16 are its first and second half; the last block may overlap."""
    with source.lock:
        drawn = uniform(source, count, kind)
        tail = uniform(source, _BLOCK, kind) if count % _BLOCK else None
    whole = count - count % _BLOCK
    made = drawn
    made[:whole] = _paired(drawn[:whole])
    if tail is not None:
        made[-_BLOCK:] = _paired(tail)
    return made


def _paired(drawn: Array) -> Array:
    """Box and Muller's transformation of each block."""
    halves = drawn.reshape(-1, 2, _BLOCK // 2)
    radius = np.sqrt(-2 * np.log(1 - halves[:, 0]))
    angle = halves[:, 1] * drawn.dtype.type(2 * math.pi)
    made = np.empty_like(halves)
    np.multiply(radius, np.cos(angle), out=made[:, 0])
    np.multiply(radius, np.sin(angle), out=made[:, 1])
    return made.reshape(-1)


def one_by_one(source: Generator, count: int) -> Array:
    """Normal numbers in float64; the second of the last pair may be left for the next call."""
    made = np.empty(count, np.float64)
    if not count:
        return made
    with source.lock:
        first = 0
        if source.spare is not None:
            made[0], source.spare, first = source.spare, None, 1
        pairs = (count - first + 1) // 2
        drawn = uniform(source, 2 * pairs, np.dtype(np.float64))
        radius = np.sqrt(-2 * np.log1p(-drawn[1::2]))
        angle = 2 * math.pi * drawn[::2]
        both = np.empty(2 * pairs)
        both[::2], both[1::2] = radius * np.cos(angle), radius * np.sin(angle)
        if 2 * pairs > count - first:
            source.spare = float(both[-1])
        made[first:] = both[: count - first]
    return made


_MANY = 1 << 28
"""Above that many values, an integer takes 64 bits."""


def integers(source: Generator, low: int, high: int, count: int) -> Array:
    """Integers from `low` to below `high`, as int64."""
    span = high - low
    if span >= _MANY:
        drawn = (
            source.long_words(count) % np.uint64(span) if span < 2**64 else source.long_words(count)
        )
        return (drawn + np.uint64(low % 2**64)).astype(np.int64)
    return (source.words(count) % np.uint32(span)).astype(np.int64) + low


def permutation(source: Generator, count: int) -> Array:
    """The numbers below `count` in random order, as int64."""
    made = list(range(count))
    spans = np.arange(count, 1, -1)
    if count > 1:
        steps = (source.words(count - 1) % spans.astype(np.uint32)).tolist()
        for place, step in enumerate(steps):
            made[place], made[place + step] = made[place + step], made[place]
    return np.array(made, np.int64)
