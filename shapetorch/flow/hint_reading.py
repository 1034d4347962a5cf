"""Annotations from syntax: what is written becomes a hint."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shapetorch.annotations import subscripts
from shapetorch.annotations.dtypes import DTYPE_CLASSES
from shapetorch.annotations.jaxtyping_strings import parse_jaxtyping
from shapetorch.annotations.spec import ShapeSpec
from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Dim,
    Size,
    Variadic,
    from_ast,
    name,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.flow.hints import (
    ANY,
    ARRAYS,
    PLAIN,
    TYPED_TENSORS,
    CallableHint,
    DictHint,
    DimHint,
    Hint,
    InstanceHint,
    LayerHint,
    LiteralHint,
    ManyHint,
    PlainHint,
    ShapeHint,
    TensorHint,
    TupleHint,
    UnionHint,
)
from shapetorch.flow.values import (
    Alternatives,
    Class,
    Constant,
    External,
    Function,
    HintValue,
    Integer,
    TypeParam,
    Value,
)
from shapetorch.typing import HELPERS
from shapetorch.typing.syntax import SHAPES, evaluate_node, evaluate_shape

if TYPE_CHECKING:
    from shapetorch.flow.state import Run


_UNIONS = {"typing.Optional", "typing.Union", "typing_extensions.Optional"}


_TRANSPARENT = {
    "Annotated",
    "Final",
    "ClassVar",
    "Required",
    "NotRequired",
    "ReadOnly",
    "Unpack",
    "TypeGuard",
}


_LISTS = {
    "list", "List", "Sequence", "MutableSequence", "Iterable", "Iterator", "Generator", "Collection", "set",
    "Set", "deque", "frozenset", "FrozenSet",
}  # fmt: skip


_DICTS = {"dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "DefaultDict"}


def read(run: Run, node: ast.expr | None) -> Hint:
    """The hint that an annotation of the current frame writes."""
    if node is None:
        return ANY
    match node:
        case ast.Constant(value=None):
            return PlainHint("None")
        case ast.Constant(value=str(text)):
            try:
                return read(run, _moved(ast.parse(text.strip(), mode="eval").body, node))
            except (SyntaxError, ValueError, RecursionError):
                return ANY
        case ast.BinOp(left, ast.BitOr(), right):
            return _union([read(run, left), read(run, right)])
        case ast.Subscript(value, slice_):
            return read_subscript(run, _base(run, value), slice_)
        case ast.Name() | ast.Attribute():
            return of_value(run, _base(run, node))
    return ANY


def _moved(node: ast.expr, place: ast.expr) -> ast.expr:
    for part in ast.walk(node):
        ast.copy_location(part, place)
    return node


def _base(run: Run, node: ast.expr) -> Value:
    from shapetorch.flow.expressions import evaluate

    with run.muted():
        return evaluate(run, node)


def _union(items: list[Hint]) -> Hint:
    flat: list[Hint] = []
    for item in items:
        flat.extend(item.items if isinstance(item, UnionHint) else [item])
    return UnionHint(tuple(flat)) if len(flat) > 1 else flat[0]


def of_value(run: Run, value: Value) -> Hint:
    """The hint that a type used as a value stands for."""
    match value:
        case HintValue():
            from shapetorch.flow.aliases import bare

            return bare(value)
        case Class():
            return InstanceHint(value)
        case External(full):
            return _of_external(full)
        case Constant(value=None):
            return PlainHint("None")
        case Alternatives(values):  # `try: import …; except: Tensor = None`
            return _union([of_value(run, item) for item in values])
    return ANY


def _of_external(full: str) -> Hint:
    short = full.rsplit(".", 1)[-1]
    if full in ARRAYS:
        return TensorHint(None, TYPED_TENSORS.get(full), not full.startswith("torch."))
    if full.startswith("builtins.") and short in PLAIN:
        return PlainHint(short)
    if full.startswith("torch.nn."):
        return LayerHint(full)
    if full.startswith("jaxtyping.") and short in DTYPE_CLASSES:
        return TensorHint(None, short)
    if full.startswith("jaxtyping.Scalar"):
        return TensorHint(ShapeSpec((), None), None)
    if short in _LISTS:
        return ManyHint(ANY, "list")
    if short in ("tuple", "Tuple"):
        return ManyHint(ANY, "tuple")
    if short in _DICTS:
        return DictHint(ANY)
    return CallableHint(None, ANY) if short == "Callable" else ANY


def read_subscript(run: Run, base: Value, index: ast.expr) -> Hint:
    """The hint of ``base[index]``."""
    items = index.elts if isinstance(index, ast.Tuple) else [index]
    if isinstance(base, Class):
        return InstanceHint(base, tuple(size_argument(run, item) for item in items))
    if not isinstance(base, External):
        from shapetorch.flow.subscripts import subscript_value

        return of_value(run, subscript_value(run, base, index, index))
    full, short = base.name, base.name.rsplit(".", 1)[-1]
    if full.startswith("jaxtyping.") and short in DTYPE_CLASSES:
        return read_jaxtyping(run, short, items)
    if full in ARRAYS:
        if full.startswith("numpy"):
            return _of_external(full)
        return _read_tensor(run, items, TYPED_TENSORS.get(full))
    if full == "torch.Dim":
        return DimHint(_size(run, items[0]))
    if full.startswith("torch.") and (short in HELPERS or short in SHAPES):
        return _read_helper(run, base, index)
    if full in _UNIONS:
        extra = [PlainHint("None")] if short == "Optional" else []
        return _union([*(read(run, item) for item in items), *extra])
    if short in _TRANSPARENT:
        return read(run, items[0])
    if short == "Literal":
        return _read_literal(items)
    if short in ("tuple", "Tuple"):
        return _read_tuple(run, items)
    if short in _LISTS:
        return ManyHint(read(run, items[0]), "list")
    if short in _DICTS:
        return DictHint(read(run, items[-1]))
    if short == "Callable" and len(items) == 2:
        listed = items[0].elts if isinstance(items[0], ast.List) else None
        given = None if listed is None else tuple(read(run, item) for item in listed)
        return CallableHint(given, read(run, items[1]))
    return _of_external(full)


def _read_literal(items: list[ast.expr]) -> Hint:
    from shapetorch.flow.iteration import of_constant

    values = [of_constant(item.value) for item in items if isinstance(item, ast.Constant)]
    return LiteralHint(tuple(values)) if len(values) == len(items) else ANY


def _read_tuple(run: Run, items: list[ast.expr]) -> Hint:
    if len(items) == 2 and isinstance(items[1], ast.Constant) and items[1].value is Ellipsis:
        return ManyHint(read(run, items[0]), "tuple")
    if len(items) == 1 and isinstance(items[0], ast.Tuple) and not items[0].elts:
        return TupleHint(())
    return TupleHint(tuple(read(run, item) for item in items))


def read_jaxtyping(run: Run, dtype: str, items: list[ast.expr]) -> Hint:
    """The hint of ``Float[Tensor, "b t"]``; a computed string is an unknown shape."""
    from shapetorch.flow.expressions import evaluate

    if len(items) != 2:
        return ANY
    inner = read(run, items[0])
    with run.muted():
        text = evaluate(run, items[1])
    parts = inner.items if isinstance(inner, UnionHint) else (inner,)
    return _union([_with_text(run, dtype, part, text, items[1]) for part in parts])


def _with_text(run: Run, dtype: str, inner: Hint, text: Value, place: ast.expr) -> Hint:
    """The hint of ``Float[inner, text]``."""
    is_array = isinstance(inner, TensorHint) and inner.is_array
    if not isinstance(text, Constant) or not isinstance(text.value, str):
        return TensorHint(None, dtype, is_array)
    try:
        spec = parse_jaxtyping(text.value, dtype)
    except ValueError as error:
        if isinstance(place, ast.Constant):
            run.report_error(_invalid(text.value, error), place)
        return TensorHint(None, dtype, is_array)
    if isinstance(inner, TensorHint) and inner.spec is not None:  # Float[Float[Tensor, "c"], "b"]
        spec = replace(spec, axes=spec.axes + inner.spec.axes)
    if isinstance(inner, (PlainHint, InstanceHint)):  # its names are bound by what it is inside
        return inner
    return TensorHint(spec, dtype, is_array)


def _invalid(text: str, error: ValueError) -> ShapeError:
    kind = ErrorKind.annotation_error_invalid
    return ShapeError(kind, (text,), f"annotation: {error}, got {text!r}")


def _read_tensor(run: Run, items: list[ast.expr], dtype: str | None) -> Hint:
    frame = run.frame

    def resolve(dotted: str) -> Any:
        with run.entering(frame):  # a helper asks again when it is called
            return _resolve_size(run, dotted)

    try:
        spec = subscripts.parse_subscript(items, resolve, evaluate_shape)
    except ShapeError as error:
        run.failures += 1
        run.report_error(error, items[0])
        return TensorHint(None, dtype)
    except ValueError:
        return TensorHint(None, dtype)
    return TensorHint(spec, spec.dtype or dtype)


def _read_helper(run: Run, base: External, index: ast.expr) -> Hint:
    """A shape on its own: ``Shape[2, 3]``, ``MatmulShape[A, B]``; an error in it is reported."""
    node = ast.Subscript(ast.Name(base.name.rsplit(".", 1)[-1], ast.Load()), index, ast.Load())
    try:
        found = evaluate_node(node, lambda dotted: _resolve_size(run, dotted))
    except ShapeError as error:
        run.failures += 1
        run.report_error(error, index)
        return ANY
    except (ValueError, TypeError):
        return ANY
    whole = isinstance(found, tuple) and all(
        isinstance(size, (int, Dim, Variadic)) for size in found
    )
    return ShapeHint(found) if whole else ANY


def _resolve_size(run: Run, dotted: str) -> Any:
    from shapetorch.flow.expressions import lookup_dotted

    value = lookup_dotted(run, dotted)
    match value:
        case TypeParam(label, variadic):
            return (Variadic(label),) if variadic else name(label)
        case Integer(size):
            return size
        case HintValue(hint=DimHint(size)):
            return size
        case HintValue(hint=ShapeHint(shape)):
            return shape
    return None


def _size(run: Run, node: ast.expr) -> Size:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _size(run, ast.parse(node.value, mode="eval").body)

    def resolve(dotted: str) -> Size:
        found = _resolve_size(run, dotted)
        return found if isinstance(found, int) or hasattr(found, "terms") else name(dotted)

    try:
        return from_ast(node, resolve)
    except ValueError:
        return UNKNOWN_DIM


def size_argument(run: Run, node: ast.expr) -> AnyShape:
    """The size, or row of sizes, given for a type parameter."""
    if isinstance(node, ast.Starred):
        found = _resolve_size(run, ast.unparse(node.value))
        return found if isinstance(found, tuple) else UNKNOWN
    return (_size(run, node),)


def _is_inside(run: Run, function: Function) -> bool:
    """Whether a function itself is being run, not one that calls it."""
    inner = run.frame.function if run.stack else None
    return inner is not None and inner.node is function.node


def function_hint(run: Run, function: Function, node: ast.expr | None) -> Hint:
    """The hint of an annotation of `function`, read where the function was defined."""
    from shapetorch.flow.classes import defining_frame

    if node is None:
        return ANY
    rows = run.rows
    if rows is not None and rows.node is function.node and _is_inside(run, function):
        run.rows = None
        try:
            return rows.applied(function_hint(run, function, node))
        finally:
            run.rows = rows
    known: Hint | None = run.hints.get(id(node)) if function.closure is None else None
    if known is not None:
        return known
    failures = run.failures
    with run.entering(defining_frame(run, function)):
        hint = read(run, node)
    if function.closure is None and run.failures == failures:
        run.hints[id(node)] = hint
    return hint
