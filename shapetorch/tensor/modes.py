"""The modes of autograd, of each thread: whether operations are recorded, and how."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from shapetorch.tensor.tensors import Tensor


_USUAL = {"grad": True, "inference": False, "anomaly": False, "packing": None}


UNUSUAL: list[str] = []
"""Not empty while any thread has a mode of autograd other than usual: asking a thread's own modes
costs as much as half a small operation, so this is asked first."""


class Modes(threading.local):
    """What is switched on in this thread.

    Attributes:
        grad: Whether operations are recorded.
        inference: Whether tensors are made that autograd never sees.
        anomaly: Whether nodes remember where they were made, and NaN is looked for.
        check_nan: Whether anomaly mode looks for NaN.
        current: The backward pass that runs.
        randomness: While `vmap` runs, what random operations must ask; see `func.mapping`.
        packing: The functions that pack and unpack what is kept for backward, if any.
        quiet: ``quiet(np.exp, array)`` calls a NumPy function without its warnings.
    """

    grad = True
    inference = False
    anomaly = False
    check_nan = True
    current: Any = None
    randomness: Any = None
    packing: tuple[Callable[[Tensor], Any], Callable[[Any], Tensor]] | None = None

    def __init__(self) -> None:
        # A context of its own is ten times cheaper to enter than `np.errstate`, and one for each
        # thread because a context cannot be entered twice. Only single NumPy calls may run in it.
        context = copy_context()
        context.run(np.seterr, all="ignore")
        self.quiet = context.run

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _USUAL:
            usual = _USUAL[name]
            before, after = getattr(self, name) is not usual, value is not usual
            if after and not before:
                UNUSUAL.append(name)
            elif before and not after:
                UNUSUAL.remove(name)
        set_mode(self, name, value)


set_mode = threading.local.__setattr__
"""``set_mode(MODES, name, value)`` for what is not `_USUAL`."""
MODES = Modes()


INFERENCE: list[int] = []
"""Not empty while any thread is in inference mode: what small operations ask instead of `MODES`."""


@contextmanager
def grad_mode(enabled: bool) -> Iterator[None]:
    """Record operations or not, for a while."""
    before = MODES.grad
    MODES.grad = enabled
    try:
        yield
    finally:
        MODES.grad = before
