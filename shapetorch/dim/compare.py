"""Are two sizes equal?  YES, NO with a witness, CONDITIONAL on an equation, or UNKNOWN.

NO means: some sizes that the rigid names may take make them differ, and `Verdict.witness` names
them; soft names are existential, so with soft names NO means that no value of theirs helps, or only
one that makes both sizes 0.
CONDITIONAL means: wrong unless `Verdict.equation` holds, an equation of the kind that code takes
for granted (a division without remainder, two spellings of one number).

`check_equal` is what rules call. Comparisons use the `Context` in force, if there is one: its facts
are believed, and equations that had to be taken for granted are written down in it and believed
from then on. At run time there is no context, and two integers are simply compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from itertools import permutations

from shapetorch.dim.equations import (
    as_fraction,
    never_zero,
    solve_zero,
    without_factors,
)
from shapetorch.dim.expr import UNKNOWN_DIM, Dim, Name, Size, name, of_atom
from shapetorch.dim.facts import NO_FACTS, Facts
from shapetorch.dim.granted import is_ratio, one_is_between, taken_for_granted, zero_when_divisible
from shapetorch.dim.walk import names, substitute
from shapetorch.dim.witnesses import witness
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
    links_numbers: bool = False
    links_names: bool = False


_context: ContextVar[Context | None] = ContextVar("shapetorch_dim_context", default=None)


class using:  # noqa: N801
    """Compare under a context inside the ``with`` block."""

    __slots__ = ("_context", "_token")

    def __init__(self, context: Context) -> None:
        self._context = context

    def __enter__(self) -> Context:
        self._token = _context.set(self._context)
        return self._context

    def __exit__(self, *_: object) -> None:
        _context.reset(self._token)


def current_context() -> Context | None:
    """The context in force; None at run time."""
    return _context.get()


def current_facts() -> Facts:
    """The facts of the context in force."""
    context = _context.get()
    return NO_FACTS if context is None else context.facts


_YES = Verdict(Truth.YES)
_UNKNOWN = Verdict(Truth.UNKNOWN)


def compare(a: Size, b: Size, facts: Facts | None = None) -> Verdict:
    """Whether `a` equals `b`, with the witness or the equation.

    Args:
        a: One size.
        b: The other.
        facts: What is known; by default the facts of the context in force.
    """
    if isinstance(a, int) and isinstance(b, int):
        if a == b:
            return _YES
        facts = current_facts() if facts is None else facts
        return _UNKNOWN if facts.contradictory else Verdict(Truth.NO, {})
    if a is b:
        return _UNKNOWN if a is UNKNOWN_DIM else _YES
    if a is UNKNOWN_DIM or b is UNKNOWN_DIM:
        return _UNKNOWN
    facts = current_facts() if facts is None else facts
    found: Verdict | None = facts.memory.get((a, b))
    if found is None:
        found = _compare(a, b, facts)
        if found.truth is not Truth.YES and _was_told(a, b, facts):
            found = _YES  # rewritten by other facts, the sizes may no longer look equal
        facts.remember((a, b), found)
    context = _context.get()
    if context is not None and context.links_numbers and found.truth in (Truth.NO, Truth.UNKNOWN):
        return _linked(a, b, facts, links_names=context.links_names) or found
    return found


def _was_told(a: Size, b: Size, facts: Facts) -> bool:
    told = ("equal", a, b) in facts.history or ("equal", b, a) in facts.history
    return told and not facts.contradictory


def _linked(a: Size, b: Size, facts: Facts, *, links_names: bool) -> Verdict | None:
    """CONDITIONAL where an annotation's name would have to be one number, known or not."""
    difference = facts.normalize(facts.normalize(a) - facts.normalize(b))
    found = names(difference)
    rigid = {atom.name for atom in found if not facts.is_soft(atom)}
    if not rigid or not rigid <= facts.linkable or any(atom.opaque for atom in found):
        return None
    if links_names and difference in (name(x) - name(y) for x, y in permutations(rigid, 2)):
        return Verdict(Truth.CONDITIONAL, equation=(a, b))
    if one_is_between(difference, rigid):
        return Verdict(Truth.CONDITIONAL, equation=(a, b))
    if len(rigid) > 1:  # what something was made with elsewhere may be a sum of names, or a ratio
        soft = [atom.name for atom in found if facts.is_soft(atom)]
        fits = len(soft) == 1 and solve_zero(difference, *soft) is not None
        fits = fits or (len(soft) > 1 and is_ratio(difference, rigid))
        return Verdict(Truth.CONDITIONAL, equation=(a, b)) if fits else None
    number = solve_zero(difference, *rigid)
    if number is None or (isinstance(number, int) and number < 1):
        return None
    return Verdict(Truth.CONDITIONAL, equation=(a, b))


def _compare(a: Size, b: Size, facts: Facts) -> Verdict:
    difference = facts.normalize(facts.normalize(a) - facts.normalize(b))
    if isinstance(difference, int) and difference == 0:
        return _YES
    if facts.contradictory or difference is UNKNOWN_DIM:
        return _UNKNOWN
    if isinstance(difference, int):
        return _never_equal(a, b, facts)
    found = names(difference)
    if any(atom.opaque for atom in found):
        return _UNKNOWN
    difference = without_factors(difference, facts.lower)
    low, high = facts.bounds(difference)
    if isinstance(difference, int) or never_zero(difference) or (low or 0) > 0 or (high or 0) < 0:
        return _never_equal(a, b, facts)
    if _equal_only_at_zero(a, difference, facts):
        return _never_equal(a, b, facts)
    if taken_for_granted(difference, facts):
        return Verdict(Truth.CONDITIONAL, equation=(a, b))
    if any(facts.is_soft(atom) for atom in found):
        verdict = _compare_soft(difference, facts)
        return verdict if verdict.truth is Truth.NO else _compare_entangled(a - b, facts)
    shown = witness(a, b, facts=facts)
    return _UNKNOWN if shown is None else Verdict(Truth.NO, shown)


