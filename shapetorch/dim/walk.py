"""Walking through sizes: their names, their values, and sizes with parts replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from shapetorch.dim import expr
from shapetorch.dim.expr import UNKNOWN_DIM, Atom, FloorDiv, Max, Min, Name, Size, terms_of

Change = Callable[[Atom], Size | None]


@lru_cache(maxsize=65536)
def atoms(size: Size) -> tuple[Atom, ...]:
    """The atoms a size is made of, outermost first, those inside of atoms too; each once."""
    found: dict[Atom, None] = {}
    for monomial, _ in terms_of(size):
        for atom, _ in monomial:
            found[atom] = None
            for part in parts_of(atom):
                found.update(dict.fromkeys(atoms(part)))
    return tuple(found)


def parts_of(atom: Atom) -> tuple[Size, ...]:
    """The sizes inside of an atom."""
    if isinstance(atom, FloorDiv):
        return (atom.numerator, atom.denominator)
    return atom.items if isinstance(atom, Min) else ()


@lru_cache(maxsize=65536)
def names(size: Size) -> frozenset[Name]:
    """The names in a size."""
    if isinstance(size, int):
        return frozenset()
    return frozenset(atom for atom in atoms(size) if isinstance(atom, Name))


@lru_cache(maxsize=65536)
def spelled(size: Size) -> frozenset[str]:
    """The names in a size, as text."""
    return frozenset(atom.name for atom in names(size))


def rewrite(size: Size, change: Change, settle: Callable[[Size], Size] | None = None) -> Size:
    """`size` with every atom for which `change` gives a size replaced by it, innermost first.

    Args:
        size: Where to look.
        change: The replacement of an atom, None to keep it.
        settle: What to do with each rebuilt size, those inside of atoms too.
    """
    if isinstance(size, int) or size is UNKNOWN_DIM:
        return size
    total: Size = 0
    for monomial, factor in size.terms:
        term: Size = factor
        for atom, power in monomial:
            replacement = _rewrite_atom(atom, change, settle)
            term = term * (replacement if power == 1 else replacement**power)
        total = total + term
    return settle(total) if settle else total


def _rewrite_atom(atom: Atom, change: Change, settle: Callable[[Size], Size] | None) -> Size:
    before = parts_of(atom)
    after = tuple(rewrite(part, change, settle) for part in before)
    if after != before:
        rebuilt = _rebuild(atom, after)
        if rebuilt is not expr.of_atom(atom):
            return rebuilt
    changed = change(atom)
    return expr.of_atom(atom) if changed is None else changed


def _rebuild(atom: Atom, parts: tuple[Size, ...]) -> Size:
    if isinstance(atom, FloorDiv):
        return UNKNOWN_DIM if parts[1] == 0 else parts[0] // parts[1]
    return expr.maximum(*parts) if isinstance(atom, Max) else expr.minimum(*parts)


def substitute(size: Size, values: Mapping[str, Size]) -> Size:
    """`size` with names replaced; names without a value stay.

    A size that is divided by 0 then is unknown.
    """
    if isinstance(size, int) or spelled(size).isdisjoint(values):
        return size
    return rewrite(size, lambda atom: values.get(atom.name) if isinstance(atom, Name) else None)


def evaluate(size: Size, binding: Mapping[str, int]) -> int:
    """The number `size` stands for when every name has the value `binding` gives it.

    Raises:
        ZeroDivisionError: the size is divided by a number that is 0.
    """
    if isinstance(size, int):
        return size
    assert size is not UNKNOWN_DIM, "an unknown size has no value"
    total = 0
    for monomial, factor in size.terms:
        term = factor
        for atom, power in monomial:
            term *= _evaluate_atom(atom, binding) ** power
        total += term
    return total


def _evaluate_atom(atom: Atom, binding: Mapping[str, int]) -> int:
    if isinstance(atom, Name):
        return binding[atom.name]
    if isinstance(atom, FloorDiv):
        return evaluate(atom.numerator, binding) // evaluate(atom.denominator, binding)
    assert isinstance(atom, Min), "an atom is a Name, a FloorDiv, a Min or a Max"
    return (max if isinstance(atom, Max) else min)(evaluate(item, binding) for item in atom.items)
