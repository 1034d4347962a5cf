"""Attention on arrays: scores, their softmax, the weighted sum of values."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from shapetorch.tensor.compute import by_rows
from shapetorch.tensor.tensors import Array


def scores(query: Array, key: Array, mask: Array | None, scale: float, causal: bool) -> Array:
    """``query @ key.T * scale + mask``, ``(*, L, S)``; minus infinity where nothing is seen.

    Args:
        query: ``(*, L, E)``.
        key: ``(*, S, E)``.
        mask: What is added, or (bool) which places are seen.
        scale: A factor.
        causal: Whether a place sees no later one.
    """
    made: Array = np.matmul(query * query.dtype.type(scale), key.swapaxes(-1, -2))
    if causal:
        np.copyto(made, -np.inf, where=~seen(*made.shape[-2:]))
    if mask is None:
        return made
    if mask.dtype == np.bool_:
        return np.asarray(np.where(mask, made, made.dtype.type(-np.inf)))
    return np.asarray(made + mask)


@lru_cache(32)
def seen(target: int, source: int) -> Array:
    """Which places a causal mask leaves, ``(L, S)``."""
    return np.tri(target, source, dtype=bool)


def safe_softmax(array: Array) -> Array:
    """The softmax over the last axis, zeros in a row that sees nothing; `array` is written to."""
    largest = array.max(axis=-1, keepdims=True, initial=-np.inf)
    nothing = largest == -np.inf
    array -= np.where(nothing, largest.dtype.type(0), largest)
    np.exp(array, out=array)
    total = array.sum(axis=-1, keepdims=True)
    array /= np.where(nothing, total.dtype.type(1), total)
    return array


def attend(
    query: Array,
    key: Array,
    value: Array,
    mask: Array | None,
    scale: float,
    causal: bool,
    factor: Any = None,
) -> tuple[Array, Array]:
    """The weighted sums of the values, ``(*, L, E_v)``, and the weights.

    Args:
        query: ``(*, L, E)``.
        key: ``(*, S, E)``.
        value: ``(*, S, E_v)``.
        mask: See `scores`.
        scale: A factor of the scores.
        causal: Whether a place sees no later one.
        factor: ``factor(shape)`` gives what weights are multiplied with by dropout; None without.
    """
    given = scores(query, key, mask, scale, causal)
    made = by_rows("softmax_rows", given) if mask is None else None  # every place sees itself
    weights = safe_softmax(given) if made is None else made
    used = weights if factor is None else weights * factor
    return np.matmul(used, value), weights
