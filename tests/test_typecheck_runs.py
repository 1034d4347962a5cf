"""The programs of ``typecheck/`` that say ``# judge: torch`` are run by PyTorch, statement by statement.

Each function gets tensors of prime sizes, one prime for each name of its annotations. What stands behind
``# R:`` must be the shape at these sizes, a statement with ``# E:`` must raise the exception of that kind,
and no other statement may raise. So what the checker is asked to say is what PyTorch does.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch

from shapetorch.annotations import ShapeSpec, VariadicAxis, parse_jaxtyping
from shapetorch.dim import UNKNOWN_DIM, Size, evaluate, names, parse
from shapetorch.errors import ErrorKind
from tests.test_typecheck import FOLDER, expectations

PRIMES = (11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67)
FILES = sorted(file for file in FOLDER.glob("*.py") if "# judge: torch" in file.read_text())
Binding = dict[str, Any]


def names_of(spec: ShapeSpec) -> Iterator[str]:
    for item in spec.axes:
        if isinstance(item, VariadicAxis):
            yield f"*{item.name or '...'}"
        elif item.size is not UNKNOWN_DIM:
            yield from (it.name for it in names(item.size))


def bind(specs: list[ShapeSpec], integers: list[str]) -> Binding:
    """A prime for each name, two for a row of sizes."""
    free = iter(PRIMES)
    binding: Binding = {}
    for label in [*(it for spec in specs for it in names_of(spec)), *integers]:
        if label not in binding:
            binding[label] = (next(free), next(free)) if label[0] == "*" else next(free)
    return binding


def at(size: Size | str, binding: Binding) -> int:
    value = parse(size) if isinstance(size, str) else size
    known = {key: number for key, number in binding.items() if isinstance(number, int)}
    return evaluate(value, known)


def shape_at(spec: ShapeSpec, binding: Binding) -> tuple[int, ...]:
    shape: list[int] = []
    for item in spec.axes:
        if isinstance(item, VariadicAxis):
            shape.extend(binding[f"*{item.name or '...'}"])
        else:
            shape.append(7 if item.size is UNKNOWN_DIM else at(item.size, binding))
    return tuple(shape)


def spec_of(annotation: Any) -> ShapeSpec | None:
    if hasattr(annotation, "dim_str"):
        return parse_jaxtyping(annotation.dim_str, annotation.__name__.split("[")[0])
    return getattr(annotation, "spec", None)


def tensor(spec: ShapeSpec, binding: Binding) -> Any:
    """Random numbers for floats, zeros for integers, true for masks."""
    shape, dtype = shape_at(spec, binding), (spec.dtype or "").lower()
    if dtype == "bool":
        return torch.ones(shape, dtype=torch.bool)
    if dtype.startswith(("int", "long")):
        return torch.zeros(shape, dtype=torch.long)
    if dtype.startswith("complex"):
        return torch.rand(shape, dtype=torch.complex64)
    return torch.rand(shape)


def arguments(function: Any) -> tuple[dict[str, Any], Binding]:
    hints = {key: it for key, it in function.__annotations__.items() if key != "return"}
    specs = {key: spec_of(hint) for key, hint in hints.items()}
    integers = [key for key, hint in hints.items() if hint is int]
    binding = bind([it for it in specs.values() if it is not None], integers)
    values = {key: tensor(it, binding) for key, it in specs.items() if it is not None}
    flags = {key: True for key, hint in hints.items() if hint is bool}
    return values | flags | {key: binding[key] for key in integers}, binding


def matches(text: str, shape: tuple[int, ...], binding: Binding) -> bool:
    """Whether the text of a shape, ``[B, 2*T, *batch]``, means `shape` at these sizes."""
    expected: list[int | None] = []
    for item in split(text.strip("[]")):
        if item == "...":
            return True
        if item.startswith("*"):
            expected.extend(binding[item])
        else:
            expected.append(None if item == "?" else at(item, binding))
    return len(expected) == len(shape) and all(
        one is None or one == other for one, other in zip(expected, shape, strict=True)
    )


def split(text: str) -> list[str]:
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


class Judge:
    """Runs one file."""

    def __init__(self, file: Path) -> None:
        text = file.read_text()
        self.file, self.tree = file, ast.parse(text)
        self.complaints: list[str] = []
        self.expected: dict[int, list[Any]] = {}
        for it in expectations(text):
            self.expected.setdefault(it.line, []).append(it)
        spec = importlib.util.spec_from_file_location(f"typecheck_{file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        self.module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = self.module
        spec.loader.exec_module(self.module)

    def run(self) -> list[str]:
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef):
                self.function(node)
        return self.complaints

    def function(self, node: ast.FunctionDef) -> None:
        values, binding = arguments(getattr(self.module, node.name))
        scope = vars(self.module) | values

        def reveal_shape(x: Any) -> Any:
            line = sys._getframe(1).f_lineno
            wanted = [it for it in self.expected.get(line, ()) if it.mark == "R"]
            texts = [text for it in wanted for text in it.fragment.split(" | ")]
            if not any(matches(text, tuple(x.shape), binding) for text in texts):
                self.complaints.append(
                    f"line {line}: PyTorch says {tuple(x.shape)} for {binding}, expected {[*map(str, wanted)]}"
                )
            return x

        scope["reveal_shape"] = reveal_shape
        for statement in node.body:
            self.statement(statement, scope)

    def statement(self, node: ast.stmt, scope: dict[str, Any]) -> None:
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        kinds = [it.kind for n in lines for it in self.expected.get(n, ()) if it.mark == "E"]
        code: ast.stmt = node
        if isinstance(node, ast.Return):
            code = ast.copy_location(ast.Expr(node.value or ast.Constant(None)), node)
        try:
            exec(compile(ast.Module([code], []), str(self.file), "exec"), scope)
        except Exception as error:
            self.raised(node, kinds, error)
        else:
            if kinds:
                self.complaints.append(f"line {node.lineno}: PyTorch accepts it, expected {kinds}")

    def raised(self, node: ast.stmt, kinds: list[str | None], error: Exception) -> None:
        what = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        if not kinds:
            self.complaints.append(f"line {node.lineno}: PyTorch rejects it, {what}")
        wanted = [ErrorKind[kind].exception for kind in kinds if kind and "einops" not in kind]
        wanted += [AssertionError] * bool(wanted)  # of layers written in Python
        if wanted and not isinstance(error, tuple(wanted)):
            self.complaints.append(f"line {node.lineno}: {kinds} but PyTorch raises {what}")


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.stem)
def test_pytorch_agrees(file: Path) -> None:
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not Judge(file).run()


WRONG = """
from jaxtyping import Float
from torch import Tensor

def wrong_shape(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.sum(0))  # R: [b]

def accepted(x: Float[Tensor, "b t"]) -> None:
    x.sum(0)  # E: [dimension_error_out_of_range]

def rejected(x: Float[Tensor, "b t"]) -> None:
    x.sum(2)

def another_exception(x: Float[Tensor, "b t"]) -> None:
    x.sum(2)  # E: [reshape_error_element_count]
"""


def test_disagreement_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(WRONG)
    found = Judge(file).run()
    assert [text.split(",")[0] for text in found] == [
        "line 6: PyTorch says (13",
        "line 9: PyTorch accepts it",
        "line 12: PyTorch rejects it",
        "line 15: ['reshape_error_element_count'] but PyTorch raises IndexError: "
        "Dimension out of range (expected to be in range of [-2",
    ]
