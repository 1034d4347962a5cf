"""Expressions: syntax to values."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import replace

from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    Facts,
    Size,
    Truth,
    Variadic,
    compare,
    is_fixed,
    names,
)
from shapetorch.flow import aliases, calls, hints, operators, tensors
from shapetorch.flow.state import Frame, Run, element_of
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
    TypeParam,
    Unknown,
    Value,
    alternatives,
    union,
)


def evaluate(run: Run, node: ast.expr) -> Value:
    """The value of an expression in the current frame."""
    run.step()
    value = _evaluate(run, node)
    if isinstance(value, Tensor) and not run.silent:
        key = (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
        if run.frame.module.name == run.main and not run.call_sites:
            run.tensors[key] = is_fixed(value.shape) or any(
                not (isinstance(part, Variadic) and part.name is None) for part in value.shape
            )
    return value


def _evaluate(run: Run, node: ast.expr) -> Value:
    match node:
        case ast.Name(id=text):
            return lookup(run, run.frame, text)
        case ast.Constant(value=constant):
            return of_constant(constant)
        case ast.Attribute(value=base, attr=attribute):
            return get_attribute(run, evaluate(run, base), attribute, node)
        case ast.Call():
            return calls.evaluate_call(run, node)
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
            return _comprehension(run, node)
        case ast.Lambda():
            return Function(node, run.frame.module, run.frame)
        case ast.JoinedStr(values):
            return _joined(run, values)
        case ast.NamedExpr(target=ast.Name(id=text), value=inner):
            value = evaluate(run, inner)
            run.frame.locals[text] = value
            return value
        case ast.Starred(value=inner):
            return evaluate(run, inner)
        case ast.Slice(lower, upper, step):
            parts = [NONE if part is None else evaluate(run, part) for part in (lower, upper, step)]
            return Slice(*parts)
        case ast.Await(value=inner) | ast.YieldFrom(value=inner):
            evaluate(run, inner)
            return UNKNOWN_VALUE
        case ast.Yield(value=inner):
            if inner is not None:
                run.frame.yielded.append(evaluate(run, inner))
            return UNKNOWN_VALUE
    return UNKNOWN_VALUE


def of_constant(constant: object) -> Value:
    """A literal as a value."""
    if isinstance(constant, int) and not isinstance(constant, bool):
        return Integer(constant)
    return Constant(constant)


# -- names ----------------------------------------------------------------------------------------


def lookup(run: Run, frame: Frame, text: str) -> Value:
    """What a name means in a frame: local, enclosing, module, built-in."""
    where: Frame | None = frame
    while where is not None:
        # a class body is no enclosing scope of its methods
        if text in where.locals and (where is frame or where.function or where.is_module):
            return resolve_import(run, where.locals[text])
        where = where.parent
    top = module_frame(run, frame.module.name)
    if top is not None and text in top.locals:
        return resolve_import(run, top.locals[text])
    if text == "__name__":
        return Scalar("str")
    return External(f"builtins.{text}") if hasattr(builtins, text) else UNKNOWN_VALUE


def lookup_dotted(run: Run, dotted: str) -> Value:
    """What a dotted name means in the current frame, quietly."""
    first, *rest = dotted.split(".")
    value = lookup(run, run.frame, first)
    with run.muted():
        for part in rest:
            value = get_attribute(run, value, part, None)
    return value


def module_frame(run: Run, name: str) -> Frame | None:
    """The frame of a module's top level, run when first needed."""
    from shapetorch.flow.statements import run_module

    module = run.program.module(name)
    if module is None:
        return None
    if name != run.main:
        run.read.add(name)
    return run_module(run, module)


def resolve_import(run: Run, value: Value) -> Value:
    """An imported name as what it is: imports are followed when the name is used."""
    if isinstance(value, External) and value.name.startswith("import:"):
        full = value.name.removeprefix("import:")
        module, _, attribute = full.partition(":")
        if attribute:
            return from_module(run, module, attribute)
        return ModuleValue(module) if run.program.module(module) else External(canonical(module))
    return value


