"""Hints as values: what a parameter is inside its function, what a call returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shapetorch.annotations import matching
from shapetorch.annotations.spec import Axis, ShapeSpec, VariadicAxis
from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Variadic,
    name,
    names,
    substitute,
)
from shapetorch.flow.hints import (
    CallableHint,
    DictHint,
    DimHint,
    Hint,
    InstanceHint,
    LayerHint,
    LiteralHint,
    ManyHint,
    PlainHint,
    TensorHint,
    TupleHint,
    UnionHint,
    is_tensor_hint,
)
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Constant,
    DictRecord,
    HintValue,
    Integer,
    ListRecord,
    Many,
    OpaqueLayer,
    Scalar,
    Tensor,
    Tuple,
    Value,
    union,
)

if TYPE_CHECKING:
    from shapetorch.flow.state import Run


def value_of(run: Run, hint: Hint, label: str, *, rigid: bool = True) -> Value:
    """What a parameter or field so annotated is, inside the code that declares it.

    Args:
        run: The analysis.
        hint: The annotation.
        label: How the value is spelled; an ``int`` becomes a size of that name.
        rigid: Whether the names stand for every number (a parameter of the code being checked), or
            each for one unknown number (a field of something that came from outside).
    """
    match hint:
        case TensorHint(spec, dtype, is_array):
            if spec is None:
                return Tensor(UNKNOWN, dtype, is_array)
            shape = spec.shape() if rigid else matching.instantiate(spec, {})
            return Tensor(shape, dtype, is_array)
        case PlainHint(kind="int"):
            return Integer(name(label, soft=not rigid))
        case PlainHint(kind="None"):
            return NONE
        case PlainHint(kind):
            return Scalar(kind)
        case LiteralHint(values):
            return _of_literals(values)
        case DimHint(size):
            return Integer(size if rigid else UNKNOWN_DIM)
        case UnionHint(items):
            return union([value_of(run, item, label, rigid=rigid) for item in items])
        case TupleHint(items):
            return Tuple(
                tuple(value_of(run, x, f"{label}[{i}]", rigid=rigid) for i, x in enumerate(items))
            )
        case ManyHint(element, kind):
            inner = (
                value_of(run, element, f"?{label}", rigid=False)
                if not is_tensor_hint(element)
                else value_of(run, element, label, rigid=rigid)
            )
            length = UNKNOWN_DIM if label.startswith("?") else name(f"len({label})", soft=True)
            if kind == "list":
                return run.allocate(ListRecord(None, inner, length))
            return Many(inner, length)
        case DictHint(element) if is_tensor_hint(element):
            return run.allocate(DictRecord(None, value_of(run, element, label, rigid=rigid)))
        case DictHint(InstanceHint() as element):
            return run.allocate(DictRecord(None, value_of(run, element, f"?{label}", rigid=False)))
        case InstanceHint(cls, args):
            from shapetorch.flow.instances import outside_instance

            return outside_instance(run, cls, label, args)
        case CallableHint():
            return HintValue(hint)
        case LayerHint(full):
            return OpaqueLayer(full)
    return UNKNOWN_VALUE


def _of_literals(values: tuple[Value, ...]) -> Value:
    """What is one of some literals: the only one, or one of their type."""
    if len(values) == 1:
        return values[0]
    kinds = {type(value.value).__name__ for value in values if isinstance(value, Constant)}
    if len(kinds) != 1 or not all(isinstance(value, Constant) for value in values):
        return UNKNOWN_VALUE
    return Scalar(kinds.pop())


def instantiate(run: Run, hint: Hint, bindings: Mapping[str, Any], label: str = "") -> Value:
    """What a call with such an annotated result returns."""
    match hint:
        case TensorHint(spec, dtype, is_array):
            shape = UNKNOWN if spec is None else matching.instantiate(spec, bindings)
            return Tensor(shape, dtype, is_array)
        case PlainHint(kind="int"):
            return Integer()
        case PlainHint(kind="None"):
            return NONE
        case PlainHint(kind):
            return Scalar(kind)
        case LiteralHint(values):
            return _of_literals(values)
        case DimHint(size):
            sizes = {k: v for k, v in bindings.items() if not isinstance(v, tuple)}
            known = all(n.name in sizes for n in names(size))
            return Integer(substitute(size, sizes) if known else UNKNOWN_DIM)
        case UnionHint(items):
            return union([instantiate(run, item, bindings, label) for item in items])
        case TupleHint(items):
            return Tuple(tuple(instantiate(run, item, bindings, label) for item in items))
        case ManyHint(element, kind):
            inner = instantiate(run, element, bindings, label)
            return run.allocate(ListRecord(None, inner)) if kind == "list" else Many(inner)
        case DictHint(element) if is_tensor_hint(element):
            return run.allocate(DictRecord(None, instantiate(run, element, bindings, label)))
        case InstanceHint(cls, args):
            from shapetorch.flow.instances import outside_instance

            given = tuple(_instantiate_argument(argument, bindings) for argument in args)
            return outside_instance(run, cls, label or "result", given)
        case CallableHint():
            return HintValue(hint)
        case LayerHint(full):
            return OpaqueLayer(full)
    return UNKNOWN_VALUE


def _instantiate_argument(argument: AnyShape, bindings: Mapping[str, Any]) -> AnyShape:
    spec = ShapeSpec(
        tuple(VariadicAxis(x.name) if isinstance(x, Variadic) else Axis(x) for x in argument), None
    )
    return matching.instantiate(spec, bindings)
