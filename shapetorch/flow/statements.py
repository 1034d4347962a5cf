"""Statements: run once per path, joined where paths meet, loops until nothing changes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from shapetorch.dim import NO_FACTS, UNKNOWN_DIM, Size, is_unknown, name, render_shape
from shapetorch.errors import ShapeError
from shapetorch.flow import hints, operators, tensors
from shapetorch.flow.apply import deferring
from shapetorch.flow.classes import pep695
from shapetorch.flow.expressions import (
    assume,
    element_and_length,
    evaluate,
    item_of,
    iterate,
    truth_of,
)
from shapetorch.flow.program import Module
from shapetorch.flow.reachability import reachable
from shapetorch.flow.state import BudgetExceededError, Frame, Run, Snapshot
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Class,
    Constant,
    DictRecord,
    External,
    Function,
    HintValue,
    Integer,
    ListRecord,
    Many,
    ModuleValue,
    Ref,
    ShapeOf,
    Tensor,
    Tuple,
    TypeParam,
    Value,
    alternatives,
    union,
    widen,
)

UNROLL = 24
ROUNDS = 4


class Jumps:
    """Where `break` and `continue` of a loop have led."""

    def __init__(self) -> None:
        self.breaks: list[Snapshot] = []
        self.continues: list[Snapshot] = []


_loops: list[Jumps] = []


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
            _for(run, node)
        case ast.While(test, body, orelse):
            _while(run, test, body, orelse)
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
            if _loops:
                _loops[-1].breaks.append(run.snapshot())
            run.alive = False
        case ast.Continue():
            if _loops:
                _loops[-1].continues.append(run.snapshot())
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
                if isinstance(deleted, ast.Name):
                    run.frame.locals.pop(deleted.id, None)
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
    from shapetorch.flow.expressions import module_frame

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
    assert module.frame is not None
    stack, run.stack = run.stack, []
    sites, run.call_sites = run.call_sites, []
    statements, run.statements = run.statements, []
    loops = _loops[:]
    _loops.clear()
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
        _loops.extend(loops)


def _hoist(frame: Frame, body: Sequence[ast.stmt]) -> None:
    """Functions and classes are known before the module has run down to them."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            frame.locals[node.name] = Function(node, frame.module, None)
        elif isinstance(node, ast.ClassDef):
            frame.locals[node.name] = Class(node, frame.module, None)


# -- assignment -------------------------------------------------------------------------------------------


def _assign(run: Run, node: ast.Assign, targets: list[ast.expr], value_node: ast.expr) -> None:
    value = evaluate(run, value_node)
    for target in targets:
        value = _refine(run, target, value_node, value)
        bind_target(run, target, value, node)


def _refine(run: Run, target: ast.expr, source: ast.expr, value: Value) -> Value:
    """``b, t, d = x.shape`` says that `x` has rank 3, and what its sizes are called."""
    if not isinstance(target, ast.Tuple) or not isinstance(value, ShapeOf):
        return value
    if not is_unknown(value.shape) or any(isinstance(item, ast.Starred) for item in target.elts):
        return value
    labels = [item.id if isinstance(item, ast.Name) else "" for item in target.elts]
    sizes = tuple(run.fresh(label.strip("_")) for label in labels)
    of = source.value if isinstance(source, ast.Attribute) else None
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and not source.args:
        of = source.func.value
    if isinstance(of, ast.Name) and isinstance(known := run.frame.locals.get(of.id), Tensor):
        run.frame.locals[of.id] = known.of_shape(sizes)
    return Tuple(tuple(Integer(size) for size in sizes))


def bind_target(run: Run, target: ast.expr, value: Value, node: ast.AST) -> None:
    """Assign a value to a target of any form."""
    match target:
        case ast.Name(id=label):
            _store(run, label, value)
            run.note_shape(target, label, value)
        case ast.Tuple(elts) | ast.List(elts):
            _unpack(run, elts, value, node)
        case ast.Starred(value=inner):
            bind_target(run, inner, value, node)
        case ast.Attribute(value=base, attr=attribute):
            _store_attribute(run, evaluate(run, base), attribute, value)
            run.note_shape(target, ast.unparse(target), value)
        case ast.Subscript(value=base, slice=index):
            _store_item(run, evaluate(run, base), index, value, node)


def _store(run: Run, label: str, value: Value) -> None:
    frame = run.frame
    if label in frame.globals:
        return
    if label in frame.nonlocals:
        parent = frame.parent
        while parent is not None and label not in parent.locals:
            parent = parent.parent
        if parent is not None:
            parent.locals[label] = union([parent.locals[label], value])
        return
    frame.locals[label] = value


