"""`save` and `load`: structures of tensors in files."""

from __future__ import annotations

import json
import mmap as memory_map
import os
from typing import Any

from shapetorch.serialization.safetensors_format import packed, unpacked
from shapetorch.serialization.structures import Reader, Writer
from shapetorch.tensor.devices import CPU, check_device, device
from shapetorch.tensor.marks import Conjugate, Negative
from shapetorch.tensor.ops.creation_data import from_numpy
from shapetorch.tensor.tensors import Tensor

_KEY = "shapetorch"
"""The text of the header that holds the structure; files of others have none."""
_ZIP = b"PK\x03\x04"


def save(obj: Any, f: Any, pickle_module: Any = None, **ignored: Any) -> None:
    """Save a tensor, or a structure of dicts, lists, tuples, numbers and text with tensors in it.

    The file is a safetensors file, which other programs read as a table of arrays; what the structure is
    stands in its header. Tensors that share memory share it again when they are loaded.

    Args:
        obj: What is saved: a ``state_dict()``, an optimizer's state, anything that consists of such.
        f: A path, or a file that is open for writing bytes.
        pickle_module: Without effect: nothing is pickled.
        ignored: Further arguments that PyTorch takes.

    Raises:
        TypeError: something is not of a type that can be saved.
    """
    writer = Writer()
    text = json.dumps(writer.text(obj), separators=(",", ":"))
    parts = packed(writer.arrays, {"format": "pt", _KEY: text})
    if hasattr(f, "write"):
        for part in parts:
            f.write(part)
        return
    with open(os.fspath(f), "wb") as file:
        for part in parts:
            file.write(part)


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **ignored: Any,
) -> Any:
    """What was saved: the structure of a file of `save`, a dict of tensors for any other safetensors file.

    Args:
        f: A path, or a file that is open for reading bytes.
        map_location: Where the tensors shall live: the CPU.
        pickle_module: Without effect: nothing is unpickled, so no file can run code.
        weights_only: Without effect, for the same reason.
        mmap: Whether the file's memory is mapped and read when it is needed; only for paths.
        ignored: Further arguments that PyTorch takes.

    Raises:
        RuntimeError: it is no safetensors file, or a broken one.
        EOFError: it is empty.
    """
    _check_location(map_location)
    data = _bytes(f, bool(mmap))
    if not len(data):
        raise EOFError("load: the file is empty")
    if bytes(data[:4]) == _ZIP:
        raise RuntimeError(
            "load: this is a file of PyTorch's own, which is pickled; load it with PyTorch and save it with "
            "safetensors"
        )
    arrays, texts = unpacked(data)
    if _KEY not in texts:
        return {name: from_numpy(array) for name, array in arrays.items()}
    try:
        structure = json.loads(texts[_KEY])
        return Reader(arrays, _classes()).thing(structure)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise RuntimeError(f"load: the structure in the header is broken: {error!r}") from None


def _check_location(map_location: Any) -> None:
    if isinstance(map_location, dict):
        for place in map_location.values():
            check_device(place)
    elif isinstance(map_location, (str, device)):
        check_device(map_location)
    elif callable(map_location):
        check_device(CPU)


def _bytes(f: Any, mapped: bool) -> Any:
    if hasattr(f, "read"):
        return bytearray(f.read())
    with open(os.fspath(f), "rb") as file:
        if mapped and os.fstat(file.fileno()).st_size:
            return memory_map.mmap(file.fileno(), 0, access=memory_map.ACCESS_COPY)
        return bytearray(file.read())


def _classes() -> dict[str, type[Tensor]]:
    from shapetorch import nn

    found: dict[str, type[Tensor]] = {"Tensor": Tensor}
    found |= {"Conjugate": Conjugate, "Negative": Negative}
    for name in ("Parameter", "Buffer"):
        if isinstance(getattr(nn, name, None), type):
            found[name] = getattr(nn, name)
    return found
