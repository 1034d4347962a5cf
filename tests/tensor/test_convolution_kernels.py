"""Convolutions by kernels against those by columns and matrix products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from shapetorch.tensor import convolution_kernels, kernels, threads
from shapetorch.tensor.convolving import Geometry, convolve, convolve_input, convolve_weight

USED = {"convolve_3x3", "transform_filters", "convolve_direct", "pack_filters"}
USED |= {"filter_gradients", "depthwise_gradients"}
KINDS = pytest.mark.parametrize("kind", ["float32", "float64"])


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names of the kernels that were asked for."""
    kernels.warmup()
    found: set[str] = set()
    usable = convolution_kernels._usable

    def noted(name: str, *args: Any) -> Any:
        kernel = usable(name, *args)
        if kernel is not None:
            found.add(name)
        return kernel

    monkeypatch.setattr(convolution_kernels, "_usable", noted)
    yield found
    assert found <= USED


def geometry(
    sizes: tuple[int, ...],
    taps: tuple[int, ...],
    stride: int = 1,
    before: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> Geometry:
    counts = tuple(
        (n + 2 * before - dilation * (k - 1) - 1) // stride + 1
        for n, k in zip(sizes, taps, strict=True)
    )
    rank = len(sizes)
    spread = ((number,) * rank for number in (stride, before, dilation))
    return Geometry(sizes, taps, *spread, counts, groups)


def all_three(kind: str, layout: Geometry, batch: int, channels: tuple[int, int]) -> list[Any]:
    """The convolution, and the gradients of its operands."""
    rng = np.random.default_rng(0)
    inner = channels[0] // layout.groups
    shapes = (
        (batch, channels[0], *layout.sizes),
        (channels[1], inner, *layout.kernel),
        (batch, channels[1], *layout.counts),
    )
    input, weight, grad = (rng.standard_normal(shape).astype(kind) for shape in shapes)
    return [
        convolve(input, weight, layout),
        convolve_input(grad, weight, layout),
        convolve_weight(input, grad, layout),
    ]


def compare(
    monkeypatch: pytest.MonkeyPatch,
    layout: Geometry,
    batch: int,
    channels: tuple[int, int],
    kind: str,
) -> None:
    made = all_three(kind, layout, batch, channels)
    with monkeypatch.context() as patch:
        patch.setattr(convolution_kernels, "_usable", lambda *args: None)
        expected = all_three("float64", layout, batch, channels)
    bound = 3e-5 if kind == "float32" else 1e-11
    for mine, other in zip(made, expected, strict=True):
        assert mine.dtype == kind
        np.testing.assert_allclose(mine, other, rtol=bound, atol=bound * np.abs(other).max())


@KINDS
@pytest.mark.parametrize(
    ("layout", "channels"),
    [
        pytest.param(geometry((9, 11), (3, 3), 1, 1), (9, 10), id="plain"),
        pytest.param(geometry((9, 11), (3, 3), 1, 1), (24, 25), id="minimal"),
        pytest.param(geometry((40, 31), (3, 3), 1, 0), (33, 24), id="minimal-several-bands"),
        pytest.param(geometry((4, 3), (3, 3), 1, 2), (24, 24), id="minimal-wide-padding"),
        pytest.param(geometry((5, 4), (3, 3), 1, 4), (24, 24), id="wider-padding"),
        pytest.param(geometry((9, 11), (3, 3), 1, 1, 1, 2), (48, 50), id="groups-of-many"),
        pytest.param(geometry((40, 40), (3, 2), 1, 1), (40, 17), id="several-bands"),
        pytest.param(geometry((9, 11), (3, 2), 2, 1), (8, 9), id="stride"),
        pytest.param(geometry((40, 41), (3, 3), 2, 1), (3, 9), id="stride-long-rows"),
        pytest.param(geometry((9, 11), (2, 3), 3, 2), (9, 8), id="stride-3"),
        pytest.param(geometry((9, 11), (1, 1), 2), (9, 8), id="taps-fewer-than-stride"),
        pytest.param(geometry((9, 11), (3, 2), 2, 1, 2), (9, 8), id="stride-and-dilation"),
        pytest.param(geometry((9, 11), (3, 2), 2, 1, 3), (9, 8), id="stride-and-wider-dilation"),
        pytest.param(geometry((9, 11), (2, 2), 1, 2, 2), (9, 8), id="dilation"),
        pytest.param(geometry((9, 11), (2, 2), 1, 3), (9, 8), id="more-padding-than-taps"),
        pytest.param(geometry((9, 11), (3, 3), 1, 1, 1, 3), (27, 30), id="groups"),
        pytest.param(geometry((9, 11), (3, 3), 1, 1, 1, 5), (5, 5), id="depthwise"),
        pytest.param(geometry((9, 11), (3, 2), 2, 1, 1, 5), (5, 10), id="depthwise-stride"),
        pytest.param(geometry((7, 5), (7, 5)), (8, 8), id="one-window"),
        pytest.param(geometry((30,), (5,), 2, 1), (9, 10), id="one-axis"),
        pytest.param(geometry((30,), (3,), 1, 1, 2, 4), (4, 4), id="one-axis-depthwise"),
        pytest.param(geometry((6, 5), (1, 1)), (50, 8), id="pointwise"),
    ],
)
def test_convolution(
    layout: Geometry, channels: tuple[int, int], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare(monkeypatch, layout, 3, channels, kind)


def test_which_kernels(asked: set[str]) -> None:
    all_three("float32", geometry((9, 11), (3, 3), 1, 1), 2, (24, 24))
    assert asked == {"convolve_direct", "filter_gradients"}  # the first is asked for both ways
    asked.clear()
    all_three("float64", geometry((9, 11), (3, 3), 1, 1, 1, 4), 2, (4, 8))
    assert asked == {"convolve_direct", "depthwise_gradients"}
    asked.clear()
    all_three("float32", geometry((4, 4, 4), (3, 3, 3)), 2, (4, 8))
    all_three("float32", geometry((4, 4), (3, 3)), 0, (4, 8))
    assert not asked


@pytest.mark.parametrize(
    ("layout", "channels"),
    [
        (geometry((40, 40), (3, 3), 1, 1), (24, 24)),
        (geometry((40, 40), (3, 3), 2, 1), (16, 17)),
        (geometry((40, 40), (3, 3), 1, 1, 1, 17), (17, 17)),
    ],
)
def test_threads_change_nothing(
    layout: Geometry, channels: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convolution_kernels, "_GRAIN", 1)
    before = threads.get_num_threads()
    found = []
    for count in (1, 3):
        threads.set_num_threads(count)
        found.append(all_three("float32", layout, 5, channels))
    threads.set_num_threads(before)
    for one, several in zip(*found, strict=True):
        np.testing.assert_array_equal(one, several)


def test_nan_reaches_the_windows_that_see_it() -> None:
    layout = geometry((12, 13), (3, 3), 1, 1)
    input = np.ones((1, 4, 12, 13), np.float32)
    input[0, 2, 5, 6] = np.nan
    made = convolve(input, np.ones((3, 4, 3, 3), np.float32), layout)
    seen = np.zeros((12, 13), bool)
    seen[4:7, 5:8] = True
    np.testing.assert_array_equal(np.isnan(made[0]), np.broadcast_to(seen, (3, 12, 13)))
