"""Floor division of sizes: what comes out even, what comes out in part, and what stays a division."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import gcd

from shapetorch.dim.expr import (
    UNKNOWN_DIM,
    Atom,
    Dim,
    FloorDiv,
    Monomial,
    Size,
    Term,
    from_terms,
    intern,
    of_atom,
    order_of_factors,
    terms_of,
)

MOST_DIVISION_STEPS = 64


def quotient_of(divisor: Monomial, monomial: Monomial) -> Monomial | None:
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


def exact_quotient(a: Size, b: Size) -> Size | None:
    """`a` / `b` by polynomial long division, None unless it comes out even.

    Terms are ordered so that products keep the order. So the first and the last term of `b` divide
    those of `a` when `b` divides `a`, and every step takes the first term away.
    """
    if UNKNOWN_DIM in (a, b) or b == 0:
        return None
    (lead, factor), (tail, last) = terms_of(b)[0], terms_of(b)[-1]
    if a == 0:
        return 0
    lowest, count = terms_of(a)[-1]
    if count % last or quotient_of(tail, lowest) is None:
        return None
    quotient: Size = 0
    for _ in range(MOST_DIVISION_STEPS):
        if a == 0:
            return quotient
        if a is UNKNOWN_DIM:
            return None
        top, count = terms_of(a)[0]
        monomial = quotient_of(lead, top)
        if monomial is None or count % factor:
            return None
        step = intern(((monomial, count // factor),))
        quotient = quotient + step
        a = a - step * b
    return None


@lru_cache(maxsize=65536)
def floordiv(a: Size, b: Size) -> Size:
    """``a // b``, rounded down.

    Raises:
        ZeroDivisionError: `b` is the number 0.
    """
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if b == 0:
        raise ZeroDivisionError(f"{a} // 0")
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return UNKNOWN_DIM
    if a == 0:
        return 0
    if isinstance(b, Dim):
        return _by_dim(a, b)
    return _by_int(a, b) if b > 0 else floordiv(-a, -b)


def _by_int(a: Size, b: int) -> Size:
    """``a // b`` for ``b > 0``: whole parts come out, factors cancel, nested divisions merge."""
    whole: list[Term] = []
    rest: list[Term] = []
    for monomial, factor in terms_of(a):
        # the constant is reduced downwards; symbolic factors towards zero, which reads better
        part = factor // b if factor > 0 or not monomial else -(-factor // b)
        whole.append((monomial, part))
        rest.append((monomial, factor - part * b))
    numerator = from_terms(rest)
    if isinstance(numerator, int):
        quotient: Size = numerator // b
    elif numerator.terms[0][1] < 0:  # n // b == -((-n + b - 1) // b): the leading factor is > 0
        quotient = -floordiv(b - 1 - numerator, b)
    else:
        quotient = _reduced_quotient(numerator, b)
    return from_terms(whole) + quotient


def _reduced_quotient(numerator: Dim, b: int) -> Size:
    last, constant = numerator.terms[-1]
    constant = 0 if last else constant
    common = b
    for monomial, factor in numerator.terms:
        if monomial:
            common = gcd(common, factor)
    if common > 1:  # (g*n + r) // (g*b) == (n + r // g) // b
        terms = [(m, f // common) for m, f in numerator.terms if m] + [((), constant // common)]
        return floordiv(from_terms(terms), b // common)
    first, factor = numerator.terms[0]
    if factor == 1 and len(first) == 1 and len(numerator.terms) == 1 + bool(constant):
        atom, power = first[0]
        if power == 1 and isinstance(atom, FloorDiv) and isinstance(atom.denominator, int):
            inner = atom.denominator  # (n // k + r) // b == (n + r*k) // (k*b)
            return floordiv(atom.numerator + constant * inner, inner * b)
    return of_atom(FloorDiv(numerator, b)) if b != 1 else numerator


def common_factor(a: Size, b: Size) -> Monomial:
    """The largest product of atoms that divides every term of both."""
    common: dict[Atom, int] | None = None
    for monomial, _ in (*terms_of(a), *terms_of(b)):
        powers = dict(monomial)
        if common is None:
            common = powers
        else:
            common = {atom: min(n, powers[atom]) for atom, n in common.items() if atom in powers}
        if not common:
            return ()
    return tuple(sorted((common or {}).items(), key=order_of_factors))


def content(terms: Iterable[Term]) -> int:
    """The greatest common divisor of the factors."""
    return gcd(*(factor for _, factor in terms))


def _by_dim(a: Size, b: Dim) -> Size:
    even = exact_quotient(a, b)
    if even is not None:
        return even
    if b.terms[0][1] < 0:
        return floordiv(-a, -b)
    factor = common_factor(a, b)
    scale = gcd(content(terms_of(a)), content(terms_of(b)))
    if factor or scale > 1:
        shrunk = [
            from_terms((quotient_of(factor, m) or (), f // scale) for m, f in terms_of(size))
            for size in (a, b)
        ]
        return floordiv(shrunk[0], shrunk[1])
    if len(b.terms) == 1:  # terms that the denominator divides come out
        divisor, count = b.terms[0]
        whole: list[Term] = []
        rest: list[Term] = []
        for monomial, times in terms_of(a):
            left = quotient_of(divisor, monomial)
            if left is not None and times % count == 0:
                whole.append((left, times // count))
            else:
                rest.append((monomial, times))
        if whole:
            return from_terms(whole) + floordiv(from_terms(rest), b)
    return of_atom(FloorDiv(a, b))


def modulo(a: Size, b: Size) -> Size:
    """``a % b`` with Python's sign: ``a - b * (a // b)``."""
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    return a - b * floordiv(a, b)


def ceildiv(a: Size, b: Size) -> Size:
    """The smallest integer that is at least ``a / b``."""
    return -(-a // b)
