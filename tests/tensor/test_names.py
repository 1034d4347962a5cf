"""Every public name of PyTorch's namespaces is ours, or is in the table of those that are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
import torch.func

import shapetorch

PAGE = Path(__file__).parents[2] / "docs" / "tensor-library.md"
SPACES = ["", "Tensor", "nn.functional", "linalg", "fft", "special", "func", "autograd", "random"]


@cache
def left_out() -> tuple[str, ...]:
    """The patterns of the table."""
    section = PAGE.read_text().split("## Names that are left out")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return tuple(name for row in rows for name in re.findall(r"`([^`]+)`", row.split(" | ")[0]))


def absent(space: str) -> Iterator[str]:
    """PyTorch's public names that we do not have."""
    theirs: Any = torch
    ours: Any = shapetorch
    for part in filter(None, space.split(".")):
        theirs, ours = getattr(theirs, part), getattr(ours, part)
    for name in dir(theirs):
        if name.startswith("_") or isinstance(getattr(theirs, name, None), ModuleType):
            continue
        if not hasattr(ours, name):
            yield name


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("space", SPACES)
def test_every_name_is_there_or_in_the_table(space: str) -> None:
    patterns = left_out()
    missing = [it for it in absent(space) if not any(fnmatchcase(it, one) for one in patterns)]
    assert not missing


@pytest.mark.filterwarnings("ignore")
def test_the_table_speaks_of_nothing_else() -> None:
    names = {name for space in SPACES for name in absent(space)}
    idle = [one for one in left_out() if not any(fnmatchcase(name, one) for name in names)]
    assert not idle
