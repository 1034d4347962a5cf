"""Are two sizes equal?  YES, NO with a witness, CONDITIONAL on an equation, or UNKNOWN.

NO means: some sizes that the rigid names may take make them differ, and `Verdict.witness` names
them; soft names are existential, so with soft names NO means that no value of theirs helps.
CONDITIONAL means: wrong unless `Verdict.equation` holds, an equation of the kind that code takes
for granted (a division without remainder, two spellings of one number).

`check_equal` is what rules call. Comparisons use the `Context` in force, if there is one: its facts
are believed, and equations that had to be taken for granted are written down in it and believed
from then on. At run time there is no context, and two integers are simply compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import islice, product

from shapetorch.dim import expr
from shapetorch.dim.expr import UNKNOWN_DIM, Dim, FloorDiv, Name, Size
from shapetorch.dim.facts import NO_FACTS, Facts, exact_divisions, solve
from shapetorch.errors import ShapeError


class Truth(Enum):
    """The answer to a comparison."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """An answer with its grounds."""

    truth: Truth
    witness: Mapping[str, int] | None = None
    equation: tuple[Size, Size] | None = None


@dataclass
class Context:
    """Facts in force, and what was taken for granted while they were."""

    facts: Facts = NO_FACTS
    conditions: list[ShapeError] = field(default_factory=list)


_context: ContextVar[Context | None] = ContextVar("shapetorch_dim_context", default=None)


@contextmanager
def using(context: Context) -> Iterator[Context]:
    """Compare under `context` inside the ``with`` block."""
    token = _context.set(context)
    try:
        yield context
    finally:
        _context.reset(token)


def current_facts() -> Facts:
    """The facts of the context in force."""
    context = _context.get()
    return NO_FACTS if context is None else context.facts


_YES = Verdict(Truth.YES)
_UNKNOWN = Verdict(Truth.UNKNOWN)


def compare(a: Size, b: Size, facts: Facts | None = None) -> Verdict:
    """Whether `a` equals `b`, with the witness or the equation."""
    if isinstance(a, int) and isinstance(b, int):
        return _YES if a == b else Verdict(Truth.NO, {})
    if a is b:
        return _UNKNOWN if a is UNKNOWN_DIM else _YES
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return _UNKNOWN
    facts = current_facts() if facts is None else facts
    difference = facts.normalize(facts.normalize(a) - facts.normalize(b))
    if isinstance(difference, int):
        return _YES if difference == 0 else Verdict(Truth.NO, witness(a, b))
    found = expr.names(difference)
    if any(atom.soft for atom in found):
        return _compare_soft(difference)
    if exact_divisions(difference) or _taken_for_granted(difference, found, facts):
        return Verdict(Truth.CONDITIONAL, equation=(a, b))
    low, high = facts.bounds(difference)
    shown = witness(a, b, difference=difference)
    if shown is None or (low is None and high is None and not shown):
        return _UNKNOWN
    return Verdict(Truth.NO, shown)


def _taken_for_granted(difference: Dim, found: frozenset[Name], facts: Facts) -> bool:
    """Whether the equation only identifies two spellings of what may be one number."""
    spelled = {atom.name for atom in found}
    if len(spelled & facts.guarded) >= 2:
        return True
    links = spelled & facts.linkable
    return bool(spelled & facts.parameters) and any(
        solve(difference, 0, link) is not None for link in links
    )


def _compare_soft(difference: Dim) -> Verdict:
    """NO only if no values of the soft names make the difference 0 for all the rigid ones.

    That is certain where a rigid name stands alone, and another one only together with a soft name:
    ``T`` against ``C // heads``. One rigid name against a soft one may be an unwritten rule.
    """
    entangled: set[Name] = set()
    lone: set[Name] = set()
    for monomial, _ in difference.terms:
        spelled = expr.names(expr._from_terms([(monomial, 1)]))
        plain = all(isinstance(atom, Name) and not atom.soft for atom, _ in monomial)
        (lone if plain else entangled).update(spelled)
    if any(atom.opaque for atom in entangled) or exact_divisions(difference):
        return _UNKNOWN
    alone = sorted(atom.name for atom in lone - entangled)
    if not alone or not any(not atom.soft for atom in entangled):
        return _UNKNOWN
    return Verdict(Truth.NO, {alone[0]: 1})


def equal(a: Size, b: Size) -> Truth:
    """Whether `a` equals `b`."""
    if isinstance(a, int) and isinstance(b, int):
        return Truth.YES if a == b else Truth.NO
    return compare(a, b).truth


def witness(
    a: Size, b: Size, *, other_than: int | None = None, difference: Size | None = None
) -> dict[str, int] | None:
    """Sizes for which `a` and `b` differ, smallest first; None if none were found.

    Args:
        a: One size.
        b: The other.
        other_than: Neither side may have this value (1 where broadcasting would save it).
        difference: What must not be 0, when facts make it differ from ``a - b``.
    """
    if UNKNOWN_DIM in (a, b):
        return None
    if difference is None:
        difference = a - b
    found = sorted(
        {atom.name for size in (a, b, difference) for atom in expr.names(size)}
    )
    if isinstance(difference, int):
        return {} if difference else None
    for values in islice(_trials(len(found)), 4000):
        binding = dict(zip(found, values, strict=True))
        try:
            if expr.evaluate(difference, binding) == 0:
                continue
            sides = expr.evaluate(a, binding), expr.evaluate(b, binding)
        except ZeroDivisionError:
            continue
        if sides[0] == sides[1] or min(sides) < 0 or other_than in sides:
            continue
        used = {atom.name for size in (a, b) for atom in expr.names(size)}
        return {name: value for name, value in binding.items() if name in used}
    return None


def _trials(count: int) -> Iterator[tuple[int, ...]]:
    """Bindings to try: the smallest first, then distinct primes."""
    if count <= 3:
        yield from sorted(product(range(1, 5), repeat=count), key=sum)
    else:
        yield (1,) * count
        yield tuple(range(1, count + 1))
        yield tuple(range(count, 0, -1))
    primes = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
    for shift in range(len(primes)):
        yield tuple(primes[(shift + i) % len(primes)] for i in range(count))
    for shift in range(24):
        yield tuple(2 ** ((shift * i + shift) % 7) * (1 + i) for i in range(count))
    yield from ((value + 12,) * count for value in range(64))


def check_equal(a: Size, b: Size, error: Callable[[], ShapeError]) -> None:
    """Raise `error` if `a` and `b` differ; write down what had to be taken for granted.

    Args:
        a: One size.
        b: The size it must equal.
        error: Makes the exception, called only when it is needed.
    """
    if isinstance(a, int) and isinstance(b, int):
        if a != b:
            raise _with_clash(error(), a, b)
        return
    verdict = compare(a, b)
    if verdict.truth is Truth.NO:
        raise _with_clash(error(), a, b)
    if verdict.truth is Truth.CONDITIONAL:
        context = _context.get()
        if context is not None:
            context.conditions.append(_with_clash(error(), a, b))
            context.facts = context.facts.assume_equal(a, b)


def _with_clash(error: ShapeError, a: Size, b: Size) -> ShapeError:
    if error.clash is None:
        error.clash = (a, b)
    return error


def at_most(a: Size, b: Size) -> Truth:
    """Whether ``a <= b``: NO only if no sizes at all make it so.

    An order between sizes is a matter of the sizes one runs with, so a bound that some sizes
    break (``x[5]`` on a ``T`` that may be 3) is UNKNOWN, not NO.
    """
    if isinstance(a, int) and isinstance(b, int):
        return Truth.YES if a <= b else Truth.NO
    facts = current_facts()
    low, high = facts.bounds(facts.normalize(b - a))
    if low is not None and low >= 0:
        return Truth.YES
    return Truth.NO if high is not None and high < 0 else Truth.UNKNOWN


def learn(facts: Facts, a: Size, b: Size) -> Facts:
    """`facts` and ``a == b``; the same facts when that cannot be."""
    return facts if compare(a, b, facts).truth is Truth.YES else facts.assume_equal(a, b)


__all__ = [
    "Context",
    "Dim",
    "FloorDiv",
    "Truth",
    "Verdict",
    "at_most",
    "check_equal",
    "compare",
    "current_facts",
    "equal",
    "learn",
    "replace",
    "using",
    "witness",
]
