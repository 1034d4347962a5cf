"""`Variable`, what tensors with gradients were called long ago."""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.tensors import Tensor


class _VariableMeta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor)


class Variable(metaclass=_VariableMeta):
    """The old name of a tensor: every tensor is one.

    Args:
        data: A tensor.
        requires_grad: Whether its gradient is wanted.
    """

    def __new__(cls, data: Tensor, requires_grad: bool = False) -> Any:
        return data.detach().requires_grad_(requires_grad)
