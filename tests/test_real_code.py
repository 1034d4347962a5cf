"""Seeding shape bugs, on a small source: the edits are what they should be, and they are found."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from shapetorch.flow import Program, Source

sys.path.append(str(Path(__file__).resolve().parent.parent / "tools"))

import real_code
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
    assert real_code.look_for(program, "m", broken, harmless) == ""
