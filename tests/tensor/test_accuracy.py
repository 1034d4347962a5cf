"""Sums of many numbers, and of numbers far from 0, are as exact as PyTorch's; judged by float64."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from shapetorch.tensor import kernels

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda t, x: x.sum(0),
    "mean": lambda t, x: x.mean(1),
    "var of all": lambda t, x: x.var(),
    "var of rows": lambda t, x: x.var(1),
    "var of columns": lambda t, x: x.var(0),
    "var of complex": lambda t, x: t.complex(x, x).var(1),
    "std": lambda t, x: x.std(1, correction=0),
    "norm": lambda t, x: x.norm(dim=1),
    "softmax": lambda t, x: x.softmax(1),
    "log_softmax": lambda t, x: x.log_softmax(1),
    "log_softmax of columns": lambda t, x: x.log_softmax(0),
    "logsumexp": lambda t, x: x.logsumexp(1),
    "cumsum": lambda t, x: x.cumsum(1),
    "cumsum of columns": lambda t, x: x.cumsum(0),
    "cumsum of all": lambda t, x: x.flatten().cumsum(0),
    "cumsum of complex": lambda t, x: t.view_as_real(t.complex(x, x).cumsum(1)),
    "cumprod": lambda t, x: ((x - x.mean()) * 0.01 + 1).cumprod(1),
    "logcumsumexp": lambda t, x: x.logcumsumexp(1),
    "cross_entropy": lambda t, x: _losses(t, x, reduction="none"),
    "cross_entropy, mean": lambda t, x: _losses(t, x, reduction="mean"),
    "cross_entropy, smoothed": lambda t, x: _losses(t, x, label_smoothing=0.1),
    "cross_entropy of images": lambda t, x: t.nn.functional.cross_entropy(
        x.view(8, 8, -1), t.ones(8, x.numel() // 64, dtype=t.int64), reduction="none"
    ),
    "gradient of cross_entropy": lambda t, x: _gradient(t, x, _losses),
    "gradient of cumsum": lambda t, x: _gradient(t, x, lambda t, y: (y.cumsum(1) * x).sum()),
    "gradient of var": lambda t, x: _gradient(t, x, lambda t, y: y.var(1).sum()),
}


def _losses(t: Any, x: Any, **options: Any) -> Any:
    return t.nn.functional.cross_entropy(x, t.arange(64), **options)


def _gradient(t: Any, x: Any, function: Callable[[Any, Any], Any]) -> Any:
    y = x.clone().requires_grad_()
    return t.autograd.grad(function(t, y), y)[0]


@pytest.fixture(autouse=True, scope="module", params=["kernels", "numpy"])
def tier(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run all tests on both."""
    setting, kernels._setting = kernels._setting, "0"
    kernels.unload()
    if request.param == "kernels":
        kernels.warmup()
    yield
    kernels._setting = setting
    kernels.unload()


@pytest.mark.parametrize("mean", [0.0, 1e3, 3e4])
@pytest.mark.parametrize("name", OPERATIONS)
def test_as_exact_as_pytorch(name: str, mean: float) -> None:
    x = (np.random.default_rng(0).standard_normal((64, 1024)) + mean).astype(np.float32)
    run = OPERATIONS[name]
    exact = run(torch, torch.from_numpy(x).double()).numpy()
    largest = np.abs(exact).max()
    theirs = np.abs(run(torch, torch.from_numpy(x)).numpy() - exact).max() / largest
    ours = np.abs(run(shapetorch, shapetorch.from_numpy(x)).numpy() - exact).max() / largest
    assert ours <= 4 * theirs + 1e-6, f"{ours:.1e}, PyTorch: {theirs:.1e}"
