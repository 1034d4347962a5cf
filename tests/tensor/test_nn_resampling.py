"""Images of another size, and images at given places."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch as st
from tests.tensor.both import agree, numbers

MODES = {"nearest": (3, 4, 5), "nearest-exact": (3, 4, 5), "area": (3, 4, 5), "linear": (3,)}
MODES |= {"bilinear": (4,), "bicubic": (4,), "trilinear": (5,)}
BY_RANK = [(mode, rank) for mode, ranks in MODES.items() for rank in ranks]
SHAPES = {3: (2, 3, 7), 4: (2, 3, 5, 7), 5: (1, 2, 3, 4, 5)}
SIZES = {3: [(3,), (7,), (12,), (1,)], 4: [(3, 4), (5, 7), (9, 13), (2, 10)]}
SIZES[5] = [(2, 3, 4), (3, 4, 5), (5, 6, 9)]


@pytest.mark.parametrize(("mode", "rank"), BY_RANK)
@pytest.mark.parametrize("align", [None, False, True])
def test_sizes(mode: str, rank: int, align: bool | None) -> None:
    for size in SIZES[rank]:
        agree(
            lambda t, x: t.nn.functional.interpolate(x, size, mode=mode, align_corners=align),  # noqa: B023
            numbers(*SHAPES[rank]),
        )


@pytest.mark.parametrize(("mode", "rank"), BY_RANK)
@pytest.mark.parametrize("factor", [2, 0.5, 1.7, 0.3])
@pytest.mark.parametrize("recompute", [None, True, False])
def test_factors(mode: str, rank: int, factor: float, recompute: bool | None) -> None:
    agree(
        lambda t, x: t.nn.functional.interpolate(
            x, scale_factor=factor, mode=mode, recompute_scale_factor=recompute
        ),
        numbers(*SHAPES[rank]),
    )


@pytest.mark.parametrize("mode", ["bilinear", "bicubic", "lanczos"])
@pytest.mark.parametrize("align", [False, True])
@pytest.mark.parametrize("size", [(3, 4), (5, 7), (9, 13), (2, 10)])
def test_smoothed_before(mode: str, align: bool, size: tuple[int, int]) -> None:
    agree(
        lambda t, x: t.nn.functional.interpolate(
            x, size, mode=mode, align_corners=align, antialias=True
        ),
        numbers(2, 3, 5, 7),
    )


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear"])
@pytest.mark.parametrize("channels", [1, 3, 5])
def test_bytes(mode: str, channels: int) -> None:
    image = np.random.default_rng(0).integers(0, 256, (2, channels, 7, 9), np.uint8)
    for size in ((3, 4), (7, 20), (13, 7), (5, 5)):
        agree(lambda t, x: t.nn.functional.interpolate(x, size, mode=mode), image)  # noqa: B023


@pytest.mark.parametrize("smooth", [False, True])
def test_bytes_by_cubics_are_one_off_at_most(smooth: bool) -> None:
    import torch

    image = np.random.default_rng(0).integers(0, 256, (2, 3, 7, 9), np.uint8)
    for size in ((3, 4), (7, 20), (13, 7)):
        options = {"mode": "bicubic", "antialias": smooth}
        ours = st.nn.functional.interpolate(st.Tensor.of_numpy(image.copy()), size, **options)
        theirs = torch.nn.functional.interpolate(torch.from_numpy(image), size, **options)
        difference = np.abs(ours._array.astype(int) - theirs.numpy())
        assert difference.max() <= 1
        assert difference.mean() < 0.02


OPTIONS = [
    pytest.param({"size": 3, "mode": "nearest", "align_corners": True}, id="corners-of-nearest"),
    pytest.param({"size": 3, "recompute_scale_factor": True}, id="recompute-of-a-size"),
    pytest.param({"size": 3, "antialias": True}, id="smooth-nearest"),
    pytest.param({"size": 3, "scale_factor": 2}, id="both"),
    pytest.param({}, id="neither"),
    pytest.param({"size": 3, "mode": "lanczos"}, id="lanczos-without-smoothing"),
    pytest.param({"size": (3, 4, 5)}, id="too-many-sizes"),
    pytest.param({"size": 0}, id="size-0"),
    pytest.param({"size": 3, "mode": "spline"}, id="unknown"),
]


@pytest.mark.parametrize("options", OPTIONS)
def test_what_is_refused(options: dict) -> None:
    agree(lambda t, x: t.nn.functional.interpolate(x, **options), numbers(2, 3, 5, 7), grad=False)


def test_older_names_warn() -> None:
    x = st.ones(1, 1, 2, 2)
    for name in ("upsample", "upsample_nearest", "upsample_bilinear"):
        with pytest.warns(UserWarning, match="deprecated"):
            getattr(st.nn.functional, name)(x, scale_factor=2)


# -- places -----------------------------------------------------------------------------------------


def places(*shape: int) -> np.ndarray:
    """Places inside and outside of an image."""
    return numbers(*shape, seed=5) * 1.3


@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
@pytest.mark.parametrize("align", [False, True])
def test_grid_sample(mode: str, padding: str, align: bool) -> None:
    def call(t, x, grid):
        return t.nn.functional.grid_sample(x, grid, mode, padding, align)

    agree(call, numbers(2, 3, 4, 5), places(2, 6, 3, 2))
    agree(call, numbers(1, 2, 1, 5), places(1, 4, 3, 2))
    agree(call, numbers(1, 2, 3, 4, 5), places(1, 2, 3, 2, 3))


@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30, -1e30, 2.0**31])
def test_places_that_are_no_places(mode: str, padding: str, bad: float) -> None:
    def call(t, x, grid):
        return t.nn.functional.grid_sample(x, grid, mode, padding, align_corners=False)

    for axes in (2, 3) if mode != "bicubic" else (2,):
        grid = np.zeros((1, *(1,) * (axes - 1), axes + 1, axes), "float32")
        for axis in range(axes):  # one coordinate after the other; the last place is a good one
            grid[..., axis, axis] = bad
        image = np.arange(60, dtype="float32").reshape(
            (1, 1, 3, 4, 5) if axes == 3 else (1, 3, 4, 5)
        )
        if abs(bad) == 1e30 and padding == "reflection":  # who counts so many reflections?
            made = call(st, st.tensor(image), st.tensor(grid))
            assert bool(((made >= 0) & (made <= 60)).all())
        else:
            agree(call, image, grid, grad=False)


@pytest.mark.parametrize("options", [{"mode": "cubic"}, {"padding_mode": "wrap"}])
def test_unknown_ways_to_sample(options: dict) -> None:
    agree(
        lambda t, x, g: t.nn.functional.grid_sample(x, g, **options),
        *(numbers(1, 1, 3, 3), places(1, 2, 2, 2)),
    )


@pytest.mark.parametrize("align", [False, True])
@pytest.mark.parametrize("size", [(2, 3, 4, 5), (2, 3, 1, 4), (2, 1, 3, 4, 2)])
def test_affine_grid(size: tuple[int, ...], align: bool) -> None:
    axes = len(size) - 2
    agree(
        lambda t, theta: t.nn.functional.affine_grid(theta, size, align),
        numbers(2, axes, axes + 1),
    )


def test_corners_are_warned_of() -> None:
    x, grid = (st.Tensor.of_numpy(numbers(*shape)) for shape in ((1, 1, 3, 3), (1, 2, 2, 2)))
    with pytest.warns(UserWarning, match="align_corners"):
        st.nn.functional.grid_sample(x, grid)
    with pytest.warns(UserWarning, match="align_corners"):
        st.nn.functional.affine_grid(st.ones(1, 2, 3), (1, 1, 2, 2))
