"""Who may import whom: two wings, the checker's and the numeric one, on one foundation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "shapetorch"

LAYERS: dict[str, set[str]] = {
    "errors": set(),
    "dim": {"errors"},
    "rules": {"errors", "dim"},
    "annotations": {"errors", "dim"},
    "typing": {"errors", "dim", "rules", "annotations"},
    "runtime": {"errors", "dim", "annotations"},
    "flow": {"errors", "dim", "rules", "annotations", "typing"},
    "mypy_plugin": {"errors", "dim", "rules", "annotations", "typing", "flow"},
    "cli": {"errors", "dim", "rules", "annotations", "typing", "flow", "mypy_plugin"},
    "lsp": {"errors", "dim", "rules", "annotations", "typing", "flow", "mypy_plugin"},
    "tensor": {"errors", "dim", "rules", "annotations"},
    "autograd": {"errors", "dim", "rules", "annotations", "tensor"},
    "nn": {"errors", "dim", "rules", "annotations", "tensor"},
    "linalg": {"errors", "dim", "rules", "annotations", "tensor"},
    "einops": {"errors", "dim", "rules", "annotations", "tensor"},
    "fft": {"errors", "dim", "rules", "annotations", "tensor"},
    "special": {"errors", "dim", "rules", "annotations", "tensor"},
    "_C": {"tensor"},
    "overrides": {"tensor"},
    "amp": {"tensor"},
    "backends": set(),
    "cpu": set(),
    "cuda": {"tensor"},
    "precompile": {"tensor"},
    "profiler": {"tensor"},
    "random": {"tensor"},
    "serialization": {"tensor", "nn"},
    "version": set(),
    "func": {"errors", "dim", "rules", "annotations", "tensor", "autograd"},
    "utils": {"errors", "dim", "rules", "annotations", "tensor", "autograd"},
}
LIBRARIES: dict[str, set[str]] = {
    "mypy": {"mypy_plugin", "cli"},
    "numpy": {"tensor", "autograd", "nn", "linalg", "fft", "profiler", "serialization"},
    "scipy": {"tensor"},
    "ml_dtypes": {"tensor"},
    "safetensors": {"serialization"},
    "numba": {"tensor"},
    "rich": {"cli", "precompile", "profiler"},
    "pygls": {"lsp"},
    "torch": set(),
    "jaxtyping": set(),
    "einops": {"einops"},
}


def imported(source: str, package: str) -> Iterator[str]:
    """The full names of the modules that a source text of `package` imports, wherever it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base]) if base else ".".join(parents)
            yield base
            if base == "shapetorch":  # from shapetorch import dim
                yield from (f"shapetorch.{alias.name}" for alias in node.names)


def violations(layer: str, source: str, package: str) -> list[str]:
    """The imports of a source text that its layer must not have."""
    found = []
    for module in imported(source, package):
        top, _, rest = module.partition(".")
        if top == "shapetorch":
            other = rest.partition(".")[0]
            if other in LAYERS and other != layer and other not in LAYERS[layer]:
                found.append(module)
        elif top in LIBRARIES and layer not in LIBRARIES[top]:
            found.append(module)
    return found


def layer_of(path: Path) -> str:
    """The layer a file belongs to."""
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


FILES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_its_layer_may(path: Path) -> None:
    layer = layer_of(path)
    assert layer in LAYERS, f"{path}: a layer that is not in the table"
    package = ".".join(("shapetorch", *path.relative_to(ROOT).parent.parts))
    assert violations(layer, path.read_text(), package) == []


def test_the_table_has_no_circle() -> None:
    done: set[str] = set()
    while done != set(LAYERS):
        ready = {layer for layer, below in LAYERS.items() if below <= done} - done
        assert ready, f"a circle among {sorted(set(LAYERS) - done)}"
        done |= ready


@pytest.mark.parametrize(
    ("layer", "source", "bad"),
    [
        ("dim", "import shapetorch.rules", ["shapetorch.rules"]),
        ("dim", "from shapetorch import rules", ["shapetorch.rules"]),
        ("dim", "from ..rules.lift import apply", ["shapetorch.rules.lift"]),
        ("dim", "from .. import flow", ["shapetorch.flow"]),
        ("rules", "def f():\n    import numpy as np", ["numpy"]),
        ("flow", "from shapetorch.tensor.tensors import Tensor", ["shapetorch.tensor.tensors"]),
        ("tensor", "if TYPE_CHECKING:\n    from mypy.nodes import Var", ["mypy.nodes"]),
        ("rules", "from shapetorch.dim import Size\nimport ast", []),
        ("dim", "from .expr import Size", []),
    ],
)
def test_the_check_itself_can_fail(layer: str, source: str, bad: list[str]) -> None:
    assert violations(layer, source, f"shapetorch.{layer}") == bad
