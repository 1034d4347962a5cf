"""Programs of several modules: what is read, what a digest sees."""

from __future__ import annotations

import pytest

from shapetorch.flow import Program, Source, digest
from tests.flow.programs import analyse, kinds

LIBRARY = """
from jaxtyping import Float
from torch import Tensor

WIDTH = 5

def annotated(x: Float[Tensor, "b d"]) -> Float[Tensor, "d b"]:
    return x.T

def inferred(x):
    return x.T
"""


def changed(old: str, new: str) -> bool:
    assert old in LIBRARY
    before, after = (digest(Source("a.py", text)) for text in (LIBRARY, LIBRARY.replace(old, new)))
    return before != after


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        pytest.param("WIDTH = 5", "WIDTH = 7", True, id="constant"),
        pytest.param("WIDTH = 5", "WIDTH = 5  # wide", False, id="comment"),
        pytest.param('-> Float[Tensor, "d b"]', '-> Float[Tensor, "b d"]', True, id="result"),
        pytest.param("    return x.T\n\ndef inf", "    return x\n\ndef inf", False, id="body"),
        pytest.param("(x):\n    return x.T", "(x):\n    return x", True, id="body-that-is-run"),
        pytest.param("WIDTH = 5", "WIDTH = (", True, id="not-python"),
    ],
)
def test_digest(old: str, new: str, seen: bool) -> None:
    assert changed(old, new) is seen


def test_modules_that_were_read_are_named() -> None:
    report = analyse(
        "from library import WIDTH\nfrom unused import thing\nreveal_shape(torch.zeros(WIDTH))",
        library=LIBRARY,
        unused="thing = 1",
    )
    assert report.read == {"library"}


def test_a_module_that_does_not_exist_or_parse_is_unknown() -> None:
    text = """
        import broken, missing
        def f(x: Float[Tensor, "b t"]) -> None:
            broken.f(x) @ missing.f(x)
        """
    assert kinds(analyse(text, broken="def f(:")) == []
    assert Program(lambda name: None).analyze("missing").problems == []


def test_modules_that_import_each_other() -> None:
    other = "import main\nN = 3\ndef f(x): return main.g(x)\n"
    text = """
        import other
        def g(x): return x.T
        def h(x: Float[Tensor, "b t"]) -> None:
            other.f(x) @ x
            x @ torch.zeros(other.N, 2)
        """
    assert kinds(analyse(text, other=other)) == ["matmul_error_inner_dimensions_do_not_match"]


def test_an_error_inside_a_helper_is_reported_at_the_call_once() -> None:
    helper = "import torch\ndef f(x):\n    y = x @ torch.zeros(3, 5)\n    return y @ y\n"
    text = """
        from helper import f
        def g(x: Float[Tensor, "2 7"]) -> None:
            f(x)
        """
    report = analyse(text, helper=helper)
    assert kinds(report) == ["matmul_error_inner_dimensions_do_not_match"]
    assert report.problems[0].inner is not None
    assert report.problems[0].inner[0] == "helper"


def test_shapes_of_assigned_tensors() -> None:
    report = analyse('def f(x: Float[Tensor, "b t"]) -> None:\n    y = x.T\n    n = 3')
    assert [(shape.name, shape.text) for shape in report.shapes] == [("y", "[t, b]")]


PACKAGE = {
    "package": "from . import settings, wide\nfrom .wide import WIDTH\n",
    "package.settings": "COUNT = 2\n",
    "package.wide": "from package import settings\nWIDTH = 3\n",
}


def test_a_package_imports_its_own_modules() -> None:
    def find(name: str) -> Source | None:
        path = f"{name.replace('.', '/')}/__init__.py" if name == "package" else f"{name}.py"
        return Source(path, PACKAGE[name]) if name in PACKAGE else None

    def errors(width: int) -> list[str]:
        text = f"""
import package, torch
from package import settings, wide, WIDTH

def f():
    return torch.zeros(settings.COUNT, wide.WIDTH) + torch.zeros(2, {width})

def g():
    return torch.zeros(package.settings.COUNT, wide.settings.COUNT) + torch.zeros({width}, 2)

def h():
    return torch.zeros(WIDTH, settings.COUNT) + torch.zeros({width}, 2)
"""

        def with_main(name: str) -> Source | None:
            return Source("main.py", text) if name == "main" else find(name)

        return kinds(Program(with_main).analyze("main"))

    clash = "broadcast_error_incompatible_dimensions"
    assert errors(3) == [clash]  # the 2 of g
    assert errors(5) == [clash] * 3


def test_imports_in_a_circle_are_unknown() -> None:
    text = """
        from other import missing

        def f(x: Float[Tensor, "n 3"]):
            return x + missing
        """
    assert kinds(analyse(text, other="from main import missing")) == []
