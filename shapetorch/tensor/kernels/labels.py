"""Losses of labels, and where the gradient of one goes: scores ``(N, C, I)``, labels and losses ``(N, I)``."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import kernel


@kernel()
def nll_losses(scores: Any, labels: Any, weight: Any, ignored: int, losses: Any) -> Any:
    """``-weight[label] * score`` of each label, 0 of one that is ignored.

    Args:
        scores: The scores.
        labels: The labels, int64.
        weight: Of each class; of no class if all are 1.
        ignored: The label that counts nothing.
        losses: The result.

    Returns:
        Whether all labels are classes, the sum of the losses, and that of the weights.
    """
    classes = scores.shape[1]
    total, weights = 0.0, 0.0
    for n in range(labels.shape[0]):
        for i in range(labels.shape[1]):
            label = labels[n, i]
            if label == ignored:
                losses[n, i] = 0
                continue
            if label < 0 or label >= classes:
                return False, total, weights
            loss = -scores[n, np.uintp(label), i]
            if weight.size:
                loss *= weight[np.uintp(label)]
                weights += weight[np.uintp(label)]
            else:
                weights += 1
            losses[n, i] = loss
            total += loss
    return True, total, weights


@kernel()
def nll_slopes(grad: Any, labels: Any, weight: Any, ignored: int, divisor: Any, out: Any) -> None:
    """The gradient of scores, written among zeros; grad: ``(N, I)``, or ``(1, 1)`` of all losses."""
    is_one = grad.size == 1
    for n in range(labels.shape[0]):
        for i in range(labels.shape[1]):
            label = labels[n, i]
            if label != ignored:
                slope = grad[0, 0] if is_one else grad[n, i]
                if weight.size:
                    slope *= weight[np.uintp(label)]
                out[n, np.uintp(label), i] = -slope / divisor


LABELS = {"nll_losses": nll_losses, "nll_slopes": nll_slopes}
