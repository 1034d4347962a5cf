"""Which modules of installed packages are looked into."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapetorch.mypy_plugin.sources import deals_in_tensors


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    folder = tmp_path / "site-packages"
    for name, text in {
        "layers/__init__.py": "",
        "layers/sizes.py": "def pair(n): return n, n",
        "layers/parts/attention.py": "import torch",
        "tables/__init__.py": "",
        "tables/io/reading.py": "import json",
        "alone.py": "import json",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize(
    ("module", "file", "expected"),
    [
        ("layers", "layers/__init__.py", True),
        ("layers.sizes", "layers/sizes.py", True),
        ("layers.parts.attention", "layers/parts/attention.py", True),
        ("tables", "tables/__init__.py", False),
        ("tables.io.reading", "tables/io/reading.py", False),
        ("alone", "alone.py", False),
    ],
)
def test_an_installed_package_counts_as_a_whole(
    installed: Path, module: str, file: str, expected: bool
) -> None:
    assert deals_in_tensors(module, str(installed / file)) is expected


def test_a_module_of_the_program_always_counts(tmp_path: Path) -> None:
    assert deals_in_tensors("sizes", str(tmp_path / "sizes.py"))
