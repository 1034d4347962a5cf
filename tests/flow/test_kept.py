"""What is kept between runs: a warm analysis reports what a cold one does, and does not do it all again."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from shapetorch.flow import Problem, Program, Source
from shapetorch.flow.check import check_item

TYPECHECK = Path(__file__).resolve().parents[2] / "typecheck"
HEAD = """
from jaxtyping import Float
from torch import Tensor, nn
"""
MODEL = (
    HEAD
    + """
WIDTH = 8
pair = [3, 5]


def helper(x):
    return x.view(-1, WIDTH)


class Block(nn.Module):
    size = 16

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(WIDTH, 16)

    def forward(self, x: Float[Tensor, "b 8"]) -> Float[Tensor, "b 16"]:
        return self.fc(x)


def by_class(x: Float[Tensor, "b 8"]) -> Float[Tensor, "b 16"]:
    return Block()(x)


def by_attribute(x: Float[Tensor, "b"]) -> Float[Tensor, "b 16"]:
    return x[:, None].expand(-1, Block.size)


def by_helper(x: Float[Tensor, "a 4"]) -> Float[Tensor, "n 8"]:
    return helper(x)


def by_object(x: Float[Tensor, "3"]) -> Float[Tensor, "3"]:
    return x + x.new_zeros(pair[0])


def alone(x: Float[Tensor, "b t"]) -> Float[Tensor, "b"]:
    return x.sum(1)
"""
)
NAMES = ("helper", "Block", "by_class", "by_attribute", "by_helper", "by_object", "alone")

# the edit, the definitions that are checked again, and those that are wrong then
EDITS = [
    pytest.param(("x.sum(1)", "x.sum(0)"), {"alone"}, {"alone"}, id="a function"),
    pytest.param(("x.sum(1)", "x.sum(1)  # all"), {"alone"}, set(), id="a comment in a function"),
    pytest.param(("\n\ndef alone", "\n# new\n\ndef alone"), set(), set(), id="a comment between"),
    pytest.param(("size = 16", "size = 17"), {"Block", "by_class", "by_attribute"}, {"by_attribute"}, id="a class attribute"),
    pytest.param(("Linear(WIDTH, 16)", "Linear(WIDTH, 17)"), {"Block", "by_class", "by_attribute"}, {"Block"}, id="a layer"),
    pytest.param(("WIDTH = 8", "WIDTH = 9"), {"helper", "Block", "by_class", "by_helper"}, {"Block", "by_helper"}, id="a constant"),
    pytest.param(("[3, 5]", "[5, 3]"), {"by_object"}, {"by_object"}, id="an object"),
    pytest.param(("view(-1, WIDTH)", "view(WIDTH)"), {"helper", "by_helper"}, {"by_helper"}, id="an unannotated helper"),
    pytest.param(("def alone", "Block = None\n\n\ndef alone"), {"Block", "by_class", "by_attribute"}, set(), id="a name bound anew"),
]  # fmt: skip


class Shelf:
    """Keeps what is saved as text, as files would."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def load(self, module: str) -> dict[str, Any] | None:
        return json.loads(self.texts[module]) if module in self.texts else None

    def save(self, module: str, data: dict[str, Any]) -> None:
        self.texts[module] = json.dumps(data)


def problems(
    files: str | dict[str, str], shelf: Shelf | None, level: str = "default"
) -> list[Problem]:
    texts = {"main": files} if isinstance(files, str) else files
    sources = {name: Source(f"{name}.py", text) for name, text in texts.items()}
    return Program(sources.get, shelf=shelf).analyze("main", level).problems