def _never_equal(a: Size, b: Size, facts: Facts) -> Verdict:
    """NO, with a witness that need not be a size one can have (``-a`` against ``1 - a``)."""
    shown = witness(a, b, facts=facts)
    if shown is None:
        shown = witness(a, b, facts=facts, least=None)
    return _UNKNOWN if shown is None else Verdict(Truth.NO, shown)


def _equal_only_at_zero(size: Size, difference: Dim, facts: Facts) -> bool:
    """Whether the sizes agree only where they are 0: ``4 * config.d`` against ``3 * config.d``.

    Such a size may be 0, as a padding may be, but then nobody would have written the code.
    """
    if len(difference.terms) != 1:
        return False
    (monomial, _) = difference.terms[0]
    if not all(isinstance(atom, Name) for atom, _ in monomial):
        return False
    soft = [atom.name for atom in names(difference) if facts.is_soft(atom)]
    shown = facts.normalize(size)
    return bool(soft) and all(substitute(shown, {label: 0}) == 0 for label in soft)


def _compare_soft(difference: Dim, facts: Facts) -> Verdict:
    """NO only if no values of the soft names make the difference 0 for all the rigid ones.

    That is certain where a rigid name stands alone, and another one only together with a soft name:
    ``T`` against ``C // heads``. One rigid name against a soft one may be an unwritten rule.
    """
    numerator, _ = as_fraction(difference)
    if not isinstance(numerator, int) and not any(facts.is_soft(atom) for atom in names(numerator)):
        shown = witness(numerator, 0, facts=facts)  # whatever is divided evenly, it differs
        if shown is not None and not zero_when_divisible(difference, facts):
            return Verdict(Truth.NO, shown)
    entangled: set[Name] = set()
    lone: set[Name] = set()
    for monomial, _ in difference.terms:
        found = {atom for factor, _ in monomial for atom in names(of_atom(factor))}
        mixed = any(facts.is_soft(atom) for atom in found)
        (entangled if mixed else lone).update(found)
    alone = sorted(atom.name for atom in lone - entangled)
    if not alone or (len(alone) == 1 and all(facts.is_soft(atom) for atom in entangled)):
        return _UNKNOWN
    return Verdict(Truth.NO, {alone[0]: 1})


def _compare_entangled(difference: Size, facts: Facts) -> Verdict:
    """The same before facts are used: ``t`` against ``c // heads``, whatever `c` is known to be.

    Only where nothing is known of the name that stands alone: it may be any number.
    """
    if isinstance(difference, int) or difference is UNKNOWN_DIM:
        return _UNKNOWN
    verdict = _compare_soft(difference, NO_FACTS)
    alone = verdict.witness or {}
    known = facts.pinned | set(facts.solved)
    if verdict.truth is Truth.NO and alone and known.isdisjoint(alone):
        return verdict
    return _UNKNOWN


def equal(a: Size, b: Size) -> Truth:
    """Whether `a` equals `b`."""
    if isinstance(a, int) and isinstance(b, int):
        return Truth.YES if a == b else Truth.NO
    return compare(a, b).truth


def check_equal(a: Size, b: Size, error: Callable[[], ShapeError]) -> None:
    """Raise `error` if `a` and `b` differ; write down what had to be taken for granted.

    Args:
        a: One size.
        b: The size it must equal.
        error: Makes the exception, called only when it is needed.
    """
    if isinstance(a, int) and isinstance(b, int) and a == b:
        return
    verdict = compare(a, b)
    if verdict.truth is Truth.NO:
        raise _with_clash(error(), a, b)
    if verdict.truth is Truth.CONDITIONAL:
        context = _context.get()
        if context is not None:
            context.conditions.append(_with_clash(error(), a, b))
            context.facts = context.facts.assume_equal(a, b)


def check_written(number: Size, a: Size, error: Callable[[], ShapeError]) -> None:
    """`check_equal` with a number that the program writes out as a statement about `a`.

    ``repeat(x, "1 d -> n d", n=n)`` says of its author's tensors that the dim has size 1: an
    annotation's name for it may turn out to be that number.
    """
    context = _context.get()
    if context is None or context.links_numbers:
        check_equal(number, a, error)
        return
    context.links_numbers = True
    try:
        check_equal(number, a, error)
    finally:
        context.links_numbers = False


def _with_clash(error: ShapeError, a: Size, b: Size) -> ShapeError:
    if error.clash is None:
        error.clash = (a, b)
    return error


def at_most(a: Size, b: Size, facts: Facts | None = None) -> Truth:
    """Whether ``a <= b``: NO only if no sizes at all make it so.

    An order between sizes is a matter of the sizes one runs with, so a bound that some sizes
    break (``x[5]`` on a ``T`` that may be 3) is UNKNOWN, not NO.
    """
    if isinstance(a, int) and isinstance(b, int):
        return Truth.YES if a <= b else Truth.NO
    facts = current_facts() if facts is None else facts
    low, high = facts.bounds(facts.normalize(b - a))
    if low is not None and low >= 0:
        return Truth.YES
    return Truth.NO if high is not None and high < 0 else Truth.UNKNOWN
