"""The tensor library: PyTorch's interface on NumPy arrays.

The names are those of `operations.OPERATIONS` and of the tables below. The package is also PyTorch's
function of the same name: ``shapetorch.tensor([1, 2])``.
"""

import math
import sys
from types import ModuleType
from typing import Any

from shapetorch.tensor import ops as ops
from shapetorch.tensor.devices import device as device
from shapetorch.tensor.dtypes import ALIASES, DTYPES
from shapetorch.tensor.dtypes import dtype as dtype
from shapetorch.tensor.dtypes import finfo as finfo
from shapetorch.tensor.dtypes import iinfo as iinfo
from shapetorch.tensor.formats import LAYOUTS, MEMORY_FORMATS
from shapetorch.tensor.formats import layout as layout
from shapetorch.tensor.formats import memory_format as memory_format
from shapetorch.tensor.generators import Generator as Generator
from shapetorch.tensor.generators import default_generator as default_generator
from shapetorch.tensor.operations import OPERATIONS
from shapetorch.tensor.ops.creation_data import TYPED
from shapetorch.tensor.ops.storages import TypedStorage as TypedStorage
from shapetorch.tensor.ops.storages import UntypedStorage as UntypedStorage
from shapetorch.tensor.result_types import return_types
from shapetorch.tensor.sizes import Size as Size
from shapetorch.tensor.tensors import Tensor as Tensor

NAMES: dict[str, Any] = {
    **DTYPES,
    **{alias: DTYPES[name] for alias, name in ALIASES.items()},
    **LAYOUTS,
    **MEMORY_FORMATS,
    **TYPED,
    "Generator": Generator,
    "Size": Size,
    "Tensor": Tensor,
    "TypedStorage": TypedStorage,
    "UntypedStorage": UntypedStorage,
    "default_generator": default_generator,
    "device": device,
    "dtype": dtype,
    "e": math.e,
    "finfo": finfo,
    "iinfo": iinfo,
    "inf": math.inf,
    "layout": layout,
    "memory_format": memory_format,
    "nan": math.nan,
    "newaxis": None,
    "pi": math.pi,
    "return_types": return_types,
    **{name: made.function for name, made in OPERATIONS.items() if "." not in name},
}
"""What ``shapetorch.<name>`` is, for all names of this package."""


def __getattr__(name: str) -> Any:
    try:
        return NAMES[name]
    except KeyError:
        raise AttributeError(f"module 'shapetorch' has no attribute {name!r}") from None


class _Package(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        return NAMES["tensor"](*args, **kwargs)  # type: ignore[no-any-return]


sys.modules[__name__].__class__ = _Package
