"""Writing elements where an index tensor says: scatter and its reductions."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.accumulating import add_at, along_kernel
from shapetorch.tensor.arguments import single
from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.in_place import refuse_overlap, require_writable, write_anew, write_into
from shapetorch.tensor.index_checks import alike, checked_index, in_bounds
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import title
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.ops.selecting import _gather, add_along, along
from shapetorch.tensor.scalars import element
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


class _Places:
    """Where a scatter writes: a key for the target, and the part of the source that it takes."""

    def __init__(self, name: str, target: Tensor, dim: Any, index: Tensor, src: Any) -> None:
        array, places = target._array, index._array
        if places.size:
            checked_index(name, index)
        if isinstance(src, Tensor) and src._array.dtype != array.dtype:
            raise RuntimeError(f"{name}(): Expected self.dtype to be equal to src.dtype")
        self.dim = int(dim) % max(array.ndim, 1)
        self.index = index
        if places.size:
            in_bounds(places, array.shape[self.dim] if array.ndim else 1, self.dim)
        self.rank = array.ndim

    @property
    def key(self) -> tuple[Any, ...]:
        """What selects the places."""
        places = self.index._array
        if not places.size:
            return (np.empty(0, np.int64),) * max(self.rank, 1)
        return along(places, self.dim) if self.rank and places.ndim else (places.reshape(-1),)

    @property
    def along(self) -> Along | None:
        """The same for kernels; None where there is no dim."""
        places = self.index._array
        return (places, self.dim) if self.rank and places.ndim and places.size else None

    def of(self, src: Array) -> Array:
        """The values that a source gives."""
        places = self.index._array
        if not places.size:
            return np.empty(0, src.dtype)
        if src.shape == places.shape and src.ndim:
            return src
        whole = self.rank and places.ndim
        cut = tuple([slice(0, size) for size in (places.shape if whole else (places.size,))])
        values: Array = (src if src.ndim else src.reshape(1))[cut]
        return values

    def rows(self, target: Array) -> Array:
        """The target with at least one dim."""
        return target if target.ndim else target.reshape(1)


def _read_only_copy(src: Array, target: Array) -> Array:
    return src.copy() if np.may_share_memory(src, target) else src


# -- scatter ---------------------------------------------------------------------------------------------


def scatter_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; what was written has the gradient of its place."""
    (index,) = node.saved
    rest = scatter(grad, node.dim, index, 0) if node.needs[0] else None
    return rest, _part_for_source(node, grad, index) if node.needs[1] else None


def _part_for_source(node: Any, grad: Tensor, index: Tensor) -> Tensor:
    """The gradient at the indices, in the sizes of the source, which may be larger than the index."""
    part = _gather(grad, index, node.dim)
    return grown(part, node.metas[1][0])


def grown(tensor: Tensor, shape: tuple[int, ...]) -> Tensor:
    """A tensor at the beginning of a larger one of zeros."""
    array = tensor._array
    if array.shape == shape:
        return tensor
    result = np.zeros(shape, array.dtype)
    if array.size:
        cut = tuple(slice(0, size) for size in array.shape) if array.ndim == len(shape) else ...
        result[cut] = array.reshape(shape) if cut is ... else array
    return record(result, (tensor,), grown_backward)


def grown_backward(node: Any, grad: Tensor) -> Tensor:
    """The beginning of the gradient."""
    shape = node.metas[0][0]
    if len(shape) != grad._array.ndim:
        return grad.reshape(-1)[: int(np.prod(shape))].reshape(shape)  # type: ignore[no-any-return]
    return grad[tuple(slice(0, size) for size in shape)]


@method()
def scatter_(
    self: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor | complex | None = None,
    *,
    reduce: str | None = None,
    value: complex | None = None,
) -> Tensor:
    """`scatter` in place."""
    given = src if value is None else single("scatter_", src=src, value=value)
    return _scatter(self, self, dim, index, given, reduce)


