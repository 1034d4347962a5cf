"""Expressions in which ``torch`` stands for either library, and what differs between the two outcomes."""

from __future__ import annotations

import copy
import math
import pickle
import warnings
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
from shapetorch.tensor.tensors import Tensor
from tests.tensor.judge import close, to_numpy

NAMES = {"np": np, "math": math, "copy": copy, "pickle": pickle, "inf": math.inf, "nan": math.nan}
GIVEN = """
b = torch.arange(6.0).reshape(2, 3)
v = b[:, 1:]
x = torch.ones(2, 3, requires_grad=True)
y = x * 2
"""
"""What every expression may speak of: a matrix, a view of it, a leaf and what was made of it."""


def evaluated(expression: str, library: Any) -> tuple[Any, Exception | None]:
    """The value of an expression, or the exception that it raises."""
    lines = expression.strip().split("; ")
    names = {**NAMES, "torch": library}
    exec(GIVEN, names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for line in lines[:-1]:
                exec(line, names)
            return eval(lines[-1], names), None
        except NameError:
            raise
        except Exception as error:
            return None, error


def difference(expression: str, tolerance: float = 1e-6) -> str | None:
    """What differs when PyTorch and the library evaluate an expression; None if nothing does.

    Statements before the last ``; `` prepare what the expression speaks of.
    """
    theirs, their_error = evaluated(expression, torch)
    ours, our_error = evaluated(expression, shapetorch)
    if their_error is None and our_error is None:
        return unlike(ours, theirs, tolerance)
    if their_error is None:
        return f"raised {our_error!r}, PyTorch gives {theirs!r}"
    if our_error is None:
        return f"gave {ours!r}, PyTorch raises {their_error!r}"
    return (
        None if same_class(our_error, their_error) else f"{our_error!r}, PyTorch: {their_error!r}"
    )


def same_class(ours: Exception, theirs: Exception) -> bool:
    """Whether an ``except`` clause for PyTorch's exception catches ours."""
    kind: Any = type(theirs)
    if kind is NotImplementedError or (kind is AssertionError and "not compiled" in str(theirs)):
        kind = RuntimeError
    return isinstance(ours, kind)


def unlike(ours: Any, theirs: Any, tolerance: float = 1e-6) -> str | None:
    """What differs between two values."""
    if isinstance(theirs, torch.Tensor):
        return _unlike_tensors(ours, theirs, tolerance)
    if isinstance(theirs, np.ndarray):
        if (
            not isinstance(ours, np.ndarray)
            or ours.dtype != theirs.dtype
            or ours.shape != theirs.shape
        ):
            return f"{ours!r} instead of {theirs!r}"
        return close(ours, theirs, tolerance)
    if isinstance(theirs, (list, tuple)):
        if not isinstance(ours, type(theirs).__mro__[-2]) or len(ours) != len(theirs):
            return f"{ours!r} instead of {theirs!r}"
        found = [unlike(a, b, tolerance) for a, b in zip(ours, theirs, strict=True)]
        return next(filter(None, found), None)
    if isinstance(theirs, float) and isinstance(ours, float):
        return None if np.isclose(ours, theirs, equal_nan=True) else f"{ours} instead of {theirs}"
    if theirs is None or isinstance(theirs, (bool, int, str, complex, dict, np.generic)):
        same = ours == theirs and isinstance(ours, type(theirs))
        return None if same else f"{ours!r} instead of {theirs!r}"
    return None if str(ours) == str(theirs) else f"{ours} instead of {theirs}"


def _unlike_tensors(ours: Any, theirs: torch.Tensor, tolerance: float) -> str | None:
    if not isinstance(ours, Tensor):
        return f"{type(ours).__name__} instead of a tensor"
    facts = {
        "shape": (tuple(ours.shape), tuple(theirs.shape)),
        "dtype": (str(ours.dtype), str(theirs.dtype)),
        "stride": (ours.stride(), theirs.stride()),
        "requires_grad": (ours.requires_grad, theirs.requires_grad),
        "is_leaf": (ours.is_leaf, theirs.is_leaf),
    }
    for name, (mine, judge) in facts.items():
        if mine != judge:
            return f"{name} {mine} instead of {judge}"
    return close(to_numpy(ours), to_numpy(theirs), tolerance)
