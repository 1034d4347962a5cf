"""The real plugin over a stand-in for the analysis, so that its hosting is tested alone.

A comment ``# FAULT: kind`` is a problem of that kind on its line, ``# NEEDS: module text`` is one if
the source of that module does not contain the text, ``# WORD: word kind`` is one at that word, and
``# CRASH`` is an exception.
"""

from __future__ import annotations

import re

from shapetorch.flow import program
from shapetorch.flow.problems import Note, Problem, Report
from shapetorch.mypy_plugin import plugin

__all__ = ["plugin"]


def analyze(self: program.Program, module: str, level: str = "default") -> Report:
    source = self.find(module)
    assert source is not None, module
    report = Report()
    for number, line in enumerate(source.text.splitlines(), 1):
        if "# CRASH" in line:
            raise ZeroDivisionError("a crash\non purpose")
        if (fault := re.search(r"# FAULT: (\w+)", line)) is not None:
            add(report, number, line, fault[1], f"{level}: fault")
        if (word := re.search(r"# WORD: (\w+) (\w+)", line)) is not None:
            at = len(re.split(rf"\b{word[1]}\b", line)[0].encode())  # counted in bytes, as ast does
            end = at + len(word[1])
            report.problems.append(Problem(number, at, number, end, word[2], "a word"))
        if (need := re.search(r"# NEEDS: (\S+) (.+?)\s*$", line)) is not None:
            found = self.find(need[1])
            report.read.add(need[1])
            if found is None or need[2] not in found.text:
                add(report, number, line, "cat_error_empty", f"{need[1]} lacks {need[2]}")
    return report


def add(report: Report, number: int, line: str, kind: str, message: str) -> None:
    column = len(line) - len(line.lstrip())
    end = len(line.split("#", maxsplit=1)[0].rstrip())
    report.problems.append(
        Problem(number, column, number, end, kind, message, (Note("built here", 1),))
    )


program.Program.analyze = analyze  # type: ignore[method-assign]
