"""Where the analysis keeps what it needs again: a folder in mypy's cache, one file a module."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import suppress
from typing import Any

from mypy.options import Options

from shapetorch.mypy_plugin import settings

FOLDER = "shapetorch"


class CacheShelf:
    """Files in a folder, each written as a whole, so that processes may share them."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._version = [settings.fingerprint(), *sys.version_info]

    def load(self, module: str) -> dict[str, Any] | None:
        """What was saved last, None if nothing of this version can be read."""
        try:
            with open(self._path(module), encoding="utf-8") as file:
                data = json.load(file)
        except (OSError, ValueError):
            return None
        if not isinstance(data, dict) or data.pop("version", None) != self._version:
            return None
        return data

    def save(self, module: str, data: dict[str, Any]) -> None:
        """Keep it for the next run; where nothing can be written, nothing is kept."""
        with suppress(OSError):
            os.makedirs(self._folder, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump({"version": self._version, **data}, file, separators=(",", ":"))
                os.replace(name, self._path(module))
            except BaseException:
                os.unlink(name)
                raise

    def _path(self, module: str) -> str:
        return os.path.join(self._folder, f"{module}.json")


def of(options: Options) -> CacheShelf | None:
    """The shelf of a build, None if it keeps nothing."""
    if not options.incremental or options.cache_dir == os.devnull:
        return None
    return CacheShelf(os.path.join(options.cache_dir, FOLDER))