def _store_attribute(run: Run, base: Value, attribute: str, value: Value) -> None:
    options = alternatives(base)
    for option in options:
        if isinstance(option, Ref):
            record = run.object_of(option)
            if record is not None and len(options) > 1 and attribute in record.attrs:
                value = union([record.attrs[attribute], value])
            run.set_attribute(option, attribute, value)


def _store_item(run: Run, base: Value, index: ast.expr, value: Value, node: ast.AST) -> None:
    from shapetorch.flow.expressions import plain_key

    if isinstance(base, Tensor):
        tensors.set_item(run, base, index, value, node)
        return
    if not isinstance(base, Ref):
        evaluate(run, index)
        return
    key = evaluate(run, index)
    record = run.heap.get(base.key)
    if isinstance(record, DictRecord):
        label = plain_key(key)
        if record.items is not None and label is not None:
            run.heap[base.key] = replace(record, items={**record.items, label: value})
        else:
            element = (
                union([*(record.items or {}).values(), record.element, value])
                if record.items
                else value
            )
            run.heap[base.key] = DictRecord(None, element, record.kind)
    elif isinstance(record, ListRecord):
        size = key.size if isinstance(key, Integer) else UNKNOWN_DIM
        if (
            record.items is not None
            and isinstance(size, int)
            and -len(record.items) <= size < len(record.items)
        ):
            items = list(record.items)
            items[size] = value
            run.heap[base.key] = replace(record, items=tuple(items))
        elif record.items is not None:
            run.heap[base.key] = replace(
                record, items=tuple(union([item, value]) for item in record.items)
            )
        else:
            run.heap[base.key] = replace(record, element=union([record.element, value]))


def _unpack(run: Run, elts: list[ast.expr], value: Value, node: ast.AST) -> None:
    options = alternatives(value)
    if len(options) > 1:
        columns = _columns_of_any(run, elts, options, node)
        for position, target in enumerate(elts):
            bind_target(run, target, union([column[position] for column in columns]), node)
        return
    for target, part in zip(elts, _columns(run, elts, value, node), strict=True):
        bind_target(run, target, part, node)


def _columns_of_any(
    run: Run, elts: list[ast.expr], options: Sequence[Value], node: ast.AST
) -> list[list[Value]]:
    """The columns of every alternative that can be unpacked; broken only if none can."""
    columns: list[list[Value]] = []
    errors: list[ShapeError] = []
    for option in options:
        try:
            with deferring(run):
                columns.append(_columns(run, elts, option, node))
        except ShapeError as error:
            errors.append(error)
    if columns:
        return columns
    if run.deferred:
        raise errors[0]
    run.report_error(errors[0], node)
    return [[UNKNOWN_VALUE] * len(elts)]


def _columns(run: Run, elts: list[ast.expr], value: Value, node: ast.AST) -> list[Value]:
    """What each target of an unpacking gets."""
    star = next((i for i, e in enumerate(elts) if isinstance(e, ast.Starred)), None)
    items = iterate(run, value)
    if isinstance(value, ShapeOf):
        return _shape_columns(run, elts, value, star)
    if items is None:
        element, _ = element_and_length(run, value)
        return [
            run.allocate(ListRecord(None, element)) if i == star else element
            for i in range(len(elts))
        ]
    if star is None:
        if len(items) != len(elts):
            _count_mismatch(run, len(elts), value, items, node)
            return [UNKNOWN_VALUE] * len(elts)
        return items
    behind = len(elts) - star - 1
    if len(items) < len(elts) - 1:
        _count_mismatch(run, len(elts) - 1, value, items, node)
        return [UNKNOWN_VALUE] * len(elts)
    middle = run.allocate(ListRecord(tuple(items[star : len(items) - behind])))
    return [*items[:star], middle, *(items[len(items) - behind :] if behind else [])]


def _shape_columns(run: Run, elts: list[ast.expr], value: ShapeOf, star: int | None) -> list[Value]:
    if star is None:
        found: list[Value] = []
        for position in range(len(elts)):
            front = tensors.item_of_shape(run, value.shape, Integer(position))
            if front == Integer():
                front = tensors.item_of_shape(run, value.shape, Integer(position - len(elts)))
            found.append(front)
        return found
    behind = len(elts) - star - 1
    out: list[Value] = [tensors.item_of_shape(run, value.shape, Integer(i)) for i in range(star)]
    from shapetorch.flow.values import Slice

    stop: Value = Integer(-behind) if behind else NONE
    out.append(tensors.item_of_shape(run, value.shape, Slice(Integer(star), stop, NONE)))
    out.extend(tensors.item_of_shape(run, value.shape, Integer(i - behind)) for i in range(behind))
    return out


