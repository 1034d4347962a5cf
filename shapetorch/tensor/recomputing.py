"""Gradients of a fused operation that can themselves be differentiated.

A fused operation has a quick backward on arrays. Where the gradient is to be differentiated again,
the operation is made anew from its parts, and the tape differentiates these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.tensor import engine
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Tensor


def same_backward(node: Any, grad: Tensor) -> Tensor:
    """The identity's gradient."""
    return grad


def recomputed_gradients(
    compose: Callable[..., Sequence[Tensor]],
    inputs: Sequence[Tensor | None],
    grads: Sequence[Tensor],
) -> list[Tensor | None]:
    """The gradients of ``compose(*inputs)`` with a history, None for inputs that need none.

    Args:
        compose: The operation as a function of its inputs, in operations of tensors.
        inputs: The operands.
        grads: The gradient of each result.
    """
    with grad_mode(True):
        # each operand under a name of its own: one tensor may be given twice
        named = [
            item
            if item is None or not item.requires_grad
            else record(item._array, (item,), same_backward)
            for item in inputs
        ]
        results = compose(*named)
    wanted = [item for item in named if item is not None and item.requires_grad]
    pairs = [(made, grad) for made, grad in zip(results, grads, strict=True) if made.requires_grad]
    found = iter(
        engine.run(
            [made for made, _ in pairs],
            [grad for _, grad in pairs],
            retain_graph=True,
            create_graph=True,
            inputs=wanted,
            accumulate=False,
        )
    )
    return [next(found) if item is not None and item.requires_grad else None for item in named]
