"""Values against hints: `match` compares them and binds the names of sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapetorch.annotations import matching
from shapetorch.annotations.dtypes import dtype_clash
from shapetorch.annotations.spec import ShapeSpec, VariadicAxis
from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Size,
    Variadic,
    check_equal,
    names,
    substitute,
)
from shapetorch.errors import ShapeError
from shapetorch.flow.hints import (
    AnyHint,
    DictHint,
    DimHint,
    Hint,
    InstanceHint,
    LiteralHint,
    ManyHint,
    PlainHint,
    TensorHint,
    TupleHint,
    UnionHint,
)
from shapetorch.flow.values import (
    Class,
    Constant,
    Integer,
    Many,
    Scalar,
    Tensor,
    Tuple,
    Value,
    alternatives,
)

if TYPE_CHECKING:
    from shapetorch.flow.state import Run


Bindings = dict[str, Any]


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
    fitting: list[Bindings] = []
    for option in alternatives(value):
        trial = dict(bindings)
        try:
            _match_one(run, hint, option, trial, fail)
        except ShapeError as error:
            errors.append(error)
        else:
            fitting.append(trial)
    if errors and not fitting:
        raise errors[0]
    for key in _bind_shared(bindings, fitting):
        bindings[key] = UNKNOWN if key.startswith("*") else UNKNOWN_DIM


def _bind_shared(bindings: Bindings, trials: list[Bindings]) -> set[str]:
    """Bind what several matches have all bound to the same; the other names that any has bound."""
    found = dict.fromkeys(key for trial in trials for key in trial if key not in bindings)
    for key in list(found):
        first = trials[0].get(key)
        if all(key in trial and trial[key] == first for trial in trials):
            bindings[key] = first
            del found[key]
    return set(found)


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
        _bind_shared(bindings, matched)
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
