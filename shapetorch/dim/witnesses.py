"""Sizes for which two sizes differ: the search for a witness."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from shapetorch.dim.bounds import least_of
from shapetorch.dim.expr import UNKNOWN_DIM, Atom, Name, Size, of_atom
from shapetorch.dim.facts import NO_FACTS, Facts
from shapetorch.dim.walk import evaluate, names, substitute

MOST_TRIALS = 200


def witness(
    a: Size,
    b: Size,
    *,
    other_than: int | None = None,
    facts: Facts = NO_FACTS,
    least: int | None = 0,
) -> dict[str, int] | None:
    """Sizes for which `a` and `b` differ, smallest first; None if none were found.

    Args:
        a: One size.
        b: The other.
        other_than: Neither side may have this value (1 where broadcasting would save it).
        facts: What the sizes must satisfy.
        least: The least value either side may have.
    """
    if UNKNOWN_DIM in (a, b):
        return None
    shown = {*names(a), *names(b)}
    involved = _involved(shown, facts)
    values = {atom: substitute(of_atom(atom), facts.solved) for atom in involved}
    if UNKNOWN_DIM in values.values():
        return None
    free = sorted({atom for value in values.values() for atom in names(value)}, key=_order)
    lowest = [least_of(atom, facts.lower) for atom in free]
    start = [1 if bound is None else bound for bound in lowest]
    for trial in _trials(len(free)):
        steps = zip(free, start, trial, strict=True)
        binding = {atom.name: first + step - 1 for atom, first, step in steps}
        try:
            binding.update((atom.name, evaluate(size, binding)) for atom, size in values.items())
            if any(binding[atom.name] < (least_of(atom, facts.lower) or 0) for atom in involved):
                continue
            left, right = evaluate(a, binding), evaluate(b, binding)
            if left == right or other_than in (left, right):
                continue
            if least is not None and min(left, right) < least:
                continue
            if facts.history and not facts.hold(binding):
                continue
        except ZeroDivisionError:
            continue
        return {atom.name: binding[atom.name] for atom in sorted(shown, key=_order)}
    return None


def _order(atom: Atom) -> tuple[object, ...]:
    return atom.key


def _involved(start: set[Name], facts: Facts) -> list[Name]:
    """The names of `start` and those that facts connect with them."""
    found = set(start)
    todo = [names(a) | names(b) for _, a, b in facts.history]
    growing = True
    while growing:
        touching = [group for group in todo if not found.isdisjoint(group)]
        todo = [group for group in todo if found.isdisjoint(group)]
        found.update(*touching)
        growing = bool(touching)
    return sorted(found, key=_order)


@lru_cache(maxsize=64)
def _trials(count: int) -> tuple[tuple[int, ...], ...]:
    """Bindings to try: the smallest first, then distinct primes."""
    if count == 0:
        return ((),)
    trials: list[tuple[int, ...]] = []
    if count <= 3:
        trials += sorted(product(range(1, 5), repeat=count), key=sum)
    else:
        ladder = tuple(range(1, count + 1))
        trials += [(1,) * count, ladder, ladder[::-1]]
        for first in range(count):  # pairs, since facts may ask for a*b == c*d
            for second in range(first, min(count, first + 6)):
                trials.append(tuple(2 if at in (first, second) else 1 for at in range(count)))
    primes = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
    for shift in range(len(primes)):
        trials.append(tuple(primes[(shift + i) % len(primes)] for i in range(count)))
    for shift in range(24):
        trials.append(tuple(2 ** ((shift * i + shift) % 7) * (1 + i) for i in range(count)))
    trials += [(value + 12,) * count for value in range(64)]
    return tuple(trials[:MOST_TRIALS])
