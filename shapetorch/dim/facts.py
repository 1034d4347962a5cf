"""What is known about sizes beyond their form: equations, divisibility, order.

`Facts` are immutable; learning gives new ones. They work by rewriting: `normalize` gives a size in
which everything known has been used, so that two sizes known to be equal get one canonical form. An
equation that can be solved for a name becomes a substitution, ``d % h == 0`` the substitution
``d = h * q`` with an invented name `q`, any other equation a `Relation`. No substituted name stands
in the value of another, so equations never chase each other in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from shapetorch.dim import division, expr
from shapetorch.dim.bounds import Bound, Bounds, bounds, least_of
from shapetorch.dim.equations import (
    Relation,
    as_fraction,
    as_name,
    exact_divisions,
    follow_from,
    linear,
    solve_zero,
    without_factors,
)
from shapetorch.dim.expr import UNKNOWN_DIM, Atom, Dim, Max, Min, Name, Size
from shapetorch.dim.walk import evaluate, names, rewrite, spelled, substitute

Fact: TypeAlias = tuple[Literal["equal", "divisible", "at least"], Size, Size]
MOST_REMEMBERED = 20_000
MOST_RELATIONS = 40


@dataclass(frozen=True)
class Facts:
    """Known facts about sizes.

    Attributes:
        history: What was told, in order; the rest follows from it.
        linkable: Names of annotations, which may turn out to name the same number as one of
            `parameters`, the plain integers of the code around them.
        unlike: Names of annotations that spell some of `parameters`; those that spell none of them may
            still name the same number as one of `optional`.
        optional: Those of `parameters` that may be left out: what is used then, says another size; and
            those that no name can spell: ``shape[0]``.
        parameters: Names of plain ``int`` parameters.
        guarded: Parameters that a guard mentions: any equation of theirs may be an unwritten rule.
        unbound: Names of annotations whose parameters may have been None: the result is free to bind them.
        defaults: Parameters with the number each has where it is left out.
        written: Numbers in annotations: there a parameter of that default is taken to have it.
        lower: The least value a name may have; 1 for rigid names not listed, None for no limit.
        solved: A size for each name that is known to equal it.
        quotients: What the invented names in `solved` stand for: ``(n, d)`` for ``n // d``.
        relations: Equations in which no name could be solved for.
        not_negative: Sizes known to be at least 0.
        pinned: Rigid names in an equation with a soft one: no longer free to be any number.
        contradictory: Whether no sizes satisfy the facts: such code is never reached.
    """

    history: tuple[Fact, ...] = ()
    linkable: frozenset[str] = frozenset()
    unlike: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()
    unbound: frozenset[str] = frozenset()
    defaults: frozenset[tuple[str, int]] = frozenset()
    written: frozenset[int] = frozenset()
    lower: Mapping[str, Bound] = field(default_factory=dict, compare=False)
    solved: Mapping[str, Size] = field(default_factory=dict, compare=False)
    quotients: Mapping[str, tuple[Size, Size]] = field(default_factory=dict, compare=False)
    relations: tuple[Relation, ...] = field(default=(), compare=False)
    not_negative: tuple[Size, ...] = field(default=(), compare=False)
    pinned: frozenset[str] = field(default=frozenset(), compare=False)
    contradictory: bool = field(default=False, compare=False)
    memory: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    # -- using ----------------------------------------------------------------------------------

    def normalize(self, size: Size) -> Size:
        """`size` with every fact used."""
        if isinstance(size, int) or size is UNKNOWN_DIM or not self.history:
            return size
        found: Size | None = self.memory.get(size)
        if found is None:
            found = self._normalize(size)
            self.remember(size, found)
        return found

    def _normalize(self, size: Size) -> Size:
        size = substitute(size, self.solved)
        if not self.relations and not self.not_negative and not self.lower:
            return size
        return rewrite(size, self._shorten, self._reduce)

    def _reduce(self, size: Size) -> Size:
        for relation in self.relations:
            size = relation.reduce(size)
        return size

    def _shorten(self, atom: Atom) -> Size | None:
        """A minimum or maximum without the items that others are known to beat."""
        if not isinstance(atom, Min):
            return None
        largest = isinstance(atom, Max)
        kept: list[Size] = []
        for item in atom.items:
            over = [item - other if largest else other - item for other in kept]
            if any(self._at_least_zero(-gap) for gap in over):
                continue
            pairs = zip(kept, over, strict=True)
            kept = [*(other for other, gap in pairs if not self._at_least_zero(gap)), item]
        return (expr.maximum if largest else expr.minimum)(*kept)

    def _at_least_zero(self, size: Size) -> bool:
        low, _ = self.bounds(size)
        return low is not None and low >= 0

    def bounds(self, size: Size) -> Bounds:
        """The least and the greatest value `size` may have; None where there is no limit."""
        low, high = bounds(size, self.lower)
        for other in self.not_negative:
            gap = size - other
            if isinstance(gap, int) and (low is None or low < gap):
                low = gap
            gap = size + other
            if isinstance(gap, int) and (high is None or high > gap):
                high = gap
        return low, high

    def remember(self, key: object, value: object) -> None:
        """Keep an answer under these facts, for `memory`."""
        if len(self.memory) >= MOST_REMEMBERED:
            self.memory.clear()
        self.memory[key] = value

    def is_soft(self, atom: Name) -> bool:
        """Whether a name is not free to be any number: it is soft, or pinned by an equation."""
        return atom.soft or atom.name in self.pinned

    def hold(self, binding: Mapping[str, int]) -> bool:
        """Whether the facts are true of these sizes; names without a size may have any.

        Only facts all of whose names have a size are looked at.
        """
        return all(
            _holds(fact, binding) for fact in self.history if _names_of(fact) <= binding.keys()
        )

    # -- learning ---------------------------------------------------------------------------------

    def assume_equal(self, a: Size, b: Size) -> Facts:
        """These facts and ``a == b``."""
        if UNKNOWN_DIM in (a, b) or a is b:
            return self
        return self._told("equal", a, b)._learn_zero(a - b)

    def allow_zero(self, size: Size) -> Facts:
        """These facts, with 0 for a size that has only a name, and that was taken to be 1 or more."""
        alone = as_name(self.normalize(size))
        if alone is None or alone.name in self.lower:
            return self
        return replace(self, lower={**self.lower, alone.name: 0})

    def allow_zeros(self, labels: Iterable[str]) -> Facts:
        """These facts, with 0 for each name that was taken to be 1 or more."""
        return replace(self, lower={**dict.fromkeys(labels, 0), **self.lower})

    def assume_divisible(self, number: Size, divisor: Size) -> Facts:
        """These facts and ``number % divisor == 0``."""
        if UNKNOWN_DIM in (number, divisor) or divisor in (0, 1, -1):
            return self
        return self._told("divisible", number, divisor)._learn_divisible(number, divisor)

    def assume_at_least(self, size: Size, bound: Size) -> Facts:
        """These facts and ``size >= bound``."""
        difference = size - bound
        if difference is UNKNOWN_DIM:
            return self
        if isinstance(difference, int):
            return self if difference >= 0 else replace(self, contradictory=True)
        return self._told("at least", size, bound)._learn_not_negative(difference)

    def _told(self, kind: Literal["equal", "divisible", "at least"], a: Size, b: Size) -> Facts:
        fact: Fact = (kind, a, b)
        return self if fact in self.history else replace(self, history=(*self.history, fact))

    def _learn_zero(self, size: Size) -> Facts:
        size = without_factors(self.normalize(size), self.lower)
        if size is UNKNOWN_DIM or size == 0:
            return self
        if isinstance(size, int) or self._is_never_zero(size):
            return replace(self, contradictory=True)
        divisions = exact_divisions(size)
        if divisions and follow_from(size):
            facts = self
            for number, divisor in divisions:
                facts = facts._learn_divisible(number, divisor)
            return facts
        target = self._target(size)
        facts = self._pin(size)
        if target is None:
            return facts._relate(size)
        value = solve_zero(size, target.name)
        assert value is not None, "a target can be solved for"
        return facts._substitute(target, value)

    def _relate(self, zero: Dim) -> Facts:
        """These facts with one more relation; older ones that it rewrites are learned anew."""
        new = Relation(zero)
        kept, rewritten = [], []
        for relation in self.relations:
            after = rewrite(relation.zero, lambda _: None, new.reduce)
            if after is relation.zero or len(self.relations) > MOST_RELATIONS:
                kept.append(relation)
            else:
                rewritten.append(after)
        facts = replace(self, relations=(*kept, new))
        for size in rewritten:
            facts = facts._learn_zero(size)
        return facts

    def _pin(self, zero: Dim) -> Facts:
        found = names(zero)
        rigid = {atom.name for atom in found if not atom.soft and atom.name not in self.quotients}
        mixed = any(map(self.is_soft, found))
        return replace(self, pinned=self.pinned | rigid) if mixed and rigid else self

    def _target(self, zero: Size) -> Name | None:
        """The name that the equation is best solved for."""
        best: tuple[tuple[object, ...], Name] | None = None
        for atom in names(zero):
            found = linear(zero, atom.name)
            if found is None or not self._is_never_zero(found[0]):
                continue
            value = found[1]
            negative = any(factor < 0 for _, factor in expr.terms_of(value))
            invented = atom.name in self.quotients
            rank = (
                not atom.soft,
                not invented,
                atom.name not in self.linkable,
                negative,
                atom.name,
            )
            if best is None or rank < best[0]:
                best = rank, atom
        return best[1] if best else None

    def _is_never_zero(self, size: Size) -> bool:
        low, high = self.bounds(size)
        return (low or 0) > 0 or (high or 0) < 0

    def _substitute(self, target: Name, value: Size) -> Facts:
        """These facts with `target` replaced everywhere by `value`, which does not contain it."""
        new = {target.name: value}
        solved = {key: substitute(size, new) for key, size in self.solved.items()}
        pending = [r.zero for r in self.relations if target.name in spelled(r.zero)]
        facts = replace(
            self,
            solved={**solved, **new},
            relations=tuple(r for r in self.relations if target.name not in spelled(r.zero)),
            not_negative=tuple(substitute(size, new) for size in self.not_negative),
        )
        for zero in pending:
            facts = facts._learn_zero(zero)
        least = least_of(target, self.lower)
        return facts if least is None else facts._learn_not_negative(value - least)

    def _learn_divisible(self, number: Size, divisor: Size) -> Facts:
        number, divisor = self.normalize(number), self.normalize(divisor)
        if UNKNOWN_DIM in (number, divisor) or divisor == 0:
            return self
        remainder = self.normalize(division.modulo(number, divisor))
        if isinstance(remainder, int):
            return self if remainder == 0 else replace(self, contradictory=True)
        invented = f"({number}/{divisor})"
        target = self._target_of_division(number, divisor)
        if target is None or invented in self.quotients:
            return self._relate(remainder)
        quotient = expr.name(invented, soft=target.soft)
        value = solve_zero(number - divisor * quotient, target.name)
        assert value is not None, "a target can be solved for"
        low, _ = self.bounds(number)
        positive = self.bounds(divisor)[0]
        least = None if low is None or low < 0 or (positive or 0) < 1 else min(low, 1)
        facts = replace(
            self,
            quotients={**self.quotients, invented: (number, divisor)},
            lower={**self.lower, invented: least},
        )
        return facts._substitute(target, value)

    def _target_of_division(self, number: Size, divisor: Size) -> Name | None:
        if isinstance(number, int):
            return None
        for atom in sorted(names(number), key=lambda item: item.key):
            if atom.name in spelled(divisor):
                continue
            found = linear(number - divisor * expr.name("?"), atom.name)
            if found is not None and self._is_never_zero(found[0]):
                return atom
        return None

    def _learn_not_negative(self, size: Size) -> Facts:
        size = self.normalize(size)
        low, high = self.bounds(size)
        if low is not None and low >= 0:
            return self
        if high is not None and high < 0:
            return replace(self, contradictory=True)
        single = next(iter(names(size))) if len(names(size)) == 1 else None
        if single is not None:
            least = _least_solution(size, single)
            if least is not None:
                known = least_of(single, self.lower)
                value = least if known is None else max(known, least)
                return replace(self, lower={**self.lower, single.name: value})
        return replace(self, not_negative=(*self.not_negative, size))

    # -- joining ----------------------------------------------------------------------------------

    def join(self, other: Facts) -> Facts:
        """What both know: the facts after two branches meet."""
        if self is other or other.contradictory:
            return self._allowing(other)
        if self.contradictory:
            return other._allowing(self)
        shared = 0
        for mine, theirs in zip(self.history, other.history, strict=False):
            if mine != theirs:
                break
            shared += 1
        if shared == len(self.history):
            return self._allowing(other)
        if shared == len(other.history):
            return other._allowing(self)
        facts = replace(
            NO_FACTS,
            linkable=self.linkable,
            unlike=self.unlike,
            optional=self.optional,
            parameters=self.parameters,
            guarded=self.guarded,
            unbound=self.unbound,
            defaults=self.defaults,
            written=self.written,
        )
        implied = [fact for fact in self.history[shared:] if other.imply(fact)]
        implied += [fact for fact in other.history[shared:] if self.imply(fact)]
        for fact in (*self.history[:shared], *implied):
            facts = facts.assume(fact)
        return facts._allowing(other)

    def _allowing(self, other: Facts) -> Facts:
        """These facts, with the names about which either is lenient."""
        if (
            other.guarded <= self.guarded
            and other.unbound <= self.unbound
            and other.linkable <= self.linkable
            and other.parameters <= self.parameters
        ):
            return self
        return replace(
            self,
            guarded=self.guarded | other.guarded,
            unbound=self.unbound | other.unbound,
            linkable=self.linkable | other.linkable,
            parameters=self.parameters | other.parameters,
        )

    def assume(self, fact: Fact) -> Facts:
        """These facts and one more."""
        kind, a, b = fact
        if kind == "equal":
            return self.assume_equal(a, b)
        return self.assume_divisible(a, b) if kind == "divisible" else self.assume_at_least(a, b)

    def imply(self, fact: Fact) -> bool:
        """Whether a fact follows from these, as far as can be seen."""
        kind, a, b = fact
        if kind == "at least":
            return self._at_least_zero(self.normalize(a - b))
        if kind == "equal":
            return self.normalize(a - b) == 0
        divisor = self.normalize(b)
        return divisor != 0 and self.normalize(division.modulo(self.normalize(a), divisor)) == 0


NO_FACTS = Facts()


def _least_solution(size: Size, name: Name) -> int | None:
    """The least value of `name` for which ``size >= 0``, when `size` is ``k*name + c``, ``k > 0``."""
    if isinstance(size, int) or not 1 <= len(size.terms) <= 2:
        return None
    (monomial, factor), (last, constant) = size.terms[0], size.terms[-1]
    if monomial != ((name, 1),) or factor < 0 or (last and len(size.terms) == 2):
        return None
    return -(-(-constant if not last else 0) // factor)


def _names_of(fact: Fact) -> frozenset[str]:
    return spelled(fact[1]) | spelled(fact[2])


def _holds(fact: Fact, binding: Mapping[str, int]) -> bool:
    kind, a, b = fact
    left, right = evaluate(a, binding), evaluate(b, binding)
    if kind == "at least":
        return left >= right
    return left == right if kind == "equal" else right != 0 and left % right == 0


__all__ = ["NO_FACTS", "Fact", "Facts", "as_fraction", "as_name"]
