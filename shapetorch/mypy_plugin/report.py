"""Error codes, and reporting problems as mypy reports its own errors.

There is one error code for each kind, all below the code ``shapetorch``: ``# type: ignore[shapetorch]``
and ``disable_error_code = shapetorch`` speak of all of them.
"""

from __future__ import annotations

import traceback
from dataclasses import replace
from typing import Final

from mypy.errorcodes import ErrorCode
from mypy.errors import Errors

from shapetorch.errors import ErrorKind
from shapetorch.flow.problems import Note, Problem, Report

CATEGORY = "shapetorch"
SHAPETORCH: Final = ErrorCode(CATEGORY, "Any shape error", CATEGORY)
INTERNAL: Final = ErrorCode("internal", "A mistake in shapetorch itself", CATEGORY)
REVEAL: Final = ErrorCode("reveal", "A shape that was asked for", CATEGORY)
BUG_LINE = "this is a bug of shapetorch: please report it with the file and these two lines"

CODES: Final = {
    kind.name: ErrorCode(kind.name, kind.name.replace("_", " "), CATEGORY, sub_code_of=SHAPETORCH)
    for kind in ErrorKind
}


def report_all(errors: Errors, report: Report, text: str) -> None:
    """Report every problem of a module; `errors` already speaks of that module.

    Args:
        errors: mypy's collector.
        report: What was found; its columns count bytes, as those of Python's `ast` do.
        text: The module's source.
    """
    lines = text.split("\n")
    for problem in report.problems:
        column = _characters(lines, problem.line, problem.column)
        end_column = _characters(lines, problem.end_line, problem.end_column)
        _report(errors, replace(problem, column=column, end_column=end_column))


def _characters(lines: list[str], line: int, column: int) -> int:
    if not 1 <= line <= len(lines) or lines[line - 1].isascii():
        return column
    return len(lines[line - 1].encode()[:column].decode(errors="ignore"))


def report_exception(errors: Errors, error: Exception) -> None:
    """One note on line 1 for an exception in our own code."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{frame.filename.replace(chr(92), '/').rpartition('shapetorch/')[2]}:{frame.lineno}"
    summary = (str(error).splitlines() or [""])[0][:200]
    text = f"shapetorch: {type(error).__name__}: {summary} ({place}); shapes are not checked here"
    errors.report(1, 0, text, INTERNAL, severity="note")
    errors.report(1, 0, BUG_LINE, INTERNAL, severity="note")


def _report(errors: Errors, problem: Problem) -> None:
    code = CODES.get(problem.kind) or (REVEAL if problem.severity == "note" else SHAPETORCH)
    span = range(problem.first_line or problem.line, problem.end_line + 1)
    info = errors.report(
        problem.line,
        problem.column,
        problem.message,
        code,
        severity=problem.severity,
        origin_span=span,
        end_line=problem.end_line,
        end_column=problem.end_column,
    )
    if problem.severity == "note":
        return
    for note in problem.notes:
        errors.report(
            problem.line,
            problem.column,
            note_text(note),
            code,
            severity="note",
            origin_span=span,
            end_line=problem.end_line,
            end_column=problem.end_column,
            parent_error=info,
        )


def note_text(note: Note) -> str:
    """The text of a note; mypy sorts by line, so a note stays at its error and names its own line."""
    return note.text if note.line is None else f"{note.text} (line {note.line})"
