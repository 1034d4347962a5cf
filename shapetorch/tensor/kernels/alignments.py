"""The alignments of a sequence with its labels: log-probabilities ``(T, N, C)``, float32 or float64.

A row has states: its labels with a blank before, between and after them. `states`, ``(N, S)``, says what each
emits, `skips` is 0 where a state may follow the one before the last and minus infinity elsewhere. Only the
first ``times[n]`` times and ``2 * counts[n] + 1`` states of a row count.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import kernel
from shapetorch.tensor.kernels.floats import exp as _exp
from shapetorch.tensor.kernels.floats import log as _log


@kernel()
def _join(a: Any, b: Any, c: Any, skips: Any, out: Any) -> None:
    """``out += log(exp(a) + exp(b) + exp(c + skips))``."""
    zero, none = out.dtype.type(0), out.dtype.type(-np.inf)
    for s in range(out.size):
        third = c[s] + skips[s]
        most = a[s] if a[s] > b[s] else b[s]
        most = third if third > most else most
        most = most if most > none else zero
        out[s] += most + _log(_exp(a[s] - most) + _exp(b[s] - most) + _exp(third - most))


@kernel()
def _emissions(scores: Any, states: Any, out: Any) -> None:
    for s in range(out.size):
        out[s] = scores[np.uintp(states[s])]


@kernel()
def ctc_scores(
    log_probs: Any, states: Any, skips: Any, times: Any, counts: Any, scores: Any, losses: Any
) -> None:
    """Log-probabilities of all beginnings that end at time t in state s, and the losses.

    scores: ``(T, N, 2 + S)``, minus infinity before; the first two places of a row stay.
    """
    none = losses.dtype.type(-np.inf)
    for n in range(states.shape[0]):
        end, length = 2 * counts[n] + 1, times[n]
        emits = states[n, :end]
        for t in range(length):
            row = scores[t, n, 2 : 2 + end]
            if t == 0:
                _emissions(log_probs[0, n], emits[:2], row[:2])
            else:
                before = scores[t - 1, n]
                _emissions(log_probs[t, n], emits, row)
                _join(before[2 : 2 + end], before[1 : 1 + end], before[:end], skips[n, :end], row)
        if length == 0:
            losses[n] = 0 if end == 1 else -none
            continue
        last = scores[length - 1, n, 2 : 2 + end]
        total = last[end - 1]
        if end > 1:
            most = max(total, last[end - 2])
            if most > none:
                total = most + _log(_exp(total - most) + _exp(last[end - 2] - most))
            elif most == none:
                total = none
        losses[n] = -total


@kernel()
def ctc_gradient(
    log_probs: Any,
    states: Any,
    skips: Any,
    times: Any,
    counts: Any,
    scores: Any,
    losses: Any,
    factors: Any,
    room: Any,
    out: Any,
) -> None:
    """The gradient of the log-probabilities, times the factor of each row, written among zeros.

    scores: of `ctc_scores`; room: ``(3, 4 + S)``.
    """
    none = losses.dtype.type(-np.inf)
    for n in range(states.shape[0]):
        end, length, loss, factor = 2 * counts[n] + 1, times[n], losses[n], factors[n]
        emits, picked = states[n, :end], room[2, :end]
        # endings from the state: of the states that may follow it the next but one is the last to be skipped to
        later, here = room[0], room[1]
        later[:] = none
        here[:] = none
        for t in range(length - 1, -1, -1):
            made = out[t, n]
            _emissions(log_probs[t, n], emits, picked)
            row = here[:end]
            row[:] = picked
            if t == length - 1:
                for s in range(end - 2):
                    row[s] = none
            else:
                _join(
                    later[:end], later[1 : end + 1], later[2 : end + 2], skips[n, 2 : end + 2], row
                )
            for c in range(made.size):
                made[c] = _exp(log_probs[t, n, c])
            for s in range(end):
                both = scores[t, n, 2 + s] + row[s]
                if both > none and both < -none:
                    made[np.uintp(emits[s])] -= _exp(both - picked[s] + loss)
            for c in range(made.size):
                made[c] *= factor
            later, here = here, later
            later[end:] = none


ALIGNMENTS = {"ctc_scores": ctc_scores, "ctc_gradient": ctc_gradient}
