"""Every documented function, type and options interface exists; ``inventory.csv`` lists them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import shapetorch
import shapetorch.typing
from shapetorch.tensor.tensors import Tensor

ROWS = list(csv.DictReader(Path(__file__).with_name("inventory.csv").read_text().splitlines()))
FUNCTIONS = [row["name"] for row in ROWS if row["kind"] == "function"]
TYPES = [row["name"] for row in ROWS if row["kind"] != "function"]
OF_PYTHON = {"var_": "var"}
"""Names that end in an underscore because they are words of JavaScript."""


def snake_case(name: str) -> str:
    """A name as Python spells it: ``applyOut`` is ``apply_out``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("web_gpu", "webgpu")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_there(name: str) -> None:
    name = OF_PYTHON.get(name, name)
    found = getattr(shapetorch, name, None) or getattr(Tensor, name, None)
    assert callable(found)
    assert found.__doc__


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if not name.islower()])
def test_a_function_has_a_name_of_python(name: str) -> None:
    twin = snake_case(name).replace("d_type", "dtype")
    assert getattr(shapetorch, twin) is getattr(shapetorch, name)


@pytest.mark.parametrize("name", TYPES)
def test_a_type_is_there(name: str) -> None:
    assert getattr(shapetorch.typing, name) is not None


def test_the_list_is_whole() -> None:
    assert (len(FUNCTIONS), len(TYPES)) == (363, 51)
