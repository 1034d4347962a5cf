"""Checking a function for all the sizes its names may take, and what is defined in an item of a module."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from shapetorch.dim import NO_FACTS, Context, Variadic, name, using
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.flow import (
    arguments,
    hint_matching,
    hint_reading,
    hint_values,
    hints,
    rows,
    signatures,
)
from shapetorch.flow.assignment import local_name
from shapetorch.flow.classes import ancestors, class_hint, own_method
from shapetorch.flow.instances import blur, generic_instance, parameter_values
from shapetorch.flow.items import statements
from shapetorch.flow.loops import open_loops
from shapetorch.flow.reachability import reachable
from shapetorch.flow.state import BudgetExceededError, Frame, Run
from shapetorch.flow.statements import execute
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Class,
    Function,
    Integer,
    Tensor,
    Value,
    alternatives,
    union,
)


def check_item(
    run: Run, frame: Frame, node: ast.stmt, only: Callable[[Function], bool] | None
) -> None:
    """Check the fields of the classes and the functions in a statement of a module's top level."""
    for part in statements(node):
        if isinstance(part, ast.ClassDef):
            guarded(run, frame, partial(check_fields, run, Class(part, frame.module, None)))
    for function in definitions(run, frame, [node]):
        if only is None or only(function):
            check_function(run, function)
    while run.nested:
        check_function(run, run.nested.pop(0), nested=True)


def guarded(run: Run, frame: Frame, action: Callable[[], object]) -> None:
    """Run the code of a function, or of a top level, from a clean state; too much of it is left unknown."""
    run.steps = 0
    run.alive = True
    run.facts = NO_FACTS
    open_loops.clear()
    stack, run.stack = run.stack, []
    try:
        with run.entering(frame):
            action()
    except BudgetExceededError:
        pass
    except RecursionError:
        run.tangled = True  # how deep Python itself may go depends on what it is doing
    finally:
        run.stack = stack
        run.call_sites.clear()
        run.statements.clear()
        run.silent = run.deferred = run.depth = run.refining = 0


def check_fields(run: Run, cls: Class) -> None:
    """Read the annotations of a class body, so that an error in one is reported."""
    for node in cls.node.body:
        if isinstance(node, ast.AnnAssign):
            class_hint(run, cls, node.annotation)


