"""Values as what a rule's annotations ask for, and a rule's results as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapetorch.annotations.dtypes import DTYPE_CLASSES
from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, Size, Variadic, is_fixed, names
from shapetorch.flow.state import LOOP, Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Block,
    Constant,
    External,
    Integer,
    Layer,
    ListRecord,
    Many,
    Scalar,
    ShapeOf,
    Slice,
    Tensor,
    Tuple,
    Unknown,
    Value,
)
from shapetorch.rules import registry
from shapetorch.rules.bind import Undecided, Unfit


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
        label = getattr(value, "label", None)
        if isinstance(value, (Unknown, Scalar)) and (label is None or "." in label):
            return UNKNOWN_DIM  # one number, or several
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
    if "Nested" in options:
        raise Undecided
    if "Size" in options and value.label is not None:
        return value.size
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
        return () if value.certain or "Shape" not in options else UNKNOWN
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
        from shapetorch.flow.iteration import iterate

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
    from shapetorch.flow.iteration import iterate
    from shapetorch.flow.tensors import element

    items = None if isinstance(value, Tensor) else iterate(run, value)
    found = [None] if items is None else [element(run, item) for item in items]
    if None in found:
        raise Undecided
    return found


def _sublist_or_shape(run: Run, value: Value) -> object:
    from shapetorch.flow.iteration import iterate

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
    from shapetorch.flow.iteration import iterate

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
    if isinstance(value, Unknown) or (isinstance(value, Integer) and not value.certain):
        return UNKNOWN
    if isinstance(value, Alternatives):
        shapes = {item.shape for item in value.values if isinstance(item, Tensor)}
        return shapes.pop() if len(shapes) == 1 else UNKNOWN
    if isinstance(value, (Integer, Scalar)):
        return ()
    raise Unfit


def _unknown_length(run: Run, value: Value, options: list[str]) -> object:
    """A list of tensors of which only the element and perhaps the length are known."""
    from shapetorch.flow.iteration import element_and_length

    record = run.list_of(value)
    if "Many" in options and record is not None and len(record.parts) > 1:
        parts = _shapes_of_parts(record)
        if parts is not None:
            return parts
    element, length = element_and_length(run, value)
    if "Many" in options and isinstance(element, Tensor):
        return [registry.Many(tuple(map(_alike, element.shape)), length)]
    raise Undecided


def _shapes_of_parts(record: ListRecord) -> list[object] | None:
    """The same where the order is known: shapes, and `Many` for those that are there some times."""
    blocks = [part for part in record.parts if isinstance(part, Block)]
    count: Size = UNKNOWN_DIM
    if len(blocks) == 1:
        count = (record.length - (len(record.parts) - 1)) // len(blocks[0].items)
    found: list[object] = []
    for part in record.parts:
        for item in part.items if isinstance(part, Block) else (part,):
            if not isinstance(item, Tensor):
                return None
            alike = tuple(map(_alike, item.shape))
            found.append(registry.Many(alike, count) if isinstance(part, Block) else item.shape)
    return found


def _alike(size: Size | Variadic) -> Size | Variadic:
    """A size of every item, unknown if it depends on the round of the loop that made the item."""
    if isinstance(size, (int, Variadic)):
        return size
    return UNKNOWN_DIM if any(n.name.startswith(f"?{LOOP}#") for n in names(size)) else size


def _nested(run: Run, value: Value) -> object:
    """Nested lists of numbers, as the creation rules take them."""
    from shapetorch.flow.iteration import element_and_length, iterate

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
    "int32",
    "Int32",
    "int16",
    "int8",
    "Int",
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
