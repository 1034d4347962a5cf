"""Programs of ten random operations: values and gradients as PyTorch's, by hypothesis."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("torch")

import torch

import shapetorch
from tests.tensor.judge import close, to_numpy

STEPS = 10
EXAMPLES = 5000 if os.environ.get("SHAPETORCH_FUZZ") == "1" else 120
Step = Callable[[Any, Any, Any], Any]

# of a tensor x, another tensor y of the program and the library t; every one keeps numbers moderate
ONE: dict[str, Step] = {
    "neg": lambda t, x, y: -x,
    "tanh": lambda t, x, y: x.tanh(),
    "sigmoid": lambda t, x, y: t.sigmoid(x),
    "exp of tanh": lambda t, x, y: x.tanh().exp(),
    "log": lambda t, x, y: (x.abs() + 1).log(),
    "sqrt": lambda t, x, y: (x * x + 1).sqrt(),
    "sin": lambda t, x, y: t.sin(x),
    "relu": lambda t, x, y: t.relu(x),
    "gelu": lambda t, x, y: t.nn.functional.gelu(x),
    "softplus": lambda t, x, y: t.nn.functional.softplus(x),
    "clamp": lambda t, x, y: x.clamp(-0.7, 0.9),
    "softmax": lambda t, x, y: t.softmax(x, -1),
    "log_softmax": lambda t, x, y: t.log_softmax(x, 0),
    "sum": lambda t, x, y: x.sum(0, keepdim=True).expand_as(x) / 3,
    "mean": lambda t, x, y: x - x.mean(-1, keepdim=True),
    "amax": lambda t, x, y: x - x.amax(0, keepdim=True),
    "var": lambda t, x, y: x / (x.var(-1, keepdim=True) + 1),
    "cumsum": lambda t, x, y: x.cumsum(0) / 3,
    "flip": lambda t, x, y: x.flip(0),
    "roll": lambda t, x, y: x.roll(1, -1),
    "transpose twice": lambda t, x, y: x.transpose(0, 1).contiguous().transpose(0, 1),
    "reshape": lambda t, x, y: x.reshape(-1).view(x.shape),
    "slice": lambda t, x, y: t.cat([x[1:], x[:1]]),
    "index": lambda t, x, y: x[t.tensor([2, 0, 1])],
    "gather": lambda t, x, y: x.gather(1, x.argsort(dim=1)),
    "sort": lambda t, x, y: x.sort(-1).values,
    "tril": lambda t, x, y: x.tril() + 0.5 * x,
    "layer_norm": lambda t, x, y: t.nn.functional.layer_norm(x, x.shape[-1:]),
    "pad": lambda t, x, y: t.nn.functional.pad(x, (1, 0))[:, :-1],
    "write": lambda t, x, y: _written(x),
    "scatter": lambda t, x, y: x.index_add(0, t.tensor([0, 2]), x[:2] * 0.5),
    "masked": lambda t, x, y: x.masked_fill(x > 1, 0.25),
    "detached": lambda t, x, y: x * x.detach().tanh(),
    "stack": lambda t, x, y: t.stack([x, x * 2]).mean(0),
    "split": lambda t, x, y: t.cat(x.split([1, 3], dim=1)[::-1], dim=1),
}
TWO: dict[str, Step] = {
    "add": lambda t, x, y: x + y,
    "sub": lambda t, x, y: x - y,
    "mul": lambda t, x, y: x * y.tanh(),
    "div": lambda t, x, y: x / (y * y + 1),
    "row": lambda t, x, y: x + y[0],
    "column": lambda t, x, y: x * y[:, :1].tanh(),
    "matmul": lambda t, x, y: (x @ y.transpose(0, 1) @ x).tanh(),
    # shifted, as what is equal but for rounding would be compared as it is rounded
    "maximum": lambda t, x, y: t.maximum(x, y + 0.0123),
    "where": lambda t, x, y: t.where(x > y + 0.0123, x, y * 0.5),
    "lerp": lambda t, x, y: x.lerp(y, 0.3),
    "addcmul": lambda t, x, y: t.addcmul(x, y.tanh(), y.tanh(), value=0.5),
    "einsum": lambda t, x, y: t.einsum("ij,ij->i", x, y.tanh())[:, None].expand_as(x).tanh(),
    "atan2": lambda t, x, y: t.atan2(x, y.abs() + 0.5),
    "linear": lambda t, x, y: t.nn.functional.linear(x, y.tanh().transpose(0, 1) @ y.tanh()),
}
ALL = {**ONE, **TWO}


def _written(x: Any) -> Any:
    made = x * 1
    made[1] *= 0.5
    made[:, 2] = made[:, 0]
    return made


def run(
    library: Any, steps: list[tuple[str, int, int]], arrays: list[np.ndarray]
) -> list[np.ndarray]:
    """The last tensors of a program, then the gradients of their weighted sum."""
    leaves = [library.from_numpy(array.copy()).requires_grad_() for array in arrays]
    pool = list(leaves)
    for name, first, second in steps:
        pool.append(ALL[name](library, pool[first % len(pool)], pool[second % len(pool)]))
    total = sum((item * (0.5 + place)).sum() for place, item in enumerate(pool[len(leaves) :]))
    gradients = library.autograd.grad(total, leaves, create_graph=True, allow_unused=True)
    again = [item for item in gradients if item is not None and item.requires_grad]
    second = (
        library.autograd.grad(sum((item * item).sum() for item in again), leaves, allow_unused=True)
        if again
        else []
    )
    found = [*pool, *gradients, *(second or [None] * len(leaves))]
    return [np.zeros(0) if item is None else to_numpy(item) for item in found]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(ALL)), st.integers(0, 11), st.integers(0, 11)),
        min_size=STEPS,
        max_size=STEPS,
    ),
    seed=st.integers(0, 2**31),
)
def test_ten_operations(steps: list[tuple[str, int, int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrays = [rng.standard_normal((3, 4)), rng.standard_normal((3, 4))]
    for ours, theirs in zip(run(shapetorch, steps, arrays), run(torch, steps, arrays), strict=True):
        assert ours.shape == theirs.shape or not (ours.any() or theirs.any()), (
            ours.shape,
            theirs.shape,
        )
        if ours.shape == theirs.shape:
            scale = max(1.0, float(np.abs(theirs).max(initial=0)))
            found = close(ours / scale, theirs / scale, 1e-8)
            assert found is None, found


def test_every_operation_runs_alone() -> None:
    arrays = [np.random.default_rng(0).standard_normal((3, 4)) for _ in range(2)]
    for name in ALL:
        for ours, theirs in zip(
            run(shapetorch, [(name, 0, 1)], arrays), run(torch, [(name, 0, 1)], arrays), strict=True
        ):
            is_zero = not (ours.any() or theirs.any())  # None on one side, zeros on the other
            assert is_zero or close(ours, theirs, 1e-9) is None, name
