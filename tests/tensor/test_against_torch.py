"""Every function of the tensor library against PyTorch; a long run with SHAPETORCH_FUZZ=1."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("torch")

from shapetorch.tensor import compute, kernels, threads
from tests.tensor import judge

FUZZ = os.environ.get("SHAPETORCH_FUZZ") == "1"
SEED = int(os.environ.get("SHAPETORCH_SEED", "0"))


NEVER_ACCEPTED = {"from_numpy": "the samples' operands are tensors; see the tests of interchange"}


def in_three(function: Callable[[int, int], Any], size: int, grain: int) -> None:
    """`threads.split` as for large operands and three threads, the last part first."""
    for place in (2, 1, 0):
        start, end = size * place // 3, size * (place + 1) // 3
        if start < end or size == place == 0:
            function(start, end)


@pytest.fixture(autouse=True, params=["numpy", "kernels"], scope="module")
def tier(request: pytest.FixtureRequest) -> Iterator[str]:
    """First as a program begins, then with compiled kernels, which take small operands too, in parts."""
    kernels.unload()
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "kernels":
            kernels.warmup()
            patch.setattr(kernels.find, "__defaults__", (1,))
            patch.setattr(kernels, "SMALLEST", 2)  # one element may have no dims
            patch.setattr(compute, "GRAIN", 1)
            patch.setattr(threads.split, "__code__", in_three.__code__)
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
