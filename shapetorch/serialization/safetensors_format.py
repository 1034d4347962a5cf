"""The safetensors format: a header in JSON, then the bytes of the arrays.

``<8 bytes: length of the header> <header> <data>``; the header gives each array's dtype, shape and place
in the data, and a table of texts. Reading checks every place before anything is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.tensors import Array

CODES = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "int16": "I16",
    "int32": "I32",
    "int64": "I64",
    "float16": "F16",
    "bfloat16": "BF16",
    "float32": "F32",
    "float64": "F64",
    "complex64": "C64",
}
"""The format's names of dtypes; it has none for complex128."""
_KINDS = {code: DTYPES[name].numpy for name, code in CODES.items()}
_CODES = {kind: code for code, kind in _KINDS.items()}
_LARGEST_HEADER = 100_000_000


def packed(arrays: Mapping[str, Array], texts: Mapping[str, str]) -> list[bytes | memoryview]:
    """The parts of a file, to be written one after the other.

    Args:
        arrays: By name, of the dtypes of `CODES`.
        texts: What the header says besides.
    """
    # wide elements first, so that every array begins at a multiple of its elements' size
    names = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))
    header: dict[str, Any] = {"__metadata__": dict(texts)} if texts else {}
    parts: list[bytes | memoryview] = []
    end = 0
    for name in names:
        array = arrays[name]
        begin, end = end, end + array.nbytes
        header[name] = {
            "dtype": _CODES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [begin, end],
        }
        parts.append(array.reshape(-1).view(np.uint8).data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return [len(text).to_bytes(8, "little"), text, *parts]


def unpacked(data: Any) -> tuple[dict[str, Array], dict[str, str]]:
    """The arrays of a file and the texts of its header; the arrays share the memory of `data`.

    Raises:
        RuntimeError: it is no such file, or a broken one.
    """
    view = memoryview(data)
    header, start = _header(view)
    texts = header.pop("__metadata__", {})
    if not isinstance(texts, dict):
        raise RuntimeError("load: the header's metadata is no table")
    return {name: _array(view, start, name, facts) for name, facts in header.items()}, texts


def _header(view: memoryview) -> tuple[dict[str, Any], int]:
    length = int.from_bytes(view[:8], "little") if len(view) >= 8 else -1
    if not 2 <= length <= min(len(view) - 8, _LARGEST_HEADER):
        raise RuntimeError(f"load: the header of {length} bytes does not fit into the file")
    try:
        header = json.loads(bytes(view[8 : 8 + length]))
    except ValueError as error:
        raise RuntimeError(f"load: the header is no JSON: {error}") from None
    if not isinstance(header, dict):
        raise RuntimeError("load: the header is no table")
    return header, 8 + length


def _array(view: memoryview, start: int, name: str, facts: Any) -> Array:
    try:
        code, shape = facts["dtype"], [int(size) for size in facts["shape"]]
        begin, end = (int(place) for place in facts["data_offsets"])
    except (KeyError, TypeError, ValueError):
        raise RuntimeError(f"load: {name} is not described as an array is") from None
    kind = _KINDS.get(code)
    if kind is None:
        raise RuntimeError(f"load: {name} has dtype {code}, which tensors do not have")
    wanted = prod(shape) * kind.itemsize
    if any(size < 0 for size in shape) or end - begin != wanted:
        raise RuntimeError(f"load: {name} of shape {shape} takes {wanted} bytes, got {end - begin}")
    if not 0 <= begin <= end <= len(view) - start:
        raise RuntimeError(f"load: {name} lies outside of the file")
    array = np.frombuffer(view, kind, prod(shape), start + begin) if wanted else np.empty(0, kind)
    if not array.flags.aligned:
        array = array.copy()
    return array.reshape(shape)
