"""The Mersenne twister in bulk.

``key`` holds the 624 words of its state, uint32, and ``place`` how many of them have been used; a kernel
changes the key and gives the new place. Its words are those of NumPy's generator in the same state.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import kernel

_HIGH, _LOW, _MATRIX = np.uint32(0x80000000), np.uint32(0x7FFFFFFF), np.uint32(0x9908B0DF)
_FIRST, _SECOND = np.uint32(0x9D2C5680), np.uint32(0xEFC60000)
_ONE, _BITS_24 = np.uint32(1), np.uint32(0xFFFFFF)
_11, _7, _15, _18 = np.uint32(11), np.uint32(7), np.uint32(15), np.uint32(18)
_SCALE = np.float32(2.0**-24)


@kernel()
def _mixed(here: Any, behind: Any, far: Any) -> Any:
    """The new word of a place: of the old one, the one behind it, and the one 397 places on."""
    both = np.uint32((here & _HIGH) | (behind & _LOW))
    return np.uint32(far ^ (both >> _ONE) ^ ((both & _ONE) * _MATRIX))


@kernel()
def _renew(key: Any) -> None:
    """The next 624 words of the state."""
    for i in range(227):
        key[i] = _mixed(key[i], key[i + 1], key[i + 397])
    for i in range(227, 454):
        key[i] = _mixed(key[i], key[i + 1], key[i - 227])
    for i in range(454, 623):
        key[i] = _mixed(key[i], key[i + 1], key[i - 227])
    key[623] = _mixed(key[623], key[0], key[396])


@kernel()
def _tempered(word: Any) -> Any:
    word = np.uint32(word ^ (word >> _11))
    word = np.uint32(word ^ ((word << _7) & _FIRST))
    word = np.uint32(word ^ ((word << _15) & _SECOND))
    return np.uint32(word ^ (word >> _18))


@kernel()
def twister_words(key: Any, place: int, out: Any) -> int:
    """out[i] = the next words; out: (n,), uint32."""
    done = 0
    while done < len(out):
        if place == 624:
            _renew(key)
            place = 0
        count = min(624 - place, len(out) - done)
        words, target = key[place : place + count], out[done : done + count]
        for i in range(count):
            target[i] = _tempered(words[i])
        place += count
        done += count
    return place


@kernel()
def twister_floats(key: Any, place: int, out: Any) -> int:
    """out[i] = the lower 24 bits of the next words / 2**24; out: (n,), float32."""
    done = 0
    while done < len(out):
        if place == 624:
            _renew(key)
            place = 0
        count = min(624 - place, len(out) - done)
        words, target = key[place : place + count], out[done : done + count]
        for i in range(count):
            target[i] = np.float32(np.int32(_tempered(words[i]) & _BITS_24)) * _SCALE
        place += count
        done += count
    return place


TWISTER = {"twister_words": twister_words, "twister_floats": twister_floats}
