"""Calls of functions of the program.

An annotated function is believed: its parameters are compared with the arguments, its names are
bound, and its result follows. A function that does not say the shape of its result is run with the
actual arguments. A rule broken in there is reported at the call, unless the function is broken for
every caller: then it is reported in the function, once.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from shapetorch.annotations.matching import Mismatch
from shapetorch.annotations.spec import ShapeSpec
from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, AnyShape, Size, Variadic, is_fixed, names
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.flow import (
    apply,
    arguments,
    hint_matching,
    hint_reading,
    hint_values,
    hints,
    lifetimes,
    signatures,
)
from shapetorch.flow.hints import Hint
from shapetorch.flow.state import DEPTH, Frame, Run
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Coming,
    Constant,
    Function,
    Many,
    Ref,
    Tensor,
    Tuple,
    Unknown,
    Value,
    alternatives,
    union,
)

MOST_REFINING = 2  # how deep bodies are run only to tell more than an annotation does


def call_function(
    run: Run, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """The value of a call of a function of the program."""
    overloads = overloads_of(run, function)
    if overloads:
        return _call_overloads(run, overloads, function, args, kwargs, node)
    if not signatures.is_transparent(run, function):
        return UNKNOWN_VALUE
    bound = signatures.bind_arguments(run, function, args, kwargs)
    if bound is None:
        return declared_result(run, function)
    bindings = arguments.receiver_sizes(run, function)
    fits = arguments.check_arguments(run, function, bound, bindings, node)
    if isinstance(function.node, ast.Lambda):
        return run_body(run, function, bound, node)
    result = hint_reading.function_hint(run, function, function.node.returns)
    if isinstance(function.node, ast.AsyncFunctionDef):
        return Coming(hint_values.instantiate(run, result, bindings))
    plain_text = result == hints.PlainHint("str") and _all_literal(run, bound)
    if (hints.says_shape(result) and not plain_text) or not fits:
        declared = _instantiate(run, function, result, bindings, node)
        if fits and (hints.names_of(result) - set(bindings) or _is_vague(declared)):
            declared = _refined(run, function, bound, declared, node)
        lifetimes.called(run, function, bound, node)
        return declared
    with run.linking() if isinstance(function.bound, Ref) else nullcontext():
        value = run_body(run, function, bound, node)
    if isinstance(value, Unknown):
        return _instantiate(run, function, result, bindings, node)
    return value


def _all_literal(run: Run, bound: Mapping[str, Value]) -> bool:
    """Whether all arguments are known exactly: then so is a text that is made of them."""
    parts = [part for v in bound.values() for part in (v.items if isinstance(v, Tuple) else (v,))]
    return bool(parts) and all(map(hint_matching.is_literal, parts))


def _is_vague(declared: Value) -> bool:
    """Whether running the body may tell more of a result: ``...`` stands for any sizes."""
    if isinstance(declared, Tuple):
        return any(map(_is_vague, declared.items))
    return isinstance(declared, Tensor) and Variadic(None) in declared.shape


def _refined(
    run: Run, function: Function, bound: Mapping[str, Value], declared: Value, node: ast.AST
) -> Value:
    """A declared result whose free names get the sizes that running the body gives."""
    if run.refining >= MOST_REFINING:
        return declared
    key = _identity(run, function, bound)
    if key in run.refined:
        return refine(declared, run.refined[key][0])
    before = run.snapshot()
    run.refining += 1
    try:
        with run.muted():
            value = run_body(run, function, bound, node)
    finally:
        run.refining -= 1
    run.restore(before)
    records = [run.heap.get(item.key) for item in bound.values() if isinstance(item, Ref)]
    run.refined[key] = (value, records)  # what a key names by its identity must stay alive
    return refine(declared, value)


def _identity(run: Run, function: Function, bound: Mapping[str, Value]) -> tuple[object, ...]:
    """A key under which a call gives the same: objects are the same while nothing is assigned to them."""
    places = tuple(
        (label, value.key, id(run.heap.get(value.key)))
        if isinstance(value, Ref)
        else (label, value)
        for label, value in bound.items()
    )
    return (id(function.node), run.refining, places)


def refine(declared: Value, actual: Value) -> Value:
    """`declared`, with sizes from `actual` where it leaves them open."""
    if isinstance(declared, Tuple) and isinstance(actual, Tuple):
        if len(declared.items) == len(actual.items):
            pairs = zip(declared.items, actual.items, strict=True)
            return Tuple(tuple(refine(a, b) for a, b in pairs), declared.fields)
    if not isinstance(declared, Tensor) or not isinstance(actual, Tensor):
        return declared
    if not is_fixed(actual.shape):
        return declared
    if Variadic(None) in declared.shape and len(declared.shape) <= len(actual.shape) + 1:
        return Tensor(actual.shape, declared.dtype)
    if not is_fixed(declared.shape):
        return declared
    if len(declared.shape) != len(actual.shape):
        return declared
    sizes = tuple(b if is_open(a) else a for a, b in zip(declared.shape, actual.shape, strict=True))
    return declared.of_shape(sizes)


def is_open(size: Size) -> bool:
    """Whether nothing is known of a size."""
    return size is UNKNOWN_DIM or any(atom.opaque for atom in names(size))


def _instantiate(
    run: Run, function: Function, result: Hint, bindings: Mapping[str, Any], node: ast.AST
) -> Value:
    return run.applying(
        lambda: hint_values.instantiate(run, result, bindings, function.name), node, UNKNOWN_VALUE
    )


def _call_overloads(
    run: Run,
    overloads: list[Function],
    implementation: Function,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    errors: list[ShapeError] = []
    results: list[Value] = []
    for option in overloads:
        bound = signatures.bind_arguments(run, option, args, kwargs)
        missing = (
            {p.arg for p in signatures.parameters(option)}
            - set(bound or {})
            - set(signatures.defaults(option))
        )
        if bound is None or missing or not _is_of_the_sort(run, option, bound):
            continue
        bindings = arguments.receiver_sizes(run, option)
        try:
            with apply.deferring(run):
                arguments.check_arguments(run, option, bound, bindings, node)
        except ShapeError as error:
            errors.append(error)
            continue
        assert not isinstance(option.node, ast.Lambda), "a lambda has no overloads"
        result = hint_reading.function_hint(run, option, option.node.returns)
        declared = _instantiate(run, option, result, bindings, node)
        results.append(_refined_overload(run, implementation, args, kwargs, declared, node))
        if not _is_one_of_several(run, option, bound):
            break
    if results:
        return union(results)
    if errors:
        if run.deferred:
            raise errors[0]
        run.report_error(errors[0], node)
    return UNKNOWN_VALUE


def _refined_overload(
    run: Run,
    implementation: Function,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    declared: Value,
    node: ast.AST,
) -> Value:
    """An overload's result, with the shape that the implementation gives if it says none."""
    if not isinstance(declared, Tensor) or declared.shape != UNKNOWN:
        return declared
    bound = signatures.bind_arguments(run, implementation, args, kwargs)
    return declared if bound is None else _refined(run, implementation, bound, declared, node)


