"""How much memory tensors use: the truth about it, in one place.

Small results live in NumPy's memory and are counted when somebody asks, by looking at all tensors that
there are. Large ones live in buffers that are used again (`buffers`), which keep count of themselves.
"""

from __future__ import annotations

import gc
from typing import Any

import numpy as np

from shapetorch.tensor import buffers
from shapetorch.tensor.mapped import Mapped
from shapetorch.tensor.tensors import Array, Tensor


class _Peaks:
    """The most that has been seen since the last reset."""

    used = 0
    tensors = 0


def live() -> tuple[int, int]:
    """How many tensors there are, and the bytes of the memory that they refer to, each once."""
    found: dict[int, int] = {}
    tensors = 0
    for thing in gc.get_objects():
        kind = type(thing)  # isinstance asks things what they claim to be
        if not issubclass(kind, Tensor) or issubclass(kind, Mapped):
            continue
        array = getattr(thing, "_stored", None)
        if not isinstance(array, np.ndarray):
            continue
        tensors += 1
        memory = _below(array)
        found[id(memory)] = memory.nbytes
    return tensors, sum(found.values())


def _below(array: Array) -> Array:
    """The array that owns the memory; views may lie on helpers that keep it alive."""
    while True:
        base: Any = array.base
        if not isinstance(base, np.ndarray):
            base = getattr(base, "base", getattr(base, "holder", None))
        if not isinstance(base, np.ndarray):
            return array
        array = base


def memory_stats(device: Any = None) -> dict[str, int]:
    """Counts of tensors and bytes, under the names of ``torch.cuda.memory_stats``.

    Returns:
        ``allocated_bytes.all.current``, the bytes that tensors refer to, and ``.peak``, the most of
        them whenever statistics were asked for (at least what buffers held at any time);
        ``active.all.current``, the tensors; ``reserved_bytes.all.current`` and ``.peak``, the bytes
        of the buffers for large results, in use or kept; ``inactive_split_bytes.all.current``, those
        kept; ``num_alloc_requests`` and ``num_alloc_reused``, results that asked for a buffer, and
        those that got a used one.
    """
    _check(device)
    tensors, used = live()
    reserved, in_use = buffers.held()
    _Peaks.used = max(_Peaks.used, used, in_use)
    _Peaks.tensors = max(_Peaks.tensors, tensors)
    return {
        "active.all.current": tensors,
        "active.all.peak": _Peaks.tensors,
        "allocated_bytes.all.current": used,
        "allocated_bytes.all.peak": _Peaks.used,
        "inactive_split_bytes.all.current": reserved - in_use,
        "num_alloc_requests": buffers.Statistics.requests,
        "num_alloc_reused": buffers.Statistics.reused,
        "reserved_bytes.all.current": reserved,
        "reserved_bytes.all.peak": max(buffers.Statistics.peak, reserved),
    }


def _check(device: Any) -> None:
    if device is not None:
        from shapetorch.tensor.devices import check_device

        check_device(device)


def memory_summary(device: Any = None, abbreviated: bool = False) -> str:
    """The statistics as a table.

    Args:
        device: The CPU.
        abbreviated: Whether only what is used at present is shown.
    """
    found = memory_stats(device)
    rows = [("Memory of tensors", "allocated_bytes"), ("Buffers", "reserved_bytes")]
    lines = [f"{'Metric':<24}{'Current':>16}{'Peak':>16}"]
    for title, key in rows:
        peak = f"{found[f'{key}.all.peak']:>14,} B" if not abbreviated else ""
        lines.append(f"{title:<24}{found[f'{key}.all.current']:>14,} B{peak}")
    peak = f"{found['active.all.peak']:>16,}" if not abbreviated else ""
    lines.append(f"{'Tensors':<24}{found['active.all.current']:>16,}{peak}")
    if not abbreviated:
        lines.append(
            f"{'Buffers kept unused':<24}{found['inactive_split_bytes.all.current']:>14,} B"
        )
        lines.append(f"{'Large results':<24}{found['num_alloc_requests']:>16,}")
        lines.append(f"{'of them in used buffers':<24}{found['num_alloc_reused']:>16,}")
    return "\n".join(lines)


def reset_peak_memory_stats(device: Any = None) -> None:
    """Count peaks from now on."""
    _check(device)
    _, _Peaks.used = live()
    _Peaks.tensors = 0
    buffers.Statistics.peak = buffers.held()[0]


def empty_cache() -> None:
    """Let go of the buffers that no tensor uses."""
    buffers.empty_cache()
