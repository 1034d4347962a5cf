"""Applying shape rules to values: converting arguments, trying alternatives, making results."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shapetorch.annotations.dtypes import DTYPE_CLASSES
from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, Size, Variadic, is_fixed, names, substitute, using
from shapetorch.errors import ShapeError
from shapetorch.flow.state import LOOP, Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Constant,
    External,
    Integer,
    Layer,
    Many,
    Ref,
    Scalar,
    ShapeOf,
    Slice,
    Tensor,
    Tuple,
    Unknown,
    Value,
    alternatives,
    union,
)
from shapetorch.rules import Rule, lift, registry
from shapetorch.rules.bind import Bound, Undecided, Unfit, bind

MOST_COMBINATIONS = 24
IMPOSSIBLE = Unknown()
"""What a call gives that fits no signature: an alternative that cannot be meant, if there is another."""


def over_alternatives(
    run: Run, values: Sequence[Value], one: Callable[[list[Value]], Value], node: ast.AST
) -> Value:
    """`one` applied to every combination of alternatives; broken only if all are."""
    options = [alternatives(value) for value in values]
    combinations = list(itertools.islice(itertools.product(*options), MOST_COMBINATIONS + 1))
    if len(combinations) == 1:
        return one(list(values))
    if len(combinations) > MOST_COMBINATIONS:
        return UNKNOWN_VALUE
    results: list[Value] = []
    errors: list[ShapeError] = []
    facts = run.facts
    for combination in combinations:
        run.facts = facts
        try:
            with deferring(run):
                results.append(one(list(combination)))
        except ShapeError as error:
            errors.append(error)
    run.facts = facts
    results = [value for value in results if value is not IMPOSSIBLE] or results
    if errors and not results:
        if run.deferred:
            raise errors[0]
        run.report_error(errors[0], node)
        return UNKNOWN_VALUE
    return union(results)


class deferring:  # noqa: N801 - used as a statement
    """Inside, a broken rule is raised to the caller instead of being reported."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __enter__(self) -> None:
        self.run.deferred += 1

    def __exit__(self, *error: object) -> None:
        self.run.deferred -= 1


