"""Automatic mixed precision: `autocast`, on the CPU."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from shapetorch.tensor.autocasting import STATE
from shapetorch.tensor.autocasting import autocast as autocast
from shapetorch.tensor.devices import device
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.tensors import Tensor


def is_autocast_available(device_type: str) -> bool:
    """Whether operations on a device can choose their dtype: those on the CPU can."""
    return device(device_type).type == "cpu"


def custom_fwd(
    fwd: Callable[..., Any] | None = None, *, device_type: str, cast_inputs: dtype | None = None
) -> Callable[..., Any]:
    """Decorate the ``forward`` of a `Function`: with `cast_inputs` it gets floating tensors in that dtype,
    and runs without autocast.
    """
    if fwd is None:
        return functools.partial(custom_fwd, device_type=device_type, cast_inputs=cast_inputs)
    forward = fwd

    def one(item: Any) -> Any:
        if (
            not isinstance(item, Tensor)
            or not item.is_floating_point()
            or item.dtype.name == "float64"
        ):
            return item
        return item.to(cast_inputs)

    @functools.wraps(forward)
    def decorated(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        ctx._dtype = STATE.dtype
        ctx._fwd_used_autocast = STATE.enabled
        if cast_inputs is None or not STATE.enabled:
            return forward(ctx, *args, **kwargs)
        ctx._fwd_used_autocast = False
        with autocast(device_type, enabled=False):
            named = {key: one(item) for key, item in kwargs.items()}
            return forward(ctx, *map(one, args), **named)

    return decorated


def custom_bwd(bwd: Callable[..., Any] | None = None, *, device_type: str) -> Callable[..., Any]:
    """Decorate the ``backward`` of a `Function`: it runs with autocast as ``forward`` did."""
    if bwd is None:
        return functools.partial(custom_bwd, device_type=device_type)
    backward = bwd

    @functools.wraps(backward)
    def decorated(ctx: Any, *grads: Any) -> Any:
        with autocast(device_type, ctx._dtype, ctx._fwd_used_autocast):
            return backward(ctx, *grads)

    return decorated
