"""Writing slices, or flat elements, where an index says: index_add, index_copy, put, masked_scatter."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.accumulating import add_at
from shapetorch.tensor.arguments import is_number
from shapetorch.tensor.basic_views import at_key
from shapetorch.tensor.in_place import refuse_overlap, require_writable, write_into
from shapetorch.tensor.index_checks import in_bounds
from shapetorch.tensor.indices import read_slice
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import INDEX_KINDS, title
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.ops.indexing import check_bounds, gather_at, number_array, scattered
from shapetorch.tensor.ops.scattering import reduce_gradients, reduce_into, require_ordered
from shapetorch.tensor.ops.selecting import index_select
from shapetorch.tensor.ops.strides import as_strided
from shapetorch.tensor.tape import RESULT, record
from shapetorch.tensor.tensors import Array, Tensor, wrap


class _Slices:
    """Which slices along a dim an index names."""

    def __init__(self, name: str, target: Tensor, dim: Any, index: Tensor) -> None:
        array = target._array
        self.dim = int(dim) % max(array.ndim, 1)
        self.size = array.shape[self.dim] if array.ndim else 1
        self.index = index._array.reshape(-1)
        self.key: tuple[Any, ...] = (*(slice(None),) * self.dim, self.index)
        self.name = name

    def rows(self, array: Array) -> Array:
        """An array with at least one dim."""
        return array if array.ndim else array.reshape(1)

    def full_key(self, array: Array) -> tuple[Any, ...]:
        """The key with an element for every dim."""
        return (*self.key, *(slice(None),) * (max(array.ndim, 1) - len(self.key)))


def _check_index(name: str, index: Tensor) -> None:
    if index._array.dtype not in INDEX_KINDS:
        raise RuntimeError(
            f"{name}_(): Expected dtype int32/int64 for index but got: {title(index)}"
        )


def _check_same(name: str, target: Tensor, source: Tensor) -> None:
    if source._array.dtype != target._array.dtype:
        raise RuntimeError(
            f"{name}_(): self ({title(target)}) and source ({title(source)}) must have the same "
            "scalar type"
        )


def _source(source: Tensor, target: Array) -> Array:
    array = source._array
    array = array.copy() if np.may_share_memory(array, target) else array
    if not target.ndim:
        return array.reshape(-1)
    return array if array.ndim else array.reshape((1,) * target.ndim)


def _of_source(node: Any, grad: Tensor, index: Tensor) -> Tensor:
    """The slices of a gradient that the source's slices went to."""
    return index_select(grad, node.dim, index.reshape(-1)).reshape(node.metas[1][0])  # type: ignore[no-any-return]


# -- index_add, index_copy, index_fill -----------------------------------------------------------------------


def index_add_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """``d(input + alpha * source)``."""
    (index,) = node.saved
    if not node.needs[1]:
        return grad, None
    part = _of_source(node, grad, index)
    return grad, part if node.alpha == 1 else part * np.conj(node.alpha).item()


def _index_add(
    input: Tensor, target: Tensor | None, dim: int, index: Tensor, source: Tensor, alpha: complex
) -> Tensor:
    require_writable(target)
    judged("index_add", input, dim, index, source)
    _check_index("index_add", index)
    _check_same("index_add", input, source)
    refuse_overlap(target, index, source)
    slices = _Slices("index_add", input, dim, index)
    vector = input._array.ndim <= 1
    in_bounds(slices.index, slices.size, slices.dim, IndexError if vector else RuntimeError)
    values = _source(source, input._array)
    if alpha != 1:
        factor = number_array(alpha, input._array.dtype)
        values = values & factor if values.dtype == np.bool_ else values * factor
    if target is None:
        target = input.clone()

    def write(array: Array) -> None:
        rows = slices.rows(array)
        add_at(rows, slices.full_key(rows), values)

    return write_into(
        target, (source,), write, index_add_backward, (index,), dim=slices.dim, alpha=alpha
    )


@method()
def index_add_(
    self: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: complex = 1
) -> Tensor:
    """`index_add` in place."""
    return _index_add(self, self, dim, index, source, alpha)


@operation(methods=("index_add",), out="same dtype")
def index_add(
    input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: complex = 1
) -> Tensor:
    """The tensor with the slices of `source`, times `alpha`, added to those that `index` names.

    Args:
        input: Any shape.
        dim: Along which dim.
        index: Which slice of `input` each slice of `source` goes to: ``(n,)``.
        source: `input` with ``n`` at `dim`.
        alpha: A factor.

    Raises:
        ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
            source_error_shape_mismatch.
    """
    return _index_add(input, None, dim, index, source, alpha)


