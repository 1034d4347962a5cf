"""No rule without samples: everything in `RULES` and `LAYERS` is compared with PyTorch."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from shapetorch import rules
from tests.rules import oracle


def test_every_rule_has_samples() -> None:
    known = oracle.load()
    missing = {rule.name for rule in rules.RULES} - set(known)
    assert not missing, f"no samples for {sorted(missing)}"


def test_every_layer_has_samples() -> None:
    missing = set(rules.LAYERS) - set(oracle.load())
    assert not missing, f"no samples for {sorted(missing)}"


def test_every_sample_belongs_to_a_rule() -> None:
    stray = set(oracle.load()) - {rule.name for rule in rules.RULES} - set(rules.LAYERS)
    assert not stray, f"samples for {sorted(stray)}, which are no rules"
