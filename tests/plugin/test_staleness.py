"""Results do not depend on how mypy runs or on what it has kept from earlier runs.

After each edit the result of every way of running is compared with a cold run over the same files.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.plugin.harness import MODES, Project

BASE = {
    "a.py": """
        VALUE = 3

        def unannotated(x):
            return x + 1  # FAULT: cat_error_empty

        def annotated(x: int) -> int:
            return x
        """,
    "b.py": """
        import a
        wrong: int = ""
        a.annotated(1)

        def use(x):
            return a.VALUE  # NEEDS: a VALUE = 3
        """,
    "c.py": """
        import b

        def far():
            return b.use(1)  # NEEDS: a VALUE = 3

        class C:
            def method(self):
                return 1  # FAULT: chunk_error_count
        """,
    "pack/__init__.py": "from pack.one import ONE as ONE\n",
    "pack/one.py": """
        from pack import two
        ONE = 1
        y = two.TWO  # NEEDS: pack.two TWO = 2
        """,
    "pack/two.py": """
        import pack.one as one
        TWO = 2
        z = one.ONE  # NEEDS: pack.one ONE = 1
        """,
    "user.py": """
        from pack import ONE

        def f(x):
            return ONE  # NEEDS: pack.two TWO = 2
        """,
}


def edited(name: str, old: str, new: str) -> dict[str, str | None]:
    assert old in BASE[name]
    return {name: BASE[name].replace(old, new)}


EDITS: list[tuple[str, dict[str, str | None]]] = [
    ("same-size", edited("a.py", "VALUE = 3", "VALUE = 4")),
    ("back", {"a.py": BASE["a.py"]}),
    ("other-size", edited("a.py", "VALUE = 3", "VALUE = 3000")),
    ("back-again", {"a.py": BASE["a.py"]}),
    ("types-only", edited("a.py", "annotated(x: int)", "annotated(x: str)")),
    ("name-removed", edited("a.py", "VALUE = 3", "OTHER = 3")),
    ("name-back", {"a.py": BASE["a.py"]}),
    ("cycle", edited("pack/two.py", "TWO = 2", "TWO = 5")),
    ("cycle-back", edited("pack/two.py", "TWO = 2", "TWO = 2")),
    ("new-module", {"d.py": "import a\nx = 1  # NEEDS: a VALUE = 3\n"}),
    ("after-new-module", edited("a.py", "VALUE = 3", "VALUE = 7")),
    ("module-removed", {"d.py": None}),
    ("fault-removed", edited("c.py", "# FAULT: chunk_error_count", "")),
    ("fault-ignored", edited("c.py", "# FAULT", "# type: ignore[chunk_error_count]  # FAULT")),
    ("import-removed", edited("b.py", "import a\n", "a = 1\n")),
]


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What a cold run says at first, and after each edit."""
    project = Project(tmp_path_factory.mktemp("cold") / "project")
    project.write(BASE)
    results = [sorted_lines(project.cold())]
    for _, edit in EDITS:
        project.write(edit)
        results.append(sorted_lines(project.cold()))
    return results


def test_the_edits_matter(cold: list[list[str]]) -> None:
    first, second = "\n".join(cold[0]), "\n".join(cold[1])
    assert "a.py:4: error: default: fault  [cat_error_empty]" in first
    assert "c.py:8: error: default: fault  [chunk_error_count]" in first
    assert "b.py:2: error: Incompatible types" in first
    assert "lacks" not in first
    assert "b.py:6: error: a lacks VALUE = 3" in second
    assert "c.py:4: error: a lacks VALUE = 3" in second
    assert sum(before != after for before, after in itertools.pairwise(cold)) >= len(EDITS) - 4


@pytest.mark.parametrize("mode", MODES)
def test_batch(mode: str, tmp_path: Path, cold: list[list[str]]) -> None:
    project = Project(tmp_path / "project")
    project.prepare_cache(MODES[mode])
    project.write(BASE)
    flags = (*MODES[mode], ".")
    assert sorted_lines(project.mypy(*flags)) == cold[0]
    assert sorted_lines(project.mypy(*flags)) == cold[0], "unchanged"
    for (name, edit), expected in zip(EDITS, cold[1:], strict=True):
        project.write(edit)
        assert sorted_lines(project.mypy(*flags)) == expected, name
    assert sorted_lines(project.mypy(*flags)) == cold[-1], "unchanged at last"


@pytest.mark.parametrize("parser", ["native-parser", "old-parser"])
def test_daemon(parser: str, tmp_path: Path, cold: list[list[str]]) -> None:
    project = Project(tmp_path / "project")
    project.write(BASE)
    with project.daemon(*MODES[parser]) as daemon:
        assert sorted_lines(daemon.check()) == cold[0]
        for (name, edit), expected in zip(EDITS, cold[1:], strict=True):
            project.write(edit)
            assert sorted_lines(daemon.check()) == expected, name
            assert sorted_lines(daemon.check()) == expected, f"{name}, unchanged"


def sorted_lines(output: str) -> list[str]:
    """Lines in an order that does not depend on which module was finished first."""
    return sorted(output.splitlines())