def _is_one_of_several(run: Run, option: Function, bound: Mapping[str, Value]) -> bool:
    """Whether a ``Literal`` of an overload may or may not be what is given, which is not known exactly."""
    for parameter in signatures.parameters(option):
        hint = hint_reading.function_hint(run, option, parameter.annotation)
        if isinstance(hint, hints.LiteralHint) and parameter.arg in bound:
            if not all(map(hint_matching.is_literal, alternatives(bound[parameter.arg]))):
                return True
    return False


def _is_of_the_sort(run: Run, option: Function, bound: Mapping[str, Value]) -> bool:
    """Whether every argument may be what an overload's signature asks for, shapes aside."""
    return all(
        hint_matching.fits(
            hint_reading.function_hint(run, option, parameter.annotation), bound[parameter.arg]
        )
        for parameter in signatures.parameters(option)
        if parameter.annotation is not None and parameter.arg in bound
    )


def overloads_of(run: Run, function: Function) -> list[Function]:
    """The ``@overload`` signatures of a function, if it has any."""
    if isinstance(function.node, ast.Lambda):
        return []
    if function.owner is None:
        run.look(function.module, function.node.name)
    body: list[ast.stmt] = function.owner.node.body if function.owner else function.module.tree.body
    found = []
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == function.node.name:
            option = Function(
                node, function.module, function.closure, function.owner, function.bound
            )
            if "overload" in signatures.decorators(run, option):
                found.append(option)
    return found


