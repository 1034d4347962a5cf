"""Tensors whose memory is a file."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import DEFAULTS, FLOATING, dtype
from shapetorch.tensor.operations import operation
from shapetorch.tensor.options import check_placement, finished
from shapetorch.tensor.tensors import Tensor


@operation()
def from_file(
    filename: str,
    shared: bool | None = None,
    size: int | None = 0,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool | None = False,
    requires_grad: bool = False,
) -> Tensor:
    """The first elements of a file as a tensor, which is read when it is used.

    Args:
        filename: The file.
        shared: Whether what is written to the tensor is written to the file, which is made longer if
            it must be.
        size: How many elements.
        dtype: Of the elements.
        layout: Strided.
        device: The CPU.
        pin_memory: Has no meaning on the CPU.
        requires_grad: Whether its gradient is wanted.

    Raises:
        RuntimeError: there is no such file, or it is too short.
    """
    check_placement("from_file", device, layout, bool(pin_memory))
    kind = (dtype or DEFAULTS[FLOATING]).numpy
    count = int(size or 0)
    try:
        if shared:
            with open(filename, "a+b") as file:
                if file.tell() < count * kind.itemsize:
                    file.truncate(count * kind.itemsize)
        # NumPy makes no maps of nothing
        array: Any = (
            np.memmap(filename, kind, "r+" if shared else "c", 0, (count,)) if count else []
        )
    except (OSError, ValueError) as error:
        raise RuntimeError(f"from_file: unable to open file <{filename}>: {error}") from None
    return finished(np.asarray(array, kind), requires_grad)
