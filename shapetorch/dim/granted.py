"""Equations that code takes for granted without saying so.

It relies on divisions that leave no remainder, on defaults, on an order of sizes, and on two names
being spellings of one number. Where a difference would vanish by such an equation, comparing is
CONDITIONAL and not NO.
"""

from __future__ import annotations

import math
from itertools import permutations, product

from shapetorch.dim.equations import exact_divisions, solve_zero
from shapetorch.dim.expr import Dim, FloorDiv, Min, Size, name
from shapetorch.dim.facts import Facts
from shapetorch.dim.walk import atoms, rewrite, spelled, substitute


def taken_for_granted(difference: Dim, facts: Facts) -> bool:
    """Whether code may rely on the equation without saying so.

    It does on divisions that leave no remainder, on defaults that an annotation spells out, and
    where the equation only identifies two spellings of what may be one number.
    """
    found = spelled(difference)
    integers = found & (facts.parameters | facts.guarded)
    if not integers.isdisjoint(facts.guarded):
        return True
    for given, links in (
        (facts.parameters, facts.linkable),
        (facts.optional - facts.unlike, facts.unlike - facts.parameters),
    ):
        if not found.isdisjoint(given) and any(
            solve_zero(difference, link) is not None for link in sorted(found & links)
        ):
            return True
        if _zero_when_identified(difference, sorted(found & given), sorted(found & links)):
            return True
    return (
        bool(exact_divisions(difference))
        or _zero_by_default(difference, facts)
        or zero_when_divisible(difference, facts)
        or _zero_when_ordered(difference)
    )


def _zero_when_identified(difference: Dim, given: list[str], links: list[str]) -> bool:
    """Whether the difference vanishes when several names are other spellings of parameters.

    ``c*h*w`` of an annotation against the ``channels*height*width`` of a constructor, and ``h*w``
    against ``side*side``.
    """
    if not given or not 2 <= len(links) <= 3 or len(given) > 4:
        return False
    return any(
        substitute(difference, dict(zip(links, map(name, chosen), strict=True))) == 0
        for chosen in product(given, repeat=len(links))
    )


def _zero_by_default(difference: Dim, facts: Facts) -> bool:
    """Whether the difference vanishes for the default of a parameter that an annotation counts on.

    ``in_channels: int = 3`` where ``forward`` takes ``"b 3 h w"``.
    """
    found = spelled(difference)
    usual = {k: n for k, n in facts.defaults if k in found and n in facts.written}
    return bool(usual) and substitute(difference, usual) == 0


def zero_when_divisible(difference: Size, facts: Facts) -> bool:
    """Whether the difference vanishes once every name is a multiple of every divisor in it.

    ``2 * ((h + 1) // 2) - h``: what a network that halves and doubles takes for granted. A number
    that is divided may also leave a remainder: ``2 * (k // 2) + 1 - k``, a kernel of odd size.
    """
    divisions = [
        atom
        for atom in atoms(difference)
        if isinstance(atom, FloorDiv) and isinstance(atom.denominator, int)
    ]
    multiple = math.prod(
        atom.denominator for atom in divisions if isinstance(atom.denominator, int)
    )
    if not divisions or multiple > 10**6:
        return False
    scaled = {
        label: multiple * name(f"({label}/{multiple})", soft=True) for label in spelled(difference)
    }
    if substitute(difference, scaled) == 0:
        return True
    divided = {label for atom in divisions for label in spelled(atom.numerator)}
    numbers = sorted(divided & facts.parameters)
    if not 1 <= len(numbers) <= 2 or multiple > 12:
        return False
    return any(
        substitute(
            difference,
            scaled
            | {label: scaled[label] + rest for label, rest in zip(numbers, rests, strict=True)},
        )
        == 0
        for rests in product(range(multiple), repeat=len(numbers))
    )


def _zero_when_ordered(difference: Size) -> bool:
    """Whether the difference vanishes for one choice of the item that each min or max is.

    ``min(max_len, t) - t``: what a slice takes for granted of a size that is long enough.
    """
    extremes = [atom for atom in atoms(difference) if isinstance(atom, Min)]
    if not extremes or len(extremes) > 4:
        return False
    inner = extremes[-1]  # atoms are outermost first
    for item in inner.items:
        rest = rewrite(difference, lambda atom: item if atom is inner else None)  # noqa: B023
        if rest == 0 or _zero_when_ordered(rest):
            return True
    return False


def one_is_between(difference: Size, rigid: set[str]) -> bool:
    """Whether two names would differ by one, like edges and the bins between them.

    That one was added or cut off in the code shows that its author knows how they are related.
    """
    if len(rigid) != 2:
        return False
    pairs = permutations(rigid)
    return difference in [name(x) - name(y) + step for x, y in pairs for step in (1, -1)]


def is_ratio(difference: Size, rigid: set[str]) -> bool:
    """Whether the ratio of two names would have to be a number from elsewhere.

    ``heads`` against ``kv_heads * (config.heads // config.kv_heads)``.
    """
    if len(rigid) != 2:
        return False
    first, second = sorted(rigid)
    for one, other in ((first, second), (second, first)):
        value = solve_zero(difference, one)
        if value is not None and substitute(value, {other: 0}) == 0:
            return True
    return False
