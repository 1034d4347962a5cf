"""Applying shape rules to values: converting arguments, trying alternatives, making results."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from shapetorch.dim import Variadic, substitute, using
from shapetorch.errors import ShapeError
from shapetorch.flow.state import Run
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Alternatives,
    Constant,
    Integer,
    Many,
    Ref,
    Scalar,
    ShapeOf,
    Tensor,
    Tuple,
    Unknown,
    Value,
    alternatives,
    union,
)
from shapetorch.rules import Rule, lift
from shapetorch.rules.bind import Bound, Undecided, bind

MOST_COMBINATIONS = 24
MOST_LISTS = 8
IMPOSSIBLE = Unknown()
"""What a call gives that fits no signature: an alternative that cannot be meant, if there is another."""


def over_alternatives(
    run: Run, values: Sequence[Value], one: Callable[[list[Value]], Value], node: ast.AST
) -> Value:
    """`one` applied to every combination of alternatives; broken only if all are."""
    from shapetorch.flow import absences

    options = [alternatives(value) for value in values]
    combinations = list(itertools.islice(itertools.product(*options), MOST_COMBINATIONS + 1))
    if len(combinations) == 1:
        return one(list(values))
    if len(combinations) > MOST_COMBINATIONS:
        return UNKNOWN_VALUE
    results: list[Value] = []
    errors: list[ShapeError] = []
    facts = run.facts
    for combination in combinations:
        run.facts = facts
        try:
            with deferring(run):
                results.append(one(list(combination)))
        except ShapeError as error:
            errors.append(error)
    run.facts = facts
    results = [value for value in results if value is not IMPOSSIBLE] or results
    if errors and not results:
        if absences.explain(run, options, errors):
            return UNKNOWN_VALUE
        if run.deferred:
            raise errors[0]
        run.report_error(errors[0], node)
        return UNKNOWN_VALUE
    return union(results)


class deferring:  # noqa: N801 - used as a statement
    """Inside, a broken rule is raised to the caller instead of being reported."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __enter__(self) -> None:
        self.run.deferred += 1

    def __exit__(self, *error: object) -> None:
        self.run.deferred -= 1


