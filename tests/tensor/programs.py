"""Programs that run in PyTorch and in the tensor library, and must give the same.

A program is a function of the library (``t``); what it gives is made of tensors, numbers, text and
lists of them. An exception is an outcome, too: both sides must raise the same class.
"""

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
from tests.rules.oracle import exception_class
from tests.tensor.judge import close, to_numpy

Program = Callable[[Any], Any]


class Programs(list[Any]):
    """The programs of a file, as parameters of its test; as a decorator it adds one."""

    def __call__(self, program: Program) -> Program:
        self.append(pytest.param(program, id=program.__name__))
        return program


def leaf(t: Any, *values: Any, **kwargs: Any) -> Any:
    """A vector of `t` whose gradient is wanted."""
    return t.tensor(values, dtype=t.float64, requires_grad=True, **kwargs)


def outcome(program: Program, library: Any) -> Any:
    """What a program gives, or the exception that it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return program(library)
        except Exception as error:
            return error


def check(program: Program, tolerance: float = 1e-5) -> None:
    """Assert that both libraries give the same."""
    theirs, ours = outcome(program, torch), outcome(program, shapetorch)
    if isinstance(theirs, Exception):
        assert isinstance(ours, exception_class(theirs)), f"{ours!r} instead of {theirs!r}"
        return
    if isinstance(ours, Exception):
        raise ours
    _same(ours, theirs, tolerance, "result")


def _same(ours: Any, theirs: Any, tolerance: float, where: str) -> None:
    if isinstance(theirs, torch.Tensor):
        assert isinstance(ours, Tensor), f"{where}: {ours!r} instead of a tensor"
        assert tuple(ours.shape) == tuple(theirs.shape), f"{where}: {ours.shape}, {theirs.shape}"
        assert str(ours.dtype) == str(theirs.dtype), f"{where}: {ours.dtype}, {theirs.dtype}"
        assert ours.requires_grad == theirs.requires_grad, f"{where}: requires_grad"
        found = close(to_numpy(ours), to_numpy(theirs), tolerance)
        assert found is None, f"{where}: {found}"
    elif isinstance(theirs, (list, tuple)):
        assert isinstance(ours, (list, tuple)), f"{where}: {ours!r} instead of {theirs!r}"
        assert len(ours) == len(theirs), f"{where}: {len(ours)} items instead of {len(theirs)}"
        for place, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            _same(a, b, tolerance, f"{where}[{place}]")
    elif isinstance(theirs, dict):
        assert list(ours) == list(theirs), where
        for key, value in theirs.items():
            _same(ours[key], value, tolerance, f"{where}[{key!r}]")
    elif isinstance(theirs, float):
        assert np.isclose(ours, theirs, rtol=tolerance, atol=tolerance, equal_nan=True), (
            f"{where}: {ours}, {theirs}"
        )
    elif isinstance(theirs, (bool, int, str, complex, type(None))):
        assert ours == theirs, f"{where}: {ours!r} instead of {theirs!r}"
    else:
        assert str(ours) == str(theirs), f"{where}: {ours!r} instead of {theirs!r}"
