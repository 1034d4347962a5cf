"""The items of ``Tensor[B, T * 2, 512, "batch", ..., *A, Shape[2, 3], float32]``, as syntax.

A caller that reads programs gives the syntax and says what names stand for; nothing is executed.
One item is a size (a number, a name, arithmetic, a string of jaxtyping's), a row of sizes
(``*A``, ``Shape[2, 3]``, a string with several axes) or a dtype. ``Tensor[()]`` is a scalar.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence

from shapetorch.annotations.dtypes import DTYPE_CLASSES, canonical
from shapetorch.annotations.jaxtyping_strings import parse_jaxtyping
from shapetorch.annotations.spec import Axis, ShapeSpec, VariadicAxis, one_row
from shapetorch.dim import (
    ELLIPSIS,
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Dim,
    Size,
    Variadic,
    from_ast,
    is_fixed,
    name,
    names,
    substitute,
)
from shapetorch.errors import ShapeError

Resolve = Callable[[str], "Size | AnyShape | None"]
Evaluate = Callable[[ast.Subscript, Resolve], "AnyShape | None"]
Part = Axis | VariadicAxis

NOTHING = ("Any", "object", "int", "Dim")
"""Items that say nothing of a size."""


def parse_subscript(
    items: ast.expr | Sequence[ast.expr], resolve: Resolve, evaluate: Evaluate | None = None
) -> ShapeSpec:
    """The meaning of what stands between the brackets.

    Args:
        items: The items, or the whole slice.
        resolve: What a (dotted) name stands for: a size, a shape (of a type variable tuple, an
            alias), or None when it is neither.
        evaluate: The shape of a subscripted helper such as ``MatmulShape[A, B]``, None if it is not
            one; over names it is asked again when they are bound.

    Raises:
        ValueError: an item is none of those.
        ShapeError: a helper is broken, and has no names whose values could mend it.
    """
    if isinstance(items, ast.expr):
        items = items.elts if isinstance(items, ast.Tuple) else [items]
    reader = _Reader(resolve, evaluate)
    axes = [axis for item in items for axis in reader.read(item)]
    if sum(isinstance(axis, VariadicAxis) for axis in axes) > 1:
        if reader.vague:
            return ShapeSpec((VariadicAxis(None),), reader.dtype)
        text = ", ".join(ast.unparse(item) for item in items)
        raise ValueError(f"Tensor[{text}]: *name or ... may appear once")
    return ShapeSpec(tuple(axes), reader.dtype)


def parse_string(text: str) -> list[Part]:
    """The axes a string item stands for: arithmetic with blanks, or a jaxtyping string."""
    if _SPACED_OPERATOR.search(text):
        try:
            return [Axis(from_ast(ast.parse(text.strip(), mode="eval").body))]
        except (SyntaxError, ValueError):
            pass
    return list(parse_jaxtyping(text).axes)


_SPACED_OPERATOR = re.compile(r"\s(?:[-+*%]|//)\s")


def axes_of(shape: AnyShape) -> list[Part]:
    """The axes of a value of this shape."""
    return [VariadicAxis(size.name) if isinstance(size, Variadic) else Axis(size) for size in shape]


def dotted_name(node: ast.expr) -> str | None:
    """``a.b.c`` of a name or attribute, None of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted_name(node.value)
        return None if base is None else f"{base}.{node.attr}"
    return None


