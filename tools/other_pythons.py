"""Run the part of the tests that needs no torch on the other Pythons that can be found here.

``python tools/other_pythons.py`` looks for Python 3.11 to 3.13 on the path and where pyenv keeps its
versions, leaves out the one that runs it, makes ``.venv-3.12`` and the like once, and runs the tests
there. It is no error to find none, or one for which the package cannot be installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ((3, 11), (3, 12), (3, 13))
NEEDED = ("pytest", "hypothesis", "einops")
TESTS = (
    "tests/annotations",
    "tests/dim",
    "tests/rules",
    "tests/runtime",
    "tests/tensor",
    "tests/typing",
    "tests/plugin/test_pep695.py",
    "tests/test_docs.py",
    "tests/test_error_pages.py",
    "tests/test_errors.py",
    "tests/test_imports.py",
    "tests/test_public.py",
    "tests/test_typecheck.py",
)
EXAMPLES = "30"  # of each law; the main Python tries more


def candidates(version: tuple[int, int]) -> Iterator[Path]:
    """Where a Python of a version may be: on the path, or among pyenv's."""
    name = f"python{version[0]}.{version[1]}"
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield Path(folder or ".") / name
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for installed in sorted(
        (pyenv / "versions").glob(f"{version[0]}.{version[1]}.*"), reverse=True
    ):
        yield installed / "bin" / name


def find(version: tuple[int, int]) -> Path | None:
    """A Python of a version that runs; pyenv's shims are there without running."""
    question = "import sys, venv; print(*sys.version_info[:2])"
    for path in candidates(version):
        if not path.is_file():
            continue
        try:
            said = subprocess.run(
                [path, "-c", question], capture_output=True, text=True, timeout=60, check=False
            )
        except OSError:
            continue
        if said.stdout.split() == [str(part) for part in version]:
            return path
    return None


def environment(python: Path, version: tuple[int, int]) -> Path:
    """The Python of a virtual environment with the package in it, made when missing or out of date."""
    folder = ROOT / f".venv-{version[0]}.{version[1]}"
    inside, stamp = folder / "bin" / "python", folder / ".installed"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = hashlib.sha256(repr((project, NEEDED)).encode()).hexdigest()
    if inside.exists() and stamp.exists() and stamp.read_text() == wanted:
        return inside
    print(f"Python {version[0]}.{version[1]}: installing into {folder.name} (once)", flush=True)
    if not inside.exists():
        run([python, "-m", "venv", folder])
    run([inside, "-m", "pip", "install", "-q", "-e", ".", *NEEDED])
    stamp.write_text(wanted)
    return inside


def run(command: list[str | Path]) -> None:
    """Run a command that must succeed; what it says is shown only if it does not."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def test(version: tuple[int, int], python: Path) -> bool:
    """Run the tests on a Python and print how they went; False if one failed."""
    label = f"Python {version[0]}.{version[1]}"
    begin = time.monotonic()
    try:
        inside = environment(python, version)
    except RuntimeError as error:
        print(f"{error}{label}: could not be set up, nothing was run on it", flush=True)
        return True
    tests = [name for name in TESTS if (ROOT / name).exists()]
    command = [inside, "-m", "pytest", "-p", "no:cacheprovider", "--tb=short", *tests]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "SHAPETORCH_FUZZ": EXAMPLES},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begin
    lines = done.stdout.strip().splitlines()
    verdict = "passed" if done.returncode == 0 else "FAILED"
    summary = lines[-1] if lines else ""
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    print(f"{label} ({python}), without torch: {verdict} in {seconds:.0f} s: {summary}", flush=True)
    return done.returncode == 0


def main() -> int:
    """Test on every other Python; 1 if it failed on one."""
    own = sys.version_info[:2]
    others = [version for version in VERSIONS if version != own]
    found = {version: python for version in others if (python := find(version)) is not None}
    for version in others:
        if version not in found:
            print(f"Python {version[0]}.{version[1]}: not found, nothing was run on it")
    with ThreadPoolExecutor(max_workers=2) as workers:
        passed = list(workers.map(lambda item: test(*item), found.items()))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