def _count_mismatch(run: Run, wanted: int, value: Value, items: list[Value], node: ast.AST) -> None:
    from shapetorch.errors import ErrorKind

    if isinstance(value, Tensor):
        what = f"the {len(items)} rows of {render_shape(value.shape)}"
    elif isinstance(value, Tuple) and all(isinstance(item, Integer) for item in items):
        sizes = ", ".join(str(item.size) for item in items if isinstance(item, Integer))
        what = f"[{sizes}]"
    elif isinstance(value, Tuple) and all(isinstance(item, Tensor) for item in items):
        what = f"{len(items)} tensors"
    else:
        return
    error = ShapeError(
        ErrorKind.unpack_error_count_mismatch,
        (wanted, len(items)),
        f"unpacking: the number of names must be the number of values, got {wanted} names for {what}",
    )
    if run.deferred:
        raise error
    run.report_error(error, node)


def _annotated_assign(run: Run, node: ast.AnnAssign) -> None:
    if node.value is None:
        hints.read(run, node.annotation)
        return
    value = evaluate(run, node.value)
    with run.muted():
        hint = hints.read(run, node.annotation)
    if isinstance(hint, hints.TensorHint) and hint.spec is not None:
        value = _check_assignment(run, node, hint, value)
    elif isinstance(value, (Tensor,)) or value == UNKNOWN_VALUE:
        if value == UNKNOWN_VALUE and not isinstance(hint, hints.AnyHint):
            value = hints.instantiate(run, hint, {}, ast.unparse(node.target))
    bind_target(run, node.target, value, node)


def _check_assignment(run: Run, node: ast.AnnAssign, hint: hints.TensorHint, value: Value) -> Value:
    from shapetorch.errors import ErrorKind
    from shapetorch.flow.check import rigid_bindings
    from shapetorch.flow.functions import mismatch_error

    label = ast.unparse(node.target)
    bindings = rigid_bindings(run)

    def fail(spec: object, shape: object, mismatch: object) -> ShapeError:
        return mismatch_error(
            ErrorKind.assignment_error_shape_mismatch,
            ErrorKind.argument_error_dtype_mismatch,
            f"assignment to {label!r}",
            spec,  # type: ignore[arg-type]
            shape,
            mismatch,  # type: ignore[arg-type]
            (label,),
        )

    def compare() -> Value:
        hints.match(run, hint, value, bindings, fail)
        assert hint.spec is not None
        return (
            value
            if isinstance(value, Tensor) and not _vaguer(value)
            else hints.instantiate(run, hint, bindings)
        )

    fallback = hints.instantiate(run, hint, rigid_bindings(run))
    return run.applying(compare, node, fallback)


def _vaguer(value: Tensor) -> bool:
    return any(
        not isinstance(part, int) and (part is UNKNOWN_DIM or not hasattr(part, "terms"))
        for part in value.shape
    )


def _augmented_assign(
    run: Run, node: ast.AugAssign, target: ast.expr, operator: ast.operator, value_node: ast.expr
) -> None:
    load = ast.copy_location(_as_load(target), target)
    before = evaluate(run, load)
    value = evaluate(run, value_node)
    if any(isinstance(item, Tensor) for item in alternatives(before)):
        inplace = f"__i{operators._NAMES[type(operator)]}__"
        from shapetorch.rules import METHODS

        key = inplace if inplace in METHODS else inplace.replace("__i", "__", 1)
        result = operators.tensor_operator(run, key, before, value, node)
        bind_target(run, target, result, node)
        return
    record = run.list_of(before)
    if record is not None and isinstance(operator, ast.Add):
        from shapetorch.flow.methods import _list_method

        assert isinstance(before, Ref)
        _list_method(run, before, record, "extend", [value])
        return
    bind_target(run, target, operators.binary(run, operator, before, value, node), node)


def _as_load(target: ast.expr) -> ast.expr:
    match target:
        case ast.Name(id=label):
            return ast.Name(label, ast.Load())
        case ast.Attribute(value=base, attr=attribute):
            return ast.Attribute(base, attribute, ast.Load())
        case ast.Subscript(value=base, slice=index):
            return ast.Subscript(base, index, ast.Load())
    return target


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


