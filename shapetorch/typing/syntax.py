"""Helper types as syntax: ``MatmulShape[Shape[*A], Shape[*B]]`` in a program that is only read.

Arguments may be whatever a helper takes: shapes, other helpers, numbers, sizes, strings, tuples of
these, and a dictionary of sizes by name. `evaluate_shape` is the `evaluate` that
`annotations.parse_subscript` wants.
"""

from __future__ import annotations

import ast
from typing import Any

from shapetorch.annotations.subscripts import Resolve, dotted_name, parse_subscript
from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, AnyShape, Dim, Size, Variadic, from_ast
from shapetorch.errors import ShapeError
from shapetorch.typing.helpers import HELPERS, evaluate

SHAPES = ("Shape", "Tensor", "ShapedTensor")


def evaluate_shape(node: ast.Subscript, resolve: Resolve) -> AnyShape | None:
    """The shape a subscripted helper stands for; None if it is no helper, or gives no shape.

    Args:
        node: The helper with its arguments.
        resolve: What (dotted) names stand for.

    Raises:
        ShapeError: the helper is broken.
    """
    if helper_name(node) is None:
        return None
    found = evaluate_node(node, resolve)
    if not isinstance(found, tuple):
        return None
    return found if all(isinstance(size, (int, Dim, Variadic)) for size in found) else None


def helper_name(node: ast.expr) -> str | None:
    """The helper that a subscript is of."""
    if not isinstance(node, ast.Subscript):
        return None
    label = (dotted_name(node.value) or "").rsplit(".", 1)[-1]
    return label if label in HELPERS else None


def evaluate_node(node: ast.expr, resolve: Resolve) -> Any:
    """The value of a helper or of one of its arguments; see `evaluate_shape`."""
    dotted = dotted_name(node)
    if dotted is not None:
        return _named(dotted, resolve)
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=items):
            return tuple(evaluate_node(item, resolve) for item in items)
        case ast.List(elts=items):
            return [evaluate_node(item, resolve) for item in items]
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {
                getattr(key, "value", None): evaluate_node(value, resolve) for key, value in pairs
            }
        case ast.Subscript():
            return _subscript(node, resolve)
    return from_ast(node, lambda text: _size(text, resolve))


def _named(dotted: str, resolve: Resolve) -> Any:
    found = resolve(dotted)
    if found is not None:
        return found
    return UNKNOWN if dotted.rsplit(".", 1)[-1] == "DynamicShape" else _Unread(dotted)


class _Unread(str):
    """A name that stands for neither a size nor a shape: a dtype, perhaps."""

    __slots__ = ()


def _size(dotted: str, resolve: Resolve) -> Size:
    found = resolve(dotted)
    return found if isinstance(found, (int, Dim)) else UNKNOWN_DIM


def _subscript(node: ast.Subscript, resolve: Resolve) -> Any:
    label = (dotted_name(node.value) or "").rsplit(".", 1)[-1]
    if label == "Literal":
        return evaluate_node(node.slice, resolve)
    if label in SHAPES:
        return parse_subscript(node.slice, resolve, evaluate_shape).shape()
    if label not in HELPERS:
        return UNKNOWN
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    args = [_argument(item, resolve) for item in inner]
    if label != "ItemResult" and any(isinstance(arg, _Unread) for arg in args):
        return HELPERS[label].unknown
    return evaluate(label, args)


def _argument(node: ast.expr, resolve: Resolve) -> Any:
    """An argument; an error in it is handed on, for the predicates about errors."""
    try:
        return evaluate_node(node, resolve)
    except ShapeError as error:
        return error