def declared_result(run: Run, function: Function) -> Value:
    """What the annotation of the result says when nothing is known of the arguments."""
    if isinstance(
        function.node, (ast.Lambda, ast.AsyncFunctionDef)
    ) or not signatures.is_transparent(run, function):
        return UNKNOWN_VALUE
    result = hint_reading.function_hint(run, function, function.node.returns)
    return hint_values.instantiate(
        run, result, arguments.receiver_sizes(run, function), function.name
    )


# -- running ----------------------------------------------------------------------------------------


def run_body(run: Run, function: Function, bound: Mapping[str, Value], node: ast.AST) -> Value:
    """The value that a function returns for actual arguments."""
    from shapetorch.flow.expressions import evaluate
    from shapetorch.flow.statements import execute

    if is_running(run, function):
        return UNKNOWN_VALUE
    if function.module.name != run.main:
        run.read.add(function.module.name)
    frame = Frame(function.module, dict(bound), function.closure, function, function.owner)
    run.depth += 1
    statements, run.statements = run.statements, []
    run.call_sites.append((function.name, node, statements))
    try:
        with run.entering(frame):
            fill_defaults(run, function, frame)
            if isinstance(function.node, ast.Lambda):
                return evaluate(run, function.node.body)
            execute(run, function.node.body)
            if run.alive:
                frame.returned.append(Constant(None))
            return _result(run, function, frame)
    finally:
        run.statements = statements
        run.call_sites.pop()
        run.depth -= 1


def is_running(run: Run, function: Function) -> bool:
    """Whether a function is not run because calls are nested too deep already."""
    same = sum(f.function is not None and f.function.node is function.node for f in run.stack)
    return run.depth >= DEPTH or same >= 2


def _result(run: Run, function: Function, frame: Frame) -> Value:
    if frame.yielded:
        return Many(union(frame.yielded))
    if not frame.returned:
        return UNKNOWN_VALUE
    return union(frame.returned)


def fill_defaults(run: Run, function: Function, frame: Frame) -> None:
    """Give parameters that got no argument their default."""
    from shapetorch.flow.expressions import evaluate

    given = signatures.defaults(function)
    for parameter in signatures.parameters(function):
        if parameter.arg in frame.locals:
            continue
        if parameter.arg in given:
            frame.locals[parameter.arg] = evaluate(run, given[parameter.arg])
        else:
            frame.locals[parameter.arg] = UNKNOWN_VALUE


def call_hint(run: Run, hint: hints.CallableHint, args: Sequence[Value], node: ast.AST) -> Value:
    """The value of calling something annotated ``Callable[[…], …]``."""
    bindings: dict[str, Any] = {}
    if hint.parameters is not None and len(hint.parameters) == len(args):
        for position, (item, value) in enumerate(zip(hint.parameters, args, strict=True)):

            def fail(
                spec: ShapeSpec | None,
                shape: AnyShape,
                mismatch: Mismatch | None,
                place: int = position,
            ) -> ShapeError:
                return arguments.mismatch_error(
                    ErrorKind.argument_error_shape_mismatch,
                    ErrorKind.argument_error_dtype_mismatch,
                    f"callable: argument {place + 1}",
                    spec,
                    shape,
                    mismatch,
                    (str(place + 1),),
                )

            def compare(item: Hint = item, value: Value = value) -> Value:
                hint_matching.match(run, item, value, bindings, fail)
                return UNKNOWN_VALUE

            run.applying(compare, node, UNKNOWN_VALUE)
    return hint_values.instantiate(run, hint.result, bindings)
