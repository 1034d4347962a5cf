"""Equations between sizes: solving them for a name, and reading floor divisions as exact ones."""

from __future__ import annotations

from functools import lru_cache

from shapetorch.dim import division, expr
from shapetorch.dim.bounds import Lower, bounds
from shapetorch.dim.expr import (
    UNKNOWN_DIM,
    Atom,
    Dim,
    FloorDiv,
    Min,
    Monomial,
    Name,
    Size,
    Term,
    terms_of,
)
from shapetorch.dim.walk import atoms, parts_of, spelled


def as_atom(size: Size) -> Atom | None:
    """The atom that `size` is, None when it is anything more."""
    if isinstance(size, int) or len(size.terms) != 1:
        return None
    (monomial, factor) = size.terms[0]
    if factor == 1 and len(monomial) == 1 and monomial[0][1] == 1:
        return monomial[0][0]
    return None


def as_name(size: Size) -> Name | None:
    """The name that `size` is, None when it is anything more."""
    atom = as_atom(size)
    return atom if isinstance(atom, Name) else None


def solve(left: Size, right: Size, name: str) -> Size | None:
    """The value of `name` for which ``left == right``, None if there is no single integer one.

    ``solve(2*a + 1, 7, "a") == 3``. The equation must be linear in the name, and the division exact.
    """
    return solve_zero(left - right, name)


def solve_zero(difference: Size, name: str) -> Size | None:
    """The value of `name` for which `difference` is 0; see `solve`."""
    found = linear(difference, name)
    return found[1] if found else None


@lru_cache(maxsize=16384)
def linear(difference: Size, name: str) -> tuple[Size, Size] | None:
    """The slope and value: ``difference == slope * (name - value)``; None if it has no such form."""
    if isinstance(difference, int) or difference is UNKNOWN_DIM:
        return None
    slope: list[Term] = []
    rest: list[Term] = []
    for monomial, factor in difference.terms:
        here = [(atom, power) for atom, power in monomial if name in spelled(expr.of_atom(atom))]
        if not here:
            rest.append((monomial, factor))
        elif len(here) == 1 and here[0][1] == 1 and isinstance(here[0][0], Name):
            slope.append((tuple(item for item in monomial if item[0] is not here[0][0]), factor))
        else:
            return None
    divisor = expr.from_terms(slope)
    value = None if divisor == 0 else division.exact_quotient(-expr.from_terms(rest), divisor)
    return None if value is None or value is UNKNOWN_DIM else (divisor, value)


def without_factors(difference: Size, lower: Lower) -> Size:
    """`difference` without the factors of all its terms that are surely not 0."""
    if isinstance(difference, int) or difference is UNKNOWN_DIM:
        return difference
    common = division.common_factor(difference, difference)
    sure = tuple(
        (atom, power) for atom, power in common if (bounds(expr.of_atom(atom), lower)[0] or 0) > 0
    )
    content = division.content(difference.terms)
    if not sure and content == 1:
        return difference
    return expr.from_terms(
        (division.quotient_of(sure, monomial) or (), factor // content)
        for monomial, factor in difference.terms
    )


def exact_divisions(difference: Size) -> tuple[tuple[Size, Size], ...]:
    """The divisibilities that would make `difference` 0; empty if they would not.

    Found by reading every floor division as an exact one: a difference that is then the zero
    rational function is wrong only where a division leaves a remainder.
    """
    if isinstance(difference, int) or difference is UNKNOWN_DIM:
        return ()
    found = tuple(
        (atom.numerator, atom.denominator)
        for atom in atoms(difference)
        if isinstance(atom, FloorDiv)
    )
    return found if found and as_fraction(difference)[0] == 0 else ()


def as_fraction(size: Size) -> tuple[Size, Size]:
    """A size as numerator and denominator, every floor division read as an exact one."""
    top: Size = 0
    bottom: Size = 1
    for monomial, factor in terms_of(size):
        up: Size = factor
        down: Size = 1
        for atom, power in monomial:
            atom_up, atom_down = _atom_as_fraction(atom)
            up, down = up * atom_up**power, down * atom_down**power
        if down == bottom:
            top = top + up
        else:
            top, bottom = top * down + up * bottom, bottom * down
    return top, bottom


@lru_cache(maxsize=16384)
def _atom_as_fraction(atom: Atom) -> tuple[Size, Size]:
    if not isinstance(atom, FloorDiv):
        return expr.of_atom(atom), 1
    up, down = as_fraction(atom.numerator)
    over, under = as_fraction(atom.denominator)
    return up * under, down * over


def follow_from(difference: Dim) -> bool:
    """Whether ``difference == 0`` implies each of its `exact_divisions`, for sizes of at least 1.

    A floor division is at most the exact one. So it does when they all pull the difference in one
    direction: ``h*(d//h) - d``, but not ``2*(a//2) - a - 2*(b//2) + b``.
    """
    signs = {
        factor > 0
        for monomial, factor in difference.terms
        if any(not isinstance(atom, Name) for atom, _ in monomial)
    }
    plain = all(
        isinstance(atom, (Name, FloorDiv))
        and not any(isinstance(inner, (FloorDiv, Min)) for inner in _inner(atom))
        and all(factor > 0 for part in parts_of(atom) for _, factor in terms_of(part))
        for monomial, _ in difference.terms
        for atom, _ in monomial
    )
    return len(signs) == 1 and plain


def _inner(atom: Atom) -> list[Atom]:
    return [inner for part in parts_of(atom) for inner in atoms(part)]


def never_zero(difference: Size) -> bool:
    """Whether no integers at all make `difference` 0: ``2*a - 2*b + 1``."""
    if isinstance(difference, int):
        return difference != 0
    if difference is UNKNOWN_DIM:
        return False
    last, constant = difference.terms[-1]
    return not last and constant % division.content(difference.terms[:-1]) != 0


def _depths(monomial: Monomial) -> list[tuple[int, int]]:
    """The depths of a monomial's atoms, the greatest first, each with the power it has in all."""
    powers: dict[int, int] = {}
    for atom, power in monomial:
        powers[atom.depth] = powers.get(atom.depth, 0) + power
    return sorted(powers.items(), reverse=True)


class Relation:
    """An equation that cannot be solved for a name, used as a rule that rewrites its largest term.

    Largest is the term with the deepest atoms, then the order of terms decides. Products keep this
    order, so rewriting makes sizes smaller and ends; and no atom of the rest contains the term.
    """

    __slots__ = ("factor", "lead", "zero")

    def __init__(self, zero: Dim) -> None:
        self.zero = zero
        deepest = max(_depths(monomial) for monomial, _ in zero.terms)
        self.lead, self.factor = next(t for t in zero.terms if _depths(t[0]) == deepest)

    def reduce(self, size: Size) -> Size:
        """`size` with every multiple of the first term replaced by the same multiple of the rest."""
        for _ in range(division.MOST_DIVISION_STEPS):
            if isinstance(size, int) or size is UNKNOWN_DIM:
                return size
            for monomial, factor in size.terms:
                left = division.quotient_of(self.lead, monomial)
                if left is not None and factor % self.factor == 0:
                    times = expr.from_terms([(left, factor // self.factor)])
                    size = size - times * self.zero
                    break
            else:
                return size
        return size
