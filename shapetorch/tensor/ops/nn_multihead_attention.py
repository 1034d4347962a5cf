"""Many-headed attention with its projections."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.nn_attention import scaled_dot_product_attention
from shapetorch.tensor.ops.nn_dropout import dropout
from shapetorch.tensor.tensors import Tensor, wrap


def _added(mask: Tensor | None, name: str, kind: Any) -> Tensor | None:
    """A mask as numbers to add: where a bool one is true, nothing is seen."""
    if mask is None or mask.dtype.is_floating_point:
        return mask
    if mask._array.dtype != np.bool_:
        raise AssertionError(
            f"only bool and floating types of {name} are supported, got {mask.dtype}"
        )
    made = np.zeros(mask._array.shape, kind)
    made[mask._array] = -np.inf
    return wrap(made)


def _projected(
    inputs: tuple[Tensor, Tensor, Tensor],
    packed: Tensor | None,
    separate: tuple[Tensor | None, Tensor | None, Tensor | None] | None,
    bias: Tensor | None,
) -> list[Tensor]:
    """Query, key and value after their linear maps."""
    linear = OPERATIONS["nn.functional.linear"].function
    weights: Any
    if separate is not None:
        weights = separate
        if any(weight is None for weight in weights):
            raise AssertionError(
                "multi_head_attention_forward: use_separate_proj_weight needs q_proj_weight, "
                "k_proj_weight and v_proj_weight"
            )
    else:
        if packed is None:
            raise AssertionError(
                "multi_head_attention_forward: in_proj_weight is needed without separate weights"
            )
        if inputs[0] is inputs[1] is inputs[2]:
            return list(linear(inputs[0], packed, bias).chunk(3, -1))
        weights = packed.chunk(3)
    biases = (None, None, None) if bias is None else bias.chunk(3)
    return [linear(*item) for item in zip(inputs, weights, biases, strict=True)]


def _check_static(name: str, given: Tensor, rows: int, width: int) -> None:
    for dim, expected in ((0, rows), (2, width)):
        if given.size(dim) != expected:
            raise AssertionError(
                f"multi_head_attention_forward: expecting {name}.size({dim}) of {expected}, "
                f"got {list(given._array.shape)}"
            )


def _with_one_more(mask: Tensor | None) -> Tensor | None:
    """A mask that also sees the place that was added at the end."""
    return None if mask is None else OPERATIONS["nn.functional.pad"].function(mask, (0, 1))


def _heads(tensor: Tensor, batch: int, num_heads: int, width: int) -> Tensor:
    """``(S, N, E)`` as ``(N * heads, S, width)``."""
    shape = (tensor._array.shape[0], batch * num_heads, width)
    return tensor.reshape(shape).transpose(0, 1)  # type: ignore[no-any-return]


@operation("nn.functional.multi_head_attention_forward")
def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """Attention of several heads, each on a part of the projected query, key and value.

    Args:
        query: ``(L, N, E)``, or ``(L, E)`` without a batch.
        key: ``(S, N, E_k)``.
        value: ``(S, N, E_v)``.
        embed_dim_to_check: E.
        num_heads: Divides E.
        in_proj_weight: The three projections together, ``(3*E, E)``.
        in_proj_bias: ``(3*E,)``.
        bias_k: Added to the end of the keys, ``(1, 1, E)``.
        bias_v: Added to the end of the values.
        add_zero_attn: Whether zeros are added to the end of keys and values.
        dropout_p: With which probability a weight is dropped when training.
        out_proj_weight: ``(E, E)``.
        out_proj_bias: ``(E,)``.
        training: Whether weights are dropped.
        key_padding_mask: Which keys are not seen, ``(N, S)``; bool, or numbers to add.
        need_weights: Whether the weights are given.
        attn_mask: Which places are not seen, ``(L, S)`` or ``(N * heads, L, S)``.
        use_separate_proj_weight: Whether the projections are the next three.
        q_proj_weight: ``(E, E)``.
        k_proj_weight: ``(E, E_k)``.
        v_proj_weight: ``(E, E_v)``.
        static_k: Keys after their projection, ``(N * heads, S, E // heads)``.
        static_v: Values after their projection.
        average_attn_weights: Whether the weights are averaged over the heads.
        is_causal: A hint that `attn_mask` is causal.

    Returns:
        The result ``(L, N, E)``, and the weights ``(N, L, S)`` (or with the heads), or None.

    Raises:
        ShapeError: see the shape rule of this name.
    """
    judged(
        "nn.functional.multi_head_attention_forward",
        *(query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias),
        *(bias_k, bias_v, add_zero_attn, dropout_p, out_proj_weight, out_proj_bias, training),
        *(key_padding_mask, need_weights, attn_mask, use_separate_proj_weight),
        *(q_proj_weight, k_proj_weight, v_proj_weight, static_k, static_v),
        average_attn_weights,
    )
    is_batched = query.ndim == 3
    padding = _added(key_padding_mask, "key_padding_mask", query._array.dtype)
    if key_padding_mask is not None and attn_mask is not None:
        _warn_of_mixed(key_padding_mask, attn_mask)
    if is_causal and attn_mask is None:
        raise RuntimeError("Need attn_mask if specifying the is_causal hint.")
    hint = is_causal and padding is None and not need_weights
    mask = None if hint else _added(attn_mask, "attn_mask", query._array.dtype)
    inputs = (query, key, value)
    if not is_batched:
        same = query is key is value
        inputs = tuple(item.unsqueeze(1) for item in inputs)
        inputs = (inputs[0],) * 3 if same else inputs
        padding = None if padding is None else padding.unsqueeze(0)
    length, batch, width = inputs[0]._array.shape
    separate = (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else None
    q, k, v = _projected(inputs, in_proj_weight, separate, in_proj_bias)
    mask = mask.unsqueeze(0) if mask is not None and mask.ndim == 2 else mask
    if (bias_k is None) != (bias_v is None):
        raise AssertionError("multi_head_attention_forward: bias_k and bias_v go together")
    join = OPERATIONS["cat"].function
    if bias_k is not None and bias_v is not None:
        if static_k is not None or static_v is not None:
            raise AssertionError("bias cannot be added to static key or value.")
        k = join([k, bias_k.expand(1, batch, width)])
        v = join([v, bias_v.expand(1, batch, width)])
        mask, padding = _with_one_more(mask), _with_one_more(padding)
    each = width // num_heads
    q = _heads(q, batch, num_heads, each)
    k = _heads(k, batch, num_heads, each) if static_k is None else static_k
    v = _heads(v, batch, num_heads, each) if static_v is None else static_v
    for name, given in (("static_k", static_k), ("static_v", static_v)):
        if given is not None:
            _check_static(name, given, batch * num_heads, each)
    if add_zero_attn:
        zeros = wrap(np.zeros((batch * num_heads, 1, each), query._array.dtype))
        k, v = join([k, zeros], 1), join([v, zeros], 1)
        mask, padding = _with_one_more(mask), _with_one_more(padding)
    mask = _merged(mask, padding, batch, num_heads, k._array.shape[1])
    made, weights = _attend(
        *(q, k, v, mask, batch, num_heads, dropout_p if training else 0.0, need_weights, hint)
    )
    linear = OPERATIONS["nn.functional.linear"].function
    made = linear(made.reshape(length, batch, width), out_proj_weight, out_proj_bias)
    if weights is not None and average_attn_weights:
        weights = weights.mean(1)
    if not is_batched:
        made = made.squeeze(1)
        weights = None if weights is None else weights.squeeze(0)
    return made, weights


def _warn_of_mixed(padding: Tensor, mask: Tensor) -> None:
    if padding.dtype is not mask.dtype:
        warnings.warn(
            "Support for mismatched key_padding_mask and attn_mask is deprecated. "
            "Use same type for both instead.",
            UserWarning,
            stacklevel=4,
        )


def _merged(
    mask: Tensor | None, padding: Tensor | None, batch: int, num_heads: int, source: int
) -> Tensor | None:
    """Both masks as one that expands to ``(N * heads, L, S)``."""
    if padding is None:
        return mask
    spread = padding.reshape(batch, 1, 1, source).expand(batch, num_heads, 1, source)
    spread = spread.reshape(batch * num_heads, 1, source)
    return spread if mask is None else mask + spread  # type: ignore[no-any-return]


def _attend(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor | None,
    batch: int,
    num_heads: int,
    dropout_p: float,
    need_weights: bool,
    causal: bool,
) -> tuple[Tensor, Tensor | None]:
    """The heads' results ``(L, N, heads, width)`` and their weights."""
    length, each = q._array.shape[1:]
    shape = (batch, num_heads, length, k._array.shape[1])
    if need_weights:
        found = (q * math.sqrt(1.0 / each)) @ k.transpose(-2, -1)
        if mask is not None:
            found = found + mask
        weights = found.softmax(-1)
        if dropout_p > 0:
            weights = dropout(weights, dropout_p)
        made = (weights @ v).reshape(batch, num_heads, length, each)
        return made.permute(2, 0, 1, 3), weights.reshape(shape)
    if mask is not None:
        is_shared = mask._array.shape[0] == 1
        mask = mask.unsqueeze(0) if is_shared else mask.reshape(batch, num_heads, -1, shape[3])
    q, k, v = (item.reshape(batch, num_heads, item._array.shape[1], each) for item in (q, k, v))
    made = scaled_dot_product_attention(q, k, v, mask, dropout_p, causal)
    return made.permute(2, 0, 1, 3), None
