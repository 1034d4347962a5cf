"""Classes of the program: construction, attributes, inheritance.

An instance is made by running ``__init__`` with the actual arguments, so that it holds the layers
and sizes it would hold. Two instances are special. The generic one stands for all inside its own
class: the plain ``int`` parameters of its constructor are rigid sizes of their own name, the same that
the annotations of its methods speak of. One from outside (a parameter ``block: Block``, a
configuration) has sizes of which nothing is known but which object they belong to.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from shapetorch.dim import UNKNOWN
from shapetorch.flow import functions, hint_reading, hint_values, hints
from shapetorch.flow.signatures import decorators
from shapetorch.flow.state import Frame, Run
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Class,
    Constant,
    External,
    Function,
    HintValue,
    Integer,
    Method,
    ObjectRecord,
    Partial,
    Ref,
    Super,
    Tensor,
    TypeParam,
    Unknown,
    Value,
    alternatives,
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


def class_hint(run: Run, cls: Class, node: ast.expr | None) -> hints.Hint:
    """The hint of an annotation in a class body."""
    with run.entering(Frame(cls.module, class_scope(run, cls), cls.closure)):
        return hint_reading.read(run, node)


# -- attributes ---------------------------------------------------------------------------------------


def instance_attribute(run: Run, instance: Ref, attribute: str, node: ast.AST | None) -> Value:
    """``instance.attribute``."""
    record = run.object_of(instance)
    if record is None:
        listed = run.list_of(instance)
        if listed is not None and listed.items is not None and attribute in listed.names:
            if len(listed.names) == len(listed.items):
                return listed.items[listed.names.index(attribute)]
        table = run.dict_of(instance)
        if table is not None and table.kind != "dict" and attribute in (table.items or ()):
            assert table.items is not None, "the attribute is one of them"
            return table.items[attribute]
        return Method(instance, attribute)
    if attribute in record.attrs:
        return record.attrs[attribute]
    if attribute == "__class__":
        return record.cls
    if attribute == "_replace" and is_record(run, record.cls):
        return Partial(External("dataclasses.replace"), (instance,), ())
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
    if node.value is not None and not is_record(run, record.cls):
        value = class_attribute(run, record.cls, attribute)
        if isinstance(value, (Integer, Constant)):  # a constant of the class
            return value
    hint = class_hint(run, owner, node.annotation)
    if record.generic:
        value = hint_values.value_of(run, hint, attribute)
    elif record.path is not None:
        value = hint_values.value_of(run, hint, f"{record.path}.{attribute}", rigid=False)
    else:
        value = hint_values.instantiate(run, hint, record.sizes)
    if isinstance(value, Integer) and not isinstance(hint, hints.DimHint) and record.generic:
        run.facts = replace(run.facts, parameters=run.facts.parameters | {attribute})
    return value


def known_or_declared(run: Run, instance: Ref, attribute: str, value: Value) -> Value:
    """What an attribute is given; what the class says of it where that is of unknown shape."""
    if not isinstance(value, Unknown) and not (
        isinstance(value, Tensor) and value.shape == UNKNOWN
    ):
        return value
    record = run.object_of(instance)
    declared = None if record is None else fields_of(run, record.cls).get(attribute)
    if record is None or declared is None:
        return value
    owner, node = declared
    hint = class_hint(run, owner, node.annotation)
    # a method's own row may be another than the field's of that name: of one copy, not of all of them
    is_shaped = isinstance(hint, hints.TensorHint) and hint.spec and hint.spec.variadic is None
    return _field(run, instance, record, attribute, owner, node) if is_shaped else value


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
                if (member := _member_of_enumeration(run, cls, node, attribute)) is not None:
                    return member
                scope = {**pep695(base.node), **_earlier(run, base, node)}
                with run.muted(), run.entering(Frame(base.module, scope, base.closure)):
                    return evaluate(run, node.value)
            if isinstance(node, ast.ClassDef) and node.name == attribute:
                return Class(node, base.module, base.closure)
    return None


def _member_of_enumeration(run: Run, cls: Class, node: ast.Assign, attribute: str) -> Value | None:
    """A member that ``auto()`` names, of an enumeration of strings."""
    if not (isinstance(node.value, ast.Call) and ast.unparse(node.value).endswith("auto()")):
        return None
    bases = {b.name.rsplit(".", 1)[-1] for b in ancestors(run, cls) if isinstance(b, External)}
    if bases & {"StrEnum", "LowercaseStrEnum"}:
        return Constant(attribute.lower())
    return UNKNOWN_VALUE


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
