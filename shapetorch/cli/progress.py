"""Saying what is going on, on standard error: a spinner on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console

if TYPE_CHECKING:
    from mypy.options import Options
    from mypy.plugin import Plugin
    from rich.status import Status


class Progress:
    """Shows one line that changes while mypy reads modules."""

    def __init__(self, *, color: bool) -> None:
        self._console = Console(file=sys.stderr, no_color=not color, highlight=False)
        self._status: Status | None = None
        self._text = ""
        self._read = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pause()

    def say(self, text: str) -> None:
        """Say what happens now."""
        self._text = text
        if not self._console.is_terminal:
            self._console.print(text, soft_wrap=True, markup=False)
        elif self._status is None:
            self._status = self._console.status(text)
            self._status.start()
        else:
            self._status.console.print(text, soft_wrap=True, markup=False)

    def pause(self) -> None:
        """Clear the line, so that something else can be printed."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def module_read(self, name: str) -> None:
        """Count a module that mypy had to read."""
        self._read += 1
        if self._status is not None and self._read % 20 == 0:
            self._status.update(f"Reading {name.partition('.')[0]} ({self._read} modules so far)")

    def plugin(self, options: Options) -> Plugin:
        """A mypy plugin that counts modules as they are read."""
        from mypy.plugin import Plugin

        progress = self

        class Counter(Plugin):
            def get_additional_deps(self, file: Any) -> list[tuple[int, str, int]]:
                progress.module_read(file.fullname)
                return []

        return Counter(options)