def rules(
    run: Run,
    overloads: Sequence[Rule],
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    """The result of the first of `overloads` that the arguments fit."""
    if not overloads:
        return UNKNOWN_VALUE
    spread = list(args)
    keys = list(kwargs)

    def one(parts: list[Value]) -> Value:
        named = dict(zip(keys, parts[len(spread) :], strict=True))
        return _apply(run, overloads, parts[: len(spread)], named, node)

    return over_alternatives(run, [*spread, *kwargs.values()], one, node)


def _apply(
    run: Run,
    overloads: Sequence[Rule],
    args: list[Value],
    kwargs: Mapping[str, Value],
    node: ast.AST,
) -> Value:
    tensors = [
        item
        for value in (*args, *kwargs.values())
        for item in ((value,) if isinstance(value, Tensor) else _tensors_in(run, value))
    ]
    if any(_is_no_integer(value) for value in args):
        tensors.append(Tensor())  # a float makes floats of integers
    try:
        bound = bind(
            overloads, args, kwargs, lambda v, kind: convert(run, v, kind), is_sequence(run)
        )
    except Undecided:
        return UNKNOWN_VALUE if not _only_tensor(overloads) else Tensor()
    if bound is None:
        return IMPOSSIBLE
    if bound.rule.dtype == "value":
        dtype = _dtype_of_numbers(run, bound.rule, args, kwargs)
        bound = replace(bound, rule=replace(bound.rule, dtype=dtype))
    return run_rule(run, bound, tensors, kwargs, node)


def _is_no_integer(value: Value) -> bool:
    """Whether a number may be a float, or nothing is known of a value."""
    if isinstance(value, Constant):
        return isinstance(value.value, (float, complex))
    return isinstance(value, Unknown) or value == Scalar("float")


def _dtype_of_numbers(
    run: Run, rule: Rule, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> str:
    """The dtype of what is made from Python numbers, all of them integers or some of them floats."""
    given = [*args[1 if "fill_value" in {p.name for p in rule.parameters} else 0 :]]
    given += [v for k, v in kwargs.items() if k in ("start", "end", "step", "fill_value", "data")]
    kinds = {kind for value in given for kind in _number_kinds(run, value)}
    if not kinds or "unknown" in kinds:
        return "unknown"
    return "Float" if "float" in kinds else "int64" if "int" in kinds else "bool"


def _number_kinds(run: Run, value: Value) -> set[str]:
    from shapetorch.flow.expressions import iterate

    if isinstance(value, Integer):
        return {"int"}
    if isinstance(value, (Constant, Scalar)):
        kind = value.kind if isinstance(value, Scalar) else type(value.value).__name__
        return {kind if kind in ("bool", "int", "float") else "unknown"}
    items = None if isinstance(value, Tensor) else iterate(run, value)
    return {"unknown"} if items is None else {k for it in items for k in _number_kinds(run, it)}


def _tensors_in(run: Run, value: Value) -> list[Tensor]:
    """The tensors of a list or tuple, for the dtype of what they are joined to."""
    from shapetorch.flow.expressions import element_and_length, iterate

    if not isinstance(value, (Tuple, Many, Ref)):
        return []
    items = iterate(run, value) if run.object_of(value) is None else None
    if items is None:
        items = [element_and_length(run, value)[0]] if run.object_of(value) is None else []
    return [item for item in items if isinstance(item, Tensor)]


def _only_tensor(overloads: Sequence[Rule]) -> bool:
    return all(not isinstance(rule.dtype, tuple) for rule in overloads) and False


def run_rule(
    run: Run, bound: Bound, tensors: list[Tensor], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """The value of a bound rule, under the facts of this point."""

    def compute() -> Value:
        extra = (k for k, v in bound.arguments.items() if _is_variadic(v) and k not in bound.shaped)
        shaped = (*bound.shaped, *extra)
        _use_known_numbers(run, bound.arguments, bound.shaped)

        result = lift.apply(bound.rule.shape, bound.arguments, shaped)
        return result_value(run, result, bound.rule.dtype, tensors, kwargs)

    if run.deferred:
        context = run.context()
        with using(context):
            value = compute()
        run.facts = context.facts
        return value
    return run.applying(compute, node, recover_value(bound.rule))


def _use_known_numbers(run: Run, arguments: dict[str, object], shaped: Sequence[str]) -> None:
    """Put numbers for the names that are known to be one: after ``if n == 1``, `n` is 1."""
    numbers = {key: value for key, value in run.facts.solved.items() if isinstance(value, int)}
    if not numbers:
        return
    for key in shaped:
        value = arguments[key]
        if isinstance(value, tuple):
            arguments[key] = tuple(
                size if isinstance(size, (int, Variadic)) else substitute(size, numbers)
                for size in value
            )


def recover_value(rule: Rule) -> Value:
    """What a broken rule leaves: a tensor of unknown shape, if it gives one tensor."""
    return UNKNOWN_VALUE


def _is_variadic(value: object) -> bool:
    return isinstance(value, (tuple, list)) and any(isinstance(item, Variadic) for item in value)


def is_sequence(run: Run) -> Callable[[Value], bool]:
    """Whether a value fills a spread parameter by itself."""

    def test(value: Value) -> bool:
        if isinstance(value, ShapeOf):
            return True
        return isinstance(value, (Tuple, Many)) or run.list_of(value) is not None

    return test


# -- arguments --------------------------------------------------------------------------------------


def convert(run: Run, value: Any, kind: str) -> object:
    """A value as what a rule's annotation asks for.

    Raises:
        Unfit: it is something else.
        Undecided: it may be that, but what the rule must know of it is not known.
    """
    options = [option.strip() for option in kind.split("|")]
    if isinstance(value, list) and kind == "Sequence[Sizes]":
        return [convert(run, item, "Sizes") for item in value]
    if isinstance(value, list):  # a spread argument
        if len(value) == 1 and isinstance(value[0], ShapeOf):
            value = value[0]
        elif len(value) == 1 and isinstance(value[0], Unknown) and "Sizes" in options:
            return UNKNOWN  # one size, or a tuple of them
        elif len(value) == 1 and isinstance(value[0], Unknown) and value[0].label is None:
            raise Undecided  # it may be all of them, as a tuple
        elif any(isinstance(item, ShapeOf) for item in value):
            value = ShapeOf(tuple(_spread_shape(value)))
        else:
            value = Tuple(tuple(value))
    if "object" in options:
        return value
    if "IfKnown" in options and not (isinstance(value, Tensor) and "Shape" in options):
        return _if_known(value)
    if isinstance(value, Alternatives):
        raise Undecided
    if options == ["Elements"]:
        return _elements(run, value)
    if "PerAxis" in options:
        options += ["Size", "Sizes"]
        if isinstance(value, (Unknown, Scalar)) and getattr(value, "label", None) is None:
            return UNKNOWN_DIM
    if value == NONE:
        if "None" in options or "Dims" in options:
            return None
        raise Unfit
    if isinstance(value, Unknown):
        return _convert_unknown(value, options)
    if isinstance(value, Tensor):
        return _convert_tensor(value, options)
    if isinstance(value, Integer):
        return _convert_integer(value, options)
    if isinstance(value, (Constant, Scalar)):
        return _convert_plain(value, options)
    return _convert_sequence(run, value, options)


def _if_known(value: Value) -> object:
    if isinstance(value, Constant):
        return value.value
    if isinstance(value, Integer) and isinstance(value.size, int):
        return value.size
    if isinstance(value, Layer):
        return value.spec
    return ...


def _dtype(value: Value) -> object:
    if isinstance(value, External):
        found = dtype_name(value.name)
        if found is not None:
            return found
        raise Unfit
    if isinstance(value, Unknown):
        raise Undecided
    raise Unfit


def _spread_shape(values: list[Value]) -> list[Any]:
    out: list[Any] = []
    for item in values:
        if isinstance(item, ShapeOf):
            out.extend(item.shape)
        else:
            out.append(item.size if isinstance(item, Integer) else UNKNOWN_DIM)
    return out


def _convert_unknown(value: Unknown, options: list[str]) -> object:
    if "Size" in options and value.label is not None:
        from shapetorch.dim import name

        return name(value.label)
    if "Shape" in options:
        return UNKNOWN
    if options in (["Size"], ["Size", "None"], ["None", "Size"]):
        return UNKNOWN_DIM
    raise Undecided


def _convert_tensor(value: Tensor, options: list[str]) -> object:
    if "Shape" in options:
        return value.shape
    if "Size" in options and value.shape == ():
        return UNKNOWN_DIM
    if "Shapes" in options and value.shape and not isinstance(value.shape[0], Variadic):
        if isinstance(value.shape[0], int) and value.shape[0] <= 64:
            return [value.shape[1:]] * value.shape[0]
        raise Undecided
    if "Nested" in options:
        return value.shape
    if is_fixed(value.shape) and len(value.shape) > 0:
        raise Unfit
    if "int" in options or "float" in options or "Dims" in options:
        raise Undecided
    raise Unfit


def _convert_integer(value: Integer, options: list[str]) -> object:
    if "Size" in options:
        return value.size
    if "int" in options or "Dims" in options:
        if isinstance(value.size, int):
            return value.size
        raise Undecided
    if "Number" in options:
        return ()
    if "float" in options:
        if isinstance(value.size, int):
            return value.size
        raise Undecided
    if "Nested" in options:
        return ()
    if "bool" in options and isinstance(value.size, int):
        return bool(value.size)
    raise Unfit


def _convert_plain(value: Constant | Scalar, options: list[str]) -> object:
    kind = value.kind if isinstance(value, Scalar) else type(value.value).__name__
    if kind in options and kind in ("bool", "str", "float"):
        if isinstance(value, Scalar):
            raise Undecided
        return value.value
    if kind in ("bool", "float", "complex", "int"):
        if "Number" in options or "Nested" in options:
            return ()
        if "Size" in options and kind == "int":
            return UNKNOWN_DIM
        if "int" in options and kind in ("bool", "int"):
            raise Undecided
    if kind == "float" and "Size" in options:
        raise Undecided
    raise Unfit


def _convert_sequence(run: Run, value: Value, options: list[str]) -> object:
    if isinstance(value, ShapeOf):
        if "Sizes" in options:
            return value.shape
        raise Undecided if "Sequence[int]" in options or "Dims" in options else Unfit
    items: list[Value] | None
    if isinstance(value, Tuple):
        items = list(value.items)
    else:
        from shapetorch.flow.expressions import iterate

        items = iterate(run, value)
    if "Nested" in options:
        return _nested(run, value)
    if items is None and "PerAxis" in options:
        return UNKNOWN_DIM
    if items is None:
        if isinstance(value, (External, Slice)):
            raise Unfit
        return _unknown_length(run, value, options)
    if "Sizes" in options and all(_is_size(item) for item in items):
        return tuple(item.size if isinstance(item, Integer) else UNKNOWN_DIM for item in items)
    if "OptionalSizes" in options and all(item == NONE or _is_size(item) for item in items):
        sizes = [item.size if isinstance(item, Integer) else UNKNOWN_DIM for item in items]
        return tuple(
            None if item == NONE else size for item, size in zip(items, sizes, strict=True)
        )
    if ("Sequence[int]" in options or "Dims" in options) and all(
        isinstance(item, (Integer, Unknown)) for item in items
    ):
        if all(isinstance(item, Integer) and isinstance(item.size, int) for item in items):
            return tuple(item.size for item in items if isinstance(item, Integer))
        raise Undecided
    if "OptionalSizes" in options and all(_is_size(item) or item == NONE for item in items):
        return tuple(
            None if item == NONE else item.size if isinstance(item, Integer) else UNKNOWN_DIM
            for item in items
        )
    if "Sublists" in options:
        return [_sublist_or_shape(run, item) for item in items]
    if "Shapes" in options:
        return [_shape_of_item(item) for item in items]
    special = [
        option for option in options if option.startswith("Sequence[") or option.startswith("list[")
    ]
    if special:
        inner = special[0][special[0].index("[") + 1 : -1]
        return [convert(run, item, inner) for item in items]
    if (
        "Shape" in options
    ):  # a list of numbers where a tensor is expected, as torch.tensor would take it
        return _nested_shape(run, value)
    raise Unfit


def _elements(run: Run, value: Value) -> list[object]:
    from shapetorch.flow.expressions import iterate
    from shapetorch.flow.tensors import element

    items = None if isinstance(value, Tensor) else iterate(run, value)
    found = [None] if items is None else [element(run, item) for item in items]
    if any(item is None or not is_fixed(getattr(item, "shape", ())) for item in found):
        raise Undecided
    return found


def _sublist_or_shape(run: Run, value: Value) -> object:
    from shapetorch.flow.expressions import iterate

    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    items = None if isinstance(value, Tensor) else iterate(run, value)
    if items is None:
        return _shape_of_item(value)
    out: list[object] = []
    for item in items:
        if isinstance(item, Integer) and isinstance(item.size, int):
            out.append(item.size)
        elif isinstance(item, Constant):
            out.append(item.value)
        else:
            raise Undecided
    return out


def _nested_shape(run: Run, value: Value) -> object:
    from shapetorch.flow.expressions import iterate

    items = iterate(run, value)
    if items is not None and all(isinstance(item, (Integer, Scalar, Constant)) for item in items):
        return (len(items),)
    raise Undecided


def _is_size(value: Value) -> bool:
    return isinstance(value, (Integer, Unknown)) or (
        isinstance(value, Tensor) and value.shape == ()
    )


def _shape_of_item(value: Value) -> object:
    if isinstance(value, Tensor):
        return value.shape
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Alternatives):
        shapes = {item.shape for item in value.values if isinstance(item, Tensor)}
        return shapes.pop() if len(shapes) == 1 else UNKNOWN
    if isinstance(value, (Integer, Scalar)):
        return ()
    raise Unfit


def _unknown_length(run: Run, value: Value, options: list[str]) -> object:
    """A list of tensors of which only the element and perhaps the length are known."""
    from shapetorch.flow.expressions import element_and_length

    element, length = element_and_length(run, value)
    if "Many" in options and isinstance(element, Tensor):
        return [registry.Many(tuple(map(_alike, element.shape)), length)]
    raise Undecided


def _alike(size: Size | Variadic) -> Size | Variadic:
    """A size of every item, unknown if it depends on the round of the loop that made the item."""
    if isinstance(size, (int, Variadic)):
        return size
    return UNKNOWN_DIM if any(n.name.startswith(f"?{LOOP}#") for n in names(size)) else size


def _nested(run: Run, value: Value) -> object:
    """Nested lists of numbers, as the creation rules take them."""
    from shapetorch.flow.expressions import element_and_length, iterate

    if isinstance(value, Tensor):
        return value.shape
    if isinstance(value, (Integer, Constant, Scalar)):
        return ()
    items = iterate(run, value)
    if items is not None:
        return [_nested(run, item) for item in items]
    if isinstance(value, Many) or run.list_of(value) is not None:
        element, length = element_and_length(run, value)
        return registry.Repeated(length, _nested(run, element))
    return ...


# -- results ----------------------------------------------------------------------------------------


def result_value(
    run: Run,
    result: Any,
    dtype: str | tuple[str, ...] = "unknown",
    tensors: Sequence[Tensor] = (),
    kwargs: Mapping[str, Value] | None = None,
) -> Value:
    """What a rule returned, as a value."""
    if result is None:
        return NONE
    if isinstance(result, bool):
        return Constant(result)
    if isinstance(result, registry.Many):
        return Many(result_value(run, result.shape, dtype, tensors, kwargs), result.count)
    if isinstance(result, list):
        return Tuple(tuple(result_value(run, part, dtype, tensors, kwargs) for part in result))
    if isinstance(result, tuple):
        several = hasattr(result, "_fields") or any(
            isinstance(part, (tuple, list)) or part is None for part in result
        )
        if several:
            kinds = dtype if isinstance(dtype, tuple) else (dtype,) * len(result)
            kinds = (*kinds, *(["unknown"] * (len(result) - len(kinds))))
            parts = tuple(
                result_value(run, part, kind, tensors, kwargs)
                for part, kind in zip(result, kinds, strict=False)
            )
            return Tuple(parts, tuple(getattr(result, "_fields", ())))
        if dtype == "shape":
            from shapetorch.flow.tensors import shape_value

            return shape_value(result)
        return Tensor(result, result_dtype(dtype, tensors, kwargs or {}))
    if isinstance(result, str):
        return Constant(result)
    return Integer(result) if isinstance(result, int) or hasattr(result, "terms") else UNKNOWN_VALUE


def result_dtype(
    dtype: str | tuple[str, ...], tensors: Sequence[Tensor], kwargs: Mapping[str, Value]
) -> str | None:
    """The dtype of a result, where it is certain."""
    given = kwargs.get("dtype")
    if given is not None and given != NONE:
        if isinstance(given, External) and given.name.startswith("torch."):
            return dtype_name(given.name)
        return None
    if isinstance(dtype, tuple):
        dtype = dtype[0]
    if dtype == "same":
        return tensors[0].dtype if tensors else None
    if dtype == "promote":
        found = {tensor.dtype for tensor in tensors}
        only = found.pop() if len(found) == 1 else None
        return only if only in _CLOSED else None
    if dtype == "float":
        found = {tensor.dtype for tensor in tensors}
        only = found.pop() if len(found) == 1 else None
        return only if only in ("Float", "float32", "float64", "float16", "bfloat16") else None
    if dtype == "accumulate":
        own = tensors[0].dtype if tensors else None
        return "int64" if own in _COUNTED else own if own in _CLOSED else None
    return "Float" if dtype == "default" else None if dtype == "unknown" else dtype


_COUNTED = {"Bool", "bool", "Int", "Integer", "UInt", "int64", "Int64", "int32", "Int32", "uint8"}
_CLOSED = {
    "Float",
    "float32",
    "float64",
    "float16",
    "bfloat16",
    "Float32",
    "Float64",
    "int64",
    "Int64",
}
_ALIASES = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
}


def dtype_name(full: str) -> str | None:
    """The dtype that ``torch.float`` names."""
    short = full.rsplit(".", 1)[-1]
    short = _ALIASES.get(short, short)
    return short if any(s and short in s for s in DTYPE_CLASSES.values()) else None
