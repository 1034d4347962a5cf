"""Statements: run once per path, joined where paths meet, loops until nothing changes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from shapetorch.flow.assignment import (
    _annotated_assign,
    _assign,
    _augmented_assign,
    bind_target,
)
from shapetorch.flow.classes import pep695
from shapetorch.flow.comparisons import truth_of
from shapetorch.flow.expressions import assume, evaluate
from shapetorch.flow.narrowing import is_of_order
from shapetorch.flow.state import Frame, Run, Snapshot, element_of
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Class,
    Function,
    HintValue,
    ListRecord,
    Ref,
    TypeParam,
    union,
)


def execute(run: Run, body: Sequence[ast.stmt]) -> None:
    """Run statements in order while this point can be reached."""
    for node in body:
        if not run.alive:
            return
        run.step()
        run.statements.append(node)
        try:
            statement(run, node)
        finally:
            run.statements.pop()


def statement(run: Run, node: ast.stmt) -> None:
    """Run one statement."""
    from shapetorch.flow.imports import import_names
    from shapetorch.flow.loops import open_loops, run_for, run_while

    match node:
        case ast.Expr(value):
            evaluate(run, value)
        case ast.Assign(targets, value):
            _assign(run, node, targets, value)
        case ast.AnnAssign():
            _annotated_assign(run, node)
        case ast.AugAssign(target, operator, value):
            _augmented_assign(run, node, target, operator, value)
        case ast.Return(value):
            _return(run, node, value)
        case ast.If(test, body, orelse):
            _if(run, test, body, orelse)
        case ast.For() | ast.AsyncFor():
            run_for(run, node)
        case ast.While(test, body, orelse):
            run_while(run, test, body, orelse)
        case ast.With(items, body) | ast.AsyncWith(items, body):
            for item in items:
                evaluate(run, item.context_expr)
                if item.optional_vars is not None:
                    bind_target(run, item.optional_vars, UNKNOWN_VALUE, node)
            with run.muted() if any(_expects_errors(item) for item in items) else nullcontext():
                execute(run, body)
        case ast.Try(body, handlers, orelse, finalbody) | ast.TryStar(
            body, handlers, orelse, finalbody
        ):
            _try(run, body, handlers, orelse, finalbody)
        case ast.Assert(test):
            run.asserting += 1
            evaluate(run, test)
            run.asserting -= 1
            assume(run, test, True)
        case ast.Raise():
            run.alive = False
        case ast.Break():
            if open_loops:
                open_loops[-1].breaks.append(run.snapshot())
            run.alive = False
        case ast.Continue():
            if open_loops:
                open_loops[-1].continues.append(run.snapshot())
            run.alive = False
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            _define_function(run, node)
        case ast.ClassDef():
            closure = None if run.frame.is_module else run.frame
            run.frame.locals[node.name] = Class(node, run.frame.module, closure)
        case ast.Import() | ast.ImportFrom():
            import_names(run, node)
        case ast.Delete(targets):
            for deleted in targets:
                _delete(run, deleted)
        case ast.Global(names):
            run.frame.globals.update(names)
        case ast.Nonlocal(names):
            run.frame.nonlocals.update(names)
        case ast.Match():
            _match(run, node)
        case _ if type(node).__name__ == "TypeAlias":
            _define_alias(run, node)


def _define_alias(run: Run, node: Any) -> None:
    """``type Image[C, H, W] = Tensor[C, H, W]``."""
    own = pep695(node)
    frame = run.frame
    with run.entering(Frame(frame.module, dict(own), frame, frame.function, frame.owner)):
        value = evaluate(run, node.value)
    if isinstance(value, HintValue) and own:
        parameters = tuple(item for item in own.values() if isinstance(item, TypeParam))
        value = HintValue(value.hint, parameters, scoped=True)
    frame.locals[node.name.id] = value


def _expects_errors(item: ast.withitem) -> bool:
    """Whether a block is there to show that its code fails: ``with pytest.raises(…):``."""
    call = item.context_expr
    return isinstance(call, ast.Call) and ast.unparse(call.func).rsplit(".", 1)[-1] in (
        "raises",
        "assertRaises",
        "assertRaisesRegex",
        "suppress",
    )


def _define_function(run: Run, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    closure = None if run.frame.is_module else run.frame
    function = Function(node, run.frame.module, closure)
    run.frame.locals[node.name] = function
    if (
        closure is not None
        and not run.silent
        and not run.call_sites
        and run.frame.module.name == run.main
    ):
        run.nested.append(function)


# -- imports ----------------------------------------------------------------------------------------------


# -- assignment -------------------------------------------------------------------------------------------


def _return(run: Run, node: ast.Return, value_node: ast.expr | None) -> None:
    if isinstance(value_node, ast.IfExp):  # each side is a return of its own
        sides = (value_node.body, value_node.orelse)
        body, orelse = ([ast.copy_location(ast.Return(side), node)] for side in sides)
        _if(run, value_node.test, [*body], [*orelse])
        return
    value = NONE if value_node is None else evaluate(run, value_node)
    run.frame.returned.append(value)
    if run.frame.on_return is not None:
        run.frame.on_return(value_node, value)
    run.alive = False


# -- branches ---------------------------------------------------------------------------------------------


def _delete(run: Run, target: ast.expr) -> None:
    if isinstance(target, ast.Name):
        run.frame.locals.pop(target.id, None)
    elif isinstance(target, ast.Subscript):
        base = evaluate(run, target.value)
        record = run.list_of(base)
        if record is not None and isinstance(base, Ref):
            run.heap[base.key] = ListRecord(None, element_of(record), kind=record.kind)


def _if(run: Run, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
    guarded = run.facts.guarded
    truth = truth_of(run, evaluate(run, test))
    before = run.snapshot()
    inside = replace(before.facts, guarded=guarded) if is_of_order(test) else before.facts
    after: list[Snapshot] = []
    empty: list[Snapshot] = []
    for branch, holds in ((body, True), (orelse, False)):
        if truth is (not holds):
            continue
        run.restore(before)
        run.facts = inside
        run.alive = True
        assume(run, test, holds)
        if run.facts.contradictory and not before.facts.contradictory:
            continue
        of_nothing = 0 in run.facts.solved.values() and 0 not in before.facts.solved.values()
        execute(run, branch)
        if run.alive:
            (empty if of_nothing else after).append(run.snapshot())
    run.join(
        after or empty
    )  # a tensor of nothing fits where the others do, which no size of it shows
    if len(after) > 1 and inside is not before.facts and _differ(*after):
        # what is equal may depend on the branch
        run.facts = replace(run.facts, guarded=run.facts.guarded | before.facts.guarded)


def _differ(one: Snapshot, other: Snapshot) -> bool:
    return one.locals != other.locals or one.heap != other.heap


def _match(run: Run, node: ast.Match) -> None:
    evaluate(run, node.subject)
    before = run.snapshot()
    after: list[Snapshot] = []
    complete = False
    for case in node.cases:
        run.restore(before)
        run.alive = True
        for part in ast.walk(case.pattern):
            label = getattr(part, "name", None) or getattr(part, "rest", None)
            if isinstance(label, str):
                run.frame.locals[label] = UNKNOWN_VALUE
        if (
            isinstance(case.pattern, ast.MatchAs)
            and case.pattern.pattern is None
            and case.guard is None
        ):
            complete = True
        execute(run, case.body)
        if run.alive:
            after.append(run.snapshot())
    if not complete:
        after.append(before)
    run.join(after)


def _try(
    run: Run,
    body: list[ast.stmt],
    handlers: list[ast.ExceptHandler],
    orelse: list[ast.stmt],
    finalbody: list[ast.stmt],
) -> None:
    before = run.snapshot()
    if handlers:
        with _tolerant(run, handlers):
            execute(run, body)
    else:
        execute(run, body)
    if run.alive:
        execute(run, orelse)
    after = [run.snapshot()] if run.alive else []
    broken = run.snapshot()
    for handler in handlers:
        run.restore(before)
        merged = dict(before.locals)
        for label, value in broken.locals.items():  # the body may have stopped anywhere
            merged[label] = union([merged[label], value]) if label in merged else value
        run.frame.locals = merged
        run.alive = True
        if handler.name:
            run.frame.locals[handler.name] = UNKNOWN_VALUE
        execute(run, handler.body)
        if run.alive:
            after.append(run.snapshot())
    run.join(after)
    if finalbody:
        alive = run.alive
        run.alive = True
        execute(run, finalbody)
        run.alive = run.alive and alive


def _tolerant(run: Run, handlers: list[ast.ExceptHandler]):  # type: ignore[no-untyped-def]
    """A body whose errors are caught on purpose is not reported."""
    caught = {ast.unparse(h.type) if h.type else "" for h in handlers}
    expected = (
        any(
            word in text
            for text in caught
            for word in ("RuntimeError", "Exception", "IndexError", "ValueError", "ShapeError")
        )
        or "" in caught
    )
    return run.muted() if expected else nullcontext()


# -- loops --------------------------------------------------------------------------------------------------
