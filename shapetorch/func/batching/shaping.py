"""Other shapes and orders of dims, and putting tensors together."""

from __future__ import annotations

from math import prod
from typing import Any

from shapetorch.func.batching.table import (
    Call,
    Unbatchable,
    aligned,
    batching,
    bound,
    examples,
    place,
    raised,
    ranks,
    refuse_mapped,
    run,
)
from shapetorch.tensor.mapped import Level, mapped, value_at, values_at
from shapetorch.tensor.operations import METHODS
from shapetorch.tensor.tensors import Tensor


def _source(level: Level, args: Any, kwargs: Any) -> tuple[Tensor, Tensor]:
    """The operand as one example and as all."""
    shown = args[0] if args else kwargs.get("input")
    return shown, examples(shown, level)


def _listed(items: Any) -> list[Any]:
    """``(2, 3)`` and ``((2, 3),)`` alike."""
    if len(items) == 1 and isinstance(items[0], (tuple, list)):
        return list(items[0])
    return list(items)


@batching("reshape view reshape_as view_as")
def reshape(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Each example in another shape; an unknown size is worked out from one of them."""
    shown, source = _source(level, args, kwargs)
    if call.__name__ in ("reshape_as", "view_as"):
        sizes = list(args[1].shape)
        call = METHODS[call.__name__.removesuffix("_as")].function
    else:
        if kwargs and set(kwargs) != {"dtype"}:
            kwargs = dict(kwargs)
            args = (args[0], kwargs.pop("shape", kwargs.pop("size", None)))
        if len(args) < 2 or not all(isinstance(item, (int, tuple, list)) for item in args[1:]):
            return mapped(call(source, *args[1:], **kwargs), level)  # another dtype
        sizes = _listed(args[1:])
    if -1 in sizes and not level.size:
        known = prod(size for size in sizes if size != -1)
        if not known:
            raise Unbatchable
        sizes[sizes.index(-1)] = prod(shown.shape) // known
    return mapped(call(source, (level.size, *sizes)), level)


@batching("expand broadcast_to expand_as repeat tile")
def spread(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """New dims come between that of the examples and theirs."""
    shown, _ = _source(level, args, kwargs)
    named = [item for key, item in kwargs.items() if key not in ("input", "implicit")]
    if call.__name__ == "expand_as":
        sizes: list[Any] = list(args[1].shape)
        call = METHODS["expand"].function
    elif named and len(args) < 2:
        sizes = list(named[0])
    else:
        sizes = _listed(args[1:])
    if not all(isinstance(size, int) for size in sizes):
        raise Unbatchable  # einops' repeat
    first = level.size if call.__name__ in ("expand", "broadcast_to") else 1
    if call.__name__ == "tile":
        sizes = [1] * (shown.ndim - len(sizes)) + sizes
    if len(sizes) < shown.ndim or -1 in sizes[: len(sizes) - shown.ndim]:
        raise Unbatchable  # an error
    return mapped(call(aligned(shown, level, len(sizes)), (first, *sizes)), level)


@batching("permute")
def permute(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The examples stay in front."""
    shown, source = _source(level, args, kwargs)
    dims = list(kwargs["dims"]) if "dims" in kwargs else _listed(args[1:])
    return mapped(call(source, (0, *(place(dim, shown.ndim) for dim in dims))), level)


@batching("transpose swapaxes swapdims transpose_ swapaxes_ swapdims_")
def transpose(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Two dims change places; those of a scalar are none."""
    found = bound(call, args, kwargs)
    names = list(found.arguments)
    shown = found.arguments[names[0]]
    source = examples(shown, level)
    for name in names[1:3]:
        moved = place(found.arguments[name], max(shown.ndim, 1))
        found.arguments[name] = moved if shown.ndim else 0
    found.arguments[names[0]] = source
    made = run(call, found)
    return shown if call.__name__.endswith("_") else mapped(made, level)


@batching("movedim moveaxis")
def movedim(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Dims of the examples change places."""
    found = bound(call, args, kwargs)
    names = list(found.arguments)
    shown = found.arguments[names[0]]
    found.arguments[names[0]] = examples(shown, level)
    if not shown.ndim:
        raise Unbatchable
    for name in names[1:]:
        dim = found.arguments[name]
        found.arguments[name] = (
            place(dim, shown.ndim)
            if isinstance(dim, int)
            else tuple(place(item, shown.ndim) for item in dim)
        )
    return mapped(run(call, found), level)


@batching("t T H mT mH adjoint")
def turned(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The dims of each example in the other order."""
    shown, source = _source(level, args, kwargs)
    name = call.__name__
    if name == "T":
        return mapped(source.permute((0, *range(shown.ndim, 0, -1))), level)
    if shown.ndim < 2 and name == "t":
        return mapped(source, level)
    if shown.ndim < 2 or (shown.ndim > 2 and name in ("t", "H")):
        raise Unbatchable
    made = source.transpose(-2, -1)
    return mapped(made if name in ("t", "mT") else made.conj(), level)


@batching("squeeze")
def squeeze(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Without those dims of size 1 that are not the examples'."""
    found = bound(call, args, kwargs)
    shown = found.arguments["input"]
    source = examples(shown, level)
    dim = found.arguments["dim"]
    if dim is None:
        dims = [1 + at for at, size in enumerate(shown.shape) if size == 1]
    elif isinstance(dim, int):
        dims = [place(dim, max(shown.ndim, 1))]
    else:
        dims = [place(item, max(shown.ndim, 1)) for item in dim]
    if len(set(dims)) < len(dims):
        raise Unbatchable  # an error
    dims = [at for at in dims if at < source.ndim]
    return mapped(call(source, tuple(dims)) if dims else source[...], level)


@batching("unsqueeze")
def unsqueeze(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """A dim of size 1 among those of the examples."""
    found = bound(call, args, kwargs)
    shown = found.arguments["input"]
    found.arguments["dim"] = place(found.arguments["dim"], shown.ndim + 1)
    found.arguments["input"] = examples(shown, level)
    return mapped(run(call, found), level)


@batching("flatten ravel")
def flatten(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Several dims of the examples as one."""
    found = bound(call, args, kwargs)
    shown = found.arguments["input"]
    source = examples(shown, level)
    rank = shown.ndim
    first = place(found.arguments.get("start_dim", 0), max(rank, 1))
    last = place(found.arguments.get("end_dim", -1), max(rank, 1))
    if not rank:
        return mapped(source.reshape(level.size, 1), level)
    if call.__name__ == "flatten" and first > last:
        raise Unbatchable
    made = source.flatten(first, last)
    return mapped(made.contiguous() if call.__name__ == "ravel" else made, level)


@batching("unflatten")
def unflatten(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """One dim of the examples as several."""
    found = bound(call, args, kwargs)
    shown = found.arguments["input"]
    found.arguments["dim"] = place(found.arguments["dim"], shown.ndim)
    found.arguments["input"] = examples(shown, level)
    return mapped(run(call, found), level)


@batching("diagonal linalg.diagonal diag_embed diagonal_copy")
def diagonal(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Two dims of the examples; those of a result of `diag_embed` are one more."""
    found = bound(call, args, kwargs)
    name = next(iter(found.arguments))
    shown = found.arguments[name]
    rank = shown.ndim + (call.__name__ == "diag_embed")
    for dim in ("dim1", "dim2"):
        found.arguments[dim] = place(found.arguments[dim], rank)
    found.arguments[name] = examples(shown, level)
    return mapped(run(call, found), level)


@batching("trace")
def trace(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The sum of the diagonal of each example."""
    shown, source = _source(level, args, kwargs)
    if shown.ndim != 2:
        raise Unbatchable
    return mapped(source.diagonal(0, 1, 2).sum(-1), level)


@batching("broadcast_tensors")
def broadcast_tensors(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """All in one shape, each with examples."""
    given = _listed(args)
    rank = ranks(given)
    every = [
        item if value_at(item, level) is not None else mapped(values_at(item, level), level)
        for item in given
    ]
    return raised(call(*[aligned(item, level, rank) for item in every]), level)


@batching("cat concat concatenate stack")
def join(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The parts with examples each; one that is the same for all is repeated."""
    found = bound(call, args, kwargs)
    parts = found.arguments["tensors"]
    if not isinstance(parts, (tuple, list)):
        raise Unbatchable
    rank = parts[0].ndim
    if any(item.ndim != rank for item in parts):
        raise Unbatchable
    extra = call.__name__ == "stack"
    found.arguments["dim"] = place(found.arguments["dim"], rank + extra)
    found.arguments["tensors"] = [values_at(item, level) for item in parts]
    return mapped(run(call, found), level)


@batching("repeat_interleave")
def repeat_interleave(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Each element along a dim as often."""
    found = bound(call, args, kwargs)
    names = list(found.arguments)
    shown = found.arguments[names[0]]
    refuse_mapped(level, [item for name, item in found.arguments.items() if name != names[0]])
    if found.arguments["repeats"] is None:  # the operand says how often
        raise Unbatchable
    source = examples(shown, level)
    dim = found.arguments["dim"]
    if dim is None:
        source, dim = source.reshape(level.size, -1) if level.size else source, 1
    else:
        dim = place(dim, shown.ndim)
    found.arguments[names[0]], found.arguments["dim"] = source, dim
    return mapped(run(call, found), level)
