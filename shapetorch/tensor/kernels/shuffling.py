"""Shuffling: one dim, int64."""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.kernels.compiling import kernel


@kernel()
def shuffle(made: Any, steps: Any) -> None:
    """Exchange each element with the one so many places behind it; made: (n,), steps: (n - 1,), uint32."""
    for place in range(len(steps)):
        other = place + steps[place]
        kept = made[place]
        made[place] = made[other]
        made[other] = kept


SHUFFLING = {"shuffle": shuffle}
