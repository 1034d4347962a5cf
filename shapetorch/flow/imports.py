"""Modules: what an import binds, and running a module's top level once."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from shapetorch.dim import NO_FACTS
from shapetorch.flow.program import Module
from shapetorch.flow.reachability import reachable
from shapetorch.flow.state import BudgetExceededError, Frame, Run
from shapetorch.flow.statements import execute
from shapetorch.flow.values import (
    Class,
    External,
    Function,
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
    from shapetorch.flow.loops import open_loops

    assert module.frame is not None
    stack, run.stack = run.stack, []
    sites, run.call_sites = run.call_sites, []
    statements, run.statements = run.statements, []
    loops = open_loops[:]
    open_loops.clear()
    facts, steps, deferred = run.facts, run.steps, run.deferred
    first = next(run.counter)
    run.steps = run.deferred = 0
    run.facts = NO_FACTS
    try:
        with run.muted(), run.entering(module.frame):
            execute(run, module.tree.body)
    except BudgetExceededError:
        pass
    finally:
        made = reachable(run.heap, [module.frame])
        run.program.heap.update({key: value for key, value in made.items() if key > first})
        run.loaded += 1
        run.deferred = deferred
        run.stack, run.call_sites, run.statements = stack, sites, statements
        run.facts, run.steps = facts, steps
        open_loops.extend(loops)


def _hoist(frame: Frame, body: Sequence[ast.stmt]) -> None:
    """Functions and classes are known before the module has run down to them."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            frame.locals[node.name] = Function(node, frame.module, None)
        elif isinstance(node, ast.ClassDef):
            frame.locals[node.name] = Class(node, frame.module, None)
