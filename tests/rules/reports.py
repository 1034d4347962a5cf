"""Many calls of a rule judged: numbers, names, groups of dims."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from tests.rules.calls import NUMBERS_ONLY, Call, calls_of, load
from tests.rules.oracle import Outcome, judge
from tests.rules.unsized import SymbolicOutcome, lifted, symbolic, unknown


@dataclass
class Report:
    """The outcomes for one rule."""

    rule: str
    accepted: int = 0
    rejected: int = 0
    missed: int = 0
    disagreements: list[Outcome | SymbolicOutcome] = field(default_factory=list)

    def __str__(self) -> str:
        head = f"{self.rule}: {self.accepted} accepted, {self.rejected} rejected"
        return "\n".join([head, *map(str, self.disagreements[:12])])

    def add(self, call: Call, seed: int, least: int = 1) -> None:
        """Judge one call more."""
        outcome = judge(call)
        if outcome.verdict == "disagreement":
            self.disagreements.append(outcome)
            return
        self.accepted += outcome.verdict == "accepted"
        self.rejected += outcome.verdict == "rejected"
        if least == NUMBERS_ONLY:
            return
        names_too = symbolic(call, seed, least)
        self.missed += names_too.verdict == "missed"
        if names_too.verdict == "disagreement":
            self.disagreements.append(names_too)
        if outcome.verdict == "accepted":
            wide = lifted(call, seed, least)
            if wide.verdict == "disagreement":
                self.disagreements.append(wide)
            blank = unknown(call, seed) if seed % 3 == 0 else wide
            if blank.verdict == "disagreement":
                self.disagreements.append(blank)


def run(rule_name: str, count: int, seed: int) -> Report:
    """Judge `count` calls of the rule's sampler."""
    report = Report(rule_name)
    entry = load()[rule_name]
    for place, call in enumerate(islice(calls_of(rule_name, seed), count)):
        report.add(call, place, NUMBERS_ONLY if entry.numbers_only else entry.least)
    return report


def run_long(rule_name: str, seed: int, accepted: int = 200, rejected: int = 50) -> Report:
    """Judge calls until so many were accepted and rejected by both sides."""
    entry = load()[rule_name]
    wanted = 0 if entry.never_rejects else rejected
    report = Report(rule_name)
    for place, call in enumerate(islice(calls_of(rule_name, seed), 3000)):
        if report.accepted >= accepted and report.rejected >= wanted:
            break
        report.add(call, place, NUMBERS_ONLY if entry.numbers_only else entry.least)
        if len(report.disagreements) > 50:
            break
    return report
