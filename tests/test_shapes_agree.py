"""What is inferred is true: programs are run, and every tensor they assign has the shape inferred for it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("einops")

import torch

from tests import models, shapes_at_run_time
from tests.shapes_at_run_time import Outcome

PROGRAMS = models.ROOT / "tests" / "programs"
FOLDERS = [
    models.MODELS,
    models.ROOT / "typecheck" / "silent",
    models.ROOT / "examples",
    PROGRAMS,
]
FILES = [
    file
    for folder in FOLDERS
    for file in sorted(folder.glob("*.py"))
    if not file.name.startswith("broken_")
]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors: threads would only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def outcome(file: Path) -> Outcome:
    return shapes_at_run_time.run(file.stem, file.read_text())


def needs(file: Path) -> str:
    """A library that a program imports and that is not installed here."""
    words = (line.split() for line in file.read_text().splitlines())
    roots = (row[1].split(".")[0] for row in words if row[:1] in (["import"], ["from"]) and row[1:])
    return next((root for root in roots if importlib.util.find_spec(root) is None), "")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_inferred_shapes_are_true(file: Path) -> None:
    if missing := needs(file):
        pytest.skip(f"needs {missing}")
    found = outcome(file)
    assert [str(item) for item in found.disagreements.values()] == []
    assert [it for it in found.report.problems if it.severity == "error"] == []


def main() -> None:
    """Print what disagrees, the errors, and how much is known; the files come from the command line."""
    import sys
    import time

    torch.set_num_threads(1)
    files = [Path(name) for name in sys.argv[1:] if not name.startswith("-")] or FILES
    full = ranks = total = 0
    start = time.perf_counter()
    for file in files:
        try:
            found = outcome(file)
        except Exception as error:
            print(f"{file}: does not run: {type(error).__name__}: {error}")
            if "-v" in sys.argv:
                raise
            continue
        for item in found.disagreements.values():
            print(item)
        for problem in found.report.problems:
            print(f"{file}:{problem.line}: {problem.severity}: {problem.message}")
        known = sum(found.places.values())
        full, ranks, total = full + known, ranks + len(found.ranks), total + len(found.places)
        if "-u" in sys.argv:
            texts = {(at.line, at.column, at.name): at.text for at in found.report.shapes}
            for place, is_known in sorted(found.places.items()):
                if not is_known:
                    print(f"{file}:{place[0]}: {place[2]}: {texts.get(place, 'nothing')}")
    print(
        f"{len(files)} programs, {total} places: {full} known in full ({full / max(total, 1):.1%}), "
        f"the rank of {ranks} ({ranks / max(total, 1):.1%}); {time.perf_counter() - start:.1f} s"
    )


if __name__ == "__main__":
    main()
