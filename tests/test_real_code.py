"""Seeding shape bugs, on a small source: the edits are what they should be, and they are found."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from shapetorch.flow import Program, Source

sys.path.append(str(Path(__file__).resolve().parent.parent / "tools"))

import real_code
import real_code_page
import real_code_seeding
import seeded_bugs

SAMPLE = """
import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b n d"]:
        q, k, v = self.to_qkv(x).chunk(3, dim=-1)
        q, k, v = (rearrange(t, "b n (h e) -> b h n e", h=self.heads) for t in (q, k, v))
        weights = (q @ k.transpose(-2, -1)).softmax(dim=-1)
        mixed = rearrange(weights @ v, "b h n e -> b n (h e)")
        return x + self.out(mixed)


def normalized(x: Float[Tensor, "b d"], scale: Float[Tensor, "d"]) -> Float[Tensor, "b d"]:
    centred = x - x.mean(dim=1, keepdim=True)
    return scaled(centred, scale)


def scaled(x: Float[Tensor, "b d"], scale: Float[Tensor, "d"]) -> Float[Tensor, "b d"]:
    return x * scale


def joined(x: Float[Tensor, "b 5"], y: Float[Tensor, "b 7"]) -> Float[Tensor, "b 9"]:
    both = torch.cat((x, y), dim=1)
    return both[:, :9]


