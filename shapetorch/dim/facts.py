"""What is known about sizes beyond their form: equations, divisibility, lower bounds.

`Facts` are immutable; learning gives new ones. They work by rewriting: `normalize` gives a size in
which everything known has been used, so that two sizes known to be equal get one canonical form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shapetorch.dim import expr
from shapetorch.dim.expr import UNKNOWN_DIM, Atom, Dim, FloorDiv, Max, Min, Name, Size

Bounds = tuple[int | None, int | None]


@dataclass(frozen=True)
class Facts:
    """Known equations over sizes.

    Attributes:
        equal: A size for each name that is known to equal it.
        divisible: Pairs ``(n, d)`` with ``n % d == 0``.
        zero: Sizes that are 0 though no name could be solved for.
        lower: The least value a name may have; 1 for rigid names not listed.
        linkable: Names of annotations, which may turn out to name the same number as one of
            `parameters`, the plain integers of the code around them.
        parameters: Names of plain ``int`` parameters.
        guarded: Parameters that a guard mentions: two of them may be equal by an unwritten rule.
    """

    equal: Mapping[str, Size] = field(default_factory=dict)
    divisible: frozenset[tuple[Size, Size]] = frozenset()
    zero: frozenset[Size] = frozenset()
    lower: Mapping[str, int] = field(default_factory=dict)
    linkable: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()

    def normalize(self, size: Size) -> Size:
        """`size` with every equation used."""
        if isinstance(size, int) or size is UNKNOWN_DIM:
            return size
        if self.equal:
            for _ in range(len(self.equal) + 1):
                before = size
                size = expr.substitute(size, self.equal)
                if size is before:
                    break
        if self.divisible:
            size = self.cancel(size)
            size = self.cancel(expr.substitute(size, self._quotients()))
        if self.zero and (size in self.zero or -size in self.zero):
            return 0
        return size

    def _quotients(self) -> dict[str, Size]:
        """``d -> h * q`` for each ``d % h == 0`` whose `d` is a bare name."""
        found: dict[str, Size] = {}
        for number, divisor in self.divisible:
            single = as_name(number)
            if single is not None and single.name not in found:
                quotient = expr.name(f"({single.name}/{divisor})", soft=single.soft)
                found[single.name] = divisor * quotient
        return found

    def cancel(self, size: Size) -> Size:
        """`size` with ``h * (d // h)`` replaced by ``d`` where `h` is known to divide `d`."""
        for number, divisor in self.divisible:
            size = _cancel(size, number, divisor)
        return size

    def assume_equal(self, a: Size, b: Size) -> Facts:
        """These facts and ``a == b``."""
        difference = self.normalize(a) - self.normalize(b)
        if isinstance(difference, int) or difference is UNKNOWN_DIM:
            return self
        divisions = exact_divisions(difference)
        if divisions:
            return replace(self, divisible=self.divisible | divisions)
        solved = self._solve(difference)
        if solved is None:
            return replace(self, zero=self.zero | {difference})
        return replace(self, equal={**self.equal, solved[0]: solved[1]})

    def _solve(self, difference: Dim) -> tuple[str, Size] | None:
        candidates = [
            (not atom.soft, atom.name not in self.linkable, atom.name, value)
            for atom in sorted(expr.names(difference), key=lambda item: item.key)
            if (value := solve(difference, 0, atom.name)) is not None
            and "//" not in str(value)
        ]
        if not candidates:
            return None
        _, _, solved, value = min(candidates, key=lambda item: (item[0], item[1]))
        return solved, value

    def assume_divisible(self, number: Size, divisor: Size) -> Facts:
        """These facts and ``number % divisor == 0``."""
        number, divisor = self.normalize(number), self.normalize(divisor)
        if isinstance(number, int) or UNKNOWN_DIM in (number, divisor):
            return self
        return replace(self, divisible=self.divisible | {(number, divisor)})

    def assume_at_least(self, size: Size, bound: int) -> Facts:
        """These facts and ``size >= bound``, when `size` is a name plus a constant."""
        if isinstance(size, int) or size is UNKNOWN_DIM:
            return self
        found = expr.names(size)
        if len(found) != 1:
            return self
        (only,) = found
        rest = size - expr.name(only.name, soft=only.soft)
        if not isinstance(rest, int):
            return self
        known = self.lower.get(only.name)
        value = bound - rest if known is None else max(known, bound - rest)
        return replace(self, lower={**self.lower, only.name: value})

    def join(self, other: Facts) -> Facts:
        """What both know: the facts after two branches meet."""
        if self is other:
            return self
        return replace(
            self,
            equal={k: v for k, v in self.equal.items() if other.equal.get(k) is v or other.equal.get(k) == v},
            divisible=self.divisible & other.divisible,
            zero=self.zero & other.zero,
            lower={k: min(v, other.lower[k]) for k, v in self.lower.items() if k in other.lower},
            guarded=self.guarded | other.guarded,
        )

    def bounds(self, size: Size) -> Bounds:
        """The least and the greatest value `size` may have; None where there is no limit."""
        if isinstance(size, int):
            return size, size
        if size is UNKNOWN_DIM:
            return None, None
        low: int | None = 0
        high: int | None = 0
        for monomial, factor in size.terms:
            least, most = self._monomial_bounds(monomial)
            if factor < 0:
                least, most = most, least
            low = None if low is None or least is None else low + factor * least
            high = None if high is None or most is None else high + factor * most
        return low, high

    def _monomial_bounds(self, monomial: expr.Monomial) -> Bounds:
        low, high = 1, 1
        bounded = True
        for atom, power in monomial:
            least, most = self._atom_bounds(atom)
            if least is None or least < 0:
                return (least, most) if len(monomial) == 1 and power == 1 else (None, None)
            low *= least**power
            if most is None:
                bounded = False
            else:
                high *= most**power
        return low, high if bounded else None

    def _atom_bounds(self, atom: Atom) -> Bounds:
        if isinstance(atom, Name):
            return self.lower.get(atom.name, None if atom.soft else 1), None
        if isinstance(atom, FloorDiv):
            low, high = self.bounds(atom.numerator)
            if isinstance(atom.denominator, int):
                k = atom.denominator
                return (None if low is None else low // k), (None if high is None else high // k)
            return (0 if low is not None and low >= 0 else None), None
        assert isinstance(atom, Min), "an atom is a Name, a FloorDiv, a Min or a Max"
        pairs = [self.bounds(item) for item in atom.items]
        return _extreme_bounds(pairs, isinstance(atom, Max))


def _extreme_bounds(pairs: list[Bounds], largest: bool) -> Bounds:
    lows = [low for low, _ in pairs]
    highs = [high for _, high in pairs]
    known_lows = [low for low in lows if low is not None]
    known_highs = [high for high in highs if high is not None]
    if largest:
        return (
            max(known_lows) if known_lows else None,
            max(known_highs) if len(known_highs) == len(highs) else None,
        )
    return (
        min(known_lows) if len(known_lows) == len(lows) else None,
        min(known_highs) if known_highs else None,
    )


NO_FACTS = Facts()


def as_name(size: Size) -> Name | None:
    """The name that `size` is, None when it is anything more."""
    if isinstance(size, int) or len(size.terms) != 1:
        return None
    (monomial, factor) = size.terms[0]
    if factor == 1 and len(monomial) == 1 and monomial[0][1] == 1:
        atom = monomial[0][0]
        return atom if isinstance(atom, Name) else None
    return None


def _cancel(size: Size, number: Size, divisor: Size) -> Size:
    if isinstance(size, int) or size is UNKNOWN_DIM:
        return size
    quotient = number // divisor
    if isinstance(quotient, int) or len(quotient.terms) != 1:
        return size
    product = divisor * quotient
    if isinstance(product, int) or len(product.terms) != 1:
        return size
    pattern, scale = product.terms[0]
    total: Size = 0
    for monomial, factor in size.terms:
        rest = expr._divides(pattern, monomial)
        if rest is not None and factor % scale == 0:
            total = total + expr._from_terms([(rest, factor // scale)]) * number
        else:
            total = total + expr._from_terms([(monomial, factor)])
    return total


def exact_divisions(difference: Size) -> frozenset[tuple[Size, Size]]:
    """The divisibilities that would make `difference` 0; empty if they would not.

    Found by reading every floor division as an exact one: a difference that is then the zero
    rational function is wrong only where a division leaves a remainder.
    """
    found = frozenset(
        (atom.numerator, atom.denominator)
        for atom in expr.atoms(difference)
        if isinstance(atom, FloorDiv)
    )
    if not found:
        return found
    numerator, _ = as_fraction(difference)
    return found if numerator == 0 else frozenset()


def as_fraction(size: Size) -> tuple[Size, Size]:
    """`size` as numerator and denominator, every floor division read as an exact one."""
    if isinstance(size, int):
        return size, 1
    top: Size = 0
    bottom: Size = 1
    for monomial, factor in size.terms:
        up: Size = factor
        down: Size = 1
        for atom, power in monomial:
            atom_up, atom_down = _atom_as_fraction(atom)
            for _ in range(power):
                up, down = up * atom_up, down * atom_down
        top, bottom = top * down + up * bottom, bottom * down
    return top, bottom


def _atom_as_fraction(atom: Atom) -> tuple[Size, Size]:
    if not isinstance(atom, FloorDiv):
        return expr._of(atom), 1
    up, down = as_fraction(atom.numerator)
    over, under = as_fraction(atom.denominator)
    return up * under, down * over


def solve(left: Size, right: Size, name: str) -> Size | None:
    """The value of `name` for which ``left == right``, None if there is no single integer one.

    ``solve(2*a + 1, 7, "a") == 3``. The equation must be linear in the name, and the division exact.
    """
    difference = left - right
    if isinstance(difference, int) or difference is UNKNOWN_DIM:
        return None
    slope: Size = 0
    rest: Size = 0
    for monomial, factor in difference.terms:
        term = expr._from_terms([(monomial, factor)])
        here = [(atom, power) for atom, power in monomial if name in _spelled(atom)]
        if not here:
            rest = rest + term
        elif len(here) == 1 and here[0][1] == 1 and isinstance(here[0][0], Name):
            others = tuple(item for item in monomial if item[0] is not here[0][0])
            slope = slope + expr._from_terms([(others, factor)])
        else:
            return None
    if slope == 0:
        return None
    if isinstance(slope, int):
        if isinstance(rest, int):
            return -rest // slope if rest % slope == 0 else None
        if any(factor % slope for _, factor in rest.terms):
            return None
        return -rest // slope
    return expr._exact(-rest, slope) if slope is not UNKNOWN_DIM else None


def _spelled(atom: Atom) -> frozenset[str]:
    return frozenset(item.name for item in expr.names(expr._of(atom)))
