"""Classes of the program: construction, attributes, inheritance.

An instance is made by running ``__init__`` with the actual arguments, so that it holds the layers
and sizes it would hold. Two instances are special. The generic one stands for all inside its own
class: the plain ``int`` parameters of its constructor are rigid sizes of their own name, the same that
the annotations of its methods speak of. One from outside (a parameter ``block: Block``, a
configuration) has sizes of which nothing is known but which object they belong to.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shapetorch.dim import AnyShape, Size, Variadic, name, names, substitute
from shapetorch.flow import functions, hints, lifetimes
from shapetorch.flow.functions import decorators
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
    HintValue,
    Integer,
    ListRecord,
    Many,
    Method,
    ObjectRecord,
    OpaqueLayer,
    Ref,
    Scalar,
    Super,
    Tensor,
    Tuple,
    TypeParam,
    Unknown,
    Value,
    alternatives,
    union,
)
from shapetorch.rules import LAYERS


def defining_frame(run: Run, function: Function) -> Frame:
    """A frame in which a function's annotations can be read."""
    local: dict[str, Value] = {}
    if function.owner is not None:
        local.update(class_scope(run, function.owner))
    local.update(pep695(function.node))
    return Frame(function.module, local, function.closure, function, function.owner)


def pep695(node: ast.AST) -> dict[str, Value]:
    """The type parameters of ``def f[B, *A]`` and ``class C[D]``."""
    found: dict[str, Value] = {}
    for parameter in getattr(node, "type_params", []):
        found[parameter.name] = TypeParam(
            parameter.name, type(parameter).__name__ == "TypeVarTuple"
        )
    return found


def class_scope(run: Run, cls: Class) -> dict[str, Value]:
    """The names that annotations inside a class body see besides its module's."""
    found = pep695(cls.node)
    for node in cls.node.body:
        if (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
        ):
            value = class_variable(run, cls, node.targets[0].id)
            if isinstance(value, (HintValue, TypeParam, Integer, Class)):
                found[node.targets[0].id] = value
        elif isinstance(node, ast.ClassDef):
            found[node.name] = Class(node, cls.module, cls.closure, ())
    return found


# -- the class hierarchy ------------------------------------------------------------------------------


def ancestors(run: Run, cls: Class) -> list[Value]:
    """The class and its bases, nearest first, each once; a library's class ends its line."""
    known = run.lines.get(cls)
    if known is not None:
        return known
    found: list[Value] = []

    def visit(value: Value) -> None:
        if value in found:
            return
        found.append(value)
        if isinstance(value, Class):
            for base in bases_of(run, value):
                visit(base)

    visit(cls)
    if not any(isinstance(value, Unknown) for value in found):
        run.lines[cls] = found
    return found


def bases_of(run: Run, cls: Class) -> list[Value]:
    """The evaluated bases; ``Generic[D]`` and ``Base[3]`` count as the class they subscript."""
    from shapetorch.flow.expressions import evaluate

    frame = Frame(cls.module, pep695(cls.node), cls.closure)
    found: list[Value] = []
    with run.muted(), run.entering(frame):
        for node in cls.node.bases:
            value = evaluate(run, node.value if isinstance(node, ast.Subscript) else node)
            found.extend(alternatives(value))
    return [
        base.hint.cls
        if isinstance(base, HintValue) and isinstance(base.hint, hints.InstanceHint)
        else base
        for base in found
    ]


def is_module(run: Run, cls: Class) -> bool:
    """Whether calling an instance calls its ``forward``: it derives from a class of `torch.nn`, or may."""
    for base in ancestors(run, cls):
        if isinstance(base, Unknown):
            return True
        if isinstance(base, External) and (
            "Module" in base.name or base.name.startswith("torch.nn.")
        ):
            return True
    return False


def external_layer(run: Run, cls: Class) -> str | None:
    """The layer or container of `torch.nn` that a class derives from, other than Module."""
    from shapetorch.flow.layers import CONTAINERS

    for base in ancestors(run, cls):
        if isinstance(base, External) and (base.name in LAYERS or base.name in CONTAINERS):
            return base.name
    return None


def find_method(run: Run, cls: Class, attribute: str) -> Function | None:
    """A method by name, in the class or the nearest base that has it."""
    for base in ancestors(run, cls):
        if not isinstance(base, Class):
            continue
        found = own_method(base, attribute)
        if found is not None:
            return found
    return None


