"""Tensors made from sizes, numbers, lists and arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.devices import check_device
from shapetorch.tensor.dtypes import DEFAULTS, FLOATING
from shapetorch.tensor.judging import judged
from shapetorch.tensor.tensors import Tensor, wrap


def legacy_tensor(cls: type[Tensor], data: tuple[Any, ...], device: Any) -> Tensor:
    """What the constructor of `Tensor` gives: sizes make an uninitialised tensor, data a copy."""
    check_device(device)
    kind = DEFAULTS[FLOATING].numpy
    if all(isinstance(item, int) for item in data):
        shape = judged("zeros", *data) if data else (0,)
        array = np.empty(shape, kind)
    else:
        (item,) = data
        array = np.array(item._array if isinstance(item, Tensor) else item, kind)
    made: Tensor = object.__new__(cls)
    made._array, made._meta, made._writes = array, None, 0
    return made


def wrap_array(array: Any) -> Tensor:
    """A tensor of an array."""
    return wrap(np.asarray(array))
