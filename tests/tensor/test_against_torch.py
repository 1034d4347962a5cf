"""Every function of the tensor library against PyTorch; a long run with SHAPETORCH_FUZZ=1."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

pytest.importorskip("torch")

from shapetorch.tensor import kernels
from tests.tensor import judge

FUZZ = os.environ.get("SHAPETORCH_FUZZ") == "1"
SEED = int(os.environ.get("SHAPETORCH_SEED", "0"))


NEVER_ACCEPTED = {"from_numpy": "the samples' operands are tensors; see the tests of interchange"}


@pytest.fixture(autouse=True, params=["numpy", "kernels"], scope="module")
def tier(request: pytest.FixtureRequest) -> Iterator[str]:
    """First as a program begins, then with compiled kernels."""
    kernels.unload()
    if request.param == "kernels":
        kernels.warmup()
    yield request.param
    kernels.unload()


@pytest.mark.parametrize("rule_name", judge.rule_names())
def test_agrees_with_torch(rule_name: str, tier: str) -> None:
    count = 12 if tier == "numpy" else 6
    made = judge.tally(rule_name, count * (20 if FUZZ else 1), SEED)
    if made.wrong:
        pytest.fail(str(made), pytrace=False)
    if tier == "numpy" and rule_name not in NEVER_ACCEPTED:
        assert made.accepted, "a function that no sample reaches is not tested"
