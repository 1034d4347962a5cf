"""Attributes and subscripts of tensors, and of their shapes."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Size,
    Variadic,
    is_fixed,
    product,
)
from shapetorch.flow import apply
from shapetorch.flow.state import Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Constant,
    External,
    Integer,
    Method,
    Scalar,
    ShapeOf,
    Slice,
    Tensor,
    Tuple,
    Unknown,
    Value,
    alternatives,
    as_array,
    union,
)
from shapetorch.rules import METHODS, lift

_SAME = frozenset({"data", "grad", "real", "imag"})
_RULES = frozenset({"T", "mT", "H", "mH"})
_BOOLS = frozenset({"requires_grad", "is_cuda", "is_leaf", "is_sparse", "is_quantized", "is_meta"})


ATTRIBUTES = frozenset(
    (*METHODS, "shape", "ndim", "dtype", "device", "data", "grad", "T", "mT", "H")
)
"""What `x` has if it is a tensor: it says nothing of sizes where nobody knows what `x` is."""


SHAPING = frozenset("reshape view expand new_zeros new_ones new_empty new_full".split())
"""Methods whose arguments tell the shape of the result, whatever it is that they are called on."""


def method_of_unknown(
    run: Run, name: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """What one of `SHAPING` gives, called on something that must be a tensor, or may be an array too."""
    made = apply.rules(run, METHODS[name], [Tensor(), *args], kwargs, node)
    if not isinstance(made, Tensor) or made.shape == UNKNOWN:
        return UNKNOWN_VALUE
    return union([made, as_array(made)]) if name == "reshape" else made


def attribute(run: Run, value: Tensor, name: str, node: ast.AST | None) -> Value:
    """``tensor.name``."""
    if name == "shape":
        return shape_value(value.shape)
    if name in ("ndim", "ndim_"):
        return Integer(len(value.shape)) if is_fixed(value.shape) else Integer()
    if name in _SAME:
        return value
    if value.is_array and name == "size":
        return numel(value.shape)
    if name in _RULES and name in METHODS:
        turned = apply.rules(run, METHODS[name], [value], {}, node or ast.Constant(None))
        return as_array(turned) if value.is_array else turned
    if name in _BOOLS:
        return Scalar("bool")
    if name in ("dtype", "device", "layout", "grad_fn", "names"):
        return UNKNOWN_VALUE
    return Method(value, name)


def shape_value(shape: AnyShape) -> Value:
    """``x.shape`` as a value."""
    if is_fixed(shape):
        return Tuple(tuple(Integer(size) for size in shape))
    return ShapeOf(shape)


def numel(shape: AnyShape) -> Value:
    """The number of elements."""
    if is_fixed(shape):
        return Integer(product(shape))
    named = [part for part in shape if isinstance(part, Variadic)]
    if named[0].name is None:
        return Integer()
    from shapetorch.dim import name

    rest = product(part for part in shape if not isinstance(part, Variadic))
    return Integer(rest * name(lift.numel_name(named[0].name)))


def item_of_shape(run: Run, shape: AnyShape, index: Value) -> Value:
    """``x.shape[index]`` where the rank is not known."""
    place = next(i for i, part in enumerate(shape) if isinstance(part, Variadic))
    behind = len(shape) - place - 1
    if isinstance(index, Integer) and isinstance(index.size, int):
        at = index.size
        if at < 0:
            return Integer(_size(shape[at])) if -at <= behind else Integer()
        return Integer(_size(shape[at])) if at < place else Integer()
    if isinstance(index, Slice) and index.step == NONE:
        start, stop = _bound(index.start), _bound(index.stop)
        if start is ... or stop is ...:
            return ShapeOf(UNKNOWN)
        return _slice_of_shape(shape, place, start, stop)
    return UNKNOWN_VALUE


def _bound(value: Value) -> Any:
    if value == NONE:
        return None
    return value.size if isinstance(value, Integer) and isinstance(value.size, int) else ...


def _slice_of_shape(shape: AnyShape, place: int, start: int | None, stop: int | None) -> Value:
    """A slice whose ends lie in the known parts; anything else is unknown."""
    behind = len(shape) - place - 1
    first = 0 if start is None else start
    if first > place or (first < 0 and -first > behind):
        return ShapeOf(UNKNOWN)
    if stop is not None and (stop > place or (stop < 0 and -stop > behind)):
        return ShapeOf(UNKNOWN)
    part = shape[slice(start, stop)]
    return shape_value(part)


def _size(part: Size | Variadic) -> Size:
    return UNKNOWN_DIM if isinstance(part, Variadic) else part


# -- indexing --------------------------------------------------------------------------------------------


def index_elements(run: Run, index: ast.expr) -> list[Value] | None:
    """The evaluated parts of a subscript; None if one may be anything, even a tuple."""
    from shapetorch.flow.expressions import evaluate, evaluate_all

    if isinstance(index, ast.Tuple):
        return evaluate_all(run, index.elts)
    value = evaluate(run, index)
    if isinstance(value, Tuple):
        return list(value.items)
    return [value]


def get_item(run: Run, value: Tensor, index: ast.expr, node: ast.AST) -> Value:
    """``tensor[index]``."""
    parts = index_elements(run, index)
    if parts is None:
        return value.of_shape(UNKNOWN)
    return apply.over_alternatives(
        run, parts, lambda chosen: get_item_of(run, value, chosen, node), node
    )


def get_item_of(run: Run, value: Tensor, parts: list[Value], node: ast.AST) -> Value:
    """``tensor[parts]`` for evaluated parts."""
    from shapetorch.rules import indexing

    elements = [element(run, part) for part in parts]
    if any(element is None for element in elements):
        return value.of_shape(UNKNOWN)

    def compute() -> Value:
        return value.of_shape(indexing.getitem(value.shape, elements))

    return run.applying(compute, node, value.of_shape(UNKNOWN))


def at(run: Run, value: Tensor, args: Sequence[Value], node: ast.AST) -> Value:
    """``tensor.at(*args)``, the indexing of our own tensors: None is a whole dim, a tuple a range."""
    from shapetorch.flow.iteration import iterate
    from shapetorch.rules import indexing

    if len(args) == 1 and run.list_of(args[0]) is not None:  # one list of an element for each dim
        args = iterate(run, args[0]) or [UNKNOWN_VALUE]
    elements = [_at_element(run, part) for part in args]
    if any(element is None for element in elements):
        return value.of_shape(UNKNOWN)

    def compute() -> Value:
        return value.of_shape(indexing.at(value.shape, elements))

    return run.applying(compute, node, value.of_shape(UNKNOWN))


def _at_element(run: Run, value: Value) -> Any:
    from shapetorch.rules import indexing

    match value:
        case Constant(value=None):
            return indexing.WHOLE
        case Constant(value="..."):
            return indexing.Rest()
        case Tuple(items) if len(items) in (2, 3):
            return indexing.Range(*(_slice_bound(part) for part in items))
    return element(run, value)


def set_item(run: Run, value: Tensor, index: ast.expr, assigned: Value, node: ast.AST) -> None:
    """``tensor[index] = assigned``: what is assigned must broadcast to the part."""
    from shapetorch.rules import indexing

    parts = index_elements(run, index)
    if parts is None or any(isinstance(part, Alternatives) for part in parts):
        return
    elements = [element(run, part) for part in parts]
    if any(element is None for element in elements):
        return
    options = [x.shape if isinstance(x, Tensor) else () for x in alternatives(assigned)]
    if len(options) != 1 or isinstance(assigned, Unknown):
        return
    if not isinstance(assigned, (Tensor, Integer, Scalar, Constant)):
        return

    def compute() -> Value:
        indexing.setitem(value.shape, elements, options[0])
        return NONE

    run.applying(compute, node, NONE)


def element(run: Run, value: Value) -> Any:
    """One part of a subscript, as the indexing rule takes it; None if it may be anything."""
    from shapetorch.flow.iteration import iterate
    from shapetorch.rules import indexing

    match value:
        case Constant(value=None):
            return indexing.NewAxis()
        case Constant(value=inner) if inner is Ellipsis:
            return indexing.Rest()
        case Constant(value=bool()):
            return indexing.Mask(())
        case Integer(size):
            return indexing.At(size) if value.certain else None
        case Slice(start, stop, step):
            bounds = [_slice_bound(part) for part in (start, stop, step)]
            if bounds[2] is UNKNOWN_DIM:
                return indexing.Range(UNKNOWN_DIM, UNKNOWN_DIM, None)
            return indexing.Range(bounds[0], bounds[1], bounds[2])
        case Tensor(shape, dtype):
            if dtype in ("bool", "Bool"):
                return indexing.Mask(shape)
            if dtype in ("int64", "Int64", "int32", "Int", "Integer", "long", "Int32", "uint8"):
                return indexing.Mask(shape) if dtype == "uint8" else indexing.Index(shape)
            if len(shape) == 1 and is_fixed(shape):  # a mask or numbers: one dim for one dim
                return indexing.Index((UNKNOWN_DIM,))
            return indexing.Index(shape) if shape == () else None
        case External(name="numpy.newaxis"):
            return indexing.NewAxis()
    items = iterate(run, value)
    if items is not None and run.list_of(value) is not None:
        if items and all(isinstance(item, Integer) for item in items):
            return indexing.Index((len(items),))
        if items and all(
            isinstance(item, Constant) and isinstance(item.value, bool) for item in items
        ):
            return indexing.Mask((len(items),))
    return None


def _slice_bound(value: Value) -> Any:
    if value == NONE:
        return None
    return value.size if isinstance(value, Integer) else UNKNOWN_DIM
