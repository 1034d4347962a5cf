"""``def f[B, T]``, ``class Head[D, H]`` and ``type Image[...] = ...`` through mypy; Python 3.12 reads them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.plugin.harness import REAL, ROOT, Project
from tests.test_typecheck import FOLDER, Found, complaints, expectations

PROGRAM = FOLDER / "pep695.py"
STUBS = {
    "torch/__init__.pyi": """
        from typing import Any
        from torch import nn as nn
        from torch._tensor import Tensor as Tensor
        def zeros(*size: int) -> Tensor: ...
        def cat(tensors: list[Tensor], dim: int = 0) -> Tensor: ...
        """,
    "torch/_tensor.pyi": """
        from typing import Any
        class Tensor:
            shape: tuple[int, ...]
            T: Tensor
            mT: Tensor
            def __add__(self, other: Any) -> Tensor: ...
            def __matmul__(self, other: Any) -> Tensor: ...
            def __getitem__(self, index: Any) -> Tensor: ...
            def sum(self, dim: int = 0) -> Tensor: ...
            def mean(self, dim: int = 0, keepdim: bool = False) -> Tensor: ...
            def diagonal(self) -> Tensor: ...
        """,
    "torch/nn/__init__.pyi": """
        from typing import Any
        class Module:
            def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
        class Linear(Module):
            def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None: ...
        """,
}
LINE = re.compile(r"program\.py:(\d+): (error|note): (.*?)(?:  \[([\w-]+)\])?")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.11 cannot read the syntax")
def test_through_mypy(tmp_path: Path) -> None:
    settings = (
        f"mypy_path = {tmp_path / 'stubs'}:{ROOT}\n[mypy-shapetorch.*]\nignore_errors = True\n"
    )
    project = Project(tmp_path, plugin=REAL, settings=settings)
    text = PROGRAM.read_text()
    stubs = {f"stubs/{name}": stub for name, stub in STUBS.items()}
    project.write({"program.py": text, **stubs})
    matches = [LINE.fullmatch(line) for line in project.mypy("program.py").splitlines()]
    found = [Found(int(it[1]), it[2], it[4], it[3]) for it in matches if it is not None]
    asked = [it for it in found if it.severity == "error" or it.text.startswith("Revealed")]
    assert not complaints(expectations(text), asked)
