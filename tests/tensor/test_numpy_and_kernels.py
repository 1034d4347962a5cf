"""What kernels compute and what NumPy computes is the same, and PyTorch's: values and gradients."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from shapetorch.tensor import kernels
from tests.tensor.both import agree, integers, numbers, sides

USES = {
    "test_grid_sample_of_nan": ("grid_sample",),
    "test_max_pool": ("max_pool", "add_along"),
    "test_means_of_windows": ("map_axis",),
    "test_resampling": ("map_axis",),
    "test_indices_outside_are_refused": ("all_within",),
    "test_reductions_at_places": ("reduce_along", "all_within"),
    "test_slices_of_few_elements": ("take_slices", "all_within"),
    "test_nll_loss": ("nll_losses", "nll_slopes"),
    "test_labels_that_are_no_classes": ("nll_losses",),
    "test_ctc_loss": ("ctc_scores", "ctc_gradient"),
    "test_groups_of_channels": ("normalize_groups", "normalize_groups_backward"),
    "test_softmax_of_columns": ("softmax_columns", "softmax_columns_backward"),
    "test_largest_of_bags": ("largest_of_bags", "all_within"),
    "test_adaptive_max_pool": ("max_pool", "add_along"),
    "test_grid_sample": ("grid_sample", "grid_sample_backward"),
}
"""The kernels that each test is about."""


@pytest.fixture(autouse=True, params=["kernels", "numpy"])
def tier(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run each test on both; with kernels, those of `USES` must have been called."""
    names = USES[request.function.__name__]
    setting, kernels._setting = kernels._setting, "0"
    kernels.unload()
    called = set()
    if request.param == "kernels":
        kernels.warmup()
        for name in names:

            def spy(*args: Any, name: str = name, kernel: Any = kernels.TABLE[name]) -> Any:
                called.add(name)
                return kernel(*args)

            kernels.TABLE[name] = spy
    yield
    kernels._setting = setting
    kernels.unload()
    assert called == (set(names) if request.param == "kernels" else set())


@pytest.fixture(params=["float32", "float64"])
def kind(request: pytest.FixtureRequest) -> str:
    """The dtypes that kernels are made for."""
    return str(request.param)


def compare(call: Callable[..., Any], kind: str, *inputs: Any, once: bool = False) -> None:
    """Compare with PyTorch: values, gradients, and in float64 gradients of gradients, but for `once`."""
    cast = [
        item.astype(kind) if isinstance(item, np.ndarray) and item.dtype.kind == "f" else item
        for item in inputs
    ]
    agree(call, *cast, grad=kind == "float64" and not once)
    found = []
    for tensors, library in zip(sides(tuple(cast), True), (shapetorch, torch), strict=True):
        result = call(library, *tensors)
        seed = numbers(*result.shape, seed=1).astype(kind)
        result.backward(library.from_numpy(seed))
        leaves = [item for item in tensors if getattr(item, "requires_grad", False)]
        found.append([item.grad.numpy() for item in leaves])
    bound = {"float32": 2e-4, "float64": 1e-10}[kind]
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=bound, atol=bound)


# -- grids -------------------------------------------------------------------------------------------

MODES = ["bilinear", "nearest", "bicubic"]
PADDINGS = ["zeros", "border", "reflection"]


def places(*shape: int) -> np.ndarray:
    """Places in and around an image, some far away, none where a gradient jumps."""
    made = numbers(*shape) * 1.5
    made.reshape(-1)[::17] *= 40
    return made


@pytest.mark.parametrize(
    ("mode", "padding", "corners"), list(itertools.product(MODES, PADDINGS, (False, True)))
)
def test_grid_sample(mode: str, padding: str, corners: bool, kind: str) -> None:
    def sample(t: Any, x: Any, grid: Any) -> Any:
        return t.nn.functional.grid_sample(x, grid, mode, padding, corners)

    compare(sample, kind, numbers(2, 5, 4, 3), places(2, 3, 5, 2))
    compare(sample, kind, numbers(1, 2, 1, 7), places(1, 13, 11, 2))
    if mode != "bicubic":
        compare(sample, kind, numbers(2, 4, 3, 2, 4), places(2, 2, 3, 2, 3))


