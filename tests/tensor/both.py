"""One call on both sides: PyTorch and the tensor library must give the same, gradients included."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
from shapetorch.tensor.tensors import Tensor
from tests.rules.oracle import Call, exception_class
from tests.tensor import judge


def numbers(*shape: int, seed: int = 0, dtype: str = "float64") -> np.ndarray:
    """Numbers about 0, none of them twice."""
    return np.random.default_rng((seed, *shape)).standard_normal(shape).astype(dtype)


def integers(high: int, *shape: int, seed: int = 0) -> np.ndarray:
    """Indices below `high`."""
    return np.random.default_rng((seed, *shape)).integers(0, high, shape)


def sides(inputs: tuple[Any, ...], grad: bool) -> tuple[list[Any], list[Any]]:
    """The inputs of both sides: arrays as tensors, whose gradients are wanted if they are floating."""
    theirs = [torch.from_numpy(i.copy()) if isinstance(i, np.ndarray) else i for i in inputs]
    ours = [Tensor.of_numpy(i.copy()) if isinstance(i, np.ndarray) else i for i in inputs]
    for tensors in (theirs, ours):
        for item in tensors:
            if grad and hasattr(item, "dtype") and judge._can_have_gradient(item):
                item.requires_grad = True
    return ours, theirs


def _attempt(call: Callable[..., Any], library: Any, inputs: list[Any]) -> tuple[Any, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call(library, *inputs), None
        except Exception as error:
            return None, error


def agree(call: Callable[..., Any], *inputs: Any, grad: bool = True) -> None:
    """Assert that ``call(library, *tensors)`` gives the same, or fails alike, on both sides.

    Args:
        call: The call.
        inputs: Arrays, which become tensors, or other values, which stay.
        grad: Whether gradients and gradients of gradients are compared too.
    """
    mine, judged = judge.Ours(Call(""), judge.Variant()), judge.Theirs(Call(""), judge.Variant())
    ours, theirs = sides(inputs, grad)
    mine.tensors = [item for item in ours if isinstance(item, Tensor)]
    judged.tensors = [item for item in theirs if isinstance(item, torch.Tensor)]
    expected, their_error = _attempt(call, torch, theirs)
    got, our_error = _attempt(call, shapetorch, ours)
    if their_error is not None:
        assert our_error is not None, f"accepted, PyTorch: {their_error!r}"
        assert isinstance(our_error, exception_class(their_error)), (
            f"{our_error!r}, PyTorch: {their_error!r}"
        )
        return
    if our_error is not None:
        raise our_error
    found = judge.difference(got, expected, "")
    assert found is None, found
    if grad:
        found = judge.gradient_difference(got, mine, expected, judged)
        assert found is None, found
    for a, b in zip(mine.tensors, judged.tensors, strict=True):  # what was written in place
        found = judge.close(judge.to_numpy(a), judge.to_numpy(b), 1e-5)
        assert found is None, f"an operand: {found}"


def entering(
    calls: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]],
) -> Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]:
    """A decorator that enters functions of a library and these tensors into `calls`, to be compared."""

    def call(*inputs: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def enter(function: Callable[..., Any]) -> Callable[..., Any]:
            assert function.__name__ not in calls, f"{function.__name__} stands here twice"
            calls[function.__name__] = (function, inputs)
            return function

        return enter

    return call
