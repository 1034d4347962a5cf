"""Branches and loops as functions, which a program may also write as statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.tensor.operations import operation
from shapetorch.tensor.tensors import Tensor


def _truth(name: str, value: Any) -> bool:
    if isinstance(value, Tensor) and value.numel() != 1:
        raise RuntimeError(
            f"{name}: expected a bool or a tensor of one element, got {list(value.shape)}"
        )
    if not isinstance(value, (bool, int, float, Tensor)):
        raise RuntimeError(f"{name}: expected a bool or a tensor of one element, got {value!r}")
    return bool(value)


@operation()
def cond(
    pred: Any,
    true_fn: Callable[..., Any],
    false_fn: Callable[..., Any],
    operands: Sequence[Any] = (),
) -> Any:
    """``true_fn(*operands)`` if `pred` is true, else ``false_fn(*operands)``.

    Args:
        pred: A bool, or a tensor of one element.
        true_fn: A function of the operands.
        false_fn: Another.
        operands: A tuple or list.

    Raises:
        RuntimeError: an argument is of another kind.
    """
    if not callable(true_fn) or not callable(false_fn):
        raise RuntimeError("cond: expected both branches to be callable")
    if not isinstance(operands, (tuple, list)):
        raise RuntimeError(f"cond: expected operands to be a tuple or list, got {operands!r}")
    return (true_fn if _truth("cond", pred) else false_fn)(*operands)


@operation()
def while_loop(
    cond_fn: Callable[..., Any], body_fn: Callable[..., Any], carried_inputs: Sequence[Any]
) -> Any:
    """What ``body_fn(*values)`` gives again and again, while ``cond_fn(*values)`` is true of it.

    Args:
        cond_fn: Gives a bool or a tensor of one element.
        body_fn: Gives as many values as it takes.
        carried_inputs: The first values.

    Raises:
        RuntimeError: an argument is of another kind, or the number of values changes.
    """
    if not isinstance(carried_inputs, (tuple, list)):
        raise RuntimeError(
            f"while_loop: expected carried_inputs to be a tuple or list, got {carried_inputs!r}"
        )
    values = tuple(carried_inputs)
    while _truth("while_loop", cond_fn(*values)):
        made = body_fn(*values)
        given = tuple(made) if isinstance(made, (tuple, list)) else (made,)
        if len(given) != len(values):
            raise RuntimeError(
                f"while_loop: body_fn must give {len(values)} values, as many as it takes, got {len(given)}"
            )
        values = given
    return values
