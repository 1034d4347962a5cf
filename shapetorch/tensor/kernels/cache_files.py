"""The files in which numba keeps compiled code, read with care.

numba takes what it finds for what it wrote. A file that was cut off or changed would be an error at
the first call of a kernel, or a crash; here it is as if it were not there, and the kernel is compiled
again. Code is followed by its digest, which readers of pickles do not look at.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from numba.core import caching

_caching: Any = caching
_Files: Any = _caching.IndexDataCacheFile
_DIGEST = hashlib.sha256().digest_size


class CheckedFiles(_Files):  # type: ignore[misc]
    """The index and the code of one kernel."""

    def _dump(self, obj: Any) -> bytes:
        data: bytes = super()._dump(obj)
        return data + hashlib.sha256(data).digest()

    def _load_data(self, name: str) -> Any:
        found = Path(self._data_path(name)).read_bytes()
        data, digest = found[:-_DIGEST], found[-_DIGEST:]
        if hashlib.sha256(data).digest() != digest:
            raise ValueError(f"{name} is not what was written")
        return pickle.loads(data)

    def _load_index(self) -> Any:
        with suppress(Exception):
            return super()._load_index()
        return {}

    def load(self, key: Any) -> Any:
        """The code that is kept under a key; None if there is none that is whole."""
        with suppress(Exception):
            return super().load(key)
        return None

    def save(self, key: Any, data: Any) -> None:
        """Keep code, unless the disk is full or may not be written to."""
        with suppress(OSError):
            super().save(key, data)


@contextmanager
def checked() -> Iterator[None]:
    """Within the block, numba makes caches of such files."""
    _caching.IndexDataCacheFile = CheckedFiles
    try:
        yield
    finally:
        _caching.IndexDataCacheFile = _Files
