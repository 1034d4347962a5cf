"""Every rule against PyTorch; a long run with SHAPETORCH_FUZZ=1."""

from __future__ import annotations

import os

import pytest

pytest.importorskip("torch")

from tests.rules import oracle, reports

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
