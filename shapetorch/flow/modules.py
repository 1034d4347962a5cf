"""Checking a module: its top level, then each of its items for itself.

Every item begins with the same state, which running the top level has left, and in a `Run` of its own.
So its result depends on what it looks at and not on the items that were checked before it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from shapetorch.flow.check import check_item, guarded
from shapetorch.flow.imports import run_module
from shapetorch.flow.items import Item
from shapetorch.flow.kept import Kept, Verdict
from shapetorch.flow.portraits import Portraits
from shapetorch.flow.problems import Place, Problem, Report, ShapeAt
from shapetorch.flow.program import Module, Program
from shapetorch.flow.reachability import reachable
from shapetorch.flow.state import Frame, Run
from shapetorch.flow.statements import execute
from shapetorch.flow.values import UNKNOWN_VALUE, Function


@dataclass
class Found:
    """What has been found in a module so far."""

    problems: dict[tuple[object, ...], Problem] = field(default_factory=dict)
    shapes: list[ShapeAt] = field(default_factory=list)
    known: dict[Place, bool] = field(default_factory=dict)
    unknown: set[Place] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    def add(self, run: Run) -> None:
        """Add what one run has found."""
        for key, problem in run.problems.items():
            self.problems.setdefault(key, problem)
        self.shapes.extend(shape for shape, _ in run.shapes.values())
        self.known.update(run.tensors)
        self.unknown |= run.unknown
        self.read |= run.read

    def add_verdict(self, verdict: Verdict) -> None:
        """Add what checking an item gives, or has given before."""
        for problem in verdict.problems:
            self.problems.setdefault(problem.key, problem)
        self.read |= verdict.read


def check_module(
    program: Program,
    module_name: str,
    *,
    strict: bool,
    only: Callable[[Function], bool] | None = None,
    kept: Kept | None = None,
) -> Report:
    """The report of one module; an empty one if it is not part of the program.

    Args:
        program: All modules.
        module_name: Which one.
        strict: Whether conditional errors are reported.
        only: Which functions to check, all if None.
        kept: What is known from before; then nothing but problems is told, and which modules were read.
    """
    module = program.module(module_name)
    if module is None:
        return Report()
    top = Run(program, strict, counts=kept is None)
    top.main = module_name
    frame = _run_top(top, module)
    found = Found()
    found.add(top)
    if kept is None or top.tangled:
        for item in module.items:
            if item.defines:
                found.add(_checked(top, frame, item, only))
        module.frame = None  # what this run has made of it ends with the run
        return _report(top, found, partial=only is not None)
    verdicts = _verdicts(top, frame, found, kept)
    module.frame = None
    report = _report(top, found, partial=False)
    kept.save(
        None if None in verdicts.values() else report, {k: v for k, v in verdicts.items() if v}
    )
    return report


def _verdicts(top: Run, frame: Frame, found: Found, kept: Kept) -> dict[str, Verdict | None]:
    """The verdict on each item, of before if it is still good; None for one that cannot be kept."""
    verdicts: dict[str, Verdict | None] = {}
    portraits = Portraits(top, frame)
    for item in frame.module.items:
        if not item.defines:
            continue
        verdict = kept.verdict(item, portraits.of)
        if verdict is None:
            run = _checked(top, frame, item, None)
            if run.tangled:
                verdicts[item.digest] = None
                found.add(run)
                continue
            looked = {label: portraits.of(label) for label in sorted(run.looked)}
            verdict = Verdict(list(run.problems.values()), run.read, looked, run.notes)
        verdicts[item.digest] = verdict
        found.add_verdict(verdict)
    return verdicts


def _checked(top: Run, frame: Frame, item: Item, only: Callable[[Function], bool] | None) -> Run:
    """A run that has checked an item."""
    run = _following(top)
    check_item(run, frame, item.node, only)
    return run


def _run_top(run: Run, module: Module) -> Frame:
    """The names of a module after its top level has been run."""
    module.frame = None
    frame = run_module(run, module)
    guarded(run, frame, partial(execute, run, module.tree.body))
    # a function may find what another one has put there
    frame.locals.update((label, UNKNOWN_VALUE) for label in module.surface.rebound)
    run.shared = reachable(run.heap, [frame])
    return frame


def _following(top: Run) -> Run:
    """A run that begins where the top level has ended."""
    run = Run(top.program, top.strict, counts=top.counts)
    run.main = top.main
    run.shared = top.shared
    run.heap.update(top.shared)
    run.integers = set(top.integers)
    run.numbers = copy.copy(top.numbers)
    return run


def _report(run: Run, found: Found, *, partial: bool) -> Report:
    problems = list(found.problems.values())
    direct = {(run.main, p.line, p.kind) for p in problems if p.inner is None}
    kept: list[Problem] = [p for p in problems if p.inner is None or p.inner not in direct]
    if not partial:
        kept = [p for p in kept if p.inner is None or not _broken_for_all(run, *p.inner)]
    kept.sort(key=lambda p: (p.line, p.column))
    found.shapes.sort(key=lambda shape: (shape.line, shape.column))
    known = sum(found.known.values())
    return Report(
        kept,
        found.shapes,
        found.read - {run.main},
        (len(found.known), known),
        found.known,
        found.unknown - set(found.known),
    )


def _broken_for_all(run: Run, module: str, line: int, kind: str) -> bool:
    """Whether a place in another module is wrong whoever calls it: it is reported there, not here."""
    found = run.program.module(module)
    if module == run.main or found is None:
        return False
    key = (module, line)
    if key not in run.program.broken:

        def holds(function: Function) -> bool:
            return function.node.lineno <= line <= (function.node.end_lineno or 0)

        report = check_module(run.program, module, strict=run.strict, only=holds)
        run.program.broken[key] = frozenset(p.kind for p in report.problems if p.line == line)
    return kind in run.program.broken[key]
