"""Functions of ``scipy.special``, which is loaded when the first is called."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from shapetorch.tensor.tensors import Array


@cache
def scipy_function(name: str) -> Callable[..., Any]:
    """The function of that name."""
    import scipy.special

    return getattr(scipy.special, name)  # type: ignore[no-any-return]


def of_scipy(name: str) -> Callable[..., Any]:
    """The function of that name, with results in the dtype of its first argument."""

    def compute(*arrays: Array) -> Array:
        value = np.asarray(scipy_function(name)(*arrays))
        kind = arrays[0].dtype
        return value if value.dtype == kind else value.astype(kind)

    return compute
