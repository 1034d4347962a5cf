"""Every rule against PyTorch; a long run with SHAPETORCH_FUZZ=1."""

from __future__ import annotations

import os

import pytest

pytest.importorskip("torch")

from tests.rules import oracle, reports
from tests.rules.calls import Call, T

FUZZ = os.environ.get("SHAPETORCH_FUZZ") == "1"
SEED = int(os.environ.get("SHAPETORCH_SEED", "1"))
CALLS = 60


@pytest.mark.parametrize("rule_name", sorted(oracle.load()))
def test_rule_agrees_with_torch(rule_name: str) -> None:
    if not FUZZ:
        report = reports.run(rule_name, CALLS, seed=0)
        if report.disagreements:
            pytest.fail(str(report), pytrace=False)
        return
    report = reports.run_long(rule_name, SEED)
    entry = oracle.load()[rule_name]
    if report.disagreements:
        pytest.fail(str(report), pytrace=False)
    if entry.exhaustive is None:
        assert report.accepted >= 200, str(report)
        assert entry.never_rejects or report.rejected >= 50, str(report)


RARE = [  # what random calls meet too seldom: orders of checks, sizes of 0 and of 1
    Call(
        "torch.nn.functional.interpolate", (T((7, 0, 1, 3)),), {"mode": "area", "scale_factor": 3}
    ),
    Call(
        "torch.nn.functional.interpolate",
        (T((7, 0, 1, 2, 3)),),
        {"mode": "area", "scale_factor": 3},
    ),
    Call("torch.nn.functional.pad", (T((1, 2, 5, 2)), (-1, -1, 1, 1)), {"mode": "replicate"}),
    Call("torch.nn.functional.pad", (T((1, 2, 2, 2)), (-1, -1, -1, -1)), {"mode": "replicate"}),
    Call("torch.nn.functional.conv2d", (T((0, 3, 5, 0)), T((3, 3, 2, 2))), {"padding": "same"}),
    Call("torch.nn.functional.batch_norm", (T((2,)), None, None), {"training": True}),
    Call("torch.nn.functional.group_norm", (T((2, 1)), 2)),
    Call("torch.movedim", (T((3, 2, 3)), (0, 0, 2), (0, 3, 1))),
    Call("torch.norm", (T((2, 3, 5)),), {"p": "fro", "dim": [0, 1, 2]}),
    Call("torch.norm", (T((2, 3, 5)),), {"p": "nuc", "dim": 0}),
    Call("torch.norm", (T((2, 3, 5)),), {"p": "nuc", "dim": [0, 1]}),
    Call("torch.linalg.lstsq", (T((2, 7, 7, 7)), T((2, 7, 5)))),
    Call("torch.linalg.lstsq", (T((1, 1, 1, 1)), T((2, 1, 1)))),
    Call("torch.linalg.lstsq", (T((3, 1, 3, 3)), T((1, 3, 2)))),
]


@pytest.mark.parametrize("call", RARE, ids=str)
def test_rare_calls_agree_with_torch(call: Call) -> None:
    outcome = oracle.judge(call)
    assert outcome.verdict != "disagreement", str(outcome)


def test_the_judge_sees_a_wrong_shape() -> None:
    assert oracle.matches((2, 3), (2, 3))
    assert not oracle.matches((2, 3), (3, 2))
    assert not oracle.matches((2,), [(2,)])
    assert oracle.matches((2, oracle.UNKNOWN_DIM), (2, 3))


def test_the_judge_sees_a_missing_error() -> None:
    call = oracle.Call("torch.matmul", (oracle.T((2, 3)), oracle.T((5, 7))))
    assert oracle.judge(call).verdict == "rejected"
    wrong = oracle._verdict(call, (2, 7), RuntimeError("sizes"))
    assert wrong == "disagreement"
    assert oracle._verdict(call, oracle.judge(call).ours, IndexError("dim")) == "disagreement"
