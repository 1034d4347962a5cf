"""Every function of the tensor library against PyTorch; a long run with SHAPETORCH_FUZZ=1."""

from __future__ import annotations

import os

import pytest

pytest.importorskip("torch")

from tests.tensor import judge

FUZZ = os.environ.get("SHAPETORCH_FUZZ") == "1"
SEED = int(os.environ.get("SHAPETORCH_SEED", "0"))


@pytest.mark.parametrize("rule_name", judge.rule_names())
def test_agrees_with_torch(rule_name: str) -> None:
    made = judge.tally(rule_name, 240 if FUZZ else 12, SEED)
    if made.wrong:
        pytest.fail(str(made), pytrace=False)
    assert made.accepted, "a function that no sample reaches is not tested"
