"""Our annotations pass mypy, and mypy's own verdicts stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.harness import FAKE, HERE, MODES, ROOT, Project

SETTINGS = f"mypy_path = {HERE / 'stubs'}:{ROOT}\n"
HEADER = """
from __future__ import annotations
from typing import Any, Generic, TypeVar, assert_type, cast
from typing_extensions import TypeVarTuple, Unpack
import torch
from torch import Tensor, nn
B = TypeVar("B")
T = TypeVar("T")
D = TypeVar("D")
H = TypeVar("H")
A = TypeVarTuple("A")
"""

# name: the program, and what mypy says, by line of the program
ACCEPTED = {
    "names": "def f(x: Tensor[B, T]) -> Tensor[B, T]: return x",
    "numbers": "def f(x: Tensor[2, 3]) -> Tensor[6]: return x.view(6)",
    "arithmetic": "def f(x: torch.Tensor[B, T * 2], y: Tensor[B // 4 + 1, -1]) -> None: ...",
    "arithmetic-on-both-sides": "def f(x: Tensor[(B + 1) * (T - 1), 2 * T % 3]) -> None: ...",
    "calls": "def f(x: Tensor[min(B, T), max(B, 2)]) -> None: ...",
    "quoted": "def f(x: 'Tensor[B, T * 2]') -> 'torch.Tensor[B]': return x",
    "quoted-names": "def f(x: Tensor['batch', 'time', ...]) -> Tensor['batch']: return x",
    "quoted-expression": "def f(x: Tensor['2*t', 'a b c', '#n', '*rest']) -> None: ...",
    "scalar": "def f(x: Tensor[()]) -> Tensor[()]: return x",
    "ellipsis": "def f(x: Tensor[..., 3]) -> None: ...",
    "any": "def f(x: Tensor[Any, 3]) -> None: ...",
    "starred": "def f(x: Tensor[*A], y: Tensor[B, *A, 3]) -> Tensor[*A]: return x",
    "unpacked": "def f(x: Tensor[Unpack[A]]) -> None: ...",
    "dtype": "def f(x: Tensor[2, 3, float]) -> None: ...",
    "optional": "def f(x: Tensor[B] | None = None, *xs: Tensor[B]) -> list[Tensor[B, T]]: return []",
    "local": "x: Tensor[2, 3] = torch.zeros(2, 3)",
    "attribute": "class M(nn.Module):\n    w: Tensor[2, 3]\n    p: nn.Parameter",
    "assert-type": "def f(x: Tensor) -> None: assert_type(x, 'torch.Tensor[B, T * 2]')",
    "assert-type-names": "def f(x: Tensor[B]) -> None: assert_type(x, Tensor['b', 2])",
    "cast": "x = cast('Tensor[B, T * 2]', 1)",
    "alias": "Hidden = Tensor['b', 512]\ndef f(x: Hidden) -> Hidden: return x",
    "quoted-alias": "from typing import TypeAlias\nHidden: TypeAlias = 'Tensor[B, 2 * T]'\nx: Hidden",
    "generic-class": (
        "class Head(Generic[D, H]):\n"
        "    def __init__(self, d: int, h: int) -> None: ...\n"
        "    def forward(self, x: Tensor[B, D]) -> Tensor[B, H]: return x\n"
        "a: Head[64, 8] = Head(64, 8)\n"
        "def f(h: Head[D, H * 2], i: Head[D, 3]) -> Head[64, D + 1]: return h\n"
        "b = Head(64, 8)\n"
        "b.forward(torch.zeros(2))"
    ),
    "generic-subclass": (
        "class Head(Generic[D]):\n"
        "    def __init__(self, d: int) -> None: ...\n"
        "class Sub(Head[D]): ...\n"
        "s = Sub(3)\n"
        "t: Sub[3] = Sub(3)\n"
        "def g(x: list[Head[3]], y: dict[str, Head[D]]) -> None: ..."
    ),
    "ours": (
        "from shapetorch.typing import MatmulShape, Shape, ReshapeShape, DynamicShape\n"
        "from shapetorch.annotations.sizes import Dim\n"
        "def f(a: Tensor[*A], b: Tensor[Shape[2, 3]]) -> Tensor[MatmulShape[Shape[*A], Shape[2, 3]]]:"
        " return a\n"
        "def g(n: Dim[B], s: Shape[2, B], d: DynamicShape) -> Tensor[B, ReshapeShape[Shape[B], Shape[1]]]:"
        " return torch.zeros(n)\n"
        "class C:\n"
        "    def __init__(self, n: Dim[D]) -> None: self.n = n\n"
        "C(3).n + 1\n"
        "g(3, (2, 3), (1, 2, 3))"
    ),
    "jaxtyping": (
        "from jaxtyping import Float, Int, Shaped\n"
        "def f(x: Float[Tensor, 'b'], y: Int[Tensor, ''], z: Shaped[Tensor, '*a 2*b #c d=3'])"
        " -> Float[torch.Tensor, '... b']: return x"
    ),
    "bare": "def f(x: Tensor, y: list[Tensor]) -> torch.Tensor: return x",
    "unrelated": "class G(Generic[B]): ...\ndef f(x: G[int], y: type[Tensor]) -> G[int]: return x",
}
MODERN = {  # Python 3.12
    "function": "def f[B, T](x: Tensor[B, T], y: Tensor[B, T * 2]) -> Tensor[B]: return x",
    "variadic": "def f[*A](x: Tensor[*A, 3]) -> Tensor[*A]: return x",
    "class": (
        "class Head[D, H](nn.Module):\n"
        "    def __init__(self, d: int, h: int) -> None: ...\n"
        "    def forward[B](self, x: Tensor[B, D]) -> Tensor[B, H]: return x\n"
        "h: Head[64, 8] = Head(64, 8)\n"
        "k = Head(64, 8)"
    ),
    "alias": "type Hidden[B] = Tensor[B, 512]\ndef f(x: Hidden[3], y: Hidden[int]) -> None: ...",
}
REFUSED = {
    "undefined": ("def f(x: Tensor[B, Nope]) -> None: ...", '1: Name "Nope" is not defined'),
    "undefined-star": ("def f(x: Tensor[*Nope]) -> None: ...", '1: Name "Nope" is not defined'),
    "undefined-nested": (
        "from shapetorch.typing import MatmulShape, Shape\n"
        "def f(x: Tensor[MatmulShape[Shape[Nope], Shape[3]]]) -> None: ...",
        '2: Name "Nope" is not defined',
    ),
    "still-a-tensor": ("x: Tensor[3] = 1", "1: Incompatible types in assignment"),
    "dim-is-int": (
        "from shapetorch.annotations.sizes import Dim\ndef f(n: Dim[B]) -> str: return n",
        "2: Incompatible return value type",
    ),
    "need-annotation-stays": ("x = []", '1: Need type annotation for "x"'),
    "wrong-argument-of-generic": (
        "class G(Generic[B]):\n    def __init__(self, x: B) -> None: ...\nx: G[int] = G('')",
        '3: Argument 1 to "G" has incompatible type',
    ),
    "too-many-type-arguments": (
        "class G(Generic[B]): ...\nx: G[3, 4]",
        '2: "G" expects 1 type argument, but 2 given',
    ),
}


def run(folder: Path, programs: dict[str, str], *flags: str) -> dict[str, list[str]]:
    """mypy's errors in each program, with line numbers that begin at the program."""
    project = Project(folder / "project", plugin=FAKE, settings=SETTINGS)
    names = {f"case_{name}".replace("-", "_"): name for name in programs}
    project.write({f"{file}.py": HEADER + programs[name] + "\n" for file, name in names.items()})
    output = project.mypy(".", "--follow-imports=silent", *flags)
    found: dict[str, list[str]] = {name: [] for name in programs}
    before = HEADER.count("\n") - 1
    for line in output.splitlines():
        file, number, text = line.split(":", 2)
        found[names[file.removesuffix(".py")]].append(f"{int(number) - before}:{text}")
    return found


