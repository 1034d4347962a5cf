"""Canonical symbolic dimensions.

A `Dim` is an integer polynomial over atoms: a sum of terms, each an integer times a product of
powers of atoms. An atom is a `Name`, a `FloorDiv`, a `Min` or a `Max`. A polynomial without atoms
is a plain ``int``, so ``T - T`` is ``0`` and `Size` means ``int | Dim``. Remainder is not an atom:
``a % b`` is ``a - b * (a // b)``.
Invariant: two Dims with the same canonical form are one object, so `==` is identity and means
"same canonical form". The converse is not promised: ask `compare.equal`.
`UNKNOWN_DIM` is the size about which nothing is known; arithmetic with it gives it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from math import gcd
from typing import TypeAlias


class Atom:
    """An indivisible factor. Atoms are ordered by `key`, so that products have one spelling."""

    __slots__ = ("_hash", "key")
    key: tuple[object, ...]

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Atom) and self.key == other.key)

    def __hash__(self) -> int:
        return self._hash


class Name(Atom):
    """A named size.

    A rigid name stands for every number, a soft one for one unknown number. An opaque name is soft
    and may even depend on other sizes; it is spelled with a leading ``?`` or ``*.``.
    """

    __slots__ = ("name", "soft")

    @property
    def opaque(self) -> bool:
        """Whether nothing can be said against any equation with this name."""
        return self.soft and self.name.startswith(("?", "*."))

    def __init__(self, name: str, soft: bool = False) -> None:
        self.name, self.soft = name, soft
        self.key = (0, name, soft)
        self._hash = hash(self.key)


class FloorDiv(Atom):
    """``numerator // denominator``, not reducible further."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Dim, denominator: Size) -> None:
        self.numerator, self.denominator = numerator, denominator
        self.key = (1, sort_key(numerator), sort_key(denominator))
        self._hash = hash((1, numerator, denominator))


class Min(Atom):
    """The smallest of two or more sizes, none of which is always the smallest."""

    __slots__ = ("items",)
    order = 2

    def __init__(self, items: tuple[Size, ...]) -> None:
        self.items = items
        self.key = (self.order, tuple(sort_key(item) for item in items))
        self._hash = hash((self.order, items))


class Max(Min):
    """The largest of two or more sizes, none of which is always the largest."""

    __slots__ = ()
    order = 3


Monomial: TypeAlias = "tuple[tuple[Atom, int], ...]"


