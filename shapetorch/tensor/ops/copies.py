"""Copies, conversions and aliases of a tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.tape import alias, clone_backward, record
from shapetorch.tensor.tensors import Tensor


@operation(methods=("clone",))
def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy, through which gradients flow."""
    return record(np.array(input._array, order="K"), (input,), clone_backward)


@operation(methods=("detach",))
def detach(input: Tensor) -> Tensor:
    """The same memory without history."""
    return alias(input)


def zeros_backward(node: Any, grad: Tensor) -> Tensor:
    """What was overwritten has no influence."""
    return grad * 0


@method()
def zero_(self: Tensor) -> Tensor:
    """Zeros, in place."""
    from shapetorch.tensor.operations import assign

    return assign("zero_", self, record(np.zeros_like(self._array), (self,), zeros_backward))
