"""Annotations as the interpreter sees them: read from syntax, made into values, matched with values.

Three uses of one hint: `value_of` gives what a parameter so annotated is inside its function (its names
are rigid); `match` compares an actual value with the hint and binds the hint's names; `instantiate`
gives what a call returns, with the names that were bound.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shapetorch.annotations import matching, subscripts
from shapetorch.annotations.dtypes import DTYPE_CLASSES, dtype_clash
from shapetorch.annotations.jaxtyping_strings import parse_jaxtyping
from shapetorch.annotations.spec import Axis, ShapeSpec, VariadicAxis
from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Dim,
    Size,
    Variadic,
    check_equal,
    from_ast,
    name,
    names,
    render_shape,
    substitute,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Class,
    Constant,
    External,
    Function,
    HintValue,
    Integer,
    ListRecord,
    Many,
    OpaqueLayer,
    Scalar,
    Tensor,
    Tuple,
    TypeParam,
    Unknown,
    Value,
    alternatives,
    union,
)
from shapetorch.typing import HELPERS
from shapetorch.typing.syntax import SHAPES, evaluate_node, evaluate_shape

if TYPE_CHECKING:
    from shapetorch.flow.state import Run


class Hint:
    """Base of all hints."""


@dataclass(frozen=True)
class AnyHint(Hint):
    """Anything."""


ANY = AnyHint()


@dataclass(frozen=True)
class TensorHint(Hint):
    """An array; `spec` is None if its shape is not said."""

    spec: ShapeSpec | None = None
    dtype: str | None = None
    is_array: bool = False


@dataclass(frozen=True)
class PlainHint(Hint):
    """``int``, ``bool``, ``str``, ``float``, ``None``."""

    kind: str


@dataclass(frozen=True)
class LiteralHint(Hint):
    """``Literal["sum", "mean"]``."""

    values: tuple[Value, ...]


@dataclass(frozen=True)
class DimHint(Hint):
    """``Dim[N]``: an int whose value is a size."""

    size: Size


@dataclass(frozen=True)
class ShapeHint(Hint):
    """A shape as a type: ``Shape[2, 3]``."""

    shape: AnyShape


@dataclass(frozen=True)
class UnionHint(Hint):
    """One of several."""

    items: tuple[Hint, ...]


@dataclass(frozen=True)
class TupleHint(Hint):
    """A tuple of known length."""

    items: tuple[Hint, ...]


@dataclass(frozen=True)
class ManyHint(Hint):
    """A tuple of any length, a list, an iterable."""

    element: Hint
    kind: str


@dataclass(frozen=True)
class DictHint(Hint):
    """A mapping."""

    element: Hint


@dataclass(frozen=True)
class InstanceHint(Hint):
    """An instance of a class of the program, with the sizes given for its type parameters."""

    cls: Class
    args: tuple[AnyShape, ...] = ()


@dataclass(frozen=True)
class LayerHint(Hint):
    """An instance of a class of `torch.nn`."""

    name: str


@dataclass(frozen=True)
class CallableHint(Hint):
    """A callable; `parameters` is None if they are not said."""

    parameters: tuple[Hint, ...] | None
    result: Hint


ARRAYS = frozenset(
    {
        "torch.Tensor", "torch.FloatTensor", "torch.LongTensor", "torch.BoolTensor", "torch.IntTensor",
        "torch.nn.Parameter", "numpy.ndarray", "numpy.typing.NDArray", "jax.Array", "jax.numpy.ndarray",
        "jaxtyping.Array", "jaxtyping.ArrayLike",
    }
)  # fmt: skip
TYPED_TENSORS = {
    "torch.FloatTensor": "float32", "torch.LongTensor": "int64", "torch.BoolTensor": "bool",
    "torch.IntTensor": "int32",
}  # fmt: skip
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
PLAIN = frozenset({"int", "bool", "str", "float", "complex", "bytes"})


# -- reading ---------------------------------------------------------------------------------------


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
        from shapetorch.flow.expressions import subscript_value

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
    from shapetorch.flow.expressions import of_constant

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


# -- values ------------------------------------------------------------------------------------------


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
                if not _is_tensor(element)
                else value_of(run, element, label, rigid=rigid)
            )
            if kind == "list":
                return run.allocate(ListRecord(None, inner))
            return Many(inner)
        case InstanceHint(cls, args):
            from shapetorch.flow.classes import outside_instance

            return outside_instance(run, cls, label, args)
        case CallableHint():
            return HintValue(hint)
        case LayerHint(full):
            return OpaqueLayer(full)
    return UNKNOWN_VALUE


Bindings = dict[str, Any]


def _of_literals(values: tuple[Value, ...]) -> Value:
    """What is one of some literals: the only one, or one of their type."""
    if len(values) == 1:
        return values[0]
    kinds = {type(value.value).__name__ for value in values if isinstance(value, Constant)}
    if len(kinds) != 1 or not all(isinstance(value, Constant) for value in values):
        return UNKNOWN_VALUE
    return Scalar(kinds.pop())


def _is_tensor(hint: Hint) -> bool:
    """Whether a hint is for tensors, or for tensors and None."""
    if isinstance(hint, UnionHint):
        return all(_is_tensor(item) or item == PlainHint("None") for item in hint.items)
    return isinstance(hint, TensorHint)


def match(
    run: Run, hint: Hint, value: Value, bindings: Bindings, fail: Callable[..., ShapeError]
) -> None:
    """Compare a value with a hint, binding the hint's names.

    Args:
        run: The analysis.
        hint: The annotation.
        value: The actual value.
        bindings: Names bound so far; extended.
        fail: ``fail(spec, shape, mismatch)`` makes the error for a shape that does not fit.

    Raises:
        ShapeError: no alternative of the value fits.
    """
    errors: list[ShapeError] = []
    options = alternatives(value)
    for option in options:
        trial = dict(bindings)
        try:
            _match_one(run, hint, option, trial, fail)
        except ShapeError as error:
            errors.append(error)
            continue
        if len(options) == 1:
            bindings.update(trial)
        else:
            for key in trial.keys() - bindings.keys():
                bindings[key] = UNKNOWN if key.startswith("*") else UNKNOWN_DIM
    if errors and len(errors) == len(options):
        raise errors[0]


def _match_one(
    run: Run, hint: Hint, value: Value, bindings: Bindings, fail: Callable[..., ShapeError]
) -> None:
    match hint, value:
        case TensorHint(spec, dtype), Tensor(shape, actual):
            if dtype is not None and actual is not None and dtype_clash(dtype, actual):
                raise fail(None, (dtype, actual), None)
            if spec is not None:
                match_shape(spec, shape, bindings, fail)
        case DimHint(size), Integer(actual_size):
            _match_size(size, actual_size, bindings, fail)
        case UnionHint(items), _:
            _match_union(run, items, value, bindings, fail)
        case TupleHint(items), Tuple(values):
            if len(items) == len(values):
                for item, part in zip(items, values, strict=True):
                    match(run, item, part, bindings, fail)
        case ManyHint(element), Tuple(values):
            _match_each(run, element, values, bindings, fail)
        case ManyHint(element), Many(part):
            match(run, element, part, bindings, fail)
        case ManyHint(element), _:
            record = run.list_of(value)
            if record is not None and record.kind == "list":
                found = record.items if record.items is not None else (record.element,)
                _match_each(run, element, found, bindings, fail)
        case DictHint(element), _:
            table = run.dict_of(value)
            if table is not None and table.items:
                _match_each(run, element, tuple(table.items.values()), bindings, fail)
        case InstanceHint(cls, args), _:
            _match_instance(run, cls, args, value, bindings)


def _match_each(
    run: Run,
    hint: Hint,
    values: tuple[Value, ...],
    bindings: Bindings,
    fail: Callable[..., ShapeError],
) -> None:
    """Every item of a container by itself: its names need not mean the same in all of them."""
    found: list[dict[str, Any]] = []
    for value in values:
        trial = dict(bindings)
        match(run, hint, value, trial, fail)
        found.append(trial)
    for key in set().union(*found) - set(bindings) if found else ():
        first = found[0].get(key)
        if all(key in trial and trial[key] == first for trial in found):
            bindings[key] = first


def _match_union(
    run: Run,
    items: tuple[Hint, ...],
    value: Value,
    bindings: Bindings,
    fail: Callable[..., ShapeError],
) -> None:
    errors: list[ShapeError] = []
    fitting = [item for item in items if _may_hold(item, value)]
    matched: list[dict[str, Any]] = []
    for item in fitting:
        trial = dict(bindings)
        try:
            _match_one(run, item, value, trial, fail)
        except ShapeError as error:
            errors.append(error)
        else:
            matched.append(trial)
    if matched:
        if len(matched) == 1:
            bindings.update(matched[0])
        return
    if errors:
        raise min(errors, key=lambda error: _distance(error, value))


def _distance(error: ShapeError, value: Value) -> int:
    """How far a value is from a member of a union: one of another rank was hardly meant."""
    shape = value.shape if isinstance(value, Tensor) else ()
    wanted = error.params[-2] if len(error.params) > 1 else ""
    return abs(len(str(wanted).split()) - len(shape))


def fits(hint: Hint, value: Value) -> bool:
    """Whether an argument may be of the sort that an annotation asks for, whatever its shape."""
    if isinstance(hint, UnionHint):
        return any(fits(item, value) for item in hint.items)
    return any(_may_hold(hint, option) for option in alternatives(value))


_NUMBERS = {"int": {"int", "float", "complex"}, "bool": {"bool", "int", "float"}}


def _may_hold(hint: Hint, value: Value) -> bool:
    """Whether a member of a union is for values of this sort."""
    if isinstance(hint, LiteralHint) and is_literal(value):
        return value in hint.values
    match value:
        case Tensor():
            return isinstance(hint, (TensorHint, AnyHint, InstanceHint))
        case Constant(value=None):
            return isinstance(hint, (AnyHint,)) or hint == PlainHint("None")
        case Tuple():
            return isinstance(hint, (TupleHint, ManyHint, AnyHint, InstanceHint))
        case Integer():
            return _is_plain(hint, "int") or isinstance(hint, (DimHint, LiteralHint))
        case Scalar(kind):
            return _is_plain(hint, kind)
        case Constant(value=plain):
            return _is_plain(hint, type(plain).__name__)
    return True


def _is_plain(hint: Hint, kind: str) -> bool:
    if isinstance(hint, LiteralHint):
        return any(type(v.value).__name__ == kind for v in hint.values if isinstance(v, Constant))
    if isinstance(hint, PlainHint):
        return hint.kind in _NUMBERS.get(kind, {kind, "complex" if kind == "float" else kind})
    return isinstance(hint, (AnyHint, ManyHint)) if kind == "str" else isinstance(hint, AnyHint)


def is_literal(value: Value) -> bool:
    """Whether a number, a string or the like is known exactly."""
    return isinstance(value, Constant) or (
        isinstance(value, Integer) and isinstance(value.size, int)
    )


def match_shape(
    spec: ShapeSpec, shape: AnyShape, bindings: Bindings, fail: Callable[..., ShapeError]
) -> None:
    """Compare a shape with an annotation's."""
    _match_rows(spec, shape, bindings, fail)
    try:
        matching.bind(spec, shape, bindings, lambda mismatch: fail(spec, shape, mismatch))
    except matching.Mismatch as mismatch:
        raise fail(spec, shape, mismatch) from None