def from_module(run: Run, module: str, attribute: str) -> Value:
    """The name `attribute` of a module."""
    frame = module_frame(run, module)
    if frame is not None:
        if attribute in frame.locals:
            return resolve_import(run, frame.locals[attribute])
        if run.program.module(f"{module}.{attribute}") is not None:
            return ModuleValue(f"{module}.{attribute}")
        return UNKNOWN_VALUE
    if run.program.module(f"{module}.{attribute}") is not None:
        return ModuleValue(f"{module}.{attribute}")
    return known_constant(canonical(f"{module}.{attribute}"))


_CONSTANTS: dict[str, Value] = {
    "typing.TYPE_CHECKING": Constant(True),
    "math.pi": Scalar("float"),
    "math.e": Scalar("float"),
    "math.inf": Scalar("float"),
    "torch.inf": Scalar("float"),
    "torch.pi": Scalar("float"),
    "numpy.pi": Scalar("float"),
    "numpy.inf": Scalar("float"),
    "numpy.newaxis": NONE,
}


def known_constant(full: str) -> Value:
    """An external name, or its value if it is a constant."""
    return _CONSTANTS.get(full) or External(full)


def canonical(full: str) -> str:
    """The public name of something of a library: where PyTorch documents it."""
    if full == "shapetorch" or full.startswith("shapetorch."):
        full = "torch" + full.removeprefix("shapetorch")
    for private in ("torch.nn.modules.", "torch.nn.parameter."):
        if full.startswith(private):
            return "torch.nn." + full.rsplit(".", 1)[-1]
    if full in ("torch._tensor.Tensor", "torch.tensor.Tensor"):
        return "torch.Tensor"
    if full.startswith(("typing_extensions.", "collections.abc.")):
        return "typing." + full.rsplit(".", 1)[-1]
    if full.startswith(("torch.functional.", "torch._C._VariableFunctions.")):
        return "torch." + full.rsplit(".", 1)[-1]
    return full


# -- attributes -----------------------------------------------------------------------------------


def get_attribute(run: Run, value: Value, attribute: str, node: ast.AST | None) -> Value:
    """``value.attribute``."""
    from shapetorch.flow import classes, layers

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
        case Constant() | Integer() | Scalar() | Tuple() | Many() | ShapeOf():
            return Method(value, attribute)
        case Function():
            return Method(value, attribute)
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
        return run.allocate(ListRecord(None, kind=kind))
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


def iterate(run: Run, value: Value) -> list[Value] | None:
    """The items of an iterable; None if their number is not known."""
    match value:
        case Tuple(items):
            return list(items)
        case Constant(value=str(text)):
            return [Constant(letter) for letter in text]
        case Alternatives(values):
            rows = [iterate(run, item) for item in values]
            if rows[0] is None or any(row is None or len(row) != len(rows[0]) for row in rows):
                return None
            return [union(column) for column in zip(*[row or [] for row in rows], strict=True)]
        case Many(element, length) if isinstance(length, int) and length <= 64:
            return [element] * length
        case Tensor(shape) if shape and isinstance(shape[0], int) and shape[0] <= 64:
            return [value.of_shape(shape[1:])] * shape[0]
        case Ref():
            record = run.heap.get(value.key)
            if isinstance(record, ListRecord) and record.items is not None:
                return list(record.items)
            if (
                isinstance(record, ListRecord)
                and isinstance(record.length, int)
                and record.length <= 64
            ):
                return [record.element] * record.length
            if isinstance(record, DictRecord) and record.items is not None:
                return [of_constant(key) for key in record.items]
            inner = run.object_of(value)
            if inner is not None and inner.base is not None:
                return iterate(run, inner.base)
            if inner is not None:
                from shapetorch.flow.classes import items_of_named_tuple

                return items_of_named_tuple(run, value, inner.cls)
    return None


