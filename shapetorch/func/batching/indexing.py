"""Parts of tensors by index, and writing to them."""

from __future__ import annotations

from typing import Any

from shapetorch.func.batching.table import (
    Call,
    Unbatchable,
    aligned,
    batching,
    bound,
    examples,
    is_mapped,
    place,
    run,
)
from shapetorch.tensor.mapped import Level, mapped, value_at, values_at
from shapetorch.tensor.operations import OPERATIONS
from shapetorch.tensor.tensors import Tensor


def _listed(index: Any) -> tuple[Any, ...]:
    if isinstance(index, tuple):
        return index
    if isinstance(index, list):
        raise Unbatchable  # which may be a tensor or several indices
    return (index,)


def _behind_examples(index: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same index with the examples in front.

    Raises:
        Unbatchable: with index tensors in places apart, their dims would come first of all.
    """
    tensors = [at for at, item in enumerate(index) if isinstance(item, (Tensor, list, bool))]
    if tensors:
        every = [at for at, item in enumerate(index) if isinstance(item, (Tensor, list, bool, int))]
        if every[-1] - every[0] + 1 != len(every):
            raise Unbatchable
    return (slice(None), *index)


def _of_each(level: Level, source: Tensor, index: tuple[Any, ...]) -> tuple[Any, ...]:
    """An index whose tensors are mapped: each example looks at its own place.

    Raises:
        Unbatchable: the index tensors do not all stand in front, or are masks.
    """
    count = next(
        (at for at, item in enumerate(index) if not isinstance(item, (Tensor, int))), len(index)
    )
    head, rest = index[:count], index[count:]
    if not head or any(not isinstance(item, slice) and item is not Ellipsis for item in rest):
        raise Unbatchable
    kinds = [item.dtype.name for item in head if isinstance(item, Tensor)]
    if any(isinstance(item, bool) for item in head) or {"bool", "uint8"} & set(kinds):
        raise Unbatchable
    rank = max(item.ndim for item in head if isinstance(item, Tensor))
    numbers = OPERATIONS["arange"].function(level.size).reshape(level.size, *(1,) * rank)
    own = [aligned(item, level, rank) if isinstance(item, Tensor) else item for item in head]
    return (numbers, *own, *rest)


@batching("__getitem__")
def get(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The same part of each example, or of each its own."""
    shown, index = args[0], _listed(args[1])
    if is_mapped(index, level):
        source = value_at(shown, level)
        if source is None:
            source = values_at(shown, level)
        return mapped(call(source, _of_each(level, source, index)), level)
    return mapped(call(examples(shown, level), _behind_examples(index)), level)


@batching("__setitem__")
def put(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Written to the same part of each example."""
    shown, index, value = args[0], _listed(args[1]), args[2]
    target = value_at(shown, level)
    if target is None or is_mapped(index, level):
        raise Unbatchable
    own = _behind_examples(index)
    if isinstance(value, Tensor) and value_at(value, level) is not None:
        rank = target[own].ndim - 1
        if value.ndim > rank:
            raise Unbatchable
        value = aligned(value, level, rank)
    call(target, own, value)
    return None


@batching("nn.functional.embedding embedding")
def embedding(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Rows of one table, or of a table for each example."""
    found = bound(call, args, kwargs)
    arguments = found.arguments
    name = "input" if "input" in arguments else "indices"
    tables, rows = arguments["weight"], arguments[name]
    if arguments.get("max_norm") is not None:
        raise Unbatchable
    if value_at(tables, level) is None:
        arguments[name] = examples(rows, level)
        return mapped(run(call, found), level)
    if tables.ndim != 2 or arguments.get("padding_idx") not in (None, -1):
        raise Unbatchable
    count = tables.shape[0]
    starts = OPERATIONS["arange"].function(level.size) * count
    own = values_at(rows, level)
    arguments[name] = own + starts.reshape(level.size, *(1,) * rows.ndim)
    arguments["weight"] = examples(tables, level).flatten(0, 1)
    return mapped(run(call, found), level)


@batching("nn.functional.one_hot")
def one_hot(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """If the number of classes is given; it would depend on the values."""
    found = bound(call, args, kwargs)
    if found.arguments["num_classes"] == -1:
        raise Unbatchable
    found.arguments["input"] = examples(found.arguments["input"], level)
    return mapped(run(call, found), level)


@batching("index_add index_fill index_copy")
def write_rows(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The same places of each example."""
    found = bound(call, args, kwargs)
    arguments = found.arguments
    shown = arguments["input"]
    if not shown.ndim or is_mapped(arguments["index"], level):
        raise Unbatchable
    source = arguments.get("source")
    arguments["dim"] = place(arguments["dim"], shown.ndim)
    arguments["input"] = values_at(shown, level)
    if isinstance(source, Tensor):
        if source.ndim != shown.ndim:
            raise Unbatchable
        arguments["source"] = values_at(source, level)
    elif is_mapped(list(arguments.values()), level):
        raise Unbatchable
    return mapped(run(call, found), level)