def folded(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h*w"]:
    return x.flatten(2)


def split(x: Float[Tensor, "b n d"], heads: int) -> Float[Tensor, "b n d"]:
    b, n, d = x.shape
    return x.view(b, n, heads, d // heads).flatten(2)


def unshaped(x: Float[Tensor, "b n"]):
    return x.transpose(0, 1)
"""


def bugs() -> list[seeded_bugs.Bug]:
    return list(seeded_bugs.Sites(SAMPLE).bugs())


def found(bug: seeded_bugs.Bug | None) -> list[str]:
    text = SAMPLE if bug is None else bug.apply(SAMPLE)
    program = Program(lambda name: Source("m.py", text) if name == "m" else None)
    return [problem.kind for problem in program.analyze("m").problems]


def test_the_sample_is_right() -> None:
    assert found(None) == []


def test_every_kind_has_a_place() -> None:
    assert {bug.kind for bug in bugs()} == set(seeded_bugs.ALL_KINDS)


def test_an_edit_leaves_valid_python() -> None:
    for bug in bugs():
        ast.parse(bug.apply(SAMPLE))
        assert bug.apply(SAMPLE) != SAMPLE


def test_only_functions_with_a_shaped_result_get_bugs() -> None:
    assert "unshaped" not in {bug.function for bug in bugs()}


@pytest.mark.parametrize("kind", seeded_bugs.ALL_KINDS)
def test_a_bug_of_each_kind_is_found(kind: str) -> None:
    assert any(found(bug) for bug in bugs() if bug.kind == kind)


def test_the_choice_depends_on_the_seed_only() -> None:
    candidates = {"m": bugs()}
    first = seeded_bugs.choose(candidates, 7, "a")
    assert first == seeded_bugs.choose({"m": list(reversed(bugs()))[::-1]}, 7, "a")
    assert len(first) == 7
    assert len({bug.kind for _, bug in first}) == 7


def test_a_loss_is_named_by_what_lost_it() -> None:
    text = (
        SAMPLE + "\n\ndef lost(x: Float[Tensor, '3']):\n    y = x.tolist()\n    return mystery(x)\n"
    )
    report = Program(lambda name: Source("m.py", text) if name == "m" else None).analyze("m")
    assert real_code.losses(text, report) == ["mystery(…)"]


def test_a_problem_of_the_original_is_no_find() -> None:
    bug = next(bug for bug in bugs() if bug.kind == "keepdim")
    broken = SAMPLE.replace("return x * scale", "return x.T * scale")
    program = Program(lambda name: Source("m.py", broken) if name == "m" else None)
    harmless = seeded_bugs.Bug("skip", "scaled", bug.line, 0, 1, SAMPLE[:1])
    assert real_code_seeding.look_for(program, "m", broken, harmless) == ""


def test_a_find_below_an_edit_that_takes_lines_away_is_compared_with_its_own_line() -> None:
    broken = SAMPLE.replace("x.shape\n", "(\n        x.shape\n    )\n").replace(
        "return x.view(b, n, heads, d // heads).flatten(2)", "return x.flatten(2).T"
    )
    start = broken.index("(\n        x.shape")
    edit = seeded_bugs.Bug(
        "flatten", "split", broken[:start].count("\n") + 1, start, start + 23, "x.shape"
    )
    assert edit.apply(broken).count("\n") < broken.count("\n")
    program = Program(lambda name: Source("m.py", broken) if name == "m" else None)
    assert real_code_seeding.look_for(program, "m", broken, edit) == ""


CLASSES = """
class Inner:
    def __init__(self): pass
    def forward(self): pass

class Outer:
    def __init__(self): self.inner = Inner()
    def forward(self): return self.inner()

class Other:
    def forward(self): pass

def helper(): pass
def user(): return helper()
"""


@pytest.mark.parametrize(
    ("line", "concerned"),
    [
        pytest.param(
            3, {3, 4, 7, 8}, id="a-constructor-with-its-class-and-the-class-that-calls-it"
        ),
        pytest.param(4, {4}, id="a-method-alone"),
        pytest.param(13, {13, 14}, id="a-function-and-its-caller"),
    ],
)
def test_what_an_edit_concerns(line: int, concerned: set[int]) -> None:
    assert real_code_seeding.concerned(ast.parse(CLASSES), line) == concerned


RENAMED = """
def free(n: int) -> Float[Tensor, "rows columns"]: ...
def bound(x: Float[Tensor, "rows"]) -> Float[Tensor, "rows columns"]: ...
def twice() -> Float[Tensor, "n n m"]: ...
def inside() -> Float[Tensor, "a b"]:
    y: Float[Tensor, "b a"] = zeros()
"""


def test_swapping_names_that_stand_nowhere_else_is_never_chosen() -> None:
    found = list(seeded_bugs.Sites(RENAMED).bugs())
    idle = [(bug.function, bug.text) for bug in found if bug.idle]
    assert idle == [("free", "'columns rows'")]
    chosen = seeded_bugs.choose({"m": found}, len(found), "a")
    assert {bug.function for _, bug in chosen} == {"free", "bound", "twice", "inside"}
    assert not any(bug.idle for _, bug in chosen)


def seeded(line: int, found: str) -> real_code_seeding.Seeded:
    return real_code_seeding.Seeded(
        "p", "f.py", seeded_bugs.Bug("axis", "g", line, 0, 1, "-1"), found
    )


def test_edits_that_break_nothing_are_counted_apart() -> None:
    read = [seeded(1, "1: wrong"), seeded(2, ""), seeded(3, ""), seeded(4, "")]
    items = {"p": real_code_seeding.Choices(read, [seeded(5, "5: wrong"), seeded(6, "")])}
    edits = {
        seeded(2, "").key: real_code_page.Edit(
            "p", "f.py", 2, "axis", "-1", "square", harmless=True
        ),
        seeded(3, "").key: real_code_page.Edit("p", "f.py", 3, "axis", "-1", "the result"),
    }
    lines = list(real_code_page.seeded_page(items, edits))
    assert [line for line in lines if line.startswith("- Of ")] == [
        "- Of 3 bugs 1 (33%) were found.",
        "- Of 4 edits, with 1 that break nothing, 1 (25%).",
        "- Of 2 edits of the second choice, which nobody has read, 1 (50%).",
    ]
    assert "| axis | 4 | 3 | 1 |" in lines
    missed = lines[
        lines.index("Bugs that were not found:") : lines.index("Edits that break nothing:")
    ]
    assert "| f.py:3 | axis | `-1` | the result |" in missed
    assert "| f.py:4 | axis | `-1` | not judged |" in missed
    assert lines[-2] == "| f.py:2 | axis | `-1` | square |"


def test_finding_what_breaks_nothing_is_a_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    edit = real_code_page.Edit("p", "f.py", 2, "axis", "-1", "square", harmless=True)
    monkeypatch.setattr(real_code, "edit_judgements", lambda: {seeded(2, "").key: edit})

    def complaints(*read: real_code_seeding.Seeded) -> list[str]:
        return list(real_code.complaints([], {"p": real_code_seeding.Choices(list(read), [])}))

    assert complaints(seeded(2, "")) == []
    (complaint,) = complaints(seeded(2, "2: wrong"))
    assert complaint.startswith("false alarm: f.py:2")
    (complaint,) = complaints()
    assert complaint.startswith("judged, but not seeded")


def test_each_edit_is_judged_once() -> None:
    assert len(real_code_page.edit_judgements()) == real_code_page.EDITS.read_text().count(
        "[[edit]]"
    )
