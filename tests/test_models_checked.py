"""The corpus, checked and not run: correct programs are silent, every broken twin is found.

A twin is found when an error stands on the line of its bug or on the line where it is first used.
"""

from __future__ import annotations

import pytest

from shapetorch.flow import Problem, Program, Source
from tests import models
from tests.models import Model, Twin

EXAMPLES = models.programs(models.ROOT / "examples")
CORRECT = [
    *models.correct(),
    *models.programs(models.ROOT / "typecheck" / "silent"),
    *(program for program in EXAMPLES if not program.name.startswith("broken_")),
]


def errors(name: str, text: str) -> list[Problem]:
    program = Program(lambda module: Source(f"{name}.py", text) if module == name else None)
    return [found for found in program.analyze(name).problems if found.severity == "error"]


def is_found(twin: Twin) -> bool:
    return any(
        error.line <= line <= error.end_line or line == error.first_line
        for error in errors(twin.name, twin.source)
        for line in (twin.bug_line, twin.use_line)
    )


@pytest.mark.parametrize("program", CORRECT, ids=lambda program: program.name)
def test_correct_program_is_silent(program: Model) -> None:
    assert errors(program.name, program.source) == []


@pytest.mark.parametrize("twin", models.twins(), ids=lambda twin: twin.name)
def test_twin_is_found(twin: Twin) -> None:
    assert is_found(twin), errors(twin.name, twin.source)


@pytest.mark.parametrize("twin", models.gaps(), ids=lambda twin: twin.name)
def test_known_gap_is_still_a_gap(twin: Twin) -> None:
    assert not is_found(twin), f"found now: remove `gap` ({twin.gap}) from the table"


@pytest.mark.parametrize("program", EXAMPLES, ids=lambda program: program.name)
def test_broken_example_has_one_error(program: Model) -> None:
    expected = 1 if program.name.startswith("broken_") else 0
    assert len(errors(program.name, program.source)) == expected