def definitions(
    run: Run, frame: Frame, body: list[ast.stmt], owner: Class | None = None
) -> Iterator[Function]:
    """The functions of a module or class body, those in nested classes and branches too."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield Function(node, frame.module, None, owner)
        elif isinstance(node, ast.ClassDef):
            run.look(frame.module, node.name)
            known = frame.locals.get(node.name) if owner is None else None
            cls = (
                known
                if isinstance(known, Class) and known.node is node
                else Class(node, frame.module, None)
            )
            yield from definitions(run, frame, node.body, cls)
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            yield from definitions(run, frame, node.body, owner)
            yield from definitions(run, frame, getattr(node, "orelse", []), owner)


def forget(run: Run, function: Function) -> None:
    """Drop the objects that nothing can name when `function` begins."""
    generic = [instance for instance, _, _ in run.generic.values()]
    run.refined.clear()
    shared = {**run.program.heap, **run.shared}
    heap = {key: run.heap.get(key, record) for key, record in shared.items()}
    changed = [record for key, record in heap.items() if record is not shared[key]]
    run.heap = reachable(run.heap, [*generic, *run.nested, function], heap, changed)


def check_function(run: Run, function: Function, *, nested: bool = False) -> None:
    """Run a function for all sizes its names may take, and compare what it returns."""
    node = function.node
    if isinstance(node, ast.Lambda):
        return
    if "overload" in signatures.decorators(run, function):
        if node.returns is not None and (implementation := _implementation(function)) is not None:
            _run_through(run, function, node, partial(_check_overload, run, implementation))
        return
    if nested and function.closure is not None:
        function = replace(function, closure=_blurred(function.closure, _rebound(function)))
    before = len(run.problems)
    _run_through(run, function, node)
    if len(run.problems) == before:
        rows.check(run, function, lambda: _run_through(run, function, node))


def _implementation(overload: Function) -> Function | None:
    """The function whose signatures an overload is one of."""
    assert not isinstance(overload.node, ast.Lambda), "a lambda has no overloads"
    label = overload.node.name
    if overload.owner is not None:
        return own_method(overload.owner, label)
    same = [n for n in overload.module.tree.body if getattr(n, "name", None) == label]
    last = same[-1] if same else None
    return replace(overload, node=last) if isinstance(last, ast.FunctionDef) else None


def _check_overload(run: Run, implementation: Function, result: hints.Hint) -> None:
    """Compare what an overload promises with what the implementation does for its arguments."""
    overload = run.frame.function
    assert overload is not None and not isinstance(overload.node, ast.Lambda), "it is being checked"
    node = implementation.node
    hint = hint_reading.function_hint(run, implementation, getattr(node, "returns", None))
    if hints.is_computed(hint):
        return
    implementation = replace(implementation, bound=overload.bound)
    accepted = {parameter.arg for parameter in signatures.parameters(implementation)}
    given = {label: value for label, value in run.frame.locals.items() if label in accepted}
    bindings = arguments.receiver_sizes(run, implementation)
    with run.muted():
        fits = arguments.check_arguments(run, implementation, given, bindings, node)
    value = hint_values.instantiate(run, hint, bindings, implementation.name)
    options = [one for one in alternatives(value) if hint_matching.fits(result, one)]
    if hints.is_tensor_hint(result):
        options = [one for one in options if isinstance(one, Tensor)]
    if fits and options:
        check_return(run, overload, result, overload.node.returns, union(options))


def _run_through(
    run: Run,
    function: Function,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    check_signature: Callable[[hints.Hint], None] | None = None,
) -> None:
    forget(run, function)
    frame = Frame(function.module, {}, function.closure, function, function.owner)

    def action() -> None:
        bound = function
        kinds = signatures.decorators(run, function)
        if function.owner is not None and "staticmethod" not in kinds:
            if "classmethod" in kinds:
                bound = replace(function, bound=function.owner)
            else:
                bound = replace(function, bound=generic_instance(run, function.owner))
        frame.locals.update(parameter_values(run, bound))
        frame.function = bound
        frame.sizes = {k: v.size for k, v in frame.locals.items() if isinstance(v, Integer)}
        _link_attributes(run, bound)
        result = hint_reading.function_hint(run, bound, node.returns)
        if check_signature is not None:
            check_signature(result)
            return
        generator = function.module.surface.yields(node)
        if node.returns is not None and not generator and not hints.is_computed(result):
            frame.on_return = lambda place, value: check_return(run, bound, result, place, value)
        if generator and isinstance(result, hints.ManyHint):
            each = result.element
            frame.on_yield = lambda place, value: check_return(run, bound, each, place, value)
        execute(run, node.body)

    guarded(run, frame, action)


def _rebound(function: Function) -> set[str]:
    """The enclosing functions' variables that a function binds anew: each call may find another value."""
    nodes = ast.walk(function.node)
    return {label for node in nodes if isinstance(node, ast.Nonlocal) for label in node.names}


def _blurred(frame: Frame, rebound: set[str]) -> Frame:
    """An enclosing frame whose names of sizes say nothing inside: they are not the inner ones."""
    known = {label: value for label, value in frame.locals.items() if label not in rebound}
    local: dict[str, Value] = {label: blur(value) for label, value in known.items()}
    local.update((label, UNKNOWN_VALUE) for label in rebound & frame.locals.keys())
    parent = frame.parent and _blurred(frame.parent, rebound)
    return Frame(frame.module, local, parent, frame.function, frame.owner)


def _link_attributes(run: Run, function: Function) -> None:
    """An annotation's name that is also a plain parameter is that parameter."""
    run.facts = replace(run.facts, linkable=run.facts.linkable - run.facts.parameters)


