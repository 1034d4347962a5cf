"""CUDA devices: there are none, and every question is answered so."""

from __future__ import annotations

from typing import Any


def is_available() -> bool:
    """Whether there is a CUDA device: no."""
    return False


def is_initialized() -> bool:
    """Whether CUDA has been started: no."""
    return False


def device_count() -> int:
    """How many CUDA devices there are: none."""
    return 0


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Whether there is a CUDA device with bfloat16: no."""
    return False


def manual_seed(seed: int) -> None:
    """Without effect, as in PyTorch without a CUDA device."""


def manual_seed_all(seed: int) -> None:
    """Without effect, as in PyTorch without a CUDA device."""


def empty_cache() -> None:
    """Without effect, as in PyTorch without a CUDA device."""


def memory_allocated(device: Any = None) -> int:
    """Bytes on CUDA devices: none."""
    return 0


def max_memory_allocated(device: Any = None) -> int:
    """The most bytes on CUDA devices: none."""
    return 0


def memory_reserved(device: Any = None) -> int:
    """Bytes reserved on CUDA devices: none."""
    return 0


def _refuse() -> Any:
    from shapetorch.tensor.devices import check_device

    return check_device("cuda")


def current_device() -> int:
    """The index of the current device: RuntimeError, there is none."""
    return int(_refuse())


def synchronize(device: Any = None) -> None:
    """Wait for a device: RuntimeError, there is none."""
    _refuse()


def set_device(device: Any) -> None:
    """Choose a device: RuntimeError, there is none."""
    _refuse()


def get_device_name(device: Any = None) -> str:
    """The name of a device: RuntimeError, there is none."""
    return str(_refuse())
