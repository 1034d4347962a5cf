"""What the attributes of an instance may be at any time, not only when it has just been made.

A method may be called before or after any other one. So what stands for all instances inside a class
has, for each attribute that a method assigns or fills, what the constructor gives it or any such method
leaves there: the methods are run, like the rounds of a loop, until nothing changes. An instance that
came from elsewhere, or that an annotated method was called on, has forgotten these attributes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from shapetorch.dim import Dim, Size, Variadic, name, names, substitute
from shapetorch.flow import functions, signatures
from shapetorch.flow.hints import TensorHint
from shapetorch.flow.items import CONSTRUCTORS
from shapetorch.flow.state import BudgetExceededError, Run, join_records
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Block,
    Class,
    DictRecord,
    Function,
    Integer,
    ListRecord,
    Many,
    ObjectRecord,
    Record,
    Ref,
    Tensor,
    Tuple,
    Value,
    alternatives,
    union,
    widen,
)

FILLING = frozenset(
    "append extend insert pop popleft appendleft clear remove update setdefault add discard sort "
    "reverse".split()
)
REGISTERING = frozenset({"register_buffer", "register_parameter", "register_module", "add_module"})
ROUNDS = 3


def changed_by(function: Function) -> set[str]:
    """The attributes of its instance that a method assigns or fills."""
    return {label for label, _ in _changes_of(function)}


def _changes_of(function: Function) -> tuple[tuple[str, bool], ...]:
    """What `_changes` gives, read once for each method."""
    known, key = function.module.surface.changes, (function.node, _me(function))
    if key not in known:
        known[key] = tuple(_changes(*key))
    return known[key]


def _changes(node: ast.AST, me: str) -> Iterator[tuple[str, bool]]:
    """Attributes, and whether it is only their content that changes."""
    for part in ast.walk(node):
        match part:
            case ast.Attribute(value=ast.Name(id=base), attr=label, ctx=ast.Store() | ast.Del()):
                if base == me:
                    yield label, False
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id=base), attr=label),
                ctx=ast.Store() | ast.Del(),
            ) if base == me:
                yield label, True
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(ast.Name(id=base), label), attr=verb)
            ) if base == me and verb in FILLING:
                yield label, True
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=base), attr=verb),
                args=[ast.Constant(value=str(label)), *_],
            ) if base == me and verb in REGISTERING:
                yield label, False
            case ast.Call(
                func=ast.Name(id="setattr"),
                args=[ast.Name(id=base), ast.Constant(value=str(label)), *_],
            ) if base == me:
                yield label, False


def _methods(run: Run, cls: Class) -> Iterator[Function]:
    """The methods that an instance has, constructors aside."""
    from shapetorch.flow.classes import ancestors, find_method

    seen: set[str] = set(CONSTRUCTORS)
    for base in ancestors(run, cls):
        for node in base.node.body if isinstance(base, Class) else []:
            if isinstance(node, ast.FunctionDef) and node.name not in seen:
                seen.add(node.name)
                found = find_method(run, cls, node.name)
                if found is not None and "staticmethod" not in signatures.decorators(run, found):
                    yield found


def _me(function: Function) -> str:
    spec = function.node.args
    first = [*spec.posonlyargs, *spec.args][:1]
    return first[0].arg if first else ""


def _only_constructs(run: Run, function: Function) -> bool:
    """Whether a method is mentioned in constructors alone."""
    assert isinstance(function.node, ast.FunctionDef), "a lambda is no method"
    label = function.node.name
    return run.noted(
        "constructing", label, label in function.module.surface.constructing, function.module
    )


def changing(run: Run, cls: Class) -> list[tuple[Function, set[str]]]:
    """The methods that change attributes after construction, and which."""
    found = run.changing.get(cls)
    if found is None:
        found = []
        for method in _methods(run, cls):
            labels = changed_by(method)
            if labels and not _only_constructs(run, method):
                found.append((method, labels))
        run.changing[cls] = found
    return found


# -- the instance that stands for all ------------------------------------------------------------------


def settle(run: Run, cls: Class, instance: Ref) -> None:
    """Give the generic instance what its attributes may be at any time."""
    methods = changing(run, cls)
    if not methods:
        return
    facts, steps = run.facts, run.steps
    for round_ in range(ROUNDS):
        before = dict(run.heap)
        after = before
        try:
            with run.muted():
                for method, _ in methods:
                    run.heap = dict(before)
                    _run(run, method, instance)
                    kept = _constructor_names(run, cls, instance) - _own_names(method)
                    after = _joined(run, before, after, kept)
        except (BudgetExceededError, RecursionError):
            run.heap = before
            _forget(run, instance, set().union(*(labels for _, labels in methods)))
            break
        finally:
            run.facts, run.steps = facts, steps
        run.heap = after if round_ < ROUNDS - 1 else _widened(before, after)
        if run.heap == before:
            break


def _run(run: Run, method: Function, instance: Ref) -> None:
    from shapetorch.flow.instances import parameter_values

    bound = replace(method, bound=instance)
    alive = run.alive
    functions.run_body(run, bound, parameter_values(run, bound), method.node)
    run.alive = alive


def _constructor_names(run: Run, cls: Class, instance: Ref) -> set[str]:
    """The names that mean the same in every method: of its fields, sizes, and constructor's parameters."""
    from shapetorch.flow.classes import find_method

    record = run.object_of(instance)
    assert record is not None, "an instance has a record"
    sizes: list[object] = list(record.sizes.values())  # rows of sizes too
    kept = {n.name for size in sizes if isinstance(size, (int, Dim)) for n in names(size)}
    init = find_method(run, cls, "__init__")
    return kept | _field_names(run, cls) | (_own_names(init) if init is not None else set())