def _match_rows(
    spec: ShapeSpec, shape: AnyShape, bindings: Bindings, fail: Callable[..., ShapeError]
) -> None:
    """Where both have the same ``*batch``, what stands before and behind it must be as long."""
    place = spec.variadic
    axis = spec.axes[place] if place is not None else None
    if not isinstance(axis, VariadicAxis) or axis.name is None or place is None or axis.broadcast:
        return
    row = bindings.get(f"*{axis.name}")
    if not isinstance(row, tuple) or len(row) != 1 or not isinstance(row[0], Variadic):
        return
    if row[0].name is None or row[0] not in shape:
        return
    at = shape.index(row[0])
    if at != place or len(shape) - at != len(spec.axes) - place:
        wanted, got = len(spec.axes) - 1, len(shape) - 1
        raise fail(
            spec,
            shape,
            matching.Mismatch(spec, shape, axis=None, label=None, expected=wanted, got=got),
        )


def _match_size(
    size: Size, actual: Size, bindings: Bindings, fail: Callable[..., ShapeError]
) -> None:
    from shapetorch.dim import as_name

    single = as_name(size)
    if single is not None and single.name not in bindings:
        bindings[single.name] = actual
        return
    expected = substitute(size, {k: v for k, v in bindings.items() if not isinstance(v, tuple)})
    if not names(size) - {n for n in names(size) if n.name in bindings}:
        check_equal(expected, actual, lambda: fail(None, (expected, actual), None))