def element_and_length(run: Run, value: Value) -> tuple[Value, Size]:
    """What iterating over a value gives each time, and how often."""
    match value:
        case Many(element, length):
            return element, length
        case Tensor(shape) if shape and not isinstance(shape[0], Variadic):
            return value.of_shape(shape[1:]), shape[0]
        case Alternatives(values):
            pairs = [element_and_length(run, item) for item in values]
            lengths = {length for _, length in pairs}
            return union([e for e, _ in pairs]), lengths.pop() if len(lengths) == 1 else UNKNOWN_DIM
        case Ref():
            record = run.heap.get(value.key)
            if isinstance(record, ListRecord):
                length = record.length if record.items is None else len(record.items)
                return element_of(record), length
            if isinstance(record, DictRecord):
                return UNKNOWN_VALUE, UNKNOWN_DIM
            inner = run.object_of(value)
            if inner is not None and inner.base is not None:
                return element_and_length(run, inner.base)
    items = iterate(run, value)
    if items is not None:
        return (union(items) if items else UNKNOWN_VALUE), len(items)
    return UNKNOWN_VALUE, UNKNOWN_DIM


def _dict(run: Run, keys: list[ast.expr | None], values: list[ast.expr]) -> Value:
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


def plain_key(value: Value) -> object | None:
    """A dict key that is known exactly."""
    if isinstance(value, Constant) and value.value is not None:
        key: object = value.value
        return key
    return value.size if isinstance(value, Integer) and isinstance(value.size, int) else None


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


def _comprehension(
    run: Run, node: ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp
) -> Value:
    from shapetorch.flow.statements import bind_target

    frame = Frame(
        run.frame.module,
        dict(run.frame.locals),
        run.frame.parent,
        run.frame.function,
        run.frame.owner,
    )
    generator = node.generators[0]
    source = evaluate(run, generator.iter)
    items = iterate(run, source)
    is_dict = isinstance(node, ast.DictComp)
    exact = items is not None and len(items) <= 64
    length: Size = UNKNOWN_DIM
    if not exact:
        one, length = element_and_length(run, source)
        items = [one]
    results: list[Value] = []
    keys: list[Value] = []
    keep = run.stack[-1]
    run.stack[-1] = frame
    try:
        for item in items or []:
            before = run.facts
            bind_target(run, generator.target, item, node)
            chosen = _filter(run, generator.ifs)
            if chosen is not False:
                if chosen is None:
                    exact, length = False, UNKNOWN_DIM
                if len(node.generators) > 1:
                    exact, length = False, UNKNOWN_DIM
                    _inner_generators(run, node.generators[1:])
                if is_dict:
                    assert isinstance(node, ast.DictComp)
                    keys.append(evaluate(run, node.key))
                    results.append(evaluate(run, node.value))
                else:
                    assert not isinstance(node, ast.DictComp)
                    results.append(evaluate(run, node.elt))
            run.facts = before
    finally:
        run.stack[-1] = keep
    if is_dict:
        plain = [plain_key(key) for key in keys]
        if exact and None not in plain:
            return run.allocate(DictRecord(dict(zip(plain, results, strict=True))))
        return run.allocate(DictRecord(None, union(results) if results else UNKNOWN_VALUE))
    element = union(results) if results else UNKNOWN_VALUE
    if isinstance(node, ast.GeneratorExp):
        return Tuple(tuple(results)) if exact else Many(element, length)
    kind = "list" if isinstance(node, ast.ListComp) else "set"
    return run.allocate(
        ListRecord(tuple(results), kind=kind) if exact else ListRecord(None, element, length, kind)
    )


def _inner_generators(run: Run, generators: list[ast.comprehension]) -> None:
    from shapetorch.flow.statements import bind_target

    for generator in generators:
        one, _ = element_and_length(run, evaluate(run, generator.iter))
        bind_target(run, generator.target, one, generator.iter)
        _filter(run, generator.ifs)


def _filter(run: Run, tests: list[ast.expr]) -> bool | None:
    """Whether an item is kept: None if that is not known."""
    answer: bool | None = True
    for test in tests:
        truth = truth_of(run, evaluate(run, test))
        if truth is False:
            return False
        assume(run, test, True)
        answer = None if truth is None else answer
    return answer


# -- truth -------------------------------------------------------------------------------------------


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


def _bool_op(run: Run, operator: ast.boolop, nodes: list[ast.expr]) -> Value:
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
    return union(results)


_ORDER = {ast.Lt: "__lt__", ast.LtE: "__le__", ast.Gt: "__gt__", ast.GtE: "__ge__"}
_EQUALITY = {ast.Eq: "__eq__", ast.NotEq: "__ne__"}


