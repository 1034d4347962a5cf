"""From a hint to a check.

A hint is an object, or text when annotations are lazy. Text is evaluated; what cannot be evaluated
(``Tensor[B, T * 2]``, ``torch.Tensor[3]``) is read as syntax, with the names looked up. Hints without
shapes give None: they are for others to check.
"""

from __future__ import annotations

import ast
import builtins
import collections.abc
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, TypeVarTuple, Union, get_args, get_origin

from shapetorch.annotations.dtypes import DTYPE_CLASSES, dtype_clash
from shapetorch.annotations.jaxtyping_strings import parse_jaxtyping
from shapetorch.annotations.sizes import DimOf
from shapetorch.annotations.spec import ShapeSpec
from shapetorch.annotations.subscripts import dotted_name, parse_subscript
from shapetorch.annotations.tensors import AnnotationMeta
from shapetorch.dim import AnyShape, Size, Variadic, name
from shapetorch.runtime.checks import (
    ArrayCheck,
    Check,
    EachCheck,
    Loose,
    SizeCheck,
    TupleCheck,
    TypeCheck,
    UnionCheck,
)

EACH = (
    list,
    set,
    frozenset,
    dict,
    collections.abc.Sequence,
    collections.abc.Mapping,
    collections.abc.MutableSequence,
    collections.abc.MutableMapping,
    collections.abc.Iterable,
)


def read(hint: Any, namespace: Mapping[str, Any]) -> Loose:
    """The check for a hint; `namespace` says what the names in its text are."""
    if isinstance(hint, typing.ForwardRef):
        hint = hint.__forward_arg__
    if isinstance(hint, str):
        return _read_text(hint, namespace)
    if isinstance(hint, AnnotationMeta):
        return spec_check(hint.spec)
    if isinstance(hint, type) and hasattr(hint, "dim_str") and hasattr(hint, "dtypes"):
        return _read_jaxtyping(hint)
    origin, args = get_origin(hint), get_args(hint)
    if origin is typing.Annotated:
        return _read_annotated(args, namespace)
    if origin in (Union, types.UnionType):
        return _union([(read(arg, namespace), arg) for arg in args])
    if origin is tuple:
        return _tuple([read(arg, namespace) for arg in args if arg is not ...], ... in args)
    if origin in EACH and args:
        inner = read(args[-1], namespace)
        return None if inner is None else EachCheck(origin, inner)
    return None


def spec_check(spec: ShapeSpec, array_type: Any = None) -> ArrayCheck:
    """The check for a shape."""
    dtype = spec.dtype
    return ArrayCheck(spec, lambda actual: not dtype_clash(dtype, actual), dtype, array_type)


def _read_jaxtyping(hint: Any) -> Check:
    """A class that jaxtyping made; its dtypes are texts or patterns, or one mark for all."""
    array_type = None if hint.array_type is Any else hint.array_type
    spec = parse_jaxtyping(hint.dim_str, hint.dtype.__name__)
    return ArrayCheck(spec, _allows(hint.dtypes), spec.dtype, array_type)


def _allows(dtypes: Any) -> Callable[[str], bool]:
    if not isinstance(dtypes, (tuple, list)):
        return lambda actual: True
    return lambda actual: any(
        actual == item if isinstance(item, str) else bool(item.match(actual)) for item in dtypes
    )


def _read_annotated(args: tuple[Any, ...], namespace: Mapping[str, Any]) -> Loose:
    for mark in args[1:]:
        if isinstance(mark, DimOf):
            return SizeCheck(mark.size)
    return read(args[0], namespace)


def _union(parts: list[tuple[Loose, Any]]) -> Loose:
    """A union, if one of its parts is about shapes; a part that cannot be checked allows all."""
    if all(check is None for check, _ in parts):
        return None
    options: list[Check] = []
    for check, hint in parts:
        if check is not None:
            options.append(check)
        elif hint is None or hint is type(None):
            options.append(TypeCheck(type(None)))
        elif isinstance(hint, type) and not _is_protocol(hint):
            options.append(TypeCheck(hint))
        else:
            return None
    return UnionCheck(tuple(options))


