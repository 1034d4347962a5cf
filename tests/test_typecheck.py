"""The programs of ``typecheck/``: what is expected stands on the line where it is expected.

``# E: [kind] "fragment"``   an error of that kind whose text contains the fragment (which may be left out)
``# R: [B, N]``              what ``reveal_shape`` or ``reveal_type`` of a tensor says
``# M: [code]``              an error of mypy's own (it is not looked for where mypy does not run)

Several on one line are all expected. Anything unexpected fails. A line ``# shapetorch: strict`` has the
file analysed at that level, ``# judge: torch`` has it run as well (`test_typecheck_runs`).
Each file goes through the analysis alone, which takes milliseconds, and all of them through mypy in one
build.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from shapetorch.cli.messages import SHAPE_CODES
from shapetorch.cli.modules import LocalModules, read
from shapetorch.flow.program import Program
from shapetorch.mypy_plugin.settings import Settings
from tests import models

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "typecheck"
CACHE = ROOT / ".shapetorch_cache" / "tests"  # the options differ from those of `make demo`
NEWER = {"pep695.py": (3, 12)}  # syntax that an older Python cannot read
FILES = sorted(
    file
    for file in FOLDER.rglob("*.py")
    if "broken" not in file.relative_to(FOLDER).parts
    and sys.version_info >= NEWER.get(file.name, (3, 11))
)

ERROR = re.compile(r"# (?P<mark>[EM]): \[(?P<kind>[\w-]+)\](?: \"(?P<fragment>[^\"]*)\")?")
REVEAL = re.compile(r"# R: (?P<shape>[^#]*[^#\s])")
IGNORE = re.compile(r"# type: ignore(?:\[(?P<kinds>[^\]]*)\])?")
REVEALED = re.compile(r'Revealed shape is "(?P<shape>.*)"')


@dataclass(frozen=True)
class Found:
    """A message, wherever it came from."""

    line: int
    severity: str
    kind: str | None
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.severity}: {self.text}  [{self.kind}]"


@dataclass(frozen=True)
class Expected:
    """One expectation; `mark` is E, R or M."""

    line: int
    mark: str
    kind: str | None
    fragment: str

    def met_by(self, found: Found) -> bool:
        if found.line != self.line:
            return False
        if self.mark == "R":
            revealed = REVEALED.fullmatch(found.text)
            return revealed is not None and revealed["shape"] == self.fragment
        return found.severity == "error" and found.kind == self.kind and self.fragment in found.text

    def __str__(self) -> str:
        what = self.fragment if self.mark == "R" else f'[{self.kind}] "{self.fragment}"'
        return f"line {self.line}: # {self.mark}: {what}"


def expectations(text: str) -> list[Expected]:
    """All expectations of a file."""
    result = []
    for number, line in enumerate(text.splitlines(), 1):
        for match in ERROR.finditer(line):
            kind, fragment = match["kind"], match["fragment"] or ""
            result.append(Expected(number, match["mark"], kind, fragment))
        for match in REVEAL.finditer(line):
            result.append(Expected(number, "R", None, match["shape"]))
    return result


def complaints(expected: Iterable[Expected], found: Iterable[Found]) -> list[str]:
    """What is missing and what is too much, as sentences."""
    left = list(found)
    missing = []
    for expectation in expected:
        match = next((it for it in left if expectation.met_by(it)), None)
        if match is None:
            missing.append(f"missing     {expectation}")
        else:
            left.remove(match)
    return missing + [f"unexpected  {it}" for it in left]


def analysed(file: Path) -> list[Found]:
    """What the analysis alone says of a file."""
    modules = LocalModules([FOLDER, ROOT])
    name = ".".join(file.relative_to(FOLDER).with_suffix("").parts)
    source = read(file)
    assert source is not None
    report = Program(modules.find).analyze(name, Settings().level(source.text))
    lines = source.text.splitlines()
    return [
        Found(it.line, it.severity, it.kind, it.message)
        for it in report.problems
        if not (
            is_ignored(lines[it.line - 1], it.kind) or is_ignored(lines[it.first_line - 1], it.kind)
        )
    ]


def is_ignored(line: str, kind: str) -> bool:
    """Whether a comment silences errors of this kind on its line, as mypy has it."""
    found = IGNORE.search(line)
    return found is not None and (found["kinds"] is None or kind in found["kinds"].split(", "))


@cache
def _through_mypy() -> dict[str, list[Found]] | str:
    try:
        return checked(FILES, FOLDER)
    except AssertionError as error:
        return str(error)


def through_mypy() -> dict[str, list[Found]]:
    """What ``shapetorch check`` says of all files, by file name; mypy runs once, also if it fails."""
    result = _through_mypy()
    if isinstance(result, str):
        pytest.fail(result)
    return result


def checked(files: Sequence[Path], folder: Path) -> dict[str, list[Found]]:
    """What ``shapetorch check`` says of files, by file name."""
    command = [
        sys.executable,
        "-m",
        "shapetorch.cli",
        "check",
        *map(str, files),
        "--output",
        "json",
    ]
    passed = ["--", "--config-file=", "--explicit-package-bases", f"--cache-dir={CACHE}"]
    run = subprocess.run(
        [*command, *passed],
        cwd=folder,
        env={**os.environ, "SHAPETORCH_RAISE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), f"status {run.returncode}: {run.stderr[-2000:]}"
    found: dict[str, list[Found]] = defaultdict(list)
    for line in run.stdout.splitlines():
        message = json.loads(line)
        path = os.path.abspath(os.path.join(folder, message["file"]))
        found[path].append(
            Found(message["line"], message["severity"], message["code"], message["message"])
        )
    return found


def identity(file: Path) -> str:
    return str(file.relative_to(FOLDER).with_suffix(""))


@pytest.mark.parametrize("file", FILES, ids=identity)
def test_analysis(file: Path) -> None:
    expected = [it for it in expectations(file.read_text()) if it.mark != "M"]
    assert not complaints(expected, analysed(file))


@pytest.mark.parametrize("file", FILES, ids=identity)
def test_through_mypy(file: Path) -> None:
    pytest.importorskip("torch")
    found = through_mypy().get(str(file), [])
    assert not complaints(expectations(file.read_text()), found)


def test_broken_models_through_mypy(tmp_path: Path) -> None:
    """mypy reports of each broken twin what the analysis alone finds, and nothing else is lost."""
    pytest.importorskip("torch")
    files = models.write_twins(tmp_path)
    found = checked(files, tmp_path)
    for file in files:
        source = read(file)
        assert source is not None
        program = Program({file.stem: source}.get)
        alone = {(it.line, it.kind) for it in program.analyze(file.stem).problems}
        through = {(it.line, it.kind) for it in found[str(file)] if it.kind in SHAPE_CODES}
        assert through == alone, file.stem


def test_a_missing_and_an_unexpected_error_are_noticed() -> None:
    expected = expectations('a\nb  # E: [cat_error_empty] "no tensors"\nc  # R: [B, 2*T]')
    assert [str(it) for it in expected] == [
        'line 2: # E: [cat_error_empty] "no tensors"',
        "line 3: # R: [B, 2*T]",
    ]
    right = [
        Found(2, "error", "cat_error_empty", "cat: no tensors given"),
        Found(3, "note", "reveal", 'Revealed shape is "[B, 2*T]"'),
    ]
    assert not complaints(expected, right)
    wrong_kind = Found(2, "error", "stack_error_shape_mismatch", "cat: no tensors given")
    wrong_line = Found(1, "error", "cat_error_empty", "cat: no tensors given")
    wrong_shape = Found(3, "note", "reveal", 'Revealed shape is "[B, T]"')
    for wrong in (wrong_kind, wrong_line, wrong_shape):
        assert len(complaints(expected, [wrong])) == 3
    assert complaints([], [wrong_kind]) == [f"unexpected  {wrong_kind}"]
