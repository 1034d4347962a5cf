"""Windows that slide over the last axes of an array.

A tap is one place of the kernel. For a given tap, the windows in which it lies inside the input are
a slice of the windows, and the elements it sees are a strided slice of the input; so an operation
on windows is a loop over the taps, without padding and without copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any


def each(value: Any, axes: int) -> tuple[int, ...]:
    """One number for each axis, from one number or a list of one or of `axes`."""
    if value.__class__ is int:
        return (value,) * axes
    if isinstance(value, (list, tuple)):
        given = tuple(int(item) for item in value)
        return given * axes if len(given) == 1 else given
    return (int(value),) * axes


@dataclass(frozen=True, slots=True)
class Axis:
    """Windows along one axis.

    Attributes:
        size: Of the input.
        kernel: Taps.
        stride: Step between windows, in elements.
        before: Padding before the first element.
        dilation: Distance between taps, in elements.
        count: Windows.
    """

    size: int
    kernel: int
    stride: int
    before: int
    dilation: int
    count: int

    @property
    def inside(self) -> range:
        """The taps that see an element in some window."""
        first = (self.before - (self.count - 1) * self.stride) // self.dilation
        last = (self.size - 1 + self.before) // self.dilation
        return range(max(first, 0), max(min(self.kernel, last + 1), 0))

    def tap(self, place: int) -> tuple[slice, slice]:
        """The windows in which a tap lies inside the input, and the elements it sees there."""
        offset = place * self.dilation - self.before
        first = max(-(offset // self.stride), 0)
        last = min((self.size - 1 - offset) // self.stride, self.count - 1)
        if last < first:
            return slice(0, 0), slice(0, 0)
        start = first * self.stride + offset
        stop = last * self.stride + offset + 1
        return slice(first, last + 1), slice(start, stop, self.stride)


def taps(axes: Sequence[Axis]) -> Iterator[tuple[Any, Any, Any]]:
    """For each tap of the kernel: its place, the windows, the elements; empty ones are left out.

    Each is a tuple to index an array with: of integers, of slices, of slices.
    """
    found = [[(place, *axis.tap(place)) for place in axis.inside] for axis in axes]
    for chosen in product(*found):
        windows = tuple(item[1] for item in chosen)
        if all(item.stop > item.start for item in windows):
            yield tuple(item[0] for item in chosen), windows, tuple(item[2] for item in chosen)
