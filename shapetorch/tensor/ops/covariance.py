"""Covariances and correlations of variables."""

from __future__ import annotations

import warnings
from typing import Any

from shapetorch.tensor.arguments import integer
from shapetorch.tensor.dtypes import FLOATING
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.slopes import conjugate
from shapetorch.tensor.tensors import Tensor


@operation(methods=("cov",))
def cov(
    input: Tensor,
    *,
    correction: int = 1,
    fweights: Tensor | None = None,
    aweights: Tensor | None = None,
) -> Tensor:
    """The covariances ``(V, V)`` of variables ``(V, N)``, or the variance of one variable ``(N,)``.

    Args:
        input: Rows are variables, columns are observations.
        correction: What is taken from the number of observations.
        fweights: How often each observation counts, integers ``(N,)``.
        aweights: How much each observation counts, ``(N,)``.

    Raises:
        ShapeError: rank_error_mismatch, weights_error_shape.
        RuntimeError: weights are of a wrong dtype, or negative.
    """
    correction = integer("cov", "correction", correction)
    judged("cov", input, correction=correction, fweights=fweights, aweights=aweights)
    if input.dtype.category == 0:
        raise RuntimeError("cov(): bool dtype is not supported for input")
    _check_weights(fweights, aweights)
    rows = input.reshape(1, -1) if input._array.ndim < 2 else input
    count = rows._array.shape[1]
    weights: Any = None
    if fweights is not None:
        weights = fweights
    if aweights is not None:
        weights = aweights if weights is None else weights * aweights
    total: Any = count if weights is None else weights.sum()
    if weights is None:
        mean = rows.sum(1, keepdim=True) / count if count else rows.mean(1, keepdim=True)
    else:
        mean = (rows * weights).sum(1, keepdim=True) / total
    free: Any
    if weights is not None and aweights is not None and correction:
        free = total - correction * (weights * aweights).sum() / total
    else:
        free = total - correction
    centred = rows - mean
    scaled = centred if weights is None else centred * weights
    if (free._array if isinstance(free, Tensor) else free) <= 0:
        warnings.warn("cov(): degrees of freedom is <= 0", stacklevel=3)
        free = 0
    result = centred @ conjugate(scaled.transpose(0, 1)).to(centred.dtype)
    return (result / free).squeeze()  # type: ignore[no-any-return]


def _check_weights(fweights: Tensor | None, aweights: Tensor | None) -> None:
    if fweights is not None:
        if fweights.dtype.category != 1:
            raise RuntimeError(
                f"cov(): expected fweights to have integral dtype but got fweights with {fweights.dtype} dtype"
            )
        if (fweights._array < 0).any():
            raise RuntimeError("cov(): fweights cannot be negative")
    if aweights is not None:
        if aweights.dtype.category != FLOATING:
            raise RuntimeError(
                f"cov(): expected aweights to have floating point dtype but got aweights with {aweights.dtype} dtype"
            )
        if (aweights._array < 0).any():
            raise RuntimeError("cov(): aweights cannot be negative")


@operation(methods=("corrcoef",))
def corrcoef(input: Tensor) -> Tensor:
    """The correlations ``(V, V)`` of variables ``(V, N)``; 1 (or NaN) of one variable ``(N,)``."""
    judged("corrcoef", input)
    found = cov(input)
    if not found._array.ndim:
        return found / found
    deviation = found.diagonal().sqrt()
    if found.dtype.is_complex:
        deviation = deviation.real
    scaled = found / deviation.unsqueeze(1) / deviation.unsqueeze(0)
    if not scaled.dtype.is_complex:
        return scaled.clamp(-1, 1)  # type: ignore[no-any-return]
    parts = scaled.real.clamp(-1, 1), scaled.imag.clamp(-1, 1)
    return OPERATIONS["complex"].function(*parts)  # type: ignore[no-any-return]