def test_grid_sample_of_nan(kind: str) -> None:
    image, grid = numbers(1, 2, 4, 5), numbers(1, 6, 6, 2) * 1.2
    image[:, :, 0, 0], image[:, :, -1, -1] = np.nan, np.inf
    grid[0, 0, 0] = np.nan
    for mode in ("bilinear", "nearest"):

        def sample(t: Any, x: Any, grid: Any, mode: str = mode) -> Any:
            return t.nn.functional.grid_sample(x, grid, mode, "zeros", False)

        agree(sample, image.astype(kind), grid.astype(kind), grad=False)


# -- windows -----------------------------------------------------------------------------------------

WINDOWS = [((2,), {}), ((3, 2, 1), {}), ((2, 1, 1, 3), {}), ((3, 2, 1), {"ceil_mode": True})]


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_max_pool(axes: int, kind: str) -> None:
    for arguments, options in WINDOWS:

        def pool(t: Any, x: Any, a: Any = arguments, o: Any = options) -> Any:
            return getattr(t.nn.functional, f"max_pool{axes}d")(x, *a, **o)

        compare(pool, kind, numbers(2, 3, *(7, 5, 6)[:axes]))
        special = np.round(numbers(2, 3, *(7, 5, 6)[:axes]))
        special.reshape(-1)[::11], special.reshape(-1)[1::13] = np.nan, -np.inf
        agree(pool, special.astype(kind), grad=False)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_adaptive_max_pool(axes: int, kind: str) -> None:
    def pool(t: Any, x: Any) -> Any:
        return getattr(t.nn.functional, f"adaptive_max_pool{axes}d")(x, (3, 4, 2)[:axes])

    compare(pool, kind, numbers(2, 3, *(7, 5, 6)[:axes]))


def test_means_of_windows(kind: str) -> None:
    image = numbers(2, 3, 7, 5)
    for arguments in ((2,), (3, 2, 1), (3, 1, 1, False, False), (2, 2, 0, True)):

        def pool(t: Any, x: Any, a: Any = arguments) -> Any:
            return t.nn.functional.avg_pool2d(x, *a)

        compare(pool, kind, image)
        agree(pool, spotted(image).astype(kind), grad=False)
    for size in ((1, 1), (3, 2), (7, 4), (9, 11)):

        def adapt(t: Any, x: Any, size: Any = size) -> Any:
            return t.nn.functional.adaptive_avg_pool2d(x, size)

        compare(adapt, kind, image)
        agree(adapt, spotted(image).astype(kind), grad=False)
    volume = numbers(1, 2, 3, 4, 33)
    compare(lambda t, x: t.nn.functional.avg_pool3d(x, (2, 3, 16)), kind, volume)
    agree(lambda t, x: t.nn.functional.adaptive_avg_pool3d(x, 2), spotted(volume), grad=False)


def spotted(array: np.ndarray) -> np.ndarray:
    """Here and there NaN or infinite, at the ends too."""
    made = array.copy()
    made.reshape(-1)[::23], made.reshape(-1)[-1], made.reshape(-1)[7::31] = np.nan, np.inf, -np.inf
    return made


@pytest.mark.parametrize("mode", ["nearest", "bilinear", "bicubic", "area", "antialias"])
def test_resampling(mode: str, kind: str) -> None:
    image = numbers(2, 3, 7, 5)
    options = {"mode": "bilinear", "antialias": True} if mode == "antialias" else {"mode": mode}
    for size in ((3, 4), (9, 13), (2, 10)):
        compare(lambda t, x: t.nn.functional.interpolate(x, size, **options), kind, image)  # noqa: B023


