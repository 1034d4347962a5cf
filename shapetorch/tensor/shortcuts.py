"""The shortest way through small operations: each as one piece of machine code, once kernels are loaded.

Who declares an operation says here what it computes, and calls what it finds in the `Shortcut` where that
is not None. It gets the operation's result, or None where the ordinary way is to be taken; gradients,
``out=`` and errors are not a shortcut's business. See `kernels.pointwise_calls`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.tensors import Tensor

CLASSES: Any = np.array([id(Tensor), 0, 0])
"""The classes of tensors that shortcuts take, where machine code sees them."""


def take(kind: type[Any]) -> None:
    """Have shortcuts take tensors of a subclass: operations see in them plain tensors."""
    CLASSES[np.flatnonzero(CLASSES == 0)[0]] = id(kind)


class Shortcut:
    """The shortest way through one operation.

    Args:
        maker: The function of `kernels.binding` that makes it.
        facts: What it is told: NumPy's function or the kernel, the operands and so on.

    Attributes:
        call: The function, which takes the operands; None while there is none.
    """

    __slots__ = ("_facts", "_maker", "call")

    def __init__(self, maker: str, **facts: Any) -> None:
        self.call: Callable[..., Any] | None = None
        self._maker, self._facts = maker, facts
        kernels.LOADED.append(self._start)
        kernels.UNLOADED.append(self._stop)
        if kernels.loaded():
            self._start()

    def _start(self) -> None:
        self.call = self._first

    def _stop(self) -> None:
        self.call = None

    def _first(self, *args: Any) -> Any:
        """Made at its first call: a program uses few of all operations."""
        from shapetorch.tensor.kernels import binding

        self.call = made = getattr(binding, self._maker)(**self._facts)
        return None if made is None else made(*args)
