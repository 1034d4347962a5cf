"""Runs mypy on small projects in its different ways: cold, warm, parallel, old parser, daemon."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FAKE = str(HERE / "fake_analysis.py")
REAL = "shapetorch.mypy_plugin"

MODES: dict[str, tuple[str, ...]] = {
    "native-parser": (),
    "old-parser": ("--no-native-parser",),
    "parallel": ("-n", "2"),
    "whole-modules": ("--no-local-partial-types",),
    "no-cache": ("--cache-dir=/dev/null",),
    "json-cache": ("--no-fixed-format-cache", "--no-sqlite-cache"),
    "fine-grained-cache": ("--cache-fine-grained",),
}

_clock = [1_700_000_000]


class Project:
    """A folder with Python files and a mypy configuration."""

    def __init__(self, folder: Path, *, plugin: str = FAKE, settings: str = "") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mypy.ini").write_text(f"[mypy]\nplugins = {plugin}\n{settings}")

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files, each a second younger than anything before; None removes one."""
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"))
            _clock[0] += 1
            os.utime(path, (_clock[0], _clock[0]))

    def mypy(self, *arguments: str, raises: bool = True, expect: Sequence[int] = (0, 1)) -> str:
        """What mypy prints."""
        arguments = arguments or (".",)
        command = [sys.executable, "-m", "mypy", "--no-error-summary", *arguments]
        run = run_command(command, self.folder, raises=raises)
        assert run.returncode in expect, run.stdout + run.stderr
        return run.stdout + run.stderr

    def cold(self, *arguments: str) -> str:
        """What mypy prints when it has seen nothing of the project before."""
        folder = Path(mkdtemp(dir=self.folder.parent))
        _copy_cache((), folder)
        try:
            return self.mypy(f"--cache-dir={folder}", *(arguments or (".",)))
        finally:
            shutil.rmtree(folder)

    def prepare_cache(self, mode: Sequence[str]) -> None:
        """Let a project begin with a cache in which only mypy's own stubs are."""
        if "--cache-dir=/dev/null" not in mode:
            _copy_cache(tuple(mode), self.folder / ".mypy_cache")

    @contextmanager
    def daemon(self, *flags: str) -> Iterator[Daemon]:
        """A running daemon."""
        running = Daemon(self, flags)
        try:
            yield running
        finally:
            running.dmypy("stop")


class Daemon:
    """mypy's daemon for one project."""

    def __init__(self, project: Project, flags: Sequence[str]) -> None:
        self._project = project
        self.dmypy("start", "--", "--no-error-summary", *flags)

    def check(self, *paths: str) -> str:
        """What it says now."""
        return self.dmypy("check", *(paths or (".",)))

    def dmypy(self, *arguments: str) -> str:
        """Run one command of ``dmypy``."""
        status = str(self._project.folder / "status.json")
        command = [sys.executable, "-m", "mypy.dmypy", "--status-file", status, *arguments]
        run = run_command(command, self._project.folder)
        assert run.returncode in (0, 1), run.stdout + run.stderr
        return "".join(
            line for line in run.stdout.splitlines(keepends=True) if not line.startswith("Daemon ")
        )


def run_command(
    command: list[str], folder: Path, *, raises: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with our packages importable."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SHAPETORCH_")}
    environment["PYTHONPATH"] = str(ROOT)
    if raises:
        environment["SHAPETORCH_RAISE"] = "1"
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@cache
def _stub_cache(mode: tuple[str, ...]) -> Path:
    """A cache of mypy's own stubs for one way of running; made once in each test run."""
    folder = Path(mkdtemp(prefix="shapetorch-tests-"))
    project = Project(folder / "project")
    project.write({"empty.py": "import dataclasses, typing, typing_extensions, os, re, abc\n"})
    project.mypy(*mode, f"--cache-dir={folder / 'cache'}", "empty.py")
    shutil.rmtree(folder / "project")
    return folder / "cache"


def _copy_cache(mode: tuple[str, ...], target: Path) -> None:
    shutil.copytree(_stub_cache(mode), target, dirs_exist_ok=True)
