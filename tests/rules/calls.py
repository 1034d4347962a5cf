"""Calls of functions, methods and layers of PyTorch, and the samplers that make them up.

Samples live in ``samples_<family>.py`` next to this file and register themselves::

    @samples("mm")
    def mm(rng: random.Random) -> Call:
        m, k, n = sizes(rng, 3)
        return Call(rng.choice(["torch.mm", "Tensor.mm"]), (T((m, k)), T((maybe_other(rng, k), n))))
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import torch

from shapetorch import rules

torch.set_num_threads(1)

PRIMES = (2, 3, 5, 7)


# -- calls ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class T:
    """A tensor argument.

    `values` is a number (every element), nested lists, or a function of the shape that makes the
    tensor; without it floats are random, integers 0 and booleans true.
    """

    shape: tuple[int, ...]
    dtype: str = "float32"
    values: Any = None

    def __repr__(self) -> str:
        kind = "" if self.dtype == "float32" else f", {self.dtype}"
        return f"T({self.shape}{kind})"

    def make(self) -> torch.Tensor:
        """The tensor itself."""
        dtype = getattr(torch, self.dtype)
        if callable(self.values):
            return self.values(self.shape).to(dtype)
        if isinstance(self.values, (list, tuple)):
            return torch.tensor(self.values, dtype=dtype).reshape(self.shape)
        if self.values is not None:
            return torch.full(self.shape, self.values, dtype=dtype)
        if dtype.is_floating_point or dtype.is_complex:
            made = torch.rand(self.shape, generator=torch.Generator().manual_seed(0))
            return made.to(dtype)
        return torch.full(self.shape, dtype is torch.bool, dtype=dtype)


@dataclass(frozen=True)
class D:
    """A dtype argument: ``D("float32")``."""

    name: str


@dataclass(frozen=True)
class Call:
    """``target(*args, **kwargs)``; a layer is constructed so and then called with `inputs`."""

    target: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[Any] | None = None
    input_kwargs: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        text = f"{self.target}({_listed(self.args, self.kwargs)})"
        return (
            text if self.inputs is None else text + f"({_listed(self.inputs, self.input_kwargs)})"
        )


def _listed(args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    return ", ".join([*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())])


# -- the registry of samples ------------------------------------------------------------------------

Sampler = Callable[[random.Random], Call]


NUMBERS_ONLY = 0


@dataclass(frozen=True)
class Samples:
    """Who makes the calls of a rule, and what not to expect of them."""

    sampler: Sampler
    never_rejects: str | None = None
    exhaustive: str | None = None
    least: int = 1
    numbers_only: str | None = None


SAMPLES: dict[str, Samples] = {}


def samples(
    *rule_names: str,
    never_rejects: str | None = None,
    exhaustive: str | None = None,
    least: int = 1,
    numbers_only: str | None = None,
) -> Callable[[Sampler], Sampler]:
    """Register a generator of calls for the rules (or layers) so named.

    Args:
        rule_names: `Rule.name`, or the dotted name of a layer.
        never_rejects: Why there are no calls that PyTorch refuses because of a shape.
        exhaustive: Why there are fewer calls than a long run asks for.
        least: The least size that a name stands for; 2 where the rule takes names not to be 1.
        numbers_only: Why names in place of sizes give another answer than numbers.
    """

    def register(sampler: Sampler) -> Sampler:
        for item in rule_names:
            assert item not in SAMPLES, f"{item} has samples already"
            SAMPLES[item] = Samples(sampler, never_rejects, exhaustive, least, numbers_only)
        return sampler

    return register


@cache
def load() -> Mapping[str, Samples]:
    """All samples, from every ``samples_*.py`` of this folder."""
    for path in sorted(Path(__file__).parent.glob("samples_*.py")):
        importlib.import_module(f"tests.rules.{path.stem}")
    return SAMPLES


# -- what samplers share ----------------------------------------------------------------------------


def size(rng: random.Random) -> int:
    """A small prime, now and then 1 or 0."""
    return rng.choice((2, 2, 3, 3, 5, 5, 7, 1, 1, 0)) if rng.random() < 0.5 else rng.choice(PRIMES)


def sizes(rng: random.Random, count: int) -> tuple[int, ...]:
    """Sizes, distinct primes if they can be, now and then with a 1 or a 0."""
    if count <= len(PRIMES) and rng.random() < 0.6:
        return tuple(rng.sample(PRIMES, count))
    return tuple(size(rng) for _ in range(count))


def shape(rng: random.Random, least: int = 0, most: int = 5) -> tuple[int, ...]:
    """A shape of rank `least` to `most`."""
    return sizes(rng, rng.randint(least, most))


def maybe_other(rng: random.Random, value: int, chance: float = 0.25) -> int:
    """`value`, or with some chance another size."""
    return size(rng) if rng.random() < chance else value


def maybe_other_rank(
    rng: random.Random, value: tuple[int, ...], chance: float = 0.1
) -> tuple[int, ...]:
    """`value`, or with some chance a size more or less."""
    if rng.random() >= chance:
        return value
    return value[1:] if value and rng.random() < 0.5 else (size(rng), *value)


def broadcastable(rng: random.Random, to: tuple[int, ...], spoil: float = 0.1) -> tuple[int, ...]:
    """A shape that broadcasts with `to`, except that each size is spoilt with some chance."""
    kept = to[rng.randint(0, len(to)) :] if rng.random() < 0.5 else to
    out = [1 if rng.random() < 0.25 else item for item in kept]
    return tuple(maybe_other(rng, item, spoil) for item in out)


def any_dim(rng: random.Random, rank: int, bad: float = 0.15) -> int:
    """An axis number of a tensor of `rank`, negative or not, with some chance out of range."""
    span = max(rank, 1)
    if rng.random() < bad:
        return rng.choice((span, -span - 1, span + 2))
    return rng.randint(-span, span - 1)


def calls_of(rule_name: str, seed: int) -> Iterator[Call]:
    """Calls from the rule's sampler; those of other rules that share it are left out."""
    rng = random.Random(f"{rule_name} {seed}")
    sampler = load()[rule_name].sampler
    for _ in range(12000):
        call = sampler(rng)
        if rule_name in names_of(call):
            yield call


def names_of(call: Call) -> set[str]:
    """The rules, or the layer, that a call is for."""
    if call.inputs is not None:
        return {call.target}
    method = call.target.removeprefix("Tensor.")
    found = rules.FUNCTIONS if method == call.target else rules.METHODS
    return {item.name for item in found[method]}