def rules(
    run: Run,
    overloads: Sequence[Rule],
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """The result of the first of `overloads` that the arguments fit."""
    if not overloads:
        return UNKNOWN_VALUE
    spread = [_with_choices(run, value) for value in args]
    kwargs = {label: _with_choices(run, value) for label, value in kwargs.items()}
    keys = list(kwargs)

    def one(parts: list[Value]) -> Value:
        named = dict(zip(keys, parts[len(spread) :], strict=True))
        return _apply(run, overloads, parts[: len(spread)], named, node)

    return over_alternatives(run, [*spread, *kwargs.values()], one, node)


def _with_choices(run: Run, value: Value) -> Value:
    """A list of tensors or sizes some of which are one of several, as one of several lists."""
    record = run.list_of(value)
    items = value.items if isinstance(value, Tuple) else record.items if record else None
    if not items or not any(isinstance(item, Alternatives) for item in items):
        return value
    several = {id(item): item for item in items if isinstance(item, Alternatives)}
    kinds = {type(option) for item in several.values() for option in item.values}
    if kinds not in ({Tensor}, {Integer}):
        return value
    if math.prod(len(item.values) for item in several.values()) > MOST_LISTS:
        return value
    lists: list[Value] = []
    for choice in itertools.product(*(item.values for item in several.values())):
        chosen = dict(zip(several, choice, strict=True))
        lists.append(Tuple(tuple(chosen.get(id(item), item) for item in items)))
    return Alternatives(tuple(lists))


def _apply(
    run: Run,
    overloads: Sequence[Rule],
    args: list[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    from shapetorch.flow.conversion import convert

    tensors = [
        item
        for value in (*args, *kwargs.values())
        for item in ((value,) if isinstance(value, Tensor) else _tensors_in(run, value))
    ]
    if any(_is_no_integer(value) for value in args):
        tensors.append(Tensor())  # a float makes floats of integers
    try:
        bound = bind(
            overloads, args, kwargs, lambda v, kind: convert(run, v, kind), is_sequence(run)
        )
    except Undecided:
        return UNKNOWN_VALUE if not _only_tensor(overloads) else Tensor()
    if bound is None:
        return IMPOSSIBLE
    if bound.rule.dtype == "value":
        dtype = _dtype_of_numbers(run, bound.rule, args, kwargs)
        bound = replace(bound, rule=replace(bound.rule, dtype=dtype))
    return run_rule(run, bound, tensors, kwargs, node)


def _is_no_integer(value: Value) -> bool:
    """Whether a number may be a float, or nothing is known of a value."""
    if isinstance(value, Constant):
        return isinstance(value.value, (float, complex))
    return isinstance(value, Unknown) or value == Scalar("float")


def _dtype_of_numbers(
    run: Run, rule: Rule, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> str:
    """The dtype of what is made from Python numbers, all of them integers or some of them floats."""
    given = [*args[1 if "fill_value" in {p.name for p in rule.parameters} else 0 :]]
    given += [v for k, v in kwargs.items() if k in ("start", "end", "step", "fill_value", "data")]
    kinds = {kind for value in given for kind in _number_kinds(run, value)}
    if not kinds or "unknown" in kinds:
        return "unknown"
    return "Float" if "float" in kinds else "int64" if "int" in kinds else "bool"


def _number_kinds(run: Run, value: Value) -> set[str]:
    from shapetorch.flow.iteration import iterate

    if isinstance(value, Integer):
        return {"int"}
    if isinstance(value, (Constant, Scalar)):
        kind = value.kind if isinstance(value, Scalar) else type(value.value).__name__
        return {kind if kind in ("bool", "int", "float") else "unknown"}
    items = None if isinstance(value, Tensor) else iterate(run, value)
    return {"unknown"} if items is None else {k for it in items for k in _number_kinds(run, it)}


def _tensors_in(run: Run, value: Value) -> list[Tensor]:
    """The tensors of a list or tuple, for the dtype of what they are joined to."""
    from shapetorch.flow.iteration import element_and_length, iterate

    if not isinstance(value, (Tuple, Many, Ref)):
        return []
    items = iterate(run, value) if run.object_of(value) is None else None
    if items is None:
        items = [element_and_length(run, value)[0]] if run.object_of(value) is None else []
    return [item for item in items if isinstance(item, Tensor)]


def _only_tensor(overloads: Sequence[Rule]) -> bool:
    return all(not isinstance(rule.dtype, tuple) for rule in overloads) and False


def run_rule(
    run: Run, bound: Bound, tensors: list[Tensor], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """The value of a bound rule, under the facts of this point."""
    from shapetorch.flow.conversion import result_value

    def compute() -> Value:
        extra = (k for k, v in bound.arguments.items() if _is_variadic(v) and k not in bound.shaped)
        shaped = (*bound.shaped, *extra)
        _use_known_numbers(run, bound.arguments, bound.shaped)

        result = lift.apply(bound.rule.shape, bound.arguments, shaped)
        return result_value(run, result, bound.rule.dtype, tensors, kwargs)

    if run.deferred:
        context = run.context()
        with using(context):
            value = compute()
        run.facts = context.facts
        return value
    return run.applying(compute, node, recover_value(bound.rule))


def _use_known_numbers(run: Run, arguments: dict[str, object], shaped: Sequence[str]) -> None:
    """Put numbers for the names that are known to be one: after ``if n == 1``, `n` is 1."""
    numbers = {key: value for key, value in run.facts.solved.items() if isinstance(value, int)}
    if not numbers:
        return
    for key in shaped:
        value = arguments[key]
        if isinstance(value, tuple):
            arguments[key] = tuple(
                size if isinstance(size, (int, Variadic)) else substitute(size, numbers)
                for size in value
            )


def recover_value(rule: Rule) -> Value:
    """What a broken rule leaves: a tensor of unknown shape, if it gives one tensor."""
    return UNKNOWN_VALUE


def _is_variadic(value: object) -> bool:
    return isinstance(value, (tuple, list)) and any(
        isinstance(item, Variadic) or _is_variadic(item) for item in value
    )


def is_sequence(run: Run) -> Callable[[Value], bool]:
    """Whether a value fills a spread parameter by itself."""

    def test(value: Value) -> bool:
        if isinstance(value, ShapeOf):
            return True
        return isinstance(value, (Tuple, Many)) or run.list_of(value) is not None

    return test


# -- arguments --------------------------------------------------------------------------------------


# -- results ----------------------------------------------------------------------------------------
