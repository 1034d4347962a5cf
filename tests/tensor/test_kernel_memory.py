"""Kernels that check no bounds stay within their arrays: each array ends, or begins, at memory that is forbidden.

A kernel that reads or writes beyond it ends its process, so each runs in a child.
"""

from __future__ import annotations

import ctypes
import faulthandler
import mmap
import multiprocessing
import sys
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest

from shapetorch.tensor import convolution_kernels, kernels, recurring
from shapetorch.tensor.convolving import Geometry
from tests.tensor.test_convolution_kernels import geometry

if sys.platform != "linux":
    pytest.skip("memory is forbidden as Linux does it", allow_module_level=True)

PAGE = mmap.PAGESIZE
KEPT: list[mmap.mmap] = []


def guarded(shape: Any, kind: Any, at_end: bool) -> np.ndarray:
    """An array with a forbidden page behind it, or before it."""
    shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    dtype = np.dtype(kind)
    size = prod(shape) * dtype.itemsize
    whole = -(-max(size, 1) // PAGE) * PAGE
    memory = mmap.mmap(-1, whole + 2 * PAGE)
    KEPT.append(memory)
    begin = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    for place in (begin, begin + PAGE + whole):
        assert protect(ctypes.c_void_p(place), ctypes.c_size_t(PAGE), 0) == 0
    offset = PAGE + whole - size if at_end else PAGE
    return np.frombuffer(memory, dtype, prod(shape), offset).reshape(shape)


class Guarded:
    """NumPy, as far as those who call the kernels make new arrays with it."""

    def __init__(self, at_end: bool) -> None:
        self.at_end = at_end

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def zeros(self, shape: Any, dtype: Any = np.float64) -> np.ndarray:
        return guarded(shape, dtype, self.at_end)

    empty = zeros

    def of(self, array: Any) -> np.ndarray:
        """A copy of an array."""
        made = guarded(array.shape, array.dtype, self.at_end)
        made[...] = array
        return made

    def arange(self, count: int) -> np.ndarray:
        return self.of(np.arange(count))


def outcome(run: Callable[[], None]) -> int | None:
    """How a child ends that runs a function: 0 if all went well."""

    def quietly() -> None:
        faulthandler.disable()
        run()

    process = multiprocessing.get_context("fork").Process(target=quietly)
    process.start()
    process.join(120)
    return process.exitcode


LAYOUTS = [
    pytest.param(geometry((9, 11), (3, 3), 1, 1), (9, 10), id="plain"),
    pytest.param(geometry((9, 11), (3, 3), 1, 1), (24, 25), id="minimal"),
    pytest.param(geometry((40, 31), (3, 3), 1, 0), (33, 24), id="minimal-several-bands"),
    pytest.param(geometry((40, 40), (3, 2), 1, 1), (40, 17), id="several-bands"),
    pytest.param(geometry((40, 41), (3, 3), 2, 1), (3, 9), id="stride-long-rows"),
    pytest.param(geometry((9, 11), (2, 3), 3, 2), (9, 8), id="stride-3"),
    pytest.param(geometry((9, 11), (2, 2), 1, 3), (9, 8), id="more-padding-than-taps"),
    pytest.param(geometry((9, 11), (3, 2), 2, 1, 1, 5), (5, 10), id="depthwise-stride"),
    pytest.param(geometry((30,), (5,), 2, 1), (9, 10), id="one-axis"),
    pytest.param(geometry((2, 2), (1, 1)), (8, 8), id="smallest"),
]


@pytest.mark.parametrize("at_end", [True, False], ids=["behind", "before"])
@pytest.mark.parametrize(("layout", "channels"), LAYOUTS)
def test_convolutions(
    layout: Geometry, channels: tuple[int, int], at_end: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels.warmup()
    forbidding = Guarded(at_end)
    rng = np.random.default_rng(0)

    def run(kind: str) -> None:
        def numbers(*shape: int) -> np.ndarray:
            return forbidding.of(rng.standard_normal(shape).astype(kind))

        inner = channels[0] // layout.groups
        input, weight = (
            numbers(3, channels[0], *layout.sizes),
            numbers(channels[1], inner, *layout.kernel),
        )
        out = numbers(3, channels[1], *layout.counts)
        assert convolution_kernels.convolve(input, weight, layout, out)
        convolution_kernels.convolve_weight(input, out, layout)

    def both() -> None:
        convolution_kernels.np = forbidding  # type: ignore[attr-defined]
        convolution_kernels._planned.cache_clear()
        for kind in ("float32", "float64"):
            run(kind)

    for kind in ("float32", "float64"):
        run(kind)  # compiled here, for all children
    assert outcome(both) == 0


@pytest.mark.parametrize("at_end", [True, False], ids=["behind", "before"])
@pytest.mark.parametrize("hidden", [1, 8, 12, 33])
@pytest.mark.parametrize("sizes", [[1, 1], [17, 8, 3, 1]], ids=str)
def test_lstm(sizes: list[int], hidden: int, at_end: bool) -> None:
    kernels.warmup()
    forbidding = Guarded(at_end)
    steps = recurring.Steps.of(sizes, False)

    def run() -> None:
        rows = sum(sizes)
        given, weight = (
            forbidding.of(np.ones(shape, np.float32))
            for shape in ((rows, 4 * hidden), (4 * hidden, hidden))
        )
        state = np.ones((sizes[0], hidden), np.float32)
        made, h, c, memory = recurring.run("lstm", (given, state, state, weight, None), steps)
        recurring.backward("lstm", memory, weight, steps, made, h, c)

    def within() -> None:
        recurring.np = forbidding  # type: ignore[attr-defined]
        run()

    run()
    assert outcome(within) == 0


def test_what_is_beyond_ends_the_process() -> None:
    for at_end, place in ((True, 3), (False, -1)):
        array = guarded(3, np.float32, at_end)
        pointer = array.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        assert outcome(lambda p=pointer, at=place: p[at]) == -11  # type: ignore[misc]
        assert outcome(lambda p=pointer: p[0]) == 0  # type: ignore[misc]
