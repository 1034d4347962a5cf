"""Scaled dot-product attention as one operation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from shapetorch.tensor import attending
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import narrowed, require_kind, title, widened
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import operation
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


def _check(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None, is_causal: bool
) -> None:
    for other in (key, value):
        if other.dtype is not query.dtype:
            raise RuntimeError(
                "scaled_dot_product_attention: expected query, key and value to have the same dtype, "
                f"got {title(query)} and {title(other)}"
            )
    if 0 not in (*query._array.shape[:-1], *key._array.shape[:-1]):
        require_kind("softmax", query)
    if attn_mask is None:
        return
    if is_causal:
        raise RuntimeError(
            "scaled_dot_product_attention: attn_mask must not be given when is_causal=True"
        )
    if attn_mask._array.dtype not in (np.dtype(bool), np.dtype(np.float32), query._array.dtype):
        raise RuntimeError(
            "scaled_dot_product_attention: expected attn_mask to be bool, float or of query's dtype, "
            f"got {title(attn_mask)} and {title(query)}"
        )


def _repeated(tensor: Tensor, heads: int) -> Tensor:
    """Each head (dim -3) as often as it takes to have `heads`."""
    shape = tensor._array.shape
    times = heads // shape[-3] if shape[-3] else 1
    if times == 1:
        return tensor
    more = tensor.unsqueeze(-3).expand(*shape[:-2], times, *shape[-2:])
    return more.reshape(*shape[:-3], heads, *shape[-2:])  # type: ignore[no-any-return]


@operation("nn.functional.scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """``softmax(query @ key.T * scale + attn_mask) @ value``.

    Args:
        query: ``(*, L, E)``.
        key: ``(*, S, E)``.
        value: ``(*, S, E_v)``.
        attn_mask: What is added, or (bool) which places are seen; expands to ``(*, L, S)``.
        dropout_p: With which probability a weight is dropped.
        is_causal: Whether a place sees no later one.
        scale: ``1 / sqrt(E)`` if not given.
        enable_gqa: Whether the heads of key and value (dim -3) are repeated to those of the query.

    Returns:
        ``(*, L, E_v)``; zeros for a place that sees nothing.

    Raises:
        ShapeError: attention_error_shape, attention_error_mask_rank, attention_error_mask_shape,
            broadcast_error_incompatible_dimensions.
        RuntimeError: the dtypes differ.

    Source: Vaswani et al. 2017, section 3.2.1; PyTorch's function of this name.
    """
    if isinstance(attn_mask, Tensor) and attn_mask.requires_grad and attn_mask._array.ndim == 1:
        attn_mask = attn_mask.unsqueeze(
            0
        )  # PyTorch's kernel that takes no such mask has no gradient of it
    shape = judged(
        "nn.functional.scaled_dot_product_attention",
        *(query, key, value, attn_mask, dropout_p, is_causal, scale, enable_gqa),
    )
    _check(query, key, value, attn_mask, is_causal)
    if query._array.dtype.kind in "biu":  # not refused, because there is nothing to compute
        return wrap(np.zeros(shape, query._array.dtype))
    if enable_gqa:
        heads = query._array.shape[-3]
        key, value = _repeated(key, heads), _repeated(value, heads)
    width = query._array.shape[-1]
    if scale is None:
        scale = 1 / math.sqrt(width) if width else math.inf
    factor = _dropout_factor(query, key, value, dropout_p) if dropout_p != 0 else None
    q, k, v = (widened(item._array) for item in (query, key, value))
    mask = None if attn_mask is None else _mask_array(attn_mask, q.dtype)
    with np.errstate(all="ignore"):
        made, weights = attending.attend(
            q, k, v, mask, scale, is_causal, None if factor is None else factor._array
        )
    return record(
        narrowed(made, query._array.dtype),
        (query, key, value, attn_mask),
        scaled_dot_product_attention_backward,
        (query, key, value, attn_mask),
        scale=scale,
        causal=is_causal,
        factor=factor,
        weights=weights,
    )


def _mask_array(mask: Tensor, kind: np.dtype[Any]) -> Array:
    array = mask._array
    return array if array.dtype == np.bool_ else array.astype(kind, copy=False)


def _dropout_factor(query: Tensor, key: Tensor, value: Tensor, p: float) -> Tensor:
    """What the weights are multiplied with: 0, or ``1 / (1 - p)``."""
    if not 0 <= p <= 1:
        raise RuntimeError(
            f"scaled_dot_product_attention: dropout probability has to be between 0 and 1, but got {p}"
        )
    lead = np.broadcast_shapes(*(item._array.shape[:-2] for item in (query, key, value)))
    kind = widened(query._array[:0]).dtype
    shape = (*lead, query._array.shape[-2], key._array.shape[-2])
    kept = wrap(np.empty(shape, kind)).bernoulli_(1 - p)
    return kept / (1 - p) if p < 1 else kept  # type: ignore[no-any-return]


def scaled_dot_product_attention_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """Through the weighted sum, the softmax and the product."""
    query, key, value, mask = node.saved
    wants = node.needs
    if MODES.grad:
        weights = _weights(query, key, mask, node)
    else:
        weights = wrap(node.weights)
        grad, query, key, value = (wrap(widened(item._array)) for item in (grad, query, key, value))
    used = weights if node.factor is None else weights * node.factor
    of_value = used.transpose(-1, -2) @ grad if wants[2] else None
    if not (wants[0] or wants[1] or wants[3]):
        return None, None, of_value, None
    of_weights = grad @ value.transpose(-1, -2)
    if node.factor is not None:
        of_weights = of_weights * node.factor
    of_scores = weights * (of_weights - (of_weights * weights).sum(-1, True))
    scaled = of_scores * node.scale
    return (
        scaled @ key if wants[0] else None,
        scaled.transpose(-1, -2) @ query if wants[1] else None,
        of_value,
        of_scores if wants[3] else None,
    )


def _weights(query: Tensor, key: Tensor, mask: Tensor | None, node: Any) -> Tensor:
    """The weights again, as operations."""
    made = (query * node.scale) @ key.transpose(-1, -2)
    hidden = None
    if node.causal:
        hidden = ~attending.seen(*made._array.shape[-2:])
    elif mask is not None and mask._array.dtype == np.bool_:
        hidden = ~mask._array
    elif mask is not None:
        made = made + mask
    if hidden is not None:
        made = made.masked_fill(wrap(hidden), -math.inf)
    nothing = np.isneginf(made._array).all(axis=-1, keepdims=True)
    if not nothing.any():
        return made.softmax(-1)  # type: ignore[no-any-return]
    filled = made.masked_fill(wrap(nothing), 0.0)
    return filled.softmax(-1).masked_fill(wrap(nothing), 0.0)  # type: ignore[no-any-return]
