"""Compare the stubs with the library at run time: `mypy.stubtest`, with what it cannot know added.

``python tools/check_stubs.py`` prints what differs. `EXPLAINED` are differences between what Python's
`inspect` says and what a call takes, each only where its reason holds.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator

from mypy import stubtest
from mypy.options import Options

from shapetorch.tensor.operations import METHODS, OPERATIONS, Operation
from shapetorch.tensor.ops.creation_data import TYPED

MODULES = [
    "shapetorch",
    "shapetorch.nn.functional",
    "shapetorch.linalg",
    "shapetorch.fft",
    "shapetorch.special",
    "shapetorch.einops",
    "shapetorch.tensor.tensors",
    "shapetorch.tensor.result_types",
]


def operation_of(path: list[str]) -> Operation | None:
    """The operation that a name of a stub is."""
    if "Tensor" in path:
        return METHODS.get(path[-1])
    return OPERATIONS.get(".".join(path[1:]))


def is_written(path: list[str]) -> bool:
    """Whether a name is a method that writes into its tensor."""
    made = operation_of(path)
    return made is not None and path[-1] in made.inplace


def takes_out(path: list[str]) -> bool:
    """Whether a name is an operation with ``out=``."""
    made = operation_of(path)
    return made is not None and made.out


def is_one_of(*names: str) -> Callable[[list[str]], bool]:
    """The question whether a name is one of these."""
    return lambda path: path[-1] in names


EXPLAINED: list[tuple[str, Callable[[list[str]], bool]]] = [
    # A method is the function itself, whose first parameter has PyTorch's name.
    ('stub parameter "self" differs from runtime parameter', lambda path: "Tensor" in path),
    # The decorator takes ``out=`` before the function sees it.
    ('runtime does not have parameter "out"', takes_out),
    # What is made of an operation takes what the operation takes.
    ("runtime does not have", is_written),
    ("stub does not have", is_written),
    # Cases that share no parameter after the first are one function at run time.
    ("is inconsistent", is_one_of("max", "min", "where")),
    # The constructors of one dtype; to a checker, which knows no dtypes, they are the tensor.
    ("", lambda path: len(path) > 1 and path[0] == "shapetorch" and path[1] in TYPED),
    # A package that is called is a function to a checker.
    ("is not a function", lambda path: path == ["shapetorch", "tensor"]),
    # Built at run time from what the operations declare.
    ("differs from runtime type types.SimpleNamespace", is_one_of("return_types")),
]


def differences() -> Iterator[str]:
    """What a stub says and the library does not do, or the other way round."""
    os.chdir(
        tempfile.gettempdir()
    )  # mypy prefers the sources that it sees in the folder it is run in
    options = Options()
    options.incremental = False
    options.ignore_missing_imports = True
    options.ignore_errors = True
    stubtest.build_stubs(MODULES, options, find_submodules=False)
    for module in MODULES:
        for error in stubtest.test_module(module):
            path = error.object_desc.removeprefix("shapetorch.tensor.tensors.").split(".")
            if not any(text in error.message and holds(path) for text, holds in EXPLAINED):
                yield f"{error.object_desc} {error.message}"


if __name__ == "__main__":
    found = sorted(set(differences()))
    print(*found, sep="\n")
    sys.exit(bool(found))
