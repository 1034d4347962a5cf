"""Shapes in brackets: what pyright makes of them, and mypy with the plugin; without it, mypy wants no brackets."""

from __future__ import annotations

from typing import TypeVar, assert_type

import shapetorch as torch
from shapetorch import Tensor

B = TypeVar("B")
T = TypeVar("T")


def project(x: Tensor[B, T, 512], weight: Tensor[512, 64]) -> Tensor[B, T, 64]:
    assert_type(x.shape, torch.Size)
    return x @ weight


def mean(x: Tensor["b", "t", 512]) -> Tensor["b", 512]:
    return x.mean(1)


def rows(x: Tensor["*batch", 3]) -> Tensor["*batch"]:
    return x.sum(-1)
