"""Functions of torch.js that PyTorch does not have, under their own names and as Python spells them."""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.devices import check_device, device
from shapetorch.tensor.dtypes import ALIASES, DTYPES, dtype
from shapetorch.tensor.operations import OPERATIONS, operation, write_out
from shapetorch.tensor.tensors import Tensor


@operation("apply_out", aliases=("applyOut",))
def apply_out(result: Tensor, out: Tensor | None = None) -> Tensor:
    """A result written into the tensor that a caller gave for it; the result itself, if none was given.

    Raises:
        RuntimeError: `out` cannot hold the result, or gradients would be lost.
    """
    return result if out is None else write_out("apply_out", out, result)


@operation("create_torch", aliases=("createTorch",))
def create_torch(device: Any = "cpu") -> Any:
    """The library, for tensors on a device: the module ``shapetorch``.

    Raises:
        RuntimeError: the device is not there.
    """
    import shapetorch

    check_device(device)
    return shapetorch


@operation("validate_device", aliases=("validateDevice",))
def validate_device(device: Any) -> Any:
    """The device meant by a device or its name.

    Raises:
        RuntimeError: there is no such device.
    """
    return _device(device)


_device = device


@operation("validate_dtype", aliases=("validateDType",))
def validate_dtype(dtype: Any) -> dtype:
    """The dtype meant by a dtype or its name, ``"float32"``.

    Raises:
        TypeError: there is no such dtype.
    """
    if isinstance(dtype, _dtype):
        return dtype
    name = str(dtype).removeprefix("torch.")
    name = ALIASES.get(name, name)
    if name not in DTYPES:
        raise TypeError(f"validate_dtype: expected one of {', '.join(DTYPES)}, got {dtype!r}")
    return DTYPES[name]


_dtype = dtype


@operation()
def is_webgpu_available() -> bool:
    """Whether tensors can live on a GPU by WebGPU: they cannot."""
    return False


@operation()
def is_cpu_only_mode() -> bool:
    """Whether the CPU is the only device: it is."""
    return True


@operation("require_webgpu", aliases=("requireWebGPU",))
def require_webgpu() -> None:
    """Raise RuntimeError: there is no WebGPU."""
    check_device("webgpu")


# -- awaitable forms ----------------------------------------------------------------------------------


@operation()
async def masked_select_async(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`masked_select`, to be awaited."""
    return OPERATIONS["masked_select"].function(input, mask, out=out)  # type: ignore[no-any-return]


@operation()
async def multinomial_async(
    input: Tensor, num_samples: int, replacement: bool = False, **options: Any
) -> Tensor:
    """`multinomial`, to be awaited."""
    return OPERATIONS["multinomial"].function(input, num_samples, replacement, **options)  # type: ignore[no-any-return]
