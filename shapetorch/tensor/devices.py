"""Devices: the CPU is the one there is; others are known by name and refused in one place."""

from __future__ import annotations

import re
from typing import Any

KNOWN = frozenset(
    "cpu cuda webgpu ipu xpu mkldnn opengl opencl ideep hip ve fpga maia xla lazy vulkan mps meta hpu mtia privateuseone".split()
)
"""Device types that PyTorch or torch.js has a name for."""


class device:  # noqa: N801 - PyTorch's name
    """Where a tensor lives: ``device("cpu")``, ``device("cuda", 0)``."""

    __slots__ = ("index", "type")
    type: str
    index: int | None

    def __init__(self, type: Any, index: int | None = None) -> None:
        if isinstance(type, device):
            self.type, self.index = type.type, type.index
            return
        if isinstance(type, int) and not isinstance(type, bool):
            raise RuntimeError(f"Cannot access accelerator device {type}: there is no accelerator")
        if not isinstance(type, str):
            raise TypeError(f"device(): argument 'type' must be str, not {type.__class__.__name__}")
        if index is not None and (index.__class__ is bool or not hasattr(index, "bit_length")):
            raise TypeError(
                f"device(): argument 'index' must be int, not {index.__class__.__name__}"
            )
        if index is not None and not -(1 << 63) <= index < 1 << 63:
            raise ValueError("device(): argument 'index': Overflow when unpacking long long")
        if index is not None and index < 0:
            raise RuntimeError(f"Device index must not be negative, got {index}")
        found = re.fullmatch(r"([a-z]+)(?::(\d+))?", type)
        if found is None:
            raise RuntimeError(f"Invalid device string: '{type}'")
        if found[1] not in KNOWN:
            kinds = ", ".join(sorted(KNOWN))
            raise RuntimeError(
                f"Expected one of {kinds} device type at start of device string: {found[1]}"
            )
        if found[2] is not None and index is not None:
            raise RuntimeError(
                f"type (string) must not include an index because index was passed explicitly: {type}"
            )
        self.type = found[1]
        self.index = int(found[2]) if found[2] is not None else index

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{index})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return (device, (self.type, self.index))

    def __enter__(self) -> device:
        _BEFORE.append(Default.device)
        Default.device = check_device(self)
        return self

    def __exit__(self, *exc_info: object) -> None:
        Default.device = _BEFORE.pop()


class MissingDevice(RuntimeError, AssertionError):
    """A device that this library has no tensors on; PyTorch raises the one or the other for its own."""


CPU = device("cpu")


class Default:
    """The device of tensors that name none."""

    device = CPU


_BEFORE: list[device] = []
"""The defaults outside of the ``with device(...)`` blocks that are open."""


def check_device(value: Any) -> device:
    """The device meant by a device or its name, if tensors can live there.

    Raises:
        RuntimeError: no such device.
        MissingDevice: one that this library has no tensors on.
    """
    if value is None or value is CPU:
        return CPU
    found = device(value)
    if found.type != "cpu":
        raise MissingDevice(
            f"device: '{found}' is not available: tensors of this library live on 'cpu'"
        )
    return found
