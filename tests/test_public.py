"""The public names: all there, loaded late, and known to a type checker."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import shapetorch

HEAVY = {"numpy", "numba", "mypy", "jaxtyping", "beartype", "torch"}


def loaded(code: str) -> set[str]:
    """The heavy modules that `code` loads in a fresh process."""
    program = f"{code}\nimport sys; print(*sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return HEAVY & set(output.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import shapetorch",
        "import shapetorch.rules",
        "import shapetorch.annotations",
        "from shapetorch import Dim, MatmulShape, ShapeError, checked, reveal_shape",
    ],
)
def test_import_is_light(code):
    assert loaded(code) == set()


def test_the_check_itself_can_fail():
    assert loaded("import shapetorch; shapetorch.zeros") == {"numpy"}


@pytest.mark.parametrize("name", [*shapetorch.__all__, "bool", "float", "int"])
def test_every_name_is_there(name):
    assert getattr(shapetorch, name) is not None
    assert name in dir(shapetorch)


def test_type_checkers_see_every_name():
    tree = ast.parse(Path(shapetorch.__file__).read_text())
    seen = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shapetorch.")
        for alias in node.names
    }
    assert seen == set(shapetorch.__all__)


def test_no_such_name():
    with pytest.raises(AttributeError, match="no attribute 'zeroes'"):
        shapetorch.zeroes


def test_as_torch():
    import shapetorch as torch

    assert torch.zeros(2, 3).shape == (2, 3)
    assert torch.tensor([1, 2]).tolist() == [1, 2]
    assert (torch.ones(2, 3) @ torch.ones(3, 5)).shape == (2, 5)
    assert torch.Tensor[2, 3].spec.shape() == (2, 3)
