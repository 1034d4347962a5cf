"""Modules: what an import binds, and running a module's top level once."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from shapetorch.dim import NO_FACTS
from shapetorch.flow.loops import open_loops
from shapetorch.flow.program import Module
from shapetorch.flow.reachability import reachable
from shapetorch.flow.state import BudgetExceededError, Frame, Run
from shapetorch.flow.statements import execute
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Class,
    External,
    Function,
    Record,
)


def import_names(run: Run, node: ast.Import | ast.ImportFrom) -> None:
    """Bind imported names; what they are is looked up when they are used."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            full = alias.name if alias.asname else alias.name.split(".")[0]
            run.frame.locals[alias.asname or full] = External(f"import:{full}")
        return
    module = run.frame.module.absolute(node.module, node.level)
    for alias in node.names:
        if alias.name == "*":
            _import_star(run, module)
        else:
            run.frame.locals[alias.asname or alias.name] = External(f"import:{module}:{alias.name}")


def _import_star(run: Run, module: str) -> None:
    from shapetorch.flow.names import module_frame

    frame = module_frame(run, module)
    if frame is not None and frame is not run.frame:
        for label, value in frame.locals.items():
            if not label.startswith("_"):
                run.frame.locals.setdefault(label, value)


def run_module(run: Run, module: Module) -> Frame:
    """The frame of a module's top level; run quietly unless it is the module being checked."""
    if module.frame is None:
        module.frame = Frame(module)
        _hoist(module.frame, module.tree.body)
        if module.name != run.main:
            _run_quietly(run, module)
    return module.frame


def _run_quietly(run: Run, module: Module) -> None:
    """Run the top level of an imported module, in a state that does not depend on who imports it first."""
    assert module.frame is not None
    program, module.running = run.program, True
    before = {name: getattr(run, name) for name in _OF_THE_IMPORTER}
    asked, program.asked = program.asked, set()
    loops, open_loops[:] = open_loops[:], []
    run.stack, run.call_sites, run.statements = [], [], []
    run.steps = run.deferred = run.depth = run.refining = run.lenient = run.asserting = 0
    run.facts, run.heap, run.refined = NO_FACTS, dict(program.heap), {}
    run.read, run.tangled, run.origin, run.integers = set(), False, None, set()
    run.imported = {}
    run.numbers, run.series = 0, f"{module.name}."
    try:
        with run.muted(), run.entering(module.frame):
            execute(run, module.tree.body)
    except BudgetExceededError:
        pass
    finally:
        module.frame.locals.update((label, UNKNOWN_VALUE) for label in module.surface.rebound)
        module.read, module.asked, module.running = run.read, program.asked, False
        made = _made(run, module.frame)
        module.tangled = run.tangled or any(key in program.heap for key in made)
        program.heap.update(made)
        for name, value in before.items():
            setattr(run, name, value)
        run.heap.update(made)
        run.loaded += 1
        program.asked |= asked
        open_loops.extend(loops)


_OF_THE_IMPORTER = (
    "stack call_sites statements facts steps deferred depth refining lenient asserting heap refined "
    "read tangled origin integers imported numbers series"
).split()


def _made(run: Run, frame: Frame) -> dict[int, Record]:
    """The objects that a module's top level has made, and those of other modules that it has changed."""
    known = run.program.heap
    made = {k: record for k, record in reachable(run.heap, [frame]).items() if k not in known}
    for key, record in known.items():
        now = run.heap.get(key, record)
        if now is not record and now != record:
            made[key] = now
    return made


def _hoist(frame: Frame, body: Sequence[ast.stmt]) -> None:
    """Functions and classes are known before the module has run down to them."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            frame.locals[node.name] = Function(node, frame.module, None)
        elif isinstance(node, ast.ClassDef):
            frame.locals[node.name] = Class(node, frame.module, None)
