"""Operations along a dim: reductions, scans, orders, softmax, parts along a dim."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.func.batching.pointwise import pointwise
from shapetorch.func.batching.table import (
    Call,
    Rule,
    Unbatchable,
    add_rule,
    aligned,
    batching,
    bound,
    place,
    raised,
    ranks,
    refuse_mapped,
    run,
)
from shapetorch.tensor.mapped import Level, value_at, values_at
from shapetorch.tensor.tensors import Tensor


def along(
    *dims: str,
    operands: Sequence[str] = (),
    whole: str = "",
    extra: int = 0,
    broadcasts: bool = False,
    scalars: bool = True,
) -> Rule:
    """The rule of an operation along dims.

    Args:
        dims: The parameters that name dims.
        operands: The parameters that are tensors of the examples; the first parameter if none is named.
        whole: What happens if no dim is given: "all" dims but that of the examples are named, or
            each example is laid out "flat"; Nothing: it runs for one example after the other.
        extra: How many dims more than an example the result has, which dims may name.
        broadcasts: Whether the operands broadcast.
        scalars: Whether an example may be a scalar, of which dim 0 and -1 may be named.
    """

    def rule(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
        found = bound(call, args, kwargs)
        arguments = found.arguments
        own = list(operands) or [next(iter(arguments))]
        rank = ranks(arguments[name] for name in own)
        _take_examples(level, arguments, own, broadcasts, rank)
        if not rank and not scalars:
            raise Unbatchable  # an error
        is_scalar = not rank
        if is_scalar:
            for name in own:
                arguments[name] = arguments[name].unsqueeze(1)
        shown = max(rank, 1)
        given = [arguments[name] for name in dims]
        if all(dim is None or (isinstance(dim, (tuple, list)) and not dim) for dim in given):
            if len(dims) > 1 or not whole:
                raise Unbatchable
            return _whole(level, found, dims[0], own[0], whole, shown, is_scalar, call)
        for name, dim in zip(dims, given, strict=True):
            arguments[name] = _places(dim, shown + extra)
        return raised(_trimmed(run(call, found), is_scalar), level)

    return rule


def _take_examples(
    level: Level, arguments: dict[str, Any], own: Sequence[str], broadcasts: bool, rank: int
) -> None:
    refuse_mapped(level, [item for name, item in arguments.items() if name not in own])
    if not any(value_at(arguments[name], level) is not None for name in own):
        raise Unbatchable
    for name in own:
        item = arguments[name]
        if not isinstance(item, Tensor):
            raise Unbatchable
        if broadcasts:
            one = aligned(item, level, rank)
            missing = (1,) * (rank - item.ndim + 1)
            arguments[name] = item.reshape(*missing, *item.shape) if one is item else one
        elif item.ndim != rank:
            raise Unbatchable
        else:
            arguments[name] = values_at(item, level)


def _places(dim: Any, rank: int) -> Any:
    if isinstance(dim, (tuple, list)):
        if len(dim) == 1 and isinstance(dim[0], (tuple, list)):  # *dims
            return (tuple(place(item, rank) for item in dim[0]),)
        return tuple(place(item, rank) for item in dim)
    return place(dim, rank)


def _trimmed(result: Any, is_scalar: bool) -> Any:
    """Without the dim that a scalar example was given."""
    if not is_scalar:
        return result
    if isinstance(result, Tensor):
        return result.squeeze(1) if result.ndim > 1 else result
    items = [_trimmed(item, True) for item in result]
    return result._make(items) if hasattr(result, "_make") else type(result)(items)


def _whole(
    level: Level,
    found: inspect.BoundArguments,
    dim: str,
    operand: str,
    whole: str,
    rank: int,
    is_scalar: bool,
    call: Call,
) -> Any:
    arguments = found.arguments
    if whole == "all":
        arguments[dim] = tuple(range(1, rank + 1))
        return raised(_trimmed(run(call, found), is_scalar), level)
    keepdim = bool(arguments.get("keepdim"))
    if keepdim:
        arguments["keepdim"] = False
    source = arguments[operand]
    arguments[operand] = source.flatten(1) if source.ndim > 1 else source
    arguments[dim] = 1
    result = run(call, found)
    if not isinstance(result, Tensor) and whole == "values":
        result = result[0]
    if keepdim:
        shape = (level.size, *(() if is_scalar else (1,) * rank))
        if not isinstance(result, Tensor):
            raise Unbatchable
        result = result.reshape(shape)
    return raised(result, level)


# -- which ---------------------------------------------------------------------------------------------

add_rule(
    "sum mean amax amin nansum nanmean count_nonzero linalg.vector_norm",
    along("dim", whole="all"),
)
add_rule("prod argmax argmin", along("dim", whole="flat"))
add_rule("median nanmedian", along("dim", whole="values"))
add_rule("aminmax", along("dim", whole="flat"))
add_rule(
    """softmax log_softmax nn.functional.softmax nn.functional.log_softmax nn.functional.softmin
    special.softmax special.log_softmax nn.functional.glu nn.functional.normalize cumsum cumprod cummax
    cummin logcumsumexp sort argsort kthvalue mode""",
    along("dim"),
)
add_rule(
    """topk select index_select unbind split chunk tensor_split narrow split_with_sizes diff fft.fft fft.ifft fft.rfft
    fft.irfft fft.hfft fft.ihfft""",
    along("dim", scalars=False),
)
add_rule("fft.fftshift fft.ifftshift", along("dim", whole="all"))
add_rule("flip", along("dims"))
add_rule("roll", along("dims", scalars=False))
add_rule("linalg.matrix_norm", along("dim", scalars=False))
add_rule("unfold", along("dimension"))
add_rule(
    "cosine_similarity nn.functional.cosine_similarity",
    along("dim", operands=("x1", "x2"), broadcasts=True),
)


add_rule("gather", along("dim", operands=("input", "index")))
add_rule("take_along_dim", along("dim", operands=("input", "indices")))
add_rule("linalg.cross", along("dim", operands=("input", "other"), broadcasts=True))


def scatter_rule(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Input, index and source are of the examples; a source may be a number."""
    found = bound(call, args, kwargs)
    own = ["input", "index"]
    if isinstance(found.arguments.get("src"), Tensor):
        own.append("src")
    return along("dim", operands=own)(level, call, args, kwargs)


