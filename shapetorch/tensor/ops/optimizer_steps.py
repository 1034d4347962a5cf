"""Steps of optimizers for many parameters at once, as PyTorch's ``fused=True`` takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import FLOATING
from shapetorch.tensor.fast import LARGE
from shapetorch.tensor.operations import operation
from shapetorch.tensor.optimizing import ADAM, SHORTCUTS, corrected, step
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.tensors import Tensor, owner
from shapetorch.tensor.writes import check_memory


def _check(name: str, lists: dict[str, Sequence[Tensor]], steps: Sequence[Tensor] | None) -> None:
    """Whether lists belong together.

    Raises:
        TypeError: a list is none, or holds something else than tensors.
        RuntimeError: lists are of different lengths, or tensors of different shapes or dtypes, or one
            cannot be written to.
        NotImplementedError: the dtype is not floating, or there is no parameter.
    """
    params = lists["self"]
    for argument, given in {**lists, **({} if steps is None else {"state_steps": steps})}.items():
        if not isinstance(given, (list, tuple)):
            raise TypeError(
                f"{name}(): argument '{argument}' must be tuple of Tensors, not {type_name(given)}"
            )
        for item in given:
            if not isinstance(item, Tensor):
                raise TypeError(
                    f"{name}(): argument '{argument}' must be tuple of Tensors, but found "
                    f"{type_name(item)}"
                )
        if len(given) != len(params):
            raise RuntimeError(
                f"{name}: expected as many {argument} as parameters, got {len(given)} and "
                f"{len(params)}"
            )
    if not params:
        raise NotImplementedError(f"{name}: there is no parameter")
    for row in zip(*lists.values(), strict=True):
        first = row[0]
        for argument, item in zip(lists, row, strict=True):
            if item.dtype is not first.dtype:
                raise RuntimeError(
                    f"{name}: expected {argument} of dtype {first.dtype}, got {item.dtype}"
                )
            if item.shape != first.shape:
                raise RuntimeError(
                    f"{name}: expected {argument} of shape {list(first.shape)}, got {list(item.shape)}"
                )
            check_memory(item._stored)
        if first.dtype.category != FLOATING:
            raise NotImplementedError(f"\"{name}\" not implemented for '{first.dtype.name}'")


def _step_all(
    name: str,
    kernel: str,
    lists: dict[str, Sequence[Tensor]],
    numbers: Sequence[float],
    steps: Sequence[Tensor] | None = None,
    scale: Tensor | None = None,
    found_inf: Tensor | None = None,
) -> None:
    """The step of each parameter.

    Args:
        name: Of the operation.
        kernel: Of one parameter's step.
        lists: By the names of the arguments; the first is the parameters, the second their gradients.
        numbers: What is the same for all; Adam's, see `optimizing.corrected`, if there are `steps`.
        steps: How many there have been, by parameter.
        scale: What the gradients are divided by first.
        found_inf: Nothing is done if it is 1.
    """
    params, *others = lists.values()
    if found_inf is not None and found_inf.item() == 1:
        return
    call = SHORTCUTS[kernel].call if kernel in SHORTCUTS and scale is None else None
    if call is not None and call(np.array(numbers), steps, params, *others) is not None:
        rows = [row for row in zip(params, *others, strict=True) if row[0]._stored.size >= LARGE]
    else:
        _check(name, lists, steps)
        rows = list(zip(params, *others, strict=True))
        if scale is not None:
            for grad in others[0]:
                grad._array[...] /= grad._array.dtype.type(scale.item())
            _written(others[0])
    places = {id(item): place for place, item in enumerate(params)}
    for row in rows:
        of_row = numbers
        if steps is not None:
            of_row = corrected(numbers, steps[places[id(row[0])]].item())
        step(kernel, [item._array for item in row], of_row)
    _written(params, *others[1:])


def _written(*lists: Sequence[Tensor]) -> None:
    for given in lists:
        for item in given:
            meta = item._meta
            (item if meta is None or meta.root is None else owner(item))._writes += 1


def _adam(
    name: str,
    decays_gradient: bool,
    lists: Sequence[Any],
    numbers: tuple[float, float, float, float, float],
    flags: tuple[bool, bool],
    scales: tuple[Tensor | None, Tensor | None],
) -> None:
    params, grads, means, squares, most, steps = lists
    rate, beta1, beta2, decay, eps = numbers
    amsgrad, maximize = flags
    given = {"self": params, "grads": grads, "exp_avgs": means, "exp_avg_sqs": squares}
    if amsgrad:
        given["max_exp_avg_sqs"] = most
    of_all = (
        -1.0 if maximize else 1.0,
        decay if decays_gradient else 0.0,
        1.0 if decays_gradient else 1 - rate * decay,
        1 - beta1,
        beta2,
        1 - beta2,
        rate,
        1.0,
        eps,
        beta1,
        beta2,
    )
    _step_all(name, ADAM[amsgrad], given, of_all, steps, *scales)


@operation()
def _fused_adam_(
    self: Sequence[Tensor],
    grads: Sequence[Tensor],
    exp_avgs: Sequence[Tensor],
    exp_avg_sqs: Sequence[Tensor],
    max_exp_avg_sqs: Sequence[Tensor],
    state_steps: Sequence[Tensor],
    *,
    lr: float | Tensor,
    beta1: float,
    beta2: float,
    weight_decay: float,
    eps: float,
    amsgrad: bool,
    maximize: bool,
    grad_scale: Tensor | None = None,
    found_inf: Tensor | None = None,
) -> None:
    """A step of Adam (Kingma and Ba 2015) for each parameter, in place.

    Args:
        self: The parameters.
        grads: Their gradients.
        exp_avgs: The running means of the gradients.
        exp_avg_sqs: The running means of their squares.
        max_exp_avg_sqs: The largest of those there ever were, if `amsgrad`.
        state_steps: How many steps there have been, with this one.
        lr: The size of a step.
        beta1: What stays of the means at each step.
        beta2: What stays of the mean squares.
        weight_decay: How much of a parameter is added to its gradient.
        eps: What is added to the root of the mean square.
        amsgrad: Whether the largest mean square counts.
        maximize: Whether to go along the gradient instead of against it.
        grad_scale: What the gradients are divided by first, in place.
        found_inf: Nothing is done if it is 1.

    Raises:
        RuntimeError: lists, shapes or dtypes differ.
    """
    lists = self, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps
    numbers = float(lr), beta1, beta2, weight_decay, eps
    _adam("_fused_adam_", True, lists, numbers, (amsgrad, maximize), (grad_scale, found_inf))


@operation()
def _fused_adamw_(
    self: Sequence[Tensor],
    grads: Sequence[Tensor],
    exp_avgs: Sequence[Tensor],
    exp_avg_sqs: Sequence[Tensor],
    max_exp_avg_sqs: Sequence[Tensor],
    state_steps: Sequence[Tensor],
    *,
    lr: float | Tensor,
    beta1: float,
    beta2: float,
    weight_decay: float,
    eps: float,
    amsgrad: bool,
    maximize: bool,
    grad_scale: Tensor | None = None,
    found_inf: Tensor | None = None,
) -> None:
    """`_fused_adam_` where decay shrinks the parameters themselves (Loshchilov and Hutter 2019)."""
    lists = self, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps
    numbers = float(lr), beta1, beta2, weight_decay, eps
    _adam("_fused_adamw_", False, lists, numbers, (amsgrad, maximize), (grad_scale, found_inf))


@operation()
def _fused_sgd_(
    self: Sequence[Tensor],
    grads: Sequence[Tensor],
    momentum_buffer_list: Sequence[Tensor],
    *,
    weight_decay: float,
    momentum: float,
    lr: float | Tensor,
    dampening: float,
    nesterov: bool,
    maximize: bool,
    is_first_step: bool,
    grad_scale: Tensor | None = None,
    found_inf: Tensor | None = None,
) -> None:
    """A step of gradient descent for each parameter, in place.

    Args:
        self: The parameters.
        grads: Their gradients.
        momentum_buffer_list: Where earlier steps are kept, if there is `momentum`.
        weight_decay: How much of a parameter is added to its gradient.
        momentum: What stays of earlier steps.
        lr: The size of a step.
        dampening: What is taken from the gradient before it is added to the buffer.
        nesterov: Whether the step looks ahead (Nesterov's momentum).
        maximize: Whether to go along the gradient instead of against it.
        is_first_step: Whether the buffers are to be filled with the gradients.
        grad_scale: What the gradients are divided by first, in place.
        found_inf: Nothing is done if it is 1.

    Raises:
        RuntimeError: lists, shapes or dtypes differ.
    """
    lists = {"self": self, "grads": grads}
    numbers: tuple[float, ...] = (-1.0 if maximize else 1.0, weight_decay, float(lr))
    kernel = "sgd_step"
    if momentum != 0:
        lists["momentum_buffer_list"] = momentum_buffer_list
        stays, share = (0.0, 1.0) if is_first_step else (momentum, 1 - dampening)
        numbers = (*numbers, stays, share, *((1.0, momentum) if nesterov else (0.0, 1.0)))
        kernel = "momentum_step"
    _step_all("_fused_sgd_", kernel, lists, numbers, None, grad_scale, found_inf)


@operation()
def _fused_adagrad_(
    self: Sequence[Tensor],
    grads: Sequence[Tensor],
    state_sums: Sequence[Tensor],
    state_steps: Sequence[Tensor],
    *,
    lr: float | Tensor,
    lr_decay: float,
    weight_decay: float,
    eps: float,
    maximize: bool,
    grad_scale: Tensor | None = None,
    found_inf: Tensor | None = None,
) -> None:
    """A step of Adagrad (Duchi, Hazan and Singer 2011) for each parameter, in place.

    Args:
        self: The parameters.
        grads: Their gradients.
        state_sums: The sums of the squares of all gradients.
        state_steps: How many steps there have been, with this one.
        lr: The size of the first step.
        lr_decay: How fast steps become smaller.
        weight_decay: How much of a parameter is added to its gradient.
        eps: What is added to the root of a sum.
        maximize: Whether to go along the gradient instead of against it.
        grad_scale: What the gradients are divided by first, in place.
        found_inf: Nothing is done if it is 1.

    Raises:
        RuntimeError: lists, shapes or dtypes differ.
    """
    lists = {"self": self, "grads": grads, "state_sums": state_sums}
    _check("_fused_adagrad_", lists, state_steps)
    sign, scale = -1.0 if maximize else 1.0, grad_scale
    for place, count in enumerate(state_steps):
        rate = float(lr) / (1 + (count.item() - 1) * lr_decay)
        row = {name: given[place : place + 1] for name, given in lists.items()}
        numbers = sign, weight_decay, rate, eps
        _step_all("_fused_adagrad_", "adagrad_step", row, numbers, None, scale, found_inf)
