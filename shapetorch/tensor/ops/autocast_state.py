"""Automatic mixed precision, as far as there is any: none is done, and the state says so."""

from __future__ import annotations

from shapetorch.tensor.devices import device
from shapetorch.tensor.dtypes import DTYPES, dtype
from shapetorch.tensor.operations import operation

_CHOSEN = {"cpu": "bfloat16", "xla": "bfloat16", "hpu": "bfloat16"}


class _State:
    nesting = 0


@operation()
def autocast_increment_nesting() -> int:
    """Count one more context; gives how many there are."""
    _State.nesting += 1
    return _State.nesting


@operation()
def autocast_decrement_nesting() -> int:
    """Count one context less; gives how many there are."""
    _State.nesting -= 1
    return _State.nesting


@operation()
def clear_autocast_cache() -> None:
    """Forget the converted weights; none are kept."""


@operation()
def is_autocast_cache_enabled() -> bool:
    """Whether converted weights are kept: nothing is converted."""
    return False


@operation()
def is_autocast_enabled(device_type: str | None = None) -> bool:
    """Whether operations choose narrower dtypes by themselves: they never do."""
    if device_type is not None:
        device(device_type)
    return False


@operation()
def get_autocast_dtype(device_type: str) -> dtype:
    """The dtype that PyTorch would choose on a device."""
    return DTYPES[_CHOSEN.get(device(device_type).type, "float16")]


@operation()
def get_autocast_cpu_dtype() -> dtype:
    """The dtype that PyTorch would choose on the CPU."""
    return get_autocast_dtype("cpu")


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
    """Whether operations on the CPU choose narrower dtypes by themselves: they never do."""
    return False


@operation()
def is_autocast_ipu_enabled() -> bool:
    """Whether operations on an IPU choose narrower dtypes by themselves: there is none."""
    return False


@operation()
def is_autocast_xla_enabled() -> bool:
    """Whether operations on an XLA device choose narrower dtypes by themselves: there is none."""
    return False