def _match_instance(
    run: Run, cls: Class, args: tuple[AnyShape, ...], value: Value, bindings: Bindings
) -> None:
    from shapetorch.dim import as_name
    from shapetorch.flow.classes import type_parameters

    record = run.object_of(value)
    if record is None or not args:
        return
    for parameter, argument in zip(type_parameters(run, cls), args, strict=False):
        actual = record.sizes.get(parameter.name)
        if actual is None or len(argument) != 1 or isinstance(argument[0], Variadic):
            continue
        single = as_name(argument[0])
        if single is not None:
            bindings.setdefault(single.name, actual)


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
        case InstanceHint(cls, args):
            from shapetorch.flow.classes import outside_instance

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


def says_shape(hint: Hint) -> bool:
    """Whether a hint tells more about a result than running the function's body would."""
    match hint:
        case TensorHint(spec):
            return spec is not None
        case UnionHint(items) | TupleHint(items):
            return all(says_shape(item) or isinstance(item, PlainHint) for item in items)
        case ManyHint(element) | DictHint(element):
            return says_shape(element)
        case PlainHint(kind):
            return kind not in ("int", "None")  # what gives None is called for its effects
        case DimHint():
            return True
    return False


def is_computed(hint: Hint) -> bool:
    """Whether a helper computes the shape from names that are bound at a call."""
    match hint:
        case TensorHint(spec):
            return spec is not None and any(
                isinstance(axis, VariadicAxis) and axis.helper is not None for axis in spec.axes
            )
        case UnionHint(items) | TupleHint(items):
            return any(is_computed(item) for item in items)
    return False