def _field_names(run: Run, cls: Class) -> set[str]:
    """The names in the annotations of a class's fields."""
    from shapetorch.flow.classes import class_hint, fields_of

    shown: set[str] = set()
    for owner, node in fields_of(run, cls).values():
        hint = class_hint(run, owner, node.annotation)
        for part in hint.spec.shape() if isinstance(hint, TensorHint) and hint.spec else ():
            if not isinstance(part, Variadic):
                shown |= {atom.name for atom in names(part)}
    return shown


def _own_names(function: Function) -> set[str]:
    return {parameter.arg for parameter in signatures.parameters(function)} - {_me(function)}


def _joined(
    run: Run, before: dict[int, Record], after: dict[int, Record], kept: set[str]
) -> dict[int, Record]:
    """`after`, with what the last method has left in the records that there were before."""
    joined = dict(after)
    for key, now in run.heap.items():
        if key not in before:
            joined[key] = _blurred(now, kept)
        elif now != before[key]:
            joined[key] = join_records(after[key], _blurred(now, kept, before[key]))
    return joined


def _blurred(record: Record, kept: set[str], before: Record | None = None) -> Record:
    """A record in which only the names of the constructor say anything, and what was there before."""
    match record:
        case ListRecord(items, element, length):
            new = None if items is None else tuple(_blur(item, kept) for item in items)
            size = _blur_size(length, kept)
            assert not isinstance(size, Variadic), "a length is a size"
            parts = tuple(_blur(part, kept) for part in record.parts)
            return replace(
                record, items=new, element=_blur(element, kept), length=size, parts=parts
            )
        case DictRecord(items, element, kind):
            new_items = None if items is None else {k: _blur(v, kept) for k, v in items.items()}
            return DictRecord(new_items, _blur(element, kept), kind)
        case ObjectRecord(attrs=attrs):
            old = before.attrs if isinstance(before, ObjectRecord) else {}
            changed = {k: _blur(v, kept) for k, v in attrs.items() if k not in old or old[k] != v}
            return replace(record, attrs={**attrs, **changed})


def _blur(value: Value, kept: set[str]) -> Value:
    options = alternatives(value)
    if len(options) > 1:
        return union(_blur(option, kept) for option in options)
    match value:
        case Tensor(shape):
            return value.of_shape(tuple(_blur_size(size, kept) for size in shape))
        case Integer(size):
            blurred = _blur_size(size, kept)
            assert not isinstance(blurred, Variadic), "a number is a size"
            return Integer(blurred)
        case Tuple(items, fields):
            return Tuple(tuple(_blur(item, kept) for item in items), fields)
        case Many(element, length):
            blurred = _blur_size(length, kept)
            assert not isinstance(blurred, Variadic), "a length is a size"
            return Many(_blur(element, kept), blurred)
        case Block(items, repeated):
            return Block(tuple(_blur(item, kept) for item in items), repeated)
    return value


def _blur_size(size: Size | Variadic, kept: set[str]) -> Size | Variadic:
    if isinstance(size, Variadic):
        return Variadic(None)
    said = {
        n.name: name(f"?{n.name.lstrip('?*')}", soft=True)
        for n in names(size)
        if n.name not in kept and n.name.split(".")[0] not in kept and not n.opaque
    }
    return substitute(size, said)


