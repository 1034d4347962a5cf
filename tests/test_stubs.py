"""The stubs are what their script writes, say what the library does, and suffice for ordinary code.

The checkers run in a folder outside the project, where they find the stubs as a user's checker does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_typecheck import FOLDER

ROOT = FOLDER.parent
PROGRAMS = ROOT / "tests" / "stubs"
STUBS = ROOT / "stubs"
BUDGET = {"OMP_NUM_THREADS": "1"}


def run(*command: str, folder: Path) -> tuple[int, str]:
    """The exit status and the output of a command of this Python's."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **BUDGET},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs and the stubs."""
    folder = tmp_path_factory.mktemp("outside")
    shutil.copytree(PROGRAMS, folder, dirs_exist_ok=True)
    shutil.copytree(STUBS, folder / "stubs")
    return folder


def test_the_stubs_are_what_the_tool_writes() -> None:
    program = "import json, sys; sys.path.insert(0, 'tools'); import stubs; print(json.dumps(stubs.files()))"
    status, output = run("-c", program, folder=ROOT)
    assert status == 0, output[-2000:]
    made = json.loads(output)
    there = {
        str(path.relative_to(STUBS / "shapetorch-stubs")): path.read_text()
        for path in (STUBS / "shapetorch-stubs").rglob("*")
        if path.is_file()
    }
    assert there.keys() == made.keys()
    for name, text in made.items():
        assert there[name] == text, f"{name} is old: run python tools/stubs.py"


def test_the_stubs_say_what_the_library_does() -> None:
    status, output = run(str(ROOT / "tools" / "check_stubs.py"), folder=ROOT)
    assert status == 0, output[-4000:]


def mypy(folder: Path, *arguments: str) -> tuple[int, str]:
    return run(
        "-m", "mypy", "--config-file=", f"--cache-dir={folder / 'cache'}", *arguments, folder=folder
    )


def test_mypy_accepts_ordinary_code(outside: Path) -> None:
    status, output = mypy(outside, "--strict", "ordinary.py")
    assert status == 0, output


def test_mypy_accepts_the_stubs(outside: Path) -> None:
    status, output = mypy(outside, "--strict", "stubs/shapetorch-stubs")
    assert status == 0, output


def test_mypy_with_the_plugin_accepts_shapes(outside: Path) -> None:
    (outside / "plugin.ini").write_text("[mypy]\nplugins = shapetorch.mypy_plugin\n")
    status, output = run(
        "-m",
        "mypy",
        "--config-file=plugin.ini",
        f"--cache-dir={outside / 'with'}",
        "ordinary.py",
        "shaped.py",
        folder=outside,
    )
    assert status == 0, output


def test_mypy_without_the_plugin_speaks_of_brackets_only(outside: Path) -> None:
    _, output = mypy(
        outside, "shaped.py", "--disable-error-code=type-arg", "--disable-error-code=valid-type"
    )
    assert "shape" not in output.replace("shaped.py", ""), output


def pyright(folder: Path, *files: str) -> list[str]:
    """The errors that basedpyright reports; its warnings are about style."""
    pytest.importorskip("basedpyright")
    _, output = run(
        "-m",
        "basedpyright",
        "--pythonpath",
        sys.executable,
        "--level",
        "error",
        *files,
        folder=folder,
    )
    assert " errors, " in output, output
    return [line for line in output.splitlines() if " - error: " in line]


def test_pyright_accepts_ordinary_code_and_the_stubs(outside: Path) -> None:
    assert pyright(outside, "ordinary.py", "stubs") == []


def test_a_mistake_is_noticed(outside: Path) -> None:
    """The checkers do look: what no tensor has is an error."""
    (outside / "wrong.py").write_text(
        "import shapetorch as torch\nx = torch.zeros(2, 3)\nx.no_such_method()\ny: int = x.max(1).values\ntorch.zeroes(2)\n"
    )
    for report in (mypy(outside, "wrong.py")[1], "\n".join(pyright(outside, "wrong.py"))):
        assert {3, 4, 5} == {
            int(line.split(":")[1]) for line in report.splitlines() if "wrong.py:" in line
        }
