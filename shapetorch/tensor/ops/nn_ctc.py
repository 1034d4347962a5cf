"""Connectionist temporal classification: the probability of all alignments of a sequence."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.arguments import integer
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind
from shapetorch.tensor.loss_reductions import NAMES, chosen
from shapetorch.tensor.operations import operation
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


def _lengths(name: str, given: Any) -> Array:
    if isinstance(given, Tensor):
        if given._array.dtype.kind not in "iu":
            raise RuntimeError(f"ctc_loss: {name} must be integral, got {given.dtype}")
        return given._array.astype(np.int64).reshape(-1)
    return np.asarray([int(item) for item in given], np.int64)


def _padded(targets: Tensor, counts: Array, longest: int) -> Array:
    """The targets as rows, ``(N, longest)``; what lies beyond a row's length is anything."""
    array = targets._array.astype(np.int64)
    made = np.zeros((len(counts), longest), np.int64)
    starts = np.cumsum(counts) - counts
    for row, count in enumerate(counts.tolist()):
        made[row, :count] = (
            array[row, :count] if array.ndim == 2 else array[starts[row] : starts[row] + count]
        )
    return made


def _check_lengths(log_probs: Array, targets: Tensor, times: Array, counts: Array) -> None:
    for row, (time, count) in enumerate(zip(times.tolist(), counts.tolist(), strict=True)):
        if not 0 <= time <= log_probs.shape[0]:
            raise RuntimeError(
                f"ctc_loss: expected input_lengths to have value at most {log_probs.shape[0]}, "
                f"got value {time} at {row}"
            )
        if count < 0 or (targets.ndim == 2 and count > targets._array.shape[1]):
            raise RuntimeError(
                f"ctc_loss: expected target_lengths to have value at most "
                f"{targets._array.shape[-1]}, got value {count} at {row}"
            )
    if targets.ndim == 1 and counts.sum() != targets._array.shape[0]:
        raise RuntimeError(
            f"ctc_loss: target_lengths must add up to {targets._array.shape[0]}, got {counts.sum()}"
        )


def _blanked(labels: Array, blank: int) -> Array:
    """Labels with blanks around each: ``(N, 2*S + 1)``."""
    made = np.full((len(labels), 2 * labels.shape[1] + 1), blank, np.int64)
    made[:, 1::2] = labels
    return made


def _log_add(first: Array, second: Array) -> Array:
    return np.logaddexp(first, second)


def _may_skip(states: Array, blank: int) -> Array:
    """Whether a state may be reached from the one before the last: a label unlike the last label."""
    made = np.zeros(states.shape, bool)
    made[:, 2:] = (states[:, 2:] != blank) & (states[:, 2:] != states[:, :-2])
    return made


def forward_scores(picked: Array, states: Array, blank: int) -> Array:
    """Log-probabilities of all beginnings that end at time t in state s, ``(T, N, states)``.

    Args:
        picked: Log-probabilities of the states, ``(T, N, states)``.
        states: What each state emits, ``(N, states)``.
        blank: The blank.
    """
    scores = np.full(picked.shape, -np.inf, picked.dtype)
    skips = _may_skip(states, blank)
    if len(picked):
        scores[0, :, :2] = picked[0, :, :2]
    for time in range(1, len(picked)):
        before = scores[time - 1]
        total = before.copy()
        total[:, 1:] = _log_add(total[:, 1:], before[:, :-1])
        total[:, 2:] = np.where(skips[:, 2:], _log_add(total[:, 2:], before[:, :-2]), total[:, 2:])
        scores[time] = total + picked[time]
    return scores


def _scores_by_kernel(
    array: Array, states: Array, blank: int, times: Array, counts: Array
) -> tuple[Array, Array] | None:
    """The scores, with two places before those of the states, and the losses; None without a kernel."""
    kernel = kernels.find("ctc_scores", array, 1)
    if kernel is None:
        return None
    scores = np.full((len(array), len(states), states.shape[1] + 2), -np.inf, array.dtype)
    losses = np.empty(len(states), array.dtype)
    skips = _skips(states, blank, array.dtype)
    kernel(np.ascontiguousarray(array), states, skips, times, counts, scores, losses)
    return scores, losses


