"""Nested structures as text that refers to arrays.

What has a text of its own in JSON (None, bools, integers, floats, text) stays as it is; everything else
is a table with one entry, whose key says what it is. Tensors that share memory refer to one array.
"""

from __future__ import annotations

import base64
import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.devices import device
from shapetorch.tensor.dtypes import DTYPES, OF_NUMPY, dtype
from shapetorch.tensor.geometry import element_strides, flat_memory_as
from shapetorch.tensor.ops.copies import restored
from shapetorch.tensor.sizes import Size
from shapetorch.tensor.storage import memory_of, storage_offset
from shapetorch.tensor.tensors import Array, Tensor


class Writer:
    """Turns a structure into text, and collects the arrays it refers to.

    Attributes:
        arrays: By name: where the first tensor stood that lies in it, ``model.layer.weight``.
    """

    def __init__(self) -> None:
        self.arrays: dict[str, Array] = {}
        self._names: dict[tuple[int, Any], tuple[str, Array]] = {}
        self._open: set[int] = set()

    def text(self, thing: Any, path: str = "") -> Any:
        """What stands for a thing at a place of the structure.

        Raises:
            TypeError: there is no text for it.
            ValueError: it contains itself.
        """
        if thing is None or isinstance(thing, (bool, str)) or type(thing) is int:
            return thing
        if type(thing) is float:
            return thing if math.isfinite(thing) else {"float": str(thing)}
        if isinstance(thing, Tensor):
            return {"tensor": self._tensor(thing, path)}
        for kind, (name, write) in _SIMPLE.items():
            if type(thing) is kind:
                return {name: write(thing)}
        if isinstance(thing, (np.ndarray, np.generic)):
            name = "array" if isinstance(thing, np.ndarray) else "scalar"
            return {name: self._array(np.asarray(thing), path)}
        if id(thing) in self._open:
            raise ValueError(f"save: {path or 'the object'} contains itself")
        self._open.add(id(thing))
        try:
            return self._container(thing, path)
        finally:
            self._open.discard(id(thing))

    def _container(self, thing: Any, path: str) -> Any:
        if type(thing) in (list, tuple, set, frozenset):
            items = [self.text(item, _below(path, str(i))) for i, item in enumerate(thing)]
            return {type(thing).__name__: items}
        if isinstance(thing, dict):
            name = "dict" if type(thing) is dict else "OrderedDict"
            if type(thing) not in (dict, OrderedDict) and not hasattr(thing, "_metadata"):
                raise _no_text(thing, path)
            pairs = [
                [self.text(key, path), self.text(value, _below(path, str(key)))]
                for key, value in thing.items()
            ]
            return {name: pairs}
        raise _no_text(thing, path)

    def _name(self, path: str) -> str:
        name, count = path or "tensor", 1
        while name in self.arrays:
            count += 1
            name = f"{path or 'tensor'}.{count}"
        return name

    def _stored(self, array: Array, path: str) -> str:
        name = self._name(path)
        if array.dtype == np.complex128:  # the format has none: real and imaginary parts
            array = np.ascontiguousarray(array).view(np.float64).reshape(*array.shape, 2)
        self.arrays[name] = array
        return name

    def _array(self, array: Array, path: str) -> dict[str, Any]:
        if array.dtype not in OF_NUMPY:
            raise TypeError(f"save: {path}: arrays of dtype {array.dtype} are not saved")
        return {"in": self._stored(array, path), "dtype": OF_NUMPY[array.dtype].name}

    def _tensor(self, tensor: Tensor, path: str) -> dict[str, Any]:
        memory, array = memory_of(tensor), tensor._stored
        key = id(memory), array.dtype
        if key not in self._names:
            whole = memory is array and array.flags.c_contiguous
            dense = memory if whole else flat_memory_as(memory, array.dtype)
            if (
                tensor._reads_as is not Tensor
            ):  # other programs do not know that these are conjugates
                path = _below(path, "memory")
            self._names[key] = (self._stored(dense, path), memory)
        facts: dict[str, Any] = {"in": self._names[key][0]}
        facts["dtype"] = tensor.dtype.name
        if tensor.requires_grad:
            facts["requires_grad"] = True
        if type(tensor) is not Tensor:
            facts["class"] = type(tensor).__name__
        if memory is not array or not array.flags.c_contiguous:
            facts |= {
                "size": list(array.shape),
                "stride": list(element_strides(array)),
                "offset": storage_offset(tensor),
            }
        return facts


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _no_text(thing: Any, path: str) -> TypeError:
    advice = "; save its state_dict() instead" if hasattr(thing, "state_dict") else ""
    return TypeError(
        f"save: {path or 'the object'} is of type {type(thing).__name__}, which is not saved: tensors, numbers, "
        f"text, lists, tuples, sets and dicts of them are{advice}"
    )