@operation(methods=("scatter",), out="same dtype")
def scatter(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor | complex | None = None,
    *,
    reduce: str | None = None,
    value: complex | None = None,
) -> Tensor:
    """The tensor with the elements of `src`, or a number, written where `index` says.

    Args:
        input: Any shape.
        dim: The dim the indices count in.
        index: Of the same rank; not larger than `src`, and along other dims not larger than `input`.
        src: A tensor of the same rank and dtype, or a number.
        reduce: ``"add"`` or ``"multiply"``, or None to overwrite.
        value: Another name for a number as `src`.

    Raises:
        ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape, argument_error_value.
        RuntimeError: an index is out of range, or a dtype is wrong.
    """
    given = src if value is None else single("scatter", src=src, value=value)
    return _scatter(input, None, dim, index, given, reduce)


def _scatter(
    input: Tensor, target: Tensor | None, dim: int, index: Tensor, src: Any, reduce: str | None
) -> Tensor:
    require_writable(target)
    refuse_overlap(target, index, src)
    reducing = {} if reduce is None else {"reduce": reduce}
    judged("scatter", input, dim, index, src, **reducing)
    places = _Places("scatter", input, dim, index, src)
    array = input._array
    if isinstance(src, Tensor):
        values = _read_only_copy(places.of(src._array), array)
    else:
        values = element(src, array.dtype)
    into = write_anew if target is None else write_into

    def write(array: Array) -> None:
        rows = places.rows(array)
        put = along_kernel("put_along", rows, index._array, places.dim) if values.ndim else None
        if reduce is None and put is not None:
            put(np.ascontiguousarray(values))
        elif reduce is None:
            rows[places.key] = values
        else:
            how = "sum" if reduce == "add" else "prod"
            _reduce_at(rows, places.key, values, how, places.along)

    if reduce is None:
        return into(input, (src,), write, scatter_backward, (index,), dim=places.dim)
    return into(input, (src,), write, scatter_reduced_backward)


def scatter_reduced_backward(node: Any, grad: Tensor) -> Tensor:
    """PyTorch has none."""
    raise RuntimeError("derivative for aten::scatter.reduce is not implemented")


# -- scatter_add -----------------------------------------------------------------------------------------


def scatter_add_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """Both count once."""
    (index,) = node.saved
    return grad, _part_for_source(node, grad, index) if node.needs[1] else None


def _scatter_add(input: Tensor, target: Tensor | None, dim: int, index: Tensor, src: Any) -> Tensor:
    require_writable(target)
    refuse_overlap(target, index, src)
    if not alike(input, dim, index, src):
        judged("scatter_add", input, dim, index, src)
    places = _Places("scatter", input, dim, index, src)
    values = _read_only_copy(places.of(src._array), input._array)

    def write(array: Array) -> None:
        if index._array.size:
            add_along(array, index._array, places.dim, values)

    into = write_anew if target is None else write_into
    return into(
        input,
        (src,),
        write,
        scatter_add_backward,
        (index,),
        dim=places.dim,
    )