def _compare(
    run: Run, left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr], node: ast.expr
) -> Value:
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
    if isinstance(a, kinds) and isinstance(b, kinds) and NONE in (a, b):
        return False
    return None


def assume(run: Run, test: ast.expr, holds: bool) -> None:
    """Go on believing that a condition holds, or that it does not."""
    from shapetorch.flow.narrowing import narrow

    narrow(run, test, holds)


# -- subscripts -----------------------------------------------------------------------------------------


def subscript_value(run: Run, base: Value, index: ast.expr, node: ast.AST) -> Value:
    """``base[index]``."""
    match base:
        case External(name) if (
            name.startswith(("torch.nn.", "torch.Size")) and name not in hints.ARRAYS
        ):
            return UNKNOWN_VALUE
        case External() | Class():
            hint = hints.read_subscript(run, base, index)
            if hint == hints.ANY:
                return UNKNOWN_VALUE
            return HintValue(hint, aliases.parameters_in(run, index))
        case HintValue(parameters=parameters) if parameters:
            return aliases.subscripted(run, base, index)
        case HintValue() | TypeParam():
            return base
        case Alternatives(values):
            return union([subscript_value(run, item, index, node) for item in values])
        case Tensor():
            return tensors.get_item(run, base, index, node)
    return item_of(run, base, evaluate(run, index), node)


def item_of(run: Run, base: Value, index: Value, node: ast.AST) -> Value:
    """The item of a container at an index that has been evaluated."""
    match base, index:
        case Tuple(items), Integer(size) if isinstance(size, int):
            if -len(items) <= size < len(items):
                return items[size]
            return UNKNOWN_VALUE
        case Tuple(items), Slice() if (part := plain_slice(index)) is not None:
            return Tuple(items[part])
        case Tuple(items), Integer():
            return union(items) if items else UNKNOWN_VALUE
        case ShapeOf(shape), _:
            return tensors.item_of_shape(run, shape, index)
        case Many(element), Slice():
            return Many(element)
        case Many(element), _:
            return element
        case Constant(value=str(text)), Integer(size) if isinstance(size, int):
            return Constant(text[size]) if -len(text) <= size < len(text) else UNKNOWN_VALUE
        case Ref(key), _:
            return _item_of_object(run, key, base, index, node)
    return UNKNOWN_VALUE


def _item_of_object(run: Run, key: int, base: Value, index: Value, node: ast.AST) -> Value:
    record = run.heap.get(key)
    if isinstance(record, DictRecord):
        label = plain_key(index)
        if record.items is not None and label in record.items:
            return record.items[label]
        return element_of(record) if record.items is None or label is None else UNKNOWN_VALUE
    if isinstance(record, ListRecord):
        if record.items is None:
            if isinstance(index, Slice):
                return run.allocate(ListRecord(None, record.element, kind=record.kind))
            return record.element
        inner = item_of(run, Tuple(record.items), index, node)
        if isinstance(index, Slice):
            if isinstance(inner, Tuple):
                return run.allocate(ListRecord(inner.items, kind=record.kind))
            return run.allocate(ListRecord(None, element_of(record), kind=record.kind))
        return inner
    if record is not None:
        if record.base is not None:
            return item_of(run, record.base, index, node)
        items = iterate(run, base)
        if items is not None:
            return item_of(run, Tuple(tuple(items)), index, node)
        method = get_attribute(run, base, "__getitem__", node)
        if isinstance(method, Function):
            return calls.call(run, method, [index], {}, node)
    return UNKNOWN_VALUE


def plain_slice(index: Slice) -> slice | None:
    """A slice whose bounds are known integers."""
    parts: list[int | None] = []
    for part in (index.start, index.stop, index.step):
        if part == NONE:
            parts.append(None)
        elif isinstance(part, Integer) and isinstance(part.size, int):
            parts.append(part.size)
        else:
            return None
    return slice(*parts) if parts[2] != 0 else None


def sizes_named(value: Value) -> set[str]:
    """The names in an integer."""
    return {n.name for n in names(value.size)} if isinstance(value, Integer) else set()
