"""Methods that are no shape rules: sizes of tensors, lists, dicts, strings, modules."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapetorch.dim import UNKNOWN_DIM, Variadic, is_fixed
from shapetorch.flow import apply, conversion, list_parts, tensors
from shapetorch.flow.layers import call_sequential
from shapetorch.flow.state import Run, element_of
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Block,
    Constant,
    DictRecord,
    External,
    Function,
    Integer,
    ListRecord,
    Many,
    Ref,
    Scalar,
    ShapeOf,
    Super,
    Tensor,
    Tuple,
    Value,
    as_array,
    union,
)
from shapetorch.rules import ARRAY_METHODS


def tensor_method(
    run: Run,
    value: Tensor,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value | None:
    """A method of a tensor that no rule describes; None if a rule may."""
    match name:
        case "size":
            shape = tensors.shape_value(value.shape)
            dim = args[0] if args else kwargs.get("dim")
            if dim is None or dim == NONE:
                return shape
            if isinstance(shape, Tuple) and isinstance(dim, Integer) and isinstance(dim.size, int):
                return _checked_size(run, value, dim.size, node)
            return (
                tensors.item_of_shape(run, value.shape, dim)
                if isinstance(shape, ShapeOf)
                else Integer()
            )
        case "dim" | "ndimension" | "get_dim":
            return Integer(len(value.shape)) if is_fixed(value.shape) else Integer()
        case "numel" | "nelement":
            return tensors.numel(value.shape)
        case "__len__":
            return (
                Integer(value.shape[0])
                if value.shape and not isinstance(value.shape[0], Variadic)
                else Integer()
            )
        case "item":
            return _item(run, value, node)
        case "to" | "type":
            return _converted(value, name, [*args, *kwargs.values()])
        case "at":
            return tensors.at(run, value, args, node)
        case "tolist" | "stride" | "storage" | "untyped_storage" | "data_ptr" | "element_size":
            return UNKNOWN_VALUE
        case "backward" | "register_hook" | "retain_grad":
            return NONE
        case "numpy" | "__array__":
            return as_array(value)
        case "is_floating_point" | "is_contiguous" | "is_complex":
            return Scalar("bool")
    return None


def _converted(value: Tensor, name: str, given: Sequence[Value]) -> Value:
    """``x.to(…)``: the dtype is known if it is given by name, and kept if only a device is."""
    named = [conversion.dtype_name(item.name) for item in given if isinstance(item, External)]
    if any(named):
        return replace(value, dtype=next(filter(None, named)))
    kept = name == "to" and all(isinstance(item, Constant) for item in given)
    return value if kept else replace(value, dtype=None)


def array_method(
    run: Run,
    value: Tensor,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """A method of a NumPy or JAX array."""
    match name:
        case "item":
            return _item(run, value, node)
        case "__len__":
            return tensor_method(run, value, name, args, kwargs, node) or Integer()
    return as_array(apply.rules(run, ARRAY_METHODS.get(name, []), [value, *args], kwargs, node))


def _checked_size(run: Run, value: Tensor, dim: int, node: ast.AST) -> Value:
    from shapetorch.rules.axes import axis

    shape = value.shape
    assert is_fixed(shape), "asked only of a known rank"
    return run.applying(
        lambda: Integer(shape[axis("size", dim, shape, scalar=False)]), node, Integer()
    )


def _item(run: Run, value: Tensor, node: ast.AST) -> Value:
    from shapetorch.errors import ShapeError
    from shapetorch.rules.selecting import item_shape

    if is_fixed(value.shape) and any(isinstance(s, int) and s > 1 for s in value.shape):
        try:
            item_shape(value.shape)
        except ShapeError as error:
            if run.deferred:
                raise
            run.report_error(error, node)
    return Scalar("float") if value.dtype not in ("int64", "Int", "Int64") else Integer()


def plain_method(
    run: Run,
    receiver: Value,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """A method of a list, dict, string, tuple, module."""
    if isinstance(receiver, Super) and name.startswith("__init__:"):
        return _super_init(run, receiver, name.removeprefix("__init__:"), args, kwargs, node)
    if isinstance(receiver, Ref):
        record = run.heap.get(receiver.key)
        if isinstance(record, ListRecord):
            if name in ("forward", "__call__"):
                return call_sequential(run, receiver, args, node)
            return list_method(run, receiver, record, name, args)
        if isinstance(record, DictRecord):
            return _dict_method(run, receiver, record, name, args, kwargs)
        return _object_method(run, receiver, name, args, kwargs, node)
    if isinstance(receiver, (Tuple, ShapeOf)):
        return _tuple_method(receiver, name, args)
    if isinstance(receiver, Constant) and isinstance(receiver.value, str):
        return _string_method(run, receiver.value, name, args)
    if isinstance(receiver, Function) and name in ("__wrapped__",):
        return receiver
    return (
        Scalar("str") if isinstance(receiver, Scalar) and receiver.kind == "str" else UNKNOWN_VALUE
    )


def _super_init(
    run: Run,
    receiver: Super,
    base: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    from shapetorch.flow import layers
    from shapetorch.rules import LAYERS

    if (base in LAYERS or base in layers.CONTAINERS) and isinstance(receiver.instance, Ref):
        record = run.object_of(receiver.instance)
        if record is not None:
            built = layers.construct(run, base, args, kwargs, node)
            record = run.object_of(receiver.instance) or record
            run.heap[receiver.instance.key] = replace(record, base=built)
    return NONE


def _tuple_method(receiver: Value, name: str, args: Sequence[Value]) -> Value:
    if name == "numel" and isinstance(receiver, Tuple):
        total = Integer(1).size
        for item in receiver.items:
            total = total * (item.size if isinstance(item, Integer) else UNKNOWN_DIM)
        return Integer(total)
    if name == "numel" and isinstance(receiver, ShapeOf):
        return tensors.numel(receiver.shape)
    return Integer() if name in ("index", "count") else UNKNOWN_VALUE


def _string_method(run: Run, text: str, name: str, args: Sequence[Value]) -> Value:
    plain = [
        [x.value for x in a.items if isinstance(x, Constant)]
        if isinstance(a, Tuple) and all(isinstance(x, Constant) for x in a.items)
        else a.value
        if isinstance(a, Constant)
        else a.size
        if isinstance(a, Integer)
        else ...
        for a in args
    ]
    if ... in plain or not hasattr(text, name):
        return Scalar("str") if name in ("format", "join") else UNKNOWN_VALUE
    try:
        result = getattr(text, name)(*plain)
    except Exception:
        return UNKNOWN_VALUE
    if isinstance(result, (list, tuple)):
        items = tuple(Constant(item) for item in result)
        return run.allocate(ListRecord(items)) if isinstance(result, list) else Tuple(items)
    if isinstance(result, int) and not isinstance(result, bool):
        return Integer(result)
    return Constant(result)


def list_method(
    run: Run, receiver: Ref, record: ListRecord, name: str, args: Sequence[Value]
) -> Value:
    """A method of a list or of a container of modules."""
    from shapetorch.flow.iteration import iterate

    match name, list(args):
        case "append", [value]:
            run.heap[receiver.key] = _appended(record, [value])
            return NONE if record.kind == "list" else receiver
        case "extend", [values]:
            found = iterate(run, values)
            if found is None:
                more = run.list_of(values) or ListRecord(None)
                if isinstance(values, Many):
                    more = ListRecord(None, values.element, parts=(Block((values.element,)),))
                run.heap[receiver.key] = list_parts.concatenated(record, more)
            else:
                run.heap[receiver.key] = _appended(record, found)
            return NONE if record.kind == "list" else receiver
        case "insert", [Integer(size), value]:
            if record.items is not None and isinstance(size, int):
                items = list(record.items)
                items.insert(size, value)
                run.heap[receiver.key] = replace(record, items=tuple(items))
            else:
                run.heap[receiver.key] = ListRecord(
                    None, union([element_of(record), value]), kind=record.kind
                )
            return NONE
        case "pop", rest:
            return _pop(run, receiver, record, rest)
        case (("reverse" | "sort"), _):
            if record.items is not None and name == "reverse":
                run.heap[receiver.key] = replace(record, items=record.items[::-1])
            else:
                length = record.length if record.items is None else len(record.items)
                run.heap[receiver.key] = ListRecord(None, element_of(record), length, record.kind)
            return NONE
        case "clear", []:
            run.heap[receiver.key] = replace(record, items=(), parts=())
            return NONE
        case "copy", []:
            return run.allocate(record)
        case (("remove" | "discard" | "add" | "update" | "appendleft" | "popleft"), given):
            added = given if name in ("add", "appendleft") else []
            element = union([element_of(record), *added]) if name != "update" else UNKNOWN_VALUE
            run.heap[receiver.key] = ListRecord(None, element, kind=record.kind)
            return element if name == "popleft" else NONE
        case (("index" | "count" | "__len__"), _):
            return Integer()
        case (("add_module" | "register_module"), [label, value]):
            named = (*record.names, str(label.value)) if isinstance(label, Constant) else ()
            run.heap[receiver.key] = replace(_appended(record, [value]), names=named)
            return NONE
        case (
            (
                "to"
                | "cuda"
                | "cpu"
                | "eval"
                | "train"
                | "float"
                | "half"
                | "apply"
                | "requires_grad_"
            ),
            _,
        ):
            return receiver
    return UNKNOWN_VALUE


def _appended(record: ListRecord, values: list[Value]) -> ListRecord:
    if record.items is not None:
        if len(record.items) + len(values) <= 256:
            return replace(record, items=(*record.items, *values))
        return ListRecord(None, union([element_of(record), *values]), kind=record.kind)
    return replace(
        record,
        element=union([record.element, *values]),
        length=record.length + len(values),
        parts=(*record.parts, *values) if record.parts else (),
    )


def _pop(run: Run, receiver: Ref, record: ListRecord, args: list[Value]) -> Value:
    if record.items and (
        not args or (isinstance(args[0], Integer) and isinstance(args[0].size, int))
    ):
        position = args[0].size if args and isinstance(args[0], Integer) else -1
        items = list(record.items)
        if isinstance(position, int) and -len(items) <= position < len(items):
            value = items.pop(position)
            run.heap[receiver.key] = replace(record, items=tuple(items))
            return value
    if record.items is None:
        run.heap[receiver.key] = replace(record, length=UNKNOWN_DIM, parts=())
        return record.element
    return element_of(record)


def _dict_method(
    run: Run,
    receiver: Ref,
    record: DictRecord,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
) -> Value:
    from shapetorch.flow.iteration import of_constant, plain_key

    match name:
        case "keys":
            if record.items is not None:
                return Tuple(tuple(of_constant(key) for key in record.items))
        case "values":
            return (
                Tuple(tuple(record.items.values()))
                if record.items is not None
                else Many(record.element)
            )
        case "items":
            if record.items is not None:
                return Tuple(tuple(Tuple((of_constant(k), v)) for k, v in record.items.items()))
            return Many(Tuple((UNKNOWN_VALUE, record.element)))
        case "get" | "pop" | "setdefault":
            key = plain_key(args[0]) if args else None
            other = args[1] if len(args) > 1 else NONE
            if record.items is not None and key is not None:
                return record.items.get(key, other)
            return UNKNOWN_VALUE
        case "update":
            other_record = run.dict_of(args[0]) if args else DictRecord({})
            if (
                record.items is not None
                and other_record is not None
                and other_record.items is not None
            ):
                run.heap[receiver.key] = replace(
                    record, items={**record.items, **other_record.items, **kwargs}
                )
            else:
                run.heap[receiver.key] = DictRecord(None, kind=record.kind)
            return NONE
        case "copy":
            return run.allocate(record)
        case "to" | "cuda" | "cpu" | "eval" | "train":
            return receiver
    return UNKNOWN_VALUE


def _object_method(
    run: Run,
    receiver: Ref,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """What `torch.nn.Module` gives every module."""
    match name:
        case "register_buffer" | "register_parameter" | "add_module" | "register_module":
            values = list(args) + [
                kwargs[key] for key in ("tensor", "param", "module") if key in kwargs
            ]
            if (
                len(values) >= 2
                and isinstance(values[0], Constant)
                and isinstance(values[0].value, str)
            ):
                run.set_attribute(receiver, values[0].value, values[1])
            return NONE
        case (
            "to"
            | "cuda"
            | "cpu"
            | "eval"
            | "train"
            | "float"
            | "double"
            | "half"
            | "bfloat16"
            | "requires_grad_"
            | "apply"
            | "type"
        ):
            return receiver
        case "parameters" | "buffers":
            return Many(Tensor())
        case "forward" | "__call__":
            from shapetorch.flow.calls import call, forward_of

            return call(run, forward_of(run, receiver), args, kwargs, node)
    return UNKNOWN_VALUE