def names_of(hint: Hint) -> set[str]:
    """The names of sizes in a hint."""
    match hint:
        case TensorHint(spec):
            return set() if spec is None else names_in(spec)
        case UnionHint(items) | TupleHint(items):
            return set().union(*(names_of(item) for item in items)) if items else set()
        case ManyHint(element) | DictHint(element):
            return names_of(element)
        case DimHint(size):
            return {n.name for n in names(size)}
    return set()


def names_in(spec: ShapeSpec) -> set[str]:
    """The names of sizes in a shape annotation."""
    return {n.name for axis in spec.axes if isinstance(axis, Axis) for n in names(axis.size)}


def describe(spec: ShapeSpec | None, shape: AnyShape) -> tuple[str, str]:
    """Expected and actual shape for a message."""
    return ("?" if spec is None else spec.render(), render_shape(shape))


def function_hint(run: Run, function: Function, node: ast.expr | None) -> Hint:
    """The hint of an annotation of `function`, read where the function was defined."""
    from shapetorch.flow.classes import defining_frame

    if node is None:
        return ANY
    known: Hint | None = run.hints.get(id(node)) if function.closure is None else None
    if known is not None:
        return known
    failures = run.failures
    with run.entering(defining_frame(run, function)):
        hint = read(run, node)
    if function.closure is None and run.failures == failures:
        run.hints[id(node)] = hint
    return hint


_ = (ErrorKind, Unknown)
