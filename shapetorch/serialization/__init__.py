"""Saving and loading: tensors and nested structures of them, in safetensors files, never by pickle."""

from shapetorch.serialization.files import load as load
from shapetorch.serialization.files import save as save

__all__ = ["load", "save"]
