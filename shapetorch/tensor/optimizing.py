"""Steps of optimizers on arrays: a kernel that goes over them once, or NumPy.

The functions of NumPy are what the kernels of the same names compute, see `kernels.optimizing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.dtypes import NARROW
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.shortcuts import Shortcut
from shapetorch.tensor.tensors import Array
from shapetorch.tensor.threads import GRAIN, split

ADAM = "adam_step", "adam_step_of_most"
"""The kernels of Adam, without and with AMSGrad."""
SHORTCUTS = {
    "adam_step": Shortcut("steps", kernel="adam_step", arrays=4, numbers=9),
    "adam_step_of_most": Shortcut("steps", kernel="adam_step_of_most", arrays=5, numbers=9),
    "sgd_step": Shortcut("steps", kernel="sgd_step", arrays=2, numbers=3),
    "momentum_step": Shortcut("steps", kernel="momentum_step", arrays=3, numbers=7),
}
"""The steps of many small parameters, by the kernel of one."""


def corrected(numbers: Sequence[float], count: float) -> tuple[float, ...]:
    """Adam's numbers for a parameter that has had so many steps.

    Args:
        numbers: Those of the kernel, with the whole size of a step and 1 for the factor of the root;
            then beta1 and beta2.
        count: Of steps.
    """
    *of_kernel, beta1, beta2 = numbers
    of_kernel[6] /= 1 - beta1**count
    of_kernel[7] /= (1 - beta2**count) ** 0.5
    return tuple(of_kernel)


def _adam(p: Array, grad: Array, mean: Array, square: Array, *rest: Any) -> None:
    *most, (sign, decay, left, c1, b2, c2, size, scale, eps) = rest
    g = sign * grad + decay * p
    mean += c1 * (g - mean)
    square *= b2
    square += c2 * g * g
    largest = square if not most else np.maximum(most[0], square, out=most[0])
    p *= left
    p -= size * mean / (np.sqrt(largest) * scale + eps)


def _sgd(p: Array, grad: Array, numbers: Any) -> None:
    sign, decay, rate = numbers
    p -= rate * (sign * grad + decay * p)


def _momentum(p: Array, grad: Array, buffer: Array, numbers: Any) -> None:
    sign, decay, rate, momentum, share, of_grad, of_buffer = numbers
    g = sign * grad + decay * p
    buffer *= momentum
    buffer += share * g
    p -= rate * (of_grad * g + of_buffer * buffer)


def _adagrad(p: Array, grad: Array, total: Array, numbers: Any) -> None:
    sign, decay, rate, eps = numbers
    g = sign * grad + decay * p
    total += g * g
    p -= rate * g / (np.sqrt(total) + eps)


_BY_NUMPY: dict[str, Callable[..., None]] = {
    "adam_step": _adam,
    "adam_step_of_most": _adam,
    "sgd_step": _sgd,
    "momentum_step": _momentum,
    "adagrad_step": _adagrad,
}


def step(name: str, arrays: list[Array], numbers: Sequence[float]) -> None:
    """One step.

    Args:
        name: Of the kernel.
        arrays: The parameter, its gradient and what else belongs to its elements, of one shape and dtype;
            all but the gradient are written to.
        numbers: What is the same for all elements.
    """
    first = arrays[0]
    kind = first.dtype
    if kind in NARROW:
        wide = [array.astype(np.float32) for array in arrays]
        step(name, wide, numbers)
        for array, made in zip(arrays, wide, strict=True):
            array[...] = made
        return
    of_kind = np.array(numbers, kind)
    kernel = kernels.find(name, first, 1)
    if kernel is None or not all(array.flags.carray for array in arrays):
        quietly(_BY_NUMPY[name], *arrays, of_kind)
        return
    flat = [array.reshape(-1) for array in arrays]
    if first.size < 2 * GRAIN:
        kernel(*flat, of_kind)
    else:
        split(
            lambda start, end: kernel(*[array[start:end] for array in flat], of_kind),
            first.size,
            GRAIN,
        )
