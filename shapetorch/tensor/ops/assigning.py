"""Assignment to ``x[...]``, and index_put."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.accumulating import add_at
from shapetorch.tensor.arguments import is_number, require_tensors
from shapetorch.tensor.basic_views import at_key
from shapetorch.tensor.histories import needs_grad
from shapetorch.tensor.in_place import refuse_overlap, require_writable, write_into
from shapetorch.tensor.indices import ParsedIndex, as_items, elements, read_element
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import title
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.ops.indexing import BASIC, check_bounds, gather_at, refuse
from shapetorch.tensor.scalars import is_small_number, stored
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, owner, wrap
from shapetorch.tensor.writes import check_history


@method("__delitem__")
def delitem(self: Tensor, index: Any) -> None:
    """Elements cannot be taken out."""
    raise TypeError("Tensor does not support deleting items")


@method("__setitem__")
def setitem(self: Tensor, index: Any, value: Any) -> None:
    """Write a number or a tensor into the elements that an index selects.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, and those of indexing.
        TypeError: the value is neither a tensor nor a number.
    """
    if self._meta is None and _wrote_plainly(self, index, value):
        return
    if not isinstance(value, Tensor):
        value = _number(self, value)
    if index is False:
        return
    if index is True:
        index = None
    items = as_items(index)
    parsed = ParsedIndex(self, items)
    if self._meta is not None and MODES.grad:
        check_history(self, self._meta, False)
    viewed = self if parsed.key == [...] else at_key(self, tuple(parsed.key))
    if parsed.chosen:
        _assign_chosen(self, viewed, parsed, value, items)
        return
    target = viewed._array.shape
    if value._array.shape != target:
        value = _fitted(self, value, target, items)
        if value._array.ndim:
            value = value.expand(target)
    if value._array.ndim or not target:
        viewed.copy_(value)
    else:
        viewed.fill_(value)


_FLOATS = frozenset((np.dtype(np.float32), np.dtype(np.float64)))


def _wrote_plainly(self: Tensor, index: Any, value: Any) -> bool:
    """Whether it was a number, or a plain tensor of the same dtype, for integers and slices, and is done."""
    array = self._array
    if index.__class__ is Tensor and is_small_number(value):
        mask = index._array
        whole = mask.dtype == np.bool_ and mask.shape == array.shape and array.dtype in _FLOATS
        if not whole or not array.flags.carray:
            return False
        np.copyto(array, value, where=mask, casting="same_kind")
        self._writes += 1
        return True
    items = index if index.__class__ is tuple else (index,)
    if array.dtype not in _FLOATS or not BASIC.issuperset(map(type, items)) or 0 in array.strides:
        return False
    for item in items:
        if item.__class__ is slice and item.step is not None:
            return False
    if value.__class__ is Tensor:
        if value is self or value._array.dtype != array.dtype:
            return False
        if value._meta is not None and (needs_grad(value) or owner(value) is self):
            return False
        value = value._array
    elif not is_small_number(value):
        return False
    try:
        array[index] = value
    except (IndexError, ValueError, TypeError, OverflowError):
        return False
    self._writes += 1
    return True


def _number(self: Tensor, value: Any) -> Tensor:
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        raise ValueError(f"__setitem__: Overflow when unpacking long long, got {value}")
    if not is_number(value) or isinstance(value, np.bool_):
        raise TypeError(f"can't assign a {_type_name(value)} to a torch.{title(self)}Tensor")
    return wrap(stored(value, self._array.dtype))


def _type_name(value: Any) -> str:
    module = type(value).__module__
    return f"numpy.{type(value).__name__}" if module == "numpy" else type(value).__name__


def _fitted(self: Tensor, value: Tensor, target: tuple[int, ...], items: Sequence[Any]) -> Tensor:
    """A value without leading sizes of 1 that the target lacks; raises if it does not broadcast."""
    judged("__setitem__", self, elements([read_element(item) for item in items]), value)
    extra = value._array.ndim - len(target)
    return value.reshape(value._array.shape[extra:]) if extra > 0 else value


def _assign_chosen(
    self: Tensor, viewed: Tensor, parsed: ParsedIndex, value: Tensor, items: Sequence[Any]
) -> None:
    chosen = tuple(parsed.chosen)
    _check_same_dtype(viewed, value)
    target = _selected_shape(viewed, chosen)
    if value._array.shape != target:
        value = _fitted(self, value, target, items)
    put_chosen(viewed, chosen, value, False, parsed)


def _check_same_dtype(target: Tensor, value: Tensor) -> None:
    if target._array.dtype != value._array.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{title(target)} for the destination and {title(value)} for the source."
        )


def _selected_shape(viewed: Tensor, chosen: Sequence[Array | None]) -> tuple[int, ...]:
    """The shape of what index arrays select; raises if they do not fit."""
    shape = viewed._array.shape
    check_bounds(shape, chosen)
    arrays = [item for item in chosen if item is not None]
    try:
        common = np.broadcast_shapes(*(item.shape for item in arrays))
    except ValueError:
        refuse(viewed, chosen)
        raise
    places = [place for place, item in enumerate(chosen) if item is not None]
    rest = [size for place, size in enumerate(shape) if place not in places]
    first = places[0] if places[-1] - places[0] + 1 == len(places) else 0
    return (*rest[:first], *common, *rest[first:])


def put_chosen(
    tensor: Tensor,
    chosen: tuple[Array | None, ...],
    value: Tensor,
    accumulate: bool,
    parsed: ParsedIndex,
) -> Tensor:
    """Write `value` where index arrays in range select, in place."""
    key = tuple([slice(None) if item is None else item for item in chosen])
    refuse_overlap(tensor, value)
    source = value._array
    if np.may_share_memory(source, tensor._array):
        source = source.copy()

    def write(array: Array) -> None:
        if accumulate:
            add_at(array, key, source)
        else:
            array[key] = source

    return write_into(
        tensor,
        (value,),
        write,
        index_put_backward,
        parsed.tensors,
        expanded=True,
        chosen=chosen,
        accumulate=accumulate,
        distinct=parsed.distinct,
    )


def index_put_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """What was overwritten has no influence; the values have the gradient of their places."""
    _ = node.saved
    rest = None
    if node.needs[0]:
        rest = grad if node.accumulate else _without(grad, node.chosen, node.distinct)
    return rest, gather_at(grad, node.chosen, node.distinct) if node.needs[1] else None


def _without(grad: Tensor, chosen: tuple[Array | None, ...], distinct: bool) -> Tensor:
    result = grad._array.copy()
    result[tuple([slice(None) if item is None else item for item in chosen])] = 0
    return record(result, (grad,), without_backward, chosen=chosen, distinct=distinct)


def without_backward(node: Any, grad: Tensor) -> Tensor:
    """The same elements have no influence again."""
    return _without(grad, node.chosen, node.distinct)


def _put(
    name: str, input: Tensor, target: Tensor | None, indices: Any, values: Tensor, accumulate: bool
) -> Tensor:
    require_writable(target)
    if not isinstance(indices, (tuple, list)):
        raise TypeError(
            f"{name}(): argument 'indices' must be tuple of Tensors, not {type(indices).__name__}"
        )
    if not isinstance(values, Tensor):
        raise TypeError(f"{name}(): argument 'values' must be Tensor, not {type(values).__name__}")
    items = list(indices)
    require_tensors(items)
    if not items:
        raise RuntimeError(f"{name}: at least one index tensor must be given")
    parsed = ParsedIndex(input, [_one_dim(item) for item in items])
    judged("index_put", input, elements([_plain(item) for item in items]), values)
    _check_same_dtype(input, values)
    chosen = tuple(parsed.chosen)
    check_bounds(input._array.shape, chosen)
    if target is None:
        target = input.clone()
    return put_chosen(target, chosen, values, accumulate, parsed)


def _one_dim(item: Any) -> Any:
    """A 0-D index tensor as an array, which is not taken for an integer."""
    if isinstance(item, Tensor) and not item._array.ndim and item._array.dtype.kind == "i":
        return item._array.reshape(1)
    return item


def _plain(item: Any) -> Any:
    found = _one_dim(item)
    if isinstance(found, Tensor) and found._array.dtype == np.uint8:
        return found._array != 0
    return found


@operation("index_put_", methods=("index_put_",))
def index_put_(
    self: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False
) -> Tensor:
    """`index_put` in place."""
    return _put("index_put_", self, self, indices, values, accumulate)


@operation("index_put", methods=("index_put",))
def index_put(
    input: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False
) -> Tensor:
    """The tensor with `values` written, or added, where index tensors say.

    Args:
        input: Any shape.
        indices: Index tensors and masks, as in ``input[indices]``.
        values: Broadcasts to the selected shape, of the same dtype.
        accumulate: Whether values are added, also several at one place.

    Raises:
        ShapeError: expand_error_incompatible, and those of indexing.
    """
    return _put("index_put", input, None, indices, values, accumulate)
