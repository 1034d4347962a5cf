"""What is switched on in the process: defaults, determinism, threads, precision, warnings, printing."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from shapetorch.tensor import memory, printing, threads
from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.devices import Default, check_device, device
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.dtypes import get_default_dtype as default_dtype
from shapetorch.tensor.dtypes import set_default_dtype as choose_default_dtype
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.creation_data import TYPE_NAMES, TYPED
from shapetorch.tensor.ops.storages import TypedStorage, UntypedStorage
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.tensors import Tensor

# -- defaults -----------------------------------------------------------------------------------------


@operation()
def get_default_dtype() -> dtype:
    """The dtype of floating numbers that name none."""
    return default_dtype()


@operation()
def set_default_dtype(d: dtype) -> None:
    """Choose the dtype of floating numbers that name none.

    Raises:
        TypeError: it is not a floating dtype.
    """
    choose_default_dtype(d)


@operation()
def set_default_tensor_type(t: Any) -> None:
    """`set_default_dtype` by the name of a type or the type: ``FloatTensor``, ``"torch.DoubleTensor"``.

    Raises:
        TypeError: it is not a floating type.
    """
    named = {name: found for found, name in TYPE_NAMES.items()}
    if isinstance(t, str) and t in named:
        choose_default_dtype(named[t])
    elif isinstance(t, type) and t in TYPED.values():
        choose_default_dtype(t.held)  # type: ignore[attr-defined]
    else:
        raise TypeError(
            f"invalid type object: only floating-point types are supported as the default type, got {t!r}"
        )


@operation()
def get_default_device() -> device:
    """The device of tensors that name none: the CPU."""
    return Default.device


@operation()
def set_default_device(device: Any) -> None:
    """Choose the device of tensors that name none; None is the CPU.

    Raises:
        RuntimeError: it is not there.
    """
    Default.device = check_device(device)


# -- determinism --------------------------------------------------------------------------------------


class _Determinism:
    """Results never depend on threads, so the switches only remember what was asked for."""

    level = 0


_LEVELS = ("default", "warn", "error")


@operation()
def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Ask for results that are the same every time; they are in any case.

    Args:
        mode: Whether it is asked for.
        warn_only: Whether a warning is enough where there is no such algorithm; there always is.
    """
    for name, value in (("mode", mode), ("warn_only", warn_only)):
        if not isinstance(value, bool):
            raise TypeError(
                f"use_deterministic_algorithms(): argument '{name}' must be bool, not {type(value).__name__}"
            )
    _Determinism.level = (1 if warn_only else 2) if mode else 0


@operation()
def are_deterministic_algorithms_enabled() -> bool:
    """Whether `use_deterministic_algorithms` asked for them."""
    return _Determinism.level > 0


@operation()
def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether a warning was to be enough."""
    return _Determinism.level == 1


@operation()
def get_deterministic_debug_mode() -> int:
    """0, 1 or 2: default, warn, error."""
    return _Determinism.level


@operation()
def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """`use_deterministic_algorithms` by level: 0, 1, 2 or "default", "warn", "error"."""
    if not isinstance(debug_mode, (int, str)):
        raise TypeError(f"debug_mode must be str or int, but got {type(debug_mode)}")
    if debug_mode in _LEVELS:
        debug_mode = _LEVELS.index(debug_mode)
    if debug_mode not in (0, 1, 2):
        raise RuntimeError(
            f"invalid value of debug_mode, expected 0, 1, 2, `default`, `warn` or `error`, got {debug_mode}"
        )
    _Determinism.level = int(debug_mode)


# -- threads, precision -------------------------------------------------------------------------------


@operation()
def get_num_threads() -> int:
    """How many threads a large operation uses."""
    return threads.get_num_threads()


@operation()
def set_num_threads(num: int) -> None:
    """Choose how many threads a large operation uses; results are the same for any number.

    Raises:
        RuntimeError: it is no positive integer.
    """
    threads.set_num_threads(_positive("set_num_threads", num))


def _positive(name: str, num: Any) -> int:
    if not isinstance(num, int) or isinstance(num, bool):
        raise RuntimeError(f"{name} expects an int, but got {type(num).__name__}")
    if num <= 0:
        raise RuntimeError(f"{name} expects a positive integer")
    return num


class _Interop:
    threads: int | None = None
    precision = "highest"
    warns = False


@operation()
def get_num_interop_threads() -> int:
    """How many operations run at a time: as many as threads call them."""
    return threads.get_num_threads() if _Interop.threads is None else _Interop.threads


@operation()
def set_num_interop_threads(num: int) -> None:
    """Remember a number of operations that run at a time; each runs in the thread that calls it."""
    _Interop.threads = _positive("set_num_interop_threads", num)


@operation()
def get_float32_matmul_precision() -> str:
    """ "highest", "high" or "medium"."""
    return _Interop.precision


@operation()
def set_float32_matmul_precision(precision: str) -> None:
    """Remember how exact products of float32 matrices must be; they always are of the highest precision."""
    if precision not in ("highest", "high", "medium"):
        warnings.warn(
            f"{precision} is not one of 'highest', 'high', 'medium'; the precision is unchanged",
            UserWarning,
            stacklevel=2,
        )
        return
    _Interop.precision = precision


@operation()
def set_flush_denormal(mode: bool) -> bool:
    """Whether numbers too small for the dtype's precision can be made zero: they cannot, so False."""
    return False