def _if(run: Run, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
    truth = truth_of(run, evaluate(run, test))
    before = run.snapshot()
    after: list[Snapshot] = []
    for branch, holds in ((body, True), (orelse, False)):
        if truth is (not holds):
            continue
        run.restore(before)
        run.alive = True
        assume(run, test, holds)
        execute(run, branch)
        if run.alive:
            after.append(run.snapshot())
    run.join(after)


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


def _for(run: Run, node: ast.For | ast.AsyncFor) -> None:
    source = evaluate(run, node.iter)
    items = iterate(run, source)
    if items is not None and len(items) <= UNROLL:
        _unrolled(run, node, items)
        return
    element, length = element_and_length(run, source)
    if items is not None:
        length = len(items)
    first = source.first if isinstance(source, Many) else None

    def begin(round_: int) -> None:
        chosen = element if round_ or first is None else first
        bind_target(run, node.target, chosen, node)

    _repeated(run, node.body, node.orelse, begin, length)


def _unrolled(run: Run, node: ast.For | ast.AsyncFor, items: list[Value]) -> None:
    jumps = Jumps()
    _loops.append(jumps)
    try:
        for item in items:
            if not run.alive:
                break
            bind_target(run, node.target, item, node)
            execute(run, node.body)
            ended = [run.snapshot()] if run.alive else []
            run.join([*ended, *jumps.continues])
            jumps.continues = []
    finally:
        _loops.pop()
    if run.alive:
        execute(run, node.orelse)
    run.join([*([run.snapshot()] if run.alive else []), *jumps.breaks])


def _while(run: Run, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
    truth = truth_of(run, evaluate(run, test))
    if truth is False:
        execute(run, orelse)
        return

    def begin(round_: int) -> None:
        evaluate(run, test)
        assume(run, test, True)

    endless = isinstance(test, ast.Constant) and bool(test.value)
    _repeated(run, body, orelse, begin, UNKNOWN_DIM, endless=endless)


def _repeated(
    run: Run,
    body: list[ast.stmt],
    orelse: list[ast.stmt],
    begin: Callable[[int], None],
    length: Size,
    *,
    endless: bool = False,
) -> None:
    """A loop whose number of rounds is not known: run until its state no longer changes."""
    jumps = Jumps()
    _loops.append(jumps)
    entry = run.snapshot()
    state = entry
    grown: dict[int, tuple[ListRecord, ListRecord]] = {}
    try:
        for round_ in range(ROUNDS):
            run.restore(state)
            run.alive = True
            begin(round_)
            execute(run, body)
            ends = [*([run.snapshot()] if run.alive else []), *jumps.continues]
            straight = not jumps.continues and not jumps.breaks
            jumps.continues = []
            if not ends:
                break
            run.join(ends)
            after = run.snapshot()
            if round_ == 0 and straight:
                grown = _growth(state, after)
            merged = _merge(state, after, widening=round_ >= ROUNDS - 2)
            if merged.locals == state.locals and merged.heap == state.heap:
                state = merged
                break
            state = merged
    finally:
        _loops.pop()
    exits = [] if endless else [state]
    run.restore(state)
    run.alive = bool(exits)
    for key, (first, second) in grown.items():
        _set_grown(run, key, first, second, length)
    if run.alive:
        execute(run, orelse)
    run.join([*([run.snapshot()] if run.alive else []), *jumps.breaks])


def _growth(before: Snapshot, after: Snapshot) -> dict[int, tuple[ListRecord, ListRecord]]:
    """Lists to which a round appends the same number of items each time."""
    found: dict[int, tuple[ListRecord, ListRecord]] = {}
    for key, record in before.heap.items():
        later = after.heap.get(key)
        if isinstance(record, ListRecord) and isinstance(later, ListRecord) and later is not record:
            if record.items is not None and later.items is not None:
                if later.items[: len(record.items)] == record.items and len(later.items) > len(
                    record.items
                ):
                    found[key] = (record, later)
    return found


def _set_grown(run: Run, key: int, first: ListRecord, second: ListRecord, length: Size) -> None:
    """After `length` rounds, each of which appended as the first did."""
    assert first.items is not None and second.items is not None, "growth is of known lists"
    record = run.heap.get(key)
    if not isinstance(record, ListRecord):
        return
    added = len(second.items) - len(first.items)
    total = len(first.items) + added * length
    run.heap[key] = ListRecord(
        None, record.element if record.items is None else union(record.items), total, record.kind
    )


def _merge(a: Snapshot, b: Snapshot, *, widening: bool) -> Snapshot:
    from shapetorch.flow.state import join_snapshots

    joined = join_snapshots(a, b)
    if not widening:
        return joined
    names = {
        label: _widened(value) if a.locals.get(label) != value else value
        for label, value in joined.locals.items()
    }
    return Snapshot(names, joined.heap, joined.facts, joined.loaded)


def _widened(value: Value) -> Value:
    options = alternatives(value)
    first = options[0]
    for other in options[1:]:
        first = widen(first, other)
    if isinstance(first, Integer) and len(options) > 1:
        return Integer()
    return first


_ = (Alternatives, Constant, Many, ModuleValue, item_of, name)
