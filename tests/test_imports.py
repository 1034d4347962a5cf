"""What an import loads: a person who checks code never loads an array library or a compiler."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numpy", "numba", "torch", "jax", "scipy")


def loaded(statement: str) -> set[str]:
    """The heavy packages that are loaded after `statement`, in a process of its own."""
    program = f"import sys\n{statement}\nprint(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=120
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "shapetorch",
        "shapetorch.errors",
        "shapetorch.dim",
        "shapetorch.rules",
        "shapetorch.annotations",
        "shapetorch.flow",
        "shapetorch.typing",
        "shapetorch.mypy_plugin",
        "shapetorch.cli.main",
    ],
)
def test_import_is_light(module: str) -> None:
    assert loaded(f"import {module}") == set()


@pytest.mark.parametrize("module", ["shapetorch.dim", "shapetorch.rules", "shapetorch.flow"])
def test_the_engine_does_not_load_mypy(module: str) -> None:
    assert "mypy" not in loaded_modules(module)


def loaded_modules(module: str) -> set[str]:
    """The top-level modules loaded after importing `module`."""
    program = f"import {module}, sys; print(*(name for name in sys.modules if '.' not in name))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=120
    )
    return set(done.stdout.split())


def test_the_check_itself_can_fail() -> None:
    assert loaded("import numpy") == {"numpy"}
    assert "mypy" in loaded_modules("mypy.version")