def own_method(cls: Class, attribute: str) -> Function | None:
    """A method that a class body defines, the last of that name; not a setter."""
    found = None
    for node in _class_body(cls.node.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == attribute:
            made = Function(node, cls.module, cls.closure, cls)
            if not any(
                ast.unparse(d).endswith((".setter", ".deleter")) for d in node.decorator_list
            ):
                found = made
    return found


def _class_body(body: list[ast.stmt]) -> list[ast.stmt]:
    out: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.If):
            out.extend(_class_body(node.body) + _class_body(node.orelse))
        else:
            out.append(node)
    return out


def type_parameters(run: Run, cls: Class) -> list[TypeParam]:
    """The type parameters of a class, in order."""
    from shapetorch.flow.expressions import evaluate

    found = [p for p in pep695(cls.node).values() if isinstance(p, TypeParam)]
    if found:
        return found
    with run.muted(), run.entering(Frame(cls.module, {}, cls.closure)):
        for node in cls.node.bases:
            if isinstance(node, ast.Subscript):
                items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                values = [
                    evaluate(run, i.value if isinstance(i, ast.Starred) else i) for i in items
                ]
                found.extend(v for v in values if isinstance(v, TypeParam) and v not in found)
    return found


def fields_of(run: Run, cls: Class) -> dict[str, tuple[Class, ast.AnnAssign]]:
    """The annotated fields of a class and its bases, in the order of a dataclass's parameters."""
    found: dict[str, tuple[Class, ast.AnnAssign]] = {}
    for base in reversed(ancestors(run, cls)):
        if isinstance(base, Class):
            for node in base.node.body:
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    found[node.target.id] = (base, node)
    return found


def is_record(run: Run, cls: Class) -> bool:
    """Whether the fields are the constructor's parameters: a dataclass, a NamedTuple, a model."""
    for base in ancestors(run, cls):
        if isinstance(base, Class):
            if any(
                "dataclass" in ast.unparse(d)
                or "define" in ast.unparse(d)
                or "struct" in ast.unparse(d)
                for d in base.node.decorator_list
            ):
                return True
        elif isinstance(base, External) and base.name.rsplit(".", 1)[-1] in (
            "NamedTuple",
            "BaseModel",
            "Struct",
            "TypedDict",
            "BaseSettings",
        ):
            return True
    return False


def items_of_named_tuple(run: Run, instance: Ref, cls: Class) -> list[Value] | None:
    """The fields of a ``NamedTuple`` in order, None if the class is none."""
    line = ancestors(run, cls)
    if External("typing.NamedTuple") not in line:
        return None
    return [instance_attribute(run, instance, label, None) for label in fields_of(run, cls)]


# -- construction -------------------------------------------------------------------------------------


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
    bound = functions.bind_arguments(run, method, args, kwargs)
    if bound is None:
        return instance
    bindings: dict[str, Any] = {}
    functions.check_arguments(run, method, bound, bindings, node)
    for parameter in functions.parameters(method):
        value = bound.get(parameter.arg)
        if isinstance(value, Integer):
            bindings.setdefault(parameter.arg, value.size)
    _set_sizes(run, instance, bindings)
    functions.run_body(run, method, bound, node)
    _default_sizes(run, instance, method, bound)
    return instance


def _set_sizes(run: Run, instance: Ref, sizes: Mapping[str, Any]) -> None:
    record = run.object_of(instance)
    assert record is not None, "an instance has a record"
    run.heap[instance.key] = replace(record, sizes={**record.sizes, **sizes})


def _default_sizes(run: Run, instance: Ref, method: Function, bound: Mapping[str, Value]) -> None:
    """A size that the constructor took from its default is a size of the instance too."""
    given = functions.defaults(method)
    for parameter in functions.parameters(method):
        default = given.get(parameter.arg)
        if parameter.arg not in bound and isinstance(default, ast.Constant):
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
    for label, (owner, declared) in fields.items():
        if label in values:
            hint = class_hint(run, owner, declared.annotation)

            def compare(hint: hints.Hint = hint, label: str = label) -> Value:
                fail = functions.argument_error(constructor_of(cls), label)
                hints.match(run, hint, values[label], bindings, fail)
                return NONE

            run.applying(compare, node, NONE)
            attrs[label] = values[label]
        elif declared.value is not None:
            with run.muted(), run.entering(Frame(owner.module, {}, owner.closure)):
                default = evaluate(run, declared.value)
            attrs[label] = (
                default
                if isinstance(default, (Integer, Constant))
                else _unknown_field(run, owner, declared, label)
            )
    record = run.object_of(instance)
    assert record is not None, "an instance has a record"
    sizes = {k: v.size for k, v in attrs.items() if isinstance(v, Integer)}
    run.heap[instance.key] = replace(record, attrs=attrs, sizes={**bindings, **sizes})
    post = find_method(run, cls, "__post_init__")
    if post is not None:
        functions.run_body(run, replace(post, bound=instance), {"self": instance}, node)


