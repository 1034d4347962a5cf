"""What a caller passed, checked and put in one form; the words are PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.tensors import Tensor


def tensor_argument(name: str, argument: str, value: Any, position: int = 1) -> Tensor:
    """The value, if it is a tensor.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be Tensor, not {type(value).__name__}"
        )
    return value


def is_number(value: Any) -> bool:
    """Whether it is a Python or NumPy number, which stands for a 0-D tensor of low priority."""
    return isinstance(value, (int, float, complex, np.number, np.bool_))
