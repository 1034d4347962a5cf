"""`grad` and `backward`: gradients of some tensors with respect to others."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from shapetorch.autograd.graph import GradientEdge, tensor_of
from shapetorch.autograd.mapped_gradients import mapped_gradients
from shapetorch.tensor import engine
from shapetorch.tensor.mapped import Mapped
from shapetorch.tensor.operations import OPERATIONS
from shapetorch.tensor.ops.graph import first_gradients, retain_wanted
from shapetorch.tensor.tensors import Tensor


def _listed(value: Any) -> list[Any]:
    several = isinstance(value, (list, tuple)) and not isinstance(value, GradientEdge)
    return list(value) if several else [value]


def _tensors(value: Any) -> list[Any]:
    return [tensor_of(item) for item in _listed(value)]


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Tensor | None, ...]:
    """The gradients of the sum of `outputs` (weighted by `grad_outputs`) with respect to `inputs`.

    Args:
        outputs: Tensors, or edges of the graph.
        inputs: Tensors, or edges of the graph, or a dict of them.
        grad_outputs: A weight of each output's shape; None for the output of one element.
        retain_graph: Whether what was kept for backward stays; as `create_graph` if None.
        create_graph: Whether the gradients can themselves be differentiated.
        only_inputs: Out of use: only the gradients of `inputs` are computed.
        allow_unused: Whether the gradient of an input that was not used is None.
        is_grads_batched: Whether each weight is several, along its first dim; so are the gradients.
        materialize_grads: Whether the gradient of an input that was not used is zeros.

    Returns:
        A tuple of gradients; of a dict, a dict.

    Raises:
        RuntimeError: an input needs no gradient, or was not used and `allow_unused` is not set.
    """
    if not only_inputs:
        warnings.warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate "
            "gradient for other parts of the graph, please use torch.autograd.backward.",
            FutureWarning,
            stacklevel=2,
        )
    if isinstance(inputs, dict):
        found_of = grad(
            outputs,
            list(inputs.values()),
            grad_outputs,
            retain_graph,
            create_graph,
            allow_unused=allow_unused,
            is_grads_batched=is_grads_batched,
            materialize_grads=materialize_grads,
        )
        return dict(zip(inputs, found_of, strict=True))  # type: ignore[return-value]
    roots, wanted = _tensors(outputs), _tensors(inputs)
    if is_grads_batched:
        return _batched(
            roots,
            wanted,
            _listed(grad_outputs),
            retain_graph,
            create_graph,
            allow_unused,
            materialize_grads,
        )
    given = [None] * len(roots) if grad_outputs is None else _listed(grad_outputs)
    if not wanted:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    for tensor in (*roots, *wanted):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"grad(): expected tensors, got {type(tensor).__name__}")
    for tensor in wanted:
        if not tensor.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
    if any(isinstance(item, Mapped) for item in (*roots, *wanted, *given)):
        found = mapped_gradients(grad, roots, wanted, given, retain_graph, create_graph)
    else:
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


def _batched(
    outputs: list[Any],
    inputs: list[Any],
    weights: list[Any],
    retain_graph: bool | None,
    create_graph: bool,
    *unused: bool | None,
) -> tuple[Tensor | None, ...]:
    """`grad` for each of several weights, put on top of each other."""
    counts = {len(item) for item in weights if item is not None}
    if len(counts) != 1:
        raise RuntimeError(
            f"grad(): is_grads_batched takes grad_outputs with one first dim, got sizes {sorted(counts)}"
        )
    (count,) = counts
    keep = create_graph if retain_graph is None else retain_graph
    rows = [
        grad(
            outputs,
            inputs,
            [None if item is None else item[place] for item in weights],
            keep or place < count - 1,
            create_graph,
            allow_unused=unused[0],
            materialize_grads=bool(unused[1]),
        )
        for place in range(count)
    ]
    return tuple(
        None if column[0] is None else OPERATIONS["stack"].function(column)
        for column in zip(*rows, strict=True)
    )


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Add the gradients of `tensors` to the ``.grad`` of the leaves (or of `inputs`)."""
    if grad_variables is not None:
        warnings.warn(
            "`grad_variables` is deprecated. Use `grad_tensors` instead.",
            FutureWarning,
            stacklevel=2,
        )
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to backward(): "
                "only use `grad_tensors`"
            )
        grad_tensors = grad_variables
    roots = _tensors(tensors)
    given = [None] * len(roots) if grad_tensors is None else _listed(grad_tensors)
    if isinstance(inputs, dict):
        inputs = list(inputs.values())
    wanted = None if inputs is None else _tensors(inputs)
    retain_wanted(wanted or ())
    engine.run(
        roots,
        first_gradients(roots, given),
        retain_graph=create_graph if retain_graph is None else retain_graph,
        create_graph=create_graph,
        inputs=wanted,
    )
