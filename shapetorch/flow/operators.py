"""Operators on numbers, sequences and tensors."""

from __future__ import annotations

import ast

from shapetorch.dim import UNKNOWN_DIM, AnyShape, Size, modulo
from shapetorch.flow import apply, hint_reading, list_parts
from shapetorch.flow.state import Run, element_of
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Alternatives,
    Block,
    Constant,
    HintValue,
    Integer,
    ListRecord,
    Many,
    Ref,
    Scalar,
    ShapeOf,
    Tensor,
    Tuple,
    Unknown,
    Value,
    alternatives,
    as_array,
    union,
)
from shapetorch.rules import METHODS

_NAMES: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
}


def binary(run: Run, operator: ast.operator, a: Value, b: Value, node: ast.AST) -> Value:
    """``a operator b``."""
    if any(isinstance(item, Tensor) for item in (*alternatives(a), *alternatives(b))):
        return tensor_operator(run, f"__{_NAMES[type(operator)]}__", a, b, node)
    if isinstance(a, Alternatives) or isinstance(b, Alternatives):
        return union(
            [binary(run, operator, x, y, node) for x in alternatives(a) for y in alternatives(b)]
        )
    if isinstance(operator, ast.BitOr) and (isinstance(a, HintValue) or isinstance(b, HintValue)):
        from shapetorch.flow import hints

        return HintValue(
            hints.UnionHint((hint_reading.of_value(run, a), hint_reading.of_value(run, b)))
        )
    left, right = as_integer(a, b), as_integer(b, a)
    if left is not None and right is not None:
        if isinstance(operator, ast.Pow):
            return _power(run, a, b, left, right)
        found = _integers(run, operator, left, right)
        if isinstance(operator, (ast.FloorDiv, ast.Mod)) or (_is_number(a) and _is_number(b)):
            return found
        return Integer(found.size, certain=False) if isinstance(found, Integer) else UNKNOWN_VALUE
    if isinstance(operator, ast.Add):
        return _concatenate(run, a, b)
    if isinstance(operator, ast.Mult):
        return _repeat(run, a, b)
    numbers = (Integer, Scalar, Constant)
    if isinstance(operator, ast.Mod) and isinstance(a, Constant) and isinstance(a.value, str):
        return Scalar("str")
    if isinstance(a, numbers) and isinstance(b, numbers):
        return Scalar("float")
    return UNKNOWN_VALUE


def _is_number(value: Value) -> bool:
    """Whether it is known to be a number, and no tensor."""
    return isinstance(value, Integer) and value.certain


def as_integer(value: Value, other: Value) -> Size | None:
    """The size a value is in arithmetic with `other`; an unannotated parameter counts as one."""
    if isinstance(value, Integer):
        return value.size
    if isinstance(value, Unknown) and value.label is not None:
        if isinstance(other, Integer) or (isinstance(other, Unknown) and other.label is not None):
            return value.size
    return None


def _power(run: Run, a: Value, b: Value, base: Size, exponent: Size) -> Value:
    if isinstance(exponent, int) and 0 <= exponent <= 64:
        return Integer(base**exponent)
    if not (isinstance(a, Integer) and isinstance(b, Integer)):
        return UNKNOWN_VALUE  # what an unannotated parameter is may be a tensor
    _, high = run.facts.bounds(exponent)
    return Scalar("float") if high is not None and high < 0 else Integer()