def index_copy_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; the source has the gradient of its slices."""
    (index,) = node.saved
    rest = index_fill(grad, node.dim, index.reshape(-1), 0) if node.needs[0] else None
    return rest, _of_source(node, grad, index) if node.needs[1] else None


def _index_copy(
    input: Tensor, target: Tensor | None, dim: int, index: Tensor, source: Tensor
) -> Tensor:
    require_writable(target)
    if index._array.dtype != np.int64:
        raise RuntimeError(
            f"index_copy_(): Expected a long tensor for index, but got {title(index)}"
        )
    _check_same("index_copy", input, source)
    refuse_overlap(target, index, source)
    judged("index_copy", input, dim, index, source)
    slices = _Slices("index_copy", input, dim, index)
    in_bounds(slices.index, slices.size, slices.dim, IndexError)
    values = _source(source, input._array)
    if target is None:
        target = input.clone()

    def write(array: Array) -> None:
        slices.rows(array)[slices.key] = values

    return write_into(target, (source,), write, index_copy_backward, (index,), dim=slices.dim)


@method()
def index_copy_(self: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """`index_copy` in place."""
    return _index_copy(self, self, dim, index, source)


@operation(methods=("index_copy",), out="same dtype")
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """The tensor with the slices that `index` names replaced by those of `source`.

    Raises:
        ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
            source_error_shape_mismatch.
    """
    return _index_copy(input, None, dim, index, source)


def index_fill_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; the value is in each slice named."""
    (index,) = node.saved
    rest = index_fill(grad, node.dim, index, 0) if node.needs[0] else None
    if not node.needs[1]:
        return rest, None
    once = wrap(
        np.unique(
            index._array.reshape(-1) % max(grad._array.shape[node.dim : node.dim + 1] or (1,))
        )
    )
    return rest, index_select(grad, node.dim, once).sum()


def _index_fill(
    input: Tensor, target: Tensor | None, dim: int, index: Tensor, value: Any
) -> Tensor:
    require_writable(target)
    if not isinstance(value, Tensor) and not is_number(value):
        raise TypeError(
            f"index_fill_(): argument 'value' must be Number, not {type(value).__name__}"
        )
    judged("index_fill", input, dim, index, value)
    if index._array.dtype != np.int64:
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    slices = _Slices("index_fill", input, dim, index)
    check_bounds((slices.size,), (slices.index,))
    if isinstance(value, Tensor):
        number = value._array.copy()
        if number.dtype.kind == "c" and input._array.dtype.kind != "c":
            raise RuntimeError(
                "index_fill_(): Converting complex Scalar to non-complex type is not supported"
            )
    else:
        if isinstance(value, complex) and input._array.dtype.kind != "c":
            raise RuntimeError(
                "index_fill_(): Converting complex Scalar to non-complex type is not supported"
            )
        number = number_array(value, input._array.dtype)
    if target is None:
        target = input.clone()

    def write(array: Array) -> None:
        with np.errstate(all="ignore"):
            slices.rows(array)[slices.key] = number.astype(array.dtype)

    return write_into(
        target, (value,), write, index_fill_backward, (index,), expanded=True, dim=slices.dim
    )


@method()
def index_fill_(self: Tensor, dim: int, index: Tensor, value: Tensor | complex) -> Tensor:
    """`index_fill` in place."""
    return _index_fill(self, self, dim, index, value)


@operation(methods=("index_fill",))
def index_fill(input: Tensor, dim: int, index: Tensor, value: Tensor | complex) -> Tensor:
    """The tensor with the slices that `index` names set to one number.

    Raises:
        ShapeError: dimension_error_out_of_range, rank_error_mismatch.
    """
    return _index_fill(input, None, dim, index, value)


# -- index_reduce ----------------------------------------------------------------------------------------


