"""Aliases that are generic over sizes: ``Image = Tensor[C, H, W]``, ``type Image[C, H, W] = ...``."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapetorch.annotations.spec import Axis, ShapeSpec, VariadicAxis
from shapetorch.dim import ELLIPSIS, UNKNOWN_DIM, AnyShape, Dim, Size, Variadic, names, substitute
from shapetorch.flow import hint_reading, hints
from shapetorch.flow.state import Run
from shapetorch.flow.values import HintValue, TypeParam, Value

Row = AnyShape
Given = Mapping[str, Row]  # one size for a plain parameter, any number for a starred one


def parameters_in(run: Run, index: ast.expr) -> tuple[TypeParam, ...]:
    """The type parameters that stand in the brackets of an alias, each once, in order."""
    from shapetorch.flow.expressions import lookup_dotted

    found: dict[TypeParam, None] = {}
    for node in _in_order(index):
        value = lookup_dotted(run, node.id)
        if isinstance(value, TypeParam):
            found[value] = None
    return tuple(found)


def _in_order(node: ast.AST) -> list[ast.Name]:
    if isinstance(node, ast.Name):
        return [node]
    return [name for child in ast.iter_child_nodes(node) for name in _in_order(child)]


def subscripted(run: Run, alias: HintValue, index: ast.expr) -> Value:
    """``Image[3, H, W]``: the alias with sizes for its parameters."""
    items = index.elts if isinstance(index, ast.Tuple) else [index]
    rows = [part for item in items for part in _argument(run, item)]
    return HintValue(filled(alias.hint, assigned(alias.parameters, rows)))


def bare(alias: HintValue) -> hints.Hint:
    """The hint of an alias without brackets; parameters of its own are then any sizes."""
    if not alias.scoped:
        return alias.hint
    return filled(alias.hint, assigned(alias.parameters, [ELLIPSIS]))


def _argument(run: Run, item: ast.expr) -> AnyShape:
    if isinstance(item, ast.Starred):
        return hint_reading.size_argument(run, item)
    if isinstance(item, ast.Constant) and item.value is Ellipsis:
        return (ELLIPSIS,)
    return hint_reading.size_argument(run, item)


def assigned(parameters: Sequence[TypeParam], row: Sequence[Size | Variadic]) -> Given:
    """Which parameter gets which of the sizes; unknown ones where their number is not clear."""
    rows = [place for place, parameter in enumerate(parameters) if parameter.variadic]
    vague = any(isinstance(part, Variadic) for part in row)
    extra = len(row) - len(parameters)
    if len(rows) != 1:
        clear = not rows and extra == 0 and not vague
        return {
            parameter.name: (row[place],) if clear else _any(parameter)
            for place, parameter in enumerate(parameters)
        }
    first, end = rows[0], rows[0] + 1 + extra
    outside = [*row[:first], *row[end:]]
    if extra < -1 or any(isinstance(part, Variadic) for part in outside):
        return {parameter.name: _any(parameter) for parameter in parameters}
    given: dict[str, Row] = {p.name: (row[place],) for place, p in enumerate(parameters[:first])}
    given[parameters[first].name] = tuple(row[first:end])
    behind = zip(parameters[first + 1 :], row[end:], strict=True)
    return {**given, **{parameter.name: (size,) for parameter, size in behind}}


def _any(parameter: TypeParam) -> Row:
    return (ELLIPSIS,) if parameter.variadic else (UNKNOWN_DIM,)


def filled(hint: hints.Hint, given: Given) -> hints.Hint:
    """A hint with sizes in place of names."""
    match hint:
        case hints.TensorHint(spec) if spec is not None:
            return replace(hint, spec=_filled_spec(spec, given))
        case hints.DimHint(size):
            return hints.DimHint(_filled_size(size, given))
        case hints.ShapeHint(shape):
            return hints.ShapeHint(_filled_row(shape, given))
        case hints.UnionHint(items):
            return hints.UnionHint(tuple(filled(item, given) for item in items))
        case hints.TupleHint(items):
            return hints.TupleHint(tuple(filled(item, given) for item in items))
        case hints.ManyHint(element):
            return replace(hint, element=filled(element, given))
        case hints.DictHint(element):
            return hints.DictHint(filled(element, given))
        case hints.InstanceHint(_, args):
            return replace(hint, args=tuple(_filled_row(arg, given) for arg in args))
        case hints.CallableHint(parameters, result):
            inner = None if parameters is None else tuple(filled(p, given) for p in parameters)
            return hints.CallableHint(inner, filled(result, given))
    return hint


def _filled_spec(spec: ShapeSpec, given: Given) -> ShapeSpec:
    axes: list[Axis | VariadicAxis] = []
    for axis in spec.axes:
        if isinstance(axis, Axis):
            axes.append(replace(axis, size=_filled_size(axis.size, given)))
        elif axis.name is not None and axis.name in given:
            axes.extend(
                VariadicAxis(part.name) if isinstance(part, Variadic) else Axis(part)
                for part in given[axis.name]
            )
        else:
            axes.append(VariadicAxis(None) if axis.helper is not None else axis)
    if sum(isinstance(axis, VariadicAxis) for axis in axes) > 1:
        return ShapeSpec((VariadicAxis(None),), spec.dtype)
    return ShapeSpec(tuple(axes), spec.dtype)


def _filled_row(row: AnyShape, given: Given) -> AnyShape:
    parts: list[Size | Variadic] = []
    for part in row:
        if isinstance(part, Variadic):
            parts.extend(given.get(part.name or "", (part,)))
        else:
            parts.append(_filled_size(part, given))
    return tuple(parts)


def _filled_size(size: Size, given: Given) -> Size:
    if isinstance(size, int) or size is UNKNOWN_DIM:
        return size
    sizes: dict[str, Size] = {}
    for atom in names(size):
        row = given.get(atom.name, ())
        if len(row) == 1 and isinstance(row[0], (int, Dim)):
            if row[0] is UNKNOWN_DIM:
                return UNKNOWN_DIM
            sizes[atom.name] = row[0]
    return substitute(size, sizes) if sizes else size