def _unknown_field(run: Run, owner: Class, declared: ast.AnnAssign, label: str) -> Value:
    return hints.value_of(run, class_hint(run, owner, declared.annotation), label, rigid=False)


_NO_ARGUMENTS = ast.arguments([], [], None, [], [], None, [])


def constructor_of(cls: Class) -> Function:
    """A stand-in for the constructor that a record class is given, for messages about it."""
    node = ast.FunctionDef("__init__", _NO_ARGUMENTS, [ast.Pass()], [], None)
    return Function(node, cls.module, None, cls)


def class_hint(run: Run, cls: Class, node: ast.expr | None) -> hints.Hint:
    """The hint of an annotation in a class body."""
    with run.entering(Frame(cls.module, class_scope(run, cls), cls.closure)):
        return hints.read(run, node)


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
    given = functions.defaults(function)
    spec = function.node.args
    positional = [*spec.posonlyargs, *spec.args]
    integers: set[str] = set()
    linkable: set[str] = set()
    for place, parameter in enumerate(functions.parameters(function)):
        label = parameter.arg
        if place == 0 and function.bound is not None and positional:
            values[label] = function.bound
            continue
        default = given.get(label)
        hint = hints.function_hint(run, function, parameter.annotation)
        linkable |= hints.names_of(hint)
        if parameter.annotation is None:
            values[label] = _unannotated(run, label, default)
        else:
            values[label] = hints.value_of(run, hint, label)
            if isinstance(default, ast.Constant) and default.value is None:
                values[label] = union([values[label], NONE])
        if any(isinstance(item, Integer) for item in alternatives(values[label])):
            integers.add(label)
        if parameter.annotation is None and isinstance(values[label], Unknown):
            integers.add(label)
    if spec.vararg is not None:
        hint = hints.function_hint(run, function, spec.vararg.annotation)
        values[spec.vararg.arg] = Many(hints.value_of(run, hint, spec.vararg.arg, rigid=False))
    if spec.kwarg is not None:
        values[spec.kwarg.arg] = UNKNOWN_VALUE
    run.integers |= integers
    returns = None if isinstance(function.node, ast.Lambda) else function.node.returns
    if hints.is_computed(hints.function_hint(run, function, returns)):
        # what the helper demands of the names is the caller's to keep
        values = {label: blur(value) for label, value in values.items()}
    frame = defining_frame(run, function)
    linkable = {n for n in linkable if not isinstance(_lookup(run, frame, n), TypeParam)}
    if isinstance(function.node, ast.Lambda):
        return values
    if function.owner is not None and function.node.name == "__init__":
        run.facts = replace(run.facts, parameters=run.facts.parameters | integers)
        return values
    linkable |= hints.names_of(hints.function_hint(run, function, function.node.returns))
    if linkable.isdisjoint(run.facts.parameters):  # else what is linked is spelled alike
        run.facts = replace(run.facts, linkable=frozenset(linkable - integers))
    return values


def _lookup(run: Run, frame: Frame, label: str) -> Value:
    from shapetorch.flow.expressions import lookup

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
        for place, node in enumerate(functions.parameters(method)):
            if place == 0:
                bound[node.arg] = instance
                continue
            hint = hints.function_hint(run, method, node.annotation)
            label = f"{path}.{node.arg}"
            value = _outside_argument(run, hint, label, sizes)
            if node.annotation is None:
                inner = _unannotated(run, label, functions.defaults(method).get(node.arg))
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
        return hints.instantiate(run, hint, sizes)
    return hints.value_of(run, hint, label, rigid=False)


# -- attributes ---------------------------------------------------------------------------------------


def instance_attribute(run: Run, instance: Ref, attribute: str, node: ast.AST | None) -> Value:
    """``instance.attribute``."""
    record = run.object_of(instance)
    if record is None:
        listed = run.list_of(instance)
        if listed is not None and listed.items is not None and attribute in listed.names:
            if len(listed.names) == len(listed.items):
                return listed.items[listed.names.index(attribute)]
        return Method(instance, attribute)
    if attribute in record.attrs:
        return record.attrs[attribute]
    if attribute == "__class__":
        return record.cls
    method = find_method(run, record.cls, attribute)
    if method is not None:
        return _bound_method(run, instance, method, node)
    declared = fields_of(run, record.cls).get(attribute)
    if declared is not None:
        value = _field(run, instance, record, attribute, *declared)
        run.set_attribute(instance, attribute, value)
        return value
    variable = class_variable(run, record.cls, attribute)
    if variable is not None:
        return variable
    if record.base is not None:
        from shapetorch.flow.expressions import get_attribute

        return get_attribute(run, record.base, attribute, node)
    if is_module(run, record.cls) and attribute in _MODULE_METHODS:
        return Method(instance, attribute)
    return UNKNOWN_VALUE


