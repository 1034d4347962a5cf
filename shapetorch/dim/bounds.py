"""The least and the greatest value a size may have."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TypeAlias

from shapetorch.dim import expr
from shapetorch.dim.expr import UNKNOWN_DIM, Atom, Dim, FloorDiv, Max, Min, Monomial, Name, Size

Bound: TypeAlias = int | None
Bounds: TypeAlias = tuple[Bound, Bound]
Lower: TypeAlias = Mapping[str, Bound]


def least_of(name: Name, lower: Lower) -> Bound:
    """The least value of a name: 1 for a rigid one, none for a soft one, unless `lower` says."""
    return lower.get(name.name, None if name.soft else 1)


def bounds(size: Size, lower: Lower) -> Bounds:
    """The least and the greatest value `size` may have; None where there is no limit."""
    if isinstance(size, int):
        return size, size
    if size is UNKNOWN_DIM:
        return None, None
    low, high = _term_by_term(size, lower)
    if low is None or high is None:
        sharper = _without_divisions(size, lower)
        low = _larger(low, sharper[0])
        high = _smaller(high, sharper[1])
    if low is None or high is None:
        low = _larger(low, _least_without_extremes(size, lower))
        most = _least_without_extremes(-size, lower)
        high = _smaller(high, None if most is None else -most)
    return low, high


def _term_by_term(size: Dim, lower: Lower) -> Bounds:
    low: Bound = 0
    high: Bound = 0
    for monomial, factor in size.terms:
        least, most = _monomial_bounds(monomial, lower)
        if factor < 0:
            least, most = most, least
        low = None if low is None or least is None else low + factor * least
        high = None if high is None or most is None else high + factor * most
    return low, high


def _without_divisions(size: Dim, lower: Lower) -> Bounds:
    """Bounds from ``n - k + 1 <= k * (n // k) <= n``, which relate a division to its numerator."""
    scale = prod(
        {
            atom.denominator
            for monomial, _ in size.terms
            for atom, _ in monomial
            if isinstance(atom, FloorDiv) and isinstance(atom.denominator, int)
        }
    )
    if scale == 1:
        return None, None
    over: Size = 0  # at least scale * size
    under: Size = 0  # at most scale * size
    for monomial, factor in size.terms:
        divided = _lone_division(monomial)
        if divided is None:
            term = expr.from_terms([(monomial, factor * scale)])
            over, under = over + term, under + term
            continue
        numerator, k = divided
        times = factor * (scale // k)
        ends = (numerator * times, (numerator - (k - 1)) * times)
        over = over + (ends[0] if factor > 0 else ends[1])
        under = under + (ends[1] if factor > 0 else ends[0])
    most = over if isinstance(over, int) else _term_by_term(over, lower)[1]
    least = under if isinstance(under, int) else _term_by_term(under, lower)[0]
    return (
        None if least is None else -(-least // scale),
        None if most is None else most // scale,
    )


def _least_without_extremes(size: Size, lower: Lower) -> Bound:
    """A lower bound from ``min(a, b) <= a`` and ``max(a, b) >= a``, which relate them to items."""
    if isinstance(size, int):
        return size
    extremes = [a for monomial, _ in size.terms for a, _ in monomial if isinstance(a, Min)]
    if len(extremes) > 2 or any(len(atom.items) > 4 for atom in extremes):
        return None  # each item is tried, for each of them
    for monomial, factor in size.terms:
        atom, power = monomial[0] if len(monomial) == 1 else (None, 0)
        if power == 1 and isinstance(atom, Min) and (factor > 0) is isinstance(atom, Max):
            rest = size - expr.of_atom(atom) * factor
            least: Bound = None
            for item in atom.items:
                least = _larger(least, bounds(rest + item * factor, lower)[0])
            return least
    return None


def _lone_division(monomial: Monomial) -> tuple[Size, int] | None:
    if len(monomial) == 1 and monomial[0][1] == 1:
        atom = monomial[0][0]
        if isinstance(atom, FloorDiv) and isinstance(atom.denominator, int):
            return atom.numerator, atom.denominator
    return None


def _monomial_bounds(monomial: Monomial, lower: Lower) -> Bounds:
    low, high = 1, 1
    bounded = True
    for atom, power in monomial:
        least, most = _atom_bounds(atom, lower)
        if least is None or least < 0:
            if len(monomial) == 1 and power == 1:
                return least, most
            return (0, None) if all(even % 2 == 0 for _, even in monomial) else (None, None)
        low *= least**power
        if most is None:
            bounded = False
        else:
            high *= most**power
    return low, high if bounded else None


def _atom_bounds(atom: Atom, lower: Lower) -> Bounds:
    if isinstance(atom, Name):
        return least_of(atom, lower), None
    if isinstance(atom, FloorDiv):
        return _quotient_bounds(bounds(atom.numerator, lower), bounds(atom.denominator, lower))
    assert isinstance(atom, Min), "an atom is a Name, a FloorDiv, a Min or a Max"
    pairs = [bounds(item, lower) for item in atom.items]
    lows = [low for low, _ in pairs if low is not None]
    highs = [high for _, high in pairs if high is not None]
    if isinstance(atom, Max):
        return max(lows, default=None), max(highs) if len(highs) == len(pairs) else None
    return min(lows) if len(lows) == len(pairs) else None, min(highs, default=None)


def _quotient_bounds(numerator: Bounds, denominator: Bounds) -> Bounds:
    (low, high), (least, most) = numerator, denominator
    if least is None or least < 0 or (most is not None and most < 1):
        return None, None
    least = max(least, 1)  # a division by 0 has no value
    quotient_low: Bound = None
    if low is not None:
        divisor = least if low < 0 else most
        quotient_low = 0 if divisor is None else low // divisor
    quotient_high: Bound = None
    if high is not None:
        divisor = least if high >= 0 else most
        quotient_high = -1 if divisor is None else high // divisor
    return quotient_low, quotient_high


def _larger(a: Bound, b: Bound) -> Bound:
    return b if a is None else a if b is None else max(a, b)


def _smaller(a: Bound, b: Bound) -> Bound:
    return b if a is None else a if b is None else min(a, b)