class _Reader:
    def __init__(self, resolve: Resolve, evaluate: Evaluate | None) -> None:
        self.resolve, self.evaluate = resolve, evaluate
        self.dtype: str | None = None
        self.vague = False  # whether an item may be any number of axes, for all we know

    def read(self, node: ast.expr) -> list[Part]:
        dotted = dotted_name(node)
        if dotted is not None:
            return self._name(dotted)
        match node:
            case ast.Constant(value=str(text)):
                return parse_string(text)
            case ast.Constant(value=value) if value is Ellipsis:
                return [VariadicAxis(None)]
            case ast.Starred(value=inner):
                return self._row(inner)
            case ast.Tuple(elts=inner_items) | ast.List(elts=inner_items):
                return [axis for item in inner_items for axis in self.read(item)]
            case ast.Subscript():
                return self._subscript(node)
            case _:
                return [Axis(self._size(node))]

    def _name(self, dotted: str) -> list[Part]:
        found = self.resolve(dotted)
        if isinstance(found, tuple):
            return axes_of(found)
        if found is not None:
            return [Axis(found)]
        last = dotted.rsplit(".", 1)[-1]
        if last in NOTHING:
            return [Axis(UNKNOWN_DIM)]
        if last in DTYPE_CLASSES or canonical(dotted) is not None or last in ("float", "bool"):
            self.dtype = dotted
            return []
        return self._unknown()

    def _unknown(self) -> list[Part]:
        self.vague = True
        return [VariadicAxis(None)]

    def _row(self, node: ast.expr) -> list[Part]:
        dotted = dotted_name(node)
        if dotted is None:
            return self.read(node)
        found = self.resolve(dotted)
        return axes_of(found) if isinstance(found, tuple) else self._unknown()

    def _subscript(self, node: ast.Subscript) -> list[Part]:
        base = (dotted_name(node.value) or "").rsplit(".", 1)[-1]
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if base in ("Shape", "Literal", "Dim"):
            return [axis for item in inner for axis in self.read(item)]
        if base in ("Unpack", "Annotated"):
            return self._row(inner[0])
        if base in ("tuple", "Tuple"):
            return self._tuple(inner)
        return self._helper(node)

    def _helper(self, node: ast.Subscript) -> list[Part]:
        """A helper's shape, if its names may stand for themselves; else a row known at a call."""
        evaluate, resolve = self.evaluate, self.resolve
        if evaluate is None:
            return self._unknown()
        over_names = False

        def spy(dotted: str) -> Size | AnyShape | None:
            nonlocal over_names
            found = resolve(dotted)
            over_names = over_names or bool(found is not None and _has_names(found))
            return found

        try:
            inside = evaluate(node, spy)
        except ShapeError:
            if not over_names:
                raise
            inside = UNKNOWN
        if inside is None:
            return self._unknown()
        if not over_names or (is_fixed(inside) and UNKNOWN_DIM not in inside):
            return axes_of(inside)
        inner: AnyShape = inside

        def helper(values: Mapping[str, Size | AnyShape] | None) -> AnyShape:
            if values is None:
                return inner
            found = evaluate(node, lambda dotted: _bound(resolve(dotted), values))
            return UNKNOWN if found is None else found

        return [VariadicAxis(None, text=ast.unparse(node), helper=helper)]

    def _tuple(self, items: Sequence[ast.expr]) -> list[Part]:
        """``tuple[int, ...]`` is any shape, ``tuple[Literal[2], int]`` one of rank 2."""
        if any(isinstance(item, ast.Constant) and item.value is Ellipsis for item in items):
            return [VariadicAxis(None)]
        return [axis for item in items for axis in self.read(item)]

    def _size(self, node: ast.expr) -> Size:
        def known(dotted: str) -> Size:
            found = self.resolve(dotted)
            return found if isinstance(found, (int, Dim)) else UNKNOWN_DIM

        try:
            return from_ast(node, known)
        except ValueError as error:
            raise ValueError(f"Tensor[...]: {ast.unparse(node)} is not a size") from error


def _has_names(found: Size | AnyShape) -> bool:
    sizes = found if isinstance(found, tuple) else (found,)
    return any(not isinstance(size, int) for size in sizes)


def _bound(
    found: Size | AnyShape | None, values: Mapping[str, Size | AnyShape]
) -> Size | AnyShape | None:
    """What a name stands for, once its own names are bound; what is not bound is unknown."""
    if found is None or isinstance(found, int):
        return found
    if isinstance(found, Dim):
        bound = {name: size for name, size in values.items() if isinstance(size, (int, Dim))}
        known = all(atom.name in bound for atom in names(found))
        return substitute(found, bound) if known and found is not UNKNOWN_DIM else UNKNOWN_DIM
    parts: list[Size | Variadic] = []
    for size in found:
        row = values.get(f"*{size.name}") if isinstance(size, Variadic) else _bound(size, values)
        parts.extend(row if isinstance(row, tuple) else (ELLIPSIS if row is None else row,))
    return one_row(parts)


def as_names(dotted: str) -> Size:
    """A resolver for text alone: every name is a size of that name, dotted ones soft."""
    return name(dotted, soft="." in dotted)
