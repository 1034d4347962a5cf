"""The kernels "lstm_steps" and "lstm_steps_backward" against the steps by NumPy, which float64 takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shapetorch.tensor import kernels
from shapetorch.tensor.recurring import Steps, backward, run


def both_ways(kind: Any, sizes: list[int], hidden: int, bias: bool, reverse: bool) -> list[Any]:
    """Results, last states and all gradients."""
    rng = np.random.default_rng(0)

    def numbers(*shape: int) -> np.ndarray:
        return (rng.standard_normal(shape) * 0.7).astype(kind)

    rows, steps = sum(sizes), Steps.of(sizes, reverse)
    weight = numbers(4 * hidden, hidden)
    given, h, c = numbers(rows, 4 * hidden), numbers(sizes[0], hidden), numbers(sizes[0], hidden)
    shift = numbers(4 * hidden)
    made, last, cell, memory = run("lstm", (given, h, c, weight, shift if bias else None), steps)
    grads = numbers(rows, hidden), numbers(*h.shape), numbers(*c.shape)
    found = backward("lstm", memory, weight, steps, *grads)
    return [made, last, cell, *vars(found).values()]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("hidden", [1, 12, 33])
@pytest.mark.parametrize("sizes", [[1, 1, 1], [9, 9], [17, 8, 3, 1]])
def test_lstm(
    sizes: list[int], hidden: int, reverse: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels.warmup()
    asked: list[str] = []
    find = kernels.find

    def noted(name: str, *args: Any) -> Any:
        kernel = find(name, *args)
        if kernel is not None:
            asked.append(name)
        return kernel

    monkeypatch.setattr(kernels, "find", noted)
    for bias in (True, False):
        expected = both_ways(np.float64, sizes, hidden, bias, reverse)
        assert not asked
        made = both_ways(np.float32, sizes, hidden, bias, reverse)
        assert asked == ["lstm_steps", "lstm_steps_backward"]
        asked.clear()
        assert len(made) == len(expected)
        for mine, other in zip(made, expected, strict=True):
            assert mine.dtype == np.float32
            np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-5)
