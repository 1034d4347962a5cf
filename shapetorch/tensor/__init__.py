"""The tensor library, a first part: storage, creation, a few operations.

The package is also PyTorch's function of the same name: ``shapetorch.tensor([1, 2])``.
"""

import sys
from types import ModuleType
from typing import Any

from shapetorch.tensor.creation import add as add
from shapetorch.tensor.creation import arange as arange
from shapetorch.tensor.creation import div as div
from shapetorch.tensor.creation import from_numpy as from_numpy
from shapetorch.tensor.creation import full as full
from shapetorch.tensor.creation import manual_seed as manual_seed
from shapetorch.tensor.creation import matmul as matmul
from shapetorch.tensor.creation import mul as mul
from shapetorch.tensor.creation import ones as ones
from shapetorch.tensor.creation import randn as randn
from shapetorch.tensor.creation import reshape as reshape
from shapetorch.tensor.creation import sub as sub
from shapetorch.tensor.creation import tensor as tensor
from shapetorch.tensor.creation import zeros as zeros
from shapetorch.tensor.dtypes import DTYPES as DTYPES
from shapetorch.tensor.dtypes import dtype as dtype
from shapetorch.tensor.tensors import Tensor as Tensor

bool_ = DTYPES["bool"]
uint8 = DTYPES["uint8"]
int8 = DTYPES["int8"]
int16 = DTYPES["int16"]
int32 = DTYPES["int32"]
int64 = DTYPES["int64"]
float16 = DTYPES["float16"]
float32 = DTYPES["float32"]
float64 = DTYPES["float64"]
complex64 = DTYPES["complex64"]
complex128 = DTYPES["complex128"]
half = float16
double = float64
short = int16
long = int64


class _Package(ModuleType):
    def __call__(self, data: Any, *, dtype: Any = None) -> Tensor:
        return tensor(data, dtype=dtype)


sys.modules[__name__].__class__ = _Package
