"""Wrong calls of every function: PyTorch's class of error, operands untouched; long with SHAPETORCH_FUZZ=1."""

from __future__ import annotations

import os
import sys
from time import sleep

import pytest

pytest.importorskip("torch")
if sys.platform != "linux":
    pytest.skip("a process is kept to little memory as Linux does it", allow_module_level=True)

from tests.tensor import judge, mistaken
from tests.tensor.mistake_reasons import REASONS, reason
from tests.tensor.right_calls import GROUPS

FUZZ = os.environ.get("SHAPETORCH_FUZZ") == "1"
SEED = int(os.environ.get("SHAPETORCH_SEED", "0"))
PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
def test_mistakes(part: int) -> None:
    names = [*judge.rule_names(), *GROUPS][part::PARTS]
    share = 1.0 if FUZZ else 0.12
    found = list(mistaken.verdicts(names, SEED, 4 if FUZZ else 1, share))
    print(mistaken.table(found))
    wrong = [item for item in found if item.verdict not in mistaken.RIGHT]
    assert len(found) > 100 * len(names) * share / 4
    assert not wrong, "\n".join(map(str, wrong))


def test_reasons_are_about_something_certain() -> None:
    assert reason("agree", "str", "torch.add(1)", "", "") is None
    assert reason("crash", "wide int", "torch.add(1)", "", "") is None
    for row in REASONS:
        assert row.why
        assert row.ours or row.theirs or row.call or row.mistake


def test_what_is_wrong_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that takes everything, or that fails in the words of Python, does not pass."""
    call = mistaken.Call("torch.cumsum", (mistaken.oracle.T((2, 3)), "a"))

    def verdict() -> str:
        return mistaken.compared("cumsum", "str", call, lambda side: None).verdict

    assert verdict() == "agree"
    for failing, expected in (
        (lambda *args: 1, "accepted"),
        (lambda x, dim: int(dim), "another class"),
        (lambda x, dim: x.shape[dim], "raw words"),
        (lambda x, dim: (x.zero_(), mistaken.fail("cumsum: no")), "touched"),
        (lambda x, dim: mistaken.fail("that will never do"), "no name"),
        (lambda x, dim: mistaken.fail("that will never do for dim"), "agree"),
        (lambda x, dim: sleep(5), "hang"),
    ):
        monkeypatch.setattr(mistaken.Ours, "find", lambda self, target, f=failing: f)
        monkeypatch.setattr(mistaken, "SECONDS", 0.5)
        assert verdict() == expected
    call = mistaken.Call("torch.cumsum", (mistaken.oracle.T((2, 3)), 0))
    for failing, expected in (
        (lambda x, dim: mistaken.fail("cumsum: no"), "refused"),
        (lambda x, dim: x, "another result"),
        (lambda x, dim: x.cumsum(dim), "agree"),
    ):
        monkeypatch.setattr(mistaken.Ours, "find", lambda self, target, f=failing: f)
        assert verdict() == expected


@pytest.mark.parametrize(("side", "expected"), [("Ours", "crash"), ("Theirs", "agree")])
def test_a_call_that_ends_its_process(
    side: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyTorch may crash, we may not; the next call is made in a new process."""
    call = mistaken.Call("torch.cumsum", (mistaken.oracle.T((2, 3)), "a"))
    calls = [("cumsum", "str", call), ("cumsum", "other", call)]
    monkeypatch.setattr(mistaken, "mistaken_calls", lambda *args: iter(calls))
    of = mistaken.Ours if side == "Ours" else mistaken.judge.Theirs
    monkeypatch.setattr(of, "find", lambda self, target: lambda *args: os._exit(3))
    found = [(item.mistake, item.verdict) for item in mistaken.verdicts(["cumsum"])]
    assert found == [("str", expected), ("other", expected)]


def test_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that wants more than it may have is an error, and not the end of the machine."""
    call = mistaken.Call("torch.cumsum", (mistaken.oracle.T((2, 3)), "a"))
    monkeypatch.setattr(mistaken, "mistaken_calls", lambda *args: iter([("cumsum", "str", call)]))
    monkeypatch.setattr(
        mistaken.Ours, "find", lambda self, target: lambda *args: bytearray(2 * mistaken.MEMORY)
    )
    (found,) = mistaken.verdicts(["cumsum"])
    assert "MemoryError" in found.said
