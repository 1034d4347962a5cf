"""NumPy functions without their warnings, cheaply.

``np.errstate`` costs several times a small operation. Entering a context in which NumPy is quiet costs
a tenth of one; but a context can be entered once at a time only, so that each thread has one of its own
as well, for when the common one is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import Any

import numpy as np

from shapetorch.tensor.modes import MODES
from shapetorch.tensor.room import no_room

_context = Context()
_context.run(np.seterr, all="ignore")
run: Callable[..., Any] = _context.run
"""``run(function, *args)``; a RuntimeError says that the context is taken: call `quietly` then."""


def quietly(function: Callable[..., Any], *args: Any) -> Any:
    """``function(*args)`` without NumPy's warnings.

    Raises:
        RuntimeError: there is no memory for the result.
    """
    try:
        return run(function, *args)
    except RuntimeError:
        pass  # the context is taken, or the function says so itself: it will again
    except MemoryError as error:
        raise no_room(error) from None
    try:
        return MODES.quiet(function, *args)
    except RuntimeError:
        with np.errstate(all="ignore"):
            return function(*args)
