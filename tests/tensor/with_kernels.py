"""Tests that run with kernels: `loaded` is the fixture, `plainly` gives what would come out without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import shapetorch as st
from shapetorch.tensor import kernels


@pytest.fixture(autouse=True)
def loaded() -> Iterator[None]:
    """Kernels are loaded, for the time of each test of the file that imports this."""
    was_loaded = kernels.loaded()
    kernels.warmup()
    yield
    if not was_loaded:
        kernels.unload()


def plainly(function: Any, *args: Any) -> Any:
    """The result without kernels."""
    kernels.unload()
    try:
        return function(*args)
    finally:
        kernels.warmup()


class Derived(st.Tensor):
    """A subclass of somebody."""


__all__ = ["Derived", "loaded", "plainly"]
