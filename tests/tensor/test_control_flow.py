"""Branches and loops as functions, older norms, tensors in files: compared with PyTorch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from tests.tensor.both import agree, numbers


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("as_tensor", [True, False])
def test_cond(value: bool, as_tensor: bool) -> None:
    x = shapetorch.tensor([1.0, 2.0], requires_grad=True)
    pred = shapetorch.tensor([value]) if as_tensor else value
    made = shapetorch.cond(pred, lambda a: a * 2, lambda a: a * 3, (x,))
    made.sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [2.0, 2.0] if value else [3.0, 3.0]


def test_mistakes_of_cond() -> None:
    for pred in ("yes", shapetorch.ones(2)):
        with pytest.raises(RuntimeError, match="expected a bool or a tensor of one element"):
            shapetorch.cond(pred, abs, abs)
    with pytest.raises(RuntimeError, match="callable"):
        shapetorch.cond(True, 1, abs)
    with pytest.raises(RuntimeError, match="tuple or list"):
        shapetorch.cond(True, abs, abs, 3)


def test_while_loop() -> None:
    def grow(count: Any, x: Any) -> Any:
        return count + 1, x * 2

    start = (shapetorch.tensor(0), shapetorch.ones(2))
    count, x = shapetorch.while_loop(lambda n, _: n < 3, grow, start)
    assert (count.item(), x.tolist()) == (3, [8.0, 8.0])
    with pytest.raises(RuntimeError, match="must give 2 values"):
        shapetorch.while_loop(lambda n, _: n < 3, lambda n, _: n + 1, start)


@pytest.mark.parametrize("dim", [0, -1, (0, 1), (), (0, 1, 2), 5], ids=str)
@pytest.mark.parametrize("keepdim", [True, False])
def test_frobenius_norm(dim: Any, keepdim: bool) -> None:
    agree(lambda t, x: t.frobenius_norm(x, dim, keepdim), numbers(3, 4, 2))


@pytest.mark.parametrize("dim", [None, (0, 1), (-1, 0)], ids=str)
@pytest.mark.parametrize("keepdim", [True, False])
def test_nuclear_norm(dim: Any, keepdim: bool) -> None:
    given = () if dim is None else (dim,)
    agree(lambda t, x: t.nuclear_norm(x, *given, keepdim), numbers(3, 4, 2))


@pytest.mark.parametrize("dim", [0, 2, -1])
@pytest.mark.parametrize("power", [1, 2])
def test_norm_except_dim(dim: int, power: int) -> None:
    agree(lambda t, x: t.norm_except_dim(x, power, dim), numbers(3, 4, 2))


def test_from_file(tmp_path: Path) -> None:
    def run(t: Any) -> list[Any]:
        path = str(tmp_path / t.__name__)
        np.arange(4, dtype=np.float32).tofile(path)
        found = [t.from_file(path, size=3).tolist()]
        private = t.from_file(path, False, 4)
        private[0] = 7
        found.append(t.from_file(path, size=1).tolist())
        shared = t.from_file(path, shared=True, size=4, dtype=t.float32)
        shared[1] = 9
        del shared
        found.append(t.from_file(path, size=2).tolist())
        made = t.from_file(f"{path}_new", True, 5, dtype=t.int32)
        return [*found, made.tolist(), str(made.dtype), t.from_file(path, size=0).tolist()]

    assert run(shapetorch) == run(torch)
    with pytest.raises(RuntimeError, match="unable to open file"):
        shapetorch.from_file(str(tmp_path / "nothing"), size=2)


def test_anomaly_mode_is_set() -> None:
    shapetorch.set_anomaly_enabled(True, False)
    try:
        assert shapetorch.is_anomaly_enabled()
        assert not shapetorch.is_anomaly_check_nan_enabled()
    finally:
        shapetorch.set_anomaly_enabled(False)
    assert not shapetorch.is_anomaly_enabled()
    assert not shapetorch.is_vulkan_available()