def _integers(run: Run, operator: ast.operator, a: Size, b: Size) -> Value:
    try:
        match operator:
            case ast.Add():
                return Integer(a + b)
            case ast.Sub():
                return Integer(a - b)
            case ast.Mult():
                return Integer(a * b)
            case ast.FloorDiv():
                return Integer(a // b)
            case ast.Mod():
                return Integer(modulo(a, b))
            case ast.Div():
                return Scalar("float")
            case ast.LShift() if isinstance(b, int) and 0 <= b <= 64:
                return Integer(a * 2**b)
            case ast.RShift() if isinstance(b, int) and 0 <= b <= 64:
                return Integer(a // 2**b)
    except ZeroDivisionError:
        return UNKNOWN_VALUE
    return Integer()


def _concatenate(run: Run, a: Value, b: Value) -> Value:
    if isinstance(a, Tuple) and isinstance(b, Tuple):
        return Tuple(a.items + b.items)
    if isinstance(a, ShapeOf) or isinstance(b, ShapeOf):
        parts = [_sizes(a), _sizes(b)]
        if parts[0] is None or parts[1] is None:
            return UNKNOWN_VALUE
        return ShapeOf(parts[0] + parts[1])
    if isinstance(a, Constant) and isinstance(b, Constant):
        try:
            return Constant(a.value + b.value)
        except TypeError:
            return UNKNOWN_VALUE
    left, right = run.list_of(a), run.list_of(b)
    if left is not None and right is not None:
        if left.items is not None and right.items is not None:
            return run.allocate(ListRecord(left.items + right.items, kind=left.kind))
        return run.allocate(list_parts.concatenated(left, right))
    if isinstance(a, (Many, Tuple)) and isinstance(b, (Many, Tuple)):
        items = [x.element if isinstance(x, Many) else union(x.items) for x in (a, b)]
        return Many(union(items))
    numbers = (Integer, Scalar, Constant)
    return Scalar("float") if isinstance(a, numbers) and isinstance(b, numbers) else UNKNOWN_VALUE


def _sizes(value: Value) -> AnyShape | None:
    if isinstance(value, ShapeOf):
        return value.shape
    if isinstance(value, Tuple):
        return tuple(x.size if isinstance(x, Integer) else UNKNOWN_DIM for x in value.items)
    return None


def _repeat(run: Run, a: Value, b: Value) -> Value:
    if isinstance(b, (Tuple, Ref)) or (isinstance(b, Constant) and isinstance(b.value, str)):
        a, b = b, a
    count = b.size if isinstance(b, Integer) else UNKNOWN_DIM
    if isinstance(a, Tuple):
        if isinstance(count, int) and len(a.items) * count <= 64:
            return Tuple(a.items * count)
        return Many(
            union(a.items) if a.items else UNKNOWN_VALUE,
            count if len(a.items) == 1 else UNKNOWN_DIM,
        )
    record = run.list_of(a)
    if record is not None:
        if record.items is not None and isinstance(count, int) and len(record.items) * count <= 64:
            return run.allocate(ListRecord(record.items * count))
        length = count if record.items is not None and len(record.items) == 1 else UNKNOWN_DIM
        items = list_parts.parts_of(record)
        parts = () if items is None else (Block(items),)
        return run.allocate(ListRecord(None, element_of(record), length, parts=parts))
    numbers = (Integer, Scalar, Constant)
    return Scalar("float") if isinstance(a, numbers) and isinstance(b, numbers) else UNKNOWN_VALUE


def tensor_operator(run: Run, name: str, a: Value, b: Value, node: ast.AST) -> Value:
    """An operator of which at least one side may be a tensor."""

    def one(left: Value, right: Value) -> Value:
        if isinstance(left, Tensor):
            return apply.rules(run, METHODS.get(name, []), [left, right], {}, node)
        if isinstance(right, Tensor):
            reflected = METHODS.get(name.replace("__", "__r", 1)) or METHODS.get(name, [])
            if name in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
                reflected = METHODS.get(name, [])
            if name == "__matmul__":
                reflected = METHODS.get(name, [])
                return apply.rules(run, reflected, [left, right], {}, node)
            return apply.rules(run, reflected, [right, left], {}, node)
        return UNKNOWN_VALUE

    value = apply.over_alternatives(run, [a, b], lambda parts: one(parts[0], parts[1]), node)
    sides = (*alternatives(a), *alternatives(b))
    return as_array(value) if any(isinstance(x, Tensor) and x.is_array for x in sides) else value


def unary(run: Run, operator: ast.unaryop, value: Value, node: ast.AST) -> Value:
    """``operator value``."""
    from shapetorch.flow.comparisons import truth_of

    if isinstance(operator, ast.Not):
        truth = truth_of(run, value)
        return Scalar("bool") if truth is None else Constant(not truth)
    if isinstance(value, Alternatives):
        return union([unary(run, operator, item, node) for item in value.values])
    if isinstance(value, Integer):
        if isinstance(operator, ast.USub):
            return Integer(-value.size)
        return Integer(-value.size - 1) if isinstance(operator, ast.Invert) else value
    if isinstance(value, Tensor):
        return value
    if isinstance(value, Constant) and isinstance(value.value, float):
        return Constant(-value.value) if isinstance(operator, ast.USub) else value
    return value if isinstance(value, Scalar) else UNKNOWN_VALUE
