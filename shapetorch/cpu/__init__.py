"""The CPU as a device, with the functions that modules of devices have."""

from __future__ import annotations

from typing import Any


def is_available() -> bool:
    """Whether there is a CPU: yes."""
    return True


def is_initialized() -> bool:
    """Whether it is ready: yes."""
    return True


def device_count() -> int:
    """How many devices of this type there are: one."""
    return 1


def current_device() -> str:
    """The device: ``"cpu"``."""
    return "cpu"


def synchronize(device: Any = None) -> None:
    """Nothing to wait for: operations have ended when they return."""


def set_device(device: Any) -> None:
    """Nothing to choose from."""
