"""Arrays of random numbers: how bits become numbers, in PyTorch's way.

Numbers come in a row; who asks puts them into a tensor in the order of its memory. Functions lock the
generator while they draw.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from shapetorch.tensor import buffers, kernels
from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.generators import Generator
from shapetorch.tensor.tensors import Array

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
BFLOAT16 = DTYPES["bfloat16"].numpy
DIGITS = {FLOAT64: 53, FLOAT32: 24, np.dtype(np.float16): 11, BFLOAT16: 8}
"""Binary digits of a floating dtype."""
BLOCK = 16
"""Normal numbers are made in blocks: eight pairs of uniform numbers."""
_LOW_21 = np.uint32((1 << 21) - 1)
_LARGE = 1 << 12
"""Numbers from which memory that is used again is worth asking for."""
_SOME, _WORK = 64, 100
"""Numbers from which a kernel permutes them, and what each costs in Python, in element-wise operations."""
MANY = 1 << 28
"""Above that many values, an integer takes 64 bits."""


def uniform(source: Generator, count: int, kind: np.dtype[Any]) -> Array:
    """Numbers in ``[0, 1)``, with all bits of a float32 or float64; in float32 for narrower dtypes."""
    if kind.itemsize == 8:
        words = source.words(2 * count)
        made = buffers.empty((count,), FLOAT64)
        np.multiply(words[1::2], 2.0**-53, out=made)  # the sum has 53 bits: nothing is rounded
        words[::2] &= _LOW_21
        made += words[::2] * 2.0**-21
        return made
    return source.floats(count)


def uniform_between(
    source: Generator, count: int, kind: np.dtype[Any], start: float = 0.0, end: float = 1.0
) -> Array:
    """Numbers in ``[start, end)``: what is rounded up to the end becomes the start."""
    drawn = uniform(source, count, kind)
    is_plain = start == 0 and end == 1
    if not is_plain:
        drawn *= drawn.dtype.type(end - start)
        drawn += drawn.dtype.type(start)
    if is_plain and kind.itemsize > 2:
        return drawn
    rounded = drawn.astype(kind, copy=False)
    rounded[rounded == kind.type(end)] = start
    return rounded


def normal(source: Generator, count: int, kind: np.dtype[Any], in_order: bool = True) -> Array:
    """Numbers of the standard normal distribution, in float32 or wider.

    Args:
        source: The generator.
        count: How many.
        kind: Of what they are for.
        in_order: Whether they are for contiguous memory, which is filled in blocks.
    """
    if count >= BLOCK and in_order:
        return _in_blocks(source, count, kind)
    return one_by_one(source, count)


def _in_blocks(source: Generator, count: int, kind: np.dtype[Any]) -> Array:
    """The pairs of a block of 16 are its first and second half; the last block may overlap."""
    whole = count - count % BLOCK
    with source.lock:
        # what the last block overwrites is drawn all the same, but not for the narrow dtypes
        drawn = uniform(source, count if kind.itemsize > 2 else whole, kind)
        tail = uniform(source, BLOCK, kind) if count > whole else None
    made = drawn if len(drawn) == count else np.resize(drawn, count)
    _pair(made[:whole])
    if tail is not None:
        _pair(tail)
        made[-BLOCK:] = tail
    return made


def _pair(drawn: Array) -> None:
    """Box and Muller's transformation of each block, in place."""
    halves = drawn.reshape(-1, 2, BLOCK // 2)
    radius, angle, wave = (buffers.empty((len(halves), BLOCK // 2), drawn.dtype) for _ in range(3))
    np.subtract(1, halves[:, 0], out=radius)
    np.log(radius, out=radius)
    radius *= -2
    np.sqrt(radius, out=radius)
    np.multiply(halves[:, 1], drawn.dtype.type(2 * math.pi), out=angle)
    np.multiply(radius, np.cos(angle, out=wave), out=halves[:, 0])
    np.multiply(radius, np.sin(angle, out=wave), out=halves[:, 1])


def one_by_one(source: Generator, count: int) -> Array:
    """Normal numbers in float64; the second of the last pair may be left for the next call."""
    made = np.empty(count, FLOAT64)
    if not count:
        return made
    with source.lock:
        first = 0
        if source.spare is not None:
            made[0], source.spare, first = source.spare, None, 1
        pairs = (count - first + 1) // 2
        drawn = uniform(source, 2 * pairs, FLOAT64)
        radius = np.sqrt(-2 * np.log1p(-drawn[1::2]))
        angle = 2 * math.pi * drawn[::2]
        both = np.empty(2 * pairs)
        both[::2], both[1::2] = radius * np.cos(angle), radius * np.sin(angle)
        if 2 * pairs > count - first:
            source.spare = float(both[-1])
        made[first:] = both[: count - first]
    return made


def integers(source: Generator, low: int, high: int, count: int) -> Array:
    """Integers from `low` to below `high`, as int64 (as uint64 bits beyond)."""
    span = high - low
    if span >= MANY:
        drawn = source.long_words(count)
        if span == 2**64:  # all there are
            return drawn.view(np.int64)
        drawn %= np.uint64(span)
        return (drawn + np.uint64(low % 2**64)).view(np.int64)
    words, divisor = source.words(count), np.uint32(span)
    if count < _LARGE:
        made = (words % divisor).astype(np.int64)
        made += low
        return made
    whole = buffers.empty((count,), words.dtype)
    np.floor_divide(words, divisor, out=whole)  # this division is the fast one
    whole *= divisor
    words -= whole
    made = buffers.empty((count,), np.dtype(np.int64))
    np.add(words, np.int64(low), out=made)  # which may be negative
    return made


def whole_range(source: Generator, count: int, kind: np.dtype[Any]) -> Array:
    """Integers from 0 to the largest that the dtype holds (a floating dtype: without gaps)."""
    if kind.kind == "b":
        return (source.words(count) & np.uint32(1)).astype(kind)
    top = values_of(kind)
    if kind.itemsize == 8:
        return (source.long_words(count) % np.uint64(top)).astype(kind)
    return (source.words(count) % np.uint32(top)).astype(kind)


def values_of(kind: np.dtype[Any]) -> int:
    """How many integers, from 0 on, a dtype holds without gaps."""
    if kind.kind == "b":
        return 2
    return int(np.iinfo(kind).max) + 1 if kind.kind in "iu" else (1 << DIGITS[kind]) + 1


def permutation(source: Generator, count: int) -> Array:
    """The numbers below `count` in random order, as int64."""
    if count < 2:
        return np.arange(count, dtype=np.int64)
    steps = source.words(count - 1) % np.arange(count, 1, -1).astype(np.uint32)
    shuffle = kernels.compiled("shuffle", count * _WORK) if count >= _SOME else None
    if shuffle is not None:
        permuted = np.arange(count, dtype=np.int64)
        shuffle(permuted, steps)
        return permuted
    made = list(range(count))
    for place, step in enumerate(steps.tolist()):
        made[place], made[place + step] = made[place + step], made[place]
    return np.array(made, np.int64)


# -- other distributions, from uniform numbers in float64 ---------------------------------------------


def exponential(source: Generator, count: int, rate: float = 1.0) -> Array:
    """Numbers of density ``rate * exp(-rate * x)``."""
    return np.log1p(-uniform(source, count, FLOAT64)) / -rate


def geometric(source: Generator, count: int, p: float) -> Array:
    """How many trials it takes until the first succeeds."""
    with np.errstate(divide="ignore"):
        return np.ceil(np.log(uniform(source, count, FLOAT64)) / math.log1p(-p))


def cauchy(source: Generator, count: int, median: float, sigma: float) -> Array:
    """Numbers of the Cauchy distribution."""
    return median + sigma * np.tan(math.pi * (uniform(source, count, FLOAT64) - 0.5))


def below(source: Generator, p: Any, count: int, kind: np.dtype[Any]) -> Array:
    """Whether each of `count` trials succeeds that does with probability `p`."""
    drawn: Array = uniform(source, count, kind) < p
    return drawn
