"""Writing slices, or flat elements, where an index says: index_add, index_copy, put, masked_scatter."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.accumulating import add_at
from shapetorch.tensor.arguments import as_number, is_number
from shapetorch.tensor.in_place import refuse_overlap, require_writable, write_anew, write_into
from shapetorch.tensor.index_checks import in_bounds
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import INDEX_KINDS, title
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.ops.indexing import check_bounds
from shapetorch.tensor.ops.scattering import reduce_gradients, reduce_into, require_ordered
from shapetorch.tensor.ops.selecting import index_select
from shapetorch.tensor.scalars import element
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

    def along(self, values: Array) -> tuple[Array, int]:
        """The index in the shape of the values, and its dim."""
        column = (-1, *(1,) * (values.ndim - self.dim - 1))
        return np.broadcast_to(self.index.reshape(column), values.shape), self.dim

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
    in_bounds(slices.index, slices.size, slices.dim)
    values = _source(source, input._array)
    alpha = as_number(alpha)
    if alpha != 1:
        factor = element(alpha, input._array.dtype)
        values = values & factor if values.dtype == np.bool_ else values * factor

    def write(array: Array) -> None:
        rows = slices.rows(array)
        add_at(rows, slices.full_key(rows), values)

    into = write_anew if target is None else write_into
    return into(input, (source,), write, index_add_backward, (index,), dim=slices.dim, alpha=alpha)


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
    in_bounds(slices.index, slices.size, slices.dim)
    values = _source(source, input._array)

    def write(array: Array) -> None:
        slices.rows(array)[slices.key] = values

    into = write_anew if target is None else write_into
    return into(input, (source,), write, index_copy_backward, (index,), dim=slices.dim)


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
        number = element(value, input._array.dtype)
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
    if index._stored.size:  # of nothing PyTorch asks nothing
        require_ordered("index_reduce", input, reduce)
    refuse_overlap(target, index, source)
    slices = _Slices("index_reduce", input, dim, index)
    in_bounds(slices.index, slices.size, slices.dim)
    values = _source(source, input._array)
    kept: tuple[Any, ...] = (index,)
    if reduce != "mean" and input.requires_grad | source.requires_grad:
        before = input if target is None else target.clone()
        kept = (index, before, source, RESULT)

    def write(array: Array) -> None:
        rows = slices.rows(array)
        along = slices.along(values) if rows.ndim == values.ndim else None
        reduce_into(rows, slices.full_key(rows), values, reduce, include_self, along)

    into = write_anew if target is None else write_into
    return into(
        input,
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
