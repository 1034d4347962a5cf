"""Shape errors behave as mypy's own errors do: ignoring, disabling, formats, and our own failures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.plugin.harness import MODES, REAL, ROOT, Project, run_command

FAULT = "def f(x):\n    return x  # FAULT: cat_error_empty\n"
ERROR = "a.py:2: error: default: fault  [cat_error_empty]\na.py:2: note: built here (line 1)\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "project")
    project.prepare_cache(())
    project.write({"a.py": FAULT})
    return project


def test_an_unannotated_function_is_analysed(project: Project) -> None:
    assert project.mypy("a.py") == ERROR


@pytest.mark.parametrize("code", ["", "[cat_error_empty]", "[shapetorch]"])
def test_type_ignore(project: Project, code: str) -> None:
    project.write({"a.py": FAULT.replace("# FAULT", f"# type: ignore{code}  # FAULT")})
    assert project.mypy("a.py") == ""
    unused = project.mypy("a.py", "--warn-unused-ignores")
    assert unused == "" or (code == "[shapetorch]" and "use narrower [cat_error_empty]" in unused)


def test_type_ignore_with_another_code(project: Project) -> None:
    project.write({"a.py": FAULT.replace("# FAULT", "# type: ignore[chunk_error_count]  # FAULT")})
    output = project.mypy("a.py")
    assert "error: default: fault  [cat_error_empty]" in output
    assert 'Error code "cat_error_empty" not covered' in output


def test_unused_type_ignore(project: Project) -> None:
    project.write({"a.py": "def f(x):\n    return x  # type: ignore[cat_error_empty]\n"})
    output = project.mypy("a.py", "--warn-unused-ignores")
    assert output == 'a.py:2: error: Unused "type: ignore" comment  [unused-ignore]\n'


def test_type_ignore_for_the_file(project: Project) -> None:
    project.write({"a.py": "# type: ignore\n" + FAULT})
    assert project.mypy("a.py") == ""


@pytest.mark.parametrize("code", ["cat_error_empty", "shapetorch"])
def test_disabled_code(project: Project, code: str) -> None:
    assert project.mypy("a.py", "--disable-error-code", code) == ""
    project.write({"a.py": f'# mypy: disable-error-code="{code}"\n{FAULT}'})
    assert project.mypy("a.py") == ""


def test_ignored_module(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", settings="[mypy-a]\nignore_errors = True\n")
    project.write({"a.py": FAULT, "b.py": "import a\n" + FAULT})
    assert "a.py" not in project.mypy("a.py", "b.py")
    assert "b.py:3" in project.mypy("a.py", "b.py")


def test_silently_followed_module(project: Project) -> None:
    project.write({"b.py": "import a\n"})
    assert project.mypy("b.py", "--follow-imports=silent") == ""
    assert project.mypy("b.py") == ERROR


def test_columns_and_end(project: Project) -> None:
    output = project.mypy("a.py", "--show-error-end")
    assert output.startswith("a.py:2:5:2:12: error: default: fault")


def test_columns_count_characters(project: Project) -> None:
    project.write({"a.py": "é = 'éé'; x = 3  # WORD: x cat_error_empty\n"})
    output = project.mypy("a.py", "--show-error-end")
    assert output.startswith("a.py:1:11:1:11: error:"), output


def test_pretty(project: Project) -> None:
    output = project.mypy("a.py", "--pretty")
    assert "        return x  # FAULT: cat_error_empty\n        ^~~~~~~~\n" in output


def test_json(project: Project) -> None:
    first = json.loads(project.mypy("a.py", "--output", "json").splitlines()[0])
    assert (first["file"], first["line"], first["column"]) == ("a.py", 2, 4)
    assert (first["code"], first["severity"]) == ("cat_error_empty", "error")
    assert first["hint"] == "built here (line 1)"


def test_code_after_exit_is_analysed(project: Project) -> None:
    project.write({"a.py": f"import sys\nsys.exit()\n{FAULT}"})
    for flags in ([], ["--no-local-partial-types"]):
        assert "a.py:4: error: default: fault" in project.mypy("a.py", *flags)


def test_program_text(project: Project) -> None:
    assert project.mypy("-c", FAULT).startswith("<string>:2: error: default: fault")


def test_shadow_file(project: Project) -> None:
    project.write({"shadow.py": "x = 1\n" + FAULT})
    output = project.mypy("a.py", "--shadow-file", "a.py", "shadow.py")
    assert output.startswith("a.py:3: error: default: fault")


def test_stub_is_left_alone(project: Project) -> None:
    project.write({"a.py": None, "a.pyi": "x: int  # FAULT: cat_error_empty\n"})
    assert project.mypy("a.pyi") == ""


def test_the_probe_is_not_seen(project: Project) -> None:
    project.write(
        {
            "a.py": "x = 1\n",
            "b.py": "from a import *\nprint(x)\n",
            "c.py": "from typing import Protocol\nclass P(Protocol):\n    x: int\n"
            "import a\np: P = a\nreveal_type(a.x)\n",
        }
    )
    output = project.mypy("b.py", "c.py", "--strict", "--disallow-any-expr", "--warn-unreachable")
    assert output == 'c.py:6: note: Revealed type is "int"\n'


def test_reports_of_coverage(project: Project) -> None:
    project.write({"empty.py": "", "a.py": FAULT})
    for kind in ("--linecount-report", "--any-exprs-report", "--linecoverage-report"):
        project.mypy("a.py", "empty.py", kind, "report")


@pytest.mark.parametrize("mode", ["native-parser", "parallel", "whole-modules"])
def test_an_exception_is_one_note(project: Project, mode: str) -> None:
    project.write({"a.py": FAULT + "x: int = ''\n# CRASH\n", "b.py": FAULT})
    output = project.mypy("a.py", "b.py", *MODES[mode], raises=False)
    lines = output.splitlines()
    assert sum("ZeroDivisionError: a crash (" in line for line in lines) == 1
    assert sum("please report it with the file" in line for line in lines) == 1
    assert any(line.startswith("a.py:3: error: Incompatible types") for line in lines)
    assert any(line.startswith("b.py:2: error: default: fault") for line in lines)
    assert all(line.startswith("a.py:1: note:") for line in lines if "shapetorch" in line)


def test_an_exception_is_raised_in_our_own_tests(project: Project) -> None:
    project.write({"a.py": "x = 1  # CRASH\n"})
    assert "INTERNAL ERROR" in project.mypy("a.py", expect=(2,))


def test_strict_in_pyproject(project: Project) -> None:
    assert "default: fault" in project.mypy("a.py")
    project.write({"pyproject.toml": "[tool.shapetorch]\nstrict = true\n"})
    assert "strict: fault" in project.mypy("a.py"), "the cached result is not kept"
    project.write({"pyproject.toml": ""})
    project.write({"a.py": "# shapetorch: strict\n" + FAULT})
    assert "strict: fault" in project.mypy("a.py")


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("strikt = true", 'pyproject.toml: [tool.shapetorch] has no setting "strikt"'),
        ("strict = 3", "pyproject.toml: [tool.shapetorch] strict must be true or false"),
    ],
)
def test_wrong_settings(project: Project, table: str, complaint: str) -> None:
    project.write({"pyproject.toml": f"[tool.shapetorch]\n{table}\n"})
    output = project.mypy("a.py", expect=(2,))
    assert complaint in output
    assert "Traceback" not in output


def test_another_mypy_is_refused(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", plugin=REAL)
    project.write({"a.py": "x = 1\n"})
    program = (
        "import mypy.version, sys; mypy.version.__version__ = '2.5.1'\n"
        "from mypy.main import main\nmain(args=['a.py'])"
    )
    run = run_command([sys.executable, "-c", program], project.folder)
    assert run.returncode == 2
    expected = "shapetorch works with mypy 2.4, this is mypy 2.5.1"
    assert sum(expected in line for line in (run.stdout + run.stderr).splitlines()) == 1
    assert "Traceback" not in run.stdout + run.stderr


def test_one_line_of_configuration_with_the_real_analysis(tmp_path: Path) -> None:
    settings = f"mypy_path = {Path(__file__).parent / 'stubs'}:{ROOT}\n"
    project = Project(tmp_path / "project", plugin=REAL, settings=settings)
    project.write(
        {
            "a.py": """
            from jaxtyping import Float
            from torch import Tensor

            def f(x: Float[Tensor, "b t"], w: Float[Tensor, "512 n"]) -> Float[Tensor, "b n"]:
                return x @ w
            """
        }
    )
    output = project.mypy("a.py")
    assert output.startswith("a.py:5: error: matmul: inner dimensions must be equal, got t and 512")
    assert "[matmul_error_inner_dimensions_do_not_match]" in output
