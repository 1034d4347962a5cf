"""What operations over dims have in common: which dims are meant, and gradients in the input's shape."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor.array_gradients import refused
from shapetorch.tensor.dtypes import DEFAULTS, DTYPES, FLOATING, dtype
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.nodes import Backward
from shapetorch.tensor.sums import kept_shape
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


def dims_of(
    name: str, input: Tensor, dim: Any, *more: Any, argument: str = "dim", **named: Any
) -> tuple[int, ...]:
    """The dims that are reduced, in order and not negative: all of them for None and ``()``.

    Args:
        name: The rule that judges the call ``name(input, dim, *more, **named)``.
        input: What is reduced.
        dim: What the caller gave.
        more: Further positional arguments of the rule.
        argument: The name of `dim` in the rule.
        named: Keyword arguments of the rule.

    Raises:
        ShapeError: a dim does not exist, or is named twice.
        TypeError: `input` is no tensor, or `dim` no dim.
    """
    if dim.__class__ is int and isinstance(input, Tensor):
        rank = input._stored.ndim
        if -rank <= dim < rank:
            return (dim + rank if dim < 0 else dim,)
    if dim is None and isinstance(input, Tensor):
        return tuple(range(input._stored.ndim))
    if more:
        judged(name, input, dim, *more, **named)
    else:
        judged(name, input, **{argument: dim}, **named)
    return places(dim, input._stored.ndim)


def places(dim: Any, rank: int) -> tuple[int, ...]:
    """The dims that a valid `dim` names: all of them for None and ``()``."""
    if dim is None or (isinstance(dim, (list, tuple)) and not dim):
        return tuple(range(rank))
    dims = dim if isinstance(dim, (list, tuple)) else (dim,)
    return tuple(sorted([int(item) % rank for item in dims])) if rank else ()


def one_dim(name: str, input: Tensor, dim: Any, *more: Any, **named: Any) -> int:
    """The one dim an operation works along, not negative (0 for a 0-D tensor); see `dims_of`."""
    if dim.__class__ is int and isinstance(input, Tensor):
        rank = input._stored.ndim
        if -rank <= dim < rank:
            return dim + rank if dim < 0 else dim
    judged(name, input, dim, *more, **named)
    return place_of(dim, input)


def place_of(dim: int, input: Tensor) -> int:
    """A valid dim, not negative; 0 for a 0-D tensor."""
    rank = input._stored.ndim
    return int(dim) % rank if rank else 0


def floating(input: Tensor) -> dtype:
    """The dtype of a result that is floating: the input's, or the default one."""
    kind = input.dtype
    return kind if kind.category >= FLOATING else DEFAULTS[FLOATING]


def accumulated(input: Tensor, wanted: dtype | None) -> dtype:
    """The dtype of a sum or product: int64 for integers and bool, unless the caller names another."""
    if wanted is not None:
        return wanted
    kind = input.dtype
    return kind if kind.category >= FLOATING else DTYPES["int64"]


FEW = 1 << 12
"""Elements that are sooner copied than seen through a view."""


def spread(value: Tensor, node: Any) -> Tensor:
    """A reduction's gradient (or result) in the shape of its input; the node has `over`, `keepdim`."""
    shape = node.metas[0][0]
    if not MODES.grad and prod(shape) <= FEW:
        return wrap(spread_array(value._array, node))
    return kept(value, shape, node.over, node.keepdim).expand(shape)  # type: ignore[no-any-return]


def spread_array(array: Array, node: Any) -> Array:
    """As `spread`, of a small array, in memory of its own."""
    shape = node.metas[0][0]
    if prod(shape) > FEW:
        raise refused()
    made = np.empty(shape, array.dtype)
    if array.ndim and not node.keepdim:
        array = array.reshape(kept_shape(shape, node.over))
    made[...] = array
    return made


def kept(value: Tensor, shape: tuple[int, ...], over: tuple[int, ...], keepdim: bool) -> Tensor:
    """A reduction's result as ``keepdim=True`` would give it."""
    return value if keepdim else value.reshape(kept_shape(shape, over))


def count_of(shape: tuple[int, ...], over: tuple[int, ...]) -> int:
    """How many elements each result is made of."""
    count = 1
    for place in over:
        count *= shape[place]
    return count


def without_derivative(name: str) -> Backward:
    """The backward of an operation that has none in PyTorch either, though its result needs a gradient."""

    def backward(node: Any, *grads: Tensor) -> Any:
        raise RuntimeError(f"derivative for {name} is not implemented")

    return backward


def constant(array: Array, inputs: Sequence[Tensor]) -> Tensor:
    """A result that does not depend on its inputs, though it is in their history."""
    return record(array, inputs, constant_backward)


def constant_backward(node: Any, grad: Tensor) -> tuple[None, ...]:
    """Nothing depends on the inputs."""
    return (None,) * len(node.edges)
