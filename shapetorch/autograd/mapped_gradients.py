"""Gradients within `vmap`: of all examples in one pass where they do not concern each other.

The gradient of the sum over all examples has, for each example, its own gradient: examples do not mix.
So tensors that are mapped on both sides take one pass. With respect to a tensor that is the same for
all, each example gets a pass of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.tensor.mapped import Level, Mapped, mapped, value_at, values_at
from shapetorch.tensor.ops.joining import stack
from shapetorch.tensor.tensors import Tensor

Grad = Callable[..., Sequence[Tensor | None]]


def mapped_gradients(
    grad: Grad,
    outputs: Sequence[Tensor],
    inputs: Sequence[Tensor],
    weights: Sequence[Tensor | None],
    retain_graph: bool | None,
    create_graph: bool,
) -> list[Tensor | None]:
    """What ``grad`` gives if some of the tensors are mapped; None where nothing flowed.

    Args:
        grad: ``grad(outputs, inputs, weights, retain_graph, create_graph, allow_unused=...)``.
        outputs: See `gradients.grad`, as the rest.
        inputs: See there.
        weights: See there.
        retain_graph: See there.
        create_graph: See there.
    """
    every = [item for item in (*outputs, *inputs, *weights) if isinstance(item, Mapped)]
    level = max((item.level for item in every), key=lambda level: level.depth)
    weights = [
        _ones(output) if weight is None and value_at(output, level) is not None else weight
        for output, weight in zip(outputs, weights, strict=True)
    ]
    found: list[Tensor | None] = [None] * len(inputs)
    ours = [place for place, item in enumerate(inputs) if value_at(item, level) is not None]
    rest = [place for place in range(len(inputs)) if place not in ours]
    keep = bool(create_graph if retain_graph is None else retain_graph)
    used = [place for place, item in enumerate(outputs) if value_at(item, level) is not None]
    with level.suspended():
        if ours and used:
            chosen = grad(
                [values_at(outputs[place], level) for place in used],
                [values_at(inputs[place], level) for place in ours],
                [values_at(weights[place], level) for place in used],  # type: ignore[arg-type]
                keep or bool(rest),
                create_graph,
                allow_unused=True,
            )
            for place, item in zip(ours, chosen, strict=True):
                found[place] = None if item is None else mapped(item, level)
        if rest:
            wanted = [inputs[place] for place in rest]
            for place, item in zip(
                rest,
                _one_by_one(grad, level, outputs, wanted, weights, keep, create_graph),
                strict=True,
            ):
                found[place] = item
    return found


def _ones(output: Tensor) -> Tensor:
    if output.ndim and output.numel() != 1:
        raise RuntimeError("grad can be implicitly created only for scalar outputs")
    return output.detach().new_ones(tuple(output.shape))  # type: ignore[no-any-return]


def _one_by_one(
    grad: Grad,
    level: Level,
    outputs: Sequence[Tensor],
    inputs: Sequence[Tensor],
    weights: Sequence[Tensor | None],
    keep: bool,
    create_graph: bool,
) -> list[Tensor | None]:
    def example(item: Any, place: int) -> Any:
        value = value_at(item, level)
        return item if value is None else value.select(0, place)

    rows = []
    for place in range(level.size):
        own = [example(item, place) for item in outputs]
        used = [at for at, item in enumerate(own) if item.requires_grad]
        if not used:
            return [None] * len(inputs)
        rows.append(
            grad(
                [own[at] for at in used],
                inputs,
                [example(weights[at], place) for at in used],
                keep or place < level.size - 1,
                create_graph,
                allow_unused=True,
            )
        )
    return [
        None if any(item is None for item in column) else mapped(stack(list(column)), level)
        for column in zip(*rows, strict=True)
    ]
