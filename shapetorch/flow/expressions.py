"""Expressions: syntax to values."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    Size,
    Variadic,
    is_fixed,
    names,
)
from shapetorch.flow import calls, list_parts, operators, tensors
from shapetorch.flow.iteration import of_constant
from shapetorch.flow.names import lookup
from shapetorch.flow.state import STEPS, BudgetExceededError, Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Class,
    Coming,
    Constant,
    DictRecord,
    External,
    Function,
    Integer,
    Layer,
    ListRecord,
    Many,
    Method,
    ModuleValue,
    Ref,
    Scalar,
    ShapeOf,
    Slice,
    Super,
    Tensor,
    Tuple,
    Unknown,
    Value,
    alternatives,
    union,
)


def evaluate(run: Run, node: ast.expr) -> Value:
    """The value of an expression in the current frame."""
    run.steps += 1
    if run.steps > STEPS:
        raise BudgetExceededError
    kind = type(node)  # the commonest first, without the cost of matching
    if kind is ast.Name:
        value = lookup(run, run.stack[-1], node.id)  # type: ignore[attr-defined]
    elif kind is ast.Constant:
        value = of_constant(node.value)  # type: ignore[attr-defined]
    elif kind is ast.Attribute:
        base = evaluate(run, node.value)  # type: ignore[attr-defined]
        value = get_attribute(run, base, node.attr, node)  # type: ignore[attr-defined]
    elif kind is ast.Call:
        value = calls.evaluate_call(run, node)  # type: ignore[arg-type]
    else:
        value = _evaluate(run, node)
    if run.counts and not run.silent and isinstance(value, (Tensor, Unknown)):
        if run.call_sites or run.stack[-1].module.name != run.main:
            return value
        place = (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
        if isinstance(value, Unknown):
            run.unknown.add(place)
        else:
            run.tensors[place] = is_fixed(value.shape) or any(
                not (isinstance(part, Variadic) and part.name is None) for part in value.shape
            )
    return value


def _evaluate(run: Run, node: ast.expr) -> Value:
    from shapetorch.flow.comprehensions import comprehension
    from shapetorch.flow.subscripts import subscript_value

    match node:
        case ast.BinOp(left, operator, right):
            a, b = evaluate(run, left), evaluate(run, right)
            return operators.binary(run, operator, a, b, node)
        case ast.Subscript(value=base, slice=index):
            return subscript_value(run, evaluate(run, base), index, node)
        case ast.Tuple(elts) | ast.List(elts) | ast.Set(elts):
            return _display(run, node, elts)
        case ast.Compare(left, ops, comparators):
            return _compare(run, left, ops, comparators, node)
        case ast.UnaryOp(operator, operand):
            return operators.unary(run, operator, evaluate(run, operand), node)
        case ast.BoolOp(operator, values):
            return _bool_op(run, operator, values)
        case ast.IfExp(test, body, orelse):
            return _if_expression(run, test, body, orelse)
        case ast.Dict(keys, values):
            return _dict(run, keys, values)
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            return comprehension(run, node)
        case ast.Lambda():
            return Function(node, run.frame.module, run.frame)
        case ast.JoinedStr(values):
            return _joined(run, values)
        case ast.NamedExpr(target=ast.Name(id=text) as target, value=inner):
            value = evaluate(run, inner)
            run.frame.locals[text] = value
            run.note_shape(target, text, value)
            return value
        case ast.Starred(value=inner):
            return evaluate(run, inner)
        case ast.Slice(lower, upper, step):
            parts = [NONE if part is None else evaluate(run, part) for part in (lower, upper, step)]
            return Slice(*parts)
        case ast.Await(value=inner):
            value = evaluate(run, inner)
            return value.value if isinstance(value, Coming) else UNKNOWN_VALUE
        case ast.YieldFrom(value=inner):
            evaluate(run, inner)
            return UNKNOWN_VALUE
        case ast.Yield(value=inner):
            if inner is not None:
                run.frame.yielded.append(evaluate(run, inner))
                if run.frame.on_yield is not None:
                    run.frame.on_yield(inner, run.frame.yielded[-1])
            return UNKNOWN_VALUE
    return UNKNOWN_VALUE


# -- names ----------------------------------------------------------------------------------------


def lookup_dotted(run: Run, dotted: str) -> Value:
    """What a dotted name means in the current frame, quietly."""
    first, *rest = dotted.split(".")
    value = lookup(run, run.frame, first)
    with run.muted():
        for part in rest:
            value = get_attribute(run, value, part, None)
    return value


# -- attributes -----------------------------------------------------------------------------------


def get_attribute(run: Run, value: Value, attribute: str, node: ast.AST | None) -> Value:
    """``value.attribute``."""
    from shapetorch.flow import classes, layers
    from shapetorch.flow.names import canonical, from_module, known_constant

    match value:
        case Alternatives(values):
            found = [get_attribute(run, v, attribute, node) for v in values if v != NONE]
            return union(found) if found else UNKNOWN_VALUE
        case Tensor():
            return tensors.attribute(run, value, attribute, node)
        case ModuleValue(name):
            return from_module(run, name, attribute)
        case External(full):
            return known_constant(canonical(f"{full}.{attribute}"))
        case Ref():
            return classes.instance_attribute(run, value, attribute, node)
        case Class():
            return classes.class_attribute(run, value, attribute)
        case Super():
            return classes.super_attribute(run, value, attribute)
        case Layer():
            return layers.attribute(run, value, attribute)
        case Tuple(items, fields) if attribute in fields:
            return items[fields.index(attribute)]
        case Constant(value=str()) if attribute == "value":  # of an enumeration of strings
            return value
        case Constant() | Integer() | Scalar() | Tuple() | Many() | ShapeOf():
            return Method(value, attribute)
        case Function():
            return Method(value, attribute)
        case Unknown() if attribute in tensors.SHAPING:
            return Method(value, attribute)
        case Unknown(label) if label is not None and attribute not in tensors.ATTRIBUTES:
            module = run.frame.module
            if not run.noted("given", attribute, attribute in module.surface.given, module):
                return Unknown(f"{label}.{attribute}")
    return UNKNOWN_VALUE


# -- displays ---------------------------------------------------------------------------------------


def _display(run: Run, node: ast.expr, elts: list[ast.expr]) -> Value:
    items = evaluate_all(run, elts, sizes=isinstance(node, ast.Tuple))
    if isinstance(node, ast.Tuple):
        if items is None:
            return UNKNOWN_VALUE
        if ShapeOf(UNKNOWN) in items and not all(map(_may_be_size, items)):
            return UNKNOWN_VALUE
        if any(isinstance(item, ShapeOf) for item in items):
            return _shape_of(items)
        return Tuple(tuple(items))
    kind = "list" if isinstance(node, ast.List) else "set"
    if items is None:
        return run.allocate(replace(list_parts.from_display(run, elts), kind=kind))
    return run.allocate(ListRecord(tuple(items), kind=kind))


def _may_be_size(value: Value) -> bool:
    return isinstance(value, (Integer, ShapeOf))


def _shape_of(items: list[Value]) -> Value:
    shape: list[Size | Variadic] = []
    for item in items:
        if isinstance(item, ShapeOf):
            shape.extend(item.shape)
        else:
            shape.append(as_size(run_size(item)))
    return ShapeOf(tuple(shape))


def run_size(value: Value) -> Value:
    """A value as an `Integer`, unknown if it is not one."""
    return value if isinstance(value, Integer) else Integer()


def as_size(value: Value) -> Size:
    """The size of an `Integer`."""
    return value.size if isinstance(value, Integer) else UNKNOWN_DIM


def evaluate_all(run: Run, elts: Iterable[ast.expr], *, sizes: bool = False) -> list[Value] | None:
    """The values of a display with stars spread; None if their number is not known.

    A starred shape of unknown rank stays one `ShapeOf` among the others; with `sizes` so does
    anything that may be some sizes: ``(batch, *rest)``.
    """
    from shapetorch.flow.iteration import element_and_length, iterate

    items: list[Value] = []
    unknown = False
    for element in elts:
        if isinstance(element, ast.Starred):
            inner = evaluate(run, element.value)
            if isinstance(inner, ShapeOf):
                items.append(inner)
                continue
            spread = iterate(run, inner)
            if spread is not None:
                items.extend(spread)
            elif sizes and isinstance(element_and_length(run, inner)[0], (Integer, Unknown)):
                items.append(ShapeOf(UNKNOWN))
            else:
                unknown = True
        else:
            items.append(evaluate(run, element))
    return None if unknown else items


def _dict(run: Run, keys: list[ast.expr | None], values: list[ast.expr]) -> Value:
    from shapetorch.flow.iteration import plain_key

    items: dict[object, Value] | None = {}
    found: list[Value] = []
    for key, node in zip(keys, values, strict=True):
        value = evaluate(run, node)
        if key is None:  # {**other}
            record = run.dict_of(value)
            if record is None or record.items is None or items is None:
                items = None
            else:
                items.update(record.items)
            continue
        label = evaluate(run, key)
        found.append(value)
        if items is not None and (plain := plain_key(label)) is not None:
            items[plain] = value
        else:
            items = None
    return run.allocate(DictRecord(items, union(found) if found else UNKNOWN_VALUE))


def _joined(run: Run, values: list[ast.expr]) -> Value:
    text = ""
    known = True
    for part in values:
        value = evaluate(run, part.value if isinstance(part, ast.FormattedValue) else part)
        if isinstance(value, Constant) and isinstance(value.value, str):
            text += value.value
        elif isinstance(value, Integer) and isinstance(value.size, int):
            text += str(value.size)
        else:
            known = False
    return Constant(text) if known else Scalar("str")


# -- truth -------------------------------------------------------------------------------------------


def _bool_op(run: Run, operator: ast.boolop, nodes: list[ast.expr]) -> Value:
    from shapetorch.flow.comparisons import truth_of

    possible: list[Value] = []
    stops_at = isinstance(operator, ast.Or)
    facts = run.facts
    for position, node in enumerate(nodes):
        value = evaluate(run, node)
        last = position == len(nodes) - 1
        for option in alternatives(value):
            truth = truth_of(run, option)
            if last or truth is None or truth is stops_at:
                possible.append(option)
        if not last and truth_of(run, value) is stops_at:
            break
        assume(run, node, not stops_at)
    run.facts = replace(facts, guarded=run.facts.guarded)
    return union(possible) if possible else UNKNOWN_VALUE


def _if_expression(run: Run, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Value:
    from shapetorch.flow.comparisons import truth_of

    guarded = run.facts.guarded
    truth = truth_of(run, evaluate(run, test))
    before = run.snapshot()
    results: list[Value] = []
    states = []
    for branch, holds in ((body, True), (orelse, False)):
        if truth is (not holds):
            continue
        run.restore(before)
        assume(run, test, holds)
        results.append(evaluate(run, branch))
        states.append(run.snapshot())
    run.join(states)
    for text, value in before.locals.items():  # narrowing ends with the expression
        if text in run.frame.locals:
            run.frame.locals[text] = value
    result = union(results)
    if _is_no_size(result):
        run.facts = replace(run.facts, guarded=guarded)
    return result


def _is_no_size(value: Value) -> bool:
    """Whether a value is a number that may be no integer, or a text: no shape depends on which it is."""
    options = alternatives(value)
    whole = [isinstance(option, Integer) and isinstance(option.size, int) for option in options]
    return not all(whole) and all(
        is_whole
        or (isinstance(option, Constant) and isinstance(option.value, (float, str)))
        or (isinstance(option, Scalar) and option.kind in ("float", "str"))
        or (isinstance(option, Tensor) and option.shape == ())
        for option, is_whole in zip(options, whole, strict=True)
    )


def _compare(
    run: Run, left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr], node: ast.expr
) -> Value:
    from shapetorch.flow.comparisons import compare_values, truth_of

    values = [evaluate(run, left), *(evaluate(run, item) for item in comparators)]
    if not run.asserting and all(isinstance(value, (Integer, Unknown)) for value in values):
        from shapetorch.flow.narrowing import guard

        guard(run, node)
    if len(ops) > 1:
        parts = [
            compare_values(run, op, a, b, node)
            for op, a, b in zip(ops, values, values[1:], strict=False)
        ]
        if all(isinstance(part, Constant) for part in parts):
            return Constant(all(truth_of(run, part) for part in parts))
        return Scalar("bool")
    return compare_values(run, ops[0], values[0], values[1], node)


def assume(run: Run, test: ast.expr, holds: bool) -> None:
    """Go on believing that a condition holds, or that it does not."""
    from shapetorch.flow.narrowing import narrow

    narrow(run, test, holds)


# -- subscripts -----------------------------------------------------------------------------------------


def sizes_named(value: Value) -> set[str]:
    """The names in an integer."""
    return {n.name for n in names(value.size)} if isinstance(value, Integer) else set()
