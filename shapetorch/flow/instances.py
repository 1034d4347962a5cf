"""Instances: built by running the constructor; the generic one, and those that come from outside."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shapetorch.dim import AnyShape, Size, Variadic, name, names, substitute
from shapetorch.flow import (
    arguments,
    functions,
    hint_matching,
    hint_reading,
    hint_values,
    hints,
    lifetimes,
    signatures,
)
from shapetorch.flow.classes import (
    ancestors,
    class_hint,
    defining_frame,
    external_layer,
    fields_of,
    find_method,
    instance_attribute,
    is_record,
    type_parameters,
)
from shapetorch.flow.reachability import reachable
from shapetorch.flow.state import Frame, Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Class,
    Constant,
    External,
    Function,
    Integer,
    ObjectRecord,
    OpaqueLayer,
    Ref,
    Scalar,
    Tensor,
    Tuple,
    TypeParam,
    Unknown,
    Value,
    alternatives,
    union,
)


def construct(
    run: Run, cls: Class, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """A new instance."""
    init = find_method(run, cls, "__init__")
    if any(
        isinstance(b, External)
        and b.name.rsplit(".", 1)[-1] in ("Enum", "IntEnum", "StrEnum", "Protocol")
        for b in ancestors(run, cls)
    ):
        return UNKNOWN_VALUE
    instance = run.allocate(ObjectRecord(cls))
    if init is None:
        if is_record(run, cls):
            _fill_record(run, instance, cls, args, kwargs, node)
        elif (layer := external_layer(run, cls)) is not None:
            _construct_base(run, instance, layer, args, kwargs, node)
        return instance
    method = replace(init, bound=instance)
    bound = signatures.bind_arguments(run, method, args, kwargs)
    if bound is None:
        return instance
    bindings: dict[str, Any] = {}
    arguments.check_arguments(run, method, bound, bindings, node)
    counts = _only_counts(method)
    for parameter in signatures.parameters(method):
        value = bound.get(parameter.arg)
        if isinstance(value, Integer) and parameter.arg not in counts:
            bindings.setdefault(parameter.arg, value.size)
    _set_sizes(run, instance, bindings)
    functions.run_body(run, method, bound, node)
    _default_sizes(run, instance, method, bound)
    return instance


def _only_counts(method: Function) -> set[str]:
    """The parameters of a constructor that say how often something is done: ``range(n)``, no size."""
    body = list(ast.walk(method.node))
    counted: list[ast.expr] = []
    for part in body:
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            if part.func.id == "range" and len(part.args) == 1:
                counted.append(part.args[0])
    labels = {part.id for part in counted if isinstance(part, ast.Name)}
    used = [part for part in body if isinstance(part, ast.Name) and part.id in labels]
    return labels - {part.id for part in used if all(part is not item for item in counted)}


def _set_sizes(run: Run, instance: Ref, sizes: Mapping[str, Any]) -> None:
    record = run.object_of(instance)
    assert record is not None, "an instance has a record"
    run.heap[instance.key] = replace(record, sizes={**record.sizes, **sizes})


def _default_sizes(run: Run, instance: Ref, method: Function, bound: Mapping[str, Value]) -> None:
    """A size that the constructor took from its default is a size of the instance too."""
    given = signatures.defaults(method)
    for parameter in signatures.parameters(method):
        default = given.get(parameter.arg)
        if parameter.arg in bound or parameter.arg in _only_counts(method):
            continue
        if isinstance(default, ast.Constant):
            if isinstance(default.value, int) and not isinstance(default.value, bool):
                _set_sizes(run, instance, {parameter.arg: default.value})


def _construct_base(
    run: Run,
    instance: Ref,
    layer: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> None:
    from shapetorch.flow import layers

    record = run.object_of(instance)
    assert record is not None, "an instance has a record"
    base = layers.construct(run, layer, args, kwargs, node)
    run.heap[instance.key] = replace(record, base=base)


def _fill_record(
    run: Run,
    instance: Ref,
    cls: Class,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> None:
    from shapetorch.flow.expressions import evaluate

    fields = fields_of(run, cls)
    values = dict(zip(fields, args, strict=False)) | {
        k: v for k, v in kwargs.items() if k in fields
    }
    bindings: dict[str, Any] = {}
    attrs: dict[str, Value] = {}
    post = find_method(run, cls, "__post_init__")
    replaced = post is not None and "setattr" in ast.unparse(post.node)
    for label, (owner, declared) in fields.items():
        if replaced:  # the annotations say what the fields are in the end, not what is given
            attrs[label] = _unknown_field(run, owner, declared, label)
        elif label in values:
            hint = class_hint(run, owner, declared.annotation)

            def compare(hint: hints.Hint = hint, label: str = label) -> Value:
                fail = arguments.argument_error(constructor_of(cls), label)
                hint_matching.match(run, hint, values[label], bindings, fail)
                return NONE

            with run.linking():
                run.applying(compare, node, NONE)
            attrs[label] = values[label]
        elif declared.value is not None:
            with run.muted(), run.entering(Frame(owner.module, {}, owner.closure)):
                default = evaluate(run, declared.value)
            attrs[label] = (
                default
                if isinstance(default, (Integer, Constant)) and not _is_stored(run, owner, label)
                else _unknown_field(run, owner, declared, label)
            )
    record = run.object_of(instance)
    assert record is not None, "an instance has a record"
    sizes = {k: v.size for k, v in attrs.items() if isinstance(v, Integer)}
    lasting = External("typing.NamedTuple") in ancestors(run, cls)
    sizes = {**bindings, **sizes}
    run.heap[instance.key] = replace(record, attrs=attrs, sizes=sizes, lasting=lasting)
    if post is not None:
        functions.run_body(run, replace(post, bound=instance), {"self": instance}, node)


def _is_stored(run: Run, owner: Class, label: str) -> bool:
    """Whether an attribute of this name is assigned somewhere in the module of a class."""
    return run.noted("stored", label, label in owner.module.surface.stored, owner.module)


def _unknown_field(run: Run, owner: Class, declared: ast.AnnAssign, label: str) -> Value:
    return hint_values.value_of(
        run, class_hint(run, owner, declared.annotation), label, rigid=False
    )


def replaced(run: Run, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST) -> Value:
    """``dataclasses.replace(record, field=…)``: a new record, with the other fields of the old one."""
    old = args[0] if args else None
    record = run.object_of(old) if isinstance(old, Ref) else None
    if record is None or not isinstance(old, Ref) or not is_record(run, record.cls):
        return UNKNOWN_VALUE
    kept = {
        label: instance_attribute(run, old, label, None)
        for label in fields_of(run, record.cls)
        if label not in kwargs
    }
    return construct(run, record.cls, [], {**kept, **kwargs}, node)


_NO_ARGUMENTS = ast.arguments([], [], None, [], [], None, [])


def constructor_of(cls: Class) -> Function:
    """A stand-in for the constructor that a record class is given, for messages about it."""
    node = ast.FunctionDef("__init__", _NO_ARGUMENTS, [ast.Pass()], [], None)
    return Function(node, cls.module, None, cls)


def generic_instance(run: Run, cls: Class) -> Value:
    """The instance that stands for all inside `cls`; facts its constructor asserts are learnt."""
    found = run.generic.get(id(cls.node))
    if found is not None:
        known, run.facts, heap = found
        run.heap.update(heap)
        return known
    sizes: dict[str, Any] = {}
    for parameter in type_parameters(run, cls):
        sizes[parameter.name] = (
            (Variadic(parameter.name),) if parameter.variadic else name(parameter.name)
        )
    instance = run.allocate(ObjectRecord(cls, sizes=sizes, path="self", generic=True))
    init = find_method(run, cls, "__init__")
    if init is not None:
        method = replace(init, bound=instance)
        with run.muted():
            bound = parameter_values(run, method)
            for label, value in bound.items():
                if isinstance(value, Integer):
                    _set_sizes(run, instance, {label: value.size})
            functions.run_body(run, method, bound, init.node)
    elif (layer := external_layer(run, cls)) is not None and not is_record(run, cls):
        record = run.object_of(instance)
        assert record is not None
        run.heap[instance.key] = replace(record, base=OpaqueLayer(layer))
    lifetimes.forget_all(run, instance, itself=False)
    lifetimes.settle(run, cls, instance)
    run.generic[id(cls.node)] = (instance, run.facts, reachable(run.heap, [instance]))
    return instance


def parameter_values(run: Run, function: Function) -> dict[str, Value]:
    """What the parameters of a function are inside it: names are rigid, ints are sizes."""
    values: dict[str, Value] = {}
    given = signatures.defaults(function)
    spec = function.node.args
    positional = [*spec.posonlyargs, *spec.args]
    integers: set[str] = set()
    linkable: set[str] = set()
    own = {k: v for k, v in arguments.receiver_sizes(run, function).items() if "." in k}
    for place, parameter in enumerate(signatures.parameters(function)):
        label = parameter.arg
        if place == 0 and function.bound is not None and positional:
            values[label] = function.bound
            continue
        default = given.get(label)
        hint = hint_reading.function_hint(run, function, parameter.annotation)
        linkable |= hints.names_of(hint)
        if parameter.annotation is None:
            values[label] = _unannotated(run, label, default)
        else:
            values[label] = _of_attributes(hint_values.value_of(run, hint, label), own)
            if isinstance(hint, hints.DimHint):  # `d: Dim[D]`: an annotation's "d" is `D` too
                run.facts = run.facts.assume_equal(name(label), hint.size)
            if isinstance(default, ast.Constant) and default.value is None:
                values[label] = union([values[label], NONE])
        integers |= _sizes_of(values[label], label)
        if parameter.annotation is None and isinstance(values[label], Unknown):
            integers.add(label)
    values.update(_rest(run, function, linkable))
    run.integers |= integers
    returns = None if isinstance(function.node, ast.Lambda) else function.node.returns
    if hints.is_computed(hint_reading.function_hint(run, function, returns)):
        # what the helper demands of the names is the caller's to keep
        values = {label: blur(value) for label, value in values.items()}
    if isinstance(function.node, ast.Lambda):
        return values
    linkable = _undeclared(run, function, linkable)
    if function.owner is not None and function.node.name == "__init__":
        given_none = {k for k in integers if NONE in alternatives(values.get(k, UNKNOWN_VALUE))}
        optional = given_none | {k for k in integers if not k.isidentifier()}
        run.facts = replace(
            run.facts,
            parameters=run.facts.parameters | integers | linkable,
            optional=run.facts.optional | optional,
            defaults=run.facts.defaults | _usual(integers, given),
        )
        return values
    written = [
        hint_reading.function_hint(run, function, p.annotation)
        for p in signatures.parameters(function)
    ]
    written.append(hint_reading.function_hint(run, function, function.node.returns))
    run.facts = replace(
        run.facts,
        defaults=run.facts.defaults | _usual(integers, given),
        written=frozenset().union(*map(hints.numbers_of, written)),
    )
    linkable |= _undeclared(run, function, hints.names_of(written[-1]))
    # where one name of an annotation is spelled like a parameter, so would be the others
    alike = [n for n in map(hints.names_of, written) if not run.facts.parameters.isdisjoint(n)]
    free = frozenset(linkable - integers)
    unlike = free & frozenset().union(*alike)
    run.facts = replace(run.facts, linkable=free - unlike, unlike=unlike)
    return values


def _undeclared(run: Run, function: Function, found: Iterable[str]) -> set[str]:
    """The names of annotations that are no type parameters: those are told apart on purpose."""
    frame = defining_frame(run, function)
    return {n for n in found if not isinstance(_lookup(run, frame, n), TypeParam)}


def _rest(run: Run, function: Function, linkable: set[str]) -> dict[str, Value]:
    """What ``*args`` and ``**kwargs`` are; their annotations' names join `linkable`."""
    values: dict[str, Value] = {}
    spec = function.node.args
    if spec.vararg is not None:
        hint = hint_reading.function_hint(run, function, spec.vararg.annotation)
        linkable |= hints.names_of(hint)
        several = hints.ManyHint(hint, "tuple")
        values[spec.vararg.arg] = hint_values.value_of(run, several, spec.vararg.arg)
    if spec.kwarg is not None:
        values[spec.kwarg.arg] = UNKNOWN_VALUE
    return values


