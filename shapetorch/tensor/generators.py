"""The generator of random numbers: the same seed gives the same numbers, as in PyTorch.

The bits are those of PyTorch's generator on the CPU (the Mersenne twister, seeded alike), and the
samplers turn them into numbers as PyTorch's do, so a program that is seeded gives PyTorch's numbers
up to rounding. Numbers are drawn under a lock, by the thread that calls, in one order: the number of
threads has no influence.
"""

from __future__ import annotations

import struct
import threading
from typing import Any, SupportsIndex, SupportsInt

import numpy as np

from shapetorch.tensor import buffers, kernels
from shapetorch.tensor.devices import CPU, check_device, device
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.signatures import is_whole, type_name
from shapetorch.tensor.tensors import Array, Tensor, wrap

DEFAULT_SEED = 67280421310721
_WORDS = 624
_LOW_24, _PART = np.uint32((1 << 24) - 1), np.float32(2.0**-24)
_BULK = 1 << 14
"""Numbers from which a kernel draws them."""
_FEW = 2000
"""Numbers up to which NumPy's plain call is the faster one."""
_LAYOUT = struct.Struct(f"<Q i i Q {_WORDS}Q d d d i 4x f ? 3x")
"""PyTorch's layout of the state: seed, words left, seeded, place, words, x, y, rho, valid, float32 sample, valid."""


class Generator:
    """A source of random numbers.

    Args:
        device: The CPU.
    """

    def __init__(self, device: Any = "cpu") -> None:
        check_device(device)
        self.lock = threading.RLock()
        self.spare: float | None = None  # normal numbers come in pairs; the second waits here
        self._bits: Any = None
        self._draw: Any = None
        self._seed = DEFAULT_SEED

    @property
    def device(self) -> device:
        """The CPU."""
        return CPU

    @property
    def bits(self) -> Any:
        """NumPy's bit generator, made when it is first needed: its import takes a while."""
        if self._bits is None:
            self._bits = np.random.MT19937()
            self._bits._legacy_seeding(self._seed & 0xFFFFFFFF)
        return self._bits

    def words(self, count: int) -> Array:
        """That many numbers of 32 bits, as uint32."""
        if count < _FEW:
            bits = self._bits or self.bits
            return bits.random_raw(count).astype(np.uint32)  # type: ignore[no-any-return]
        if count >= _BULK:
            made = buffers.empty((count,), np.dtype(np.uint32))
            if self._drawn_by("twister_words", made):
                return made
        if self._draw is None:
            self._draw = np.random.Generator(self.bits).integers
        return self._draw(0, 1 << 32, count, np.uint32)  # type: ignore[no-any-return]

    def floats(self, count: int) -> Array:
        """That many numbers in ``[0, 1)``, as float32: the lower 24 bits of as many words."""
        made = buffers.empty((count,), np.dtype(np.float32))
        if count < _BULK or not self._drawn_by("twister_floats", made):
            words = self.words(count)
            words &= _LOW_24
            made[...] = words
            made *= _PART
        return made

    def _drawn_by(self, name: str, made: Array) -> bool:
        """Whether a kernel has filled an array with the next numbers: it is not loaded for a few."""
        kernel = kernels.compiled(name, made.size)
        if kernel is None:
            return False
        with self.lock:
            state = self.bits.state
            twister = state["state"]
            twister["pos"] = kernel(twister["key"], twister["pos"], made)
            self.bits.state = state
        return True

    def long_words(self, count: int) -> Array:
        """That many numbers of 64 bits, each made of two of 32; the first is the higher half."""
        words = self.words(2 * count)
        return (words[::2].astype(np.uint64) << np.uint64(32)) | words[1::2]

    def manual_seed(self, seed: int) -> Generator:
        """Start anew from a seed.

        Args:
            seed: From ``-2**63`` to ``2**64 - 1``; a negative one counts from ``2**64`` down.

        Raises:
            RuntimeError: it is no integer.
            ValueError: it is too large or too small.
        """
        if not is_whole(seed):
            raise RuntimeError(f"manual_seed expected a long, but got {type_name(seed)}")
        number = seed_number(seed)
        with self.lock:
            self._seed = number
            self.spare = None
            self._bits = self._draw = None
        return self

    def initial_seed(self) -> int:
        """The seed it started from."""
        return self._seed

    def seed(self) -> int:
        """Start anew from a seed that the system chooses; gives the seed."""
        import secrets

        number = secrets.randbits(53)
        self.manual_seed(number)
        return number

    def get_state(self) -> Tensor:
        """The state, as bytes in PyTorch's layout."""
        with self.lock:
            state = self.bits.state["state"]
            place = int(state["pos"])
            spare = self.spare
            packed = _LAYOUT.pack(
                self._seed, _WORDS + 1 - place, 1, 0 if place == _WORDS else place, *state["key"].tolist(),
                0.0, 0.0 if spare is None else spare, 0.0, spare is not None, 0.0, False,
            )  # fmt: skip
        return wrap(np.frombuffer(packed, np.uint8).copy())

    def set_state(self, new_state: Tensor) -> Generator:
        """Go on from a state that `get_state` gave.

        Raises:
            TypeError: it is no tensor of bytes.
            RuntimeError: it is not of the right length.
        """
        if not isinstance(new_state, Tensor) or new_state._array.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        if new_state._array.size != _LAYOUT.size:
            raise RuntimeError(
                f"set_state: expected {_LAYOUT.size} bytes, got {new_state._array.size}"
            )
        found = _LAYOUT.unpack(new_state._array.tobytes())
        seed, left, _, place = found[:4]
        words, (_, spare, _, valid) = found[4 : 4 + _WORDS], found[4 + _WORDS : 8 + _WORDS]
        if not 0 < left <= _WORDS or not 0 <= place <= _WORDS:
            raise RuntimeError("set_state: invalid mt19937 state")
        with self.lock:
            self.manual_seed(seed)
            self.bits.state = {
                "bit_generator": "MT19937",
                "state": {"key": np.array(words, np.uint32), "pos": _WORDS if left == 1 else place},
            }
            self.spare = spare if valid else None
        return self

    graphsafe_get_state = get_state
    graphsafe_set_state = set_state

    def clone_state(self) -> Generator:
        """Another generator that goes on from here."""
        return Generator().set_state(self.get_state())

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (np.array(self.get_state()._array),))

    def __repr__(self) -> str:
        return f"<torch._C.Generator object at {id(self):#x}>"


def _restored(state: Array) -> Generator:
    return Generator().set_state(wrap(state))


def seed_number(seed: Any) -> int:
    """A seed as a number of 64 bits.

    Raises:
        TypeError: it is no number.
        ValueError: it is too large or too small, or text.
    """
    if not isinstance(seed, (SupportsInt, SupportsIndex)):
        kind = ValueError if isinstance(seed, str) else TypeError
        raise kind(f"manual_seed(): argument 'seed' must be int, not {type_name(seed)}")
    number = int(seed)
    if not -(2**63) <= number < 2**64:
        raise ValueError(
            f"Overflow when unpacking long: a seed must be from -2**63 to 2**64 - 1, got {number}"
        )
    return number % 2**64


default_generator = Generator()
"""What functions draw from that are given no generator."""


def chosen(name: str, generator: Any) -> Generator:
    """The generator to draw from.

    Raises:
        TypeError: it is none.
    """
    if generator is None:
        generator = default_generator
    if not isinstance(generator, Generator):
        raise TypeError(
            f"{name}(): argument 'generator' must be torch.Generator, not {type(generator).__name__}"
        )
    if MODES.randomness is not None:
        MODES.randomness.draw(generator)
    return generator
