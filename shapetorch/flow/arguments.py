"""Arguments against the annotations of parameters: names are bound, and what does not fit is an error."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from shapetorch.annotations.matching import Mismatch
from shapetorch.annotations.spec import ShapeSpec
from shapetorch.dim import using
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.flow import hint_matching, hint_reading, hints, signatures
from shapetorch.flow.hints import Hint
from shapetorch.flow.state import Run
from shapetorch.flow.values import Function, Integer, Tuple, Value


def receiver_sizes(run: Run, function: Function) -> dict[str, Any]:
    """The sizes that the instance a method is bound to has given to its class's names."""
    record = run.object_of(function.bound) if function.bound is not None else None
    if record is None:
        return {}
    spelled = (*function.node.args.posonlyargs, *function.node.args.args)[:1]
    attributes = {
        f"{me.arg}.{label}": value.size
        for me in spelled
        for label, value in record.attrs.items()
        if isinstance(value, Integer)
    }
    return {**attributes, **record.sizes}


def check_arguments(
    run: Run,
    function: Function,
    bound: Mapping[str, Value],
    bindings: dict[str, Any],
    node: ast.AST,
) -> bool:
    """Compare arguments with annotations, binding names; report the first that does not fit."""
    with run.linking():
        context = run.context()
    context.links_names = _under_flag(run)
    try:
        with using(context):
            _match_arguments(run, function, bound, bindings)
    except ShapeError as error:
        if run.deferred:
            raise
        run.report_error(error, node)
        return False
    run.facts = context.facts
    if run.strict:
        for condition in context.conditions:
            run.report_error(condition, node, conditional=True)
    return True


def _under_flag(run: Run) -> bool:
    """Whether an attribute of an instance decides that this place is reached.

    Such a mode has rules that no annotation states: ``if self.is_local`` takes as many keys as queries.
    """
    tests = (node.test for node in run.statements if isinstance(node, ast.If))
    return any(
        isinstance(part, ast.Attribute)
        for test in tests
        for part in (test, test.operand if isinstance(test, ast.UnaryOp) else test)
    )


def _match_arguments(
    run: Run, function: Function, bound: Mapping[str, Value], bindings: dict[str, Any]
) -> None:
    spec = function.node.args
    used: set[str] = set()
    read: list[tuple[str, Hint, Value]] = []
    for parameter in signatures.parameters(function):
        if parameter.annotation is None or parameter.arg not in bound:
            continue
        hint = hint_reading.function_hint(run, function, parameter.annotation)
        used |= hints.names_of(hint)
        read.append((parameter.arg, hint, bound[parameter.arg]))
    returns = None if isinstance(function.node, ast.Lambda) else function.node.returns
    used |= hints.names_of(hint_reading.function_hint(run, function, returns))
    for label, value in bound.items():  # an int parameter called like a size is that size
        if label in used and isinstance(value, Integer) and label not in bindings:
            bindings[label] = value.size
    for label, hint, value in read:
        hint_matching.match(run, hint, value, bindings, argument_error(function, label))
    if spec.vararg is not None and spec.vararg.annotation is not None:
        hint = hint_reading.function_hint(run, function, spec.vararg.annotation)
        rest = bound.get(spec.vararg.arg)
        if isinstance(rest, Tuple):
            for value in rest.items:
                hint_matching.match(
                    run, hint, value, bindings, argument_error(function, spec.vararg.arg)
                )


def argument_error(function: Function, parameter: str) -> Callable[..., ShapeError]:
    """Makes the error of an argument that does not fit its annotation."""

    def make(spec: ShapeSpec | None, shape: Any, mismatch: Mismatch | None) -> ShapeError:
        subject = f"{function.name}: argument {parameter!r}"
        return mismatch_error(
            ErrorKind.argument_error_shape_mismatch,
            ErrorKind.argument_error_dtype_mismatch,
            subject,
            spec,
            shape,
            mismatch,
            (parameter,),
        )

    return make


def mismatch_error(
    kind: ErrorKind,
    dtype_kind: ErrorKind,
    subject: str,
    spec: ShapeSpec | None,
    shape: Any,
    mismatch: Mismatch | None,
    lead: tuple[str, ...] = (),
) -> ShapeError:
    """The error of a value that does not fit its annotation."""
    if mismatch is None:
        expected, actual = shape
        if isinstance(expected, str):
            return ShapeError(
                dtype_kind,
                (*lead, expected, actual),
                f"{subject}: dtype must be {expected}, got {actual}",
            )
        return ShapeError(
            kind, (*lead, expected, actual), f"{subject}: must be {expected}, got {actual}"
        )
    assert spec is not None, "a mismatch is about an annotation"
    error = ShapeError(
        kind,
        (*lead, spec.render(), shape),
        f'{subject}: {mismatch} for "{spec.render()}"',
    )
    if mismatch.axis is not None and not isinstance(mismatch.expected, tuple):
        error.clash = (mismatch.expected, mismatch.got)
    return error
