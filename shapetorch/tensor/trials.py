"""Numbers of events and of successes: how uniform numbers become Poisson and binomial numbers.

The methods are PyTorch's: products or sums of uniform numbers where few events are expected, Hörmann's
transformed rejection ("PTRS", 1993, and "BTRS", 1993) where many are. Each number takes as many uniform
numbers as it happens to need, one after the other. Both functions take them from an array, begin at the
element `first` and give the next element and how many uniform numbers went into those before it; they
are plain loops, which run as they are or compiled (`kernels.trials`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.generators import Generator
from shapetorch.tensor.sampling import FLOAT64, uniform
from shapetorch.tensor.tensors import Array

_WORK = 200
"""What a uniform number costs in Python, in element-wise operations."""


def poisson_numbers(drawn: Any, rates: Any, first: int, made: Any) -> tuple[int, int]:
    """Poisson numbers with these rates; drawn: (n,), rates, made: (m,), float64."""
    used = place = 0
    for i in range(first, len(rates)):
        rate = rates[i]
        found = -1.0
        if rate == 0:
            found = 0.0
        elif rate < 10:
            least, product, events = math.exp(-rate), 1.0, 0
            while place < len(drawn):
                product *= drawn[place]
                place += 1
                if product <= least:
                    found = float(events)
                    break
                events += 1
        else:
            width = 0.931 + 2.53 * math.sqrt(rate)
            lean = -0.059 + 0.02483 * width
            scale = 1.1239 + 1.1328 / (width - 3.4)
            quick = 0.9277 - 3.6224 / (width - 2)
            while place + 1 < len(drawn):
                u, v = drawn[place] - 0.5, drawn[place + 1]
                place += 2
                edge = 0.5 - abs(u)
                if edge == 0:
                    continue
                k = math.floor((2 * lean / edge + width) * u + rate + 0.43)
                if edge >= 0.07 and v <= quick:
                    found = float(k)
                    break
                if k < 0 or (edge < 0.013 and v > edge) or v == 0:
                    continue
                left = math.log(v) + math.log(scale) - math.log(lean / (edge * edge) + width)
                if left <= -rate + k * math.log(rate) - math.lgamma(k + 1):
                    found = float(k)
                    break
        if found < 0:  # the uniform numbers ran out
            return i, used
        made[i] = found
        used = place
    return len(rates), used


def binomial_numbers(  # noqa: PLR0915 - compiled as it stands: a kernel calls no function of ours
    drawn: Any, facts: Any, first: int, made: Any
) -> tuple[int, int]:
    """Binomial numbers, of chances up to a half; drawn: (n,), made: (m,), float64.

    facts: (7, m), float64: trials, chance, log of what fails, mean, deviation, mode, odds.
    """
    tails = (
        0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
        0.0166446911898211, 0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
        0.00925546218271273, 0.00833056343336287,
    )  # fmt: skip
    used = place = 0
    for i in range(first, len(made)):
        trials, chance, logarithm, mean = facts[0][i], facts[1][i], facts[2][i], facts[3][i]
        found = -1.0
        if trials <= 0 or chance <= 0:
            found = 0.0
        elif mean < 10:
            total, events = 0.0, 0
            while place < len(drawn):
                u = drawn[place]
                place += 1
                if u > 0:
                    total += math.ceil(math.log(u) / logarithm)
                if u == 0 or total > trials:
                    found = float(events)
                    break
                events += 1
        else:
            deviation, mode, odds = facts[4][i], facts[5][i], facts[6][i]
            width = 1.15 + 2.53 * deviation
            lean = -0.0873 + 0.0248 * width + 0.01 * chance
            scale = (2.83 + 5.1 / width) * deviation
            quick = 0.92 - 4.2 / width
            while place + 1 < len(drawn):
                u, v = drawn[place] - 0.5, drawn[place + 1]
                place += 2
                edge = 0.5 - abs(u)
                if edge == 0:
                    continue
                k = math.floor((2 * lean / edge + width) * u + mean + 0.5)
                if k < 0 or k > trials:
                    continue
                if edge >= 0.07 and v <= quick:
                    found = float(k)
                    break
                bound = (mode + 0.5) * math.log((mode + 1) / (odds * (trials - mode + 1)))
                bound += (trials + 1) * math.log((trials - mode + 1) / (trials - k + 1))
                bound += (k + 0.5) * math.log(odds * (trials - k + 1) / (k + 1))
                for j in range(4):  # what Stirling's formula leaves out of n!
                    half = mode if j % 2 == 0 else trials - mode
                    n = half if j < 2 else k if j == 2 else trials - k
                    if n <= 9:
                        tail = tails[int(n)]
                    else:
                        square = (n + 1) * (n + 1)
                        tail = (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (n + 1)
                    bound += tail if j < 2 else -tail
                if v == 0 or math.log(v * scale / (lean / (edge * edge) + width)) <= bound:
                    found = float(k)
                    break
        if found < 0:
            return i, used
        made[i] = found
        used = place
    return len(made), used


def _numbers(
    name: str, plain: Callable[..., Any], source: Generator, facts: Array, expected: float
) -> Array:
    """What `plain` makes of the generator's numbers, which goes on behind the last one that was used."""
    count = facts.shape[-1]
    made = np.zeros(count)
    with source.lock:
        done, rest = 0, expected
        while done < count:
            before = source.bits.state
            drawn = uniform(source, int(rest * 1.1) + 64, FLOAT64)
            kernel = kernels.compiled(name, len(drawn) * _WORK)
            if kernel is not None:
                after, used = kernel(drawn, facts, done, made)
            else:
                listed = made.tolist()
                after, used = plain(drawn.tolist(), facts.tolist(), done, listed)
                made[:] = listed
            source.bits.state = before
            source.words(2 * used)
            rest = rest * (count - after) / max(count - done, 1) if after > done else 2 * rest + 64
            done = after
    return made


def poisson(source: Generator, rates: Array) -> Array:
    """Poisson numbers with these rates, which are not negative."""
    flat = rates.reshape(-1)
    expected = float(np.where(flat < 10, flat + 1, 2.5).sum())
    return _numbers("poisson_numbers", poisson_numbers, source, flat, expected).reshape(rates.shape)


def binomial(source: Generator, trials: Array, chances: Array) -> Array:
    """How many of so many trials succeed; arrays of one shape and dtype, in which PyTorch computes."""
    kind = trials.dtype.type
    shape, trials, chances = trials.shape, trials.reshape(-1), chances.reshape(-1)
    turned = chances > 0.5
    chance = np.where(turned, kind(1) - chances, chances)
    with np.errstate(all="ignore"):
        facts = np.array(
            [
                trials,
                chance,
                np.log1p(-chance.astype(np.float64)),
                trials * chance,
                np.sqrt(trials * chance * (kind(1) - chance)),
                np.floor((trials + kind(1)) * chance),
                chance / (kind(1) - chance),
            ],
            np.float64,
        )
    expected = float(np.where(facts[3] < 10, facts[3] + 1, 2.5).sum())
    found = _numbers("binomial_numbers", binomial_numbers, source, facts, expected)
    return np.where(turned, trials - found, found).reshape(shape)
