"""`Parameter` and `Buffer`: tensors that belong to a network.

Results of operations on them are plain tensors; copies, pickles and saved files keep the class.
"""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.shortcuts import take
from shapetorch.tensor.tensors import Tensor, unintercepted


class _ParameterMeta(type(Tensor)):  # type: ignore[misc]
    """A tensor of another class, made a parameter, counts as one."""

    def __instancecheck__(cls, instance: object) -> bool:
        return type.__instancecheck__(cls, instance) or (
            isinstance(instance, Tensor) and getattr(instance, cls._mark, False)
        )


class Parameter(Tensor, metaclass=_ParameterMeta):
    """A tensor whose gradient is wanted, as networks hold it.

    Args:
        data: Its elements, which it shares; no elements if None.
        requires_grad: Whether its gradient is wanted.
    """

    __torch_function__: Any = unintercepted
    _mark = "_is_param"

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Any:
        return _made(cls, data, requires_grad)

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        """See the class."""

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


class Buffer(Tensor, metaclass=_ParameterMeta):
    """A tensor without gradient that networks hold.

    Args:
        data: Its elements, which it shares; no elements if None.
        persistent: Whether it belongs to the state of the network.
    """

    __torch_function__: Any = unintercepted
    _mark = "_is_buffer"

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Any:
        made = (Tensor() if data is None else data).detach()
        made.persistent = persistent
        made._is_buffer = True
        return made


take(Parameter)
take(Buffer)


def _made(cls: type[Parameter], data: Tensor | None, requires_grad: bool) -> Any:
    if data is None:
        data = Tensor()
    if not isinstance(data, Tensor):
        raise TypeError(f"Parameter: data must be Tensor, not {type(data).__name__}")
    if type(data) is Tensor or type(data) is cls:
        return Tensor._make_subclass(cls, data, requires_grad)
    made: Any = data.detach().requires_grad_(requires_grad)
    made._is_param = True
    return made
