"""DLPack: how array libraries hand each other memory without a copy."""

from shapetorch.tensor import NAMES as _NAMES

from_dlpack = _NAMES["from_dlpack"]
to_dlpack = _NAMES["to_dlpack"]

__all__ = ["from_dlpack", "to_dlpack"]
