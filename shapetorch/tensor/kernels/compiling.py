"""How kernels are compiled and where the machine code is kept.

The folder of the cache is named by the versions of the library and of numba and by a hash of all
kernel sources, because numba looks for changes only in the file of the kernel itself and would miss
those of a helper.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numba

import shapetorch
from shapetorch.tensor.kernels.cache_files import checked

F = TypeVar("F", bound=Callable[..., Any])

FASTMATH = frozenset({"contract", "nsz", "arcp"})
"""What a kernel may do to formulas: fuse multiply and add, and divide by multiplying. NaN, infinity stay."""
REASSOCIATE = FASTMATH | {"reassoc"}
"""For sums of a row, which would not be vectorised in the order they are written."""


def cache_folder() -> Path:
    """Where compiled kernels are kept; ``SHAPETORCH_CACHE`` names another base folder."""
    base = os.environ.get("SHAPETORCH_CACHE")
    if base is None:
        home = os.environ.get("XDG_CACHE_HOME") or (
            os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None
        )
        base = str(Path(home or Path.home() / ".cache") / "shapetorch")
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    return Path(base) / f"kernels-{shapetorch.__version__}-{numba.__version__}-{digest}"


def kernel(fastmath: frozenset[str] = FASTMATH, **options: Any) -> Callable[[F], F]:
    """Compile a function at its first call, without the interpreter lock, and keep the code."""

    def compiled(function: F) -> F:
        with _cache():
            made: Any = numba.njit(
                cache=_folder != "",
                nogil=True,
                error_model="numpy",
                fastmath=set(fastmath),
                **options,
            )(function)
        return made  # type: ignore[no-any-return]

    return compiled


def callback(words: int = 3) -> Callable[[F], Any]:
    """Compile a function of words at once, for C to call: its ``address`` is the compiled code's.

    Args:
        words: How many it takes.
    """

    def compiled(function: F) -> Any:
        word: Any = numba.types.int64
        with _cache():
            return numba.cfunc(word(*[word] * words), cache=_folder != "", error_model="numpy")(
                function
            )

    return compiled


@contextmanager
def _cache() -> Iterator[None]:
    """numba's setting of a folder, while it looks at it."""
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = _folder
    try:
        with checked():
            yield
    finally:
        config.CACHE_DIR = before


def _usable(folder: Path) -> str:
    """The folder as text, empty if nothing can be written there: then nothing is kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        return ""
    return str(folder)


_folder = _usable(cache_folder())
