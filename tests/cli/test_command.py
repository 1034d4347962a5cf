"""The command: what it prints, in which format, and with which exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugin.harness import HERE, run_command

STUBS = HERE / "stubs"
CLEAN = "x: int = 1\n"
BROKEN = """\
from jaxtyping import Float
from torch import Tensor


def f(x: Float[Tensor, "b t"], w: Float[Tensor, "512 n"]) -> Float[Tensor, "b n"]:
    y = x.view(-1)
    return x @ w
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clean.py").write_text(CLEAN)
    (tmp_path / "broken.py").write_text(BROKEN)
    return tmp_path


def shapetorch(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command([sys.executable, "-m", "shapetorch.cli", *arguments], folder)


@pytest.fixture
def check(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs ``shapetorch check`` with small stubs in place of torch."""
    monkeypatch.setenv("MYPYPATH", str(STUBS))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        ours, passed = list(arguments), []
        if "--" in ours:
            at = ours.index("--")
            ours, passed = ours[:at], ours[at + 1 :]
        return shapetorch(folder, "check", *ours, "--", f"--cache-dir={cache}", *passed)

    return run


def test_no_errors(check) -> None:
    run = check("clean.py")
    assert run.returncode == 0
    assert run.stdout == "No shape errors (checked 1 source file)\n"
    assert run.stderr == "Checking clean.py ...\n"


def test_errors_with_their_source(check) -> None:
    run = check("broken.py", "clean.py")
    assert run.returncode == 1
    assert run.stdout.splitlines() == [
        "broken.py:7:12: error: matmul: inner dimensions must be equal, got t and 512 "
        "from [b, t] @ [512, n]  [matmul_error_inner_dimensions_do_not_match]",
        "    7 |     return x @ w",
        "      |            ^~~~~",
        "    note: fails for t=1",
        "Found 1 error in 1 file (checked 2 source files)",
    ]


def test_the_folder_is_the_default(check) -> None:
    run = check()
    assert run.returncode == 1
    assert "(checked 2 source files)" in run.stdout


def test_errors_of_mypy_itself(check, folder: Path) -> None:
    (folder / "wrong.py").write_text("x: int = 'a'\n")
    run = check("wrong.py")
    assert run.returncode == 1
    assert "[assignment]" in run.stdout
    assert "Found 1 error in 1 file (checked 1 source file), no shape errors" in run.stdout


def test_json(check) -> None:
    run = check("broken.py", "--output", "json")
    assert run.returncode == 1
    assert [json.loads(line) for line in run.stdout.splitlines()] == [
        {
            "file": "broken.py",
            "line": 7,
            "column": 12,
            "end_line": 7,
            "end_column": 16,
            "severity": "error",
            "code": "matmul_error_inner_dimensions_do_not_match",
            "message": "matmul: inner dimensions must be equal, got t and 512 from [b, t] @ [512, n]",
            "notes": ["fails for t=1"],
        }
    ]


def test_github(check) -> None:
    run = check("broken.py", "--output", "github")
    assert run.returncode == 1
    assert run.stdout == (
        "::error file=broken.py,line=7,endLine=7,col=12,endColumn=16,"
        "title=matmul_error_inner_dimensions_do_not_match::"
        "matmul: inner dimensions must be equal, got t and 512 from [b, t] @ [512, n]%0Afails for t=1\n"
    )


def test_strict(check, folder: Path) -> None:
    (folder / "conditional.py").write_text(
        "from jaxtyping import Float\nfrom torch import Tensor\n"
        'def f(x: Float[Tensor, "b t"], n: int) -> None:\n    x.view(n, -1)\n'
    )
    assert check("conditional.py").returncode == 0
    run = check("conditional.py", "--strict")
    assert run.returncode == 1, run.stdout
    assert "conditional.py:4" in run.stdout


def test_the_users_settings_are_kept(check, folder: Path) -> None:
    (folder / "clean.py").write_text("def f(x): return x\n")
    assert check("clean.py").returncode == 0
    (folder / "mypy.ini").write_text("[mypy]\ndisallow_untyped_defs = True\n")
    assert "[no-untyped-def]" in check("clean.py").stdout
    (folder / "mypy.ini").unlink()
    (folder / "pyproject.toml").write_text(
        '[tool.mypy]\nplugins = ["shapetorch.mypy_plugin"]\ndisallow_untyped_defs = true\n'
        "[tool.shapetorch]\nstrict = false\n"
    )
    assert "[no-untyped-def]" in check("clean.py").stdout


def test_arguments_for_mypy(check, folder: Path) -> None:
    (folder / "clean.py").write_text("def f(x): return x\n")
    assert "[no-untyped-def]" in check("clean.py", "--", "--disallow-untyped-defs").stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["missing.py"], "shapetorch: missing.py does not exist"),
        (["empty"], "shapetorch: There are no .py[i] files in directory 'empty'"),
        (["clean.py", "--", "--nonsense"], "shapetorch: unrecognized arguments: --nonsense"),
        (
            ["clean.py", "--", "--config-file=no.ini"],
            "shapetorch: Cannot find config file 'no.ini'",
        ),
    ],
)
def test_what_cannot_be_done(check, folder: Path, arguments: list[str], line: str) -> None:
    (folder / "empty").mkdir()
    run = check(*arguments)
    assert run.returncode == 2
    assert run.stdout == ""
    assert [it for it in run.stderr.splitlines() if not it.startswith("Checking")] == [line]


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("mypy.ini", "[mypy]\nfoo = 3\n", "mypy.ini: [mypy]: Unrecognized option: foo = 3"),
        ("pyproject.toml", "[tool.mypy\n", "pyproject.toml: Expected ']'"),
        ("pyproject.toml", "[tool.shapetorch]\nfoo = 3\n", "has no setting"),
        ("mypy.ini", "[mypy]\nplugins = nowhere\n", "nowhere"),
    ],
)
def test_a_broken_configuration(check, folder: Path, file: str, text: str, line: str) -> None:
    (folder / file).write_text(text)
    for arguments in ([], ["--strict"]):
        run = check("clean.py", *arguments)
        assert run.returncode == 2
        assert line in run.stdout + run.stderr
        assert "Traceback" not in run.stdout + run.stderr


def test_a_syntax_error(check, folder: Path) -> None:
    (folder / "clean.py").write_text("x = 1\ny = )\n")
    run = check("clean.py")
    assert run.returncode == 2
    lines = run.stdout.splitlines()
    assert lines[0].startswith("clean.py:2:")
    assert lines[0].endswith("[syntax]")
    assert lines[1] == "    2 | y = )"
    assert lines[-1] == "Could not check the files: see the error above"


def test_one_syntax_error_of_a_file_is_enough(check, folder: Path) -> None:
    (folder / "clean.py").write_text("def f(:\n    pass\n")
    run = check("clean.py")
    assert run.returncode == 2
    assert run.stdout.count("[syntax]") == 1


def test_shapes(folder: Path) -> None:
    run = shapetorch(folder, "shapes", "broken.py")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[5] == "    y = x.view(-1)  # [b*t]"
    assert [line.partition("  #")[0] for line in lines] == BROKEN.splitlines()


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("missing.py", "shapetorch: missing.py does not exist"),
        ("syntax.py", "shapetorch: syntax.py:2: unmatched ')'"),
        (".", "shapetorch: cannot read ."),
    ],
)
def test_shapes_of_what_is_no_file(folder: Path, file: str, line: str) -> None:
    (folder / "syntax.py").write_text("x = 1\ny = )\n")
    run = shapetorch(folder, "shapes", file)
    assert (run.returncode, run.stdout, run.stderr) == (2, "", line + "\n")


def test_version_and_help(folder: Path) -> None:
    assert shapetorch(folder, "--version").stdout.startswith("shapetorch ")
    assert "shapetorch check model.py" in shapetorch(folder, "--help").stdout
    assert "--strict" in shapetorch(folder, "check", "--help").stdout
    assert shapetorch(folder).returncode == 2