def _sizes_of(value: Value, label: str) -> set[str]:
    """The names of the plain integers that a parameter brings: ``n``, ``kernel_size[0]``."""
    found: set[str] = set()
    for option in alternatives(value):
        if isinstance(option, Integer):
            found.add(label)
        elif isinstance(option, Tuple):
            pairs = enumerate(option.items)
            found.update(f"{label}[{i}]" for i, item in pairs if isinstance(item, Integer))
    return found


def _usual(integers: set[str], given: Mapping[str, ast.expr]) -> frozenset[tuple[str, int]]:
    """The integer parameters that have a default, with it."""
    pairs = (
        (k, v.value) for k, v in given.items() if k in integers and isinstance(v, ast.Constant)
    )
    return frozenset((k, n) for k, n in pairs if isinstance(n, int) and not isinstance(n, bool))


def _lookup(run: Run, frame: Frame, label: str) -> Value:
    from shapetorch.flow.names import lookup

    return lookup(run, frame, label)


def blur(value: Value) -> Value:
    """A value whose names of sizes say nothing any more."""
    match value:
        case Tensor(shape):
            return value.of_shape(tuple(_blur_size(part) for part in shape))
        case Integer(size):
            blurred = _blur_size(size)
            return Integer() if isinstance(blurred, Variadic) else Integer(blurred)
        case Tuple(items, fields):
            return Tuple(tuple(blur(item) for item in items), fields)
        case Alternatives(values):
            return union(blur(item) for item in values)
    return value


