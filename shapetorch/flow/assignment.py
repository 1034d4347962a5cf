"""Assignment: targets of every form get their part of the value."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from shapetorch.dim import UNKNOWN_DIM, Dim, is_unknown, render_shape
from shapetorch.errors import ShapeError
from shapetorch.flow import (
    hint_matching,
    hint_reading,
    hint_values,
    hints,
    layers,
    operators,
    tensors,
)
from shapetorch.flow.apply import deferring
from shapetorch.flow.classes import known_or_declared
from shapetorch.flow.expressions import evaluate
from shapetorch.flow.iteration import element_and_length, iterate
from shapetorch.flow.state import Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    DictRecord,
    Integer,
    ListRecord,
    Ref,
    ShapeOf,
    Tensor,
    Tuple,
    Value,
    alternatives,
    union,
)


def _assign(run: Run, node: ast.Assign, targets: list[ast.expr], value_node: ast.expr) -> None:
    value = evaluate(run, value_node)
    for target in targets:
        value = _refine(run, target, value_node, value)
        bind_target(run, target, value, node)


def _refine(run: Run, target: ast.expr, source: ast.expr, value: Value) -> Value:
    """``b, t, d = x.shape`` says that `x` has rank 3, and what its sizes are called."""
    if not isinstance(target, ast.Tuple) or not isinstance(value, ShapeOf):
        return value
    if not is_unknown(value.shape) or any(isinstance(item, ast.Starred) for item in target.elts):
        return value
    labels = [item.id if isinstance(item, ast.Name) else "" for item in target.elts]
    sizes = tuple(run.fresh(label.strip("_")) for label in labels)
    of = source.value if isinstance(source, ast.Attribute) else None
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and not source.args:
        of = source.func.value
    if isinstance(of, ast.Name) and isinstance(known := run.frame.locals.get(of.id), Tensor):
        run.frame.locals[of.id] = known.of_shape(sizes)
    return Tuple(tuple(Integer(size) for size in sizes))


def bind_target(run: Run, target: ast.expr, value: Value, node: ast.AST) -> None:
    """Assign a value to a target of any form."""
    match target:
        case ast.Name(id=label):
            _store(run, label, value)
            run.note_shape(target, label, value)
        case ast.Tuple(elts) | ast.List(elts):
            _unpack(run, elts, value, node)
        case ast.Starred(value=inner):
            bind_target(run, inner, value, node)
        case ast.Attribute(value=base, attr=attribute):
            owner = evaluate(run, base)
            _store_attribute(run, owner, attribute, value)
            changed = layers.with_attribute(run, owner, attribute, value)
            if changed != owner:
                bind_target(run, base, changed, node)
            if run.counts:
                run.note_shape(target, ast.unparse(target), value)
        case ast.Subscript(value=base, slice=index):
            _store_item(run, evaluate(run, base), index, value, node)


def _store(run: Run, label: str, value: Value) -> None:
    frame = run.frame
    if label in frame.globals:
        if frame.module.frame is not None:  # nobody knows when it is read
            frame.module.frame.locals[label] = UNKNOWN_VALUE
        return
    if label in frame.nonlocals:
        parent = frame.parent
        while parent is not None and label not in parent.locals:
            parent = parent.parent
        if parent is not None:
            parent.locals[label] = union([parent.locals[label], value])
        return
    frame.locals[label] = value


def _store_attribute(run: Run, base: Value, attribute: str, value: Value) -> None:
    options = alternatives(base)
    for option in options:
        if isinstance(option, Ref):
            record = run.object_of(option)
            value = known_or_declared(run, option, attribute, value)
            if record is not None and len(options) > 1 and attribute in record.attrs:
                value = union([record.attrs[attribute], value])
            run.set_attribute(option, attribute, value)
            table = run.dict_of(option)
            if table is not None and table.items is not None:  # a `ModuleDict`
                items = {**table.items, attribute: value}
                run.heap[option.key] = replace(table, items=items)


def _store_item(run: Run, base: Value, index: ast.expr, value: Value, node: ast.AST) -> None:
    from shapetorch.flow.iteration import plain_key

    if isinstance(base, Tensor):
        tensors.set_item(run, base, index, value, node)
        return
    if not isinstance(base, Ref):
        evaluate(run, index)
        return
    key = evaluate(run, index)
    record = run.heap.get(base.key)
    if isinstance(record, DictRecord):
        label = plain_key(key)
        if record.items is not None and label is not None:
            run.heap[base.key] = replace(record, items={**record.items, label: value})
        else:
            element = (
                union([*(record.items or {}).values(), record.element, value])
                if record.items
                else value
            )
            run.heap[base.key] = DictRecord(None, element, record.kind)
    elif isinstance(record, ListRecord):
        size = key.size if isinstance(key, Integer) else UNKNOWN_DIM
        if (
            record.items is not None
            and isinstance(size, int)
            and -len(record.items) <= size < len(record.items)
        ):
            items = list(record.items)
            items[size] = value
            run.heap[base.key] = replace(record, items=tuple(items))
        elif record.items is not None:
            run.heap[base.key] = replace(
                record, items=tuple(union([item, value]) for item in record.items)
            )
        else:
            run.heap[base.key] = replace(record, element=union([record.element, value]), parts=())


def _unpack(run: Run, elts: list[ast.expr], value: Value, node: ast.AST) -> None:
    options = alternatives(value)
    if len(options) > 1:
        columns = _columns_of_any(run, elts, options, node)
        for position, target in enumerate(elts):
            bind_target(run, target, union([column[position] for column in columns]), node)
        return
    for target, part in zip(elts, _columns(run, elts, value, node), strict=True):
        bind_target(run, target, part, node)


def _columns_of_any(
    run: Run, elts: list[ast.expr], options: Sequence[Value], node: ast.AST
) -> list[list[Value]]:
    """The columns of every alternative that can be unpacked; broken only if none can."""
    columns: list[list[Value]] = []
    errors: list[ShapeError] = []
    for option in options:
        try:
            with deferring(run):
                columns.append(_columns(run, elts, option, node))
        except ShapeError as error:
            errors.append(error)
    if columns:
        return columns
    if run.deferred:
        raise errors[0]
    run.report_error(errors[0], node)
    return [[UNKNOWN_VALUE] * len(elts)]


def _columns(run: Run, elts: list[ast.expr], value: Value, node: ast.AST) -> list[Value]:
    """What each target of an unpacking gets."""
    star = next((i for i, e in enumerate(elts) if isinstance(e, ast.Starred)), None)
    items = iterate(run, value)
    if isinstance(value, ShapeOf):
        return _shape_columns(run, elts, value, star)
    if items is None:
        element, _ = element_and_length(run, value)
        return [
            run.allocate(ListRecord(None, element)) if i == star else element
            for i in range(len(elts))
        ]
    if star is None:
        if len(items) != len(elts):
            _count_mismatch(run, len(elts), value, items, node)
            return [UNKNOWN_VALUE] * len(elts)
        return items
    behind = len(elts) - star - 1
    if len(items) < len(elts) - 1:
        _count_mismatch(run, len(elts) - 1, value, items, node)
        return [UNKNOWN_VALUE] * len(elts)
    middle = run.allocate(ListRecord(tuple(items[star : len(items) - behind])))
    return [*items[:star], middle, *(items[len(items) - behind :] if behind else [])]


def _shape_columns(run: Run, elts: list[ast.expr], value: ShapeOf, star: int | None) -> list[Value]:
    if star is None:
        found: list[Value] = []
        for position in range(len(elts)):
            front = tensors.item_of_shape(run, value.shape, Integer(position))
            if front == Integer():
                front = tensors.item_of_shape(run, value.shape, Integer(position - len(elts)))
            found.append(front)
        return found
    behind = len(elts) - star - 1
    out: list[Value] = [tensors.item_of_shape(run, value.shape, Integer(i)) for i in range(star)]
    from shapetorch.flow.values import Slice

    stop: Value = Integer(-behind) if behind else NONE
    out.append(tensors.item_of_shape(run, value.shape, Slice(Integer(star), stop, NONE)))
    out.extend(tensors.item_of_shape(run, value.shape, Integer(i - behind)) for i in range(behind))
    return out


def _count_mismatch(run: Run, wanted: int, value: Value, items: list[Value], node: ast.AST) -> None:
    from shapetorch.errors import ErrorKind

    if isinstance(value, Tensor):
        what = f"the {len(items)} rows of {render_shape(value.shape)}"
    elif isinstance(value, Tuple) and all(isinstance(item, Integer) for item in items):
        sizes = ", ".join(str(item.size) for item in items if isinstance(item, Integer))
        what = f"[{sizes}]"
    elif isinstance(value, Tuple) and all(isinstance(item, Tensor) for item in items):
        what = f"{len(items)} tensors"
    else:
        return
    error = ShapeError(
        ErrorKind.unpack_error_count_mismatch,
        (wanted, len(items)),
        f"unpacking: the number of names must be the number of values, got {wanted} names for {what}",
    )
    if run.deferred:
        raise error
    run.report_error(error, node)


def _annotated_assign(run: Run, node: ast.AnnAssign) -> None:
    if node.value is None:
        hint_reading.read(run, node.annotation)
        return
    value = evaluate(run, node.value)
    with run.muted():
        hint = hint_reading.read(run, node.annotation)
    if isinstance(hint, hints.TensorHint) and hint.spec is not None:
        value = _check_assignment(run, node, hint, value)
    elif isinstance(value, (Tensor,)) or value == UNKNOWN_VALUE:
        if value == UNKNOWN_VALUE and not isinstance(hint, hints.AnyHint):
            value = hint_values.instantiate(run, hint, {}, ast.unparse(node.target))
    bind_target(run, node.target, value, node)


def _check_assignment(run: Run, node: ast.AnnAssign, hint: hints.TensorHint, value: Value) -> Value:
    from shapetorch.errors import ErrorKind
    from shapetorch.flow.arguments import mismatch_error
    from shapetorch.flow.check import rigid_bindings
    from shapetorch.flow.functions import refine

    label = ast.unparse(node.target)
    # a helper is run for actual sizes: what its names stand for was seen at the call
    known = {} if run.call_sites else rigid_bindings(run)
    bindings = dict(known)

    def fail(spec: object, shape: object, mismatch: object) -> ShapeError:
        return mismatch_error(
            ErrorKind.assignment_error_shape_mismatch,
            ErrorKind.argument_error_dtype_mismatch,
            f"assignment to {label!r}",
            spec,  # type: ignore[arg-type]
            shape,
            mismatch,  # type: ignore[arg-type]
            (label,),
        )

    def compare() -> Value:
        # the shape first: a wrong dtype leaves what it says
        hint_matching.match(run, replace(hint, dtype=None), value, bindings, fail)
        hint_matching.match(run, hint, value, bindings, fail)
        assert hint.spec is not None
        return (
            value
            if isinstance(value, Tensor) and not _vaguer(value)
            else hint_values.instantiate(run, hint, bindings)
        )

    fallback = hint_values.instantiate(run, hint, known)
    if isinstance(value, Tensor) and not _vaguer(value):
        fallback = refine(fallback, value)
    result = run.applying(compare, node, fallback)
    if not run.call_sites:
        for name, size in bindings.items():
            if name not in known and isinstance(size, (int, Dim)):
                run.frame.locals.setdefault(local_name(name), Integer(size))
    return result


def local_name(label: str) -> str:
    """Where a frame keeps the size that an annotation inside of it has bound a name to."""
    return f"size of {label}"


def _vaguer(value: Tensor) -> bool:
    return any(
        not isinstance(part, int) and (part is UNKNOWN_DIM or not hasattr(part, "terms"))
        for part in value.shape
    )


def _augmented_assign(
    run: Run, node: ast.AugAssign, target: ast.expr, operator: ast.operator, value_node: ast.expr
) -> None:
    load = ast.copy_location(_as_load(target), target)
    before = evaluate(run, load)
    value = evaluate(run, value_node)
    if any(isinstance(item, Tensor) for item in alternatives(before)):
        inplace = f"__i{operators._NAMES[type(operator)]}__"
        from shapetorch.rules import METHODS

        key = inplace if inplace in METHODS else inplace.replace("__i", "__", 1)
        result = operators.tensor_operator(run, key, before, value, node)
        bind_target(run, target, result, node)
        return
    record = run.list_of(before)
    if record is not None and isinstance(operator, ast.Add):
        from shapetorch.flow.methods import list_method

        assert isinstance(before, Ref)
        list_method(run, before, record, "extend", [value])
        return
    bind_target(run, target, operators.binary(run, operator, before, value, node), node)


def _as_load(target: ast.expr) -> ast.expr:
    match target:
        case ast.Name(id=label):
            return ast.Name(label, ast.Load())
        case ast.Attribute(value=base, attr=attribute):
            return ast.Attribute(base, attribute, ast.Load())
        case ast.Subscript(value=base, slice=index):
            return ast.Subscript(base, index, ast.Load())
    return target