def rigid_bindings(run: Run) -> dict[str, object]:
    """The names of the function being run, bound to themselves."""
    frame = run.frame
    function = frame.function
    if function is None:
        return {}
    found: set[str] = set()
    variadic: set[str] = set()
    missing: set[str] = set()
    given = signatures.defaults(function)
    spec = function.node.args
    listed = [
        *signatures.parameters(function),
        *[x for x in (spec.vararg, spec.kwarg) if x is not None],
    ]
    for parameter in listed:
        hint = hint_reading.function_hint(run, function, parameter.annotation)
        bound, rows = _bound_names(hint), _variadics(hint)
        if hints.may_lack_shape(hint) or _is_none(given.get(parameter.arg)):
            missing |= bound | {f"*{label}" for label in rows}
            continue
        found |= bound
        variadic |= rows
    missing -= run.facts.unbound
    found |= {label for label in missing if not label.startswith("*")}
    variadic |= {label[1:] for label in missing if label.startswith("*")}
    bindings: dict[str, object] = {label: name(label) for label in found}
    bindings.update({f"*{label}": (Variadic(label),) for label in variadic})
    if run.rows is not None and run.rows.node is function.node:
        bindings.update(run.rows.bindings())
    if function.bound is not None:
        bindings.update(arguments.receiver_sizes(run, function))
    for label, size in frame.sizes.items():
        bindings.setdefault(label, size)
    return bindings


def _is_none(default: ast.expr | None) -> bool:
    return isinstance(default, ast.Constant) and default.value is None


def _bound_names(hint: hints.Hint) -> set[str]:
    """The names that a parameter so annotated surely binds: of several shapes, those in all of them."""
    match hint:
        case hints.UnionHint(items):
            shaped = [_bound_names(item) for item in items if hints.names_of(item)]
            return set.intersection(*shaped) if shaped else set()
        case hints.TupleHint(items):
            return set().union(*map(_bound_names, items)) if items else set()
        case hints.ManyHint() | hints.DictHint():
            return set()
    return hints.names_of(hint)


def _variadics(hint: hints.Hint) -> set[str]:
    from shapetorch.annotations.spec import VariadicAxis

    match hint:
        case hints.TensorHint(spec) if spec is not None:
            return {
                a.name
                for a in spec.axes
                if isinstance(a, VariadicAxis) and a.name and not a.broadcast and not a.tree
            }
        case hints.UnionHint(items) | hints.TupleHint(items):
            return set().union(*map(_variadics, items)) if items else set()
        case hints.ManyHint(element) | hints.DictHint(element):
            return _variadics(element)
    return set()


def check_return(
    run: Run, function: Function, result: hints.Hint, place: ast.expr | None, value: Value
) -> None:
    """Compare a returned value with the annotation; names bound by the parameters are fixed."""
    if place is None:
        return
    bindings = rigid_bindings(run)
    for label in hints.names_of(result) - bindings.keys():
        bound = run.frame.locals.get(local_name(label))
        if isinstance(bound, Integer):
            bindings[label] = bound.size

    def fail(spec: object, shape: object, mismatch: object) -> ShapeError:
        return arguments.mismatch_error(
            ErrorKind.return_error_shape_mismatch,
            ErrorKind.return_error_dtype_mismatch,
            f"{function.name}: result",
            spec,  # type: ignore[arg-type]
            shape,
            mismatch,  # type: ignore[arg-type]
        )

    context = Context(run.facts, links_numbers=_overrides(run, function))
    try:
        with using(context):
            hint_matching.match(run, result, value, bindings, fail)
    except ShapeError as error:
        run.report_error(error, place)


def _overrides(run: Run, function: Function) -> bool:
    """Whether a base class of the program prescribes the signature: it may promise more than this one does."""
    if function.owner is None or isinstance(function.node, ast.Lambda):
        return False
    bases = ancestors(run, function.owner)[1:]
    found = (own_method(base, function.node.name) for base in bases if isinstance(base, Class))
    return any(
        method is not None
        and not isinstance(method.node, ast.Lambda)
        and hints.says_shape(hint_reading.function_hint(run, method, method.node.returns))
        for method in found
    )
