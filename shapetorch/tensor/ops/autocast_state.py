"""Automatic mixed precision: what is switched on; `autocasting` says what that means."""

from __future__ import annotations

from shapetorch.tensor.autocasting import STATE, install
from shapetorch.tensor.devices import device
from shapetorch.tensor.dtypes import DTYPES, dtype
from shapetorch.tensor.operations import operation

_CHOSEN = {"xla": "bfloat16", "hpu": "bfloat16"}


class _Nesting:
    depth = 0


@operation()
def autocast_increment_nesting() -> int:
    """Count one more context; gives how many there are."""
    _Nesting.depth += 1
    return _Nesting.depth


@operation()
def autocast_decrement_nesting() -> int:
    """Count one context less; gives how many there are."""
    _Nesting.depth -= 1
    return _Nesting.depth


@operation()
def clear_autocast_cache() -> None:
    """Forget the converted weights; none are kept."""


@operation()
def is_autocast_cache_enabled() -> bool:
    """Whether converted weights may be kept; none are."""
    return STATE.cache


@operation()
def set_autocast_cache_enabled(enabled: bool) -> None:
    """Say whether converted weights may be kept; none are."""
    STATE.cache = enabled


@operation()
def is_autocast_enabled(device_type: str = "cuda") -> bool:
    """Whether operations on a device choose their dtype; without a device, those on a CUDA device, never."""
    return device(device_type).type == "cpu" and STATE.enabled


@operation()
def set_autocast_enabled(device_type: str | bool, enabled: bool | None = None) -> None:
    """Have operations on the CPU choose their dtype, or not; for other devices nothing happens."""
    if isinstance(device_type, str) and device(device_type).type == "cpu":
        install()
        STATE.enabled = bool(enabled)


@operation()
def get_autocast_dtype(device_type: str) -> dtype:
    """The dtype that operations on a device choose."""
    kind = device(device_type).type
    return STATE.dtype if kind == "cpu" else DTYPES[_CHOSEN.get(kind, "float16")]


@operation()
def set_autocast_dtype(device_type: str, dtype: dtype) -> None:
    """Say which dtype operations on the CPU choose; for other devices nothing happens."""
    if device(device_type).type == "cpu":
        STATE.dtype = dtype


@operation()
def get_autocast_cpu_dtype() -> dtype:
    """The dtype that operations on the CPU choose."""
    return get_autocast_dtype("cpu")


@operation()
def set_autocast_cpu_dtype(dtype: dtype) -> None:
    """Say which dtype operations on the CPU choose."""
    set_autocast_dtype("cpu", dtype)


@operation()
def get_autocast_gpu_dtype() -> dtype:
    """The dtype that PyTorch would choose on a CUDA device."""
    return get_autocast_dtype("cuda")


@operation()
def get_autocast_ipu_dtype() -> dtype:
    """The dtype that PyTorch would choose on an IPU."""
    return get_autocast_dtype("ipu")


@operation()
def get_autocast_xla_dtype() -> dtype:
    """The dtype that PyTorch would choose on an XLA device."""
    return get_autocast_dtype("xla")


@operation()
def is_autocast_cpu_enabled() -> bool:
    """Whether operations on the CPU choose their dtype."""
    return STATE.enabled


@operation()
def set_autocast_cpu_enabled(enabled: bool) -> None:
    """Have operations on the CPU choose their dtype, or not."""
    set_autocast_enabled("cpu", enabled)


@operation()
def is_autocast_ipu_enabled() -> bool:
    """Whether operations on an IPU choose narrower dtypes by themselves: there is none."""
    return False


@operation()
def is_autocast_xla_enabled() -> bool:
    """Whether operations on an XLA device choose narrower dtypes by themselves: there is none."""
    return False
