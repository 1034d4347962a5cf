"""What a condition says about values and sizes, where it holds."""

from __future__ import annotations

import ast
import copy
import operator
from collections.abc import Callable, Iterator
from dataclasses import replace

from shapetorch.dim import UNKNOWN_DIM, Size, Variadic, is_unknown, names
from shapetorch.flow.instance_checks import is_instance
from shapetorch.flow.state import Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Constant,
    Function,
    Integer,
    Scalar,
    Tensor,
    Tuple,
    Unknown,
    Value,
    alternatives,
    union,
)


def narrow(run: Run, test: ast.expr, holds: bool) -> None:
    """Believe that `test` is true, or false."""
    match test:
        case ast.UnaryOp(ast.Not(), operand):
            narrow(run, operand, not holds)
        case ast.BoolOp(ast.And(), values) if holds:
            for value in values:
                narrow(run, value, True)
        case ast.BoolOp(ast.Or(), values) if not holds:
            for value in values:
                narrow(run, value, False)
        case ast.BoolOp(_, values):
            for value in values:
                guard(run, value)
        case ast.BinOp(op=ast.Mod()) if not holds:
            _divisible(run, test)
        case ast.Compare(left, ops, comparators):
            items = [left, *comparators]
            if holds or len(ops) == 1:
                for op, a, b in zip(ops, items, items[1:], strict=False):
                    _compare(run, op, a, b, holds)
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=label), cls]):
            from shapetorch.flow.expressions import evaluate

            wanted = evaluate(run, cls)
            keep(run, label, lambda value: is_instance(run, value, wanted) is not (not holds))
        case ast.Call(func=ast.Name(), args=[argument], keywords=[]):
            predicate = _predicate(run, test.func, argument)
            if predicate is not None:
                narrow(run, predicate, holds)
        case ast.NamedExpr(target=ast.Name(id=label)) | ast.Name(id=label):
            from shapetorch.flow.comparisons import truth_of

            keep(run, label, lambda value: truth_of(run, value) is not (not holds))
            guard(run, test)
        case ast.Attribute():
            _keep_attribute(run, test, lambda value: (value != NONE) or not holds)
            guard(run, test)


