"""Calls: arguments are evaluated, then whatever is called decides."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapetorch.flow import apply, builtin_calls, functions, hints, layers, list_parts, tensors
from shapetorch.flow.state import Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Class,
    External,
    Function,
    HintValue,
    Layer,
    Method,
    OpaqueLayer,
    Partial,
    Ref,
    Tensor,
    Unknown,
    Value,
    as_array,
    union,
)
from shapetorch.rules import FUNCTIONS, LAYERS, METHODS, registry


def evaluate_call(run: Run, node: ast.Call) -> Value:
    """The value of a call expression."""
    from shapetorch.flow.expressions import evaluate, evaluate_all

    if isinstance(node.func, ast.Name) and node.func.id == "super":
        return builtin_calls.super_value(run, node)
    function = evaluate(run, node.func)
    args = evaluate_all(run, node.args)
    kwargs: dict[str, Value] = {}
    complete = args is not None
    for keyword in node.keywords:
        value = evaluate(run, keyword.value)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
            continue
        table = run.dict_of(value)
        if (
            table is not None
            and table.items is not None
            and all(isinstance(k, str) for k in table.items)
        ):
            kwargs.update({str(key): item for key, item in table.items.items()})
        else:
            complete = False
    if isinstance(function, Method) and function.name in registry.RESHAPING:
        value = call(run, function, args or [], kwargs, node) if complete else UNKNOWN_VALUE
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            run.frame.locals[node.func.value.id] = value
        return value
    special = builtin_calls.special(run, function, args or [], kwargs, node)
    if special is not None:
        return special
    if not complete:
        return _incomplete(run, function, node)
    return call(run, function, args or [], kwargs, node)


def _incomplete(run: Run, function: Value, node: ast.AST) -> Value:
    """A call whose arguments are not all known: only an annotated result says something."""
    if isinstance(function, Function):
        return functions.declared_result(run, function)
    if isinstance(function, Ref):
        method = forward_of(run, function)
        return (
            functions.declared_result(run, method)
            if isinstance(method, Function)
            else UNKNOWN_VALUE
        )
    if isinstance(function, Class):
        from shapetorch.flow.instances import outside_instance

        return outside_instance(run, function, "?", ())
    if function == External("torch.nn.Sequential") and isinstance(node, ast.Call):
        listed = list_parts.from_display(run, node.args)
        return run.allocate(replace(listed, kind="torch.nn.Sequential"))
    return UNKNOWN_VALUE


def call(
    run: Run, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """The value of calling `function`."""
    match function:
        case Alternatives(values):
            return _call_any(run, [v for v in values if v != NONE], args, kwargs, node)
        case External(full):
            return call_external(run, full, args, kwargs, node)
        case Method(receiver, name):
            return call_method(run, receiver, name, args, kwargs, node)
        case Function():
            return functions.call_function(run, function, args, kwargs, node)
        case Class():
            from shapetorch.flow.instances import construct

            return construct(run, function, args, kwargs, node)
        case Layer() | OpaqueLayer():
            return layers.call_layer(run, function, args, kwargs, node)
        case Partial(inner, first, named):
            return call(run, inner, [*first, *args], {**dict(named), **kwargs}, node)
        case Ref():
            return _call_object(run, function, args, kwargs, node)
        case HintValue(hint=hints.CallableHint() as hint):
            return functions.call_hint(run, hint, args, node)
    return UNKNOWN_VALUE


def _call_any(
    run: Run,
    options: list[Value],
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """A call of one of several things: broken only if all of them are."""
    from shapetorch.errors import ShapeError
    from shapetorch.flow import absences

    if len(options) == 1:
        return call(run, options[0], args, kwargs, node)
    results: list[Value] = []
    errors: list[ShapeError] = []
    for option in options:
        before = run.snapshot()
        try:
            with apply.deferring(run):
                results.append(call(run, option, args, kwargs, node))
        except ShapeError as error:
            errors.append(error)
            run.restore(before)
    if errors and not results:
        receivers = [option.receiver for option in options if isinstance(option, Method)]
        if absences.explain(run, [receivers], errors):
            return UNKNOWN_VALUE
        if run.deferred:
            raise errors[0]
        run.report_error(errors[0], node)
        return UNKNOWN_VALUE
    return union(results) if results else UNKNOWN_VALUE


def call_external(
    run: Run, full: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """A call of a library's function or class."""
    known = builtin_calls.call(run, full, args, kwargs, node)
    if known is not None:
        return known
    if full in FUNCTIONS:
        value = apply.rules(run, FUNCTIONS[full], args, kwargs, node)
        return as_array(value) if full.startswith(("numpy.", "jax.")) else value
    if full in LAYERS or full in layers.CONTAINERS or full in layers.FROM_TABLES:
        return layers.construct(run, full, args, kwargs, node)
    if full.startswith("torch.nn.init.") and full.endswith("_"):  # filled, and given back
        return args[0] if args else kwargs.get("tensor", UNKNOWN_VALUE)
    if full.startswith("torch.Tensor.") and args:
        return call_method(run, args[0], full.rsplit(".", 1)[-1], args[1:], kwargs, node)
    if full.startswith("torch.nn.") and full.rsplit(".", 1)[-1][:1].isupper():
        return OpaqueLayer(full)
    return UNKNOWN_VALUE


def call_method(
    run: Run,
    receiver: Value,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """A call of a method of something that is no instance of the program's classes."""
    from shapetorch.flow import methods

    if isinstance(receiver, Tensor) and receiver.is_array:
        return methods.array_method(run, receiver, name, args, kwargs, node)
    if isinstance(receiver, Tensor):
        special = methods.tensor_method(run, receiver, name, args, kwargs, node)
        if special is not None:
            return special
        if name in METHODS:
            return apply.rules(run, METHODS[name], [receiver, *args], kwargs, node)
        return UNKNOWN_VALUE
    if isinstance(receiver, Unknown):
        return tensors.method_of_unknown(run, name, args, kwargs, node)
    if isinstance(receiver, (Layer, OpaqueLayer)):
        return layers.call_method(run, receiver, name, args, kwargs, node)
    return methods.plain_method(run, receiver, name, args, kwargs, node)


def forward_of(run: Run, instance: Ref) -> Value:
    """What calling an instance calls."""
    from shapetorch.flow.classes import instance_attribute, is_module

    record = run.object_of(instance)
    if record is None:
        return UNKNOWN_VALUE
    own = instance_attribute(run, instance, "__call__", None)
    if isinstance(own, Function):
        return own
    if is_module(run, record.cls) or record.base is not None:
        found = instance_attribute(run, instance, "forward", None)
        return found if found != UNKNOWN_VALUE or record.base is None else record.base
    return UNKNOWN_VALUE


def _call_object(
    run: Run, instance: Ref, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    record = run.heap.get(instance.key)
    if run.list_of(instance) is not None:
        return layers.call_sequential(run, instance, args, node)
    if record is None or run.dict_of(instance) is not None:
        return UNKNOWN_VALUE
    return call(run, forward_of(run, instance), args, kwargs, node)
