"""The options interfaces are those of the operations; the types need no array library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

import shapetorch
import shapetorch.typing
from shapetorch.typing import interfaces, options

ROOT = Path(__file__).parent.parent.parent


def test_the_file_is_what_the_tool_writes() -> None:
    program = "import sys; sys.path.insert(0, 'tools'); import typing_options; print(typing_options.text(), end='')"
    made = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert made.stdout == Path(options.__file__).read_text(), "run python tools/typing_options.py"


@pytest.mark.parametrize("name", [name for name in vars(options) if name.endswith("Options")])
def test_an_interface_has_types(name: str) -> None:
    assert get_type_hints(getattr(shapetorch.typing, name))


def test_types_describe_what_there_is() -> None:
    x = shapetorch.ones(2, requires_grad=True)
    assert isinstance(x.dtype, interfaces.DType)
    assert isinstance(x.device, interfaces.Device)
    assert isinstance((x * 2).grad_fn, interfaces.GradFn)
    assert isinstance(x.untyped_storage(), interfaces.TensorStorage)
    assert isinstance(x.storage(), interfaces.TypedStorage)
    assert isinstance(x.detach().numpy(), interfaces.TypedArray)
    assert not isinstance(x, interfaces.DType)