_MODULE_METHODS = frozenset(
    "train eval to cuda cpu float double half requires_grad_ apply register_buffer register_parameter "
    "add_module register_module parameters named_parameters buffers modules children state_dict "
    "load_state_dict zero_grad forward __call__ type bfloat16".split()
)


def _bound_method(run: Run, instance: Ref, method: Function, node: ast.AST | None) -> Value:
    kinds = decorators(run, method)
    if "staticmethod" in kinds:
        return method
    if "classmethod" in kinds:
        record = run.object_of(instance)
        return replace(method, bound=record.cls if record else None)
    bound = replace(method, bound=instance)
    if "property" in kinds or "cached_property" in kinds:
        return functions.call_function(run, bound, [], {}, node or method.node)
    return bound


def _field(
    run: Run, instance: Ref, record: ObjectRecord, attribute: str, owner: Class, node: ast.AnnAssign
) -> Value:
    """A declared field that nothing has been assigned to."""
    hint = class_hint(run, owner, node.annotation)
    if record.generic:
        value = hints.value_of(run, hint, attribute)
    elif record.path is not None:
        value = hints.value_of(run, hint, f"{record.path}.{attribute}", rigid=False)
    else:
        value = hints.instantiate(run, hint, record.sizes)
    if isinstance(value, Integer) and not isinstance(hint, hints.DimHint) and record.generic:
        run.facts = replace(run.facts, parameters=run.facts.parameters | {attribute})
    return value


def class_variable(run: Run, cls: Class, attribute: str) -> Value | None:
    """A plain assignment in the body of a class or its bases."""
    from shapetorch.flow.expressions import evaluate

    for base in ancestors(run, cls):
        if not isinstance(base, Class):
            continue
        for node in base.node.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(t, ast.Name) and t.id == attribute for t in targets):
                assert isinstance(node, ast.Assign)
                scope = {**pep695(base.node), **_earlier(run, base, node)}
                with run.muted(), run.entering(Frame(base.module, scope, base.closure)):
                    return evaluate(run, node.value)
            if isinstance(node, ast.ClassDef) and node.name == attribute:
                return Class(node, base.module, base.closure)
    return None


def _earlier(run: Run, cls: Class, node: ast.Assign) -> dict[str, Value]:
    """The variables of a class body that the value of an assignment in it mentions."""
    body = cls.node.body[: cls.node.body.index(node)]
    found: dict[str, Value] = {}
    for part in ast.walk(node.value):
        if isinstance(part, ast.Name) and any(
            isinstance(target, ast.Name) and target.id == part.id
            for earlier in body
            if isinstance(earlier, ast.Assign)
            for target in earlier.targets
        ):
            value = class_variable(run, Class(cls.node, cls.module, cls.closure), part.id)
            if value is not None:
                found[part.id] = value
    return found


def class_attribute(run: Run, cls: Class, attribute: str) -> Value:
    """``Class.attribute``."""
    from shapetorch.flow.expressions import evaluate

    method = find_method(run, cls, attribute)
    if method is not None:
        return replace(method, bound=cls) if "classmethod" in decorators(run, method) else method
    variable = class_variable(run, cls, attribute)
    if variable is not None:
        return variable
    declared = fields_of(run, cls).get(attribute)
    if declared is not None and declared[1].value is not None:
        with run.muted(), run.entering(Frame(declared[0].module, {}, declared[0].closure)):
            return evaluate(run, declared[1].value)
    return UNKNOWN_VALUE


def super_attribute(run: Run, value: Super, attribute: str) -> Value:
    """``super().attribute``."""
    record = run.object_of(value.instance)
    line = ancestors(run, record.cls) if record is not None else ancestors(run, value.owner)
    if value.owner in line:
        line = line[line.index(value.owner) + 1 :]
    for base in line:
        if isinstance(base, Class):
            method = own_method(base, attribute)
            if method is not None:
                if isinstance(value.instance, Ref):
                    return _bound_method(run, value.instance, method, None)
                return replace(method, bound=value.instance)
        elif isinstance(base, External) and attribute == "__init__":
            return Method(value, f"__init__:{base.name}")
        elif isinstance(base, External) and record is not None and record.base is not None:
            from shapetorch.flow.expressions import get_attribute

            if attribute in ("forward", "__call__"):
                return record.base
            return get_attribute(run, record.base, attribute, None)
    return UNKNOWN_VALUE


_ = (ListRecord, Tensor, Tuple, Size)