def definition(text: str, line: int) -> str:
    """The top level definition a line is in."""
    found = [node for node in ast.parse(text).body if node.lineno <= line <= (node.end_lineno or 0)]
    return found[0].name if isinstance(found[0], (ast.FunctionDef, ast.ClassDef)) else ""


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The definitions that have been checked, and not remembered."""
    names: list[str] = []

    def remember(run, frame, node, only) -> None:  # type: ignore[no-untyped-def]
        names.append(node.name)
        check_item(run, frame, node, only)

    monkeypatch.setattr("shapetorch.flow.modules.check_item", remember)
    return names


@pytest.mark.parametrize(("edit", "again", "wrong"), EDITS)
def test_only_what_an_edit_concerns_is_checked_again(
    edit: tuple[str, str], again: set[str], wrong: set[str], checked: list[str]
) -> None:
    shelf = Shelf()
    assert problems(MODEL, shelf) == []
    assert checked == list(NAMES)
    checked.clear()
    assert edit[0] in MODEL
    text = MODEL.replace(edit[0], edit[1])
    found = problems(text, shelf)
    assert set(checked) == again
    assert {definition(text, problem.line) for problem in found} == wrong
    checked.clear()
    assert problems(text, shelf) == found
    assert checked == [], "nothing has changed since"
    assert problems(text, None) == found
    checked.clear()
    assert problems(MODEL, shelf) == []
    assert set(checked) == again


def test_places_move_with_the_text() -> None:
    shelf = Shelf()
    text = MODEL.replace("Linear(WIDTH, 16)", "Linear(WIDTH, 17)")
    before = problems(text, shelf)
    after = problems("# one\n# two\n" + text, shelf)
    assert [problem.line + 2 for problem in before] == [problem.line for problem in after]
    assert after == problems("# one\n# two\n" + text, None)


IMPORTED = {
    "main": HEAD + "import near\n\n\ndef f(x: Float[Tensor, '8']):\n    return x + near.size(3)\n",
    "near": "from far import make\n\n\ndef size(n):\n    return make(n)\n",
    "far": "import torch\n\n\ndef make(n):\n    return torch.zeros(n + 5)\n",
}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("far", "n + 5", "n + 6"), ("near", "make(n)", "make(n + 1)"), ("near", "size", "length")],
)
def test_modules_that_were_read(name: str, old: str, new: str, checked: list[str]) -> None:
    shelf = Shelf()
    assert problems(IMPORTED, shelf) == []
    checked.clear()
    edited = {**IMPORTED, name: IMPORTED[name].replace(old, new)}
    assert problems(edited, shelf) == problems(edited, None)
    assert problems(IMPORTED, shelf) == []
    assert problems({**IMPORTED, "other": "x = 1"}, shelf) == []
    assert checked == ["f", "f", "f"], "an unread module does not count"


def test_a_module_that_appears() -> None:
    shelf = Shelf()
    files = {"main": IMPORTED["main"]}
    assert problems(files, shelf) == []
    files = {**IMPORTED, "far": IMPORTED["far"].replace("n + 5", "n + 6")}
    assert len(problems(files, shelf)) == 1


def test_the_level_counts() -> None:
    text = HEAD + dedent("""
        def f(x: Float[Tensor, "b d"], h: int):
            return x.view(-1, h, 4)
        """)
    shelf = Shelf()
    default = problems(text, shelf)
    assert problems(text, shelf, "strict") == problems(text, None, "strict") != default
    assert problems(text, shelf) == default


def test_the_main_program_is_kept_too(checked: list[str]) -> None:
    text = (
        MODEL
        + """

if __name__ == "__main__":
    y = Block()(by_helper(pair[0]))
    y + alone(y).new_zeros(17)
"""
    )
    shelf = Shelf()
    before = problems(text, shelf)
    assert len(before) == 1
    checked.clear()
    edited = text.replace("x.sum(1)", "x.sum(-1)")
    assert [it.message for it in problems(edited, shelf)] == [it.message for it in before]
    assert checked == ["alone"]
    edited = text.replace("new_zeros(17)", "new_zeros(16)")
    assert problems(edited, shelf) == problems(edited, None) == []


CIRCLE = {
    "main": HEAD + "import other\n\nSIZE = 3\n\n\ndef f(x: Float[Tensor, '3']):\n    return x + other.give()\n",
    "other": "import torch\nimport main\n\n\ndef give():\n    return torch.zeros(main.SIZE)\n",
}  # fmt: skip


def test_a_circle_of_imports_is_not_kept(checked: list[str]) -> None:
    shelf = Shelf()
    assert problems(CIRCLE, shelf) == []
    checked.clear()
    edited = {**CIRCLE, "main": CIRCLE["main"].replace("SIZE = 3", "SIZE = 5")}
    assert len(problems(edited, shelf)) == 1
    assert checked == ["f"]


def edits(text: str, chance: random.Random) -> Iterator[str]:
    """The text after one random change after another, each valid Python."""
    names = re.findall(r"\b[a-z_]\w*\b", text)
    for _ in range(6):
        lines = text.split("\n")
        place = chance.randrange(len(lines) - 1)
        kind = chance.randrange(5)
        words = list(re.finditer(r"\b[a-z_]\w*\b", lines[place]))
        numbers = list(re.finditer(r"\b\d+\b", lines[place]))
        if kind == 0:
            lines.insert(place, "# a comment")
        elif kind == 1:
            del lines[place]
        elif kind == 2:
            lines[place : place + 2] = lines[place : place + 2][::-1]
        elif kind == 3 and numbers:
            at = chance.choice(numbers)
            lines[place] = f"{lines[place][: at.start()]}{int(at[0]) + 1}{lines[place][at.end() :]}"
        elif kind == 4 and words:
            at = chance.choice(words)
            other = chance.choice(names)
            lines[place] = f"{lines[place][: at.start()]}{other}{lines[place][at.end() :]}"
        changed = "\n".join(lines)
        try:
            ast.parse(changed)
        except SyntaxError:
            continue
        text = changed
        yield text


def corpus() -> list[Path]:
    """Every seventh program, and every third model; without those in the syntax of a newer Python."""
    found = [
        *sorted(TYPECHECK.glob("*.py"))[::7],
        *sorted((TYPECHECK / "models").glob("*.py"))[::3],
    ]
    return [path for path in found if "pep695" not in path.stem]


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.stem)
def test_a_warm_analysis_says_what_a_cold_one_does(path: Path) -> None:
    text = path.read_text()
    shelf = Shelf()
    assert problems(text, shelf) == problems(text, None)
    for edited in edits(text, random.Random(path.stem)):
        assert problems(edited, shelf) == problems(edited, None)
