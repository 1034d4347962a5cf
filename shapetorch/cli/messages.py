"""mypy's messages, read back from its lines and shown with the source line they speak of."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from shapetorch.errors import ErrorKind

if TYPE_CHECKING:
    from shapetorch.cli.progress import Progress

LINE = re.compile(
    r"(?P<file>.*?):(?:(?P<line>\d+):)?(?:(?P<column>\d+):)?(?:(?P<end_line>\d+):(?P<end_column>\d+):)?"
    r" (?P<severity>error|note): (?P<text>.*)"
)
CODE = re.compile(r"(?P<text>.*?)(?:  \[(?P<code>[\w-]+)\])?")
SHAPE_CODES = frozenset(kind.name for kind in ErrorKind)


@dataclass
class Message:
    """An error or a note, with the notes that follow at the same place.

    Lines and columns count from 1; `end_column` is that of the last character.
    """

    file: str | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    severity: str
    text: str
    code: str | None
    notes: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        """``file:line:column``, as far as it is known."""
        known = (self.file, self.line, self.column)
        return ":".join(str(part) for part in known if part is not None)


def group(lines: Iterable[str]) -> Iterator[Message]:
    """Messages from mypy's lines; a note belongs to the error before it at the same place."""
    last: Message | None = None
    for line in lines:
        message = _read(line)
        same = last is not None and (message.file, message.line) == (last.file, last.line)
        if message.severity == "note" and last is not None and last.severity == "error" and same:
            last.notes.append(message.text)
            continue
        if last is not None:
            yield last
        last = message
    if last is not None:
        yield last


def _read(line: str) -> Message:
    match = LINE.fullmatch(line)
    if match is None:
        return Message(None, None, None, None, None, "error", line, None)
    code = CODE.fullmatch(match["text"])
    assert code is not None, "the pattern matches any text"
    line_number, column, end_line, end_column = (
        int(match[name]) if match[name] else None
        for name in ("line", "column", "end_line", "end_column")
    )
    return Message(
        file=match["file"],
        line=line_number,
        column=column,
        end_line=end_line,
        end_column=end_column,
        severity=match["severity"],
        text=code["text"],
        code=code["code"],
    )


class Printer:
    """Prints messages in one of the formats and counts them."""

    def __init__(self, *, output: str, color: bool, progress: Progress | None = None) -> None:
        self._output = output
        self._progress = progress
        self._console = Console(
            file=sys.stdout, no_color=not color, highlight=False, soft_wrap=True, emoji=False
        )
        self._files: set[str | None] = set()
        self._unreadable: set[str | None] = set()
        self.errors = 0
        self._shape_errors = 0

    def show(self, message: Message) -> None:
        """Print one message with its notes."""
        if message.code == "syntax":
            if message.file in self._unreadable:  # what follows is the same mistake again
                return
            self._unreadable.add(message.file)
        if message.severity == "error":
            self.errors += 1
            self._files.add(message.file)
            self._shape_errors += message.code in SHAPE_CODES
        if self._progress is not None:
            self._progress.pause()
        match self._output:
            case "json":
                self._write(json.dumps(_as_json(message)))
            case "github":
                self._write(_as_github(message))
            case _:
                self._console.print(_as_text(message))

    def summary(self, checked: int, *, blocked: bool) -> None:
        """Print the last line; only people need it."""
        if self._output != "text":
            return
        files = f"checked {_count(checked, 'source file')}"
        if blocked:
            text = Text("Could not check the files: see the error above", "bold red")
            if self.errors == 0:
                text = Text("Could not check the files", "bold red")
        elif self.errors:
            found = f"Found {_count(self.errors, 'error')} in {_count(len(self._files), 'file')}"
            other = "" if self._shape_errors else ", no shape errors"
            text = Text(f"{found} ({files}){other}", "bold red")
        else:
            text = Text(f"No shape errors ({files})", "bold green")
        self._console.print(text)

    def _write(self, text: str) -> None:
        self._console.file.write(f"{text}\n")


def _as_text(message: Message) -> Text:
    style = "bold red" if message.severity == "error" else "bold blue"
    text = Text()
    if message.place:
        text.append(f"{message.place}: ", "bold")
    text.append(f"{message.severity}: ", style)
    text.append(message.text)
    if message.code:
        text.append(f"  [{message.code}]", "yellow")
    for line in _excerpt(message):
        text.append("\n")
        text.append_text(line)
    for note in message.notes:
        text.append("\n    note: ", "blue")
        text.append(note.replace("\n", "\n          "))
    return text


def _excerpt(message: Message) -> Iterator[Text]:
    """The source line, and a line that points at the place."""
    source = _lines(message.file or "")
    if message.line is None or not 1 <= message.line <= len(source):
        return
    line = source[message.line - 1]
    number = str(message.line)
    yield Text.assemble((f"    {number} | ", "dim"), line.expandtabs(4))
    if message.column is None:
        return
    start = _width(line, message.column - 1)
    end = start + 1
    if message.end_line == message.line and message.end_column is not None:
        end = max(_width(line, message.end_column), end)
    elif message.end_line is not None and message.end_line > message.line:
        end = max(len(line.expandtabs(4).rstrip()), end)
    marks = " " * start + "^" + "~" * (end - start - 1)
    yield Text.assemble((f"    {' ' * len(number)} | ", "dim"), (marks, "red"))


def _width(line: str, offset: int) -> int:
    """How many columns are shown before an offset."""
    return len(line[:offset].expandtabs(4))


@cache
def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return []


def _as_json(message: Message) -> dict[str, Any]:
    return {
        "file": message.file,
        "line": message.line,
        "column": message.column,
        "end_line": message.end_line,
        "end_column": message.end_column,
        "severity": message.severity,
        "code": message.code,
        "message": message.text,
        "notes": message.notes,
    }


def _as_github(message: Message) -> str:
    kind = "error" if message.severity == "error" else "notice"
    where = {
        "file": message.file,
        "line": message.line,
        "endLine": message.end_line,
        "col": message.column,
        "endColumn": message.end_column,
        "title": message.code,
    }
    known = ",".join(
        f"{key}={_escape(str(value), property=True)}"
        for key, value in where.items()
        if value is not None
    )
    text = _escape("\n".join([message.text, *message.notes]))
    return f"::{kind} {known}::{text}" if known else f"::{kind}::{text}"


def _escape(text: str, *, property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property else text


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