add_rule("scatter scatter_add scatter_reduce", scatter_rule)

_spread = along("dim", whole="all")
_by_truth = along("dim", whole="all")
_by_number = along("dim")
_of_two = along("dim", operands=("x", "y"), broadcasts=True)
_of_signal = along("dim", whole="all", scalars=False)


@batching("quantile nanquantile")
def quantile(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Several quantiles would come before the examples."""
    found = bound(call, args, kwargs).arguments
    if isinstance(found["q"], Tensor) and found["q"].ndim:
        raise Unbatchable
    return _by_number(level, call, args, kwargs)


@batching("linalg.vecdot")
def vecdot(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Along a dim that both have; it does not broadcast."""
    a, b = list(bound(call, args, kwargs).arguments.values())[:2]
    if a.shape != b.shape:
        raise Unbatchable
    return _of_two(level, call, args, kwargs)


@batching("all any logsumexp special.logsumexp")
def truth(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """No dims are none here, and not all."""
    dim = bound(call, args, kwargs).arguments["dim"]
    if isinstance(dim, (tuple, list)) and not dim:
        raise Unbatchable
    return _by_truth(level, call, args, kwargs)


@batching(
    "fft.fft2 fft.ifft2 fft.rfft2 fft.irfft2 fft.fftn fft.ifftn fft.rfftn fft.irfftn fft.hfftn fft.ihfftn"
)
def transform(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Sizes without dims are those of the last dims."""
    found = bound(call, args, kwargs)
    sizes = found.arguments["s"]
    if found.arguments["dim"] is None and sizes is not None:
        found.arguments["dim"] = tuple(range(-len(sizes), 0))
    return _of_signal(level, call, found.args, found.kwargs)


def variance(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """``var(x, False)`` speaks of the correction, not of a dim."""
    if len(args) > 1 and isinstance(args[1], bool):
        return _spread(level, call, (args[0], None, args[1], *args[2:]), kwargs)
    return _spread(level, call, args, kwargs)


add_rule("var std var_mean std_mean", variance)


def _flat_norm(dim: str, kind: str, usual: Callable[[Any], bool]) -> Rule:
    by_dims = along(dim, scalars=True)
    flat = along(dim, whole="flat")

    def rule(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
        arguments = bound(call, args, kwargs).arguments
        if arguments[dim] is None:
            if not usual(arguments[kind]):
                raise Unbatchable
            return flat(level, call, args, kwargs)
        return by_dims(level, call, args, kwargs)

    return rule


add_rule("norm", _flat_norm("dim", "p", lambda p: p != "nuc"))
add_rule("linalg.norm", _flat_norm("dim", "ord", lambda ord: ord is None))

_largest = along("dim", whole="values")


def extreme(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Of two tensors, element by element; else along a dim or of all elements."""
    if isinstance(kwargs.get("other"), Tensor) or (len(args) > 1 and isinstance(args[1], Tensor)):
        return pointwise(level, call, args, kwargs)
    if "out" in kwargs and kwargs["out"] is not None:
        raise Unbatchable
    return _largest(level, call, args, kwargs)


add_rule("max min", extreme)
