"""Canonical symbolic dimensions.

A `Dim` is an integer polynomial over atoms: a sum of terms, each an integer times a product of
powers of atoms. An atom is a `Name`, a `FloorDiv`, a `Min` or a `Max`. A polynomial without atoms
is a plain ``int``, so ``T - T`` is ``0`` and `Size` means ``int | Dim``. Remainder is not an atom:
``a % b`` is ``a - b * (a // b)``.
Invariant: two Dims with the same canonical form are one object, so `==` is identity and means
"same canonical form". The converse is not promised: ask `compare.equal`.
`UNKNOWN_DIM` is the size about which nothing is known; arithmetic with it gives it back. So does
arithmetic whose result would have too many terms or too large an atom.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias

MOST_TERMS = 200
MOST_WEIGHT = 300
MOST_DEPTH = 24


class Atom:
    """An indivisible factor; equal atoms are one object.

    Attributes:
        key: The order of atoms, so that products have one spelling.
        weight: How many symbols it takes to write it.
        depth: How many atoms are nested in one another.
    """

    __slots__ = ("depth", "key", "weight")
    key: tuple[object, ...]
    weight: int
    depth: int


class Name(Atom):
    """A named size.

    A rigid name stands for every number, a soft one for one unknown number. An opaque name is soft
    and may even depend on other sizes; it is spelled with a leading ``?`` or ``*.``.
    """

    __slots__ = ("name", "soft")
    name: str
    soft: bool

    @property
    def opaque(self) -> bool:
        """Whether nothing can be said against any equation with this name."""
        return self.soft and self.name.startswith(("?", "*."))

    def __new__(cls, name: str, soft: bool = False) -> Name:
        found = _atoms.get((name, soft))
        if isinstance(found, Name):
            return found
        made = object.__new__(cls)
        made.name, made.soft = name, soft
        made.key, made.weight, made.depth = (0, name, soft), 1, 0
        _atoms[name, soft] = made
        return made

    def __reduce__(self) -> tuple[type[Name], tuple[str, bool]]:
        return Name, (self.name, self.soft)


class FloorDiv(Atom):
    """``numerator // denominator``, not reducible further."""

    __slots__ = ("denominator", "numerator")
    numerator: Size
    denominator: Size

    def __new__(cls, numerator: Size, denominator: Size) -> FloorDiv:
        made = _atoms.get((cls, numerator, denominator))
        if not isinstance(made, FloorDiv):
            made = object.__new__(cls)
            made.numerator, made.denominator = numerator, denominator
            made.key = (1, sort_key(numerator), sort_key(denominator))
            _measure(made, (numerator, denominator))
            _atoms[cls, numerator, denominator] = made
        return made

    def __reduce__(self) -> tuple[type[FloorDiv], tuple[Size, Size]]:
        return FloorDiv, (self.numerator, self.denominator)


class Min(Atom):
    """The smallest of two or more sizes, none of which is always the smallest."""

    __slots__ = ("items",)
    items: tuple[Size, ...]
    order: ClassVar[int] = 2

    def __new__(cls, items: tuple[Size, ...]) -> Min:
        made = _atoms.get((cls, items))
        if not isinstance(made, Min):
            made = object.__new__(cls)
            made.items = items
            made.key = (cls.order, tuple(sort_key(item) for item in items))
            _measure(made, items)
            _atoms[cls, items] = made
        return made

    def __reduce__(self) -> tuple[type[Min], tuple[tuple[Size, ...]]]:
        return type(self), (self.items,)


class Max(Min):
    """The largest of two or more sizes, none of which is always the largest."""

    __slots__ = ()
    order = 3


def _measure(atom: Atom, parts: tuple[Size, ...]) -> None:
    inner = [
        factor
        for part in parts
        if isinstance(part, Dim)
        for monomial, _ in part.terms
        for factor, _ in monomial
    ]
    atom.weight = 1 + len(parts) + sum(factor.weight for factor in inner)
    atom.depth = 1 + max((factor.depth for factor in inner), default=0)


Monomial: TypeAlias = tuple[tuple[Atom, int], ...]
Term: TypeAlias = tuple[Monomial, int]