def _predicate(run: Run, function: ast.expr, argument: ast.expr) -> ast.expr | None:
    """What ``exists(x)`` asks, where ``def exists(v): return v is not None``."""
    from shapetorch.flow.expressions import evaluate

    with run.muted():
        called = evaluate(run, function)
    if not isinstance(called, Function):
        return None
    parameters = called.node.args.args
    body = called.node.body
    if len(parameters) != 1:
        return None
    if isinstance(body, list):
        only = body[-1]
        if len(body) > 2 or not isinstance(only, ast.Return) or only.value is None:
            return None
        body = only.value
    if not isinstance(body, (ast.Compare, ast.Call)):
        return None

    class Substitute(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return argument if node.id == parameters[0].arg else node

    asked: ast.expr = Substitute().visit(copy.deepcopy(body))
    return asked if isinstance(asked, ast.Compare) else None


def keep(run: Run, label: str, possible: Callable[[Value], bool]) -> None:
    """Leave of a local name's alternatives those that are possible."""
    value = run.frame.locals.get(label)
    if value is None:
        return
    left = [option for option in alternatives(value) if possible(option)]
    if left:
        run.frame.locals[label] = union(left)
        _unbind(run, value, left)
    else:  # no value gets here
        run.facts = replace(run.facts, contradictory=True)


def _unbind(run: Run, before: Value, left: list[Value]) -> None:
    """Names that only an array has which is not there (``x is None``) are bound by nothing."""
    if any(not isinstance(option, (Constant, Integer, Scalar)) for option in left):
        return
    found: set[str] = set()
    for part in _sizes_in(before):
        if isinstance(part, Variadic):
            found.add(f"*{part.name}")
        else:
            found.update(atom.name for atom in names(part))
    if not found <= run.facts.unbound:
        run.facts = replace(run.facts, unbound=run.facts.unbound | found)


def _sizes_in(value: Value) -> Iterator[Size | Variadic]:
    for option in alternatives(value):
        if isinstance(option, Tensor):
            yield from option.shape
        elif isinstance(option, Tuple):
            for item in option.items:
                yield from _sizes_in(item)


def _keep_attribute(run: Run, node: ast.Attribute, possible: Callable[[Value], bool]) -> None:
    """The same for an attribute of an instance."""
    from shapetorch.flow.expressions import evaluate
    from shapetorch.flow.values import Ref

    with run.muted():
        base = evaluate(run, node.value)
    record = run.object_of(base)
    if record is None or node.attr not in record.attrs or not isinstance(base, Ref):
        return
    left = [option for option in alternatives(record.attrs[node.attr]) if possible(option)]
    if left and len(left) < len(alternatives(record.attrs[node.attr])):
        run.set_attribute(base, node.attr, union(left))


def _compare(run: Run, op: ast.cmpop, a: ast.expr, b: ast.expr, holds: bool) -> None:
    from shapetorch.flow.expressions import evaluate

    if isinstance(op, (ast.Is, ast.IsNot)):
        _compare_none(run, a, b, isinstance(op, ast.Is) is holds)
        return
    with run.muted():
        left, right = evaluate(run, a), evaluate(run, b)
    equal = (isinstance(op, ast.Eq) and holds) or (isinstance(op, ast.NotEq) and not holds)
    if equal:
        _equal(run, a, b, left, right)
        for side in (a, b):
            _forget_dtype(run, side)
        return
    _compare_rank(run, op, a, right, holds)
    if isinstance(left, Integer) and isinstance(right, Integer):
        if _order(run, op, left.size, right.size, holds):
            return
    guard(run, a)
    guard(run, b)


def _forget_dtype(run: Run, node: ast.expr) -> None:
    """Where ``x.dtype == torch.bool`` holds, `x` need not have the dtype that its annotation says."""
    match node:
        case ast.Attribute(value=ast.Name(id=label), attr="dtype"):
            value = run.frame.locals.get(label, UNKNOWN_VALUE)
            if any(isinstance(option, Tensor) for option in alternatives(value)):
                run.frame.locals[label] = union(
                    replace(option, dtype=None) if isinstance(option, Tensor) else option
                    for option in alternatives(value)
                )


def _compare_none(run: Run, a: ast.expr, b: ast.expr, is_none: bool) -> None:
    if not (isinstance(b, ast.Constant) and b.value is None):
        return
    if isinstance(a, ast.NamedExpr):
        a = a.target
    if isinstance(a, ast.Name):
        keep(run, a.id, lambda value: isinstance(value, Unknown) or (value == NONE) is is_none)
        if is_none and isinstance(run.frame.locals.get(a.id), Unknown):
            run.frame.locals[a.id] = NONE
    elif isinstance(a, ast.Attribute):
        _keep_attribute(
            run, a, lambda value: isinstance(value, Unknown) or (value == NONE) is is_none
        )


def _equal(run: Run, a: ast.expr, b: ast.expr, left: Value, right: Value) -> None:
    """``a == b`` between sizes, shapes, and remainders."""
    for node, other in ((a, right), (b, left)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and other == Integer(0):
            _divisible(run, node)
            return
        if _rank_of(run, node, other):
            return
    if isinstance(left, Integer) and isinstance(right, Integer):
        _learn(run, left.size, right.size)
    elif (
        isinstance(left, Tuple) and isinstance(right, Tuple) and len(left.items) == len(right.items)
    ):
        for x, y in zip(left.items, right.items, strict=True):
            if isinstance(x, Integer) and isinstance(y, Integer):
                _learn(run, x.size, y.size)
    elif isinstance(right, Tuple):
        _shape_is(run, a, right)
    elif isinstance(left, Tuple):
        _shape_is(run, b, left)


def _learn(run: Run, a: Size, b: Size) -> None:
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return
    if 0 in (a, b):  # who asks whether a size is 0 knows that it may be
        run.facts = run.facts.allow_zero(a if b == 0 else b)
    run.facts = run.facts.assume_equal(a, b)


def _divisible(run: Run, node: ast.BinOp) -> None:
    from shapetorch.flow.expressions import evaluate
    from shapetorch.flow.operators import as_integer

    with run.muted():
        number, divisor = evaluate(run, node.left), evaluate(run, node.right)
    n, d = as_integer(number, divisor), as_integer(divisor, number)
    if n is not None and d is not None and d != 0:
        run.facts = run.facts.assume_divisible(n, d)


def _rank_of(run: Run, node: ast.expr, value: Value) -> bool:
    """``x.ndim == 3``, ``x.dim() == 3``, ``len(x.shape) == 3``: the rank of a local tensor."""
    label = _label_of_rank(node)
    if label is None or not isinstance(value, Integer) or not isinstance(value.size, int):
        return False
    rank = value.size
    if 0 <= rank <= 16:
        for option in alternatives(run.frame.locals.get(label, NONE)):
            if isinstance(option, Tensor) and is_unknown(option.shape):
                sizes = tuple(run.fresh() for _ in range(rank))
                run.frame.locals[label] = option.of_shape(sizes)
                return True
        keep(
            run,
            label,
            lambda v: (
                v != NONE and not (isinstance(v, Tensor) and _known_rank(v) not in (None, rank))
            ),
        )
    return True


def _label_of_rank(node: ast.expr) -> str | None:
    """The local whose rank an expression is."""
    match node:
        case ast.Attribute(value=ast.Name(id=label), attr="ndim"):
            return label
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=label), attr="dim" | "ndimension"), args=[]
        ):
            return label
        case ast.Call(
            func=ast.Name(id="len"), args=[ast.Attribute(value=ast.Name(id=label), attr="shape")]
        ):
            return label
    return None