def _widened(before: dict[int, Record], after: dict[int, Record]) -> dict[int, Record]:
    """What still changes is not known."""
    heap = dict(after)
    for key, old in before.items():
        new = after[key]
        if new == old:
            continue
        if isinstance(old, ObjectRecord) and isinstance(new, ObjectRecord):
            attrs: dict[str, Value] = {}
            for label, value in new.attrs.items():
                first = old.attrs.get(label, value)
                attrs[label] = value if first == value else _wide(first, value)
            heap[key] = replace(new, attrs=attrs)
        elif isinstance(new, ListRecord):
            heap[key] = ListRecord(None, kind=new.kind)
        elif isinstance(new, DictRecord):
            heap[key] = DictRecord(None, kind=new.kind)
    return heap


def _wide(a: Value, b: Value) -> Value:
    options = [*alternatives(a), *alternatives(b)]
    first = options[0]
    for other in options[1:]:
        first = widen(first, other)
    return first


# -- other instances -------------------------------------------------------------------------------------


def forget_all(run: Run, value: Value, *, itself: bool = True) -> None:
    """An instance and those it holds may have been used: what their methods change is not known."""
    seen: set[int] = set()

    def visit(value: Value, itself: bool) -> None:
        for option in alternatives(value):
            if isinstance(option, Tuple):
                for item in option.items:
                    visit(item, True)
            if not isinstance(option, Ref) or option.key in seen:
                continue
            seen.add(option.key)
            record = run.heap.get(option.key)
            if isinstance(record, ObjectRecord):
                if itself:
                    labels = (labels for _, labels in changing(run, record.cls))
                    _forget(run, option, set().union(*labels))
                for item in record.attrs.values():
                    visit(item, True)
            elif isinstance(record, (ListRecord, DictRecord)):
                values: Mapping[object, Value] | tuple[Value, ...] | None = record.items
                found = values.values() if isinstance(values, Mapping) else values or ()
                for item in (*found, record.element):
                    visit(item, True)

    visit(value, itself)


def called(run: Run, function: Function, bound: Mapping[str, Value], node: ast.AST) -> None:
    """An annotated method was called: its result is declared, but what it changes follows from its body."""
    record = run.object_of(function.bound) if function.bound is not None else None
    if record is None or not isinstance(function.bound, Ref):
        return
    methods = {m.node.name: m for m, _ in changing(run, record.cls) if hasattr(m.node, "name")}
    labels = _reached(function, methods) if methods else set()
    if not labels:
        return
    deferred, run.deferred = run.deferred, 0
    try:
        with run.muted():
            if not functions.is_running(run, function):
                functions.run_body(run, function, bound, node)
                return
    finally:
        run.deferred = deferred
    _forget(run, function.bound, labels)


def _reached(function: Function, methods: Mapping[str, Function]) -> set[str]:
    """What a method changes, and the methods it calls on the same instance."""
    found: set[str] = set()
    todo, done = [function], set()
    while todo:
        one = todo.pop()
        if id(one.node) in done:
            continue
        done.add(id(one.node))
        me = _me(one)
        found |= changed_by(one)
        for node in ast.walk(one.node):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id == me and node.attr in methods:
                    todo.append(methods[node.attr])
    return found


def _forget(run: Run, instance: Ref, labels: set[str]) -> None:
    """Leave of attributes only what is declared of them."""
    from shapetorch.flow.classes import class_hint, fields_of
    from shapetorch.flow.hint_values import instantiate

    record = run.object_of(instance)
    if record is None or not labels:
        return
    attrs = dict(record.attrs)
    declared = fields_of(run, record.cls)
    for label in labels & attrs.keys():
        if isinstance(attrs[label], Tensor) and label not in _assigned(run, record.cls):
            continue  # written into, which leaves its shape
        attrs[label] = UNKNOWN_VALUE
        if label in declared:
            owner, node = declared[label]
            hint = class_hint(run, owner, node.annotation)
            attrs[label] = instantiate(run, hint, record.sizes, f"?{label}")
    run.heap[instance.key] = replace(record, attrs=attrs)


def _assigned(run: Run, cls: Class) -> set[str]:
    return {
        label
        for method, _ in changing(run, cls)
        for label, inside in _changes_of(method)
        if not inside
    }
