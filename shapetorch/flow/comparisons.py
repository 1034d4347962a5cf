"""Truth and comparison of values: known, or not known."""

from __future__ import annotations

import ast

from shapetorch.dim import (
    UNKNOWN_DIM,
    Facts,
    Size,
    Truth,
    compare,
)
from shapetorch.flow import operators
from shapetorch.flow.state import Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Class,
    Constant,
    DictRecord,
    Function,
    HintValue,
    Integer,
    Layer,
    ListRecord,
    Ref,
    Scalar,
    Tensor,
    Tuple,
    Unknown,
    Value,
    alternatives,
)


def truth_of(run: Run, value: Value) -> bool | None:
    """The truth of a value, None if it is not known."""
    match value:
        case Constant(value=inner):
            return bool(inner)
        case Integer(size) if isinstance(size, int):
            return bool(size)
        case Integer(size) if size is not UNKNOWN_DIM:
            low, _ = run.facts.bounds(size)
            return True if low is not None and low > 0 else None
        case Tuple(items):
            return bool(items)
        case Layer() | Function() | Class():
            return True
        case Alternatives(values):
            found = {truth_of(run, item) for item in values}
            return found.pop() if len(found) == 1 else None
        case Ref():
            record = run.heap.get(value.key)
            if isinstance(record, (ListRecord, DictRecord)) and record.items is not None:
                return bool(record.items)
    return None


_ORDER = {ast.Lt: "__lt__", ast.LtE: "__le__", ast.Gt: "__gt__", ast.GtE: "__ge__"}


_EQUALITY = {ast.Eq: "__eq__", ast.NotEq: "__ne__"}


def compare_values(run: Run, op: ast.cmpop, a: Value, b: Value, node: ast.AST) -> Value:
    """The value of ``a op b``."""
    if isinstance(op, (ast.Is, ast.IsNot)):
        same = _same_object(a, b)
        if same is None:
            return Scalar("bool")
        return Constant(same if isinstance(op, ast.Is) else not same)
    if isinstance(op, (ast.In, ast.NotIn)):
        return _contains(run, a, b, isinstance(op, ast.In))
    name = {**_ORDER, **_EQUALITY}[type(op)]
    if any(isinstance(item, Tensor) for item in (*alternatives(a), *alternatives(b))):
        return operators.tensor_operator(run, name, a, b, node)
    if isinstance(a, Integer) and isinstance(b, Integer):
        return _compare_sizes(run, op, a.size, b.size)
    if isinstance(op, (ast.Eq, ast.NotEq)):
        equal = _equal_values(run.facts, a, b)
        if equal is not None:
            return Constant(equal if isinstance(op, ast.Eq) else not equal)
    if any(isinstance(item, Unknown) for item in (*alternatives(a), *alternatives(b))):
        return UNKNOWN_VALUE  # arrays are compared item by item
    return Scalar("bool")


def _same_object(a: Value, b: Value) -> bool | None:
    if b != NONE:
        a, b = b, a
    if b != NONE:
        return None
    options = {option == NONE for option in alternatives(a)}
    if any(isinstance(option, (Unknown, HintValue)) for option in alternatives(a)):
        return None
    return options.pop() if len(options) == 1 else None


def _contains(run: Run, a: Value, b: Value, wanted: bool) -> Value:
    from shapetorch.flow.iteration import iterate

    items = iterate(run, b)
    if items is None or not isinstance(a, (Constant, Integer)):
        return Scalar("bool")
    known = [_equal_values(run.facts, a, item) for item in items]
    if any(item is True for item in known):
        return Constant(wanted)
    return Constant(not wanted) if all(item is False for item in known) else Scalar("bool")


def _compare_sizes(run: Run, op: ast.cmpop, a: Size, b: Size) -> Value:
    if isinstance(op, (ast.Eq, ast.NotEq)):
        if isinstance(a, int) and isinstance(b, int):
            return Constant((a == b) is isinstance(op, ast.Eq))
        if compare(a, b, run.facts).truth is Truth.YES:
            return Constant(isinstance(op, ast.Eq))
        return Scalar("bool")
    difference = run.facts.normalize(b - a)  # a < b and the like: is b - a positive
    low, high = run.facts.bounds(difference)
    if isinstance(op, (ast.Gt, ast.GtE)):
        low, high = (None if high is None else -high), (None if low is None else -low)
    least = 1 if isinstance(op, (ast.Lt, ast.Gt)) else 0
    if low is not None and low >= least:
        return Constant(True)
    return Constant(False) if high is not None and high < least else Scalar("bool")


def _equal_values(facts: Facts, a: Value, b: Value) -> bool | None:
    if isinstance(a, Constant) and isinstance(b, Constant):
        return bool(a == b)
    if isinstance(a, Integer) and isinstance(b, Integer):
        if isinstance(a.size, int) and isinstance(b.size, int):
            return a.size == b.size
        return True if compare(a.size, b.size, facts).truth is Truth.YES else None
    if isinstance(a, Tuple) and isinstance(b, Tuple):
        if len(a.items) != len(b.items):
            return False
        parts = [_equal_values(facts, x, y) for x, y in zip(a.items, b.items, strict=True)]
        if any(part is False for part in parts):
            return False
        return True if all(parts) else None
    kinds = (Constant, Integer, Tuple, Tensor)
    if (
        isinstance(a, kinds)
        and isinstance(b, kinds)
        and (_equals_no_other(a) or _equals_no_other(b))
    ):
        return False
    return None


def _equals_no_other(value: Value) -> bool:
    """Whether nothing of another type is equal to it: ``"M"`` among the widths of a network."""
    return isinstance(value, Constant) and (value == NONE or isinstance(value.value, (str, bytes)))
