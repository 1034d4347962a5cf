"""What each kernel computes, written plainly in NumPy with float64 inside: the kernels' twins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

Array = np.ndarray

FLAT: dict[str, Callable[[Array], Array]] = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "erf": special.erf,
    "sigmoid": special.expit,
    "silu": lambda x: x * special.expit(x),
    "gelu": lambda x: x * special.ndtr(x),
    "gelu_tanh": lambda x: 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    "relu": lambda x: np.where(x <= 0, 0, x),
    "abs": np.abs,
    "square": np.square,
    "floor": np.floor,
    "reciprocal": lambda x: 1 / x,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "softplus": lambda x: np.where(x > 20, x, np.log1p(np.exp(np.minimum(x, 20)))),
    "gelu_slope": lambda x: special.ndtr(x) + x * np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi),
    "silu_slope": lambda x: special.expit(x) * (1 + x * (1 - special.expit(x))),
}
"""Element-wise functions."""


def softmax(x: Array) -> Array:
    """Of each row."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def log_softmax(x: Array) -> Array:
    """Of each row."""
    shifted = x - x.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def softmax_backward(grad: Array, result: Array) -> Array:
    """The gradient of the rows' input, by the Jacobian."""
    rows = []
    for g, y in zip(grad, result, strict=True):
        rows.append((np.diag(y) - np.outer(y, y)) @ g)
    return np.array(rows).reshape(grad.shape)


def log_softmax_backward(grad: Array, result: Array) -> Array:
    """The gradient of the rows' input, by the Jacobian."""
    rows = []
    for g, y in zip(grad, result, strict=True):
        rows.append(g - np.exp(y) * g.sum())
    return np.array(rows).reshape(grad.shape)


def layer_norm(x: Array, weight: Array, bias: Array, eps: float) -> tuple[Array, Array, Array]:
    """Result, mean and reciprocal deviation of each row."""
    mean = x.mean(axis=1)
    rstd = 1 / np.sqrt(x.var(axis=1) + eps)
    unit = (x - mean[:, None]) * rstd[:, None]
    unit = unit * weight if weight.size else unit
    return unit + bias if bias.size else unit, mean, rstd


def layer_norm_backward(
    grad: Array, x: Array, weight: Array, mean: Array, rstd: Array
) -> tuple[Array, Array, Array]:
    """Gradients of input, weight and bias."""
    unit = (x - mean[:, None]) * rstd[:, None]
    g = grad * weight if weight.size else grad
    centred = g - g.mean(axis=1, keepdims=True) - unit * (g * unit).mean(axis=1, keepdims=True)
    return centred * rstd[:, None], (grad * unit).sum(axis=0), grad.sum(axis=0)


def cross_entropy(x: Array, target: Array, ignored: int) -> tuple[Array, Array, int]:
    """Losses, gradient of their sum, rows that count."""
    counted = target != ignored
    safe = np.where(counted, target, 0)
    rows = np.arange(len(x))
    losses = np.where(counted, -log_softmax(x)[rows, safe], 0)
    grad = softmax(x)
    grad[rows, safe] -= 1
    return losses, grad * counted[:, None], int(counted.sum())


def max_pool(x: Array, geometry: Any, size: Any) -> tuple[Array, Array]:
    """Maxima of windows and their places, one window at a time."""
    kernel, stride, before, step = (geometry[i : i + 2] for i in range(0, 8, 2))
    out, places = np.zeros((len(x), *size)), np.zeros((len(x), *size), int)
    for at in np.ndindex(out.shape):
        seen = []
        for tap in np.ndindex(*kernel):
            r, c = (at[k + 1] * stride[k] - before[k] + tap[k] * step[k] for k in range(2))
            if 0 <= r < x.shape[1] and 0 <= c < x.shape[2]:
                seen.append((x[at[0], r, c], r * x.shape[2] + c))
        missing = [item for item in seen if np.isnan(item[0])]
        out[at], places[at] = missing[-1] if missing else max(seen, key=lambda s: (s[0], -s[1]))
    return out, places


def convolve_3x3(images: Array, weight: Array, padding: tuple[int, int], size: Any) -> Array:
    """The convolution, one output element at a time."""
    padded = np.pad(images, ((0, 0), (0, 0), (padding[0], 3), (padding[1], 3)))
    out = np.zeros((len(images), len(weight), *size))
    for r in range(size[0]):
        for c in range(size[1]):
            window = padded[:, :, r : r + 3, c : c + 3]
            out[:, :, r, c] = np.tensordot(window, weight, ([1, 2, 3], [1, 2, 3]))
    return out
