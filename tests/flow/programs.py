"""Analysing small programs given as text."""

from __future__ import annotations

import textwrap

from shapetorch.flow import Program, Report, Source

PRELUDE = """
import torch, torch.nn as nn, numpy as np
from torch import Tensor
from jaxtyping import Float, Int
from shapetorch import reveal_shape
"""


def analyse(text: str, level: str = "default", **others: str) -> Report:
    """The report of a module ``main``, whose other modules are given by name."""
    sources = {name: textwrap.dedent(other) for name, other in others.items()}
    sources["main"] = PRELUDE + textwrap.dedent(text)

    def find(name: str) -> Source | None:
        return Source(f"{name}.py", sources[name]) if name in sources else None

    return Program(find).analyze("main", level)


def kinds(report: Report) -> list[str]:
    """The kinds of the errors of a report."""
    return [problem.kind for problem in report.problems if problem.severity == "error"]


def revealed(text: str) -> list[str]:
    """What ``reveal_shape`` says, in order."""
    report = analyse(text)
    assert kinds(report) == [], report.problems
    found = [p.message for p in report.problems if p.kind == "reveal_shape"]
    return [message.removeprefix('Revealed shape is "').removesuffix('"') for message in found]


def notes(text: str) -> list[str]:
    """The notes of the only error of a program."""
    (problem,) = (p for p in analyse(text).problems if p.severity == "error")
    return [note.text for note in problem.notes]
