"""Checking a module: its top level, then each of its items for itself.

Every item begins with the same state, which running the top level has left, and in a `Run` of its own.
So its result depends on what it looks at and not on the items that were checked before it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
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
    check = _with_main_blocks(program, module, strict, kept, only)
    for item in module.items:
        if item.defines:
            check.check(item)
    module.frame = None  # what this run has made of it ends with the run
    return check.report()


def _with_main_blocks(
    program: Program,
    module: Module,
    strict: bool,
    kept: Kept | None,
    only: Callable[[Function], bool] | None,
) -> _Check:
    """A check of which the top level is done.

    A block that runs only if the module is the main program is not part of what others see of the
    module, and is checked for itself, unless it binds a name or changes an object that they do see.
    """
    apart = [item for item in module.items if item.is_main_block]
    while True:
        check = _Check(program, module, strict, kept, only, apart)
        inseparable = [item for item in apart if not check.check_block(item)]
        if not inseparable:
            return check
        apart = [item for item in apart if item not in inseparable]


class _Check:
    """One check of a module: its top level has been run, its items are checked one by one."""

    def __init__(
        self,
        program: Program,
        module: Module,
        strict: bool,
        kept: Kept | None,
        only: Callable[[Function], bool] | None,
        apart: Sequence[Item],
    ) -> None:
        self._module = module
        self._only = only
        self._top = Run(program, strict, counts=kept is None)
        self._top.main = module.name
        nodes = {id(item.node) for item in apart}
        body = [node for node in module.tree.body if id(node) not in nodes]
        self._frame = _run_top(self._top, module, body)
        self._seen = frozenset(self._frame.locals)
        for item in apart:
            self._frame.locals.update((label, UNKNOWN_VALUE) for label in item.binds - self._seen)
        self._kept = None if self._top.tangled else kept
        self._portraits = Portraits(self._top, self._frame)
        self._verdicts: dict[str, Verdict | None] = {}  # None for one that cannot be kept
        self._found = Found()
        self._found.add(self._top)

    def check(self, item: Item) -> None:
        """Check the definitions in an item."""
        if not self._add_kept(item):
            run = _following(self._top)
            check_item(run, self._frame, item.node, self._only)
            self._add(item, run)

    def check_block(self, item: Item) -> bool:
        """Check a block of the main program; nothing is done if others see something of it."""
        if item.binds & self._seen:
            return False
        if not self._add_kept(item):
            run = _following(self._top)
            guarded(run, Frame(self._module), partial(execute, run, [item.node]))
            if any(run.heap.get(key) != record for key, record in run.shared.items()):
                return False
            self._add(item, run)
        return True

    def _add_kept(self, item: Item) -> bool:
        """Add the verdict of before on an item, if it is still good."""
        verdict = None if self._kept is None else self._kept.verdict(item, self._portraits.of)
        if verdict is not None:
            self._verdicts[item.digest] = verdict
            self._found.add_verdict(verdict)
        return verdict is not None

    def _add(self, item: Item, run: Run) -> None:
        self._found.add(run)
        self._verdicts[item.digest] = None
        if self._kept is not None and not run.tangled:
            looked = {label: self._portraits.of(label) for label in sorted(run.looked)}
            problems = list(run.problems.values())
            self._verdicts[item.digest] = Verdict(problems, run.read, looked, run.notes)

    def report(self) -> Report:
        """What has been found, which is kept for the next time."""
        report = _report(self._top, self._found, partial=self._only is not None)
        if self._kept is not None:
            whole = None if None in self._verdicts.values() else report
            self._kept.save(whole, {k: v for k, v in self._verdicts.items() if v is not None})
        return report


def _run_top(run: Run, module: Module, body: Sequence[ast.stmt]) -> Frame:
    """The names of a module after its top level has been run."""
    module.frame = None
    frame = run_module(run, module)
    guarded(run, frame, partial(execute, run, body))
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
    run.numbers = top.numbers
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
