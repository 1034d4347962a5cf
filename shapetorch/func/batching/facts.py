"""Questions about a tensor that an example answers, and conversions that keep every element's place."""

from __future__ import annotations

from typing import Any

from shapetorch.func.batching.table import (
    Call,
    Unbatchable,
    batching,
    examples,
    is_mapped,
    lowered,
    place,
    raised,
)
from shapetorch.tensor.mapped import Level, NeedsBatching, mapped, value_at


@batching(
    """size dim numel stride element_size is_contiguous itemsize nbytes layout storage_offset
    is_floating_point is_complex is_signed get_device is_same_size result_type can_cast is_tensor
    is_inference is_conj is_neg is_cpu is_cuda is_xpu is_mps is_meta is_vulkan is_ipu is_xla is_mtia
    is_maia is_sparse is_sparse_csr is_quantized is_mkldnn is_nested name dense_dim sparse_dim
    dim_order is_pinned is_shared __len__ type output_nr"""
)
def of_an_example(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """What the first example says; values do not matter."""

    def one(item: Any) -> Any:
        found = value_at(item, level)
        if found is None:
            return item
        return found.select(0, 0) if level.size else found.new_zeros(tuple(item.shape))

    if call.__name__ == "type" and (len(args) > 1 or kwargs):
        return straight(level, call, args, kwargs)
    return call(*map(one, args), **{key: one(item) for key, item in kwargs.items()})


@batching(
    """clone detach contiguous to float double half bfloat16 int long short char byte bool cfloat cdouble
    type_as cpu zeros_like ones_like full_like empty_like resolve_conj resolve_neg real imag
    view_as_real view_as_complex alias_copy detach_copy view_as_real_copy view_as_complex_copy data
    positive conj to_dense"""
)
def straight(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The same operation on all examples: it looks at no dim, or at the last ones."""
    examples(args[0] if args else kwargs.get("input"), level)
    return raised(call(*lowered(args, level), **lowered(kwargs, level)), level)


@batching("requires_grad_ detach_")
def on_itself(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Changes the tensor and gives it."""
    call(examples(args[0], level), *args[1:], **kwargs)
    return args[0]


@batching("new_zeros new_ones new_empty new_full")
def new(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """A tensor of its own for each example, so that it can be written to."""
    source = examples(args[0], level)
    rest = list(args[1:])
    if not rest or is_mapped((rest, kwargs), level):
        raise Unbatchable
    sizes = tuple(rest[0]) if isinstance(rest[0], (tuple, list)) else None
    if sizes is None:
        if call.__name__ == "new_full":
            raise Unbatchable
        return mapped(call(source, level.size, *rest, **kwargs), level)
    return mapped(call(source, (level.size, *sizes), *rest[1:], **kwargs), level)


@batching("__iter__")
def iterate(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The parts of each example along its first dim."""
    examples(args[0], level)
    if not args[0].ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(args[0].unbind(0))


@batching(
    """numpy __array__ register_hook register_post_accumulate_grad_hook retain_grad backward data_ptr
    const_data_ptr untyped_storage storage set_ resize_ resize_as_ __dlpack__ share_memory_ from_dlpack
    to_dlpack apply_ map_ map2_ __reduce_ex__ __deepcopy__ __format__ is_set_to _is_view tolist"""
)
def refuse(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Needs the elements of one example: the function must run for each."""
    raise NeedsBatching


@batching("nn.functional.pad")
def pad(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Constants go around the last dims; other modes count dims."""
    mode = kwargs.get("mode", args[2] if len(args) > 2 else "constant")
    source = examples(args[0] if args else kwargs.get("input"), level)
    sizes = kwargs.get("pad", args[1] if len(args) > 1 else ())
    if mode != "constant" or len(sizes) > 2 * (source.ndim - 1):
        raise Unbatchable
    return straight(level, call, args, kwargs)


@batching("nn.functional.pixel_shuffle pixel_shuffle nn.functional.pixel_unshuffle pixel_unshuffle")
def pixels(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The last three dims, which an example must have."""
    place(-3, args[0].ndim)
    return straight(level, call, args, kwargs)


@batching("tril triu")
def triangle(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The last two dims, which an example must have."""
    place(-2, args[0].ndim)
    return straight(level, call, args, kwargs)