def _skips(states: Array, blank: int, kind: np.dtype[Any]) -> Array:
    """0 where a state may be reached from the one before the last, minus infinity elsewhere and behind."""
    made = np.full((len(states), states.shape[1] + 2), -np.inf, kind)
    made[:, : states.shape[1]][_may_skip(states, blank)] = 0
    return made


def _backward_scores(picked: Array, states: Array, blank: int, times: Array, ends: Array) -> Array:
    """Log-probabilities of all endings from time t in state s, in rows of unequal lengths."""
    scores = np.full(picked.shape, -np.inf, picked.dtype)
    skips = _may_skip(states, blank)
    rows = np.arange(len(states))
    for time in range(len(picked) - 1, -1, -1):
        total = np.full(picked.shape[1:], -np.inf, picked.dtype)
        if time + 1 < len(picked):
            after = scores[time + 1]
            total = after.copy()
            total[:, :-1] = _log_add(total[:, :-1], after[:, 1:])
            total[:, :-2] = np.where(
                skips[:, 2:], _log_add(total[:, :-2], after[:, 2:]), total[:, :-2]
            )
        last = times - 1 == time
        total[last] = -np.inf
        total[rows[last], ends[last]] = 0
        some = last & (ends > 0)
        total[rows[some], ends[some] - 1] = 0
        scores[time] = total + picked[time]
    return scores


def _loss(scores: Array, times: Array, ends: Array) -> Array:
    rows = np.arange(scores.shape[1])
    if not len(scores):
        return np.where(ends == 0, 0.0, np.inf).astype(scores.dtype)
    final = scores[np.maximum(times - 1, 0), rows]
    total = final[rows, ends]
    before = np.where(ends > 0, final[rows, np.maximum(ends - 1, 0)], -np.inf)
    found = -_log_add(total, before)
    return np.where(times == 0, np.where(ends == 0, 0.0, np.inf), found).astype(scores.dtype)


def _ctc(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int,
    reduction: str,
    zero_infinity: bool,
) -> Tensor:
    require_kind("ctc_loss", log_probs)
    if targets._array.dtype.kind not in "iu":
        raise RuntimeError(f"ctc_loss: targets must be integral, got {targets.dtype}")
    array = log_probs._array if log_probs.ndim == 3 else log_probs._array[:, None]
    if not 0 <= integer("ctc_loss", "blank", blank) < array.shape[2]:
        raise RuntimeError(f"ctc_loss: blank must be in label range, got {blank}")
    times, counts = (
        _lengths("input_lengths", input_lengths),
        _lengths("target_lengths", target_lengths),
    )
    _check_lengths(array, targets, times, counts)
    labels = _padded(targets, counts, int(counts.max(initial=0)))
    valid = np.arange(labels.shape[1]) < counts[:, None]
    if (valid & ((labels < 0) | (labels >= array.shape[2]))).any():
        raise RuntimeError(f"ctc_loss: targets must be labels in 0..{array.shape[2] - 1}")
    states = _blanked(np.where(valid, labels, blank), blank)
    found = _scores_by_kernel(array, states, blank, times, counts)
    if found is not None:
        each = found[1]
    else:
        with np.errstate(all="ignore"):
            index = np.broadcast_to(states, (len(array), *states.shape))
            picked = np.take_along_axis(array, index, 2)
            each = _loss(forward_scores(picked, states, blank), times, 2 * counts)
    shown = np.where(np.isinf(each), 0, each).astype(each.dtype) if zero_infinity else each
    made = record(
        shown if log_probs.ndim == 3 else shown.reshape(()),
        (log_probs,),
        ctc_loss_backward,
        (log_probs,),
        states=states,
        lengths=(times, counts),
        blank=blank,
        zero_infinity=zero_infinity,
        loss=each,
        scores=None if found is None else found[0],
    )
    if reduction == "none":
        return made
    if reduction == "sum":
        return made.sum()  # type: ignore[no-any-return]
    lengths = np.maximum(counts, 1).astype(each.dtype).reshape(made._array.shape)
    return (made / wrap(lengths)).mean()  # type: ignore[no-any-return]