@pytest.mark.parametrize("parser", ["native-parser", "old-parser"])
def test_accepted(parser: str, tmp_path: Path) -> None:
    found = run(tmp_path, ACCEPTED, *MODES[parser], "--strict")
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_modern_syntax(tmp_path: Path) -> None:
    found = run(tmp_path, MODERN, "--strict", "--python-version=3.12")
    assert {name: errors for name, errors in found.items() if errors} == {}


@pytest.mark.parametrize("parser", ["native-parser", "old-parser"])
def test_refused(parser: str, tmp_path: Path) -> None:
    found = run(tmp_path, {name: row[0] for name, row in REFUSED.items()}, *MODES[parser])
    for name, (_, expected) in REFUSED.items():
        line, text = expected.split(": ", 1)
        assert any(it.startswith(f"{line}: error: {text}") for it in found[name]), (
            name,
            found[name],
        )


def test_names_in_quotes_in_the_daemon_and_after_edits(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", settings=SETTINGS)
    sized = HEADER + "def f(x: Tensor['batch', 512]) -> Tensor['batch']: return x\n"
    project.write({"a.py": sized, "b.py": "import a\na.f\n"})
    with project.daemon() as daemon:
        assert daemon.check("a.py", "b.py") == ""
        project.write({"a.py": sized + "x: int = 1\n"})
        assert daemon.check("a.py", "b.py") == ""
        project.write({"b.py": "import a\na.f\ny: 'Nope'\n"})
        assert "b.py:3: error" in daemon.check("a.py", "b.py")
    for mode in ("parallel", "whole-modules"):
        assert "a.py" not in project.mypy("a.py", "b.py", *MODES[mode])
        project.write({"b.py": "import a\na.f\n"})
        assert project.mypy("a.py", "b.py", *MODES[mode]) == ""