_SIMPLE: dict[type, tuple[str, Callable[[Any], Any]]] = {
    complex: ("complex", lambda value: [str(value.real), str(value.imag)]),
    bytes: ("bytes", lambda value: base64.b64encode(value).decode()),
    dtype: ("dtype", lambda value: value.name),
    device: ("device", str),
    Size: ("size", list),
    slice: ("slice", lambda value: [value.start, value.stop, value.step]),
}


class Reader:
    """Turns text back into the structure.

    Args:
        arrays: What the text refers to.
        classes: The classes of tensors that may occur, by name.
    """

    def __init__(self, arrays: dict[str, Array], classes: dict[str, type[Tensor]]) -> None:
        self.arrays = arrays
        self.classes = classes

    def thing(self, text: Any) -> Any:
        """What a text stands for.

        Raises:
            RuntimeError: it stands for nothing.
        """
        if text is None or isinstance(text, (bool, int, float, str)):
            return text
        if isinstance(text, dict) and len(text) == 1:
            ((name, value),) = text.items()
            read = _READERS.get(name)
            if read is not None:
                return read(self, value)
        raise RuntimeError(f"load: there is no meaning to {str(text)[:80]}")

    def array(self, facts: dict[str, Any]) -> Array:
        """The array that a text refers to."""
        array = self.arrays.get(facts["in"])
        if array is None:
            raise RuntimeError(f"load: there is no array {facts['in']}")
        if facts["dtype"] == "complex128":
            return np.ascontiguousarray(array).view(np.complex128)[..., 0]
        if array.dtype != DTYPES[facts["dtype"]].numpy:
            raise RuntimeError(f"load: {facts['in']} is {array.dtype}, not {facts['dtype']}")
        return array

    def tensor(self, facts: dict[str, Any]) -> Tensor:
        """The tensor that a text describes."""
        array = self.array(facts)
        cls = self.classes.get(facts.get("class", "Tensor"))
        if cls is None:
            raise RuntimeError(f"load: there is no class {facts['class']} of tensors")
        wants_grad = bool(facts.get("requires_grad"))
        shape, steps, offset = array.shape, element_strides(array), 0
        if "size" in facts:
            shape, steps = tuple(facts["size"]), tuple(facts["stride"])
            offset, array = facts["offset"], array.reshape(-1)
        return restored(cls, array, offset, shape, steps, wants_grad, {})

    def pairs(self, items: list[Any]) -> list[tuple[Any, Any]]:
        """The items of a dict."""
        return [(self.thing(key), self.thing(value)) for key, value in items]

    def items(self, items: list[Any]) -> list[Any]:
        """The items of a list."""
        return [self.thing(item) for item in items]


_READERS: dict[str, Callable[[Reader, Any], Any]] = {
    "tensor": Reader.tensor,
    "array": lambda reader, value: reader.array(value).copy(),
    "scalar": lambda reader, value: reader.array(value)[()],
    "list": Reader.items,
    "tuple": lambda reader, value: tuple(reader.items(value)),
    "set": lambda reader, value: set(reader.items(value)),
    "frozenset": lambda reader, value: frozenset(reader.items(value)),
    "dict": lambda reader, value: dict(reader.pairs(value)),
    "OrderedDict": lambda reader, value: OrderedDict(reader.pairs(value)),
    "float": lambda reader, value: float(value),
    "complex": lambda reader, value: complex(float(value[0]), float(value[1])),
    "bytes": lambda reader, value: base64.b64decode(value),
    "dtype": lambda reader, value: DTYPES[value],
    "device": lambda reader, value: device(value),
    "size": lambda reader, value: Size(value),
    "slice": lambda reader, value: slice(*value),
}