def ctc_loss_backward(node: Any, grad: Tensor) -> Tensor:
    """``p - share of the alignments that emit the class``, as if log_probs were a log-softmax."""
    (log_probs,) = node.saved
    times, counts = node.lengths
    array = log_probs._array if log_probs.ndim == 3 else log_probs._array[:, None]
    kernel = kernels.find("ctc_gradient", array, 1) if node.scores is not None else None
    if kernel is not None:
        factors = np.broadcast_to(grad._array.reshape(-1), node.loss.shape)
        impossible = factors.dtype.type(0 if node.zero_infinity else np.nan)
        factors = np.where(np.isinf(node.loss), impossible, factors)
        skips = _skips(node.states, node.blank, array.dtype)
        room = np.empty((3, node.states.shape[1] + 4), array.dtype)
        made = np.zeros(array.shape, array.dtype)
        shared = (np.ascontiguousarray(array), node.states, skips, times, counts, node.scores)
        kernel(*shared, node.loss, np.ascontiguousarray(factors), room, made)
        return record(
            made.reshape(log_probs._array.shape), (log_probs, grad), ctc_loss_backward_backward
        )
    with np.errstate(all="ignore"):
        made = _gradient(array, node.states, node.blank, times, counts, node.loss)
        made *= grad._array.reshape(1, -1, 1)
        if node.zero_infinity:
            made[:, np.isinf(node.loss)] = 0
    made = made.reshape(log_probs._array.shape)
    return record(made, (log_probs, grad), ctc_loss_backward_backward)


def ctc_loss_backward_backward(node: Any, grad: Tensor) -> Any:
    """There is none, as in PyTorch."""
    raise RuntimeError("derivative for _ctc_loss_backward is not implemented")


def _gradient(
    array: Array, states: Array, blank: int, times: Array, counts: Array, loss: Array
) -> Array:
    index = np.broadcast_to(states, (len(array), *states.shape))
    picked = np.take_along_axis(array, index, 2)
    scores = forward_scores(picked, states, blank)
    scores += _backward_scores(picked, states, blank, times, 2 * counts)
    reachable = np.arange(states.shape[1]) <= 2 * counts[:, None]
    share = np.exp(scores - picked + loss[:, None])
    share = np.where(reachable & np.isfinite(scores), share, 0)
    share[np.isnan(share)] = 0
    emitted = np.zeros(array.shape, array.dtype)
    rows = np.arange(array.shape[1])
    for state in range(states.shape[1]):
        emitted[:, rows, states[:, state]] += share[:, :, state]
    made = np.exp(array) - emitted
    made[:, np.isinf(loss)] = np.nan
    made[np.arange(len(array))[:, None] >= times] = 0
    return made


@operation("nn.functional.ctc_loss")
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """Minus the log-probability of the targets, summed over all alignments.

    Args:
        log_probs: Log-probabilities ``(T, N, C)`` or ``(T, C)``.
        targets: Labels, ``(N, S)`` or all in a row.
        input_lengths: How many times count in each sequence.
        target_lengths: How many labels count in each target.
        blank: The class of the blank.
        reduction: none, mean (each over its length) or sum.
        zero_infinity: Whether impossible targets have the loss 0.

    Raises:
        ShapeError: rank_error_mismatch, loss_error_shape_mismatch, loss_error_reduction.
        RuntimeError: a length or a label is out of range.

    Source: PyTorch ``torch.nn.CTCLoss``.
    """
    reduction = chosen(reduction)
    judged(
        "nn.functional.ctc_loss",
        *(log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity),
    )
    return _ctc(
        *(log_probs, targets, input_lengths, target_lengths, blank), reduction, zero_infinity
    )


@operation("ctc_loss")
def _native_ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: int = 1,
    zero_infinity: bool = False,
) -> Tensor:
    """See `nn.functional.ctc_loss`; the reduction is 0, 1 or 2."""
    return ctc_loss(
        *(log_probs, targets, input_lengths, target_lengths, blank),
        NAMES[reduction],
        zero_infinity,
    )
