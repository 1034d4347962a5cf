"""Rules without numbers: on names, on leading dims of which only a group is known, on nothing at all.

A rule is compared with itself on the numbers that these may stand for.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shapetorch.dim import (
    ELLIPSIS,
    UNKNOWN,
    UNKNOWN_DIM,
    Context,
    Dim,
    Size,
    Variadic,
    evaluate,
    name,
    names,
    using,
    witness,
)
from shapetorch.errors import ShapeError
from shapetorch.rules import lift
from shapetorch.rules.bind import Undecided, Unfit
from shapetorch.rules.lift import numel_name
from shapetorch.rules.registry import Many
from tests.rules.calls import Call, T
from tests.rules.oracle import _normal, _said, matches, run_rule

# -- names in place of sizes ------------------------------------------------------------------------


@dataclass(frozen=True)
class SymbolicOutcome:
    """What the rule said of names, and the bindings at which it says something else of numbers."""

    call: Call
    verdict: str  # "accepted", "rejected", "missed" or "disagreement"
    result: object
    detail: str = ""

    def __str__(self) -> str:
        return f"symbolic {self.verdict}: {self.call}\n    {_said(self.result)}\n    {self.detail}"


def symbolic(call: Call, seed: int = 0, least: int = 1) -> SymbolicOutcome:
    """Compare the rule on names with the rule on numbers, at several bindings.

    Sizes of 2 and more become names (equal sizes one name), some stay numbers. ``missed`` means that
    names were accepted though the call itself is wrong: allowed where only the sizes can tell.
    """
    rng = random.Random(seed)
    chosen: dict[int, Size] = {}

    def naming(value: int) -> Size:
        if value < 2:
            return value
        if value not in chosen:
            chosen[value] = value if rng.random() < 0.25 else name(f"n{value}")
        return chosen[value]

    context = Context()
    try:
        with using(context):
            result = _normal(run_rule(call, naming))
    except ShapeError as error:
        result = error
    except (Unfit, Undecided) as error:
        return SymbolicOutcome(call, "rejected", error)
    except Exception as error:
        return SymbolicOutcome(call, "disagreement", error, "the rule failed on names")
    bindings = [b for b in _bindings(chosen, rng) if all(n >= least for n in b.values())]
    if isinstance(result, ShapeError) and result.clash is not None:
        bindings.append(bindings[0] | (witness(*result.clash) or {}))
    answers = [(b, _at(call, chosen, b)) for b in bindings]
    return _compare_symbolic(call, result, context, answers)


def _compare_symbolic(
    call: Call, result: Any, context: Context, answers: list[tuple[dict[str, int], Any]]
) -> SymbolicOutcome:
    if isinstance(result, ShapeError):
        if any(isinstance(answer, ShapeError) for _, answer in answers):
            return SymbolicOutcome(call, "rejected", result)
        return SymbolicOutcome(call, "disagreement", result, "no binding is rejected")
    missed = isinstance(answers[0][1], ShapeError)
    for binding, answer in answers:
        if isinstance(answer, Unfit):
            continue
        if isinstance(answer, ShapeError) or not _granted(context, binding):
            continue
        value = _evaluated(result, binding)
        if _is_negative(value):  # an expression stands for a size only where it is one
            continue
        if isinstance(answer, Exception) or not matches(value, answer):
            return SymbolicOutcome(call, "disagreement", result, f"{_said(answer)} at {binding}")
    return SymbolicOutcome(call, "missed" if missed else "accepted", result)


def _is_negative(result: Any) -> bool:
    """Whether a negative number stands where a size should."""
    if isinstance(result, (tuple, list)):
        return any(map(_is_negative, result))
    return isinstance(result, int) and result < 0


def _bindings(chosen: Mapping[int, Size], rng: random.Random) -> Iterator[dict[str, int]]:
    """The sizes of the call itself, then others."""
    own = {f"n{value}": value for value, named in chosen.items() if isinstance(named, Dim)}
    yield own
    for same in (1, 2, 5, 10):
        yield dict.fromkeys(own, same)
    for _ in range(6):
        yield {key: rng.choice((1, 2, 3, 4, 6, 10, 12)) for key in own}


def _at(call: Call, chosen: Mapping[int, Size], binding: Mapping[str, int]) -> Any:
    def value_of(value: int) -> Size:
        named = chosen.get(value, value)
        return evaluate(named, binding)

    try:
        return _normal(run_rule(call, value_of))
    except Exception as error:
        return error


def _granted(context: Context, binding: Mapping[str, int]) -> bool:
    """Whether what was taken for granted holds."""
    for error in context.conditions:
        assert error.clash is not None
        left, right = (_evaluated((side,), binding)[0] for side in error.clash)
        if UNKNOWN_DIM not in (left, right) and left != right:
            return False
    return True


def _evaluated(result: Any, binding: Mapping[str, int]) -> Any:
    if isinstance(result, list):
        return [_evaluated(item, binding) for item in result]
    if isinstance(result, Many):
        shape, (count,) = (_evaluated(x, binding) for x in (result.shape, (result.count,)))
        return Many(shape, count)
    if not isinstance(result, tuple) or result == UNKNOWN:
        return result
    out: list[Size] = []
    for item in result:
        known = isinstance(item, int) or (
            item is not UNKNOWN_DIM and all(atom.name in binding for atom in names(item))
        )
        out.append(evaluate(item, binding) if known else UNKNOWN_DIM)
    return tuple(out)


# -- variadic parts in place of leading dims --------------------------------------------------------

GROUP = "batch"


def lifted(call: Call, seed: int = 0, least: int = 1) -> SymbolicOutcome:
    """Compare the lifted rule on ``[*batch, 3]`` with the rule on numbers, for an accepted call.

    The first dims of the first tensor, and those of the others that begin alike, become ``*batch``.
    The result must hold for the sizes they were; what the lifted rule rejects, the rule must reject
    for as many other sizes.
    """
    rng = random.Random(seed)
    tensors = [item for item in _tensors([*call.args, *call.kwargs.values()]) if item.shape]
    if call.inputs is not None or not tensors or min(tensors[0].shape) < least:
        return SymbolicOutcome(call, "accepted", None)
    rank = len(tensors[0].shape)
    lead = tensors[0].shape[: rng.randint(1, rank)]

    def with_lead(other: tuple[Any, ...]) -> Call:
        def changed(value: Any) -> Any:
            if (
                isinstance(value, T)
                and len(value.shape) == rank
                and value.shape[: len(lead)] == lead
            ):
                return T((*other, *value.shape[len(lead) :]), value.dtype)
            return [changed(item) for item in value] if type(value) is list else value

        kwargs = {key: changed(value) for key, value in call.kwargs.items()}
        return Call(call.target, tuple(map(changed, call.args)), kwargs)

    wide = with_lead((Variadic(GROUP),))
    try:
        result = _normal(run_rule(wide, lambda size: size, lift.apply))
    except (Unfit, Undecided):
        return SymbolicOutcome(call, "accepted", None)
    except ShapeError as error:
        others = [tuple(rng.choice((1, 2, 3, 6, 10)) for _ in lead) for _ in range(12)]
        if any(isinstance(_at(with_lead(other), {}, {}), ShapeError) for other in others):
            return SymbolicOutcome(call, "rejected", error)
        return SymbolicOutcome(wide, "disagreement", error, f"accepted for batch = {lead}")
    except Exception as error:
        if "Variadic" in str(error):  # an argument that cannot be converted is none of the rule's
            return SymbolicOutcome(call, "accepted", None)
        return SymbolicOutcome(wide, "disagreement", error, "the lifted rule failed")
    expected = _normal(run_rule(call))
    if _covers(result, expected, lead):
        return SymbolicOutcome(call, "accepted", result)
    return SymbolicOutcome(wide, "disagreement", result, f"{expected} for batch = {lead}")


def unknown(call: Call, seed: int = 0) -> SymbolicOutcome:
    """Compare the lifted rule on tensors of which nothing is known with an accepted call.

    It must accept, and what it says of the result must hold, whatever rank the tensors really had.
    """
    rng = random.Random(seed)
    chance = rng.choice((1.0, 1.0, 0.6))
    asked: dict[str, object] = {}

    def hidden(value: object) -> object:
        if isinstance(value, list):
            return [hidden(item) for item in value]
        if not isinstance(value, tuple) or 0 in value or rng.random() > chance:
            return value
        return (ELLIPSIS,)

    def blindly(
        rule: Callable[..., Any], arguments: Mapping[str, Any], shaped: tuple[str, ...]
    ) -> Any:
        asked.update({k: hidden(v) if k in shaped else v for k, v in arguments.items()})
        return lift.apply(rule, asked, shaped)

    expected = _normal(run_rule(call))
    try:
        result = _normal(run_rule(call, apply=blindly))
    except ShapeError as error:
        return SymbolicOutcome(call, "disagreement", error, f"accepted, but not for {asked}")
    if isinstance(result, list) and isinstance(expected, list):
        result = result[: len(expected)]  # what is cut may be too short for so many pieces
    if _covers(result, expected, ()):
        return SymbolicOutcome(call, "accepted", result)
    return SymbolicOutcome(call, "disagreement", result, f"{expected}, but for {asked}")


def _tensors(value: Any) -> list[T]:
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item)]
    return [value] if isinstance(value, T) else []


def _covers(result: Any, expected: Any, lead: tuple[int, ...]) -> bool:
    """Whether a result with variadic parts says nothing wrong of the numbers."""
    if result == UNKNOWN or isinstance(result, Many):
        return True
    if isinstance(result, list) and isinstance(expected, list):
        return len(result) == len(expected) and all(
            _covers(ours, theirs, lead) for ours, theirs in zip(result, expected, strict=True)
        )
    if not isinstance(result, tuple) or not isinstance(expected, tuple):
        return result == expected
    values = {f"*{GROUP}:{place}": size for place, size in enumerate(lead)}
    values[numel_name(GROUP)] = math.prod(lead)
    spread: list[Size | Variadic] = []
    for item in result:
        spread += lead if item == Variadic(GROUP) else (item,)
    if ELLIPSIS in spread:
        place = spread.index(ELLIPSIS)
        suffix = len(spread) - place - 1
        if place + suffix > len(expected):
            return False
        expected = (*expected[:place], *expected[len(expected) - suffix :])
        del spread[place]
    try:
        return matches(_evaluated(tuple(spread), values), expected)
    except ZeroDivisionError:
        return True
