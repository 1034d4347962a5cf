"""Calls of matrix and vector products."""

from __future__ import annotations

import random

from tests.rules.oracle import Call, T, broadcastable, maybe_other, samples, shape, size


def _matrix_pair(rng: random.Random) -> tuple[tuple[int, ...], tuple[int, ...]]:
    batch = shape(rng, 0, 3)
    other = broadcastable(rng, batch)
    m, k, n = size(rng), size(rng), size(rng)
    a = (*batch, m, k) if rng.random() < 0.75 else (k,)
    k = maybe_other(rng, k, 0.15)
    b = (*other, k, n) if rng.random() < 0.75 else (k,)
    if rng.random() < 0.04:
        a = ()
    return (a, b) if rng.random() < 0.9 else (a, ())


@samples("matmul")
def matmul(rng: random.Random) -> Call:
    a, b = _matrix_pair(rng)
    names = ["torch.matmul", "torch.linalg.matmul", "Tensor.matmul", "Tensor.__matmul__"]
    return Call(rng.choice(names), (T(a), T(b)))