def _is_protocol(hint: type) -> bool:
    return bool(getattr(hint, "_is_protocol", False))


def _tuple(items: list[Loose], any_length: bool) -> Loose:
    if all(item is None for item in items):
        return None
    if any_length:
        return None if items[0] is None else EachCheck(tuple, items[0])
    return TupleCheck(tuple(items))


# -- lazy annotations ------------------------------------------------------------------------------


def _read_text(text: str, namespace: Mapping[str, Any]) -> Loose:
    try:
        hint = eval(text, dict(namespace))
    except Exception:
        try:
            return _read_syntax(ast.parse(text.strip(), mode="eval").body, namespace)
        except SyntaxError:
            return None
    return None if isinstance(hint, str) else read(hint, namespace)


def _read_syntax(node: ast.expr, namespace: Mapping[str, Any]) -> Loose:
    match node:
        case ast.Constant(value=str(text)):
            return _read_text(text, namespace)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _union([_part(left, namespace), _part(right, namespace)])
        case ast.Subscript(value=base, slice=inner):
            return _read_subscript(base, inner, namespace)
    return _read_value(node, namespace)


def _part(node: ast.expr, namespace: Mapping[str, Any]) -> tuple[Loose, Any]:
    """A part of a union: its check, or else the type it is."""
    check = _read_syntax(node, namespace)
    if check is not None:
        return check, None
    if isinstance(node, ast.Constant) and node.value is None:
        return None, type(None)
    dotted = dotted_name(node)
    found = None if dotted is None else find(dotted, {**vars(builtins), **namespace})
    return None, object() if found is None else found


def _read_value(node: ast.expr, namespace: Mapping[str, Any]) -> Loose:
    dotted = dotted_name(node)
    value = None if dotted is None else find(dotted, namespace)
    return None if value is None or isinstance(value, str) else read(value, namespace)


def _read_subscript(base: ast.expr, inner: ast.expr, namespace: Mapping[str, Any]) -> Loose:
    dotted = dotted_name(base) or ""
    label = dotted.rsplit(".", 1)[-1]
    items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if label in ("Optional", "Union"):
        parts = [_part(item, namespace) for item in items]
        return _union([*parts, (None, type(None))] if label == "Optional" else parts)
    if label in ("tuple", "Tuple"):
        dots = [isinstance(item, ast.Constant) and item.value is ... for item in items]
        checks = [
            _read_syntax(item, namespace) for item, dot in zip(items, dots, strict=True) if not dot
        ]
        return _tuple(checks, any(dots))
    if label in ("list", "List", "Sequence", "Iterable"):
        check = _read_syntax(items[0], namespace)
        cls = list if label in ("list", "List") else getattr(collections.abc, label)
        return None if check is None else EachCheck(cls, check)
    if label in DTYPE_CLASSES and len(items) == 2:
        text = getattr(items[1], "value", None)
        return spec_check(parse_jaxtyping(text, label)) if isinstance(text, str) else None
    if label.endswith("Tensor"):
        return spec_check(parse_subscript(inner, lambda text: size_of_name(text, namespace)))
    return None


def size_of_name(dotted: str, namespace: Mapping[str, Any]) -> Size | AnyShape | None:
    """What a name in a subscript stands for."""
    value = find(dotted, namespace)
    if isinstance(value, TypeVar):
        return name(value.__name__)
    if isinstance(value, TypeVarTuple):
        return (Variadic(value.__name__),)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return getattr(value, "sizes", value)
    return None


def find(dotted: str, namespace: Mapping[str, Any]) -> Any:
    """The value of a dotted name, None if there is none."""
    first, *rest = dotted.split(".")
    value = namespace.get(first)
    for attribute in rest:
        value = getattr(value, attribute, None)
    return value
