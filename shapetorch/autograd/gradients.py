"""`grad` and `backward`: gradients of some tensors with respect to others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapetorch.tensor import engine
from shapetorch.tensor.histories import needs_grad
from shapetorch.tensor.ops.graph import first_gradients, retain_wanted
from shapetorch.tensor.tensors import Tensor


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    materialize_grads: bool = False,
) -> tuple[Tensor | None, ...]:
    """The gradients of the sum of `outputs` (weighted by `grad_outputs`) with respect to `inputs`.

    Raises:
        RuntimeError: an input needs no gradient, or was not used and `allow_unused` is not set.
    """
    roots, wanted = _listed(outputs), _listed(inputs)
    given = [None] * len(roots) if grad_outputs is None else _listed(grad_outputs)
    if not wanted:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    for tensor in (*roots, *wanted):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"grad(): expected tensors, got {type(tensor).__name__}")
    for tensor in wanted:
        if not needs_grad(tensor):
            raise RuntimeError("One of the differentiated Tensors does not require grad")
    found = engine.run(
        roots,
        first_gradients(roots, given),
        retain_graph=create_graph if retain_graph is None else retain_graph,
        create_graph=create_graph,
        inputs=wanted,
        accumulate=False,
    )
    if materialize_grads:
        if allow_unused is False:
            raise ValueError(
                "Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
                "allow_unused=False."
            )
        return tuple(
            item if item is not None else engine.zeros_of(tuple(tensor.shape), tensor.dtype)
            for item, tensor in zip(found, wanted, strict=True)
        )
    if not allow_unused and any(item is None for item in found):
        raise RuntimeError(
            "One of the differentiated Tensors appears to not have been used in the graph. Set "
            "allow_unused=True if this is the desired behavior."
        )
    return tuple(found)


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensor | Sequence[Tensor] | None = None,
) -> None:
    """Add the gradients of `tensors` to the ``.grad`` of the leaves (or of `inputs`)."""
    roots = _listed(tensors)
    given = [None] * len(roots) if grad_tensors is None else _listed(grad_tensors)
    retain_wanted(() if inputs is None else _listed(inputs))
    engine.run(
        roots,
        first_gradients(roots, given),
        retain_graph=create_graph if retain_graph is None else retain_graph,
        create_graph=create_graph,
        inputs=None if inputs is None else _listed(inputs),
    )