def _index_reduce(
    input: Tensor,
    target: Tensor | None,
    dim: int,
    index: Tensor,
    source: Tensor,
    reduce: str,
    include_self: bool,
) -> Tensor:
    require_writable(target)
    judged("index_reduce", input, dim, index, source, reduce, include_self=include_self)
    _check_index("index_reduce", index)
    _check_same("index_reduce", input, source)
    require_ordered("index_reduce", input, reduce)
    refuse_overlap(target, index, source)
    slices = _Slices("index_reduce", input, dim, index)
    in_bounds(slices.index, slices.size, slices.dim, IndexError)
    values = _source(source, input._array)
    if target is None:
        target = input.clone()
    kept: tuple[Any, ...] = (index,)
    if reduce != "mean" and input.requires_grad | source.requires_grad:
        before = target.clone() if target is input else input
        kept = (index, before, source, RESULT)

    def write(array: Array) -> None:
        rows = slices.rows(array)
        reduce_into(rows, slices.full_key(rows), values, reduce, include_self)

    return write_into(
        target,
        (source,),
        write,
        index_reduce_backward,
        kept,
        dim=slices.dim,
        reduce=reduce,
        include_self=include_self,
    )


class _Ways:
    """To and from the slices that an index names, for gradients."""

    def __init__(self, node: Any, index: Tensor) -> None:
        self.node, self.index = node, index
        self.slices = _Slices(
            "index_reduce", wrap(np.empty(node.metas[0][0], np.int8)), node.dim, index
        )

    def to_source(self, tensor: Tensor) -> Tensor:
        """The slices of a tensor, in the sizes of the source."""
        return _of_source(self.node, tensor, self.index)

    def onto(self, array: Array, values: Array) -> Array:
        """An array to which values are added at the slices."""
        result = np.array(array)
        rows = self.slices.rows(result)
        add_at(rows, self.slices.full_key(rows), _source(wrap(values), result))
        return result

    def reduced(self, array: Tensor, values: Tensor, reduce: str, include_self: bool) -> Tensor:
        """The reduction itself, recorded."""
        return index_reduce(
            array, self.node.dim, self.index, values, reduce, include_self=include_self
        )


def index_reduce_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """As PyTorch: equal extremes share the gradient."""
    index, *kept = node.saved
    for_self, for_source = reduce_gradients(node, grad, _Ways(node, index), kept)
    if not node.include_self and node.needs[0] and for_self is not None:
        for_self = index_fill(for_self, node.dim, index.reshape(-1), 0)
    return for_self if node.needs[0] else None, for_source if node.needs[1] else None