# -- places that an index names ----------------------------------------------------------------------


@pytest.mark.parametrize("reduce", ["prod", "amax", "amin", "mean", "sum"])
@pytest.mark.parametrize("include_self", [True, False])
def test_reductions_at_places(reduce: str, include_self: bool, kind: str) -> None:
    for dim in (0, 1, 2):
        index = integers(3, 3, 4, 5)

        def scatter(t: Any, x: Any, src: Any, dim: int = dim, index: Any = index) -> Any:
            places = t.from_numpy(index)
            return t.scatter_reduce(x, dim, places, src, reduce, include_self=include_self)

        compare(scatter, kind, numbers(3, 4, 5), numbers(3, 4, 5, seed=1))
        special = numbers(3, 4, 5, seed=1)
        special.reshape(-1)[::7], special.reshape(-1)[1::9] = np.nan, -np.inf
        agree(scatter, numbers(3, 4, 5).astype(kind), special.astype(kind), grad=False)
        if reduce != "sum":

            def at_slices(t: Any, x: Any, src: Any, dim: int = dim) -> Any:
                rows = t.tensor([2, 0, 2, 1, 0][: src.shape[dim]])
                return t.index_reduce(x, dim, rows, src, reduce, include_self=include_self)

            compare(at_slices, kind, numbers(3, 4, 5), numbers(3, 4, 5, seed=1))


def test_slices_of_few_elements(kind: str) -> None:
    rows = integers(30, 400)
    for shape, dim in (((20, 30), 1), ((7, 30, 5), 1), ((30, 12), 0)):
        compare(lambda t, x: t.index_select(x, dim, t.from_numpy(rows)), kind, numbers(*shape))  # noqa: B023


@pytest.mark.parametrize("wrong", [-1, 4, 1 << 62, -(1 << 62)])
def test_indices_outside_are_refused(wrong: int, kind: str) -> None:
    index = integers(4, 4, 5)
    index[2, 3] = wrong
    x = numbers(4, 5).astype(kind)
    for call in (
        lambda t, x: t.gather(x, 0, t.from_numpy(index)),
        lambda t, x: t.scatter_add(x, 0, t.from_numpy(index), x),
        lambda t, x: t.scatter_reduce(x, 0, t.from_numpy(index), x, "amax"),
        lambda t, x: t.index_select(x, 0, t.from_numpy(index[2])),
        lambda t, x: t.index_add(x, 1, t.from_numpy(index[2]), x),
        lambda t, x: t.index_reduce(x, 1, t.from_numpy(index[2]), x, "prod"),
    ):
        agree(call, x, grad=False)


# -- labels ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_nll_loss(reduction: str, kind: str) -> None:
    for shape in ((6, 4), (2, 4, 3), (4,), (1, 4)):
        labels = integers(4, *(shape[:1] + shape[2:] if len(shape) > 1 else ()))
        ignoring = np.where(labels == 2, -100, labels) if labels.size > 1 else labels
        weights = np.abs(numbers(4)).astype(kind)
        for given, ignored in ((labels, -100), (ignoring, -100), (labels, 1)):
            for weight in (None, weights):
                if ignored == 1 and labels.size == 1:
                    continue

                def loss(
                    t: Any, x: Any, given: Any = given, w: Any = weight, i: Any = ignored
                ) -> Any:
                    w = None if w is None else t.from_numpy(w)
                    nll = t.nn.functional.nll_loss
                    return nll(x, t.tensor(given), w, ignore_index=i, reduction=reduction)

                compare(loss, kind, numbers(*shape))


@pytest.mark.parametrize("wrong", [-1, 4, 1 << 62])
def test_labels_that_are_no_classes(wrong: int, kind: str) -> None:
    def loss(t: Any, x: Any) -> Any:
        return t.nn.functional.nll_loss(x, t.tensor([0, 1, wrong]))

    agree(loss, numbers(3, 4).astype(kind), grad=False)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("zero_infinity", [False, True])