@operation(methods=("scatter_add_",))
def scatter_add_(self: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """`scatter_add` in place."""
    return _scatter_add(self, self, dim, index, src)


@operation(methods=("scatter_add",), out="same dtype")
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """The tensor with the elements of `src` added where `index` says; see `scatter`."""
    return _scatter_add(input, None, dim, index, src)


# -- scatter_reduce --------------------------------------------------------------------------------------


def identity(reduce: str, kind: np.dtype[Any]) -> Any:
    """What changes nothing in a reduction."""
    if reduce in ("sum", "mean"):
        return 0
    if reduce == "prod":
        return 1
    if kind == np.bool_:
        return reduce == "amin"
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        return limits.min if reduce == "amax" else limits.max
    return -np.inf if reduce == "amax" else np.inf


_HOW = {"prod": 0, "amax": 1, "amin": 2, "sum": 3, "mean": 3}
"""What the kernel calls the reductions."""
_UFUNCS = {"prod": np.multiply, "amax": np.maximum, "amin": np.minimum}


Along: TypeAlias = tuple[Array, int]
"""An index of the shape of the values, and the dim it counts in: what a key may stand for."""


def _reduce_at(
    target: Array, key: tuple[Any, ...], values: Array, reduce: str, along: Along | None = None
) -> None:
    run = None
    if along is not None and values.dtype == target.dtype and along[0].shape == values.shape:
        run = along_kernel("reduce_along", target, *along, _HOW[reduce])
    if run is not None:
        run(np.ascontiguousarray(values))
    elif reduce in ("sum", "mean"):
        add_at(target, key, values)
    elif target.dtype in NARROW:
        wide = target.astype(np.float32)
        _UFUNCS[reduce].at(wide, key, values.astype(np.float32))
        target[...] = wide
    else:
        _UFUNCS[reduce].at(target, key, values)


def reduce_into(
    target: Array,
    key: tuple[Any, ...],
    values: Array,
    reduce: str,
    include_self: bool,
    along: Along | None = None,
) -> None:
    """Reduce the elements of `target` at `key` with `values`; see `Along`."""
    with np.errstate(all="ignore"):
        if not include_self:
            target[key] = identity(reduce, target.dtype)
        _reduce_at(target, key, values, reduce, along)
        if reduce == "mean":
            count = counts(target.shape, key, values, include_self, along)
            if target.dtype.kind in "iu":
                np.floor_divide(target, count, out=target, casting="unsafe")
            else:
                target[...] = target / count.astype(target.real.dtype)


def counts(
    shape: tuple[int, ...],
    key: tuple[Any, ...],
    values: Array,
    include_self: bool,
    along: Along | None = None,
) -> Array:
    """How many elements each mean is of, at least 1."""
    if along is not None and kernels.TABLE and along[0].shape == values.shape:
        sums = np.full(shape, float(include_self))
        _reduce_at(sums, key, np.ones(values.shape), "sum", along)
        return np.asarray(np.maximum(sums, 1)).astype(np.int64)
    count = np.full(shape, int(include_self), np.int64)
    np.add.at(count, key, np.ones(values.shape, np.int64))
    return np.maximum(count, 1)


_LONG = {"max": "amax", "min": "amin"}


def require_ordered(name: str, input: Tensor, reduce: str) -> None:
    """Raise NotImplementedError where a reduction has no meaning, or PyTorch gives it none."""
    kind = input._array.dtype.kind
    if (kind == "c" and reduce in ("amax", "amin")) or (kind == "b" and reduce == "mean"):
        raise NotImplementedError(f"\"{name}_{reduce}\" not implemented for '{title(input)}'")


def _scatter_reduce(
    input: Tensor,
    target: Tensor | None,
    dim: int,
    index: Tensor,
    src: Tensor,
    reduce: str,
    include_self: bool,
) -> Tensor:
    require_writable(target)
    refuse_overlap(target, index, src)
    judged("scatter_reduce", input, dim, index, src, reduce, include_self=include_self)
    reduce = _LONG.get(reduce, reduce)
    if index._array.size:
        require_ordered("scatter_reduce", input, reduce)
    places = _Places("scatter", input, dim, index, src)
    values = _read_only_copy(places.of(src._array), input._array)
    before = None
    if reduce not in ("sum", "mean") and input.requires_grad | src.requires_grad:
        before = input if target is None else target.clone()
    into = write_anew if target is None else write_into
    return into(
        input,
        (src,),
        lambda array: reduce_into(
            places.rows(array), places.key, values, reduce, include_self, places.along
        ),
        scatter_reduce_backward,
        (index,) if before is None else (index, before, src, RESULT),
        dim=places.dim,
        reduce=reduce,
        include_self=include_self,
    )


@operation(methods=("scatter_reduce_",))
def scatter_reduce_(
    self: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """`scatter_reduce` in place."""
    return _scatter_reduce(self, self, dim, index, src, reduce, include_self)


@operation(methods=("scatter_reduce",), out="same dtype")
def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """The tensor reduced with the elements of `src` where `index` says; see `scatter`.

    Args:
        input: Any shape.
        dim: The dim the indices count in.
        index: Of the same rank.
        src: Of the same rank.
        reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: Whether the element that `input` has at a place takes part.

    Raises:
        ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape, argument_error_value.
        RuntimeError: an index is out of range, or a dtype is wrong.
    """
    return _scatter_reduce(input, None, dim, index, src, reduce, include_self)


def scatter_reduce_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """As PyTorch: equal extremes share the gradient."""
    index, *kept = node.saved
    ways = _Ways(node, index)
    for_self, for_source = reduce_gradients(node, grad, ways, kept)
    if not node.include_self and node.needs[0] and for_self is not None:
        for_self = scatter(for_self, node.dim, index, 0)
    return for_self if node.needs[0] else None, for_source if node.needs[1] else None


class _Ways:
    """To and from the places of a scatter, for gradients."""

    def __init__(self, node: Any, index: Tensor) -> None:
        self.dim, self.index = node.dim, index
        self.source_shape = node.metas[1][0]
        shape = node.metas[0][0]
        self.places = _Places("scatter", wrap(np.empty(shape, np.int8)), self.dim, index, None)

    def to_source(self, tensor: Tensor) -> Tensor:
        """The elements of the places, in the sizes of the source."""
        return grown(_gather(tensor, self.index, self.dim), self.source_shape)

    def onto(self, array: Array, values: Array) -> Array:
        """An array to which values are added at the places."""
        result = np.array(array)
        add_at(self.places.rows(result), self.places.key, self.places.of(values))
        return result

    def reduced(self, array: Tensor, values: Tensor, reduce: str, include_self: bool) -> Tensor:
        """The reduction itself, recorded."""
        return scatter_reduce(
            array, self.dim, self.index, values, reduce, include_self=include_self
        )


def reduce_gradients(
    node: Any, grad: Tensor, ways: Any, kept: list[Tensor]
) -> tuple[Tensor | None, Tensor | None]:
    """The gradients of a reduction at places, as if every element of the target took part."""
    reduce = node.reduce
    if reduce == "sum":
        return grad, ways.to_source(grad)
    if reduce == "mean":
        ones = np.full(node.metas[0][0], int(node.include_self), np.int64)
        count = np.maximum(ways.onto(ones, np.ones(node.metas[1][0], np.int64)), 1)
        shared = grad / wrap(count.astype(grad._array.real.dtype))
        return shared, ways.to_source(shared)
    if reduce == "prod":
        return _product_gradients(node, grad, ways, kept)
    before, source, result = kept
    own = (before._array == result._array).astype(grad._array.dtype)
    there = ways.to_source(result.detach())._array
    other = (source._array == there).astype(grad._array.dtype)
    number = ways.onto(own, other)
    with np.errstate(all="ignore"):
        shared = grad / wrap(number)
    return wrap(own) * shared, wrap(other) * ways.to_source(shared)


def _product_gradients(
    node: Any, grad: Tensor, ways: Any, kept: list[Tensor]
) -> tuple[Tensor, Tensor]:
    before, source, result = kept
    with np.errstate(all="ignore"):
        one = _with_ones(before, before._array == 0)
        others = ways.reduced(one, source, "prod", node.include_self)
        for_self = grad * others / one
        zero = source._array == 0
        zeros = ways.onto(np.zeros(node.metas[0][0], np.int64), zero.astype(np.int64))
        single = zero & (ways.to_source(wrap(zeros))._array == 1)
        filled = _with_ones(source, single)
        through = ways.reduced(before, filled, "prod", node.include_self)
        alone = ways.to_source(grad * through) * wrap(single.astype(grad._array.dtype))
        rest = ways.to_source(grad * result) / _with_ones(source, zero)
        for_source = alone + rest * wrap((~single).astype(grad._array.dtype))
    return for_self, for_source


def _with_ones(tensor: Tensor, where: Array) -> Tensor:
    """The tensor with ones in some places, which then have no gradient."""
    keep = wrap((~where).astype(tensor._array.dtype))
    return tensor * keep + wrap(where.astype(tensor._array.dtype))
