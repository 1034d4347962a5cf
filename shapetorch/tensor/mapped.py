"""What a function sees while `vmap` maps it: a tensor of one example that stands for all of them.

A `Mapped` holds the examples in one tensor, along dim 0, and shows the shape of one. It has no array:
whoever asks for it gets a `NeedsBatching`, which the operation that was called catches (see
`func.batching.interception`), so that what is not mapped pays nothing. Maps may be nested; each is a
`Level`, the innermost of which random operations ask before they draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from shapetorch.tensor.devices import CPU, device
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.sizes import Size, plain_size
from shapetorch.tensor.tensors import Tensor, unintercepted


class NeedsBatching(Exception):
    """An operation asked for the elements of a mapped tensor, or for random numbers within a map.

    Attributes:
        level: The map whose random numbers are wanted, None if it was about elements.
    """

    level: Any = None

    def __init__(self, level: Any = None) -> None:
        super().__init__("a mapped tensor has no elements of its own")
        self.level = level


class WritesUnmapped(NeedsBatching, RuntimeError):
    """An operation wrote a mapped tensor into one that is the same for all examples.

    Within an operation that made this tensor for itself, that one must be batched; else it is an error.
    """

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)


class Level:
    """One map that is running.

    Attributes:
        size: The number of examples.
        randomness: "error", "different" or "same".
        outer: What stood in ``MODES.randomness`` before.
        depth: How many maps it lies in.
    """

    def __init__(self, size: int, randomness: str) -> None:
        self.size = size
        self.randomness = randomness
        self.outer = MODES.randomness
        self.depth = sum(1 for _ in active_levels())

    def draw(self, generator: Any) -> NoReturn:
        """Random numbers are about to be drawn."""
        raise NeedsBatching(self)

    @contextmanager
    def running(self) -> Iterator[Level]:
        """Be the innermost map for a while."""
        before = MODES.randomness
        MODES.randomness = self
        try:
            yield self
        finally:
            MODES.randomness = before

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Be outside of this map for a while: what a batching rule runs in."""
        before = found = MODES.randomness
        inner = None  # what stands within this map: the loops of maps in it go on
        while found is not None and found is not self:
            inner, found = found, found.outer
        if found is None:
            yield
            return
        if inner is None:
            MODES.randomness = self.outer
        else:
            inner.outer = self.outer
        try:
            yield
        finally:
            MODES.randomness = before
            if inner is not None:
                inner.outer = self


def active_levels() -> Iterator[Level]:
    """The maps that are running, the innermost first."""
    found = MODES.randomness
    while found is not None:
        if isinstance(found, Level):
            yield found
        found = found.outer


def _none_here(self: Any) -> NoReturn:
    raise NeedsBatching


class Mapped(Tensor):
    """A tensor of one example of a map, all of whose examples are at hand.

    Attributes:
        value: The examples, along dim 0.
        level: The map.
    """

    __torch_function__: Any = unintercepted
    value: Tensor
    level: Level
    _array = property(_none_here)
    _stored = property(_none_here)
    _meta = property(_none_here)
    _writes = property(_none_here)

    @property
    def shape(self) -> Size:
        """The sizes of one example."""
        return plain_size(self.value.shape[1:])

    @property
    def dtype(self) -> dtype:
        """The element type."""
        return self.value.dtype

    @property
    def device(self) -> device:
        """Where it lives: the CPU."""
        return CPU

    @property
    def ndim(self) -> int:
        """The number of dims of one example."""
        return self.value.ndim - 1

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to it."""
        return self.value.requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.value.requires_grad = value

    @property
    def grad(self) -> Tensor | None:
        """The gradient accumulated by `backward`."""
        found = self.value.grad
        return None if found is None else mapped(found, self.level)

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        _none_here(self)

    @property
    def grad_fn(self) -> Any:
        """The node of the graph that made it, None for a leaf."""
        return self.value.grad_fn

    @property
    def retains_grad(self) -> bool:
        """Whether `grad` is kept although it is no leaf."""
        return self.value.retains_grad

    def is_inference(self) -> bool:
        """Whether it was made in inference mode."""
        return self.value.is_inference()

    def __repr__(self) -> str:
        return f"Mapped(level={self.level.depth}, value={self.value!r})"


def mapped(value: Tensor, level: Level) -> Mapped:
    """A tensor of one example, of the examples along dim 0."""
    made: Mapped = object.__new__(Mapped)
    made.value = value
    made.level = level
    return made


def value_at(item: Any, level: Level) -> Tensor | None:
    """The examples of a tensor that is mapped by this map; None of anything else."""
    return item.value if isinstance(item, Mapped) and item.level is level else None


def values_at(item: Tensor, level: Level) -> Tensor:
    """The examples of a tensor; one that is the same for all is repeated."""
    found = value_at(item, level)
    return item.expand(level.size, *item.shape) if found is None else found


def mapped_everywhere(item: Tensor) -> Tensor:
    """A tensor with examples of its own in each map that is running, to differentiate by."""
    levels = list(active_levels())

    def from_level(item: Tensor, place: int) -> Tensor:
        if place == len(levels):
            return item
        level = levels[place]
        return mapped(from_level(values_at(item, level), place + 1), level)

    return from_level(item, 0)
