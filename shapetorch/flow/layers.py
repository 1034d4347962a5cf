"""Layers and containers of `torch.nn`: built, called, looked into."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import product
from typing import Any

from shapetorch.dim import UNKNOWN_DIM, Context, Truth, equal, is_fixed, using
from shapetorch.errors import ShapeError
from shapetorch.flow import apply, conversion, list_parts
from shapetorch.flow.state import Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Block,
    Constant,
    DictRecord,
    Integer,
    Layer,
    ListRecord,
    Method,
    OpaqueLayer,
    Ref,
    Scalar,
    Tensor,
    Tuple,
    Unknown,
    Value,
    union,
)
from shapetorch.rules import LAYERS
from shapetorch.rules.bind import Undecided, Unfit, assign, with_kinds
from shapetorch.rules.layers_linear import Linear
from shapetorch.rules.registry import Parameter, Rule, parameters_of

LISTS = frozenset({"torch.nn.Sequential", "torch.nn.ModuleList", "torch.nn.ParameterList"})
DICTS = frozenset({"torch.nn.ModuleDict", "torch.nn.ParameterDict"})
CONTAINERS = LISTS | DICTS
FROM_TABLES = frozenset(
    {"torch.nn.Embedding.from_pretrained", "torch.nn.EmbeddingBag.from_pretrained"}
)
MOST_FLAGS = 2


def construct(
    run: Run, full: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """A new layer, or a container of layers."""
    from shapetorch.flow.iteration import iterate

    if full == "torch.nn.Sequential":
        if (
            len(args) == 1
            and (table := run.dict_of(args[0])) is not None
            and table.items is not None
        ):
            named = tuple(str(key) for key in table.items)
            return run.allocate(ListRecord(tuple(table.items.values()), kind=full, names=named))
        return run.allocate(ListRecord(tuple(args), kind=full))
    if full in LISTS:
        items = iterate(run, args[0]) if args else []
        if items is not None:
            return run.allocate(ListRecord(tuple(items), kind=full))
        from shapetorch.flow.iteration import element_and_length

        element, length = element_and_length(run, args[0])
        parts = list_parts.parts_in(run, args[0])
        return run.allocate(ListRecord(None, element, length, full, parts=parts))
    if full in DICTS:
        table = run.dict_of(args[0]) if args else DictRecord({})
        return run.allocate(replace(table, kind=full) if table else DictRecord(None, kind=full))
    if full in FROM_TABLES:
        return _of_table(run, full.rpartition(".")[0], args, kwargs, node)
    return apply.over_alternatives(
        run,
        [*args, *kwargs.values()],
        lambda parts: _construct_layer(
            run, full, parts[: len(args)], dict(zip(kwargs, parts[len(args) :], strict=True)), node
        ),
        node,
    )


def _of_table(
    run: Run, full: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """``Embedding.from_pretrained(table)``: its sizes are those of the table."""
    table = args[0] if args else kwargs.get("embeddings", UNKNOWN_VALUE)
    if not isinstance(table, Tensor) or not is_fixed(table.shape) or len(table.shape) != 2:
        return OpaqueLayer(full)
    passed = ("padding_idx", "mode", "include_last_offset")  # as they are called everywhere
    options = {label: kwargs[label] for label in passed if label in kwargs}
    sizes: list[Value] = [Integer(size) for size in table.shape]
    return _construct_layer(run, full, sizes, options, node)


def _construct_layer(
    run: Run, full: str, args: list[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    cls = LAYERS[full]
    parameters = parameters_of(cls)
    try:
        assigned = assign(parameters, args, kwargs, None, apply.is_sequence(run))
        undecided = _flags(parameters, assigned)
        values = {
            label: conversion.convert(run, value, kind)
            for label, (value, kind) in with_kinds(parameters, assigned).items()
            if label not in undecided
        }
    except Unfit:
        return apply.IMPOSSIBLE
    except Undecided:
        return OpaqueLayer(full)

    def build() -> Value:
        found = [
            Layer(full, cls(**values, **flags), getattr(node, "lineno", 0), run.frame.module.name)
            for flags in _choices(undecided)
        ]
        return union(found)

    if run.deferred:
        return build()
    return run.applying(build, node, OpaqueLayer(full))


def _flags(parameters: Sequence[Parameter], assigned: Mapping[str, Value]) -> list[str]:
    """The switches whose value is not known: the layer is then one of several."""
    return [
        p.name
        for p in parameters
        if p.kind == "bool" and isinstance(assigned.get(p.name), (Scalar, Unknown))
    ]


def _choices(flags: list[str]) -> list[dict[str, bool]]:
    if len(flags) > MOST_FLAGS:
        flags = flags[:MOST_FLAGS]
    return [
        dict(zip(flags, values, strict=True))
        for values in product((False, True), repeat=len(flags))
    ]


def call_layer(
    run: Run,
    function: Layer | OpaqueLayer,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """The value of ``layer(x)``."""
    if isinstance(function, OpaqueLayer):
        spec = of_any_size(function.name)
        if spec is None:
            return UNKNOWN_VALUE
        function = Layer(function.name, spec)
    cls = type(function.spec)
    short = function.name.rsplit(".", 1)[-1]
    forward = Rule(
        short, function.spec.forward, (), (), dtype="unknown", parameters=parameters_of(cls.forward)
    )

    def one(parts: list[Value]) -> Value:
        named = dict(zip(kwargs, parts[len(args) :], strict=True))
        try:
            return apply._apply(run, [forward], parts[: len(args)], named, node)
        except ShapeError as error:
            _remember_origin(run, error, function, short)
            raise

    with _Origin(run, function, short), run.linking():
        value = apply.over_alternatives(run, [*args, *kwargs.values()], one, node)
    return _with_dtype(value, args, short)


class _Origin:
    """Inside, reported errors get a note where the layer was built."""

    def __init__(self, run: Run, layer: Layer, short: str) -> None:
        self.run, self.layer, self.short = run, layer, short

    def __enter__(self) -> None:
        self.before = self.run.origin
        if self.layer.module == self.run.main and self.layer.line:
            self.run.origin = (f"{self.short} is built here", self.layer.line)

    def __exit__(self, *error: object) -> None:
        self.run.origin = self.before


def _remember_origin(run: Run, error: ShapeError, layer: Layer, short: str) -> None:
    if layer.module == run.main and layer.line and not hasattr(error, "origin"):
        error.origin = (f"{short} is built here", layer.line)  # type: ignore[attr-defined]


def _with_dtype(value: Value, args: Sequence[Value], short: str) -> Value:
    if isinstance(value, Tensor) and value.dtype is None:
        if short in ("Embedding", "EmbeddingBag", "Linear") or short.startswith("Conv"):
            return Tensor(value.shape, "Float")
        if args and isinstance(args[0], Tensor):
            return Tensor(
                value.shape, args[0].dtype if args[0].dtype in ("Float", "float32") else None
            )
    return value


UNKNOWN_SETTINGS: dict[str, object] = {
    "Size": UNKNOWN_DIM,
    "PerAxis": UNKNOWN_DIM,
    "PerAxis | str": UNKNOWN_DIM,
    "IfKnown": ...,
    "object": None,
}


@cache
def of_any_size(full: str) -> Any:
    """A layer of which nothing is known but its class; None where its settings must be known."""
    cls = LAYERS.get(full)
    parameters = parameters_of(cls) if cls is not None else []
    kinds = {p.name: p.kind for p in parameters if not p.extra}
    if cls is None or "reduction" in kinds or not set(kinds.values()) <= UNKNOWN_SETTINGS.keys():
        return None
    return cls(**{label: UNKNOWN_SETTINGS[kind] for label, kind in kinds.items()})


def call_method(
    run: Run,
    layer: Layer | OpaqueLayer,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """The value of ``layer.name(…)``."""
    if name in ("forward", "__call__"):
        return call_layer(run, layer, args, kwargs, node)
    if name in (
        "to",
        "cuda",
        "cpu",
        "float",
        "double",
        "half",
        "bfloat16",
        "eval",
        "train",
        "requires_grad_",
        "apply",
        "type",
    ):
        return layer
    return UNKNOWN_VALUE


def attribute(run: Run, layer: Layer, name: str) -> Value:
    """``layer.name``: a constructor's value, a parameter, a method."""
    spec = layer.spec
    shapes: Mapping[str, Any] = {}
    if hasattr(spec, "parameters"):
        with using(Context(run.facts)):
            shapes = spec.parameters()
    if name in shapes:
        shape = shapes[name]
        return NONE if shape is None else Tensor(shape, "Float")
    if name in _fields(spec):
        return _plain(getattr(spec, name))
    if name in ("bias", "weight"):
        return UNKNOWN_VALUE
    return Method(layer, name)