def _blur_size(size: Size | Variadic) -> Size | Variadic:
    if isinstance(size, Variadic):
        return Variadic(None)
    return substitute(size, {n.name: name(f"?{n.name}", soft=True) for n in names(size)})


def _of_attributes(value: Value, own: Mapping[str, Size]) -> Value:
    """A parameter whose annotation says ``{self.n}``: the attribute's size stands for it."""
    if not own or not isinstance(value, Tensor):
        return value
    sizes = (
        part if isinstance(part, (int, Variadic)) else substitute(part, own) for part in value.shape
    )
    return value.of_shape(tuple(sizes))


def _unannotated(run: Run, label: str, default: ast.expr | None) -> Value:
    """A parameter without annotation: its default may say that it is an int."""
    if default is None:
        return Unknown(label)
    if isinstance(default, ast.Constant):
        if isinstance(default.value, bool):
            return Scalar("bool")
        if isinstance(default.value, int):
            return Integer(name(label))
        if isinstance(default.value, (float, str)):
            return Scalar(type(default.value).__name__)
    return UNKNOWN_VALUE


def outside_instance(run: Run, cls: Class, path: str, args: tuple[AnyShape, ...]) -> Value:
    """An instance that came from somewhere else, spelled `path` here."""
    if path.count(".") > 4 or run.depth > 8:
        return UNKNOWN_VALUE
    sizes: dict[str, Any] = {}
    for parameter, argument in zip(type_parameters(run, cls), args, strict=False):
        sizes[parameter.name] = argument if parameter.variadic else argument[0]
    instance = run.allocate(ObjectRecord(cls, sizes=sizes, path=path))
    init = find_method(run, cls, "__init__")
    if init is None or is_record(run, cls):
        return instance
    method = replace(init, bound=instance)
    bound: dict[str, Value] = {}
    with run.muted():
        for place, node in enumerate(signatures.parameters(method)):
            if place == 0:
                bound[node.arg] = instance
                continue
            hint = hint_reading.function_hint(run, method, node.annotation)
            label = f"{path}.{node.arg}"
            value = _outside_argument(run, hint, label, sizes)
            if node.annotation is None:
                inner = _unannotated(run, label, signatures.defaults(method).get(node.arg))
                is_size = isinstance(inner, Integer)
                value = Integer(name(label, soft=True)) if is_size else UNKNOWN_VALUE
            bound[node.arg] = value
            if isinstance(value, Integer):
                sizes[node.arg] = value.size
        _set_sizes(run, instance, sizes)
        run.depth += 1
        facts = run.facts
        try:
            functions.run_body(run, method, bound, init.node)
        finally:
            run.depth -= 1
            run.facts = facts
    lifetimes.forget_all(run, instance)
    return instance


def _outside_argument(run: Run, hint: hints.Hint, label: str, sizes: Mapping[str, Any]) -> Value:
    if isinstance(hint, hints.DimHint):
        return hint_values.instantiate(run, hint, sizes)
    return hint_values.value_of(run, hint, label, rigid=False)
