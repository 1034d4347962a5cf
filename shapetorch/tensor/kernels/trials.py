"""Poisson and binomial numbers: the loops of `tensor.trials`, compiled; one dim, float64."""

from __future__ import annotations

from shapetorch.tensor import trials
from shapetorch.tensor.kernels.compiling import kernel

_exactly = kernel(frozenset())

TRIALS = {
    "poisson_numbers": _exactly(trials.poisson_numbers),
    "binomial_numbers": _exactly(trials.binomial_numbers),
}