def test_ctc_loss(reduction: str, zero_infinity: bool, kind: str) -> None:
    # of two alike there is a blank between; the last but one has no time for its labels, the last has none
    labels = np.array([[1, 2, 3, 1], [2, 2, 4, 0], [3, 0, 0, 0], [1, 1, 1, 1], [2, 0, 0, 0]])
    times, counts = np.array([9, 7, 1, 4, 5]), np.array([4, 3, 1, 4, 0])
    if reduction == "mean" and not zero_infinity:
        labels, times, counts = (np.delete(item, 3, 0) for item in (labels, times, counts))

    def loss(t: Any, x: Any) -> Any:
        return t.nn.functional.ctc_loss(
            *(x, t.tensor(labels), t.tensor(times), t.tensor(counts)),
            reduction=reduction,
            zero_infinity=zero_infinity,
        )

    logits = numbers(9, len(labels), 5)
    scores = logits - np.log(np.exp(logits).sum(2, keepdims=True))
    compare(loss, kind, scores, once=True)


# -- channels ----------------------------------------------------------------------------------------


def test_groups_of_channels(kind: str) -> None:
    for shape in ((3, 4, 5, 6), (2, 6, 2), (1, 4, 1, 9), (2, 4, 11, 13)):
        x, weight, bias = numbers(*shape), numbers(shape[1]), numbers(shape[1], seed=1)
        for groups in (1, 2, shape[1]):

            def group_norm(t: Any, x: Any, *a: Any, groups: int = groups) -> Any:
                return t.nn.functional.group_norm(x, groups, *a)

            compare(group_norm, kind, x, weight, bias)
            compare(group_norm, kind, x)

        def instance_norm(t: Any, x: Any, *a: Any) -> Any:
            return t.nn.functional.instance_norm(x, None, None, *a)

        compare(instance_norm, kind, x, weight, bias)

        def batch_norm(t: Any, x: Any, *a: Any) -> Any:
            return t.nn.functional.batch_norm(x, None, None, *a, training=True)

        compare(batch_norm, kind, x, weight, bias)
        compare(lambda t, x: batch_norm(t, x, None, None), kind, x)
    special = numbers(2, 4, 5)
    special[0, 0, 0], special[1, 2, 3] = np.nan, np.inf
    agree(lambda t, x: t.nn.functional.group_norm(x, 2), special.astype(kind), grad=False)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_of_columns(name: str, kind: str) -> None:
    for shape, dim in (
        ((5, 3), 0),
        ((2, 5, 37), 1),
        ((3, 2, 4, 5), -3),
        ((70, 90), 0),
        ((1, 4), 0),
    ):

        def columns(t: Any, x: Any, dim: int = dim) -> Any:
            return getattr(t, name)(x, dim)

        compare(columns, kind, numbers(*shape) * 3)
    special = numbers(3, 6)
    special[0, 0], special[1, 1], special[2, 2], special[:, 3] = np.nan, np.inf, -np.inf, -np.inf
    agree(lambda t, x: getattr(t, name)(x, 0), special.astype(kind), grad=False)


def test_largest_of_bags(kind: str) -> None:
    rows, starts = integers(7, 11), np.array([0, 3, 3, 8])
    for padding in (None, 2):

        def bags(t: Any, x: Any, padding: Any = padding) -> Any:
            given, begin = t.from_numpy(rows), t.from_numpy(starts)
            bag = t.nn.functional.embedding_bag
            return bag(given, x, begin, mode="max", padding_idx=padding)

        compare(bags, kind, numbers(7, 5), once=True)
    special = numbers(7, 5)
    special[2, 1], special[4, 3], special[:, 2] = np.nan, np.inf, -np.inf
    agree(
        lambda t, x: t.nn.functional.embedding_bag(t.from_numpy(rows[None]), x, mode="max"),
        special.astype(kind),
        grad=False,
    )