_ORDER: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _compare_rank(run: Run, op: ast.cmpop, node: ast.expr, value: Value, holds: bool) -> None:
    """``x.ndim > 2`` and the like leave the alternatives of such a rank."""
    label = _label_of_rank(node)
    if label is None or not isinstance(value, Integer) or not isinstance(value.size, int):
        return
    wanted, order = value.size, _ORDER.get(type(op))

    def possible(option: Value) -> bool:
        rank = _known_rank(option) if isinstance(option, Tensor) else None
        return rank is None or order is None or order(rank, wanted) is holds

    keep(run, label, possible)


def _known_rank(value: Tensor) -> int | None:
    from shapetorch.dim import is_fixed

    return len(value.shape) if is_fixed(value.shape) else None


def _shape_is(run: Run, node: ast.expr, sizes: Tuple) -> None:
    """``x.shape == (a, b)`` for an `x` of unknown rank."""
    if (
        isinstance(node, ast.Attribute)
        and node.attr == "shape"
        and isinstance(node.value, ast.Name)
    ):
        known = run.frame.locals.get(node.value.id)
        if isinstance(known, Tensor) and is_unknown(known.shape):
            shape = tuple(x.size if isinstance(x, Integer) else UNKNOWN_DIM for x in sizes.items)
            run.frame.locals[node.value.id] = known.of_shape(shape)


def _order(run: Run, op: ast.cmpop, a: Size, b: Size, holds: bool) -> bool:
    """Learn from ``n > 3`` and the like; whether that says all there is to it."""
    if UNKNOWN_DIM in (a, b) or not isinstance(op, _ORDERS):
        return False
    less = isinstance(op, (ast.Lt, ast.LtE))
    strict = isinstance(op, (ast.Lt, ast.Gt))
    if not holds:
        less, strict = not less, not strict
    small, large = (a, b) if less else (b, a)
    run.facts = run.facts.assume_at_least(large, small + (1 if strict else 0))
    return True


_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def is_of_order(test: ast.expr) -> bool:
    """Whether a condition only compares which is larger: then what holds in a branch is a fact of sizes."""
    match test:
        case ast.UnaryOp(ast.Not(), operand):
            return is_of_order(operand)
        case ast.BoolOp(_, values):
            return all(map(is_of_order, values))
        case ast.Compare(ops=ops):
            return all(isinstance(op, _ORDERS) for op in ops)
    return False


def guard(run: Run, node: ast.expr) -> None:
    """Plain parameters that a guard mentions may be equal by an unwritten rule."""
    from shapetorch.flow.expressions import evaluate

    if any(isinstance(part, ast.Mod) for part in ast.walk(node)):
        return  # a test of divisibility says nothing of equality
    found: set[str] = set()
    with run.muted():
        for part in ast.walk(node):
            if isinstance(part, (ast.Name, ast.Attribute)):
                value = evaluate(run, part)
                if isinstance(value, Integer) and value.size is not UNKNOWN_DIM:
                    found |= {n.name for n in names(value.size)}
                elif isinstance(value, Unknown) and value.label is not None:
                    found.add(value.label)
    relevant = found & (run.facts.parameters | run.integers)
    if relevant - run.facts.guarded:
        run.facts = replace(run.facts, guarded=run.facts.guarded | relevant)