@method()
def index_reduce_(
    self: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """`index_reduce` in place."""
    return _index_reduce(self, self, dim, index, source, reduce, include_self)


@operation(methods=("index_reduce",), out="same dtype")
def index_reduce(
    input: Tensor,
    dim: int,
    index: Tensor,
    source: Tensor,
    reduce: str,
    *,
    include_self: bool = True,
) -> Tensor:
    """The tensor with the slices that `index` names reduced with those of `source`.

    Args:
        input: Any shape.
        dim: Along which dim.
        index: ``(n,)``.
        source: `input` with ``n`` at `dim`.
        reduce: ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: Whether the slices of `input` take part.

    Raises:
        ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
            source_error_shape_mismatch, argument_error_value.
    """
    return _index_reduce(input, None, dim, index, source, reduce, include_self)


# -- flat elements -------------------------------------------------------------------------------------------


def put_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; the source has the gradient of its places."""
    (index,) = node.saved
    rest = None
    if node.needs[0]:
        rest = grad
        if not node.accumulate:
            rest = put(grad, index, wrap(np.zeros(index._array.shape, grad._array.dtype)))
    part = grad.take(index).reshape(node.metas[1][0]) if node.needs[1] else None
    return rest, part


def _put(
    input: Tensor, target: Tensor | None, index: Tensor, source: Tensor, accumulate: bool
) -> Tensor:
    require_writable(target)
    if index._array.dtype != np.int64:
        raise RuntimeError(f"put_(): Expected a long tensor for index, but got {title(index)}")
    if source._array.dtype != input._array.dtype:
        raise RuntimeError(
            f"put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{input.dtype} and source.dtype = {source.dtype}"
        )
    refuse_overlap(target, index, source)
    judged("put", input, index, source, accumulate)
    places = index._array.reshape(-1)
    check_bounds((input._array.size,), (places,))
    values = source._array.reshape(-1).copy()
    if target is None:
        target = input.clone()

    def write(array: Array) -> None:
        in_order = array.flags.c_contiguous
        flat = array.reshape(-1) if in_order else array.reshape(-1).copy()
        if accumulate:
            add_at(flat, (places,), values)
        else:
            flat[places] = values
        if not in_order:
            array[...] = flat.reshape(array.shape)

    return write_into(target, (source,), write, put_backward, (index,), accumulate=accumulate)


@method()
def put_(self: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """`put` in place."""
    return _put(self, self, index, source, accumulate)


@operation(methods=("put",))
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """The tensor with the elements of `source` written, or added, at places of its flattened form.

    Raises:
        ShapeError: index_error_shape_mismatch.
        IndexError: an index is out of range.
    """
    return _put(input, None, index, source, accumulate)


def masked_scatter_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; the source has the gradient of its places, in order."""
    (mask,) = node.saved
    shape = node.metas[0][0]
    chosen = np.broadcast_to(mask._array, shape)
    rest = None
    if node.needs[0]:
        rest = grad * wrap((~chosen).astype(grad._array.real.dtype))
    if not node.needs[1]:
        return rest, None
    source = node.metas[1][0]
    taken = gather_at(grad.reshape(-1), (chosen.reshape(-1).nonzero()[0],), True)
    count = int(np.prod(source))
    row = scattered(taken, (count,), (np.arange(taken._array.size),), True)
    return rest, row.reshape(source)


def _masked_scatter(input: Tensor, target: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    shape = target._array.shape
    chosen = np.broadcast_to(mask._array, shape)
    count = int(np.count_nonzero(chosen))
    if count > source._array.size:
        raise RuntimeError(
            "masked_scatter: the source must have as many elements as the mask has true ones, got "
            f"{source._array.size} and {count}"
        )
    values = source._array.reshape(-1)[:count].copy()

    def write(array: Array) -> None:
        array[chosen] = values

    return write_into(target, (source,), write, masked_scatter_backward, (mask,))


def _check_masked(input: Tensor, mask: Tensor, source: Tensor) -> None:
    if mask._array.dtype != np.bool_:
        raise RuntimeError(
            f"masked_scatter_ only supports boolean masks, but got mask with dtype {title(mask)}"
        )
    if source._array.dtype != input._array.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got "
            f"{title(input)} and {title(source)}"
        )


@method()
def masked_scatter_(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """`masked_scatter` in place."""
    require_writable(self)
    judged("masked_scatter_", self, mask, source)
    _check_masked(self, mask, source)
    return _masked_scatter(self, self, mask, source)


@operation(methods=("masked_scatter",))
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The tensor with the elements of `source` written, in order, where a mask is true.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: the source has too few elements.
    """
    shape = judged("masked_scatter", input, mask, source)
    _check_masked(input, mask, source)
    wide = input if input._array.shape == shape else input.expand(shape)
    whole = record(np.array(wide._array, order="C"), (wide,), masked_copy_backward)
    return _masked_scatter(input, whole, mask, source)


def masked_copy_backward(node: Any, grad: Tensor) -> Tensor:
    """A copy's gradient is the gradient."""
    return grad


# -- copies with one part replaced -----------------------------------------------------------------------------


@operation(methods=("select_scatter",))
def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """A copy in which one slice along a dim is `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, select_error_index_out_of_bounds,
            source_error_shape_mismatch.
    """
    judged("select_scatter", input, src, dim, index)
    made = input.clone()
    made.select(dim, index).copy_(src)
    return made  # type: ignore[no-any-return]


@operation(methods=("slice_scatter",))
def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    """A copy in which a range of the slices along a dim is `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, source_error_shape_mismatch, argument_error_value.
    """
    judged("slice_scatter", input, src, dim, start, end, step)
    made = input.clone()
    place = int(dim) % input._array.ndim
    part = read_slice(slice(start, end, step))
    at_key(made, (*(slice(None),) * place, part, ...)).copy_(src)
    return made  # type: ignore[no-any-return]


@operation(methods=("diagonal_scatter",))
def diagonal_scatter(
    input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Tensor:
    """A copy in which a diagonal is `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
            source_error_shape_mismatch.
    """
    judged("diagonal_scatter", input, src, offset, dim1, dim2)
    made = input.clone()
    made.diagonal(offset, dim1, dim2).copy_(src)
    return made  # type: ignore[no-any-return]


@operation(methods=("as_strided_scatter",))
def as_strided_scatter(
    input: Tensor, src: Tensor, size: Any, stride: Any, storage_offset: int | None = None
) -> Tensor:
    """A copy in which what `as_strided` would show is `src`."""
    made = input.clone()
    part = as_strided(made, size, stride, storage_offset)
    if part._array.shape != src._array.shape:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. src size = "
            f"{list(src._array.shape)}, slice size = {list(part._array.shape)}"
        )
    part.copy_(src)
    return made  # type: ignore[no-any-return]
