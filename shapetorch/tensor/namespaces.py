"""The functions of a namespace: ``shapetorch.nn.functional``, ``shapetorch.linalg``, ``shapetorch.fft``.

A public module of such a name says ``globals().update(functions_of("linalg"))`` and holds nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapetorch.tensor.operations import OPERATIONS


def functions_of(namespace: str) -> dict[str, Callable[..., Any]]:
    """The declared functions by their last word: of ``"linalg"``, ``svd`` for ``linalg.svd``."""
    found = {}
    for name, made in OPERATIONS.items():
        place, _, last = name.rpartition(".")
        if place == namespace:
            found[last] = made.function
    return found