def with_attribute(run: Run, layer: Value, name: str, value: Value) -> Value:
    """The layer after ``layer.name = value``, which may be a layer of other sizes."""
    if isinstance(layer, Alternatives):
        return union(with_attribute(run, option, name, value) for option in layer.values)
    if not isinstance(layer, Layer):
        return layer
    before = attribute(run, layer, name)
    if isinstance(before, Tensor):
        return _with_parameter(run, layer, name, before, value)
    if name not in _fields(layer.spec) or before == value:
        return layer
    try:
        spec = replace(layer.spec, **{name: _python_value(value)})
    except (Undecided, ShapeError):
        return OpaqueLayer(layer.name)
    if hasattr(spec, "parameters") and spec.parameters() != layer.spec.parameters():
        return OpaqueLayer(layer.name)  # the tensors stay as they were
    return replace(layer, spec=spec)


def _with_parameter(run: Run, layer: Layer, name: str, before: Tensor, value: Value) -> Value:
    if not isinstance(value, Tensor) or not is_fixed(before.shape) or not is_fixed(value.shape):
        return layer
    pairs = zip(before.shape, value.shape, strict=False)
    with using(Context(run.facts)):
        fits = [equal(old, new) is not Truth.NO for old, new in pairs]
    if len(before.shape) == len(value.shape) and all(fits):
        return layer
    if name == "weight" and isinstance(layer.spec, Linear) and layer.spec.bias is False:
        if len(value.shape) == 2:
            return replace(layer, spec=Linear(value.shape[1], value.shape[0], bias=False))
    return OpaqueLayer(layer.name)


