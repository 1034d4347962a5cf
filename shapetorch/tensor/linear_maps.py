"""Operations that are linear in one tensor: the gradient is the adjoint map, whose own is the map again.

So two functions of arrays give derivatives of every order. Pooling with chosen places, resampling
and looking rows up are of this kind.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from shapetorch.tensor.kinds import narrowed, widened
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, in_rows

Map: TypeAlias = Callable[[Array], Array]


def linear_map(
    name: str, source: Tensor, forward: Map, adjoint: Map, mapped: Array | None = None
) -> Tensor:
    """``forward`` of the elements; gradients go back through ``adjoint``.

    Args:
        name: Of the operation, for its node.
        source: The operand; float16 and bfloat16 are mapped in float32.
        forward: A linear function of arrays. It gives an array of its own.
        adjoint: Its adjoint: ``sum(forward(a) * b) == sum(a * adjoint(b))``.
        mapped: What `forward` would give, if it is known.
    """
    array = source._array
    result = quietly(forward, widened(array)) if mapped is None else mapped
    result = narrowed(result, array.dtype)
    return record(
        in_rows(result, images=True), (source,), _named(name), forward=forward, adjoint=adjoint
    )


@cache
def _named(name: str) -> Callable[[Any, Tensor], Tensor]:
    def backward(node: Any, grad: Tensor) -> Tensor:
        return linear_map(name, grad, node.adjoint, node.forward)

    backward.__name__ = f"{name}_backward"
    return backward