@operation()
def is_warn_always_enabled() -> bool:
    """Whether a warning is given each time and not once."""
    return _Interop.warns


@operation()
def set_warn_always(b: bool) -> None:
    """Choose whether a warning is given each time; Python's `warnings` has the last word."""
    if not isinstance(b, bool):
        raise RuntimeError(f"setWarnOnlyOnce expects a bool, but got {type(b).__name__}")
    _Interop.warns = b


# -- printing, memory ---------------------------------------------------------------------------------

set_printoptions = operation()(printing.set_printoptions)
get_printoptions = operation()(printing.get_printoptions)
memory_stats = operation()(memory.memory_stats)
memory_summary = operation()(memory.memory_summary)
reset_peak_memory_stats = operation()(memory.reset_peak_memory_stats)
empty_cache = operation()(memory.empty_cache)


# -- what a thing is ----------------------------------------------------------------------------------


@operation()
def is_tensor(obj: Any) -> bool:
    """Whether it is a tensor."""
    return isinstance(obj, Tensor)


@operation()
def is_storage(obj: Any) -> bool:
    """Whether it is the storage of a tensor."""
    return isinstance(obj, (TypedStorage, UntypedStorage))


@operation()
def typename(obj: Any) -> str:
    """The name of a thing's type; of a tensor, as ``tensor.type()``."""
    if isinstance(obj, Tensor):
        return str(obj.type())
    named = obj if hasattr(obj, "__qualname__") else type(obj)
    module = getattr(named, "__module__", None)
    if module is None or module in ("builtins", "__builtin__"):
        return str(named.__qualname__)
    return f"{module}.{named.__qualname__}"


@operation(methods=("is_inference",))
def is_inference(input: Tensor) -> bool:
    """Whether a tensor was made in inference mode."""
    return tensor_argument("is_inference", "input", input)._meta is not None and bool(
        input._meta.inference  # type: ignore[union-attr]
    )


@operation()
def compile(
    model: Any = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: Any = "inductor",
    mode: str | None = None,
    options: Any = None,
    disable: bool = False,
) -> Any:
    """The function or module as it is: operations run one by one, and there is nothing to compile.

    Without a function, a decorator that gives back what it decorates.
    """
    return (lambda decorated: decorated) if model is None else model


@operation()
def get_file_path(*path_components: str) -> str:
    """A path below the folder that the library lies in."""
    import shapetorch

    return str(Path(shapetorch.__file__).parent.parent.joinpath(*path_components))


@operation()
def get_device_module(device: Any = None) -> Any:
    """The module of a kind of device: ``shapetorch.cpu``, ``shapetorch.cuda``.

    Raises:
        RuntimeError: there is no module for it.
    """
    import importlib

    kind = _device(device if device is not None else Default.device).type
    if kind not in ("cpu", "cuda"):
        raise RuntimeError(f"get_device_module: there is no module for '{kind}'")
    return importlib.import_module(f"shapetorch.{kind}")


_device = device


@operation()
def compiled_with_cxx11_abi() -> bool:
    """Whether the library's C++ code has the C++11 ABI: it has no C++ code."""
    return False


@operation()
def profiler_allow_cudagraph_cupti_lazy_reinit_cuda12() -> bool:
    """Whether a profiler of CUDA graphs may start anew: there is no CUDA."""
    return False


# -- Python numbers in place of symbolic ones ---------------------------------------------------------


@operation()
def sym_float(a: Any) -> float:
    """A number as float."""
    return float(a)


@operation()
def sym_int(a: Any) -> int:
    """A number as int, cut off towards zero."""
    return int(a)


def _check_numbers(name: str, **given: Any) -> None:
    for argument, value in given.items():
        if not isinstance(value, (int, float)):
            raise TypeError(
                f"{name}(): argument '{argument}' must be int or float, not {type_name(value)}"
            )


@operation()
def sym_max(a: Any, b: Any) -> Any:
    """The larger of two numbers; a float if one of them is."""
    _check_numbers("sym_max", a=a, b=b)
    return float(max(a, b)) if isinstance(a, float) or isinstance(b, float) else max(a, b)


@operation()
def sym_min(a: Any, b: Any) -> Any:
    """The smaller of two numbers; a float if one of them is."""
    _check_numbers("sym_min", a=a, b=b)
    return float(min(a, b)) if isinstance(a, float) or isinstance(b, float) else min(a, b)


@operation()
def sym_sum(args: Any) -> Any:
    """The sum of numbers."""
    return sum(args)


@operation()
def sym_ite(b: bool, t: Any, f: Any) -> Any:
    """One of two numbers."""
    return t if b else f


@operation()
def sym_not(a: Any) -> bool:
    """Whether something is not true."""
    return not a


@operation()
def set_anomaly_enabled(enabled: bool, check_nan: bool = True) -> None:
    """Turn anomaly mode on or off: nodes remember where they were made, and NaN is looked for."""
    MODES.anomaly, MODES.check_nan = enabled, check_nan


@operation()
def is_vulkan_available() -> bool:
    """Whether there is a Vulkan device: there is none."""
    return False