class Dim:
    """A symbolic size; see the module. Made by arithmetic and by `name`, never directly."""

    __slots__ = ("_hash", "terms")
    terms: tuple[tuple[Monomial, int], ...]

    def __hash__(self) -> int:
        return self._hash

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
        return _floordiv(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    def __rfloordiv__(self, other: Size) -> Size:
        return _floordiv(other, self) if isinstance(other, (int, Dim)) else NotImplemented

    def __mod__(self, other: Size) -> Size:
        return modulo(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    def __rmod__(self, other: Size) -> Size:
        return modulo(other, self) if isinstance(other, (int, Dim)) else NotImplemented

    def __pow__(self, other: int) -> Size:
        if not isinstance(other, int) or other < 0:
            return UNKNOWN_DIM
        result: Size = 1
        for _ in range(other):
            result = _multiply(result, self)
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
        return (_unknown, ()) if self is UNKNOWN_DIM else (_from_terms, (self.terms,))


Size: TypeAlias = int | Dim

_interned: dict[tuple[tuple[Monomial, int], ...], Dim] = {}


def _monomial_key(monomial: Monomial) -> tuple[object, ...]:
    """Order of terms: higher degree first, then alphabetical; the constant comes last."""
    degree = sum(power for _, power in monomial)
    return (-degree, tuple((atom.key, -power) for atom, power in monomial))


def _from_terms(terms: Iterable[tuple[Monomial, int]]) -> Size:
    kept = [(monomial, factor) for monomial, factor in terms if factor]
    if not kept:
        return 0
    if len(kept) == 1:
        if not kept[0][0]:
            return kept[0][1]
    else:
        kept.sort(key=lambda term: _monomial_key(term[0]))
    key = tuple(kept)
    found = _interned.get(key)
    if found is None:
        found = object.__new__(Dim)
        found.terms = key
        found._hash = hash(key)
        _interned[key] = found
    return found


def _unknown() -> Dim:
    return UNKNOWN_DIM


UNKNOWN_DIM: Dim = object.__new__(Dim)
UNKNOWN_DIM.terms = ()
UNKNOWN_DIM._hash = hash("unknown dim")


def sort_key(size: Size) -> tuple[object, ...]:
    """A total order over canonical sizes; it has no arithmetic meaning."""
    if isinstance(size, int):
        return (0, size)
    return (1, tuple((_monomial_key(monomial), factor) for monomial, factor in size.terms))


def _of(atom: Atom) -> Size:
    return _from_terms([(((atom, 1),), 1)])


@lru_cache(maxsize=None)
def name(text: str, *, soft: bool = False) -> Dim:
    """The size called `text`."""
    made = _of(Name(text, soft))
    assert isinstance(made, Dim)
    return made


def _terms(size: Size) -> tuple[tuple[Monomial, int], ...]:
    return (((), size),) if isinstance(size, int) else size.terms


@lru_cache(maxsize=65536)
def _add(a: Size, b: Size) -> Size:
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return UNKNOWN_DIM
    total = dict(_terms(a))
    for monomial, factor in _terms(b):
        total[monomial] = total.get(monomial, 0) + factor
    return _from_terms(total.items())


def _times(a: Monomial, b: Monomial) -> Monomial:
    if not a or not b:
        return a or b
    powers = dict(a)
    for atom, power in b:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items(), key=lambda item: item[0].key))


@lru_cache(maxsize=65536)
def _multiply(a: Size, b: Size) -> Size:
    if a == 0 or b == 0:
        return 0
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return UNKNOWN_DIM
    total: dict[Monomial, int] = {}
    for left, factor in _terms(a):
        for right, other in _terms(b):
            monomial = _times(left, right)
            total[monomial] = total.get(monomial, 0) + factor * other
    return _from_terms(total.items())


def _divides(divisor: Monomial, monomial: Monomial) -> Monomial | None:
    """`monomial` / `divisor` when that is a product again."""
    powers = dict(monomial)
    for atom, power in divisor:
        rest = powers.get(atom, 0) - power
        if rest < 0:
            return None
        if rest:
            powers[atom] = rest
        else:
            del powers[atom]
    return tuple(powers.items())