def _fields(spec: object) -> set[str]:
    return {field.name for field in fields(spec)} if is_dataclass(spec) else set()


def _python_value(value: Value) -> Any:
    """What `_plain` makes this value of."""
    match value:
        case Tuple(items):
            return tuple(_python_value(item) for item in items)
        case Constant(value=inner):
            return inner
        case Integer(size):
            return size
    raise Undecided


def _plain(value: object) -> Value:
    if isinstance(value, tuple):
        return Tuple(tuple(_plain(item) for item in value))
    if isinstance(value, bool) or value is None or isinstance(value, (str, float)):
        return Constant(value)
    if isinstance(value, int) or hasattr(value, "terms"):
        return Integer(value)  # type: ignore[arg-type]
    return value if isinstance(value, Value) else UNKNOWN_VALUE


def call_sequential(run: Run, container: Ref, args: Sequence[Value], node: ast.AST) -> Value:
    """The value of ``Sequential(…)(x)``: each layer in turn."""
    from shapetorch.flow.calls import call

    record = run.list_of(container)
    if record is None or record.kind != "torch.nn.Sequential" or not args:
        return UNKNOWN_VALUE
    value = args[0]
    parts = list_parts.parts_of(record)
    if parts is None:
        once = call(run, record.element, [value], {}, node)
        return once if once == value else UNKNOWN_VALUE
    return _in_turn(run, parts, value, node)


def _in_turn(run: Run, parts: Sequence[Value], value: Value, node: ast.AST) -> Value:
    """What the layers make of a value, one after the other."""
    from shapetorch.flow.calls import call

    for part in parts:
        if isinstance(part, Block):
            value = _some_rounds(run, part, value, node)
        else:
            value = call(run, part, [value], {}, node)
    return value


def _some_rounds(run: Run, block: Block, value: Value, node: ast.AST) -> Value:
    """The same where the layers are there any number of times, perhaps not at all."""
    if not block.repeated:
        return union([value, _in_turn(run, block.items, value, node)])
    for _ in range(list_parts.ROUNDS):
        after = union([value, _in_turn(run, block.items, value, node)])
        if after == value:
            return value
        value = after
    return UNKNOWN_VALUE


def container_method(
    run: Run, container: Ref, record: ListRecord, name: str, args: Sequence[Value]
) -> Value | None:
    """``modules.append(…)`` and the like; None if it is no method of containers."""
    if name in ("append", "extend", "insert", "add_module"):
        return None
    if name in ("children", "modules", "parameters"):
        return UNKNOWN_VALUE
    if name in ("to", "cuda", "cpu", "eval", "train", "float", "half", "apply", "requires_grad_"):
        return container
    return None
