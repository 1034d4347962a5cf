"""Windows: weights of samples that fall off towards both ends."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import DEFAULTS, FLOATING, dtype
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.options import check_placement, dtype_argument, finished
from shapetorch.tensor.tensors import Array, Tensor


def _window(
    name: str, window_length: Any, periodic: bool, compute: Any, options: dict[str, Any]
) -> Tensor:
    """A window; a periodic one is the symmetric one of one sample more without its last sample."""
    judged(name, window_length)
    check_placement(
        name, options.get("device"), options.get("layout"), options.get("pin_memory", False)
    )
    given = options.get("dtype")
    kind = DEFAULTS[FLOATING] if given is None else dtype_argument(name, given)
    if kind.category != FLOATING:
        raise RuntimeError(f"{name} expects floating point dtypes, got: {kind}")
    count = int(window_length)
    if count <= 1:
        array = np.ones(count)
    else:
        size = count + bool(periodic)
        array = compute(np.arange(size, dtype=np.float64), size - 1)[:count]
    return finished(array.astype(kind.numpy), options.get("requires_grad", False))


@operation()
def hann_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``0.5 - 0.5 * cos(2 pi n / N)``.

    Args:
        window_length: How many samples.
        periodic: Whether N is their number, as for the transform of a part of a longer signal; otherwise the
            window is symmetric and N one less.
        dtype: A floating dtype; the default one if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: creation_error_negative_size.
    """
    options = _options(dtype, layout, device, pin_memory, requires_grad)
    return _window("hann_window", window_length, periodic, _cosines(0.5, 0.5), options)


def _options(
    dtype: Any, layout: Any, device: Any, pin_memory: bool, requires_grad: bool
) -> dict[str, Any]:
    return {
        "dtype": dtype,
        "layout": layout,
        "device": device,
        "pin_memory": pin_memory,
        "requires_grad": requires_grad,
    }


def _cosines(*factors: float) -> Any:
    """``a0 - a1 cos(2 pi n / N) + a2 cos(4 pi n / N) - …``."""

    def compute(n: Array, whole: int) -> Array:
        signs = [(-1) ** order * factor for order, factor in enumerate(factors)]
        return sum(  # type: ignore[no-any-return]
            factor * np.cos(2 * pi * order * n / whole) for order, factor in enumerate(signs)
        )

    return compute


@operation()
def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``alpha - beta * cos(2 pi n / N)``; see `hann_window`."""
    options = _options(dtype, layout, device, pin_memory, requires_grad)
    return _window("hamming_window", window_length, periodic, _cosines(alpha, beta), options)


@operation()
def blackman_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``0.42 - 0.5 * cos(2 pi n / N) + 0.08 * cos(4 pi n / N)``; see `hann_window`."""
    options = _options(dtype, layout, device, pin_memory, requires_grad)
    return _window("blackman_window", window_length, periodic, _cosines(0.42, 0.5, 0.08), options)


@operation()
def bartlett_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A triangle: ``1 - abs(2 n / N - 1)``; see `hann_window`."""
    options = _options(dtype, layout, device, pin_memory, requires_grad)

    def triangle(n: Array, whole: int) -> Array:
        return 1 - np.abs(2 * n / whole - 1)

    return _window("bartlett_window", window_length, periodic, triangle, options)


@operation()
def kaiser_window(
    window_length: int,
    periodic: bool = True,
    beta: float = 12.0,
    *,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """``i0(beta * sqrt(1 - (2 n / N - 1)^2)) / i0(beta)``; see `hann_window`."""
    options = _options(dtype, layout, device, pin_memory, requires_grad)

    def kaiser(n: Array, whole: int) -> Array:
        rest = np.maximum(1 - np.square(2 * n / whole - 1), 0)
        return np.i0(beta * np.sqrt(rest)) / np.i0(np.float64(beta))

    return _window("kaiser_window", window_length, periodic, kaiser, options)
