"""Backward on arrays: what the engine runs for small tensors where nothing is differentiated again.

An operation's backward is written in tensor operations, each of which asks what it must. For the most
frequent ones `on_arrays` says how the same is computed of arrays; numbers come out alike. The function
gets arrays of one floating dtype of up to `MOST` elements, and runs without NumPy's warnings. It may
refuse by raising a RuntimeError: the engine then asks the operation's own backward.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from shapetorch.tensor.nodes import Backward, Node, Packed
from shapetorch.tensor.tensors import owner

F = TypeVar("F", bound=Callable[..., Any])

MOST = 1 << 12
"""Elements of a gradient, and of what is computed with it."""
ON_ARRAYS: dict[Backward, Callable[..., Any]] = {}
"""By the backward that each stands for."""


def on_arrays(backward: Backward) -> Callable[[F], F]:
    """Declare ``function(node, grad)``: the gradient of the one input, or a tuple for several.

    Args:
        backward: What it stands for.
    """

    def declare(function: F) -> F:
        ON_ARRAYS[backward] = function
        return function

    return declare


def refused() -> RuntimeError:
    """What is raised to have the general way taken."""
    return RuntimeError("the general way is to be taken")


def kept_array(node: Node, kind: Any) -> Any:
    """The array of the one tensor that a node keeps; as `kept_arrays`."""
    (item,), (mark,) = node._saved, node._marks  # type: ignore[misc]
    return _array(item, mark, kind)


def is_kept(node: Node) -> bool:
    """Whether no tensor was written to that a node keeps, though its elements are not asked for."""
    return all(
        mark is None or (mark.__class__ is int and owner(item)._writes == mark)
        for item, mark in zip(node._saved or (), node._marks, strict=True)
    )


def kept_arrays(node: Node, kind: Any) -> tuple[Any, Any]:
    """The arrays of the two tensors that a node keeps; None and real numbers stay what they are.

    Raises:
        RuntimeError: one was written to, is of another dtype than `kind`, or too large.
    """
    a, b = node._saved  # type: ignore[misc]
    of_a, of_b = node._marks
    return _array(a, of_a, kind), _array(b, of_b, kind)


def _array(item: Any, mark: Any, kind: Any) -> Any:
    if mark is None:
        if item is None or item.__class__ is float or item.__class__ is int:
            return item
        raise refused()
    if mark.__class__ is int:
        if (item if item._meta is None else owner(item))._writes != mark:
            raise refused()
        item = item._array
    elif item.__class__ is Packed or ((made := mark[0]()) is not None and made._writes):
        raise refused()
    if item.dtype is not kind or item.size > MOST:
        raise refused()
    return item
