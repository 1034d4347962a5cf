"""Steps of optimizers over flat arrays: all that belongs to an element is read and written once.

`numbers`, of the arrays' dtype, holds what is the same for all elements.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import FASTMATH, kernel


@kernel(FASTMATH - {"arcp"})
def adam_step(p: Any, grad: Any, mean: Any, square: Any, numbers: Any) -> None:
    """Adam's step of `p`, and its moments.

    ``numbers``: sign of the gradient, decay of the gradient, what decay leaves of `p`, ``1 - beta1``,
    ``beta2``, ``1 - beta2``, size of the step, factor of the root, epsilon.
    """
    sign, decay, left, c1, b2 = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
    c2, size, scale, eps = numbers[5], numbers[6], numbers[7], numbers[8]
    for i in range(p.size):
        g = sign * grad[i] + decay * p[i]
        m = mean[i] + c1 * (g - mean[i])
        s = b2 * square[i] + c2 * g * g
        mean[i] = m
        square[i] = s
        p[i] = left * p[i] - size * m / (np.sqrt(s) * scale + eps)


@kernel(FASTMATH - {"arcp"})
def adam_step_of_most(p: Any, grad: Any, mean: Any, square: Any, most: Any, numbers: Any) -> None:
    """`adam_step` by the largest mean square there ever was (AMSGrad)."""
    sign, decay, left, c1, b2 = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
    c2, size, scale, eps = numbers[5], numbers[6], numbers[7], numbers[8]
    for i in range(p.size):
        g = sign * grad[i] + decay * p[i]
        m = mean[i] + c1 * (g - mean[i])
        s = b2 * square[i] + c2 * g * g
        before = most[i]
        largest = before if before >= s or before != before else s  # noqa: PLR0124 - NaN stays
        mean[i] = m
        square[i] = s
        most[i] = largest
        p[i] = left * p[i] - size * m / (np.sqrt(largest) * scale + eps)


@kernel()
def sgd_step(p: Any, grad: Any, numbers: Any) -> None:
    """``p -= rate * (sign * grad + decay * p)``; ``numbers``: sign, decay, rate."""
    sign, decay, rate = numbers[0], numbers[1], numbers[2]
    for i in range(p.size):
        p[i] -= rate * (sign * grad[i] + decay * p[i])


@kernel()
def momentum_step(p: Any, grad: Any, buffer: Any, numbers: Any) -> None:
    """`sgd_step` along what is left of earlier steps.

    ``numbers``: sign, decay, rate, momentum, the gradient's share, then two that say of what `p` takes
    its step: the gradient's part and the buffer's.
    """
    sign, decay, rate, momentum = numbers[0], numbers[1], numbers[2], numbers[3]
    share, of_grad, of_buffer = numbers[4], numbers[5], numbers[6]
    for i in range(p.size):
        g = sign * grad[i] + decay * p[i]
        b = momentum * buffer[i] + share * g
        buffer[i] = b
        p[i] -= rate * (of_grad * g + of_buffer * b)


@kernel(FASTMATH - {"arcp"})
def adagrad_step(p: Any, grad: Any, total: Any, numbers: Any) -> None:
    """Adagrad's step; ``numbers``: sign, decay, rate, epsilon."""
    sign, decay, rate, eps = numbers[0], numbers[1], numbers[2], numbers[3]
    for i in range(p.size):
        g = sign * grad[i] + decay * p[i]
        s = total[i] + g * g
        total[i] = s
        p[i] -= rate * g / (np.sqrt(s) + eps)


OPTIMIZING: dict[str, Any] = {
    "adam_step": adam_step,
    "adam_step_of_most": adam_step_of_most,
    "sgd_step": sgd_step,
    "momentum_step": momentum_step,
    "adagrad_step": adagrad_step,
}
"""``kernel(p, *what belongs to its elements, numbers)``."""