class Dim:
    """A symbolic size; see the module. Made by arithmetic and by `name`, never directly."""

    __slots__ = ("terms",)
    terms: tuple[Term, ...]

    def __add__(self, other: Size) -> Size:
        return _add(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Size) -> Size:
        return _add(self, _multiply(other, -1)) if isinstance(other, (int, Dim)) else NotImplemented

    def __rsub__(self, other: Size) -> Size:
        return _add(other, _multiply(self, -1)) if isinstance(other, (int, Dim)) else NotImplemented

    def __mul__(self, other: Size) -> Size:
        return _multiply(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    __rmul__ = __mul__

    def __neg__(self) -> Size:
        return _multiply(self, -1)

    def __pos__(self) -> Size:
        return self

    def __floordiv__(self, other: Size) -> Size:
        return division.floordiv(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    def __rfloordiv__(self, other: Size) -> Size:
        return division.floordiv(other, self) if isinstance(other, (int, Dim)) else NotImplemented

    def __mod__(self, other: Size) -> Size:
        return division.modulo(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    def __rmod__(self, other: Size) -> Size:
        return division.modulo(other, self) if isinstance(other, (int, Dim)) else NotImplemented

    def __pow__(self, other: int) -> Size:
        if not isinstance(other, int) or other < 0 or self is UNKNOWN_DIM:
            return UNKNOWN_DIM
        if len(self.terms) == 1:
            monomial, factor = self.terms[0]
            powers = tuple((atom, power * other) for atom, power in monomial)
            return intern(((powers, factor**other),)) if other else 1
        result: Size = 1
        for _ in range(other):
            result = _multiply(result, self)
            if result is UNKNOWN_DIM:
                break
        return result

    def __bool__(self) -> bool:
        raise TypeError(f"the truth of the symbolic size {self} is not known; use dim.compare")

    def __lt__(self, other: object) -> bool:
        raise TypeError("symbolic sizes have no order; use dim.compare")

    __le__ = __gt__ = __ge__ = __lt__

    def __str__(self) -> str:
        from shapetorch.dim.text import render

        return render(self)

    def __repr__(self) -> str:
        return f"Dim({self})"

    def __reduce__(self) -> tuple[Callable[..., Size], tuple[object, ...]]:
        return (_unknown, ()) if self is UNKNOWN_DIM else (from_terms, (self.terms,))


Size: TypeAlias = int | Dim

_atoms: dict[tuple[object, ...], Atom] = {}
_interned: dict[tuple[Term, ...], Dim] = {}
MOST_INTERNED = 400_000
_limit = MOST_INTERNED


def sweep() -> None:
    """Forget the sizes that nothing but the tables refers to: a daemon runs for days."""
    global _limit  # noqa: PLW0603
    for cache in (_monomial_key, name, _add, _multiply, division.floordiv):
        cache.cache_clear()
    for _ in range(3):
        _drop_unused(_interned)
        _drop_unused(_atoms)
    _limit = max(MOST_INTERNED, 2 * len(_interned))


def _drop_unused(table: dict[Any, Any]) -> None:
    for key in reversed(list(table)):  # newer sizes refer to older ones
        value = table[key]
        if sys.getrefcount(value) <= 3:  # the table, the variable and the argument
            del table[key]


@lru_cache(maxsize=65536)
def _monomial_key(monomial: Monomial) -> tuple[object, ...]:
    """Order of terms: higher degree first, then alphabetical; the constant comes last."""
    degree = sum(power for _, power in monomial)
    return (-degree, tuple((atom.key, -power) for atom, power in monomial))


def _term_key(term: Term) -> tuple[object, ...]:
    return _monomial_key(term[0])


def from_terms(terms: Iterable[Term]) -> Size:
    """The sum of terms with different monomials."""
    kept = [term for term in terms if term[1]]
    if len(kept) > 1:
        kept.sort(key=_term_key)
    return intern(tuple(kept))


def intern(terms: tuple[Term, ...]) -> Size:
    """The one size with these terms, which are sorted and not 0."""
    if not terms:
        return 0
    if not terms[0][0]:
        return terms[0][1]
    found = _interned.get(terms)
    if found is not None:
        return found
    if len(terms) > MOST_TERMS:
        return UNKNOWN_DIM
    if len(_interned) > _limit:
        sweep()
    made = object.__new__(Dim)
    made.terms = terms
    _interned[terms] = made
    return made


def _unknown() -> Dim:
    return UNKNOWN_DIM


UNKNOWN_DIM: Dim = object.__new__(Dim)
UNKNOWN_DIM.terms = ()


def sort_key(size: Size) -> tuple[object, ...]:
    """A total order over canonical sizes; it has no arithmetic meaning."""
    if isinstance(size, int):
        return (0, size)
    return (1, tuple((_monomial_key(monomial), factor) for monomial, factor in size.terms))


def of_atom(atom: Atom) -> Size:
    """The size that an atom is."""
    if atom.weight > MOST_WEIGHT or atom.depth > MOST_DEPTH:
        return UNKNOWN_DIM
    return intern(((((atom, 1),), 1),))


@lru_cache(maxsize=65536)
def name(text: str, *, soft: bool = False) -> Dim:
    """The size called `text`."""
    made = of_atom(Name(text, soft))
    assert isinstance(made, Dim), "a name is not a number"
    return made


def terms_of(size: Size) -> tuple[Term, ...]:
    """The terms of a size, a number's too."""
    return (((), size),) if isinstance(size, int) else size.terms


@lru_cache(maxsize=65536)
def _add(a: Size, b: Size) -> Size:
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return UNKNOWN_DIM
    total = dict(terms_of(a))
    for monomial, factor in terms_of(b):
        total[monomial] = total.get(monomial, 0) + factor
    return from_terms(total.items())


def order_of_factors(item: tuple[Atom, int]) -> tuple[object, ...]:
    """What the factors of a product are sorted by."""
    return item[0].key


def _times(a: Monomial, b: Monomial) -> Monomial:
    if not a or not b:
        return a or b
    if a[-1][0].key < b[0][0].key:
        return a + b
    if b[-1][0].key < a[0][0].key:
        return b + a
    powers = dict(a)
    for atom, power in b:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items(), key=order_of_factors))


@lru_cache(maxsize=65536)
def _multiply(a: Size, b: Size) -> Size:
    if a == 0 or b == 0:
        return 0
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return UNKNOWN_DIM
    if isinstance(a, int):
        a, b = b, a
    if isinstance(b, int):
        return intern(tuple([(monomial, factor * b) for monomial, factor in terms_of(a)]))
    left, right = terms_of(a), terms_of(b)
    if len(left) == len(right) == 1:
        return intern(((_times(left[0][0], right[0][0]), left[0][1] * right[0][1]),))
    if len(left) * len(right) > 8 * MOST_TERMS:
        return UNKNOWN_DIM
    total: dict[Monomial, int] = {}
    for monomial, factor in left:
        for other, times in right:
            both = _times(monomial, other)
            total[both] = total.get(both, 0) + factor * times
    return from_terms(total.items())


def _extreme(kind: type[Min], keep: Callable[[int], bool], sizes: Iterable[Size]) -> Size:
    flat: list[Size] = []
    for size in sizes:
        if size is UNKNOWN_DIM:
            return UNKNOWN_DIM
        only = size.terms[0] if isinstance(size, Dim) and len(size.terms) == 1 else None
        if only and only[1] == 1 and len(only[0]) == 1 and only[0][0][1] == 1:
            atom = only[0][0][0]
            flat.extend(atom.items if isinstance(atom, Min) and type(atom) is kind else [size])
        else:
            flat.append(size)
    kept: list[Size] = []
    for size in flat:
        for position, other in enumerate(kept):
            difference = _add(size, _multiply(other, -1))
            if isinstance(difference, int):
                if keep(difference):
                    kept[position] = size
                break
        else:
            kept.append(size)
    if len(kept) == 1:
        return kept[0]
    return of_atom(kind(tuple(sorted(kept, key=sort_key))))


def minimum(*sizes: Size) -> Size:
    """The smallest of the sizes."""
    if all(isinstance(size, int) for size in sizes):
        return min(sizes)
    return _extreme(Min, lambda difference: difference < 0, sizes)


def maximum(*sizes: Size) -> Size:
    """The largest of the sizes."""
    if all(isinstance(size, int) for size in sizes):
        return max(sizes)
    return _extreme(Max, lambda difference: difference > 0, sizes)


def product(sizes: Iterable[Size]) -> Size:
    """The product of the sizes; 1 for none."""
    result: Size = 1
    for size in sizes:
        result = result * size
    return result


from shapetorch.dim import division  # noqa: E402  (it divides what is defined above)
