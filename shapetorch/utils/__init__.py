"""Helpers beside the library's core: `checkpoint`, `dlpack`; each is imported when it is used."""

import importlib
from typing import Any

_MODULES = frozenset("checkpoint dlpack".split())


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