def _exact(a: Size, b: Dim) -> Size | None:
    """`a` / `b` by polynomial long division, None unless it comes out even."""
    quotient: Size = 0
    lead, factor = b.terms[0]
    while a != 0:
        top, count = _terms(a)[0]
        monomial = _divides(lead, top)
        if monomial is None or count % factor:
            return None
        step = _from_terms([(monomial, count // factor)])
        quotient = _add(quotient, step)
        a = _add(a, _multiply(_multiply(step, b), -1))
    return quotient


@lru_cache(maxsize=65536)
def _floordiv(a: Size, b: Size) -> Size:
    if isinstance(b, int):
        if isinstance(a, int):
            return a // b
        if b == 0:
            raise ZeroDivisionError(f"{a} // 0")
        if a is UNKNOWN_DIM:
            return UNKNOWN_DIM
        return _floordiv_int(a, b) if b > 0 else _floordiv_int_any(_multiply(a, -1), -b)
    if a == 0:
        return 0
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return UNKNOWN_DIM
    return _floordiv_dim(a, b)


def _floordiv_int_any(a: Size, b: int) -> Size:
    return a // b if isinstance(a, int) else _floordiv_int(a, b)


def _floordiv_int(a: Dim, b: int) -> Size:
    """``a // b`` for ``b > 0``: whole parts come out, factors cancel, nested divisions merge."""
    whole: Size = 0
    rest: list[tuple[Monomial, int]] = []
    for monomial, factor in a.terms:
        # the constant is reduced downwards; symbolic factors towards zero, which reads better
        part = factor // b if not monomial else int(factor / b)
        whole = _add(whole, _from_terms([(monomial, part)]))
        rest.append((monomial, factor - part * b))
    numerator = _from_terms(rest)
    if isinstance(numerator, int):
        return _add(whole, numerator // b)
    if numerator.terms[0][1] < 0:  # n // b == -((-n + b - 1) // b), so the leading factor is > 0
        flipped = _add(_multiply(numerator, -1), b - 1)
        return _add(whole, _multiply(_floordiv(flipped, b), -1))
    return _add(whole, _reduced_quotient(numerator, b))


def _reduced_quotient(numerator: Dim, b: int) -> Size:
    constant = next((factor for monomial, factor in numerator.terms if not monomial), 0)
    common = b
    for monomial, factor in numerator.terms:
        if monomial:
            common = gcd(common, factor)
    if common > 1:  # (g*n + r) // (g*b) == (n + r // g) // b
        terms = [(m, f // common) for m, f in numerator.terms if m] + [((), constant // common)]
        return _floordiv(_from_terms(terms), b // common)
    first, factor = numerator.terms[0]
    if factor == 1 and len(first) == 1 and len(numerator.terms) == 1 + bool(constant):
        atom, power = first[0]
        if power == 1 and isinstance(atom, FloorDiv) and isinstance(atom.denominator, int):
            inner = atom.denominator  # (n // k + r) // b == (n + r*k) // (k*b)
            return _floordiv(_add(atom.numerator, constant * inner), inner * b)
    return _of(FloorDiv(numerator, b)) if b != 1 else numerator


def _common_factor(a: Size, b: Size) -> Monomial:
    """The largest product of atoms that divides every term of both."""
    common: dict[Atom, int] | None = None
    for monomial, _ in (*_terms(a), *_terms(b)):
        powers = dict(monomial)
        if common is None:
            common = powers
        else:
            common = {atom: min(n, powers[atom]) for atom, n in common.items() if atom in powers}
        if not common:
            return ()
    return tuple(sorted((common or {}).items(), key=lambda item: item[0].key))


def _content(size: Size) -> int:
    result = 0
    for _, factor in _terms(size):
        result = gcd(result, factor)
    return result


def _floordiv_dim(a: Size, b: Dim) -> Size:
    even = _exact(a, b)
    if even is not None:
        return even
    if b.terms[0][1] < 0:
        return _floordiv(_multiply(a, -1), _multiply(b, -1))
    factor = _common_factor(a, b)
    scale = gcd(_content(a), _content(b))
    if factor or scale > 1:
        shrunk = [
            _from_terms((_divides(factor, m) or (), f // scale) for m, f in _terms(size))
            for size in (a, b)
        ]
        return _floordiv(shrunk[0], shrunk[1])
    whole: Size = 0
    if len(b.terms) == 1:  # terms that the denominator divides come out
        divisor, count = b.terms[0]
        rest: list[tuple[Monomial, int]] = []
        for monomial, times in _terms(a):
            left = _divides(divisor, monomial)
            if left is not None and times % count == 0:
                whole = _add(whole, _from_terms([(left, times // count)]))
            else:
                rest.append((monomial, times))
        a = _from_terms(rest)
        if whole != 0:
            return _add(whole, _floordiv(a, b))
    return _of(FloorDiv(a if isinstance(a, Dim) else _constant(a), b))


def _constant(value: int) -> Dim:
    """A constant as a Dim, for the numerator of ``1 // d``; lives only inside an atom."""
    made = object.__new__(Dim)
    made.terms = (((), value),)
    made._hash = hash(made.terms)
    return _interned.setdefault(made.terms, made)


def modulo(a: Size, b: Size) -> Size:
    """``a % b`` with Python's sign: ``a - b * (a // b)``."""
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    return _add(a, _multiply(_multiply(b, _floordiv(a, b)), -1))


def ceildiv(a: Size, b: Size) -> Size:
    """The smallest integer that is at least ``a / b``."""
    return -(-a // b)


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
    return _of(kind(tuple(sorted(kept, key=sort_key))))


def minimum(*sizes: Size) -> Size:
    """The smallest of the sizes."""
    if all(isinstance(size, int) for size in sizes):
        return min(sizes)  # type: ignore[type-var]
    return _extreme(Min, lambda difference: difference < 0, sizes)


def maximum(*sizes: Size) -> Size:
    """The largest of the sizes."""
    if all(isinstance(size, int) for size in sizes):
        return max(sizes)  # type: ignore[type-var]
    return _extreme(Max, lambda difference: difference > 0, sizes)


def product(sizes: Iterable[Size]) -> Size:
    """The product of the sizes; 1 for none."""
    result: Size = 1
    for size in sizes:
        result = result * size
    return result


def atoms(size: Size) -> Iterable[Atom]:
    """The atoms a size is made of, outermost first, those inside of atoms too."""
    for monomial, _ in _terms(size):
        for atom, _ in monomial:
            yield atom
            if isinstance(atom, FloorDiv):
                yield from atoms(atom.numerator)
                yield from atoms(atom.denominator)
            elif isinstance(atom, Min):
                for item in atom.items:
                    yield from atoms(item)


@lru_cache(maxsize=65536)
def names(size: Size) -> frozenset[Name]:
    """The names in a size."""
    return frozenset(atom for atom in atoms(size) if isinstance(atom, Name))


def rewrite(size: Size, change: Callable[[Atom], Size | None]) -> Size:
    """`size` with every atom for which `change` gives a size replaced by it, innermost first."""
    if isinstance(size, int) or size is UNKNOWN_DIM:
        return size
    total: Size = 0
    for monomial, factor in size.terms:
        term: Size = factor
        for atom, power in monomial:
            replacement = _rewrite_atom(atom, change)
            for _ in range(power):
                term = _multiply(term, replacement)
        total = _add(total, term)
    return total


def _rewrite_atom(atom: Atom, change: Callable[[Atom], Size | None]) -> Size:
    rebuilt: Size
    if isinstance(atom, FloorDiv):
        rebuilt = _floordiv(rewrite(atom.numerator, change), rewrite(atom.denominator, change))
    elif isinstance(atom, Max):
        rebuilt = maximum(*(rewrite(item, change) for item in atom.items))
    elif isinstance(atom, Min):
        rebuilt = minimum(*(rewrite(item, change) for item in atom.items))
    else:
        changed = change(atom)
        return _of(atom) if changed is None else changed
    if rebuilt is not _of(atom):
        return rebuilt
    changed = change(atom)
    return rebuilt if changed is None else changed


def substitute(size: Size, values: Mapping[str, Size]) -> Size:
    """`size` with names replaced; names without a value stay."""
    if isinstance(size, int) or not values:
        return size
    return rewrite(size, lambda atom: values.get(atom.name) if isinstance(atom, Name) else None)


def evaluate(size: Size, binding: Mapping[str, int]) -> int:
    """The number `size` stands for when every name has the value `binding` gives it."""
    if isinstance(size, int):
        return size
    assert size is not UNKNOWN_DIM, "an unknown size has no value"
    total = 0
    for monomial, factor in size.terms:
        for atom, power in monomial:
            factor *= _evaluate_atom(atom, binding) ** power
        total += factor
    return total


def _evaluate_atom(atom: Atom, binding: Mapping[str, int]) -> int:
    if isinstance(atom, Name):
        return binding[atom.name]
    if isinstance(atom, FloorDiv):
        return evaluate(atom.numerator, binding) // evaluate(atom.denominator, binding)
    assert isinstance(atom, Min), "an atom is a Name, a FloorDiv, a Min or a Max"
    return (max if isinstance(atom, Max) else min)(evaluate(item, binding) for item in atom.items)
